"""Subscribers of a list: found, added, changed, tagged, taken off, forgotten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from digest.entrypoints.api.v1.call import ApiCall, behind_number, cursor_of
from digest.entrypoints.api.v1.problems import ProblemError
from digest.entrypoints.api.v1.shapes.people import (
    ConsentShown,
    NewPerson,
    PersonAdded,
    PersonChoices,
    PersonForgotten,
    PersonHead,
    PersonPage,
    PersonShown,
)
from digest.entrypoints.api.v1.table import ROOT, ApiAnswer
from digest.model import MailingList, Subscriber, Subscription, SubscriptionState
from digest.model.rows import row_id
from digest.model.versions import version_of
from digest.services.audience import signups, subscribers
from digest.services.audience.admin import erasing, paging
from digest.services.audience.choices import preferences
from digest.services.audience.choices.rules import Preferences
from digest.services.audience.people import belonging, finding
from digest.services.audience.people.finding import PeopleFilter
from digest.services.audience.segments import fields, tags
from digest.services.audience.signups import FormAnswer, SentForm


async def list_subscribers(call: ApiCall) -> ApiAnswer:
    """Return some of a list's people; with `q` those in whose name or address words begin so."""
    asked = call.query
    if asked.q:
        return await _found(call)
    after = behind_number(asked.cursor) or 0
    found = await paging.people_after(
        call.app, call.here, after, asked.limit + 1, state=asked.state, tag=asked.tag
    )
    shown = await _heads(call, found[: asked.limit])
    more = cursor_of(shown[-1].id) if len(found) > asked.limit else None
    return ApiAnswer(PersonPage(items=shown, next=more))


async def _found(call: ApiCall) -> ApiAnswer:
    asked = call.query
    wanted = PeopleFilter(text=asked.q, state=asked.state or "", tag=asked.tag or "")
    page = await finding.find(
        call.app, wanted, mailing_list=call.here, before=behind_number(asked.cursor), most=asked.limit
    )
    pairs = [(one.person, known) for one in page.people for known in one.subscriptions]
    more = cursor_of(page.before) if page.before is not None else None
    return ApiAnswer(PersonPage(items=await _heads(call, pairs), next=more))


async def show_subscriber(call: ApiCall) -> ApiAnswer:
    """Return somebody on a list with choices, fields, tags and consent."""
    person, known = await paging.person_on(call.app, call.here, call.number())
    return _marked(await _shown(call, person, known), known)


def _marked(shown: PersonShown, known: Subscription) -> ApiAnswer:
    return ApiAnswer(shown, mark=version_of(paging.kept_of(known, shown.fields)))


async def add_subscriber(call: ApiCall) -> ApiAnswer:
    """Ask an address by mail whether it wants the list, or add one whose owner you know to want it."""
    sent: NewPerson = call.body
    if sent.confirmation == "mail":
        return await _asked(call, sent)
    if not sent.consent:
        raise ProblemError(422, "With confirmation `given`, say in `consent` where the consent is kept.")
    added = await subscribers.add(call.app, call.here, sent.email, name=sent.name)
    if sent.fields:
        await fields.set_values(call.app, call.here, sent.email, sent.fields)
    for tag in sent.tags:
        await tags.give(call.app, call.here, [sent.email], tag)
    person, known = await preferences.subscribed(call.app, call.here, sent.email)
    call.changed(str(person.id), after={"state": known.state.value, "consent": sent.consent})
    return ApiAnswer(
        PersonAdded(outcome="added" if added else "known", person=await _shown(call, person, known)),
        status=201 if added else 200,
        location=f"{ROOT}/lists/{call.here.slug}/subscribers/{person.id}",
    )


async def _asked(call: ApiCall, sent: NewPerson) -> ApiAnswer:
    """Ask by mail, as the form does. The answer tells nothing of who is known here."""
    if sent.tags:
        raise ProblemError(422, "Tags are given to who is on the list; add them once it is confirmed.")
    own = await fields.of_list(call.app, call.here)
    unknown = sorted(set(sent.fields) - {one.key for one in own})
    if unknown:
        raise ProblemError(422, f"The list has no field {', '.join(unknown)}.")
    form = SentForm(
        came_from=sent.came_from, page=f"api:{call.caller.key.name}" if call.caller else "",
        answers=fields.answers_to(own, sent.fields),
    )  # fmt: skip
    if await signups.take_form(call.app, call.here.slug, sent.email, form) is not FormAnswer.TAKEN:
        raise ProblemError(429, "Too many sign-ups come from that network.", headers={"retry-after": "3600"})
    call.changed(after={"asked": 1})
    return ApiAnswer(PersonAdded(outcome="asked"), status=202)


