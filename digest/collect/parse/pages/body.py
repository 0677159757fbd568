"""The text of a page: the paragraphs on which two independent readers agree.

trafilatura keeps lists of links that look like prose, readability-lxml keeps captions and author boxes; what
both keep is nearly always the article (docs/why/cleaning.md has the figures). The order is readability's,
which follows the page.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import lxml.html

from digest.collect.clean.article import squeezed
from digest.collect.clean.rules import Rulebook
from digest.text.sanitise import plain
from digest.text.words.normalise import clean, fold

AGREED = 0.7
"""The share of a line's four-word runs that must stand in the other reading."""
DISAGREE = 0.4
"""When one reading covers less of the other than this, they have not found the same text."""
MOST_LISTS = 50
LONGEST_LEAD = 3000
JOINT = "\u200c"
PROSE = 12
"""Words from which a line counts as prose: a heading or a caption is shorter."""
LONGEST_CAPTION = 40
HEADINGS = ("title", "h1", "h2", "h3", "h4")
BARE_DATE = re.compile(r"^\W*(?:\d{4}\W\d{1,2}\W\d{1,2}|\d{1,2}\W\d{1,2}\W\d{4})\W*$")
NOT_TEXT = "figcaption, figure, aside, nav, form, button, footer, time, [class*=caption], [class*=related], [class*=share]"


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a page's article, in order, clean; `around` are all that either reader found, bylines and
    credits too.
    """

    lines: list[str]
    around: list[str]


def read(html: str, tree: Any, url: str | None, book: Rulebook) -> Reading:
    """Find the text of a page; both lists are empty when there is none."""
    if book.selector:
        chosen = tree.cssselect(book.selector)
        lines = [line for node in chosen for line in plain(lxml.html.tostring(node, encoding="unicode"))]
        return Reading(lines, lines)
    captions = _captions(tree)
    around, second = _trafilatura(html, url), _readability(html)
    first = book.up_to_end(around)
    found = with_lists(agreed(first, book.up_to_end(second)), first, tree)
    lines = [line for line in found if len(line.split()) > LONGEST_CAPTION or squeezed(line) not in captions]
    return Reading(lines, [*around, *second])


def _captions(tree: Any) -> set[str]:
    """What the page says of its pictures. A heading that says the same stays a heading."""
    captions = [node.get("alt") or "" for node in tree.iter("img")]
    captions += [node.get("title") or "" for node in tree.iter("img")]
    captions += [node.text_content() for node in tree.iter("figcaption")]
    headings = {squeezed(node.text_content()) for name in HEADINGS for node in tree.iter(name)}
    return {squeezed(one) for one in captions if one.strip()} - headings - {""}


def _trafilatura(html: str, url: str | None) -> list[str]:
    # Large, and slow to load; a process that reads no pages does without it. So with the other readers.
    import trafilatura

    text = trafilatura.extract(html, url=url, include_comments=False, include_tables=False) or ""
    return [line for line in (clean(raw.strip().removeprefix("- ")) for raw in text.splitlines()) if line]


def _readability(html: str) -> list[str]:
    from readability import Document
    from readability.readability import Unparseable

    try:
        tree: Any = lxml.html.fromstring(Document(html).summary(html_partial=True))
    except (Unparseable, ValueError, TypeError, lxml.etree.LxmlError):
        return []
    for node in tree.cssselect(NOT_TEXT):
        if len(node.text_content().split()) < 60:
            _drop(node)
    for node in tree.cssselect("p, li, div, h2, h3, h4"):
        linked = sum(len(link.text_content()) for link in node.iter("a"))
        whole = len(node.text_content().strip())
        # A block that is mostly one link leads elsewhere; long ones are paragraphs with many references.
        if whole < 300 and linked > 0.6 * whole:
            _drop(node)
    return plain(lxml.html.tostring(tree, encoding="unicode"))


def _drop(node: Any) -> None:
    """Take an element out, unless what follows it holds control characters (as &#1;), which lxml does not
    move.
    """
    if node.getparent() is not None:
        with suppress(ValueError):
            node.drop_tree()


def agreed(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return the lines of the first reading that the second has too, with the prose that only the second has
    among them.

    When they have not found the same text, the longer one that is prose stands alone.
    """
    if not first or not second:
        return list(first or second)
    here, there = _Runs(first), _Runs(second)
    shared = [there.holds(line) for line in first]
    weight = sum(len(line.split()) for line in first)
    common = sum(len(line.split()) for line, known in zip(first, shared, strict=True) if known)
    if common < DISAGREE * weight:
        return list(first) if _prose(first) >= _prose(second) else list(second)
    kept = [line for line, known in zip(first, shared, strict=True) if known]
    kept = _with_missing(kept, second, here)
    return _without_author_box(_as_written(kept, second), second)


def with_lists(kept: list[str], first: Sequence[str], tree: Any) -> list[str]:
    """Put in the short lists that belong to a kept line just before them: readability drops them.

    A list that is mostly links leads elsewhere, and one that trafilatura does not have is none of the
    article's.
    """
    known = {squeezed(line) for line in first}
    result = list(kept)
    for node in islice(tree.iter("ul", "ol"), MOST_LISTS):
        before = node.getprevious()
        if before is None or not isinstance(before.tag, str) or before.tag in {"ul", "ol", "script", "style"}:
            continue
        items = [clean(item.text_content()) for item in node.iterchildren("li")]
        items = [item for item in items if item and squeezed(item) in known]
        linked = sum(len(link.text_content()) for link in node.iter("a"))
        if not items or 2 * linked > sum(map(len, items)):
            continue
        leading = squeezed(before.text_content()[-LONGEST_LEAD:])
        present = {squeezed(line): place for place, line in enumerate(result)}
        place = present.get(leading)
        missing = [item for item in items if squeezed(item) not in present]
        if place is not None and len(missing) == len(items):
            result[place + 1 : place + 1] = missing
    return result


def _as_written(kept: list[str], second: Sequence[str]) -> list[str]:
    """Give back the joints within Persian words (U+200C): trafilatura takes them for control characters."""
    joined = {squeezed(line): line for line in second if JOINT in line}
    return [joined.get(squeezed(line), line) for line in kept] if joined else kept


def _prose(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines if len(line.split()) >= PROSE)


class _Runs:
    """The four-word runs of a reading, by which a line is found again whatever the line ends are."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._words = squeezed_words(" ".join(lines))
        self._runs = set(zip(*[self._words[start:] for start in range(4)], strict=False))
        self._text = f" {' '.join(self._words)} "

    def holds(self, line: str) -> bool:
        words = squeezed_words(line)
        if len(words) < 6:
            return f" {' '.join(words)} " in self._text
        runs = list(zip(*[words[start:] for start in range(4)], strict=False))
        return sum(run in self._runs for run in runs) >= AGREED * len(runs)


def squeezed_words(text: str) -> list[str]:
    """Return the folded words of a text, without punctuation."""
    return re.findall(r"\w+", fold(text))


def _with_missing(kept: list[str], second: Sequence[str], here: _Runs) -> list[str]:
    """Put in the prose that only the second reading has, before the line that follows it there.

    What follows the last agreed line is left out: that is where other articles begin.
    """
    result = list(kept)
    whole = _Runs(kept)
    waiting: list[str] = []
    for line in second:
        if len(line.split()) >= PROSE and not here.holds(line):
            waiting.append(line)
        elif waiting and len(line.split()) >= PROSE and whole.holds(line):
            words = set(squeezed_words(line))
            place = max(
                range(len(result)),
                key=lambda spot: len(words & set(squeezed_words(result[spot]))),
            )
            result[place:place] = waiting
            waiting = []
    return result


def _without_author_box(kept: list[str], second: Sequence[str]) -> list[str]:
    """Take away the short lines at the end that stand after a bare date: name and place of the author."""
    tail = list(second[-8:])
    for place, line in enumerate(tail):
        if BARE_DATE.match(line):
            box = {squeezed(one) for one in tail[place:] if len(one.split()) <= 5}
            while kept and squeezed(kept[-1]) in box:
                kept = kept[:-1]
            break
    return kept
