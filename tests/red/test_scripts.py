"""A hostile feed on its whole way, looked at in a real browser: mail, preview, mailbox, web edition, archive,
feed, form, desk.

No dialog opens, no element has a handler, no address runs anything, nothing is asked for elsewhere, and no
policy had to keep anything back.
"""

import json
import urllib.request
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, Route

from digest.entrypoints.desk.routes import ROUTES
from digest.entrypoints.desk.table import Access
from tests.browser.conftest import chromium  # noqa: F401 (a fixture)
from tests.browser.desk.desk_pages import FILES
from tests.browser.desk.test_desk import comes_in
from tests.red.payloads import LINKS, PAYLOADS
from tests.red.place import NEWS, Place, a_feed, status, wait_until

pytestmark = [pytest.mark.red("xss"), pytest.mark.browser, pytest.mark.timeout(600)]
IN_ONE = 4
"""Payloads in one item's title; all that stand there are shown together."""
OF_THE_DESK = '<script src="/desk/desk.js"'
"""The one script of ours."""
OURS = ("http://", "https://", "mailto:", "/", "#", "about:", "cid:")
"""How addresses on our pages begin; besides, "data:," stands for no icon."""
INSPECT = """() => {
    const all = [...document.querySelectorAll('*')];
    return {
        handlers: all.flatMap(e => e.getAttributeNames().filter(n => n.startsWith('on')).map(n => e.tagName + ' ' + n)),
        foreign: all.filter(e => ['SCRIPT', 'OBJECT', 'EMBED', 'APPLET', 'FRAME', 'ANIMATE', 'MARQUEE'].includes(e.tagName)
            || (e.tagName === 'BASE' && e.hasAttribute('href'))
            || (e.tagName === 'META' && /refresh/i.test(e.httpEquiv))).map(e => e.outerHTML.slice(0, 200)),
        addresses: all.flatMap(e => ['href', 'src', 'action', 'formaction', 'data', 'background', 'poster', 'srcset', 'xlink:href']
            .filter(n => e.hasAttribute(n)).map(n => e[n]?.toString() || e.getAttribute(n))),
    };
}"""


def hostile_items() -> Iterator[str]:
    """Items in which every field holds payloads: title, text, address, author, section, picture and what it
    shows.
    """
    groups = [PAYLOADS[at : at + IN_ONE] for at in range(0, len(PAYLOADS), IN_ONE)]
    for number, group in enumerate(groups):
        words, link = " ".join(group), LINKS[number % len(LINKS)]
        kind, text = NEWS[number % len(NEWS)]
        more = "".join(
            f"<{name}><![CDATA[{value.replace(']]>', ']] >')}]]></{name}>"
            for name, value in (
                ("author", words),
                ("category", words),
                ("guid", f"{number} {words}"),
                ("comments", link),
            )
        )
        shown = f'<media:content xmlns:media="http://search.yahoo.com/mrss/" url="{escaped(link)}" medium="image"/>'
        title = f"{kind} {number}{number} {words}".replace("]]>", "]] >")
        body = f"{text}<p>{number} {words}</p><img src='{link}' alt='{words}'>{words}".replace("]]>", "]] >")
        yield (
            f"<item><title><![CDATA[{title}]]></title><link>{escaped(link)}</link><description><![CDATA[{body}]]></description>"
            f"{more}{shown}</item>"
        )


def escaped(text: str) -> str:
    """As it may stand in XML."""
    kept = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
    return kept.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@pytest.fixture
def poisoned(place: Place) -> Place:
    """An installation whose edition is made of such items, mailed to the embedded mailbox."""
    place.settings["MAIL__HOST"] = ""
    words = " ".join(PAYLOADS[:3])
    assert place.digest("lists", "add", "daily").returncode == 0
    changed = place.digest(
        "lists", "set", "daily", "max_stories=90", "min_stories=1", f"name={json.dumps('موجز ' + words)}"
    )
    assert changed.returncode == 0, changed.stderr
    assert place.digest("subscribers", "add", "amal@mujaz.example", "--name", words).returncode == 0
    feed = a_feed(*hostile_items(), title=escaped("صحيفة " + words))
    done = place.digest("run", "--source", place.file("feed.xml", feed))
    assert done.returncode == 0, done.stderr
    return place


class Looker:
    """Opens pages and keeps what they do that they should not."""

    def __init__(self, page: Page, own: tuple[str, ...]) -> None:
        self.page, self.own = page, own
        self.dialogs: list[str] = []
        self.wanted: list[str] = []
        self.kept_back: list[str] = []
        self.without_pictures = False
        """The mailbox shows a mail's pictures to nobody, and says so each time."""
        page.on("console", lambda said: self._hear(said.text))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.route("**/*", self._answer)

    def _hear(self, said: str) -> None:
        if self.without_pictures and said.startswith("Loading the image"):
            return
        if "Content Security Policy" in said or "Blocked script execution" in said:
            self.kept_back.append(said)

    def _answer(self, route: Route) -> None:
        if route.request.url.startswith(self.own):
            route.continue_()
            return
        self.wanted.append(route.request.url)
        route.abort()

    def looks(self, url: str) -> int:
        """Open an address; returns how many elements the page has."""
        self.page.goto(url, wait_until="load")
        return self._judge(url)

    def shows(self, html: str) -> int:
        """Show HTML as a mail program without any policy would."""
        self.page.set_content(html, wait_until="load")
        return self._judge("what was shown")

    def _judge(self, what: str) -> int:
        self.page.mouse.move(200, 200)
        self.page.wait_for_timeout(50)
        for frame in self.page.frames:
            found = frame.evaluate(INSPECT)
            foreign = [one for one in found["foreign"] if not one.startswith(OF_THE_DESK)]
            assert (self.dialogs, found["handlers"], foreign) == ([], [], []), what
            bad = [one for one in found["addresses"] if one != "data:," and not one.lower().startswith(OURS)]
            assert bad == [], what
        assert self.kept_back == [], what
        return int(self.page.evaluate("document.querySelectorAll('*').length"))


