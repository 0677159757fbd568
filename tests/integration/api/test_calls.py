"""How programs are answered: keys, limits, problems, ETags, pages, requests asked twice."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from digest.errors import InputError
from digest.model import ApiKey, AuditEntry, KeptAnswer, MailingList, Scope
from digest.services.app import App
from digest.services.audience.admin import erasing
from digest.services.programs import keys, once
from tests.builders import a_subscriber, a_subscription
from tests.integration.api.conftest import Knows, Moving, Program

Logged = Callable[[], Awaitable[list[AuditEntry]]]


async def test_a_key_is_shown_once_and_kept_as_a_hash(app: App):
    key = await keys.add(app, "site", ["lists:read"], days=30)
    async with app.database.begin() as session:
        stored = (await session.exec(select(ApiKey))).one()
    assert key.startswith("mujaz_")
    assert len(key) >= 49, "256 bits"
    assert key not in stored.model_dump_json()
    assert stored.key_hash == keys.hash_of(key)
    assert key.startswith(stored.start)
    assert len(stored.start) == 12


async def test_a_key_ends_with_its_time_and_when_it_is_revoked(
    app: App, knows: Knows, clock: Moving, daily: MailingList
):
    short, lasting = await knows(days=1), await knows()
    assert (await short.get("/lists")).status_code == 200
    clock.moves(days=1, seconds=1)
    assert (await short.get("/lists")).status_code == 401
    assert (await lasting.get("/lists")).status_code == 200
    await keys.revoke(app, "program 2")
    assert (await lasting.get("/lists")).status_code == 401
    with pytest.raises(InputError, match="already"):
        await keys.add(app, "program 2", ["lists:read"])


async def test_it_is_kept_to_the_minute_when_a_key_was_used(
    app: App, knows: Knows, clock: Moving, daily: MailingList
):
    program = await knows()

    async def used() -> Any:
        return (await keys.every(app))[0][0].last_used_at

    assert await used() is None
    await program.get("/lists")
    first = await used()
    clock.moves(seconds=30)
    await program.get("/lists")
    assert await used() == first == clock.now().replace(second=0)
    clock.moves(seconds=31)
    await program.get("/lists")
    assert await used() == clock.now()


@pytest.mark.parametrize(
    ("name", "scopes", "list_slug"),
    [
        ("x", [], ""), ("x", ["nosuch:read"], ""), ("", ["lists:read"], ""), ("x", ["audit:read"], "daily"),
        ("x", ["sources:write", "lists:read"], "daily"), ("x\n", ["lists:read"], ""), ("x", ["lists:read"], "nosuch"),
    ],
)  # fmt: skip
async def test_no_key_is_made_that_could_not_be_meant(
    app: App, daily: MailingList, name: str, scopes: list[str], list_slug: str
):
    with pytest.raises(InputError):
        await keys.add(app, name, scopes, list_slug=list_slug)
    assert await keys.every(app) == []


class TestManyCalls:
    @pytest.fixture
    def more_settings(self) -> dict[str, Any]:
        return {"api": {"calls_a_minute": 5}}

    async def test_a_key_makes_so_many_calls_a_minute_and_no_other_pays_for_it(
        self, knows: Knows, daily: MailingList
    ):
        hasty, other = await knows(), await knows()
        statuses = [(await hasty.get("/lists")).status_code for _ in range(7)]
        assert statuses == [200] * 5 + [429] * 2
        refused = await hasty.get("/lists")
        assert refused.headers["retry-after"] == "60"
        assert refused.json()["title"] == "Too Many Requests"
        assert (await other.get("/lists")).status_code == 200

    async def test_who_guesses_keys_has_to_wait_and_a_key_beside_it_does_not(
        self, client: httpx2.AsyncClient, knows: Knows, daily: MailingList
    ):
        for _ in range(30):
            assert (await Program(client, "mujaz_guess").get("/lists")).status_code == 401
        assert (await Program(client, "mujaz_guess").get("/lists")).status_code == 429
        assert (await (await knows()).get("/lists")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("GET", "/nowhere", {}, 404),
        ("GET", "/lists/daily/subscribers/99999999999", {}, 404),
        ("GET", "/lists/daily/editions/7", {}, 404),
        ("PUT", "/lists", {"json": {}}, 405),
        ("PATCH", "/lists/daily", {"content": b"{}", "headers": {"content-type": "text/plain"}}, 415),
        ("PATCH", "/lists/daily", {"content": b"", "headers": {"content-type": "application/json"}}, 422),
        ("PATCH", "/lists/daily", {"content": b'{"a', "headers": {"content-type": "application/json"}}, 422),
        ("PATCH", "/lists/daily", {"json": {"nosuch": 1}}, 422),
        ("PATCH", "/lists/daily", {"json": {"min_stories": "many"}}, 422),
        ("PATCH", "/lists/daily", {"json": {"timezone": "Mars/Phobos"}}, 422),
        ("PATCH", "/lists/daily", {"json": {"blocks": ["/etc/passwd"]}}, 422),
        ("PATCH", "/lists/daily", {"json": {"description": "a\u0000b"}}, 422),
        ("PATCH", "/lists/daily", {"json": {"description": "x" * 300_000}}, 413),
        ("POST", "/sources", {"json": {"location": "/etc/passwd"}}, 422),
        ("POST", "/sources", {"json": {"location": "http://127.0.0.1/feed"}}, 422),
        ("POST", "/suppression", {"json": {"email": "no address"}}, 422),
        ("POST", "/suppression", {"json": {"email": 7}}, 422),
        ("GET", "/lists/daily/subscribers?limit=0", {}, 422),
        ("GET", "/lists/daily/subscribers?nosuch=1", {}, 422),
        ("GET", "/lists/daily/subscribers?q=%00", {}, 422),
        ("GET", "/lists/daily/subscribers?cursor=%21%21", {}, 422),
        ("GET", "/lists/daily/subscribers?cursor=MTIzNDU2Nzg5MDEyMw", {}, 422),
        ("POST", "/lists/daily/imports", {"content": b"", "headers": {"content-type": "text/csv"}}, 422),
        ("POST", "/lists/daily/editions/1/pause", {}, 422),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_a_problem_with_a_sentence(
    knows: Knows,
    daily: MailingList,
    logged: Logged,
    method: str,
    path: str,
    given: dict[str, Any],
    status: int,
):
    answer = await (await knows()).asks(method, path, **given)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"] or problem["errors"]
    assert "Traceback" not in answer.text
    assert await logged() == []


async def test_what_is_broken_is_told_without_how(
    knows: Knows, daily: MailingList, monkeypatch: pytest.MonkeyPatch
):
    async def broken(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("digest.services.audience.lists.every", broken)
    answer = await (await knows()).get("/lists")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["title"] == "Internal Server Error"


async def test_an_etag_saves_the_answer_and_keeps_changes_apart(knows: Knows, daily: MailingList):
    program = await knows()
    read = await program.get("/lists/daily")
    etag = read.headers["etag"]
    again = await program.get("/lists/daily", headers={"if-none-match": f'"other", W/{etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    first = await program.asks("PATCH", "/lists/daily", {"min_stories": 4}, headers={"if-match": etag})
    assert first.status_code == 200
    late = await program.asks("PATCH", "/lists/daily", {"min_stories": 9}, headers={"if-match": etag})
    assert late.status_code == 412
    shown = await program.get("/lists/daily")
    assert shown.json()["settings"]["min_stories"] == 4
    assert shown.headers["etag"] != etag
    assert (await program.asks("DELETE", "/lists/daily", headers={"if-match": etag})).status_code == 412
    newest = {"if-match": shown.headers["etag"]}
    assert (
        await program.asks("PATCH", "/lists/daily", {"min_stories": 9}, headers=newest)
    ).status_code == 200


async def test_pages_are_turned_by_cursors_and_miss_nobody(app: App, knows: Knows, daily: MailingList):
    async with app.database.begin() as session:
        for number in range(10, 30):
            person = a_subscriber(number)
            session.add(person)
            await session.flush()
            session.add(a_subscription(daily.id or 0, person.id or 0))
    program, path, seen = await knows(), "/lists/daily/subscribers?limit=7", []
    while path:
        page = (await program.get(path)).json()
        assert len(page["items"]) <= 7
        seen += [one["id"] for one in page["items"]]
        path = f"/lists/daily/subscribers?limit=7&cursor={page['next']}" if page["next"] else ""
    assert seen == sorted(set(seen))
    assert len(seen) == 23


async def test_a_request_asked_twice_is_done_once(knows: Knows, daily: MailingList, logged: Logged):
    program = await knows()
    body = {"email": "new@mujaz.example", "confirmation": "given", "consent": "paper form of 3 May"}
    named = {"headers": {"idempotency-key": "order-7"}}
    first = await program.post("/lists/daily/subscribers", body, **named)
    second = await program.post("/lists/daily/subscribers", body, **named)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["outcome"] == second.json()["outcome"] == "added"
    assert second.headers["idempotency-replayed"] == "true"
    assert second.headers["location"] == first.headers["location"]
    assert len(await logged()) == 1
    other = await program.post("/lists/daily/subscribers", {**body, "name": "x"}, **named)
    assert other.status_code == 422
    stranger = await (await knows()).post("/lists/daily/subscribers", body, **named)
    assert stranger.json()["outcome"] == "known", "a key's requests are its own"


async def test_many_at_once_are_done_once(knows: Knows, daily: MailingList, logged: Logged):
    program = await knows()
    body = {"email": "new@mujaz.example", "note": "asked by telephone"}
    named = {"headers": {"idempotency-key": "k"}}
    answers = await asyncio.gather(*(program.post("/suppression", body, **named) for _ in range(6)))
    assert {one.status_code for one in answers} <= {201, 409}
    assert len(await logged()) == 1


async def test_a_request_that_we_broke_may_be_asked_again(
    knows: Knows, daily: MailingList, monkeypatch: pytest.MonkeyPatch
):
    program = await knows()
    named = {"headers": {"idempotency-key": "k"}}
    body = {"email": "new@mujaz.example"}
    with monkeypatch.context() as patch:
        patch.setattr("digest.services.audience.admin.suppressing.block", None)
        assert (await program.post("/suppression", body, **named)).status_code == 500
    assert (await program.post("/suppression", body, **named)).status_code == 201


async def test_a_refusal_is_kept_too_and_a_wrong_name_is_refused(knows: Knows, daily: MailingList):
    program = await knows()
    named = {"headers": {"idempotency-key": "k"}}
    for _ in range(2):
        assert (await program.post("/suppression", {"email": "none"}, **named)).status_code == 422
    for name in ("x" * 300, ""):
        wrong = await program.post(
            "/suppression", {"email": "a@b.example"}, headers={"idempotency-key": name}
        )
        assert wrong.status_code == 422, name


async def test_kept_answers_go_after_a_day_and_with_the_person(
    app: App, knows: Knows, clock: Moving, daily: MailingList
):
    program = await knows()
    for number in (1, 2):
        body = {"email": f"new{number}@mujaz.example", "confirmation": "given", "consent": "paper"}
        await program.post("/lists/daily/subscribers", body, headers={"idempotency-key": f"k{number}"})

    async def kept() -> list[KeptAnswer]:
        async with app.database.begin() as session:
            return list((await session.exec(select(KeptAnswer))).all())

    assert len(await kept()) == 2
    await erasing.forget(app, "new1@mujaz.example")
    assert [one.idempotency_key for one in await kept()] == ["k2"]
    clock.moves(hours=23)
    await once.forget_old(app)
    assert len(await kept()) == 1
    clock.moves(hours=2)
    await once.forget_old(app)
    assert await kept() == []


async def test_every_answer_carries_the_policy(client: httpx2.AsyncClient, knows: Knows, daily: MailingList):
    for answer in (await Program(client, "").get("/lists"), await (await knows()).get("/lists")):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-cache"


async def test_the_description_names_every_route_with_its_scope(client: httpx2.AsyncClient):
    answer = await Program(client, "").get("/openapi.json")
    found = json.loads(answer.text)
    assert found["openapi"] == "3.1.0"
    operations = [
        (path, method, one) for path, methods in found["paths"].items() for method, one in methods.items()
    ]
    assert len(operations) >= 43
    assert len({one["operationId"] for _, _, one in operations}) == len(operations)
    scopes = {one.get("x-scope") for _, _, one in operations}
    assert scopes == {None} | set(Scope)
    assert all("422" in one["responses"] for _, _, one in operations)
