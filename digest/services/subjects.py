"""How that stands now which a command is about: the audit log's before and after.

Nobody's address is in it: of people it says how they stand, and never who they are.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from digest.errors import DigestError
from digest.model import MailingList
from digest.model.rows import row_id
from digest.services import keys as sealing_keys
from digest.services.accounts import staff
from digest.services.app import App
from digest.services.audience import list_sources, lists, subscribers
from digest.services.audience.admin import suppressing
from digest.services.audience.choices.rules import Preferences
from digest.services.audience.joining import defence
from digest.services.audience.list_settings import settings_of
from digest.services.audience.segments import fields, saved, tags
from digest.services.channels import setup as channels
from digest.services.editions import corrections
from digest.services.editions.composing.find import by_number, latest
from digest.services.programs import keys as program_keys
from digest.services.programs import webhooks
from digest.services.sending import deliveries
from digest.services.sources import catalogue

State = dict[str, Any]
Given = Mapping[str, Any]


async def state_of(app: App, command: str, given: Given) -> State:
    """Return how the subject of a command stands; nothing for what is not there, or has no state."""
    look = OF_GROUP.get(command.partition(" ")[0])
    if look is None:
        return {}
    with suppress(DigestError):
        return await look(app, command, given)
    return {}


async def person_state(app: App, address: str, slug: str | None) -> State:
    """Return how somebody stands: on a list when one is meant, with choices, tags, and which own fields are
    filled in.

    Raises:
        InputError: it is no address.
    """
    known = await subscribers.profile(app, address)
    banned = (await suppressing.history_of(app, address)).now
    state: State = {"known": bool(known.subscriptions), "suppressed": banned.reason if banned else ""}
    if known.subscriptions:
        state["number"] = known.subscriptions[0][1].subscriber_id
    for mailing_list, subscription in known.subscriptions:
        if slug in {None, mailing_list.slug}:
            list_id = row_id(mailing_list)
            person = (await subscribers.of_number(app, subscription.subscriber_id)).disabled_reason
            state |= {
                f"state_{mailing_list.slug}": subscription.state.value,
                "stopped": person or "",
                "paused_until": subscription.paused_until,
                "tags": sorted(known.tags.get(list_id, ())),
                "fields": sorted(known.values.get(list_id, {})),
                **_plain(asdict(Preferences.of(subscription))),
            }
    return state


def _plain(values: Mapping[str, Any]) -> State:
    return {name: list(one) if isinstance(one, tuple) else one for name, one in values.items()}


async def _list(app: App, command: str, given: Given) -> State:
    if command == "lists default":
        return {"default": next((one.slug for one in await _all_lists(app) if one.is_default), "")}
    found = await lists.choose(app, given.get("slug"))
    if command == "lists sources":
        _, seen = await list_sources.sources_of(app, found.slug)
        return {
            "sources": {one.source.name or one.source.location: one.weight for one in seen if one.is_read}
        }
    return settings_of(found)


async def _all_lists(app: App) -> list[Any]:
    return [one.mailing_list for one in await lists.every(app)]


async def _edition(app: App, command: str, given: Given) -> State:
    mailing_list = await lists.choose(app, given.get("list_slug"))
    if "number" not in given:  # `editions compose` makes the one that it is about
        return await _newest(app, mailing_list)
    edition = await by_number(app, mailing_list, given["number"])
    state: State = {
        "state": edition.state.value,
        "held_reason": edition.held_reason,
        "due_at": edition.due_at,
        "version": edition.version,
    }
    if command == "editions retry":
        state["waiting"] = (await deliveries.balance(app, row_id(edition))).waiting
    if command == "editions correct":
        state["corrections"] = [one.text for one in await corrections.of_edition(app, edition)]
    return state


async def _newest(app: App, mailing_list: MailingList) -> State:
    found = await latest(app, mailing_list, 1)
    return {"number": found[0].number, "state": found[0].state.value} if found else {}


async def _run(app: App, command: str, given: Given) -> State:
    del command
    found = await _newest(app, await lists.choose(app, given.get("list_slug")))
    return {"edition": found.pop("number"), **found} if found else {"edition": 0}


async def _source(app: App, command: str, given: Given) -> State:
    every = await catalogue.every(app)
    if command == "sources import":
        return {"sources": len(every)}
    wanted = {str(given.get(name)) for name in ("name", "location") if given.get(name)}
    for one in every:
        if wanted & {str(one.id), one.name, one.location}:
            return {
                "name": one.name,
                "location": one.location,
                "kind": one.kind.value,
                "weight": one.standing,
                "section": one.section,
                "enabled": one.enabled,
                "cleaning": one.cleaning,
            }
    return {"sources": len(every)}


async def _person(app: App, command: str, given: Given) -> State:
    del command
    if given.get("address"):
        return await person_state(app, given["address"], given.get("list_slug"))
    return {"people": await _people(app)}


async def _people(app: App) -> int:
    return sum(one.confirmed for one in await lists.every(app))


async def _segment(app: App, command: str, given: Given) -> State:
    del command
    mailing_list = await lists.choose(app, given.get("list_slug"))
    found = {one.name: one.definition for one in await saved.every(app, mailing_list)}
    name = given.get("name")
    return {"definition": found[name]} if name in found else {}


async def _field(app: App, command: str, given: Given) -> State:
    if command == "fields set":
        return await person_state(app, given["address"], given.get("list_slug"))
    mailing_list = await lists.choose(app, given.get("list_slug"))
    for one in await fields.of_list(app, mailing_list):
        if one.key == given.get("key"):
            return {
                "title": one.title,
                "kind": one.kind.value,
                "choices": one.choices,
                "in_form": one.in_form,
            }
    return {}


async def _tag(app: App, command: str, given: Given) -> State:
    del command
    mailing_list = await lists.choose(app, given.get("list_slug"))
    return {"people": (await tags.counts(app, mailing_list)).get(tags.tag_of(given["tag"]), 0)}


async def _suppression(app: App, command: str, given: Given) -> State:
    if command == "suppress import":
        return {"suppressed": sum((await suppressing.counted(app)).values())}
    found = (await suppressing.history_of(app, given["address"])).now
    return {"suppressed": found is not None, "why": found.reason if found else ""}


async def _signups(app: App, command: str, given: Given) -> State:
    del command, given
    return {"blocked": len(await defence.blocked(app))}


async def _sealing_key(app: App, command: str, given: Given) -> State:
    del command
    purpose = str(getattr(given.get("purpose"), "value", given.get("purpose") or ""))
    found = [one for one in await sealing_keys.kept(app) if purpose in {"", one.purpose}]
    return {"keys": [f"{one.purpose} {one.fingerprint}: {one.state}" for one in found]}


async def _account(app: App, command: str, given: Given) -> State:
    if command in {"desk invite", "desk reset"}:
        return {"invitations": len((await staff.everyone(app)).invitations)}
    if "email" not in given:
        return {}  # it is about no account: a test mail, a step of the guide
    account = await staff.find(app, given["email"])
    return {
        "active": account.disabled_at is None,
        "second_factor": bool(account.totp_secret),
        "sessions": len(await staff.sessions_of(app, row_id(account))),
    }


async def _program_key(app: App, command: str, given: Given) -> State:
    del command
    for key, slug in await program_keys.every(app):
        if key.name == given.get("name"):
            return {"open": key.revoked_at is None, "scopes": key.scopes, "list": slug}
    return {}


async def _webhook(app: App, command: str, given: Given) -> State:
    del command
    for one in await webhooks.every(app):
        if one.webhook.name == given.get("name"):
            hook = one.webhook
            address = webhooks.shown_address(hook.url)
            return {"url": address, "events": hook.events, "list": one.slug, "waiting": one.waiting}
    return {}


async def _channel(app: App, command: str, given: Given) -> State:
    del command
    for one in await channels.every(app):
        if one.channel.name == given.get("name"):
            found = one.channel
            return {
                "kind": found.kind.value,
                "target": webhooks.shown_address(found.target),
                "list": one.slug,
                "broken": found.broken,
                "paused": found.paused_at is not None,
            }
    return {}


OF_GROUP: Mapping[str, Callable[[App, str, Given], Awaitable[State]]] = {
    "lists": _list,
    "editions": _edition,
    "run": _run,
    "sources": _source,
    "subscribers": _person,
    "segments": _segment,
    "fields": _field,
    "tags": _tag,
    "suppress": _suppression,
    "signups": _signups,
    "keys": _sealing_key,
    "desk": _account,
    "api": _program_key,
    "webhooks": _webhook,
    "channels": _channel,
}
"""What each group of commands is about."""
