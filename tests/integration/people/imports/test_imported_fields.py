"""An import takes what a file says in the columns of a list's own fields, and takes it back when it is
undone.
"""

import io

import pytest

from digest.errors import InputError
from digest.model import FieldKind, MailingList
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.imports import run
from digest.services.audience.imports.writing import ImportOutcome
from digest.services.audience.segments import fields
from digest.storage.database.engine import Database
from tests.fakes_delivery import FakeMailer, an_app

AMAL, BADR = "amal@mujaz.example", "badr@mujaz.example"
FILE = f"email,المدينه,حجم\n{AMAL},الرياض,١٢\n{BADR},,many\nsalma@mujaz.example,جدة,\n"


@pytest.fixture
async def app(database: Database) -> App:
    return an_app(database, FakeMailer())


@pytest.fixture
async def mailing_list(app: App) -> MailingList:
    made = await lists.ensure(app, None)
    await fields.add(app, made, "city", title="المدينة", kind=FieldKind.TEXT)
    await fields.add(app, made, "size", title="الحجم", kind=FieldKind.NUMBER)
    return made


async def imported(app: App, mailing_list: MailingList, text: str, **given: object) -> run.Imported:
    return await run.import_file(app, mailing_list, io.BytesIO(text.encode()), name="people.csv", **given)


async def values(app: App, mailing_list: MailingList, address: str) -> dict[str, str]:
    return await fields.set_values(app, mailing_list, address, {})


async def test_columns_are_known_by_title_or_chosen_and_what_does_not_fit_is_refused(
    app: App, mailing_list: MailingList
):
    tried = await imported(app, mailing_list, FILE, dry_run=True, wanted={"size": "حجم"})
    assert "city ← «المدينه», size ← «حجم»" in tried.columns.lines()[0]
    done = await imported(app, mailing_list, FILE, wanted={"size": "حجم"})
    assert (done.counts[ImportOutcome.ADDED], done.counts[ImportOutcome.REJECTED]) == (2, 1)
    assert "no number for size" in done.first_errors[0][1]
    assert await values(app, mailing_list, AMAL) == {"city": "الرياض", "size": "12"}


async def test_what_a_person_has_already_stays_and_an_undone_import_takes_its_own_back(
    app: App, mailing_list: MailingList
):
    await imported(app, mailing_list, f"email\n{AMAL}\n")
    await fields.set_values(app, mailing_list, AMAL, {"city": "بيروت"})
    done = await imported(app, mailing_list, f"email,city,size\n{AMAL},الرياض,3\n")
    assert await values(app, mailing_list, AMAL) == {"city": "بيروت", "size": "3"}
    await run.undo(app, done.import_id)
    assert await values(app, mailing_list, AMAL) == {"city": "بيروت"}


async def test_a_mapping_to_a_field_that_is_not_there_is_refused(app: App, mailing_list: MailingList):
    with pytest.raises(InputError, match=r"--map town=.*city, size"):
        await imported(app, mailing_list, FILE, wanted={"town": "المدينه"})
    with pytest.raises(InputError, match="no column 'بلد'"):
        await imported(app, mailing_list, FILE, wanted={"city": "بلد"})
