"""The pages of sources: found and looked at before they are kept, looked after, cleaned; why a story is
in.
"""

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from digest.bootstrap import opened
from digest.collect.failures import Happening
from digest.model import AuditEntry, ListSource, MailingList, Role, Source
from digest.model.news.source import SourceEvent
from digest.services.app import App
from digest.services.sources.health import STATES
from digest.settings import Settings
from digest.storage.database.engine import Database
from tests.builders import a_source, a_subscriber, a_subscription, an_article, hours_ago
from tests.integration.collect.site import Site, a_feed
from tests.integration.desk.conftest import SITE, Hands, Joins
from tests.unit.collect.pages import a_page

ANNOUNCES = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed.xml'></head><body></body></html>"
Log = Callable[[], Awaitable[list[AuditEntry]]]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as started:
        yield started


@pytest.fixture
async def app(
    site: Site, database: Database, database_url: str, tmp_path: Path, clock: Hands
) -> AsyncIterator[App]:
    del database
    settings = Settings.model_validate(
        {
            "database": {"url": database_url, "busy_seconds": 10},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "web": {"public_url": SITE, "secret": "a key for tests"},
            "collect": {"allow_hosts": [site.host], "readers": 0, "total_seconds": 3, "full_text": False},
        }
    )
    async with opened(settings, clock=clock) as made:
        yield made


async def kept(app: App) -> list[Source]:
    async with app.database.read() as session:
        return list((await session.exec(select(Source).order_by(Source.id))).all())  # type: ignore[arg-type]


async def has(app: App, *rows: object) -> None:
    async with app.database.begin() as session:
        session.add_all(rows)


async def test_a_sites_address_alone_shows_its_feed_with_articles_and_keeps_nothing(
    joins: Joins, app: App, site: Site, daily: MailingList
):
    site.publishes("/", ANNOUNCES, content_type="text/html")
    site.publishes("/feed.xml", a_feed(1, 2, 3))
    editor = await joins(Role.EDITOR)
    shown = await editor.sends("/desk/sources/find", {"location": site.address()})
    assert shown.status_code == 200
    assert site.address("/feed.xml") in shown.text
    assert "الخبر رقم 3 من الميناء" in shown.text
    assert await kept(app) == []


async def test_what_was_looked_at_is_kept_with_its_weight_and_stands_in_the_log(
    joins: Joins, app: App, site: Site, daily: MailingList, logged: Log
):
    feed = site.publishes("/feed.xml", a_feed(1, 2))
    editor = await joins(Role.EDITOR)
    form = {
        "location": feed,
        "name": "المرفأ",
        "section": "economy",
        "standing": "١٫٥",
        "headline_only": "yes",
    }
    answer = await editor.sends("/desk/sources/add", form)
    assert answer.status_code == 303
    [source] = await kept(app)
    assert (source.name, source.section, source.standing) == ("المرفأ", "economy", 1.5)
    assert source.rights.value == "headline"
    assert answer.headers["location"] == f"/desk/sources/{source.id}?done=source_added"
    [entry] = await logged()
    assert (entry.act, entry.about, entry.after["standing"]) == ("sources.add", feed, 1.5)
    again = await editor.sends("/desk/sources/add", form)
    assert again.status_code == 422
    assert len(await kept(app)) == 1


@pytest.mark.parametrize(
    "location", ["", "/etc/passwd", "file:///etc", "imaps://a@b.example/INBOX", "javascript:alert(1)", "https://"]
)  # fmt: skip
async def test_no_path_of_the_machine_and_no_mailbox_is_added_at_the_desk(
    joins: Joins, app: App, site: Site, daily: MailingList, location: str
):
    editor = await joins(Role.EDITOR)
    for act in ("find", "add"):
        answer = await editor.sends(f"/desk/sources/{act}", {"location": location})
        assert answer.status_code == 422, act
        assert 'id="problem"' in answer.text
    assert await kept(app) == []
    assert site.asked == []


async def test_an_address_of_the_own_network_is_never_asked(joins: Joins, app: App, daily: MailingList):
    editor = await joins(Role.EDITOR)
    answer = await editor.sends("/desk/sources/find", {"location": "http://10.0.0.1/feed.xml"})
    assert answer.status_code == 422
    assert "collect.allow_hosts" in answer.text


async def test_a_site_that_forbids_is_told_in_words(joins: Joins, site: Site, daily: MailingList):
    editor = await joins(Role.EDITOR)
    answer = await editor.sends("/desk/sources/find", {"location": site.publishes("/feed.xml", "", 403)})
    assert answer.status_code == 422
    assert "يمنع 127.0.0.1 البرامج من قراءة هذا العنوان" in answer.text