@pytest.fixture
def looker(chromium: Browser, place: Place) -> Iterator[Looker]:  # noqa: F811
    """A window in which scripts may run."""
    context = chromium.new_context(viewport={"width": 800, "height": 1200}, locale="ar")
    yield Looker(context.new_page(), (place.web,))
    context.close()


def text_of(url: str) -> str:
    """A page as it comes."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())


def test_payloads_in_every_field_do_nothing_on_any_page(poisoned: Place, looker: Looker):
    assert len(PAYLOADS) >= 100
    looker.shows((poisoned.folder / "out" / "preview.html").read_text(encoding="utf-8"))
    assert [one for one in looker.wanted if "evil.example" in one] == []
    with poisoned.serving():
        archive = f"{poisoned.web}/l/daily"
        assert "document.domain" in unescape(text_of(f"{archive}/1"))
        for path in (
            "",
            "/l/daily",
            "/l/daily/1",
            "/l/daily/none",
            "/l/daily/unsubscribe/x.y",
            "/l/daily/preferences/x.y",
        ):
            assert looker.looks(poisoned.web + path) > 5
        for payload in PAYLOADS[::8]:
            looker.looks(f"{archive}/{quote(payload, safe='')}")
        atom = ET.fromstring(text_of(f"{archive}/feed.xml"))
        told = [one.text or "" for one in atom.iter() if one.text]
        assert sum("document.domain" in one for one in told) > 0
        for one in atom.iter("{http://www.w3.org/2005/Atom}content"):
            looker.shows(one.text or "")
    assert [one for one in looker.wanted if "evil.example" in one] == []


def test_payloads_do_nothing_in_the_mailbox(poisoned: Place, looker: Looker):
    process = poisoned.starts("mailbox", MAILBOX__PORT=str(poisoned.port))
    looker.without_pictures = True
    try:
        wait_until(lambda: status(f"{poisoned.web}/") == 200, 90)
        (letter, *_) = json.loads(text_of(f"{poisoned.web}/letters.json"))
        key = letter["key"]
        for path in (
            "/",
            f"/letter/{key}",
            f"/letter/{key}/html",
            f"/letter/{key}/text",
            f"/letter/{key}/source",
        ):
            assert looker.looks(poisoned.web + path) > 2
    finally:
        process.terminate()
        process.wait(30)
    assert [one for one in looker.wanted if "evil.example" in one] == []


def test_payloads_do_nothing_on_any_page_of_the_desk(poisoned: Place, looker: Looker):
    """A draft that waits for its editor is there as well: its forms hold every word of it."""
    for done in (
        poisoned.digest("lists", "add", "noon", "--name", "موجز " + PAYLOADS[0]),
        poisoned.digest("lists", "set", "noon", "approval=required", "min_stories=1", "max_stories=90"),
    ):
        assert done.returncode == 0, done.stderr
    feed = a_feed(*hostile_items(), title=escaped("صحيفة " + PAYLOADS[1]))
    poisoned.digest("run", "--list", "noon", "--source", poisoned.file("noon.xml", feed))
    paths = [
        one.path.replace("{slug}", slug).replace("{number:int}", "1").replace("{id:int}", "1")
        for one in ROUTES
        for slug in ("daily", "noon")
        if one.get is not None and one.needs is not Access.ANYBODY and not FILES.search(one.path)
        if slug == "daily" or one.of_a_list
    ]
    asked = [
        f"/desk/lists/daily/{page}={quote(PAYLOADS[0])}" for page in ("people?q", "why?story", "people?tag")
    ]
    poisoned.settings["WEB__PUBLIC_URL"] = poisoned.web
    link = poisoned.digest("desk", "invite", "--owner").stdout.strip()
    with poisoned.serving():
        comes_in(looker.page, link, "amal@news.example", PAYLOADS[2])
        sizes = {path: looker.looks(poisoned.web + path) for path in [*paths, *asked]}
        looker.page.goto(f"{poisoned.web}/desk/lists/noon/editions/1")
        assert "document.domain" in looker.page.content(), "the draft is not shown"
    assert sum(size > 40 for size in sizes.values()) > len(sizes) * 0.8
    assert [one for one in looker.wanted if "evil.example" in one] == []


def test_a_payload_that_ran_would_be_noticed(looker: Looker):
    with pytest.raises(AssertionError):
        looker.shows("<!DOCTYPE html><img src=x onerror='alert(1)'>")
    looker.page.wait_for_timeout(100)
    assert looker.dialogs == ["1"]
    looker.dialogs.clear()
    with pytest.raises(AssertionError):
        looker.shows("<!DOCTYPE html><a href='javascript:alert(2)'>x</a>")
    with pytest.raises(AssertionError):
        looker.shows(
            f"<!DOCTYPE html><meta http-equiv=content-security-policy content=\"img-src 'none'\"><img src={looker.own[0]}/x>"
        )
