"""A list's past editions, page by page, and what it costs to show them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from digest.model import EditionState, MailingList
from digest.services.app import App
from digest.services.editions.public import PAGE_LENGTH
from tests.builders import NOW, an_edition
from tests.integration.web.conftest import Reader

EDITIONS = 2 * PAGE_LENGTH + 3


@pytest.fixture
async def years(app: App, mailing_list: MailingList) -> None:
    """More editions than two pages hold, each with content that a list of them does not need."""
    async with app.database.begin() as session:
        session.add_all(
            an_edition(
                mailing_list.id or 0,
                number=number,
                local_date=(NOW + timedelta(days=number)).date(),
                state=EditionState.FINISHED,
                subject=f"العدد رقم {number} من الموجز",
            )
            for number in range(1, EDITIONS + 1)
        )


@contextmanager
def statements(app: App) -> Iterator[list[str]]:
    """Note the statements that pages send to the database."""
    engine: Any = app.database._engine.sync_engine
    noted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement != "BEGIN":
            noted.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(engine, "before_cursor_execute", note)


def numbers(html: str) -> list[int]:
    return [number for number in range(EDITIONS, 0, -1) if f'href="/l/daily/{number}"' in html]


@pytest.mark.usefixtures("years")
async def test_every_past_edition_is_on_one_page_of_the_archive(reader: Reader):
    found, path, pages = [], "/l/daily", 0
    while path:
        page = (await reader.opens(path)).text
        found += numbers(page)
        pages += 1
        older = f"/l/daily?page={pages + 1}"
        path = older if f'href="{older}#archive"' in page else ""
    assert found == list(range(EDITIONS, 0, -1))
    assert pages == 3


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize("number", ["", "x", "-1", "0", "١٢", "9" * 40, "%00"])
async def test_an_archive_that_is_asked_for_nonsense_begins_at_the_newest(reader: Reader, number: str):
    answer = await reader.opens(f"/l/daily?page={number}")
    assert answer.status_code == 200
    assert numbers(answer.text) == list(range(EDITIONS, EDITIONS - PAGE_LENGTH, -1))


@pytest.mark.usefixtures("years")
async def test_the_archive_reads_its_list_and_no_content(app: App, reader: Reader):
    with statements(app) as noted:
        await reader.opens("/l/daily")
    assert len([one for one in noted if "FROM mailing_list" in one]) == 1
    editions = [one for one in noted if "FROM edition" in one]
    assert len(editions) == 1
    assert "edition.content" not in editions[0]
    assert len([one for one in noted if "FROM correction" in one]) == 1
    assert len(noted) == 3


@pytest.mark.usefixtures("years")
async def test_the_form_to_sign_up_reads_one_list_with_its_fields_and_nothing_else(app: App, reader: Reader):
    with statements(app) as noted:
        answer = await reader.opens("/l/daily/subscribe")
    assert answer.status_code == 200
    assert [one.partition("FROM ")[2].split()[0] for one in noted] == ["mailing_list", "custom_field"]
