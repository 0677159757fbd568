"""What a list reads, and why a story is in an edition or is not."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select

from digest.collect.failures import Happening
from digest.model import Edit, Edition, EditKind, ListSource, MailingList, Role
from digest.model.news.source import SourceEvent
from digest.services.app import App
from digest.services.editions.composing.explain import cases_of
from digest.storage.editions import edits
from tests.builders import a_source, a_subscriber, a_subscription, an_article, hours_ago
from tests.integration.desk.conftest import Joins
from tests.integration.desk.sources.keeping import Log, has


async def test_a_list_reads_what_its_editor_chose_by_its_own_weights(
    joins: Joins, app: App, daily: MailingList, other: MailingList, logged: Log
):
    await has(app, one := a_source(), two := a_source(location="https://sahl.example/rss", name="السهل"))
    editor = await joins(Role.EDITOR, daily.id)
    form = {"read": [str(two.id)], f"weight-{two.id}": "٢", f"weight-{one.id}": "1"}
    answer = await editor.sends("/desk/lists/daily/sources/set", form)
    assert answer.status_code == 303
    async with app.database.read() as session:
        rows = {row.source_id: row for row in (await session.exec(select(ListSource))).all()}
    assert not rows[one.id or 0].is_read
    assert rows[two.id or 0].weight == 2.0
    assert (await logged())[0].after["weights"] == {"السهل": 2.0}
    assert (await editor.sends("/desk/lists/daily/sources/set", {})).status_code == 422
    assert (await editor.sends("/desk/lists/sport/sources/set", form)).status_code == 404
    assert (await editor.sends(f"/desk/sources/{one.id}/pause")).status_code == 403


async def test_why_answers_for_what_is_in_and_for_each_way_of_not_being_in(
    joins: Joins, app: App, daily: MailingList
):
    await has(app, source := a_source(), left := a_source(location="https://sahl.example/rss", name="السهل"))
    own = {"source_id": source.id}
    await has(
        app,
        an_article(**own),
        an_article(title="موسم الزيتون في الجنوب", source_id=left.id, source_name="السهل"),
        an_article(title="معرض الكتاب يفتح أبوابه", published_at=hours_ago(100), first_seen_at=hours_ago(99), **own),
        ListSource(list_id=daily.id or 0, source_id=left.id or 0, is_read=False),
        SourceEvent(source_id=source.id, at=hours_ago(3), reason=Happening.QUARANTINED.value, message="Put aside.",
                    message_ar="لم يُقبل.", detail="سباق الخيل: left out, no title."),
    )  # fmt: skip
    viewer = await joins(Role.VIEWER, daily.id)

    async def says(story: str) -> str:
        return (await viewer.opens(f"/desk/lists/daily/why?story={story}")).text

    inside = await says("جسر المرفأ")
    assert "في القسم، ورتبته" in inside
    assert "نُشر قبل" in inside
    assert "لا تقرأ «<bdi>السهل</bdi>»" in await says("موسم الزيتون")
    assert "خارج مدة هذا العدد" in await says("معرض الكتاب")
    assert "سباق الخيل: تُركت، فلا عنوان لها" in await says("سباق الخيل")
    assert "لم يصل إلينا شيء كهذا" in await says("كأس العالم")
    assert "من المصادر" in await says("https://elsewhere.example/story")
    known = await says("https://marfa.example/never-came")
    assert "لم يصل إلينا شيء كهذا" in known
    assert f"/desk/sources/{source.id}" in known


async def test_what_a_reader_muted_or_did_not_choose_is_told_to_who_looks_after_people(
    joins: Joins, app: App, daily: MailingList
):
    await has(app, source := a_source(), person := a_subscriber())
    await has(app, an_article(source_id=source.id))
    choices = {"muted_words": ["المرفأ"], "sections": ["economy"]}
    await has(app, reader := a_subscription(daily.id or 0, person.id or 0, **choices))
    manager, viewer = await joins(Role.LIST_MANAGER, daily.id), await joins(Role.VIEWER, daily.id)
    asked = f"/desk/lists/daily/why?story=جسر المرفأ&reader={person.email}"
    assert "حجب كلمة فيه" in (await manager.opens(asked)).text
    assert "حجب كلمة فيه" not in (await viewer.opens(asked)).text
    async with app.database.begin() as session:
        reader.muted_words, reader.sections = [], ["sport"]
        await session.merge(reader)
    assert "ليس مما اختاره" in (await manager.opens(asked)).text
    nobody = await manager.opens(asked.replace("reader1", "nobody"))
    assert "لا أحد بهذا العنوان" in nobody.text


async def test_odd_questions_get_an_answer(joins: Joins, daily: MailingList):
    viewer = await joins(Role.VIEWER)
    for query in (
        "",
        "?story=%00",
        "?story=" + "أ" * 600,
        "?story=x&date=2026-13-40",
        "?story=%25&date=1900-01-01",
    ):
        assert (await viewer.opens(f"/desk/lists/daily/why{query}")).status_code == 200, query


async def test_what_an_editor_left_out_is_told_as_theirs(joins: Joins, app: App, daily: MailingList):
    await has(app, source := a_source(), an_article(source_id=source.id))
    viewer = await joins(Role.VIEWER, daily.id)
    (case,) = await cases_of(app, daily)
    async with app.database.begin() as session:
        edition = (await session.exec(select(Edition))).one()
        now = app.clock.now()
        edition.local_date = now.astimezone(ZoneInfo(daily.timezone)).date()
        edition.window_start, edition.window_end = now - timedelta(days=2), now
        edit = Edit(kind=EditKind.DROP, story=case.story.key)
        session.add(edits.row_of(edition.id or 0, 2, edit, "desk:sara@news.example", now))
    page = (await viewer.opens("/desk/lists/daily/why?story=جسر المرفأ")).text
    assert "حذفه محرر من هذا العدد (<bdi>المكتب: sara@news.example</bdi>)" in page
    async with app.database.begin() as session:
        edit = Edit(kind=EditKind.RESTORE, story=case.story.key)
        session.add(edits.row_of(edition.id or 0, 3, edit, "desk:sara@news.example", now))
    assert "حذفه محرر" not in (await viewer.opens("/desk/lists/daily/why?story=جسر المرفأ")).text
