"""Segments built with selects: a row a condition, counted with each look, saved and removed."""

from collections.abc import Awaitable, Callable

import pytest

from digest.model import AuditEntry, MailingList, Role
from digest.services.app import App
from tests.integration.desk.conftest import Joins
from tests.integration.desk.people.keeping import keep

Logged = Callable[[], Awaitable[list[AuditEntry]]]
HOME = "/desk/lists/daily/segments"


async def test_a_segment_is_built_counted_saved_opened_and_removed(
    app: App, joins: Joins, daily: MailingList, logged: Logged
):
    await keep(app, daily, 1, email="amal@a.example", name="أمل")
    await keep(app, daily, 2, email="badr@b.example", name="بدر", consent_how="import")
    manager = await joins(Role.LIST_MANAGER)
    begun = (await manager.opens(f"{HOME}/build")).text
    assert "مشتركان" in begun
    row = (await manager.client.get(f"{HOME}/build", params={"add": "source is"})).text
    assert 'name="c0" value="source is"' in row
    assert "اختر قيمة للشرط" in row, "it waits for a value"
    asked = {"c0": "source is", "v0": "import", "c1": "domain ends", "v1": "b.example، c.example"}
    counted = await manager.client.get(f"{HOME}/build", params={**asked, "v1": "b.example"})
    assert "مشترك واحد" in counted.text
    assert "badr@b.example" in counted.text
    fields = {"name": "من ملف", "c0": "source is", "v0": "import", "match": "all"}
    for _ in range(2):
        assert (await manager.sends(HOME, fields)).status_code == 303  # type: ignore[arg-type]
    assert [one.act for one in await logged()] == ["segments.keep"]
    opened = (await manager.client.get(f"{HOME}/build", params={"open": "من ملف"})).text
    assert 'value="import" checked' in opened
    found = (await manager.client.get("/desk/lists/daily/people", params={"segment": "من ملف"})).text
    assert "badr@b.example" in found
    assert "amal@a.example" not in found
    dropped = (await manager.client.get(f"{HOME}/build", params={**fields, "drop": "0"})).text
    assert 'name="c0"' not in dropped
    assert (await manager.sends(f"{HOME}/remove", {"name": "من ملف"})).status_code == 303
    assert (await manager.sends(f"{HOME}/remove", {"name": "من ملف"})).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"name": "x" * 90}, {"name": "a/b"}, {"name": "a", "c0": "joined within_days", "v0": "soon"},
        {"name": "a", "c0": "import is", "v0": "ا"}, {"name": "a", "c0": "joined before", "v0": "0000-99-99"},
        {"name": "a", "c0": "source is"}, {"name": "a", "c0": "section is", "v0": "nosuch"},
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_and_stays_in_the_form(
    joins: Joins, daily: MailingList, fields: dict[str, str | list[str]], logged: Logged
):
    manager = await joins(Role.LIST_MANAGER)
    answer = await manager.sends(HOME, fields)
    assert answer.status_code == 422
    if "c0" in fields:
        assert f'value="{fields["c0"]}"' in answer.text
    looked = await manager.client.get(f"{HOME}/build", params=fields)
    assert looked.status_code in {200, 422}
    assert await logged() == []


async def test_rows_of_fields_that_there_are_not_are_none(joins: Joins, daily: MailingList):
    manager = await joins(Role.LIST_MANAGER)
    odd = {
        "c0": "field.nosuch is",
        "c1": "source explodes",
        "c2": "",
        "c99": "tag is",
        "v99": "a",
        "cx": "tag is",
    }
    page = await manager.client.get(f"{HOME}/build", params=odd)
    assert page.status_code == 200
    assert page.text.count('name="c0"') == 1, "the one that there is"
