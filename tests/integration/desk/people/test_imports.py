"""A file of people at the desk: handed in, its columns chosen, tried, imported beside the pages, taken back."""

import csv
import io
import re
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from sqlmodel import func, select

from digest.model import (
    AuditEntry,
    ImportRun,
    MailingList,
    PeopleUpload,
    Role,
    Subscription,
    SubscriptionState,
    UploadState,
)
from digest.services import tasks
from digest.services.app import App
from digest.services.audience.people import upload_runs
from tests.integration.desk.conftest import Hands, Joins, Tab
from tests.integration.desk.people.keeping import keep

Logged = Callable[[], Awaitable[list[AuditEntry]]]
HOME = "/desk/lists/daily/people/imports"
HAND_IN = "/desk/uploads/people/daily"
OWN = {"sec-fetch-site": "same-origin"}
FILE = (
    "البريد,الاسم,الحالة\n"
    "amal@x.example,أمل,مشترك\nbadr@x.example,بدر,مشترك\nnone,لا عنوان,مشترك\n"
    "gone@x.example,غادر,ملغي\nAMAL@x.example,أمل,مشترك\ncurious@x.example,فضول,ربما\n"
)


async def hands_in(tab: Tab, content: bytes | str, name: str = "people.csv") -> httpx2.Response:
    body = content.encode() if isinstance(content, str) else content
    return await tab.client.post(HAND_IN, files={"file": (name, body)}, headers=OWN)


async def readers(app: App) -> int:
    async with app.database.read() as session:
        query = select(func.count()).where(Subscription.state == SubscriptionState.CONFIRMED)
        return (await session.exec(query)).one()


def columns_of(page: str) -> dict[str, str]:
    """What the selects of the page hold."""
    return {
        name: (re.search(r'value="([^"]*)" selected', options) or ["", ""])[1]
        for name, options in re.findall(r'<select id="(column_\d+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    }


async def test_a_file_goes_in_by_steps_and_out_again(
    app: App, joins: Joins, daily: MailingList, logged: Logged
):
    manager = await joins(Role.LIST_MANAGER)
    handed = await hands_in(manager, FILE)
    assert handed.status_code == 303, handed.text
    place = handed.headers["location"]
    page = (await manager.opens(place)).text
    assert columns_of(page) == {"column_0": "email", "column_1": "name", "column_2": "state"}
    assert (await manager.sends(f"{place}/run")).status_code == 422, "it was not tried yet"
    assert (await manager.sends(f"{place}/try", columns_of(page))).status_code == 303  # type: ignore[arg-type]
    assert await readers(app) == 0
    tried = (await manager.opens(place)).text
    assert "ما سيحدث" in tried
    assert "<bdi>none</bdi> ليس عنوان بريد صحيحًا" in tried
    assert "حالة الاشتراك لا تُفهم: <bdi>ربما</bdi> في العمود «<bdi>الحالة</bdi>»" in tried
    errors = (await manager.opens(f"{place}/refused.csv")).text.removeprefix("\ufeff")
    assert [row["السطر"] for row in csv.DictReader(io.StringIO(errors))] == ["4", "7"]
    assert "7,حالة الاشتراك لا تُفهم: ربما في العمود «الحالة»,curious@x.example,فضول,ربما\n" in errors
    for _ in range(2):
        assert (await manager.sends(f"{place}/run")).status_code == 303
    assert 'http-equiv="refresh"' in (await manager.opens(place)).text
    (number,) = await upload_runs.due(app, 10)
    await tasks.attempt(app, "import_people", number)
    await tasks.attempt(app, "import_people", number)
    done = (await manager.opens(place)).text
    assert "ما حدث" in done
    assert await readers(app) == 2
    async with app.database.read() as session:
        (run,) = (await session.exec(select(ImportRun))).all()
        assert (await session.get_one(PeopleUpload, number)).content == b"", "the file is kept no longer"
    assert (run.file, run.counts["added"], run.counts["rejected"]) == ("people.csv", 2, 2)
    assert (await manager.sends(f"{HOME}/runs/{run.id}/undo")).status_code == 303
    assert (await manager.sends(f"{HOME}/runs/{run.id}/undo")).status_code == 422
    assert await readers(app) == 0
    acts = [one.act for one in await logged()]
    assert acts == ["people.upload", "people.import.try", "people.import", "people.import.undo"]


async def test_columns_are_as_a_person_says(app: App, joins: Joins, daily: MailingList):
    manager = await joins(Role.LIST_MANAGER)
    place = (await hands_in(manager, "name,first,second\nأمل,a@x.example,b@x.example\n")).headers["location"]
    wrong = await manager.sends(f"{place}/try", {"column_0": "name"})
    assert wrong.status_code == 422
    assert "اختر عمودًا واحدًا" in wrong.text
    await manager.sends(f"{place}/try", {"column_2": "email", "column_0": "name"})
    await manager.sends(f"{place}/run")
    (number,) = await upload_runs.due(app, 10)
    await tasks.attempt(app, "import_people", number)
    page = (await manager.opens("/desk/lists/daily/people")).text
    assert "b@x.example" in page
    assert "a@x.example" not in page


async def test_what_is_pasted_goes_the_same_way(joins: Joins, daily: MailingList):
    manager = await joins(Role.LIST_MANAGER)
    answer = await manager.client.post(HAND_IN, data={"pasted": "a@x.example\nb@x.example"}, headers=OWN)
    assert answer.status_code == 303
    assert columns_of((await manager.opens(answer.headers["location"])).text) == {"column_0": "email"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "لا شيء في الملف"), (b"  \n", "لا شيء في الملف"), (b"%PDF-1.7 nothing", "ليس جدول أسماء"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "إكسل قديم"), (b"PK\x03\x04broken", "معطوب لا يُقرأ"),
        (b"[{\"email\": \"a@x.example\"}, ", "معطوب أو مقطوع"),
        ("email,name\na@x.example,\"أمل\nb@x.example,بدر\n".encode(), "السطر <bdi>٢</bdi>"),
    ],
)  # fmt: skip
async def test_what_is_no_table_is_refused_in_a_sentence(
    joins: Joins, daily: MailingList, content: bytes, words: str, logged: Logged
):
    manager = await joins(Role.LIST_MANAGER)
    answer = await hands_in(manager, content, "<script>.csv")
    assert answer.status_code == 422
    assert words in answer.text
    assert "<script>" not in answer.text
    assert await logged() == []