async def change_subscriber(call: ApiCall) -> ApiAnswer:
    """Change somebody's choices and own fields, as they asked you to."""
    person, known = await paging.person_on(call.app, call.here, call.number())
    before = await _shown(call, person, known)
    wanted: Any = call.body.choices.model_dump(exclude_unset=True)
    await paging.change(call.app, call.here, row_id(person), wanted, call.body.fields, seen=call.seen)
    person, known = await paging.person_on(call.app, call.here, call.number())
    after = await _shown(call, person, known)
    call.changed(str(person.id), before=_kept(before), after=_kept(after))
    return _marked(after, known)


def _kept(person: PersonShown) -> dict[str, Any]:
    """What the audit log keeps of somebody: choices, and which own fields are filled, never their values."""
    return {**person.choices.model_dump(mode="json"), "fields": sorted(person.fields)}


async def tag_subscriber(call: ApiCall) -> ApiAnswer:
    """Give somebody a tag; twice changes nothing."""
    person, _ = await paging.person_on(call.app, call.here, call.number())
    await tags.give(call.app, call.here, [person.email], call.word("tag"))
    call.changed(str(person.id), after={"tag": call.word("tag")})
    return ApiAnswer()


async def untag_subscriber(call: ApiCall) -> ApiAnswer:
    """Take a tag from somebody; twice changes nothing."""
    person, _ = await paging.person_on(call.app, call.here, call.number())
    await tags.take(call.app, call.here, [person.email], call.word("tag"))
    call.changed(str(person.id), before={"tag": call.word("tag")})
    return ApiAnswer()


async def remove_subscriber(call: ApiCall) -> ApiAnswer:
    """End somebody's subscription to the list; only its owner can come back, by the form."""
    person, known = await paging.person_on(call.app, call.here, call.number())
    await paging.take_off(call.app, call.here, row_id(person), seen=call.seen)
    call.changed(
        str(person.id), before={"state": known.state.value}, after={"state": SubscriptionState.LEFT.value}
    )
    return ApiAnswer()


async def forget_subscriber(call: ApiCall) -> ApiAnswer:
    """Erase a person from every list and table; a keyed hash keeps the address from coming back."""
    number = call.number()
    person = await subscribers.of_number(call.app, number)
    done = await erasing.forget(call.app, person.email)
    call.changed(str(number), before={"known": True}, after={"known": False})
    return ApiAnswer(PersonForgotten(messages=done.messages, later=done.later))


async def _heads(call: ApiCall, found: Sequence[tuple[Subscriber, Subscription]]) -> list[PersonHead]:
    stopped = await belonging.reasons_of(call.app, [person for person, _ in found], _seen(call))
    return [PersonHead(**_columns(person, known, stopped)) for person, known in found]


def _seen(call: ApiCall) -> Collection[int] | None:
    """A key for one list reads nothing that belongs to another."""
    return None if call.only_list is None else [row_id(call.only_list)]


def _columns(person: Subscriber, known: Subscription, stopped: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": row_id(person),
        "email": person.email,
        "name": person.name,
        "state": known.state,
        "requested_at": known.requested_at,
        "confirmed_at": known.confirmed_at,
        "left_at": known.left_at,
        "consent": known.consent_how,
        "stopped": stopped.get(row_id(person)),
    }


async def _shown(call: ApiCall, person: Subscriber, known: Subscription) -> PersonShown:
    here: MailingList = call.here
    found = await subscribers.profile(call.app, person.email)
    list_id = row_id(here)
    stopped = await belonging.reasons_of(call.app, [person], _seen(call))
    return PersonShown(
        **_columns(person, known, stopped),
        language=person.locale,
        paused_until=known.paused_until,
        choices=PersonChoices(**asdict(Preferences.of(known))),
        fields=dict(found.values.get(list_id, {})),
        tags=list(found.tags.get(list_id, ())),
        consent_events=[
            ConsentShown(at=one.at, event=one.event, how=one.how, came_from=one.came_from)
            for one in found.events
            if one.list_id == list_id
        ],
    )
