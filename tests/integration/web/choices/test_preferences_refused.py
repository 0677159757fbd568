"""What a reader writes wrongly on the page of preferences, or too late, is answered there in words of the
list.
"""

import pytest
from sqlmodel import select

from digest.model import Subscriber, Subscription
from digest.services.app import App
from tests.integration.web.conftest import Reader

WHOLE = {"whole": "1", "section": ["sport", "economy"], "frequency": "daily"}


async def kept(app: App, person: Subscriber) -> Subscription:
    async with app.database.begin() as session:
        return (await session.exec(select(Subscription).where(Subscription.subscriber_id == person.id))).one()


async def test_quiet_hours_are_chosen_on_the_page_and_emptied_again(
    reader: Reader, app: App, amal: Subscriber
):
    path = app.links.preferences("daily", amal.key)
    hours = {"has": "quiet", "quiet_from": "٢٢:٣٠", "quiet_to": "06:00"}
    shown = (await reader.sends(path, WHOLE | hours)).text
    assert 'name="quiet_from" value="22:30"' in shown
    assert (await kept(app, amal)).quiet_hours == "22:30-06:00"
    await reader.sends(path, WHOLE)  # a form without these fields changes nothing of them
    assert (await kept(app, amal)).quiet_hours == "22:30-06:00"
    await reader.sends(path, WHOLE | hours | {"quiet_from": "", "quiet_to": ""})
    assert (await kept(app, amal)).quiet_hours == ""


@pytest.mark.parametrize(("begin", "end"), [("22:00", ""), ("25:00", "06:00"), ("night", "day")])
async def test_half_of_quiet_hours_or_none_is_said(
    reader: Reader, app: App, amal: Subscriber, begin: str, end: str
):
    path = app.links.preferences("daily", amal.key)
    answer = await reader.sends(path, WHOLE | {"has": "quiet", "quiet_from": begin, "quiet_to": end})
    assert answer.status_code == 422
    assert "اكتب الساعتين معًا" in answer.text
    assert (await kept(app, amal)).quiet_hours == ""


async def test_what_was_written_beside_a_mistake_stays_in_the_form(
    reader: Reader, app: App, amal: Subscriber
):
    path = app.links.preferences("daily", amal.key)
    sent = WHOLE | {"timezone": "Asia/Riyad", "hour": "٧", "muted_words": "كرة القدم", "form": "headlines"}
    answer = await reader.sends(path, sent)
    assert answer.status_code == 422
    assert 'value="Asia/Riyad"' in answer.text
    assert ">كرة القدم</textarea>" in answer.text
    assert '<option value="7" selected>' in answer.text
    assert 'value="headlines" checked' in answer.text
    assert (await kept(app, amal)).hour is None


async def test_a_second_tab_that_was_left_open_says_that_the_subscription_has_ended(
    reader: Reader, app: App, amal: Subscriber
):
    path, leave = app.links.preferences("daily", amal.key), app.links.unsubscribe("daily", amal.key)
    await reader.sends(leave)
    for page, form in ((path, WHOLE), (f"{path}/pause", {"days": "7"})):
        answer = await reader.sends(page, form)
        assert answer.status_code == 422
        assert "اشتراكك في هذه النشرة مُلغى" in answer.text
    late = await reader.sends(leave, {"do": "weekly"})
    assert late.status_code == 200
    assert "أُلغي اشتراكك" in late.text


async def test_a_pause_may_be_written_in_arabic_digits(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    assert (await reader.sends(f"{path}/pause", {"other": "١٢"})).status_code == 303
    assert (await kept(app, amal)).paused_until is not None


async def test_a_list_that_is_not_there_is_not_asked_for(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    answer = await reader.sends(f"{path}/lists", {"list": "nope"})
    assert answer.status_code == 422
    assert "لا توجد نشرة بهذا الاسم" in answer.text


async def test_a_form_changes_nothing_that_it_does_not_ask_for(reader: Reader, app: App, amal: Subscriber):
    before = (await kept(app, amal)).model_dump(exclude={"headlines_only"})
    stolen = {"state": "left", "list_id": "9", "subscriber_id": "9", "consent_how": "x", "import_id": "1", "email": "x@evil.example",
              "disabled_reason": "", "key": "x", "confirmed_at": "2020-01-01"}  # fmt: skip
    answer = await reader.sends(
        app.links.preferences("daily", amal.key), stolen | WHOLE | {"form": "headlines"}
    )
    assert answer.status_code == 200
    after = await kept(app, amal)
    assert after.headlines_only
    changed = {name for name, was in before.items() if getattr(after, name) != was}
    assert changed <= {"sections"}
    async with app.database.read() as session:
        person = (await session.exec(select(Subscriber).where(Subscriber.id == amal.id))).one()
    assert (person.email, person.key) == (amal.email, amal.key)
