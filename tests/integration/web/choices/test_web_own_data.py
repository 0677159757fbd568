"""A reader's own data: taken along, erased, and an address that changes."""

from sqlmodel import select

from digest.model import AddressChange, ConsentEvent, Notice, Signup, Subscriber
from digest.services.app import App
from digest.services.audience import lists
from digest.services.sending.notices import send_notice
from digest.storage.audience import subscribers, suppressions
from tests.builders import a_subscriber
from tests.integration.web.choices.chosen import WHOLE, wish_of
from tests.integration.web.conftest import Reader


async def test_a_reader_takes_all_that_is_kept(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    await reader.sends(path, WHOLE)
    answer = await reader.opens(f"{path}/data")
    assert answer.headers["cache-control"] == "no-store"
    kept = answer.json()
    assert kept["address"] == amal.email
    (mine,) = kept["lists"]
    assert (mine["list"], mine["state"], mine["choices"]["order"]) == (
        "daily",
        "confirmed",
        ["sport", "world"],
    )
    assert amal.key not in answer.text


async def test_erasing_asks_first_and_a_post_erases(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    assert amal.email in (await reader.opens(f"{path}/erase")).text
    assert await wish_of(app, amal)
    answer = await reader.sends(f"{path}/erase")
    assert "حُذفت بياناتك" in answer.text
    async with app.database.begin() as session:
        assert await subscribers.by_email(session, amal.email) is None
    for after in (path, f"{path}/data", f"{path}/erase"):
        assert (await reader.opens(after)).status_code == 410


async def test_another_public_list_is_asked_for_and_confirmed_by_mail(
    reader: Reader, app: App, amal: Subscriber
):
    await lists.add(app, "economy", {"name": "موجز الاقتصاد"})
    await lists.add(app, "inner", {"name": "للداخل", "public": False})
    path = app.links.preferences("daily", amal.key)
    shown = (await reader.opens(path)).text
    assert 'value="economy"' in shown
    assert "للداخل" not in shown
    answer = await reader.sends(f"{path}/lists", {"list": "economy"})
    assert answer.headers["location"].endswith("?said=asked")
    for wrong in ("inner", "nothing", ""):
        assert (await reader.sends(f"{path}/lists", {"list": wrong})).status_code == 422
    async with app.database.begin() as session:
        waiting = (await session.exec(select(Signup))).all()
    assert [one.email for one in waiting] == [amal.email]


async def test_an_address_changes_when_the_new_one_confirms_it(reader: Reader, app: App, amal: Subscriber):
    path = app.links.preferences("daily", amal.key)
    answer = await reader.sends(f"{path}/address", {"email": "New.Amal@mujaz.example"})
    assert answer.headers["location"].endswith("?said=moving")
    async with app.database.begin() as session:
        (change,) = (await session.exec(select(AddressChange))).all()
        waiting = await subscribers.due_notices(session, app.clock.now(), 10)
        assert (await subscribers.by_id(session, amal.id)).email == amal.email
    for one in waiting:
        await send_notice(app, one)
    async with app.database.begin() as session:
        (notice,) = (await session.exec(select(Notice))).all()
    assert notice.sent_at is not None
    link = app.links.address("daily", change.key, notice.created_at)
    asked = await reader.opens(link)
    assert "أؤكّد العنوان الجديد" in asked.text
    async with app.database.begin() as session:
        assert (await subscribers.by_id(session, amal.id)).email == amal.email
    assert "تغيّر العنوان" in (await reader.sends(link)).text
    async with app.database.begin() as session:
        assert (await subscribers.by_id(session, amal.id)).email == change.email
        events = (await session.exec(select(ConsentEvent))).all()
    assert [one.event for one in events][-2:] == ["address asked", "address changed"]
    assert (await reader.sends(link)).status_code == 410
    assert (await reader.opens(path)).status_code == 200


async def test_an_address_that_is_taken_gets_no_mail_and_the_same_answer(
    reader: Reader, app: App, amal: Subscriber
):
    async with app.database.begin() as session:
        session.add(a_subscriber(7, email="taken@mujaz.example"))
        hashed = app.keys.suppression_hash("never@mujaz.example")
        await suppressions.suppress(session, hashed, "complaint", app.clock.now())
    path = app.links.preferences("daily", amal.key)
    for address in ("taken@mujaz.example", "never@mujaz.example"):
        answer = await reader.sends(f"{path}/address", {"email": address})
        assert answer.headers["location"].endswith("?said=moving")
    for wrong in ("x", "", amal.email, "a" * 5000 + "@mujaz.example"):
        assert (await reader.sends(f"{path}/address", {"email": wrong})).status_code == 422
    async with app.database.begin() as session:
        assert (await session.exec(select(AddressChange))).all() == []
        assert (await session.exec(select(Notice))).all() == []
