"""The page on which a reader chooses sections, and how often."""

from dataclasses import replace
from datetime import timedelta

import pytest

from digest.model import AlertChoice, Frequency, Subscriber
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.choices.rules import Preferences
from digest.storage.audience import subscribers
from tests.integration.web.choices.chosen import WHOLE, wish_of
from tests.integration.web.conftest import Reader


async def test_a_reader_chooses_sections_and_a_letter_a_week(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    shown = (await reader.opens(path)).text
    assert shown.count('name="section"') == shown.count(" checked> <span") == 11
    assert 'value="daily" checked' in shown
    answer = await reader.sends(path, {"section": ["sport", "economy"], "frequency": "weekly"})
    assert answer.status_code == 200
    assert "حُفظت تفضيلاتك" in answer.text
    assert answer.text.count(" checked> <span") == 2
    assert 'value="weekly" checked' in answer.text
    wish = await wish_of(app, amal)
    assert wish.sections == ["economy", "sport"]
    assert wish.frequency is Frequency.WEEKLY


async def test_all_sections_are_those_to_come_as_well(reader: Reader, app: App, amal: Subscriber):
    every = [spec.key for spec in lists.specs(await lists.ensure(app, "daily"))]
    path = app.links.preferences("daily", amal.key)
    await reader.sends(path, {"section": every[:1], "frequency": "daily"})
    assert (await wish_of(app, amal)).sections == every[:1]
    await reader.sends(path, {"section": [*every, "of no list"], "frequency": "daily"})
    assert (await wish_of(app, amal)).sections is None


async def test_who_chooses_nothing_keeps_what_was(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    await reader.sends(path, {"section": "sport", "frequency": "daily"})
    answer = await reader.sends(path, {"frequency": "weekly"})
    assert answer.status_code == 422
    assert "لم يُحفظ شيء" in answer.text
    wish = await wish_of(app, amal)
    assert (wish.sections, wish.frequency) == (["sport"], Frequency.DAILY)


async def test_a_weekly_list_offers_no_other_rhythm(reader: Reader, app: App, amal: Subscriber):
    await lists.change(app, "daily", {"layout": "weekly"})
    path = app.links.preferences("daily", amal.key)
    assert 'name="frequency"' not in (await reader.opens(path)).text
    assert (await reader.sends(path, {"section": "sport", "frequency": "weekly"})).status_code == 422


async def test_a_reader_chooses_alerts_and_has_none_before(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    assert 'name="alerts" value="none" checked' in (await reader.opens(path)).text
    answer = await reader.sends(path, {"section": "sport", "alerts": "big"})
    assert 'name="alerts" value="big" checked' in answer.text
    assert (await wish_of(app, amal)).alerts is AlertChoice.BIG


async def test_a_form_that_says_nothing_of_alerts_leaves_them_as_they_are(
    reader: Reader, app: App, amal: Subscriber
):
    path = app.links.preferences("daily", amal.key)
    await reader.sends(path, {"section": "sport", "alerts": "all"})
    for form in ({"section": "sport"}, {"section": "sport", "alerts": "loud"}):
        await reader.sends(path, form)
        assert (await wish_of(app, amal)).alerts is AlertChoice.ALL


async def test_all_that_the_page_offers_is_kept_and_shown(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    answer = await reader.sends(path, WHOLE)
    assert answer.status_code == 200
    chosen = Preferences.of(await wish_of(app, amal))
    assert chosen == Preferences(
        sections=("world", "economy", "sport"),
        order=("sport", "world"),
        never=("misc",),
        days=(0, 6),
        hour=20,
        timezone="Africa/Cairo",
        headlines_only=True,
        digits="latn",
        hijri=False,
        muted_words=("كرة القدم", "الدوري", "القمح"),
        muted_outlets=("المرفأ",),
    )
    again = (await reader.opens(path)).text
    assert 'value="20" selected' in again
    assert 'value="Africa/Cairo">' in again
    assert "كرة القدم\nالدوري\nالقمح" in again
    assert "القاهرة" in again


async def test_a_form_of_before_changes_nothing_that_it_does_not_know(
    reader: Reader, app: App, amal: Subscriber
):
    path = app.links.preferences("daily", amal.key)
    await reader.sends(path, WHOLE)
    before = Preferences.of(await wish_of(app, amal))
    await reader.sends(path, {"section": ["sport"], "frequency": "daily"})
    assert Preferences.of(await wish_of(app, amal)) == replace(before, sections=("sport",))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("timezone", "Mars/Olympus", "لا توجد منطقة زمنية"),
        ("timezone", "\x00" * 3, "لا توجد منطقة زمنية"),
        ("hour", "24", "الساعة من ٠ إلى ٢٣"),
        ("day", "9", "اختر يومًا"),
        ("muted_words", "\n".join(f"كلمة{n}" for n in range(21)), "عشرين"),
        ("digits", "roman", "هذه الأرقام"),
        ("section", "none", "اختر قسمًا"),
    ],
)
async def test_what_cannot_be_is_said_and_keeps_what_was(
    reader: Reader, app: App, amal: Subscriber, field: str, value: str, said: str
):
    path = app.links.preferences("daily", amal.key)
    before = Preferences.of(await wish_of(app, amal))
    answer = await reader.sends(path, WHOLE | {field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert Preferences.of(await wish_of(app, amal)) == before


async def test_a_pause_is_made_shown_and_ended(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    answer = await reader.sends(f"{path}/pause", {"days": "7"})
    assert answer.status_code == 303
    until = (await wish_of(app, amal)).paused_until
    assert until is not None
    assert timedelta(days=6) < until - app.clock.now() <= timedelta(days=7)
    shown = (await reader.opens(answer.headers["location"])).text
    assert "أُوقف الإرسال مؤقتًا" in shown
    assert "الإرسال موقوف حتى <bdi>" in shown
    await reader.sends(f"{path}/pause", {"end": "1"})
    assert (await wish_of(app, amal)).paused_until is None
    assert "الإرسال موقوف حتى" not in (await reader.opens(path)).text


@pytest.mark.parametrize("days", ["0", "-1", "366", "x", "", "9" * 5000])
async def test_a_pause_of_no_days_or_of_years_is_refused(
    reader: Reader, app: App, amal: Subscriber, days: str
):
    answer = await reader.sends(app.links.preferences("daily", amal.key) + "/pause", {"other": days})
    assert answer.status_code == 422
    assert "مدة الإيقاف" in answer.text
    assert (await wish_of(app, amal)).paused_until is None


async def test_the_address_of_a_pause_opened_by_hand_does_nothing(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    assert (await reader.opens(f"{path}/pause")).status_code == 405
    assert (await wish_of(app, amal)).paused_until is None


async def test_who_left_meanwhile_is_not_taken_back_by_a_choice(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    await reader.sends(app.links.unsubscribe("daily", amal.key))
    assert (await reader.sends(path, {"section": "sport"})).status_code == 422
    wish = await wish_of(app, amal)
    assert (wish.state.value, wish.sections) == ("left", None)
    async with app.database.begin() as session:
        assert not await subscribers.keep_preferences(
            session, wish.list_id, wish.subscriber_id, {"sections": ["sport"]}
        )