async def test_every_state_of_a_source_has_its_words(joins: Joins, app: App, daily: MailingList):
    fresh = {"last_success_at": hours_ago(1), "last_item_at": hours_ago(1)}
    states = {
        "well": {**fresh, "seen_items": 9, "undated_items": 2, "read_seconds": 0.4},
        "empty": {**fresh, "seen_items": 0, "undated_items": 0},
        "undated": {**fresh, "seen_items": 5, "undated_items": 5},
        "slow": {**fresh, "seen_items": 5, "undated_items": 0, "read_seconds": 12.0},
        "silent": {**fresh, "last_item_at": hours_ago(24 * 9)},
        "failing": {**fresh, "failures": 3, "last_error": "403"},
        "muted": {"muted_reason": "gone (410)"},
        "off": {"enabled": False},
        "new": {},
    }
    assert set(states) == set(STATES)
    made = [a_source(name=name, location=f"https://{name}.example/", **more) for name, more in states.items()]
    await has(app, *made)
    viewer = await joins(Role.VIEWER)
    page = (await viewer.opens("/desk/sources")).text
    for name in states:
        assert f'health-{name}"' in page, name
    places = [page.index(f'health-{name}"') for name in STATES]
    assert places == sorted(places)


async def test_what_happened_and_what_was_put_aside_stands_on_its_page(
    joins: Joins, app: App, daily: MailingList
):
    source = a_source(failures=2, last_error="403", last_success_at=hours_ago(90))
    await has(app, source)
    event = {"source_id": source.id, "message": "It forbids.", "message_ar": "يمنعنا الموقع (403)."}
    await has(
        app,
        SourceEvent(at=hours_ago(2), reason="forbidden", **event),
        SourceEvent(at=hours_ago(5), reason="quarantined", detail="بلا عنوان ولا نص", **event),
    )
    page = (await (await joins(Role.VIEWER)).opens(f"/desk/sources/{source.id}")).text
    assert "يمنعنا الموقع (403)." in page
    assert "بلا عنوان ولا نص" in page
    assert "/remove" not in page


async def test_an_editor_sets_pauses_and_lets_go_on_and_each_is_written_down(
    joins: Joins, app: App, daily: MailingList, logged: Log
):
    await has(app, source := a_source())
    here = f"/desk/sources/{source.id}"
    editor = await joins(Role.EDITOR)
    form = {"name": "مرفأ الأخبار", "section": "", "standing": "2", "zone": "Africa/Cairo"}
    assert (await editor.sends(f"{here}/set", form)).status_code == 303
    assert (await editor.sends(f"{here}/pause")).status_code == 303
    [paused] = await kept(app)
    assert (paused.name, paused.standing, paused.timezone, paused.enabled) == (
        "مرفأ الأخبار", 2.0, "Africa/Cairo", False,
    )  # fmt: skip
    assert (await editor.sends(f"{here}/resume")).status_code == 303
    [going] = await kept(app)
    assert going.enabled
    assert [one.act for one in await logged()] == ["sources.set", "sources.pause", "sources.resume"]
    assert (await logged())[0].before["standing"] == 1.0
    for wrong in (
        {"standing": "4"},
        {"standing": "x"},
        {"zone": "Mars/Base"},
        {"name": " "},
        {"section": "no"},
    ):
        assert (await editor.sends(f"{here}/set", {**form, **wrong})).status_code == 422, wrong
    assert len(await logged()) == 3


async def test_a_source_is_removed_only_by_who_says_that_it_is_meant(
    joins: Joins, app: App, daily: MailingList
):
    await has(app, source := a_source())
    editor = await joins(Role.EDITOR)
    assert (await editor.sends(f"/desk/sources/{source.id}/remove")).status_code == 422
    assert len(await kept(app)) == 1
    assert (await editor.sends(f"/desk/sources/{source.id}/remove", {"sure": "yes"})).status_code == 303
    assert await kept(app) == []


async def test_rules_are_tried_on_a_page_before_they_are_kept_and_then_hold(
    joins: Joins, app: App, site: Site, daily: MailingList, logged: Log
):
    page = site.publishes("/n/1", a_page(middle="<p>خاصّ بالمرفأ: ينشر هذا النص باتفاق خاص مع الكاتب</p>"))
    await has(app, source := a_source(location=site.address("/feed.xml")))
    here = f"/desk/sources/{source.id}"
    editor = await joins(Role.EDITOR)
    rules = {"noise": "ينشر هذا النص باتفاق", "stop": "", "selector": "", "page": page}
    tried = await editor.sends(f"{here}/clean", {**rules, "do": "try"})
    assert tried.status_code == 200
    assert "<del>خاصّ بالمرفأ" in tried.text
    assert (await kept(app))[0].cleaning == {}
    assert await logged() == []
    assert (await editor.sends(f"{here}/clean", {**rules, "do": "keep"})).status_code == 303
    assert (await kept(app))[0].cleaning["noise"] == ["ينشر هذا النص باتفاق"]
    after = await editor.sends(f"{here}/clean", {**rules, "do": "try"})
    assert "<del>" not in after.text
    many = {**rules, "do": "keep", "noise": "\n".join(f"عبارة {n}" for n in range(60))}
    assert (await editor.sends(f"{here}/clean", many)).status_code == 422


