"""The page on which a reader chooses sections, and how often."""

from sqlmodel import select

from digest.model import AlertChoice, Frequency, Subscriber, Subscription
from digest.services.app import App
from digest.services.audience import lists
from digest.storage.audience import subscribers
from tests.integration.web.conftest import Reader


async def wish_of(app: App, person: Subscriber) -> Subscription:
    async with app.database.begin() as session:
        query = select(Subscription).where(Subscription.subscriber_id == person.id)
        return (await session.exec(query)).one()


async def test_a_reader_chooses_sections_and_a_letter_a_week(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    shown = (await reader.opens(path)).text
    assert shown.count('type="checkbox"') == shown.count(" checked> <span")
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


async def test_who_left_meanwhile_is_not_taken_back_by_a_choice(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    await reader.sends(app.links.unsubscribe("daily", amal.key))
    assert (await reader.sends(path, {"section": "sport"})).status_code == 422
    wish = await wish_of(app, amal)
    assert (wish.state.value, wish.sections) == ("left", None)
    async with app.database.begin() as session:
        assert not await subscribers.keep_preferences(
            session, wish.list_id, wish.subscriber_id, ["sport"], Frequency.DAILY
        )
