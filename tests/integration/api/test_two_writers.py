"""Two programs change the same thing at once, each by what it read: one does, the other is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlmodel import select

from digest.entrypoints.api.v1 import access
from digest.model import MailingList, SegmentDefinition, Source, Subscriber
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.choices import preferences
from digest.services.audience.segments import saved
from digest.storage.articles import sources
from tests.builders import a_subscriber, a_subscription
from tests.integration.api.conftest import Knows

Other = Callable[[App, MailingList], Awaitable[object]]
IN_ALL = SegmentDefinition.model_validate({"include": []})
SPORT = {"include": [{"field": "section", "op": "is", "values": ["sport"]}]}


async def first_person(app: App) -> Subscriber:
    async with app.database.read() as session:
        return (await session.exec(select(Subscriber).order_by(Subscriber.id))).all()[0]  # type: ignore[arg-type]


async def renames_the_list(app: App, daily: MailingList) -> object:
    return await lists.change(app, daily.slug, {"description": "by another"})


async def mutes_a_word(app: App, daily: MailingList) -> object:
    person = await first_person(app)
    return await preferences.set_by_admin(app, daily, person.email, {"muted_words": ["كرة"]})


async def changes_the_segment(app: App, daily: MailingList) -> object:
    return await saved.keep(app, daily, "mine", SegmentDefinition.model_validate(SPORT))


async def renames_the_source(app: App, daily: MailingList) -> object:
    del daily
    async with app.database.begin() as session:
        (source,) = await sources.all_sources(session)
        source.name = "by another"
        session.add(source)
    return source


CHANGES: tuple[tuple[str, str, Any, Other], ...] = (
    ("PATCH", "/lists/daily", {"min_stories": 4}, renames_the_list),
    ("DELETE", "/lists/daily", None, renames_the_list),
    ("PATCH", "/lists/daily/subscribers/{person}", {"choices": {"hour": 9}}, mutes_a_word),
    ("DELETE", "/lists/daily/subscribers/{person}", None, mutes_a_word),
    ("PUT", "/lists/daily/segments/mine", {"include": []}, changes_the_segment),
    ("DELETE", "/lists/daily/segments/mine", None, changes_the_segment),
    ("DELETE", "/sources/{source}", None, renames_the_source),
)


@pytest.fixture
async def path_of(app: App, daily: MailingList) -> Callable[[str], str]:
    await saved.keep(app, daily, "mine", IN_ALL)
    person = await first_person(app)
    async with app.database.read() as session:
        source = (await session.exec(select(Source))).one()
    return lambda path: path.format(person=row_id(person), source=row_id(source))


@pytest.mark.parametrize(("method", "path", "body", "other"), CHANGES)
async def test_who_comes_between_the_check_and_the_change_is_not_overwritten(
    app: App,
    knows: Knows,
    daily: MailingList,
    path_of: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: Any,
    other: Other,
):
    checks = access._refuse_stale

    async def then_another_writes(*given: Any) -> None:
        await checks(*given)
        await other(app, daily)

    program, there = await knows(), path_of(path)
    etag = (await program.get(there)).headers["etag"]
    with monkeypatch.context() as patched:
        patched.setattr(access, "_refuse_stale", then_another_writes)
        answer = await program.asks(method, there, body, headers={"if-match": etag})
    assert answer.status_code == 412, answer.text
    shown = await program.get(there)
    assert shown.status_code == 200, "it was removed all the same"
    newest = {"if-match": shown.headers["etag"]}
    assert (await program.asks(method, there, body, headers=newest)).status_code in {200, 204}


async def test_of_many_at_once_who_read_the_same_one_is_first(
    app: App, knows: Knows, daily: MailingList, path_of: Callable[[str], str]
):
    program = await knows()
    for path, bodies in (
        ("/lists/daily", [{"min_stories": number} for number in range(4, 10)]),
        (path_of("/lists/daily/subscribers/{person}"), [{"choices": {"hour": one}} for one in range(4, 10)]),
    ):
        same = {"if-match": (await program.get(path)).headers["etag"]}
        answers = await asyncio.gather(*(program.asks("PATCH", path, one, headers=same) for one in bodies))
        assert sorted(one.status_code for one in answers) == [200, *[412] * 5], path


async def test_any_version_will_do_for_a_star(
    app: App, knows: Knows, daily: MailingList, monkeypatch: pytest.MonkeyPatch
):
    checks = access._refuse_stale

    async def then_another_writes(*given: Any) -> None:
        await checks(*given)
        await renames_the_list(app, daily)

    monkeypatch.setattr(access, "_refuse_stale", then_another_writes)
    program = await knows()
    done = await program.asks("PATCH", "/lists/daily", {"min_stories": 4}, headers={"if-match": "*"})
    assert done.status_code == 200
    assert done.json()["settings"]["description"] == "by another"


async def test_what_nobody_chose_refuses_no_change(app: App, knows: Knows, daily: MailingList):
    program = await knows()
    paths = ("/lists/daily", "/lists/daily/subscribers/1", "/lists/daily/segments/all", "/sources/1")
    await program.asks("PUT", paths[2], {})
    read = {path: (await program.get(path)).headers["etag"] for path in paths}
    async with app.database.begin() as session:
        for person in (a_subscriber(7), a_subscriber(8)):
            session.add(person)
            await session.flush()
            session.add(a_subscription(daily.id or 0, person.id or 0))
        (await session.get_one(Subscriber, 1)).disabled_reason = "bounces"
        (await session.get_one(Source, 1)).items_a_day = 7.5
    for path, etag in read.items():
        again = await program.get(path, headers={"if-none-match": etag})
        assert (again.status_code, again.headers["etag"] != etag) == (200, True), (
            f"{path}: an old count is kept"
        )
    changes = {paths[0]: {"min_stories": 4}, paths[1]: {"choices": {"hour": 9}}}
    for path, body in changes.items():
        done = await program.asks("PATCH", path, body, headers={"if-match": f"W/{read[path]}"})
        assert done.status_code == 200, path
        assert done.headers["etag"] == (await program.get(path)).headers["etag"]
    for path in paths[2:]:
        assert (await program.asks("DELETE", path, headers={"if-match": read[path]})).status_code == 204, path
    tag = await program.asks(
        "PUT", "/lists/daily/subscribers/1/tags/vip", headers={"if-match": read[paths[1]]}
    )
    assert tag.status_code == 412, "a tag shows nothing that could have been read"
