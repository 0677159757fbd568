"""What the public pages answer whatever is asked: what is missing, headers, errors that say no more."""

import pytest

from digest.model import EditionState, MailingList, Subscriber
from digest.services.app import App
from tests.builders import a_list, an_edition
from tests.integration.web.conftest import Reader

MISSING = [
    "/l/nolist",
    "/l/nolist/1",
    "/l/nolist/feed.xml",
    "/l/nolist/subscribe",
    "/l/daily/7",
    "/l/daily/99999999999999999999999999",
    "/l/daily/9223372036854775808",
    "/l/daily/4294967296",
    "/l/%00",
    "/l/daily%00/feed.xml",
    "/l/Daily",
    "/l/../../etc/passwd",
    "/nothing",
]


@pytest.mark.usefixtures("mailing_list")
async def test_what_is_not_there_is_a_page_that_says_so(reader: Reader):
    for path in MISSING:
        answer = await reader.opens(path)
        assert answer.status_code == 404, path
        assert "الصفحة غير موجودة" in answer.text, path


async def test_a_list_that_is_not_public_is_not_there(reader: Reader, app: App):
    async with app.database.begin() as session:
        session.add(a_list(slug="staff", public=False))
    for path in ("/l/staff", "/l/staff/feed.xml", "/l/staff/subscribe"):
        assert (await reader.opens(path)).status_code == 404
    assert (await reader.sends("/l/staff/subscribe", {"email": "a@mujaz.example"})).status_code == 404
    assert "staff" not in (await reader.opens("/")).text


ANSWERS = [
    "/",
    "/l/daily",
    "/style.css",
    "/nothing",
    "/healthz",
    "/l/daily/feed.xml",
    "/l/daily/confirm/broken",
]


@pytest.mark.usefixtures("mailing_list")
async def test_every_answer_carries_the_security_headers(reader: Reader):
    for path in ANSWERS:
        for method in ("GET", "HEAD", "DELETE"):
            answer = await reader.opens(path, method=method)
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.status_code in {404, 405}


async def test_a_large_body_is_refused_before_it_is_read(reader: Reader, mailing_list: MailingList):
    answer = await reader.posts("/l/daily/subscribe", b"a" * 70_000)
    assert answer.status_code == 413
    assert "content-security-policy" in answer.headers


async def test_a_database_that_is_away_is_said_so_and_no_more(
    reader: Reader, app: App, mailing_list: MailingList
):
    async with app.database.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("ALTER TABLE mailing_list RENAME TO hidden")
    try:
        healthy, page = await reader.opens("/healthz"), await reader.opens("/l/daily")
    finally:
        async with app.database.begin() as session:
            connection = await session.connection()
            await connection.exec_driver_sql("ALTER TABLE hidden RENAME TO mailing_list")
    assert healthy.status_code == 503
    assert page.status_code == 503
    assert page.headers["retry-after"] == "60"
    assert "حدث خلل" in page.text
    assert "mailing_list" not in page.text


async def test_what_nobody_foresaw_is_a_page_with_all_headers(
    reader: Reader, app: App, mailing_list: MailingList, amal: Subscriber
):
    async with app.database.begin() as session:
        session.add(
            an_edition(mailing_list.id or 0, state=EditionState.FINISHED, content={"not": "an edition"})
        )
    answer = await reader.opens("/l/daily/1")
    assert answer.status_code == 500
    assert "حدث خلل" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
