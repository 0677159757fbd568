"""The form on other sites: in a frame, posted from a page of theirs, and nowhere that the list does not name."""

from collections.abc import Awaitable, Callable

import pytest

from digest.clock import FixedClock
from digest.model import MailingList, SubscriptionState
from digest.services.app import App
from digest.storage.audience import lists
from tests.integration.web.conftest import SITE, Dump, Reader

StateOf = Callable[[str], Awaitable[SubscriptionState | None]]
Dumped = Callable[[], Awaitable[Dump]]
SCHOOL = "https://school.example"
BADR = {"email": "badr@mujaz.example"}
FROM_SCHOOL = {"sec_fetch_site": "cross-site", "origin": SCHOOL}


@pytest.fixture
async def on_a_site(app: App, mailing_list: MailingList) -> MailingList:
    async with app.database.begin() as session:
        found = await lists.by_slug(session, "daily")
        found.form_sites = [SCHOOL]
    return found


async def test_only_named_sites_may_frame_the_form(reader: Reader, app: App, mailing_list: MailingList):
    nobody = await reader.opens("/l/daily/form")
    assert "frame-ancestors 'none'" in nobody.headers["content-security-policy"]
    async with app.database.begin() as session:
        (await lists.by_slug(session, "daily")).form_sites = [SCHOOL]
    framed = await reader.opens("/l/daily/form")
    assert f"frame-ancestors {SCHOOL};" in framed.headers["content-security-policy"] + ";"
    assert "script" not in framed.text
    style = await reader.opens("/style.css")
    assert len(framed.content) + len(style.content) < 50_000
    for path in ("/l/daily", "/l/daily/subscribe"):
        assert "frame-ancestors 'none'" in (await reader.opens(path)).headers["content-security-policy"]


async def test_a_form_of_a_named_site_is_taken_and_leads_back_to_it(
    reader: Reader, on_a_site: MailingList, state_of: StateOf
):
    fields = BADR | {"success_url": f"{SCHOOL}/thanks", "failure_url": f"{SCHOOL}/again?x=1"}
    done = await reader.sends("/l/daily/form", fields, **FROM_SCHOOL)
    assert (done.status_code, done.headers["location"]) == (303, f"{SCHOOL}/thanks")
    assert await state_of("badr@mujaz.example") is SubscriptionState.PENDING
    wrong = await reader.sends("/l/daily/form", fields | {"email": "nobody"}, **FROM_SCHOOL)
    assert (wrong.status_code, wrong.headers["location"]) == (303, f"{SCHOOL}/again?x=1")


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example/",
        "https://school.example.evil.example/",
        "https://school.example@evil.example/",
        "https://school.example\\@evil.example",
        "http://school.example/",
        "javascript:alert(1)",
        "https://[bad",
        "https://school.example/\r\nSet-Cookie: a=b",
        "",
    ],
)
async def test_nobody_is_led_elsewhere(reader: Reader, on_a_site: MailingList, place: str):
    answer = await reader.sends("/l/daily/form", BADR | {"success_url": place}, **FROM_SCHOOL)
    assert (answer.status_code, answer.headers.get("location")) == (200, None)
    assert "راجع بريدك" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
        {"sec_fetch_site": "cross-site", "origin": "null"},
        {"sec_fetch_site": "", "origin": "https://evil.example"},
        {"sec_fetch_site": "same-site", "origin": "https://sub.mujaz.example"},
    ],
)
async def test_a_form_of_any_other_site_is_refused(
    reader: Reader, on_a_site: MailingList, dump: Dumped, headers: dict[str, str]
):
    before = await dump()
    answer = await reader.sends("/l/daily/form", BADR, **headers)
    assert answer.status_code == 403
    assert "من موقع آخر" in answer.text
    assert await dump() == before


async def test_a_form_that_comes_back_at_once_is_asked_for_once_more(
    reader: Reader, app: App, mailing_list: MailingList, state_of: StateOf
):
    import re
    from datetime import timedelta

    page = (await reader.opens("/l/daily/subscribe")).text
    shown = re.findall('name="shown" value="([^"]+)"', page)[0]
    soon = await reader.sends("/l/daily/subscribe", BADR | {"shown": shown})
    assert soon.status_code == 422
    assert "مرة أخرى" in soon.text
    assert 'value="badr@mujaz.example"' in soon.text
    assert await state_of("badr@mujaz.example") is None
    assert isinstance(app.clock, FixedClock)
    app.clock.forward(timedelta(seconds=5))
    forged = await reader.sends("/l/daily/subscribe", BADR | {"shown": shown[:-1] + "x"})
    assert forged.status_code == 422
    assert (await reader.sends("/l/daily/subscribe", BADR | {"shown": shown})).status_code == 200
    assert await state_of("badr@mujaz.example") is SubscriptionState.PENDING


@pytest.mark.parametrize("path", ["subscribe", "form"])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"email=%FF%FE%00", "application/x-www-form-urlencoded"),
        ("email=أمل@مثال.example".encode(), "application/x-www-form-urlencoded"),
        (
            "email=amal@مثال.إختبار".encode("windows-1256"),
            "application/x-www-form-urlencoded; charset=nonsense",
        ),
        (b"--nothing", "multipart/form-data; boundary=cut"),
        (b"--cut\r\n\r\nx\r\n--cut--", "multipart/form-data"),
        (b"&".join(b"a=1" for _ in range(3000)), "application/x-www-form-urlencoded"),
        (b'{"email": "a"}', "application/json"),
        (b"email=" + b"a" * 60_000, "application/x-www-form-urlencoded"),
    ],
)
async def test_whatever_is_posted_gets_a_page_in_the_lists_language(
    reader: Reader, mailing_list: MailingList, path: str, body: bytes, kind: str
):
    answer = await reader.posts(f"/l/daily/{path}", body, content_type=kind, origin=SITE)
    assert answer.status_code in {200, 422}, answer.text
    assert 'lang="ar" dir="rtl"' in answer.text


async def test_a_form_of_a_megabyte_is_refused_with_a_page(reader: Reader, mailing_list: MailingList):
    answer = await reader.posts("/l/daily/form", b"email=" + b"x" * 1_000_000)
    assert answer.status_code == 413
    assert 'dir="rtl"' in answer.text
