"""All routes of the JSON interface × all keys: what a route does not allow is refused, whatever is asked
for.
"""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import pytest

from digest.entrypoints.api.v1.app import build_api
from digest.entrypoints.api.v1.routes import ROUTES
from digest.entrypoints.api.v1.table import ApiAccess, ApiRoute
from digest.errors import ConfigError
from digest.model import AuditEntry, MailingList, Scope
from digest.model.programs.scopes import OF_ALL_LISTS
from digest.services.app import App
from tests.integration.api.conftest import ROOT, Knows, Program


@pytest.fixture
def database_url(embedded_template: Path, tmp_path: Path) -> str:
    """One kind of database: who may do what is decided before any is asked."""
    return f"sqlite:///{shutil.copy(embedded_template, tmp_path / 'subscribers.db')}"


CLOSED = [one for one in ROUTES if one.needs is not ApiAccess.ANYBODY]
ODD = ("TRACE", "PROPFIND", "GETX", "OPTIONS")


def address(route: ApiRoute, slug: str = "daily") -> str:
    made = route.path.removeprefix(ROOT).replace("{slug}", slug).replace("{number:int}", "1")
    return made.replace("{id:int}", "987654").replace("{name}", "nosuch").replace("{tag}", "nosuch")


async def calls(program: Program, route: ApiRoute, slug: str = "daily") -> httpx2.Response:
    """Call a route with what it cannot take, if it takes anything: whoever is let in is told so by 422."""
    if route.files:
        return await program.asks(
            route.method, address(route, slug), content=b"", headers={"content-type": "text/csv"}
        )
    return await program.asks(route.method, address(route, slug), [] if route.body else None)


def test_only_the_description_is_open_to_anybody():
    assert [one.path for one in ROUTES if one.needs is ApiAccess.ANYBODY] == [f"{ROOT}/openapi.json"]
    assert len(CLOSED) >= 40
    assert {one.needs for one in CLOSED} == set(Scope)


async def test_nobody_is_answered_without_a_key_that_holds(
    client: httpx2.AsyncClient, daily: MailingList, logged: Callable[[], Awaitable[list[AuditEntry]]]
):
    for number, route in enumerate(CLOSED):
        answer = await Program(client, "" if number % 2 else "mujaz_nosuch").asks(
            route.method, address(route), headers={"x-forwarded-for": "198.51.100.1"}
        )
        assert answer.status_code in {401, 429}, route.path
        assert answer.headers["content-type"] == "application/problem+json"
    assert await logged() == []


@pytest.mark.parametrize("scope", list(Scope))
async def test_each_scope_opens_its_routes_and_nothing_else(
    knows: Knows, daily: MailingList, other: MailingList, scope: Scope
):
    for_all = await knows(scope)
    for route in CLOSED:
        status = (await calls(for_all, route)).status_code
        assert (status == 403) is (route.needs is not scope), (route.method, route.path, status)
        assert status < 500, (route.method, route.path)
    if scope in OF_ALL_LISTS or scope is Scope.LISTS_WRITE:
        return  # it would remove the list
    for_one = await knows(scope, list_slug="daily")
    for route in CLOSED:
        here = (await calls(for_one, route)).status_code
        closed = route.needs is not scope or not (route.of_a_list or route.narrows)
        assert (here == 403) is closed, (route.method, route.path, here)
        if route.of_a_list and route.needs is scope:
            there = await calls(for_one, route, "sport")
            nowhere = await calls(for_one, route, "nosuch")
            assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text), route.path
            assert there.status_code == 404


async def test_a_key_for_one_list_sees_that_list_alone(knows: Knows, daily: MailingList, other: MailingList):
    mine = await knows(Scope.LISTS_READ, list_slug="sport")
    assert [one["slug"] for one in (await mine.get("/lists")).json()["items"]] == ["sport"]
    every = await knows(Scope.LISTS_READ)
    shown = (await every.get("/lists")).json()["items"]
    assert {one["slug"] for one in shown} == {"daily", "sport"}


async def test_ids_of_another_list_are_not_there(knows: Knows, daily: MailingList, other: MailingList):
    mine = await knows(list_slug="sport")
    for path in ("/lists/sport/subscribers/1", "/lists/sport/imports/1", "/lists/sport/segments/nosuch"):
        assert (await mine.get(path)).status_code == 404, path
    assert (await mine.asks("DELETE", "/lists/sport/subscribers/1")).status_code == 404
    assert (await mine.asks("PUT", "/lists/sport/subscribers/1/tags/vip")).status_code == 404


async def test_no_other_spelling_and_no_other_verb_leads_in(knows: Knows, daily: MailingList):
    program = await knows()
    for route in ROUTES:
        path = address(route)
        for spelled in (f"{path}/", f"/{path}", path.upper(), f"{path}%2f"):
            answer = await program.get(spelled)
            assert answer.status_code in {404, 405}, spelled
            assert answer.headers["content-type"] == "application/problem+json"
        for verb in ODD:
            answer = await program.asks(verb, path)
            assert answer.status_code == 405, (verb, path)
            assert route.method in answer.headers["allow"]


async def test_head_is_answered_as_get_without_a_body(knows: Knows, daily: MailingList):
    program = await knows()
    shown = await program.get("/lists/daily")
    head = await program.asks("HEAD", "/lists/daily")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == shown.headers["etag"]


async def test_another_sites_page_makes_no_browser_call(knows: Knows, daily: MailingList):
    program = await knows()
    answer = await program.post("/lists/daily/editions/1/cancel", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert answer.json()["status"] == 403


async def _never(_: object) -> object:
    raise AssertionError("never called")


@pytest.mark.parametrize(
    "fields",
    [
        {"needs": None},
        {"needs": Scope.LISTS_WRITE, "method": "POST"},
        {"needs": Scope.LISTS_READ, "method": "POST", "act": "lists.set"},
        {"needs": ApiAccess.ANYBODY, "method": "DELETE", "act": "lists.set"},
        {"needs": Scope.LISTS_READ, "act": "lists.set"},
        {"needs": Scope.AUDIT_READ, "path": f"{ROOT}/lists/{{slug}}/audit"},
        {"needs": ApiAccess.ANYBODY, "path": f"{ROOT}/lists/{{slug}}/audit"},
        {"needs": Scope.LISTS_READ, "path": "/elsewhere"},
        {"needs": Scope.LISTS_READ, "narrows": True, "path": f"{ROOT}/lists/{{slug}}"},
        {"needs": Scope.LISTS_READ, "answer": None, "status": 200},
    ],
)
def test_nothing_starts_while_a_route_does_not_say_who_may_call_it(app: App, fields: dict[str, object]):
    given = {"method": "GET", "path": f"{ROOT}/new", "does": _never, "says": "", "status": 204, **fields}
    with pytest.raises(ConfigError):
        build_api(app, (ApiRoute(**given),))  # type: ignore[arg-type]


def test_a_route_that_stands_twice_starts_nothing(app: App):
    with pytest.raises(ConfigError, match="twice"):
        build_api(app, (*ROUTES, ROUTES[-1]))
