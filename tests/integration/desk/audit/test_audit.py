"""The audit log: whatever changes something is in it, and nothing is ever taken out."""

import csv
import io
import json
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from digest.model import AuditEntry, MailingList, Role
from digest.services import audit
from digest.services.app import App
from digest.services.audit import Actor, AuditFilter
from tests.integration.desk.conftest import PASSWORD, Joins, Tab

Logged = Callable[[], Awaitable[list[AuditEntry]]]
AMAL = Actor("desk:amal@news.example", "203.0.113.9")


async def test_who_what_before_and_after_and_from_where(joins: Joins, logged: Logged):
    owner = await joins(Role.OWNER)
    await owner.sends("/desk/account/profile", {"name": "أمل", "language": "en", "digits": "arab"})
    (entry,) = await logged()
    assert (entry.actor, entry.act) == ("desk:owner-all@news.example", "account.profile")
    assert entry.came_from == "203.0.113.9"
    assert (entry.before, entry.after) == ({"name": "", "language": "ar"}, {"name": "أمل", "language": "en"})


async def test_logins_roles_and_editions_are_in_it(
    joins: Joins, tab: Callable[[], Tab], daily: MailingList, logged: Logged
):
    owner = await joins(Role.OWNER)
    await joins(Role.VIEWER)
    guest = tab()
    await guest.sends("/desk/login", {"email": "viewer-all@news.example", "password": PASSWORD})
    await guest.sends("/desk/logout")
    await owner.sends("/desk/lists/daily/editions/1/cancel")
    entries = await logged()
    assert [one.act for one in entries] == ["account.login", "account.logout", "editions.cancel"]
    assert entries[0].actor == "desk:viewer-all@news.example"
    assert entries[2].list_slug == "daily"
    assert (entries[2].before, entries[2].after) == ({"state": "approved"}, {"state": "cancelled"})


async def test_what_was_refused_is_not_in_it(joins: Joins, daily: MailingList, logged: Logged):
    viewer = await joins(Role.VIEWER)
    await viewer.sends("/desk/lists/daily/editions/1/cancel")
    owner = await joins(Role.OWNER)
    await owner.sends("/desk/accounts/invite", {"email": "none", "role": "editor"})
    await owner.sends("/desk/lists/daily/editions/1/pause")
    assert await logged() == []


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"])
async def test_the_database_lets_nobody_change_an_entry_or_take_it_away(
    app: App, logged: Logged, change: str
):
    await audit.record(app, AMAL, "lists.set")
    with pytest.raises(Exception, match="only ever added"):
        await app.database.write(lambda it: it.execute(text(change)))
    assert [one.actor for one in await logged()] == [AMAL.name]


async def test_it_is_filtered_by_person_act_list_and_day(app: App):
    await audit.record(app, AMAL, "editions.pause", list_slug="daily")
    await audit.record(app, Actor("cli:root@here"), "lists set", list_slug="sport")
    today = app.clock.now().date()
    for wanted, count in (
        (AuditFilter(), 2),
        (AuditFilter(actor=AMAL.name), 1),
        (AuditFilter(act="editions"), 1),
        (AuditFilter(act="edi%"), 0),
        (AuditFilter(list_slug="sport"), 1),
        (AuditFilter(first_day=today, last_day=today), 2),
        (AuditFilter(last_day=today.replace(day=1)), 0),
    ):
        assert len(await audit.found(app, wanted)) == count, wanted


async def test_no_cell_of_the_export_is_a_formula_and_no_secret_is_in_it(app: App, joins: Joins):
    await audit.record(
        app, AMAL, "lists.set", about="=HYPERLINK(1)", after={"name": "@SUM(1)", "key": "a key for tests"}
    )
    owner = await joins(Role.OWNER)
    rows = list(csv.DictReader(io.StringIO((await owner.opens("/desk/audit.csv")).text)))
    assert rows[0]["about"] == "'=HYPERLINK(1)"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    (entry,) = json.loads((await owner.opens("/desk/audit.json")).text)
    assert entry["about"] == "=HYPERLINK(1)"
    page = (await owner.opens("/desk/audit?act=lists")).text
    assert "@SUM(1)" in page
    assert (await owner.opens("/desk/audit?from=yesterday&before=x&actor=%00")).status_code == 200
    assert (await owner.opens("/desk/audit?from=9999-12-31&to=9999-12-31")).status_code in {200, 422}
