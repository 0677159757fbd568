"""People at the desk: found, looked at, added; each recorded."""

import pytest
from sqlmodel import select

from digest.model import ConsentEvent, MailingList, Role, Subscriber, SubscriptionState
from digest.services.app import App
from digest.services.audience.admin import suppressing
from tests.builders import a_subscriber, a_subscription
from tests.integration.desk.conftest import Joins
from tests.integration.desk.people.keeping import PEOPLE, Logged, keep, standing


async def test_a_person_is_found_however_the_name_is_spelled(app: App, joins: Joins, amal: Subscriber):
    manager = await joins(Role.LIST_MANAGER)
    for words in ("امل", "أَمَل حربى", "AMAL@"):
        for path in ("/desk/people", PEOPLE):
            page = (await manager.client.get(path, params={"q": words})).text
            assert f"{PEOPLE}/{amal.id}" in page, (words, path)
    assert f"{PEOPLE}/{amal.id}" not in (await manager.opens(f"{PEOPLE}?q=badr")).text
    chosen = await manager.opens("/desk/people?list=daily&q=amal&state=left")
    assert chosen.headers["location"] == f"{PEOPLE}?q=amal&state=left"


async def test_who_is_on_no_list_is_found_in_the_house_alone(app: App, joins: Joins, daily: MailingList):
    async with app.database.begin() as session:
        session.add(a_subscriber(5, email="nowhere@mujaz.example", name="هيا"))
    owner, manager = await joins(Role.OWNER), await joins(Role.LIST_MANAGER, daily.id)
    for path in ("/desk/people", "/desk/people?q=هيا"):
        page = (await owner.client.get(path)).text
        assert "nowhere@mujaz.example" in page
        assert "ليس في أي نشرة" in page
        assert "nowhere@mujaz.example" not in (await manager.client.get(path)).text


@pytest.mark.parametrize("slug", ["//evil.example", "..", "a b", "%0d%0a", "<script>"])
async def test_a_list_that_is_named_in_the_address_leads_nowhere_else(
    joins: Joins, daily: MailingList, slug: str
):
    owner = await joins(Role.OWNER)
    answer = await owner.client.get("/desk/people", params={"list": slug})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


async def test_pages_go_on_where_they_ended(app: App, joins: Joins, daily: MailingList):
    for number in range(1, 61):
        await keep(app, daily, number, email=f"p{number}@mujaz.example", name="")
    manager = await joins(Role.LIST_MANAGER)
    first = (await manager.opens(PEOPLE)).text
    assert "p60@mujaz.example" in first
    assert "p10@mujaz.example" not in first
    older = first.split("?before=")[1].split('"')[0]
    second = (await manager.opens(f"{PEOPLE}?before={older}")).text
    assert "p10@mujaz.example" in second
    assert "p11@mujaz.example" not in second


async def test_another_lists_people_are_not_there(
    app: App, joins: Joins, daily: MailingList, other: MailingList, amal: Subscriber
):
    stranger = await keep(app, other, 2, email="stranger@mujaz.example", name="غريب")
    async with app.database.begin() as session:
        session.add(a_subscription(other.id or 0, amal.id or 0, consent_from="page of sport"))
    manager = await joins(Role.LIST_MANAGER, daily.id)
    for path in (f"{PEOPLE}/{stranger.id}", f"{PEOPLE}/424242", "/desk/lists/sport/people"):
        assert (await manager.opens(path)).status_code == 404, path
    for act in ("choices", "details", "remove"):
        assert (await manager.sends(f"{PEOPLE}/{stranger.id}/{act}", {"name": "x"})).status_code == 404, act
    assert "غريب" not in (await manager.opens("/desk/people")).text
    page = (await manager.opens(f"{PEOPLE}/{amal.id}")).text
    assert "موجز الرياضة" not in page
    assert "page of sport" not in page
    owner = await joins(Role.OWNER)
    assert "page of sport" in (await owner.opens(f"{PEOPLE}/{amal.id}")).text
    done = await manager.sends(
        f"{PEOPLE}/acts", {"what": "remove", "sure": "yes", "person": str(stranger.id)}
    )
    assert "ليسوا في هذه النشرة" in done.text
    assert (await standing(app, other, stranger)).state is SubscriptionState.CONFIRMED
    for path in (f"/desk/people/{amal.id}/forget", "/desk/suppressions"):
        status = (await (manager.opens(path) if "suppressions" in path else manager.sends(path))).status_code
        assert status == 403, path


async def test_who_asked_for_it_is_added_once(app: App, joins: Joins, daily: MailingList, logged: Logged):
    manager = await joins(Role.LIST_MANAGER)
    fields = {"email": " Badr@Mujaz.example ", "name": "بدر"}
    first = await manager.sends(f"{PEOPLE}/add", fields)
    again = await manager.sends(f"{PEOPLE}/add", fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert "done=person_added" in first.headers["location"]
    assert "done=person_known" in again.headers["location"]
    (entry,) = await logged()
    assert (entry.act, entry.list_slug, entry.after) == ("people.add", "daily", {"state": "confirmed"})
    assert "badr" not in f"{entry.about}{entry.after}"
    async with app.database.read() as session:
        events = (await session.exec(select(ConsentEvent.event, ConsentEvent.how))).all()
    assert list(events) == [("added", "admin")]


@pytest.mark.parametrize("address", ["", "none", "a@b", "blocked@mujaz.example", "gone@mujaz.example"])
async def test_who_may_not_be_added_is_not(app: App, joins: Joins, daily: MailingList, address: str):
    await suppressing.block(app, "blocked@mujaz.example")
    await keep(app, daily, 9, email="gone@mujaz.example", state=SubscriptionState.LEFT)
    manager = await joins(Role.LIST_MANAGER)
    answer = await manager.sends(f"{PEOPLE}/add", {"email": address, "name": ""})
    assert answer.status_code == 422
    assert "لم يُضف" in answer.text
    assert f'value="{address}"' in answer.text
