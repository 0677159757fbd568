"""Leaving one list or all, less mail instead, taking it back; and programs that open every link change nothing."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.deliver.embedded import maildir
from digest.deliver.embedded.maildir import StoredContent
from digest.model import Frequency, Subscriber, SubscriptionState
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.audience.admin import erasing
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.storage.audience import lists, suppressions
from tests.builders import a_list, a_subscription
from tests.fakes_delivery import keep_an_edition
from tests.integration.web.conftest import READER_AT, SITE, Dump, Reader

Dumped = Callable[[], Awaitable[Dump]]
Mailed = Callable[[], Awaitable[list[StoredContent]]]
LINK = re.compile(rf"""(?:href|action|src)="((?:{SITE}|/)[^"]*)"|({SITE}/[^\s"<>]+)""")


@pytest.fixture
async def two_lists(app: App, amal: Subscriber) -> None:
    async with app.database.begin() as session:
        other = await lists.add(session, a_list(slug="other", name="أخرى"))
        session.add(a_subscription(other.id or 0, amal.id or 0))


async def states(app: App) -> dict[str, SubscriptionState]:
    found = await subscribers.profile(app, "amal@mujaz.example")
    return {one.slug: subscription.state for one, subscription in found.subscriptions}


def path_of(url: str) -> str:
    return url.removeprefix(SITE)


def undo_in(page: str) -> str:
    return re.findall('action="([^"]+/undo/[^"]+)"', page)[0]


async def test_leaving_says_by_what_and_is_taken_back_within_the_hour(
    reader: Reader, app: App, amal: Subscriber
):
    path = path_of(app.links.unsubscribe("daily", amal.key))
    left = await reader.sends(path)
    undo = undo_in(left.text)
    assert "التراجع" in (await reader.opens(path)).text
    assert (await reader.opens(undo)).status_code == 200
    assert await states(app) == {"daily": SubscriptionState.LEFT}
    back = await reader.sends(undo)
    assert "عاد اشتراكك" in back.text
    assert "عاد اشتراكك" in (await reader.sends(undo)).text
    found = await subscribers.profile(app, amal.email)
    assert (await states(app), found.subscriptions[0][1].left_at) == (
        {"daily": SubscriptionState.CONFIRMED},
        None,
    )
    assert [(one.event, one.how, one.came_from, one.page) for one in found.events] == [
        ("left", "link", READER_AT, "/l/daily/unsubscribe"),
        ("returned", "undo", READER_AT, "/l/daily/undo"),
    ]


async def test_after_an_hour_and_for_another_leaving_nothing_is_taken_back(
    reader: Reader, app: App, amal: Subscriber
):
    assert isinstance(app.clock, FixedClock)
    path = path_of(app.links.unsubscribe("daily", amal.key))
    first = undo_in((await reader.sends(path)).text)
    await reader.sends(first)
    app.clock.forward(timedelta(minutes=10))
    await reader.sends(path)
    assert (await reader.sends(first)).status_code in {200, 410}
    assert await states(app) == {"daily": SubscriptionState.LEFT}
    app.clock.forward(timedelta(hours=1, seconds=1))
    assert (await reader.sends(first)).status_code == 410
    assert "undo" not in (await reader.opens(path)).text


@pytest.mark.parametrize("reason", ["complained", "blocked"])
async def test_who_must_never_be_mailed_cannot_take_it_back(
    reader: Reader, app: App, amal: Subscriber, reason: str
):
    undo = undo_in((await reader.sends(path_of(app.links.unsubscribe("daily", amal.key)))).text)
    async with app.database.begin() as session:
        await suppressions.suppress(session, app.keys.suppression_hash(amal.email), reason, app.clock.now())
    assert (await reader.sends(undo)).status_code == 410
    assert await states(app) == {"daily": SubscriptionState.LEFT}


@pytest.mark.usefixtures("two_lists")
async def test_all_lists_are_left_and_come_back_together(reader: Reader, app: App, amal: Subscriber):
    path = path_of(app.links.unsubscribe("daily", amal.key))
    assert 'value="all"' in (await reader.opens(path)).text
    left = await reader.sends(path, {"do": "all"})
    assert set((await states(app)).values()) == {SubscriptionState.LEFT}
    await reader.sends(undo_in(left.text))
    assert set((await states(app)).values()) == {SubscriptionState.CONFIRMED}


@pytest.mark.usefixtures("two_lists")
async def test_one_click_leaves_one_list_whatever_else_is_in_the_form(
    reader: Reader, app: App, amal: Subscriber
):
    body = b"List-Unsubscribe=One-Click&do=all"
    answer = await reader.posts(
        app.links.unsubscribe("daily", amal.key), body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.text == "unsubscribed\n"
    assert await states(app) == {"daily": SubscriptionState.LEFT, "other": SubscriptionState.CONFIRMED}
    (event,) = (await subscribers.profile(app, amal.email)).events
    assert (event.event, event.how) == ("left", "one-click")


async def test_less_mail_is_offered_beside_leaving_and_keeps_the_reader(
    reader: Reader, app: App, amal: Subscriber
):
    path = path_of(app.links.unsubscribe("daily", amal.key))
    page = (await reader.opens(path)).text
    assert page.index("إلغاء الاشتراك</button>") < page.index("أقل بريدًا؟")
    assert app.links.preferences("daily", amal.key) in page
    for _ in range(2):
        assert "مرة في الأسبوع" in (await reader.sends(path, {"do": "weekly"})).text
    found = (await subscribers.profile(app, amal.email)).subscriptions[0][1]
    assert (found.state, found.frequency) == (SubscriptionState.CONFIRMED, Frequency.WEEKLY)
    assert "رسالة واحدة في الأسبوع" not in (await reader.opens(path)).text


async def test_a_used_link_and_one_of_somebody_who_is_gone_are_answered_kindly(
    reader: Reader, app: App, amal: Subscriber, dump: Dumped
):
    path = path_of(app.links.unsubscribe("daily", amal.key))
    await asyncio.gather(*(reader.sends(path) for _ in range(6)))
    assert len((await subscribers.profile(app, amal.email)).events) == 1
    before = await dump()
    assert "أُلغي اشتراكك" in (await reader.opens(path)).text
    assert await dump() == before
    await erasing.forget(app, amal.email)
    for answer in (await reader.opens(path), await reader.sends(path)):
        assert answer.status_code == 200
        assert "أُلغي اشتراكك" in answer.text
    one_click = await reader.posts(
        path, b"List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert (one_click.status_code, one_click.text) == (200, "unsubscribed\n")


async def test_a_link_of_another_list_opens_nothing(
    reader: Reader, app: App, amal: Subscriber, two_lists: None
):
    for path in (
        app.links.unsubscribe("daily", amal.key).replace("/l/daily/", "/l/other/"),
        app.links.confirm("daily", amal.key, app.clock.now()).replace("/l/daily/", "/l/other/"),
        app.links.undo("daily", amal.key, app.clock.now()).replace("/l/daily/", "/l/other/"),
    ):
        for answer in (await reader.opens(path), await reader.sends(path)):
            assert answer.status_code == 410
            assert 'lang="ar" dir="rtl"' in answer.text


async def test_a_program_that_opens_every_link_of_every_mail_and_page_changes_nothing(
    reader: Reader, app: App, mailed: Mailed, dump: Dumped
):
    edition = await keep_an_edition(app.database, ["amal@mujaz.example"], welcome=True, form_sites=[SITE])
    await publish.start(app, edition)
    await deliver_edition(app, edition.id or 0, lambda _: None)
    await reader.sends("/l/daily/subscribe", {"email": "badr@mujaz.example"})
    await reader.sends("/l/daily/subscribe", {"email": "salma@mujaz.example"})
    letters = await mailed()
    confirm = next(path for letter in letters for path in links_in(letter.text) if "/confirm/" in path)
    await reader.sends(confirm)
    letters = await mailed()
    assert len(letters) == 4
    folder = app.settings.mailbox.folder
    sources = [maildir.stored_message(folder, one.key) for one in maildir.stored_messages(folder)]
    waiting = {path for one in sources for path in links_in(one.text) | links_in(one.html)}
    waiting |= {"/", "/l/daily", "/l/daily/form", "/healthz", "/ready"}
    kinds = {
        kind for path in waiting for kind in ("confirm", "unsubscribe", "preferences") if f"/{kind}/" in path
    }
    assert kinds == {"confirm", "unsubscribe", "preferences"}
    before, seen = await dump(), set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for method in ("GET", "HEAD"):
            answer = await reader.opens(path, method=method)
            assert answer.status_code < 500, path
        waiting |= links_in((await reader.opens(path)).text) - seen
    assert len(seen) > 12
    assert await dump() == before


def links_in(text: str) -> set[str]:
    """The paths of our own pages that a text names, without their anchors."""
    found = (one or other for one, other in LINK.findall(text.replace("&amp;", "&")))
    return {path_of(one).partition("#")[0] or "/" for one in found}
