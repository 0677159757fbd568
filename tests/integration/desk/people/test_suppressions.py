"""Addresses that bounced or are suppressed: shown, lifted with a reason, added one by one or as a list."""

from sqlmodel import col, select

from digest.model import BounceEvent, MailingList, Role, Subscriber, Suppression
from digest.services.app import App
from tests.builders import NOW
from tests.integration.desk.conftest import Joins
from tests.integration.desk.people.keeping import AMAL, PEOPLE, Logged


async def test_what_came_back_is_shown_apart_with_the_servers_words(
    app: App, joins: Joins, daily: MailingList, other: MailingList, amal: Subscriber
):
    async with app.database.begin() as session:
        for event, words, step in (
            ("bounce", "5.1.1 no such user", "disable"),
            ("complaint", "abuse", "suppress"),
        ):
            session.add(
                BounceEvent(
                    subscriber_id=amal.id, at=NOW, event=event, weight="hard" if event == "bounce" else "",
                    words=words, read_by="dsn", step=step,
                )
            )  # fmt: skip
    manager = await joins(Role.LIST_MANAGER)
    bounces = (await manager.opens(f"{PEOPLE}/bounces")).text
    complaints = (await manager.opens(f"{PEOPLE}/complaints")).text
    assert "5.1.1 no such user" in bounces
    assert "abuse" not in bounces
    assert "abuse" in complaints
    assert "5.1.1" not in complaints
    assert "5.1.1" not in (await manager.opens(f"{PEOPLE}/bounces?step=suppress")).text
    assert "5.1.1" not in (await manager.opens("/desk/lists/sport/people/bounces")).text


async def test_an_address_is_mailed_again_or_forgotten_and_the_log_has_no_address(
    app: App, joins: Joins, amal: Subscriber, logged: Logged
):
    async with app.database.begin() as session:
        person = await session.get_one(Subscriber, amal.id)
        person.disabled_reason = "bounced"
        session.add(person)
    manager = await joins(Role.LIST_MANAGER)
    assert "bounced" in (await manager.opens(f"{PEOPLE}/{amal.id}")).text
    answer = await manager.sends(f"/desk/people/{amal.id}/enable", {"back": "daily"})
    assert answer.headers["location"] == f"{PEOPLE}/{amal.id}?done=person_enabled"
    assert (await manager.sends(f"/desk/people/{amal.id}/forget")).status_code == 303
    assert (await manager.sends(f"/desk/people/{amal.id}/forget")).status_code == 404
    entries = await logged()
    assert [one.act for one in entries] == ["people.enable", "people.forget"]
    assert AMAL not in "".join(f"{one.about}{one.before}{one.after}" for one in entries)


async def test_the_suppression_list_is_added_to_asked_and_lifted_with_a_reason(
    app: App, joins: Joins, daily: MailingList, logged: Logged
):
    manager = await joins(Role.LIST_MANAGER)
    for fields in ({"address": "none"}, {"address": AMAL, "note": f"asked by {AMAL}"}, {}):
        assert (await manager.sends("/desk/suppressions/add", fields)).status_code == 422  # type: ignore[arg-type]
    assert (
        await manager.sends("/desk/suppressions/add", {"address": AMAL, "note": "طلب ذلك"})
    ).status_code == 303
    assert (
        "في قائمة الحظر منذ"
        in (await manager.client.get("/desk/suppressions", params={"address": AMAL})).text
    )
    assert (
        await manager.sends("/desk/suppressions/remove", {"address": AMAL, "why": " "})
    ).status_code == 422
    for status in (303, 422):
        answer = await manager.sends(
            "/desk/suppressions/remove", {"address": AMAL, "why": "طلب العودة هاتفيًا"}
        )
        assert answer.status_code == status
    page = (await manager.client.get("/desk/suppressions", params={"address": AMAL})).text
    assert "طلب العودة هاتفيًا" in page
    assert [one.act for one in await logged()] == ["suppressions.add", "suppressions.remove"]


async def test_a_list_of_addresses_is_suppressed(app: App, joins: Joins, daily: MailingList, logged: Logged):
    manager = await joins(Role.LIST_MANAGER)
    own = {"sec-fetch-site": "same-origin"}
    answer = await manager.client.post(
        "/desk/uploads/suppressions",
        data={"kind": "addresses", "note": ""},
        files={"file": ("bad.csv", b"email\na@x.example\nb@x.example\nnone\n")},
        headers=own,
    )
    assert answer.status_code == 200
    async with app.database.read() as session:
        assert len((await session.exec(select(Suppression).order_by(col(Suppression.reason)))).all()) == 2
    assert [one.after for one in await logged()] == [{"added": 2, "known": 0, "refused": 1, "note": ""}]
    for data in (
        {"kind": "letters", "pasted": "a@x.example"},
        {"kind": "sha256", "pasted": "zz"},
        {"kind": "own"},
    ):
        assert (
            await manager.client.post("/desk/uploads/suppressions", data=data, headers=own)
        ).status_code == 422
