"""Nobody is subscribed, and nobody is kept, except by a button pressed."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from digest.clock import FixedClock
from digest.deliver.embedded.maildir import StoredContent
from digest.model import MailingList, Subscriber, SubscriptionState
from digest.services.app import App
from digest.services.audience.joining import defence
from digest.storage.audience import suppressions
from tests.builders import a_list
from tests.integration.web.conftest import SITE, Dump, Reader

StateOf = Callable[[str], Awaitable[SubscriptionState | None]]
Mailed = Callable[[], Awaitable[list[StoredContent]]]
Dumped = Callable[[], Awaitable[Dump]]

BADR = {"email": "Badr@Mujaz.example", "website": ""}


def link(letter: StoredContent, kind: str) -> str:
    found = re.search(rf"{SITE}(/l/daily/{kind}/\S+)", letter.text)
    assert found is not None, letter.text
    return found[1]


async def test_a_wish_is_confirmed_by_the_button_in_the_mail(
    reader: Reader, mailing_list: MailingList, mailed: Mailed, state_of: StateOf
):
    asked = await reader.sends("/l/daily/subscribe", BADR)
    assert asked.status_code == 200
    assert "راجع بريدك" in asked.text
    letters = await mailed()
    assert [letter.stored_message.recipient for letter in letters] == ["badr@mujaz.example"]
    path = link(letters[0], "confirm")
    page = await reader.opens(path)
    assert page.status_code == 200
    assert 'method="post"' in page.text
    assert await state_of("badr@mujaz.example") is SubscriptionState.PENDING
    done = await reader.sends(path)
    assert done.status_code == 200
    assert "اكتمل اشتراكك" in done.text
    assert await state_of("badr@mujaz.example") is SubscriptionState.CONFIRMED


async def test_a_subscriber_leaves_by_the_page(reader: Reader, app: App, amal: Subscriber, state_of: StateOf):
    path = app.links.unsubscribe("daily", amal.key).removeprefix(SITE)
    assert "إلغاء الاشتراك" in (await reader.opens(path)).text
    assert await state_of(amal.email) is SubscriptionState.CONFIRMED
    left = await reader.sends(path)
    assert left.status_code == 200
    assert "أُلغي اشتراكك" in left.text
    assert await state_of(amal.email) is SubscriptionState.LEFT
    assert (await reader.sends(path)).status_code == 200


ONE_CLICK = [
    ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
    (
        "multipart/form-data; boundary=cut",
        b'--cut\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--cut--\r\n',
    ),
]


@pytest.mark.parametrize("form", ONE_CLICK, ids=["urlencoded", "multipart"])
async def test_a_provider_unsubscribes_by_one_click(
    reader: Reader, app: App, amal: Subscriber, state_of: StateOf, form: tuple[str, bytes]
):
    kind, body = form
    answer = await reader.posts(app.links.unsubscribe("daily", amal.key), body, content_type=kind)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert await state_of(amal.email) is SubscriptionState.LEFT


async def test_a_broken_form_keeps_nobody_on_a_list(
    reader: Reader, app: App, amal: Subscriber, state_of: StateOf
):
    path = app.links.unsubscribe("daily", amal.key)
    answer = await reader.posts(path, b"--nothing", content_type="multipart/form-data; boundary=cut")
    assert answer.status_code == 200
    assert await state_of(amal.email) is SubscriptionState.LEFT


async def test_looking_at_every_page_changes_nothing(
    reader: Reader, app: App, amal: Subscriber, now: datetime, dump: Dumped
):
    before = await dump()
    assert before["subscription"]
    pages = (
        "/",
        "/healthz",
        "/style.css",
        "/l/daily",
        "/l/daily/feed.xml",
        "/l/daily/subscribe",
        "/l/daily/subscribe?email=badr@mujaz.example",
        app.links.confirm("daily", amal.key, now),
        app.links.unsubscribe("daily", amal.key),
        f"{app.links.unsubscribe('daily', amal.key)}?List-Unsubscribe=One-Click",
        app.links.preferences("daily", amal.key),
    )
    for path in pages:
        assert (await reader.opens(path)).status_code == 200, path
        head = await reader.opens(path, method="HEAD")
        assert (head.status_code, head.content) == (200, b""), path
    assert await dump() == before


async def test_the_form_tells_nobody_who_reads(
    reader: Reader, app: App, amal: Subscriber, mailed: Mailed, state_of: StateOf
):
    async with app.database.begin() as session:
        hashed = app.keys.suppression_hash("salma@mujaz.example")
        await suppressions.suppress(session, hashed, "complained", app.clock.now())
    answers = [
        await reader.sends("/l/daily/subscribe", {"email": address})
        for address in (amal.email, "new@mujaz.example", "salma@mujaz.example", "new@mujaz.example")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert [letter.stored_message.recipient for letter in await mailed()] == ["new@mujaz.example"]
    assert await state_of("salma@mujaz.example") is None


FOREIGN = [
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "", "origin": "https://evil.example"},
    {"sec_fetch_site": "", "origin": "null"},
]


async def test_another_sites_form_is_refused(reader: Reader, app: App, amal: Subscriber, dump: Dumped):
    before = await dump()
    for headers in FOREIGN:
        for path in ("/l/daily/subscribe", app.links.unsubscribe("daily", amal.key)):
            answer = await reader.sends(path, BADR, **headers)
            assert answer.status_code == 403, headers
            assert "content-security-policy" in answer.headers
    assert await dump() == before


async def test_a_form_of_ours_passes_in_a_browser_that_sends_only_its_origin(
    reader: Reader, mailing_list: MailingList, state_of: StateOf
):
    answer = await reader.sends("/l/daily/subscribe", BADR, sec_fetch_site="")
    assert answer.status_code == 200
    assert await state_of("badr@mujaz.example") is SubscriptionState.PENDING


async def test_a_program_that_fills_in_the_hidden_field_gets_the_same_answer_and_nothing_else(
    reader: Reader, app: App, mailing_list: MailingList, state_of: StateOf
):
    trapped = await reader.sends("/l/daily/subscribe", BADR | {"website": "https://spam.example"})
    assert await state_of("badr@mujaz.example") is None
    (kept,) = await defence.blocked(app)
    assert kept.signup.reason == "hidden-field"
    assert trapped.content == (await reader.sends("/l/daily/subscribe", BADR)).content


async def test_an_address_that_is_none_is_shown_again_with_a_word(
    reader: Reader, mailing_list: MailingList, dump: Dumped
):
    before = await dump()
    for given in ("nobody", "", "a\0b@mujaz.example", f"{'a' * 400}@mujaz.example"):
        answer = await reader.sends("/l/daily/subscribe", {"email": given})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    again = await reader.sends("/l/daily/subscribe", {"email": '"><script>'})
    assert 'value="&#34;&gt;&lt;script&gt;"' in again.text
    assert await dump() == before


async def test_nobody_is_mailed_twice_a_day_by_the_form(
    reader: Reader, app: App, mailing_list: MailingList, mailed: Mailed
):
    for _ in range(3):
        await reader.sends("/l/daily/subscribe", BADR)
    assert len(await mailed()) == 1
    assert isinstance(app.clock, FixedClock)
    app.clock.forward(timedelta(hours=25))
    await reader.sends("/l/daily/subscribe", BADR)
    assert len(await mailed()) == 2


class TestLimit:
    @pytest.fixture
    def signups_an_hour(self) -> int:
        return 2

    async def test_one_household_sends_only_so_many_wishes_an_hour(
        self, reader: Reader, mailing_list: MailingList, state_of: StateOf
    ):
        answers = [
            await reader.sends("/l/daily/subscribe", {"email": f"r{place}@mujaz.example"})
            for place in range(3)
        ]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].headers["retry-after"] == "3600"
        assert await state_of("r2@mujaz.example") is None


async def test_a_broken_link_is_gone(reader: Reader, app: App, amal: Subscriber, now: datetime):
    good = app.links.unsubscribe("daily", amal.key)
    old = app.links.confirm("daily", amal.key, now - timedelta(days=8))
    for path in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace("/unsubscribe/", "/confirm/"),
        "/l/daily/unsubscribe/nothing",
        "/l/daily/confirm/%00",
        "/l/daily/preferences/a.b",
        "/l/nolist/unsubscribe/nothing",
        old,
    ):
        for answer in (await reader.opens(path), *([] if "pref" in path else [await reader.sends(path)])):
            assert answer.status_code == 410, path
            assert answer.headers["cache-control"] == "no-store"


async def test_the_page_of_a_subscriber_is_hers_alone(reader: Reader, app: App, amal: Subscriber):
    answer = await reader.opens(app.links.preferences("daily", amal.key))
    assert amal.email in answer.text
    assert "٦:٣٠ ص" in answer.text
    assert app.links.unsubscribe("daily", amal.key) in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    await reader.sends(app.links.unsubscribe("daily", amal.key))
    assert "غير مشترك" in (await reader.opens(app.links.preferences("daily", amal.key))).text


async def test_a_refusal_is_a_page_in_the_lists_language(reader: Reader, app: App, mailing_list: MailingList):
    foreign = await reader.sends("/l/daily/subscribe", BADR, sec_fetch_site="cross-site")
    large = await reader.posts("/l/daily/subscribe", b"email=" + b"x" * 70_000)
    assert (foreign.status_code, large.status_code) == (403, 413)
    for answer, word in ((foreign, "من موقع آخر"), (large, "أكبر مما نقبل")):
        assert word in answer.text
        assert 'dir="rtl"' in answer.text
        assert "content-security-policy" in answer.headers
    async with app.database.begin() as session:
        session.add(a_list(slug="english", language="en"))
    english = await reader.sends("/l/english/subscribe", BADR, sec_fetch_site="cross-site")
    assert "from another site" in english.text


@pytest.mark.red("signup-timing")
@pytest.mark.parametrize("signups_an_hour", [10_000])
async def test_known_and_unknown_addresses_take_the_same_time_at_sign_up(
    reader: Reader, app: App, amal: Subscriber
):
    """Mann-Whitney over posts in turn: the form does the same work for both, so that their times are of one kind."""
    from math import erfc, sqrt
    from time import perf_counter

    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(200):
        for known in (True, False) if number % 2 else (False, True):
            address = amal.email if known else f"new{number}@mujaz.example"
            started = perf_counter()
            assert (await reader.sends("/l/daily/subscribe", {"email": address})).status_code == 200
            times[known].append(perf_counter() - started)
    count = len(times[True])
    ranked = sorted((seconds, known) for known, all_of in times.items() for seconds in all_of)
    ranks = sum(place for place, (_, known) in enumerate(ranked, 1) if known)
    wins = ranks - count * (count + 1) / 2
    z = (wins - count * count / 2) / sqrt(count * count * (2 * count + 1) / 12)
    assert erfc(abs(z) / sqrt(2)) > 0.01
