"""People found by words and filters, all of them in the address; the page that acts on many of them."""

from urllib.parse import urlencode

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to, problem_of
from digest.entrypoints.desk.visit import LARGEST_NUMBER, DeskVisit
from digest.errors import InputError
from digest.model import Right, SubscriptionState
from digest.model.accounts.roles import lists_of
from digest.model.rows import row_id
from digest.services.audience import subscribers
from digest.services.audience.people import finding
from digest.services.audience.people.finding import PeopleFilter, PeoplePage
from digest.services.audience.segments import saved, tags
from digest.services.desk.home import visible_lists
from digest.text.addresses.slug import is_slug

NAMES = ("q", "state", "source", "tag", "segment")
STATES = tuple(one.value for one in SubscriptionState)


def filter_of(visit: DeskVisit, *, of_form: bool = False) -> PeopleFilter:
    """Return who is looked for, by the address or by the fields of a form."""
    said = visit.field if of_form else visit.asked
    q, state, source, tag, segment = (said(name)[:200].strip() for name in NAMES)
    return PeopleFilter(
        text=q,
        state=state if state in STATES else "",
        source=source,
        tag=tag,
        segment=segment,
        stopped=said("stopped") == "yes",
    )


def asked_by(wanted: PeopleFilter) -> dict[str, str]:
    """Return what stands in the address for a filter, without what is empty."""
    named = {
        "q": wanted.text,
        "state": wanted.state,
        "source": wanted.source,
        "tag": wanted.tag,
        "segment": wanted.segment,
        "stopped": "yes" if wanted.stopped else "",
    }
    return {name: value for name, value in named.items() if value}


def number(text: str) -> int | None:
    """Return a number that a row may have, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < int(text[:12]) <= LARGEST_NUMBER else None


async def house_page(visit: DeskVisit) -> Response:
    """Show people of all lists over which one may; a list that is chosen leads to its own page."""
    slug = visit.asked("list")
    wanted = filter_of(visit)
    if is_slug(slug):
        query = urlencode(asked_by(wanted))
        return go_to(f"/desk/lists/{slug}/people{'?' if query else ''}{query}")
    return await _page(visit, wanted)


async def list_page(visit: DeskVisit) -> Response:
    """Show a list's people."""
    return await _page(visit, filter_of(visit))


async def _page(
    visit: DeskVisit, wanted: PeopleFilter, *, status: int = 200, problem: str = "", email: str = ""
) -> Response:
    here = visit.mailing_list
    allowed = lists_of(visit.who.roles, Right.PEOPLE)
    try:
        found = await finding.find(
            visit.app,
            wanted,
            mailing_list=here,
            list_ids=None if allowed is None else sorted(allowed),
            before=number(visit.asked("before")),
        )
    except InputError as error:
        found, status, problem = PeoplePage((), None, is_whole=True), 422, problem_of(error)
    every = [one for one in await visible_lists(visit.app, visit.who.roles) if _is_mine(allowed, row_id(one))]
    query = urlencode(asked_by(wanted))
    view = {
        "found": found,
        "wanted": wanted,
        "query": query,
        "older": f"{query}&before={found.before}".lstrip("&") if found.before else "",
        "lists": every,
        "by_id": {row_id(one): one for one in every},
        "states": STATES,
        "sources": finding.SOURCES,
        "tags": sorted(await tags.counts(visit.app, here)) if here else (),
        "segments": [one.name for one in await saved.every(visit.app, here)] if here else (),
        "email": email,
    }
    return desk_page(visit, "people/found", view, status=status, problem=problem)


def _is_mine(allowed: frozenset[int] | None, list_id: int) -> bool:
    return allowed is None or list_id in allowed


async def add(visit: DeskVisit) -> Response:
    """Subscribe somebody who asked an admin for it."""
    email, name = visit.field("email")[:320].strip(), visit.field("name")[:300].strip()
    try:
        is_new = await subscribers.add(visit.app, visit.here, email, name=name)
        found = await finding.find(visit.app, PeopleFilter(text=email), mailing_list=visit.here)
    except InputError as error:
        said = problem_of(error)
        problem = "refused_not_added" if said == "refused_input" else said
        return await _page(visit, PeopleFilter(), status=422, problem=problem, email=email)
    person = next((one.person for one in found.people if one.person.email == email.lower()), None)
    if is_new:
        visit.changed(f"#{row_id(person)}" if person else "", after={"state": "confirmed"})
    home = f"/desk/lists/{visit.here.slug}/people"
    done = "person_added" if is_new else "person_known"
    return go_to(f"{home}/{row_id(person)}?done={done}" if person else f"{home}?done={done}")
