"""Sources looked after at the desk: set, paused, removed, cleaned by rules."""

from datetime import timedelta

from digest.model import MailingList, Role
from digest.model.news.source import SourceEvent
from digest.services.app import App
from digest.services.sources.health import HealthWord
from tests.builders import a_source, hours_ago
from tests.integration.collect.site import Site
from tests.integration.desk.conftest import Hands, Joins
from tests.integration.desk.sources.keeping import Log, has, kept
from tests.unit.collect.pages import a_page


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
    assert set(states) == set(HealthWord)
    made = [a_source(name=name, location=f"https://{name}.example/", **more) for name, more in states.items()]
    await has(app, *made)
    viewer = await joins(Role.VIEWER)
    page = (await viewer.opens("/desk/sources")).text
    for name in states:
        assert f'health-{name}"' in page, name
    places = [page.index(f'health-{name}"') for name in HealthWord]
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


async def test_reading_now_puts_no_visit_off(joins: Joins, app: App, clock: Hands, daily: MailingList):
    await has(app, source := a_source(next_poll_at=clock.now() + timedelta(hours=5)))
    editor = await joins(Role.EDITOR)
    assert (await editor.sends(f"/desk/sources/{source.id}/visit")).status_code == 303
    [now] = await kept(app)
    assert now.next_poll_at is not None
    assert now.next_poll_at <= clock.now()
