"""The first-run guide: known from what is there, left and taken up; a test mail by real SMTP; calendars."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from digest.deliver.embedded import maildir
from digest.model import AuditEntry, EditionState, MailingList, Role
from digest.services.app import App
from digest.services.desk.guide import guide, opens_elsewhere
from tests.builders import a_source, an_edition, hours_ago
from tests.integration.desk.conftest import Joins

Log = Callable[[], Awaitable[list[AuditEntry]]]


async def states(app: App) -> dict[str, str]:
    return {one.name: one.state for one in (await guide(app)).steps}


async def test_steps_are_known_from_what_is_there(app: App):
    assert await states(app) == {
        "address": "done", "mail": "open", "source": "open", "list": "open", "edition": "open",
    }  # fmt: skip
    async with app.database.begin() as session:
        session.add(a_source())
    assert (await states(app))["source"] == "done"
    assert (await guide(app)).next_step == "mail"


async def test_an_edition_that_went_out_ends_the_last_step(app: App, daily: MailingList):
    assert (await states(app))["edition"] == "open"
    async with app.database.begin() as session:
        began = {"state": EditionState.FINISHED, "started_at": hours_ago(2), "finished_at": hours_ago(1)}
        session.add(an_edition(daily.id or 0, number=2, local_date=hours_ago(30).date(), **began))
    assert (await states(app))["edition"] == "done"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://news.example.org", True), ("http://news.example.org", False), ("https://localhost", False),
        ("https://127.0.0.1", False), ("https://10.1.2.3", False), ("https://desk.local", False), ("https://server", False),
        ("", False), ("https://9.9.9.9", True),
    ],
)  # fmt: skip
def test_which_address_readers_elsewhere_can_open(url: str, public: bool):
    assert opens_elsewhere(url) is public


async def test_a_step_is_left_and_taken_up_and_the_first_page_asks_for_the_next(
    joins: Joins, app: App, logged: Log
):
    admin = await joins(Role.ADMIN)
    assert "خادم البريد" in (await admin.opens("/desk")).text
    assert (await admin.sends("/desk/guide/leave", {"step": "mail"})).status_code == 303
    assert (await states(app))["mail"] == "aside"
    home = (await admin.opens("/desk")).text
    assert "خادم البريد" not in home
    assert "المصدر الأول" in home
    assert (await admin.sends("/desk/guide/take-up", {"step": "mail"})).status_code == 303
    assert (await states(app))["mail"] == "open"
    assert (await admin.sends("/desk/guide/leave", {"step": "rm -rf"})).status_code == 422
    assert [one.act for one in await logged()] == ["guide.leave", "guide.take-up"]


async def test_a_test_mail_arrives_and_the_servers_words_are_shown(joins: Joins, app: App, logged: Log):
    admin = await joins(Role.ADMIN)
    answer = await admin.sends("/desk/guide/test", {"to": "amal@news.example"})
    assert "قبلها الخادم" in answer.text
    folder = app.settings.mailbox.folder
    [stored] = [maildir.stored_message(folder, one.key) for one in maildir.stored_messages(folder)]
    assert "تجربة" in dict(stored.headers)["Subject"]
    assert "وصلتك هذه الرسالة" in stored.text
    assert (await logged())[0].after["taken"] is True
    for wrong in ("", "nobody", "a@b\r\nBcc: c@d.example"):
        assert (await admin.sends("/desk/guide/test", {"to": wrong})).status_code == 422, wrong
    assert len(list(maildir.stored_messages(folder))) == 1


async def test_what_the_doctor_finds_of_the_mail_server_is_looked_up_when_asked(joins: Joins):
    admin = await joins(Role.ADMIN)
    assert "mail.host = " not in (await admin.opens("/desk/guide")).text
    assert "mail.host = " in (await admin.opens("/desk/guide?look=mail")).text


async def test_the_first_list_is_made_with_what_it_needs(joins: Joins, app: App, logged: Log):
    admin = await joins(Role.ADMIN)
    form: dict[str, Any] = {"name": "موجز الصباح", "slug": "morning", "zone": "Africa/Cairo"}
    for wrong in ({"slug": "صباح"}, {"name": ""}, {"zone": "Mars/Base"}):
        answer = await admin.sends("/desk/guide/list", {**form, **wrong})
        assert answer.status_code == 422, wrong
        assert "موجز الصباح" in answer.text or wrong == {"name": ""}
    assert (await admin.sends("/desk/guide/list", form)).status_code == 303
    assert (await states(app))["list"] == "done"
    assert (await admin.sends("/desk/guide/list", form)).status_code == 422
    assert [(one.act, one.about) for one in await logged()] == [("guide.list", "morning")]


async def test_dates_are_told_by_the_calendar_of_the_account(joins: Joins, daily: MailingList):
    viewer = await joins(Role.VIEWER)
    profile = {"name": "", "language": "ar", "digits": "arab"}
    told = {
        "gregorian": "٥ يناير ٢٠٢٦", "hijri": "١٦ رجب ١٤٤٧ هـ", "both": "٥ يناير ٢٠٢٦ (١٦ رجب ١٤٤٧ هـ)",
    }  # fmt: skip
    for calendar, date in told.items():
        sent = await viewer.sends("/desk/account/profile", {**profile, "calendar": calendar})
        assert sent.status_code == 303
        page = (await viewer.opens("/desk/lists/daily/editions")).text
        assert date in page, calendar
        assert (calendar != "hijri") or "يناير" not in page
    assert (await viewer.sends("/desk/account/profile", {**profile, "calendar": "maya"})).status_code == 422
