"""People changed at the desk: in their name, many at once, taken out as a file; each recorded."""

import csv
import io

import pytest
from sqlmodel import select

from digest.model import ConsentEvent, MailingList, Role, Subscriber, SubscriptionState
from digest.services.app import App
from tests.integration.desk.conftest import Joins
from tests.integration.desk.people.keeping import AMAL, PEOPLE, Logged, keep, standing


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
