"""All routes of the desk × everybody: what a route does not allow is refused, whatever is asked for."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from digest.entrypoints.desk.app import build_desk
from digest.entrypoints.desk.routes import ROUTES
from digest.entrypoints.desk.table import Access, DeskRoute
from digest.errors import ConfigError
from digest.model import AuditEntry, MailingList, Right, Role
from digest.model.accounts.roles import OF_THE_HOUSE, RIGHTS
from digest.services.app import App
from tests.integration.desk.conftest import Joins, Tab


@pytest.fixture
def database_url(embedded_template: Path, tmp_path: Path) -> str:
    """One kind of database: who may do what is decided before any is asked."""
    return f"sqlite:///{shutil.copy(embedded_template, tmp_path / 'subscribers.db')}"


OPEN = {
    "/desk/login",
    "/desk/login/code",
    "/desk/invitation/{token}",
    "/desk/forgotten",
    "/desk/reset/{token}",
}
CLOSED = [one for one in ROUTES if one.needs is not Access.ANYBODY]
ODD = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GETX")


def address(route: DeskRoute, slug: str = "daily") -> str:
    made = route.path.replace("{slug}", slug).replace("{number:int}", "1").replace("{id:int}", "987654")
    return made.replace("{token}", "none")


async def asks(tab: Tab, route: DeskRoute, path: str) -> list[int]:
    found = []
    if route.get:
        found += [(await tab.opens(path)).status_code, (await tab.opens(path, method="HEAD")).status_code]
    if route.post:
        found.append((await tab.sends(path)).status_code)
    return found


def test_only_these_are_open_to_anybody():
    assert {one.path for one in ROUTES if one.needs is Access.ANYBODY} == OPEN
    assert len(CLOSED) >= 25


async def test_nobody_gets_past_the_login(tab: Callable[[], Tab], daily: MailingList):
    guest = tab()
    for route in CLOSED:
        path = address(route)
        if route.get:
            for method in ("GET", "HEAD"):
                answer = await guest.opens(path, method=method)
                assert answer.status_code == 303, path
                assert answer.headers["location"].startswith("/desk/login?next="), path
                assert not answer.content, path
        if route.post:
            assert (await guest.sends(path)).status_code == 401, path


async def test_no_other_spelling_and_no_other_verb_leads_in(
    joins: Joins, tab: Callable[[], Tab], daily: MailingList
):
    for person in (tab(), await joins(Role.OWNER)):
        for route in ROUTES:
            path = address(route)
            for spelled in (f"{path}/", f"/{path}", path.upper(), f"{path}%2f", f"{path};a"):
                status = (await person.opens(spelled)).status_code
                assert status in {303, 404, 405, 410}, spelled
                assert (status != 303) or person.cookie == "" or route.needs is Access.ANYBODY, spelled
            for verb in ODD:
                assert (await person.opens(path, method=verb)).status_code in {400, 405}, (verb, path)


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("for_all", [True, False])
async def test_each_role_gets_what_it_may_and_nothing_else(
    joins: Joins, daily: MailingList, other: MailingList, role: Role | None, for_all: bool
):
    person = await joins(role, None if for_all or role is None else daily.id)
    rights = RIGHTS[role] if role else frozenset()
    for route in CLOSED:
        if route.path == "/desk/logout" or route.path.startswith("/desk/account/"):
            continue  # their own, which end the session or ask for the password
        for mailing_list in (daily, other) if route.of_a_list else (daily,):
            is_mine = for_all or mailing_list is daily
            allowed = route.needs is Access.LOGGED_IN or (
                route.needs in rights
                and (for_all if route.needs in OF_THE_HOUSE or route.over_all_lists else is_mine)
            )
            path = address(route, mailing_list.slug)
            statuses = await asks(person, route, path)
            if allowed:
                assert not {401, 403} & set(statuses), (path, statuses)
            elif route.of_a_list and not (Right.SEE in rights and is_mine):
                assert set(statuses) == {404}, (path, statuses)
            else:
                assert set(statuses) == {403}, (path, statuses)


async def test_another_list_is_not_even_there(joins: Joins, daily: MailingList, other: MailingList):
    person = await joins(Role.PUBLISHER, daily.id)
    hidden = await person.opens("/desk/lists/sport/editions/1")
    missing = await person.opens("/desk/lists/nosuch/editions/1")
    assert (hidden.status_code, hidden.text) == (missing.status_code, missing.text) == (404, missing.text)
    assert "موجز الرياضة" not in (await person.opens("/desk")).text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"}, {"origin": "null"}, {},
    ],
)  # fmt: skip
async def test_no_form_of_another_site_is_taken(
    joins: Joins,
    daily: MailingList,
    headers: dict[str, str],
    logged: Callable[[], Awaitable[list[AuditEntry]]],
):
    owner = await joins(Role.OWNER)
    for route in ROUTES:
        if route.post:
            answer = await owner.client.post(address(route), headers=headers)
            assert answer.status_code == 403, route.path
    assert await logged() == []


async def test_every_answer_carries_the_policy_and_is_kept_by_nobody(joins: Joins, daily: MailingList):
    owner = await joins(Role.OWNER)
    for path in [address(one) for one in ROUTES if one.get] + ["/desk/nowhere"]:
        headers = (await owner.opens(path)).headers
        policy = headers["content-security-policy"]
        assert "unsafe-eval" not in policy
        if not path.endswith(("mail.html", "mail.txt", "mail.eml")):
            assert "script-src 'self'" in policy, path
            assert "frame-ancestors 'none'" in policy, path
            assert "unsafe-inline" not in policy, path
            assert headers["x-frame-options"] == "DENY", path
        else:
            assert "script-src" not in policy
            assert " sandbox;" in policy
        assert headers["cache-control"] == "no-store", path


async def _never(_: object) -> object:
    raise AssertionError("never called")


@pytest.mark.parametrize(
    "route",
    [
        DeskRoute(path="/desk/new", get=_never),  # type: ignore[arg-type]
        DeskRoute(path="/desk/new", needs=Right.SEND, post=_never),  # type: ignore[arg-type]
        DeskRoute(path="/desk/new", needs=Right.SEE, post=_never, act="new"),  # type: ignore[arg-type]
        DeskRoute(path="/desk/lists/{slug}/new", needs=Access.LOGGED_IN, get=_never),  # type: ignore[arg-type]
        DeskRoute(path="/desk/lists/{slug}/new", needs=Right.AUDIT, get=_never),  # type: ignore[arg-type]
        DeskRoute(path="/desk/lists/{slug}/new", needs=Right.EDIT, get=_never, over_all_lists=True),  # type: ignore[arg-type]
        DeskRoute(path="/new", needs=Right.SEE, get=_never),  # type: ignore[arg-type]
        DeskRoute(path="/desk", needs=Right.SEE, get=_never),  # type: ignore[arg-type]
    ],
    ids=[
        "no permission",
        "no name",
        "may only see",
        "of no list",
        "of the house",
        "of one and all",
        "elsewhere",
        "twice",
    ],
)
async def test_the_desk_does_not_start_with_a_route_that_does_not_say_who_may_call_it(
    app: App, route: DeskRoute
):
    with pytest.raises(ConfigError):
        build_desk(app, (*ROUTES, route))