async def test_a_file_that_is_too_large_is_given_up_while_it_comes(
    app: App, joins: Joins, daily: MailingList, monkeypatch: pytest.MonkeyPatch
):
    chosen = app.settings.desk.model_copy(update={"upload_mb": 1})
    monkeypatch.setitem(app.settings.__dict__, "desk", chosen)
    manager = await joins(Role.LIST_MANAGER)
    large = b"a@x.example\n" * 100_000
    answer = await hands_in(manager, large)
    assert answer.status_code == 413
    assert "أكبر مما يُقبل" in answer.text

    async def pieces():  # type: ignore[no-untyped-def]
        yield b"--x\r\ncontent-disposition: form-data; name=file; filename=a.csv\r\n\r\n"
        for _ in range(200):
            yield large[:10_000]

    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = await manager.client.post(HAND_IN, content=pieces(), headers={**OWN, **kind})
    assert answer.status_code == 413
    viewer = await joins(Role.VIEWER)
    assert (await hands_in(viewer, large)).status_code == 403, "nothing is read of who may not"


async def test_another_lists_files_and_imports_are_not_there(
    app: App, joins: Joins, daily: MailingList, other: MailingList
):
    owner = await joins(Role.OWNER)
    place = (await hands_in(owner, FILE)).headers["location"]
    number = place.rsplit("/", 1)[1]
    manager = await joins(Role.LIST_MANAGER, other.id)
    elsewhere = f"/desk/lists/sport/people/imports/{number}"
    assert (await manager.opens(elsewhere)).status_code == 404
    assert (await manager.opens(f"{elsewhere}/refused.csv")).status_code == 404
    for act in ("try", "run", "drop"):
        assert (await manager.sends(f"{elsewhere}/{act}", {"column_0": "email"})).status_code == 404, act
    async with app.database.begin() as session:
        session.add(ImportRun(list_id=daily.id or 0, file="x", at=app.clock.now()))
    assert (await manager.sends("/desk/lists/sport/people/imports/runs/1/undo")).status_code == 404
    assert (await manager.opens(place)).status_code == 404


async def test_who_left_does_not_come_back_by_a_file(app: App, joins: Joins, daily: MailingList):
    await keep(app, daily, 1, email="amal@x.example", state=SubscriptionState.LEFT)
    manager = await joins(Role.LIST_MANAGER)
    place = (await hands_in(manager, FILE)).headers["location"]
    await manager.sends(f"{place}/try", {"column_0": "email", "column_1": "name", "column_2": "state"})
    await manager.sends(f"{place}/run")
    (number,) = await upload_runs.due(app, 10)
    await tasks.attempt(app, "import_people", number)
    assert await readers(app) == 1


async def test_files_are_dropped_when_their_time_is_over_and_what_broke_off_says_so(
    app: App, joins: Joins, daily: MailingList, clock: Hands
):
    manager = await joins(Role.LIST_MANAGER)
    first, second = [(await hands_in(manager, FILE)).headers["location"] for _ in range(2)]
    async with app.database.begin() as session:
        one = await session.get_one(PeopleUpload, int(second.rsplit("/", 1)[1]))
        one.state, one.started_at = UploadState.RUNNING, clock.now()
        session.add(one)
    clock.moves(hours=7)
    await upload_runs.forget_old(app)
    assert (await manager.opens(first)).status_code == 200
    assert "لم يكتمل الاستيراد" in (await manager.opens(second)).text
    clock.moves(hours=18)
    await upload_runs.forget_old(app)
    again = await joins(Role.LIST_MANAGER, email="again@news.example")
    assert (await again.opens(first)).status_code == 404
