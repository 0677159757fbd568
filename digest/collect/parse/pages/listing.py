"""Find items on pages that are no feeds."""

import re
from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any

import lxml.html
from cssselect import SelectorError
from cssselect.xpath import XPathExpr
from lxml.cssselect import LxmlTranslator

from digest.collect.clean.titles import HASHTAG, LONGEST_TITLE, is_label, opening, says_urgent, shortened
from digest.collect.parse.decode import decode
from digest.collect.parse.feeds.items import FeedItem
from digest.errors import SourceError
from digest.text.dates.dates import parse_date
from digest.text.sanitise import plain, safe_url
from digest.text.words.normalise import clean

MOST_LINKS = 200
BACKGROUND = re.compile(r"background-image\s*:\s*url\(\s*['\"]?([^'\")]+)")


def _tree(body: bytes, url: str, charset: str | None) -> Any:
    try:
        return lxml.html.document_fromstring(
            decode(body, charset).encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml.etree.LxmlError) as error:
        raise SourceError("The page holds no HTML.", location=url) from error


def links_of(body: bytes, selector: str, url: str, charset: str | None = None) -> tuple[FeedItem, ...]:
    """Return the links that a CSS selector finds (or that stand in what it finds), in order, each address
    once.

    Their titles are what the links say; the articles' own pages tell the rest.

    Raises:
        SourceError: the selector is wrong, or finds nothing.
    """
    try:
        tree = _tree(body, url, charset)
        chosen = set(tree.xpath(TRANSLATOR.css_to_xpath(selector)))
    except (SelectorError, lxml.etree.XPathError) as error:
        raise SourceError(
            f"{selector!r} is no CSS selector: {error}.", location=url, remedy="Give one such as 'h3 a'."
        ) from error
    found: dict[str, FeedItem] = {}
    for link in _links(tree, chosen):
        address = safe_url(link.get("href"), url)
        if address and address not in found and len(found) < MOST_LINKS:
            title = clean(link.text_content()) or clean(link.get("title") or "")
            found[address] = FeedItem(title=title, url=address, position=len(found))
    if not found:
        raise SourceError(
            f"The selector {selector!r} finds no link.",
            location=url,
            remedy="The page may have changed; correct the selector.",
        )
    return tuple(found.values())


def _links(tree: Any, chosen: set[Any]) -> Iterator[Any]:
    """The links that were chosen or stand in what was, in their order, each looked at once."""
    inside = 0
    for event, node in lxml.etree.iterwalk(tree, events=("start", "end")):
        begins = event == "start"
        inside += (1 if begins else -1) if node in chosen else 0
        if begins and node.tag == "a" and (inside or node in chosen):
            yield node


class _Translator(LxmlTranslator):  # type: ignore[misc, unused-ignore]
    """Asks of what an element must stand in or under, instead of going down to it.

    libxml2 takes the square of a page's length to put together what it finds on several ways down. Selectors
    whose parts cannot be asked so (siblings, places among them) are left as they are.
    """

    def xpath_descendant_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        """Return what `left right` means."""
        if _is_plain(left) and _is_plain(right):
            return right.add_condition(f"ancestor::{left}")
        joined: XPathExpr = super().xpath_descendant_combinator(left, right)
        return joined

    def xpath_child_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        """Return what `left > right` means."""
        if _is_plain(left) and _is_plain(right):
            return right.add_condition(f"parent::{left}")
        joined: XPathExpr = super().xpath_child_combinator(left, right)
        return joined


def _is_plain(expression: XPathExpr) -> bool:
    return not expression.path and "position()" not in expression.condition


TRANSLATOR = _Translator()


def posts_of(body: bytes, url: str, now: datetime) -> tuple[str, tuple[FeedItem, ...]]:
    """Return the channel's name and its posts, newest first, of a page such as https://t.me/s/CHANNEL.

    A post's first line that is more than a label is its title; posts without text are left out.

    Raises:
        SourceError: there is no channel on the page.
    """
    tree = _tree(body, url, "utf-8")
    title = clean(tree.xpath('string(//meta[@property="og:title"]/@content)'))
    messages = tree.cssselect(".tgme_widget_message")
    if not messages:
        raise SourceError(
            "There is no public channel at this address.",
            location=url,
            remedy="Use https://t.me/s/NAME of a public channel.",
        )
    items = [item for node in reversed(messages) if (item := _post(node, url, now))]
    return title, tuple(items)


def _post(node: Any, url: str, now: datetime) -> FeedItem | None:
    texts = node.cssselect(".tgme_widget_message_text")
    lines = plain(lxml.html.tostring(texts[-1], encoding="unicode")) if texts else []
    if not lines:
        return None
    place = next((place for place, line in enumerate(lines) if not is_label(line)), 0)
    labels, lines = " ".join(lines[:place]), lines[place:]
    first = lines[0]
    title = first if len(first) <= LONGEST_TITLE else opening([first]) or shortened(first)
    times = [one.get("datetime") for one in node.iter("time") if one.get("datetime")]
    when = parse_date(times[-1], zone="UTC", now=now) if times else None
    post = node.get("data-post") or ""
    photo = next(
        (
            found[1]
            for one in node.cssselect(".tgme_widget_message_photo_wrap")
            if (found := BACKGROUND.search(one.get("style") or ""))
        ),
        None,
    )
    return FeedItem(
        title=title,
        url=safe_url(f"https://t.me/{post}") if re.fullmatch(r"\w{3,64}/\d{1,12}", post) else None,
        guid=post or None,
        published_at=min(when, now) if when else None,
        content_html=escape("\n".join(lines[1:] if title == first else lines), quote=False),
        categories=tuple(tag[1:].replace("_", " ") for tag in HASHTAG.findall(labels)),
        breaking=says_urgent(labels),
        image_url=safe_url(photo, url),
    )