async def test_a_source_that_is_named_like_anothers_number_hides_nothing(
    joins: Joins, app: App, daily: MailingList
):
    await has(app, one := a_source())
    await has(app, a_source(location="https://sahl.example/rss", name=str(one.id)))
    page = await (await joins(Role.VIEWER)).opens(f"/desk/sources/{one.id}")
    assert page.status_code == 200
    assert "المرفأ" in page.text


async def test_opml_goes_out_and_comes_in_again(joins: Joins, app: App, daily: MailingList, logged: Log):
    await has(app, a_source(), a_source(location="https://sahl.example/rss", name="السهل"))
    editor = await joins(Role.EDITOR)
    written = await editor.opens("/desk/sources.opml")
    assert "attachment" in written.headers["content-disposition"]
    for source in await kept(app):
        await editor.sends(f"/desk/sources/{source.id}/remove", {"sure": "yes"})
    assert (await editor.sends("/desk/sources/import", {"opml": written.text})).status_code == 303
    assert {one.name for one in await kept(app)} == {"المرفأ", "السهل"}
    assert (await logged())[-1].after == {"added": 2, "known": 0}
    for wrong in ("", "لا شيء", "<opml"):
        assert (await editor.sends("/desk/sources/import", {"opml": wrong})).status_code == 422, wrong


FILE = """<?xml version="1.0" encoding="windows-1256"?><opml version="2.0"><body><outline text="صحف">
<outline text="السهل" xmlUrl="https://sahl.example/rss"/><outline text="المرفأ" xmlUrl="{known}"/></outline>
<outline text="الجبل" xmlUrl="https://jabal.example/rss"/><outline text="داخلي" xmlUrl="http://192.168.1.1/rss"/>
<outline text="ملف" xmlUrl="file:///etc/passwd"/></body></opml>"""


async def test_what_an_opml_file_brings_is_shown_before_it_is_taken_in_one_act(
    joins: Joins, app: App, daily: MailingList, logged: Log
):
    await has(app, known := a_source())
    editor = await joins(Role.EDITOR)
    body = FILE.format(known=known.location).encode("windows-1256")
    head = {"sec-fetch-site": "same-origin"}
    shown = await editor.client.post(
        "/desk/uploads/sources", files={"file": ("feeds.opml", body)}, headers=head
    )
    assert shown.status_code == 200
    for words in (
        "مصادر جديدة: ٢",
        "السهل",
        "الجبل",
        "لا تُضاف: ٢",
        "http://192.168.1.1/rss",
        "file:///etc/passwd",
    ):
        assert words in re.sub("<[^>]*>", "", shown.text), words
    assert len(await kept(app)) == 1
    assert await logged() == [], "looking is no act"
    text = html.unescape(shown.text.partition('name="opml" hidden readonly>')[2].partition("</textarea>")[0])
    again = {"files": {"none": ("", b"")}, "data": {"opml": text}, "headers": head}
    for _ in range(2):
        assert (await editor.client.post("/desk/uploads/sources/take", **again)).status_code == 303
    assert {one.name for one in await kept(app)} == {"المرفأ", "السهل", "الجبل"}
    (entry,) = await logged()
    assert (entry.act, entry.after) == ("sources.import", {"added": 2, "known": 0})


async def test_an_opml_file_has_a_meter_of_its_own(joins: Joins, app: App, daily: MailingList):
    editor = await joins(Role.EDITOR)
    head = {"sec-fetch-site": "same-origin"}
    large = {"file": ("feeds.opml", b"<opml>" + b" " * 2_100_000)}
    answer = await editor.client.post("/desk/uploads/sources", files=large, headers=head)
    assert answer.status_code == 413
    many = "".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(2_001))
    for wrong in (b"", b"no", f"<opml><body>{many}</body></opml>".encode()):
        answer = await editor.client.post(
            "/desk/uploads/sources", files={"file": ("feeds.opml", wrong)}, headers=head
        )
        assert answer.status_code == 422
        assert "ليس ملف OPML" in answer.text


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
    assert "left out, no title" in await says("سباق الخيل")
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


async def test_reading_now_puts_no_visit_off(joins: Joins, app: App, clock: Hands, daily: MailingList):
    await has(app, source := a_source(next_poll_at=clock.now() + timedelta(hours=5)))
    editor = await joins(Role.EDITOR)
    assert (await editor.sends(f"/desk/sources/{source.id}/visit")).status_code == 303
    [now] = await kept(app)
    assert now.next_poll_at is not None
    assert now.next_poll_at <= clock.now()
