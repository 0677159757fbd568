"""The embedded mailbox's pages: they show letters, run nothing, and answer this machine alone."""

import mailbox
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx2
import pytest

from digest.deliver.embedded import maildir
from digest.entrypoints.web.mailbox import mailbox_app

HOME = "http://127.0.0.1:8025"
EVIL = (
    "<!DOCTYPE html><html lang='ar'><head><title>ع</title></head><body><script>alert(1)</script>"
    "<img src='https://tracker.example/p.gif' onerror='alert(2)'><p style='color:#333333'>نص الرسالة</p>"
    "<a href='https://marfa.example/1'>الخبر</a></body></html>"
)


def a_letter(subject: str = "موجز اليوم: الجسر", html: str = EVIL) -> bytes:
    message = EmailMessage()
    message["From"] = "موجز <digest@mujaz.example>"
    message["To"] = "amal@mujaz.example"
    message["Subject"] = subject
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("نص الرسالة <b>كما هو</b>\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mailbox"


@pytest.fixture
def keys(folder: Path) -> list[str]:
    """Two letters lie in the box: the second has no HTML and a hostile subject."""
    box = mailbox.Maildir(folder, create=True)
    names = [box.add(a_letter()), box.add(a_letter("<script>alert(3)</script>", html=""))]
    return [
        letter.key
        for name in names
        for letter in maildir.stored_messages(folder)
        if letter.key.startswith(name)
    ]


@pytest.fixture
async def person(folder: Path) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=mailbox_app(folder), client=("127.0.0.1", 40_000))
    async with httpx2.AsyncClient(transport=transport, base_url=HOME) as client:
        yield client


async def test_an_empty_mailbox_says_how_to_fill_it(person: httpx2.AsyncClient):
    page = await person.get("/")
    assert page.status_code == 200
    assert "make digest" in page.text
    assert (await person.get("/letters.json")).json() == []


async def test_the_list_shows_subject_recipient_and_size(person: httpx2.AsyncClient, keys: list[str]):
    page = (await person.get("/")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert page.count("amal@mujaz.example") == 2
    assert f'href="/letter/{keys[0]}"' in page
    assert "&lt;script&gt;alert(3)&lt;/script&gt;" in page
    assert "<script" not in page


async def test_the_list_is_there_for_programs_too(person: httpx2.AsyncClient, keys: list[str]):
    found = {one["key"]: one for one in (await person.get("/letters.json")).json()}
    assert set(found) == set(keys)
    letter = found[keys[0]]
    assert letter["subject"] == "موجز اليوم: الجسر"
    assert (await person.get(letter["source"])).content.endswith(b"\n")
    assert "نص الرسالة" in (await person.get(letter["text"])).text
    assert "نص الرسالة" in (await person.get(letter["html"])).text


async def test_a_letter_stands_in_a_sandbox(person: httpx2.AsyncClient, keys: list[str]):
    page = (await person.get(f"/letter/{keys[0]}")).text
    assert f'<iframe class="desktop" src="/letter/{keys[0]}/html" sandbox="allow-popups ' in page
    assert "allow-scripts" not in page
    assert "allow-same-origin" not in page
    assert '<iframe class="phone"' in (await person.get(f"/letter/{keys[0]}?view=phone")).text


async def test_the_frame_runs_no_script_and_loads_nothing(person: httpx2.AsyncClient, keys: list[str]):
    answer = await person.get(f"/letter/{keys[0]}/html")
    policy = answer.headers["content-security-policy"]
    rules = {part.split()[0]: part.split()[1:] for part in policy.split("; ")}
    assert rules["default-src"] == ["'none'"]
    assert rules["style-src"] == ["'unsafe-inline'"]
    assert rules["img-src"] == ["data:"]
    assert rules["frame-ancestors"] == ["'self'"]
    assert "script-src" not in rules
    assert "allow-scripts" not in rules["sandbox"]
    assert '<head><base target="_blank">' in answer.text
    assert "style='color:#333333'" in answer.text


async def test_the_other_views_show_text_headers_and_source(person: httpx2.AsyncClient, keys: list[str]):
    assert "&lt;b&gt;كما هو" in (await person.get(f"/letter/{keys[0]}?view=text")).text
    assert "List-Unsubscribe-Post" in (await person.get(f"/letter/{keys[0]}?view=headers")).text
    source = await person.get(f"/letter/{keys[0]}/source")
    assert source.headers["content-type"] == "text/plain; charset=utf-8"
    assert source.headers["x-content-type-options"] == "nosniff"
    assert source.content.startswith(b"From: ")


async def test_a_letter_without_html_is_shown_as_text(person: httpx2.AsyncClient, keys: list[str]):
    page = (await person.get(f"/letter/{keys[1]}?view=desktop")).text
    assert "<iframe" not in page
    assert '<pre class="plain"' in page
    assert (await person.get(f"/letter/{keys[1]}/html")).status_code == 404


@pytest.mark.parametrize(
    "key",
    [
        "..",
        "%2e%2e",
        "..%2fsecret",
        "%2e%2e%2fsecret",
        "new",
        "..%5csecret",
        "%00",
        "nothing",
        "%2fetc%2fpasswd",
    ],
)
async def test_no_address_leads_out_of_the_mailbox(
    person: httpx2.AsyncClient, folder: Path, keys: list[str], key: str
):
    assert keys
    (folder / "secret").write_bytes(a_letter("خفي تماما", html=""))
    (folder.parent / "secret").write_bytes(a_letter("خفي تماما", html=""))
    for part in ("", "/html", "/text", "/source"):
        answer = await person.get(httpx2.URL(f"{HOME}/letter/{key}{part}"))
        assert answer.status_code in {200, 404}
        assert "خفي تماما" not in answer.text
        assert answer.status_code == 404 or "letters" in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8025",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.7",
        "",
        "a@127.0.0.1",
        "[::1",
        "0.0.0.0",
    ],
)
async def test_a_name_that_somebody_pointed_at_this_machine_is_refused(
    person: httpx2.AsyncClient, keys: list[str], host: str
):
    for path in ("/", "/letters.json", f"/letter/{keys[0]}/html", "/style.css"):
        answer = await person.get(path, headers={"host": host})
        assert answer.status_code == 421
        assert "amal" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8025", "127.0.0.1", "127.0.0.9:1", "[::1]:8025"])
async def test_the_names_of_this_machine_are_answered(person: httpx2.AsyncClient, host: str):
    assert (await person.get("/", headers={"host": host})).status_code == 200


async def test_nothing_can_be_changed(person: httpx2.AsyncClient, folder: Path, keys: list[str]):
    before = _files(folder)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert (await person.request(method, f"/letter/{keys[0]}")).status_code == 405
    for path in ("/", f"/letter/{keys[0]}", f"/letter/{keys[0]}/html"):
        head = await person.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert (await person.get(path)).status_code == 200
    assert _files(folder) == before


def _files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_every_page_carries_a_strict_policy(person: httpx2.AsyncClient, keys: list[str]):
    for path in ("/", f"/letter/{keys[0]}", "/nothing", "/letters.json"):
        headers = (await person.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
