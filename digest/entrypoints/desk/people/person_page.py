"""One person's whole life, and what can be done for the person: choices, details, leaving, being mailed
again.
"""

from dataclasses import asdict
from typing import Any

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.people import choices_form
from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import ChoiceError, InputError
from digest.model import Right
from digest.model.rows import row_id
from digest.services.audience import lists, subscribers
from digest.services.audience.admin import erasing
from digest.services.audience.choices.rules import Preferences, digits_of, has_days, has_hijri, has_weekly
from digest.services.audience.people import belonging, bulk
from digest.services.audience.people import person as people
from digest.services.audience.people.person import PersonDetails
from digest.services.audience.segments import fields
from digest.services.bounces import scores
from digest.services.sending import life
from digest.text.addresses.slug import is_slug

SHOWN_MAIL = 30


async def person_page(visit: DeskVisit) -> Response:
    """Show one person of a list."""
    return await _page(visit)


async def _page(visit: DeskVisit, *, status: int = 200, problem: str = "") -> Response:
    person, known = await people.of_list(visit.app, visit.here, visit.number_in_path("id"))
    every = visit.asked("mail") == "all"
    found = await life.of(
        visit.app, person.email, None if every else SHOWN_MAIL, seen=visit.lists_with(Right.PEOPLE)
    )
    mine = found.profile.subscriptions
    names = {row_id(mailing_list): mailing_list.name for mailing_list, _ in mine}
    held = choices_form.shown(Preferences.of(known))
    chosen = choices_form.typed(visit) if problem else held
    view = {
        "person": person,
        "known": known,
        "life": found,
        "not_said": belonging.STOPPED,
        "standings": mine,
        "since": person.created_at if found.is_whole else min(one.requested_at for _, one in mine),
        "events": [one for one in found.profile.events if one.list_id in names],
        "notices": [one for one in found.profile.notices if one.list_id in names],
        "mail": [one for one in found.mail if one.edition.list_id in names],
        "has_more": not every and len(found.mail) == SHOWN_MAIL,
        "names": names,
        "own": await fields.of_list(visit.app, visit.here),
        "details": await people.details(visit.app, visit.here, row_id(person)),
        "choices": chosen,
        "held": held,
        "specs": lists.specs(visit.here),
        "offers": {
            "weekly": has_weekly(visit.here),
            "days": has_days(visit.here),
            "digits": digits_of(visit.here.language),
            "hijri": has_hijri(visit.here.language),
        },
        "may_suppress": visit.may_house(Right.PEOPLE),
    }
    return desk_page(visit, "people/person", view, status=status, problem=problem)


def _here(visit: DeskVisit, done: str) -> Response:
    number = visit.number_in_path("id")
    return go_to(f"/desk/lists/{visit.here.slug}/people/{number}?done={done}")


async def choose(visit: DeskVisit) -> Response:
    """Keep what a person asked for."""
    number = visit.number_in_path("id")
    try:
        changes, days = choices_form.changes(visit)
        done = await people.choose(
            visit.app, visit.here, number, changes, by=visit.actor.name, pause_days=days
        )
    except ChoiceError as error:
        return await _page(visit, status=422, problem=f"choice_{error.about}")
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    if done.before != done.after or done.paused:
        pause: dict[str, Any] = {"pause_days": days} if done.paused else {}
        visit.changed(f"#{number}", before=_plain(done.before), after={**_plain(done.after), **pause})
    return _here(visit, "choices_kept")


def _plain(one: Preferences) -> dict[str, Any]:
    return {
        name: "all" if name == "sections" and value is None else value for name, value in asdict(one).items()
    }


async def describe(visit: DeskVisit) -> Response:
    """Keep a person's name, tags and values of the list's own fields."""
    number = visit.number_in_path("id")
    own = await fields.of_list(visit.app, visit.here)
    wanted = PersonDetails(
        visit.field("name")[:300].strip(),
        {one.key: visit.field(f"own_{one.key}")[:1000] for one in own},
        tuple(one.strip() for one in visit.field("tags")[:2000].replace("،", ",").split(",") if one.strip()),
    )
    try:
        before, after = await people.describe(visit.app, visit.here, number, wanted)
    except InputError as error:
        return await _page(visit, status=422, problem=problem_of(error))
    if before != after:
        visit.changed(f"#{number}", before=_details(before), after=_details(after))
    return _here(visit, "saved")


def _details(one: PersonDetails) -> dict[str, Any]:
    return {"name": one.name, **one.values, "tags": list(one.tags)}


async def remove(visit: DeskVisit) -> Response:
    """End a person's subscription to the list, because the person asked an admin."""
    number = visit.number_in_path("id")
    await people.of_list(visit.app, visit.here, number)
    done = await bulk.remove(visit.app, visit.here, [number], by=visit.actor.name)
    if done.done:
        visit.changed(f"#{number}", before={"state": "confirmed"}, after={"state": "left"})
    return _here(visit, "person_left")


async def enable(visit: DeskVisit) -> Response:
    """Let an address be mailed again that bounces or a complaint had stopped."""
    number = visit.number_in_path("id")
    person = await _anybody(visit, number)
    if await scores.enable(visit.app, person):
        visit.changed(f"#{number}", before={"mailed": False}, after={"mailed": True})
    return _after(visit, number, "person_enabled")


async def forget(visit: DeskVisit) -> Response:
    """Forget a person for good."""
    number = visit.number_in_path("id")
    await erasing.forget(visit.app, await _anybody(visit, number))
    visit.changed(f"#{number}", before={"known": True}, after={"known": False})
    return go_to("/desk/people?done=person_forgotten")


async def _anybody(visit: DeskVisit, number: int) -> str:
    return (await subscribers.of_number(visit.app, number)).email


def _after(visit: DeskVisit, number: int, done: str) -> Response:
    slug = visit.field("back")
    back = f"/desk/lists/{slug}/people/{number}" if is_slug(slug) else "/desk/people"
    return go_to(f"{back}?done={done}")
