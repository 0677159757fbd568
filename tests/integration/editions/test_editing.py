"""Editing a composed edition: recorded, undone, kept through a refresh; two at once lose nothing."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.errors import RefusedError
from digest.model import Approval, Delivery, Edition, EditionContent, MailingList
from digest.services.app import App
from digest.services.editions import publish
from digest.services.editions.editing import editing, refreshing
from digest.services.editions.editing.doubts import doubts_of
from digest.services.editions.editing.editing import EditConflictError
from digest.services.editions.editing.requests import EditRequest
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from tests.builders import an_article, hours_ago
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import DUE, a_morning

MINUTE = timedelta(minutes=1)
AMAL, BADR = "desk:amal@news.example", "desk:badr@news.example"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(DUE - 30 * MINUTE)


@pytest.fixture
async def daily(app: App) -> MailingList:
    return await a_morning(app, approval=Approval.OPTIONAL, min_stories=1)


@pytest.fixture
async def draft(app: App, daily: MailingList) -> Edition:
    made = await publish.make_due(app, daily.id or 0)
    assert made is not None
    return made


async def content_of(app: App, daily: MailingList) -> EditionContent:
    found = await publish.by_number(app, daily, 1)
    return EditionContent.model_validate(found.content)


async def does(
    app: App, daily: MailingList, by: str = AMAL, seen: int | None = None, **asked: object
) -> Edition:
    edition = await publish.by_number(app, daily, 1)
    request = EditRequest(**asked)  # type: ignore[arg-type]
    version = edition.version if seen is None else seen
    return (await editing.edit(app, daily, 1, request, by, seen=version)).edition


async def test_an_edit_is_told_by_the_mail_and_the_composed_words_are_kept(
    app: App, daily: MailingList, draft: Edition
):
    first = (await content_of(app, daily)).stories[0]
    changed = await does(app, daily, action="words", story=first.key, headline="جسر المرفأ يُفتح غدًا")
    assert changed.version == draft.version + 1
    assert (await content_of(app, daily)).stories[0].headline == "جسر المرفأ يُفتح غدًا"
    assert changed.composed == draft.content
    await publish.approve_draft(app, changed, AMAL)
    app.clock.forward(30 * MINUTE)  # type: ignore[attr-defined]
    assert await publish.start_approved(app, changed.id or 0)
    await deliver_edition(app, changed.id or 0, lambda _: None)
    async with app.database.begin() as session:
        assert len((await session.exec(select(Delivery))).all()) == 3
    with pytest.raises(RefusedError) as refused:
        await does(app, daily, action="drop", story=first.key)
    assert refused.value.reason == "not_open"


async def test_undo_takes_the_last_edit_back_and_no_other(app: App, daily: MailingList, draft: Edition):
    before = await content_of(app, daily)
    one, other = before.stories[0].key, before.stories[1].key
    await does(app, daily, action="drop", story=one)
    after_one = await content_of(app, daily)
    changed = await does(app, daily, action="pin", story=other)
    with pytest.raises(RefusedError):
        await editing.undo(app, daily, 1, seen=changed.version - 1)
    undone = await editing.undo(app, daily, 1, seen=changed.version)
    assert await content_of(app, daily) == after_one
    last = await editing.undo(app, daily, 1, seen=undone.edition.version)
    assert await content_of(app, daily) == before
    with pytest.raises(RefusedError) as refused:
        await editing.undo(app, daily, 1, seen=last.edition.version)
    assert refused.value.reason == "no_edit"


async def test_two_who_edit_at_once_lose_nothing(
    app: App, database: Database, clock: FixedClock, daily: MailingList, draft: Edition
):
    keys = [one.key for one in (await content_of(app, daily)).stories]
    apps = [app, an_app(database, FakeMailer(), clock)]
    await asyncio.gather(
        does(apps[0], daily, seen=draft.version, action="words", story=keys[0], headline="عنوان كتبته أمل"),
        does(
            apps[1], daily, BADR, seen=draft.version, action="words", story=keys[1], headline="عنوان كتبه بدر"
        ),
    )
    headlines = {one.headline for one in (await content_of(app, daily)).stories}
    assert headlines >= {"عنوان كتبته أمل", "عنوان كتبه بدر"}
    with pytest.raises(EditConflictError) as refused:
        await does(
            app, daily, seen=draft.version, action="words", story=keys[1], headline="عنوان كتبته أمل هنا"
        )
    assert (refused.value.theirs, refused.value.by) == ("عنوان كتبه بدر", BADR)
    await does(app, daily, action="words", story=keys[1], headline="ما اتفقا عليه")
    assert "ما اتفقا عليه" in {one.headline for one in (await content_of(app, daily)).stories}


async def test_edits_survive_a_refresh_and_what_came_in_is_told(
    app: App, clock: FixedClock, daily: MailingList, draft: Edition
):
    keys = [one.key for one in (await content_of(app, daily)).stories]
    await does(app, daily, action="words", story=keys[0], headline="عنوان محرَّر", text="ملخص محرَّر.")
    await does(app, daily, action="drop", story=keys[1])
    await does(app, daily, action="add", headline="إعلان من هيئة التحرير", text="نص الإعلان.")
    changed = await does(app, daily, action="subject", text="عنوان الرسالة")
    async with app.database.begin() as session:
        session.add(
            an_article(
                title="حريق في سوق الجملة ولا إصابات",
                content_hash="new",
                source_name="الساحل",
                section="local",
                url="https://marfa.example/new",
                published_at=hours_ago(1.2),
                first_seen_at=hours_ago(1.1),
                paragraphs=["سيطرت فرق الإطفاء على حريق شب في سوق الجملة، ولم تقع إصابات."],
            )
        )
    clock.forward(10 * MINUTE)
    refreshed = await refreshing.refresh(app, daily, 1, seen=changed.version)
    assert refreshed.after["came"] == "1"
    content = await content_of(app, daily)
    told = {one.key: one for one in content.stories}
    assert told[keys[0]].headline == "عنوان محرَّر"
    assert told[keys[0]].summary.text == "ملخص محرَّر."
    assert keys[1] not in told
    headlines = [one.headline for one in content.stories]
    assert "إعلان من هيئة التحرير" in headlines
    assert "حريق في سوق الجملة ولا إصابات" in headlines
    assert content.subject == "عنوان الرسالة"
    with pytest.raises(RefusedError):
        await refreshing.refresh(app, daily, 1, seen=changed.version)


async def test_the_guard_warns_of_what_the_articles_do_not_say(app: App, daily: MailingList, draft: Edition):
    story = next(one for one in (await content_of(app, daily)).stories if "جسر" in one.headline)
    await does(app, daily, action="words", story=story.key, headline="افتتاح جسر المرفأ بطول ٩٩٠٠ متر")
    doubts = await doubts_of(app, await content_of(app, daily))
    assert any(one.startswith("number") for one in doubts[story.key])
    await does(app, daily, action="words", story=story.key, headline="افتتاح جسر المرفأ بطول ١٢٠٠ متر")
    assert await doubts_of(app, await content_of(app, daily)) == {}


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"action": "fly"}, "no_action"),
        ({"action": "drop", "story": "0000"}, "no_such_story"),
        ({"action": "drop"}, "no_such_story"),
        ({"action": "restore", "story": "0000"}, "no_such_story"),
        ({"action": "words", "headline": " \u202e "}, "empty"),
        ({"action": "words", "headline": "ا" * 251}, "too_long"),
        ({"action": "move", "section": "nosuch"}, "no_section"),
        ({"action": "split", "articles": (1,)}, "split_some"),
        ({"action": "title", "articles": (7,)}, "no_article"),
        ({"action": "add", "headline": "إعلان", "url": "javascript:alert(1)"}, "url"),
        ({"action": "subject", "text": "ا" * 151}, "too_long"),
    ],
)
async def test_what_cannot_be_done_is_refused_and_nothing_changes(
    app: App, daily: MailingList, draft: Edition, asked: dict[str, object], reason: str
):
    before = await content_of(app, daily)
    if asked["action"] in {"words", "move", "split", "title"}:
        asked = {"story": before.stories[0].key, **asked}
    with pytest.raises(RefusedError) as refused:
        await does(app, daily, **asked)
    assert refused.value.reason == reason
    assert await content_of(app, daily) == before


async def test_a_form_that_is_sent_twice_adds_one_item(app: App, daily: MailingList, draft: Edition):
    for _ in range(2):
        await does(app, daily, action="add", headline="إعلان", text="نص.", seen=draft.version)
    assert [one.headline for one in (await content_of(app, daily)).stories].count("إعلان") == 1
