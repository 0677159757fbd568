"""Opened links are counted by the day where a list wants it, and lead nowhere but to what the edition
holds.
"""

import re
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx2
import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from digest.entrypoints.web.app import build
from digest.keys import Keys, Purpose
from digest.model import ArticleRef, ClickCount, Edition, MailingList, Related, Section
from digest.model.rows import row_id
from digest.render.message.recipient import Recipient
from digest.services.app import App
from digest.services.audience.admin import retention
from digest.services.editions import clicks
from tests.builders import NOW, a_list, a_story, an_edition, an_edition_content
from tests.integration.web.conftest import READER_AT, SITE, Reader

OUTLET = "https://marfa.example/bridge"
ODD = "https://wasl.example/خبر?a=1&b=%2F#قسم"
SAID = "ولا نسجّل من فتحها"
LINK = re.compile(rf"{SITE}/r/[0-9]+\.[A-Za-z0-9_-]{{16}}")


def stories() -> dict[str, object]:
    first = a_story(related=(Related(headline="رأي آخر", url="https://rai.example/1", outlet="الرأي"),))
    second = a_story(
        "وصول أول قطار",
        articles=(
            ArticleRef(title="قطار", source="وصل", url=ODD),
            ArticleRef(title="قطار", source="شر", url="javascript:alert(1)"),
        ),
    )
    sections = (Section(key="economy", title="الاقتصاد", stories=(first, second)),)
    return {"content": an_edition_content(sections=sections).model_dump(mode="json")}


@pytest.fixture
async def edition(app: App) -> Edition:
    async with app.database.begin() as session:
        made = a_list(count_clicks=True)
        session.add(made)
        await session.flush()
        one = an_edition(row_id(made), **stories())
        session.add(one)
    return one


async def its_list(app: App, edition: Edition, **changed: object) -> MailingList:
    async with app.database.begin() as session:
        found = await session.get_one(MailingList, edition.list_id)
        for name, value in changed.items():
            setattr(found, name, value)
        session.add(found)
    return found


