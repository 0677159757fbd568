"""An edition as messages for a channel: parts within the limit of letters, split between stories."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from digest.model import EditionContent, Story
from digest.render.words import catalogue
from digest.text.dates import calendar
from digest.text.direction.bidi import direction
from digest.text.numbers import numerals

LONGEST = 4096
"""Letters of one message of Telegram's, counted as it counts them: in units of UTF-16, without the markup."""
RLM = "\u200f"
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a message that is not split: its markup, and how many letters it shows."""

    markup: str
    size: int


def units(text: str) -> int:
    """Return how many units of UTF-16 a text has."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def channel_messages(
    content: EditionContent, *, subject: str, url: str, corrections: Sequence[str] = (), digits: str = "arab"
) -> list[str]:
    """Return an edition as messages in Telegram's HTML: what was corrected first, then story by story.

    Every line of a language written from the right begins with a mark of direction: a headline that begins
    with a Latin name would stand on the wrong side otherwise.
    """
    pieces = list(_pieces(content, subject, url, corrections, digits))
    messages: list[str] = []
    held: list[str] = []
    size = 0
    for piece in pieces:
        if held and size + piece.size + 2 > LONGEST:
            messages.append("\n\n".join(held))
            held, size = [], 0
        held.append(piece.markup)
        size += piece.size + 2
    return [*messages, "\n\n".join(held)] if held else messages


def approval_message(content: EditionContent, *, subject: str, url: str) -> str:
    """Return what a channel of editors is told of an edition that waits: what it is, and where it is
    approved.
    """
    words = catalogue(content.language).words
    mark = RLM if direction(content.language) == "rtl" else ""
    head = [("<b>{}</b>", words["awaits_approval"]), ("{}", f"{content.list_name} · {_cut(subject, 500)}")]
    stories = [("• {}", _cut(one.headline, 200)) for one in content.stories[:5]]
    return _piece(mark, [*head, *stories, ("{}", url)]).markup


def _pieces(
    content: EditionContent, subject: str, url: str, corrections: Sequence[str], digits: str
) -> Iterator[Piece]:
    language = content.language
    words = catalogue(language).words
    mark = RLM if direction(language) == "rtl" else ""
    system = numerals.fitting(language, digits)
    day = calendar.long_date(content.local_date, language, "default", system)
    head = [("<b>{}</b>", subject), ("{}", f"{content.list_name} · {day}")]
    yield _piece(mark, [*head, (f'<a href="{escape(url)}">{{}}</a>', words["read_on_web"])])
    for text in corrections:
        yield _piece(mark, [("<b>{}</b>", words["correction"]), ("{}", _cut(text, LONGEST // 2))])
    for section in content.sections:
        for number, story in enumerate(section.stories):
            title = [("<u>{}</u>", section.title)] if number == 0 else []
            yield _story(mark, title, story)


def _story(mark: str, title: list[tuple[str, str]], story: Story) -> Piece:
    """A story with its sources. One that is longer than a message is cut, its links kept."""
    lines = [*title, ("<b>{}</b>", _cut(story.headline, 500))]
    sources = [(one.source, one.url) for one in story.articles if one.url]
    links = " · ".join(f'<a href="{escape(url or "")}">{escape(name)}</a>' for name, url in sources[:5])
    shown = " · ".join(name for name, _ in sources[:5])
    room = LONGEST - 200 - sum(units(text) for _, text in lines) - units(shown)
    if story.summary.text:
        lines.append(("{}", _cut(story.summary.text, room)))
    made = _piece(mark, lines)
    if not links:
        return made
    return Piece(f"{made.markup}\n{mark}{links}", made.size + units(f"\n{mark}{shown}"))


def _piece(mark: str, lines: Sequence[tuple[str, str]]) -> Piece:
    markup = "\n".join(mark + form.format(escape(text, quote=False)) for form, text in lines)
    return Piece(markup, sum(units(mark + text) + 1 for _, text in lines))


def _cut(text: str, room: int) -> str:
    if units(text) <= room:
        return text
    while units(text) > room - 1:
        text = text[: min(len(text) - 1, room - 1)]
    return text.rstrip() + ELLIPSIS
