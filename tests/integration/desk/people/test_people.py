"""People at the desk: found, looked at, added, changed in their name, many at once; each recorded."""

import csv
import io
from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import col, select

from digest.model import (
    AuditEntry,
    BounceEvent,
    ConsentEvent,
    MailingList,
    Role,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from digest.services.app import App
from digest.services.audience.admin import suppressing
from tests.builders import NOW, a_subscriber, a_subscription
from tests.integration.desk.conftest import Joins

Logged = Callable[[], Awaitable[list[AuditEntry]]]
PEOPLE = "/desk/lists/daily/people"
AMAL = "amal@mujaz.example"


async def keep(app: App, mailing_list: MailingList, number: int, **fields: object) -> Subscriber:
    names = {"state", "consent_how"}
    async with app.database.begin() as session:
        person = a_subscriber(number, **{name: value for name, value in fields.items() if name not in names})
        session.add(person)
        await session.flush()
        chosen = {name: value for name, value in fields.items() if name in names}
        session.add(a_subscription(mailing_list.id or 0, person.id or 0, **chosen))
    return person


@pytest.fixture
async def amal(app: App, daily: MailingList) -> Subscriber:
    return await keep(app, daily, 1, email=AMAL, name="أمل الحربي")


async def standing(app: App, mailing_list: MailingList, person: Subscriber) -> Subscription:
    async with app.database.read() as session:
        return await session.get_one(Subscription, (mailing_list.id, person.id))


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


async def test_choices_made_in_somebodys_name_are_in_consent_and_in_the_log(
    app: App, joins: Joins, daily: MailingList, amal: Subscriber, logged: Logged
):
    manager = await joins(Role.LIST_MANAGER)
    fields: dict[str, str | list[str]] = {
        "section": ["sport", "economy"], "hour": "٨", "timezone": "", "alerts": "big", "quiet_hours": "٢٣:٠٠-٠٦:٣٠",
        "muted_words": "كرة، طقس", "hijri": "yes", "pause": "٣", "day": list("0123456"), "frequency": "daily",
    }  # fmt: skip
    answer = await manager.sends(f"{PEOPLE}/{amal.id}/choices", fields)
    assert answer.status_code == 303, answer.text
    kept = await standing(app, daily, amal)
    assert (kept.sections, kept.hour, kept.quiet_hours) == (["economy", "sport"], 8, "23:00-06:30")
    assert kept.muted_words == ["كرة", "طقس"]
    assert kept.paused_until is not None
    async with app.database.read() as session:
        event = (await session.exec(select(ConsentEvent).where(ConsentEvent.event == "chose"))).one()
    assert (event.how, event.came_from) == ("admin", "desk:list_manager-all@news.example")
    (entry,) = await logged()
    assert entry.about == f"#{amal.id}"
    assert (entry.before["hour"], entry.after["hour"]) == (None, 8)
    assert "عُدّلت اختياراته" in (await manager.opens(f"{PEOPLE}/{amal.id}")).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "لا بد من قسم واحد"), ({"section": "sport", "hour": "25"}, "الساعة من"),
        ({"section": "sport", "hour": "eight"}, "الساعة من"), ({"section": "sport", "pause": "999"}, "الإيقاف من يوم"),
        ({"section": "sport", "timezone": "Mars/Base"}, "لا توجد منطقة زمنية"),
        ({"section": "sport", "quiet_hours": "soon"}, "ساعات الهدوء تُكتب"),
        ({"section": "sport", "frequency": "hourly"}, "ليس لهذه النشرة عدد أسبوعي"),
    ],
)  # fmt: skip
async def test_a_choice_that_cannot_be_is_said_and_what_was_typed_stays(
    app: App, joins: Joins, daily: MailingList, amal: Subscriber, logged: Logged,
    fields: dict[str, str | list[str]], words: str,
):  # fmt: skip
    manager = await joins(Role.LIST_MANAGER)
    answer = await manager.sends(f"{PEOPLE}/{amal.id}/choices", {**fields, "muted_words": "كلمة كُتبت"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "كلمة كُتبت" in answer.text
    assert await logged() == []


async def test_details_are_kept_whole_or_not_at_all(app: App, joins: Joins, amal: Subscriber, logged: Logged):
    manager = await joins(Role.LIST_MANAGER)
    path = f"{PEOPLE}/{amal.id}/details"
    assert (await manager.sends(path, {"name": "أمل سالم", "tags": "صحافة، VIP"})).status_code == 303
    assert (await manager.sends(path, {"name": "x", "tags": "ا" * 90})).status_code == 422
    assert (await manager.sends(path, {"name": "أمل سالم", "tags": "vip، صحافه"})).status_code == 303
    (entry,) = await logged()
    assert entry.after == {"name": "أمل سالم", "tags": ["vip", "صحافه"]}
    assert (await manager.client.get(PEOPLE, params={"tag": "صحافة", "q": "سالم"})).text.count(AMAL) == 1


async def test_many_are_done_at_once_and_who_was_skipped_is_told_with_the_reason(
    app: App, joins: Joins, daily: MailingList, amal: Subscriber, logged: Logged
):
    badr = await keep(app, daily, 2, email="badr@mujaz.example", name="بدر")
    gone = await keep(app, daily, 3, email="gone@mujaz.example", state=SubscriptionState.LEFT)
    manager = await joins(Role.LIST_MANAGER)
    marked = [str(amal.id), str(gone.id), "999999", "x", "-1"]
    tagged = await manager.sends(f"{PEOPLE}/acts", {"what": "tag", "tag_given": "صحافة", "person": marked})
    assert "ليسوا في هذه النشرة" in tagged.text
    again = await manager.sends(f"{PEOPLE}/acts", {"what": "tag", "tag_given": "صحافة", "whom": "all"})
    assert "يحملون الوسم من قبل" in again.text
    assert "untag" in (await manager.opens(PEOPLE)).text
    asked = await manager.sends(f"{PEOPLE}/acts", {"what": "remove", "whom": "all"})
    assert "سيُلغى اشتراك" in asked.text
    assert (await standing(app, daily, badr)).state is SubscriptionState.CONFIRMED
    fields: dict[str, str | list[str]] = {"what": "remove", "whom": "all", "sure": "yes"}
    done = await manager.sends(f"{PEOPLE}/acts", fields)
    assert "كان اشتراكهم ملغى من قبل" in done.text
    assert (await standing(app, daily, badr)).state is SubscriptionState.LEFT
    await manager.sends(f"{PEOPLE}/acts", fields)
    assert [one.after for one in await logged()] == [
        {"act": "tag", "people": 2, "tag": "صحافة"},
        {"act": "tag", "people": 1, "tag": "صحافة"},
        {"act": "remove", "people": 2},
    ]
    async with app.database.read() as session:
        events = (await session.exec(select(ConsentEvent).where(ConsentEvent.event == "left"))).all()
    assert {(one.how, one.subscriber_id) for one in events} == {("admin", amal.id), ("admin", badr.id)}


@pytest.mark.parametrize(
    "fields",
    [{}, {"what": "tag"}, {"what": "tag", "whom": "all"}, {"what": "explode", "whom": "all"}, {"what": "remove", "person": "x"}],
)  # fmt: skip
async def test_an_act_on_nobody_or_of_no_kind_is_refused(
    joins: Joins, amal: Subscriber, logged: Logged, fields: dict[str, str | list[str]]
):
    manager = await joins(Role.LIST_MANAGER)
    assert (await manager.sends(f"{PEOPLE}/acts", fields)).status_code == 422
    assert await logged() == []


async def test_an_export_runs_no_formula_and_is_in_the_log(
    app: App, joins: Joins, daily: MailingList, amal: Subscriber, logged: Logged
):
    await keep(app, daily, 2, email="x@mujaz.example", name="=HYPERLINK(1)")
    manager = await joins(Role.LIST_MANAGER)
    answer = await manager.sends(f"{PEOPLE}/export")
    assert answer.headers["content-disposition"].startswith('attachment; filename="daily-')
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["email"], row["name"]) for row in rows] == [
        (AMAL, "أمل الحربي"),
        ("x@mujaz.example", "'=HYPERLINK(1)"),
    ]
    marked = await manager.sends(f"{PEOPLE}/acts", {"what": "export", "person": str(amal.id)})
    assert [row["email"] for row in csv.DictReader(io.StringIO(marked.text.removeprefix("\ufeff")))] == [AMAL]
    assert (await manager.sends(f"{PEOPLE}/export", {"segment": "none"})).status_code in {404, 422}
    assert [one.act for one in await logged()] == ["people.export", "people.many"]


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