def parts(app: App, mailing_list: MailingList, edition: Edition) -> tuple[str, str, bytes]:
    """The text, the page, and all of the bytes that a reader gets."""
    made = app.renderer.prepared(mailing_list, edition).build(
        Recipient(
            email="amal@mujaz.example",
            name="أمل",
            unsubscribe_mailto="leave@mujaz.example",
            unsubscribe_url=f"{SITE}/u",
            preferences_url=f"{SITE}/p",
            message_id="<1@mujaz.example>",
        )
    )
    mail = message_from_bytes(made, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    text, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    return text.get_content(), page.get_content(), made


async def counted(app: App) -> list[tuple[int, int]]:
    async with app.database.read() as session:
        rows = (await session.exec(select(ClickCount).order_by(ClickCount.link))).all()  # type: ignore[arg-type]
    return [(one.link, one.clicks) for one in rows]


async def link_to(app: App, edition: Edition, url: str) -> str:
    return app.links.click(row_id(edition), url).removeprefix(SITE)


async def test_links_to_outlets_are_the_editions_own_and_the_footer_says_so(app: App, edition: Edition):
    mailing_list = await its_list(app, edition)
    text, page, _ = parts(app, mailing_list, edition)
    for part in (text, page):
        assert SAID in part
        assert OUTLET not in part
        assert "wasl.example" not in part
        assert "javascript:" not in part
    assert len(set(LINK.findall(page))) == 3
    assert set(LINK.findall(text)) <= set(LINK.findall(page))


async def test_off_no_byte_of_the_mail_is_another(app: App, edition: Edition):
    off = await its_list(app, edition, count_clicks=False)
    text, page, made = parts(app, off, edition)
    assert OUTLET in text
    assert OUTLET in page
    assert SAID not in text + page
    assert not LINK.search(text + page)
    on = await its_list(app, edition, count_clicks=True)
    assert parts(app, on, edition)[2] != made
    off = await its_list(app, edition, count_clicks=False)
    assert parts(app, off, edition)[2] == made


async def test_a_link_leads_to_the_outlet_and_is_counted_by_the_day(
    app: App, edition: Edition, reader: Reader
):
    first, odd = await link_to(app, edition, OUTLET), await link_to(app, edition, ODD)
    for path, times in ((first, 2), (odd, 1)):
        for _ in range(times):
            answer = await reader.opens(path)
            assert answer.status_code == 302
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["location"].startswith("https://wasl.example/%D8%AE")
    assert (await reader.opens(first, method="HEAD")).status_code == 302
    assert (await reader.opens(first, sec_purpose="prefetch;prerender")).status_code == 302
    assert await counted(app) == [(0, 2), (2, 1)]
    assert dict(await clicks.by_story(app, edition)) == {
        "افتتاح جسر المرفأ الجديد": 2,
        "وصول أول قطار": 1,
    }
    assert await clicks.by_day(app, [edition.list_id], NOW.date() - timedelta(days=1)) == {NOW.date(): 3}


async def test_a_link_leads_nowhere_but_to_what_its_edition_holds(app: App, edition: Edition, reader: Reader):
    async with app.database.begin() as session:
        second = an_edition(edition.list_id, number=2, local_date=date(2026, 1, 6))
        session.add(second)
    seal = app.links.click(row_id(edition), OUTLET).rpartition(".")[2]
    foreign = app.links.click(row_id(edition), "https://evil.example/").rpartition("/")[2]
    script = app.links.click(row_id(edition), "javascript:alert(1)").rpartition("/")[2]
    wrong = [
        f"{second.id}.{seal}",
        f"{edition.id}.{'A' * 16}",
        f"{edition.id}.{seal}x",
        f"0{edition.id}.{seal}",
        f"99999999999.{seal}",
        f"2147483648.{seal}",
        f"{edition.id}.{seal}?url=https://evil.example/",
        foreign,
        script,
        "https:%2f%2fevil.example",
        "%2f%2fevil.example",
        "..%5c..%5cevil.example",
        "@evil.example",
        "%0d%0alocation:%20https://evil.example",
        "",
    ]
    for token in wrong:
        answer = await reader.opens(f"/r/{token}")
        if "?" in token:
            assert answer.headers["location"] == OUTLET
            continue
        assert answer.status_code in {404, 405}, token
        assert "location" not in answer.headers, token


async def test_links_of_mail_that_was_sent_lead_on_when_it_is_switched_off_or_the_key_is_another(
    app: App, edition: Edition, reader: Reader
):
    path = await link_to(app, edition, OUTLET)
    await its_list(app, edition, count_clicks=False)
    former = app.keys.links.current
    every = {one: Keys(former) for one in Purpose}
    app.keys.take(every | {Purpose.LINKS: Keys(b"another key of links", (), (former,))})
    assert (await reader.opens(path)).headers["location"] == OUTLET
    assert await link_to(app, edition, OUTLET) != path
    assert await counted(app) == []


async def test_a_reader_goes_on_when_the_database_cannot_write(
    app: App, edition: Edition, reader: Reader, monkeypatch: pytest.MonkeyPatch
):
    from digest.errors import TemporaryStoreError
    from digest.storage.editions import clicks as stored

    async def locked(*_: object) -> None:
        raise TemporaryStoreError("The database is locked.")

    monkeypatch.setattr(stored, "add", locked)
    assert (await reader.opens(await link_to(app, edition, OUTLET))).headers["location"] == OUTLET


async def test_nothing_of_who_opens_a_link_is_kept_or_logged(
    app: App, edition: Edition, capfd: pytest.CaptureFixture[str]
):
    transport = httpx2.ASGITransport(app=build(app), client=(READER_AT, 40_000))
    with capture_logs() as logs:
        async with httpx2.AsyncClient(transport=transport, base_url=SITE) as client:
            headers = {"user-agent": "a browser of somebody", "cookie": "who=amal"}
            answer = await client.get(await link_to(app, edition, OUTLET), headers=headers)
    assert answer.status_code == 302
    assert "set-cookie" not in answer.headers
    out = "".join(capfd.readouterr()) + str(logs)
    assert READER_AT not in out
    assert "a browser of somebody" not in out
    assert set(ClickCount.model_fields) == {"edition_id", "link", "day", "clicks"}


async def test_what_was_counted_goes_with_its_edition_and_with_time(
    app: App, edition: Edition, reader: Reader
):
    path = await link_to(app, edition, OUTLET)
    await reader.opens(path)
    await retention.forget_old(app, NOW + timedelta(days=399))
    assert await counted(app) == [(0, 1)]
    await retention.forget_old(app, NOW + timedelta(days=402))
    assert await counted(app) == []
    await reader.opens(path)
    async with app.database.begin() as session:
        await session.delete(await session.get_one(Edition, edition.id))
    assert await counted(app) == []
    assert (await reader.opens(path)).status_code == 404
