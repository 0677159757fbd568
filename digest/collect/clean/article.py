"""Build an article from a title and lines."""

import re
from datetime import datetime
from hashlib import sha256
from itertools import pairwise

from digest.collect.clean import sections
from digest.collect.clean.rules import Rulebook, folded, shipped
from digest.collect.clean.titles import is_label, opening, says_urgent
from digest.errors import SourceError
from digest.model import Article
from digest.text.dates.months import MONTHS, WEEKDAYS
from digest.text.words.hashtags import without_hashtags
from digest.text.words.language import detect
from digest.text.words.normalise import clean, fold

SPACE = re.compile(r"[\W_]+")
PREAMBLE = 6
"""Lines at the top among which the title may stand once more."""
SAMPLE = 3000
LONGEST_DATE = 60
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
IN_NUMBERS = re.compile(
    r"\W{0,9}(?:(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه)\W{1,9})?\d{1,4}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{1,4}"
    r"(?:\W{1,9}\d{1,2}:\d{2}(?::\d{2})?\W{0,9}(?:am|pm|ص|م|صباحا|مساء)?)?\W{0,9}$"
)
"""A day in numbers, perhaps with its weekday and an hour, in a folded line."""
PROSE = 12
"""Words from which a line is a paragraph."""
WORD = re.compile(r"[^\W\d_]+")
OF_DATES = frozenset(part for name in (*MONTHS, *WEEKDAYS) for part in name.split()) | frozenset(
    [
        "ص",
        "م",
        "صباحا",
        "مساء",
        "ظهرا",
        "am",
        "pm",
        "h",
        "at",
        "من",
        "الساعه",
        "علي",
        "بتوقيت",
        "غرينتش",
        "جرينتش",
        "gmt",
        "utc",
    ]
)
"""Words of which a date may be made, folded."""


def content_hash(title: str, paragraphs: list[str]) -> str:
    """Return the SHA-256 of the folded title and text, in hex."""
    return sha256(fold(title + "\n" + "\n".join(paragraphs)).encode()).hexdigest()


def squeezed(text: str) -> str:
    """Return a text's folded letters and digits alone, to compare titles by."""
    return SPACE.sub("", folded(text))


def split_section(title: str) -> tuple[str | None, str]:
    """Take a section glued to a title («اخبار السياسه …») away: (section key or None, title)."""
    words = title.split()
    for count in (3, 2):
        head = " ".join(words[:count])
        if len(words) > count + 1 and fold(words[0]) in {"اخبار", "قسم"}:
            key = sections.named(head)
            if key and sections.named(" ".join(words[: count - 1])) != key:
                return key, " ".join(words[count:])
    return None, title


def is_heading(line: str, following: str) -> bool:
    """Say whether a line is the sub-heading of what follows: short, without a full stop, before a longer
    paragraph.
    """
    words = line.split()
    return (
        2 <= len(words) <= 14
        and len(line) <= 110
        and line[-1] not in ".!؟?…:،؛"
        and len(following) > 1.3 * len(line)
    )


def extract_text(text: str, *, now: datetime, book: Rulebook | None = None) -> Article:
    """Make an article of a scraped text: the title on the first line, a blank line between paragraphs.

    Raises:
        SourceError: there is no text in it.
    """
    rules = book or shipped()
    lines = [line for line in (clean(raw) for raw in text.splitlines()) if line]
    if not lines:
        raise SourceError(
            "The text is empty.", remedy="Put the title on the first line and the paragraphs below."
        )
    section, title = split_section(lines[0])
    return build_article(
        title, lines[1:], now=now, section=section, source=rules.credited(lines[1:]) or "", book=rules
    )


def build_article(
    title: str,
    lines: list[str],
    *,
    now: datetime,
    section: str | None = None,
    source: str = "",
    book: Rulebook | None = None,
) -> Article:
    """Put an article together: noise, what follows the article, and the repeated title go; sub-headings are
    found.

    A title that is only a label («عاجل») gives way to the first sentence; it is empty when there is none.
    """
    rules = book or shipped()
    marked = rules.is_breaking(title)
    title = rules.unmarked(title)
    if is_label(title):
        marked = marked or says_urgent(title)
        title = opening(line for line in lines if not rules.is_noise(line) and not rules.is_byline(line))
        marked = marked or rules.is_breaking(title)
        title = rules.unmarked(title)
    agency = rules.agency("\n".join(lines))
    body = body_of(title, lines, rules)
    # Of the text as it came, so that articles stored earlier are known again.
    hashed = content_hash(title, body)
    body = [opened for line in body if squeezed(opened := without_hashtags(line))]
    headings = [line for line, following in pairwise(body[1:]) if is_heading(line, following)]
    return Article.of_fields(
        title=title,
        section=section,
        section_confidence=1.0 if section else 0.0,
        source_name=source,
        agency=agency,
        byline=rules.author(lines[:PREAMBLE] + lines[-PREAMBLE:]),
        rights_line=next((line for line in lines if len(line) <= 200 and _is_rights(line, rules)), None),
        first_seen_at=now,
        paragraphs=body,
        headings=headings,
        breaking=marked,
        content_hash=hashed,
        url_key=hashed,
        language=detect(" ".join([title, *body])[:SAMPLE]),
    )


def _is_rights(line: str, rules: Rulebook) -> bool:
    text = folded(line)
    return any(rule.search(text) for rule in rules.rights)


def is_only_a_date(line: str) -> bool:
    """Say whether a line tells nothing but a day, with its year, and perhaps an hour."""
    if len(line) > LONGEST_DATE:
        return False
    text = folded(line)
    if IN_NUMBERS.match(text):
        return True
    date_words = WORD.findall(text)
    return bool(YEAR.search(text)) and bool(date_words) and all(word in OF_DATES for word in date_words)


def without_own_date(lines: list[str]) -> list[str]:
    """Leave out the lines that are only a date: the article's own.

    Several, each before a paragraph, are the headings of a chronology, and stay.
    """
    prose = [place for place, line in enumerate(lines) if len(line.split()) >= PROSE]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    dates = [place for place, line in enumerate(lines) if is_only_a_date(line)]
    within = {place for place in dates if first < place < last}
    headings = within | ({first - 1} & set(dates))
    own = set(dates) - (headings if within and len(headings) > 1 else set())
    return [line for place, line in enumerate(lines) if place not in own]


def body_of(title: str, lines: list[str], rules: Rulebook) -> list[str]:
    """Return the lines that are the article's text."""
    kept = rules.up_to_end(_after_title(title, lines))
    kept = [line for line in kept if not rules.is_noise(line) and not rules.is_byline(line)]
    kept = without_own_date(kept)
    kept = [line for line in map(rules.without_inline, kept) if squeezed(line)]
    if kept and rules.is_place(kept[-1]) and not (len(kept) > 1 and rules.is_place(kept[-2])):
        kept.pop()  # where the author lives; several are a list
    # A block that comes twice (a pull quote, a caption taken from the text) is told once.
    kept = list(dict.fromkeys(kept))
    # What stood between the title and its repetition may have been noise.
    while (rest := _after_title(title, kept)) != kept:
        kept = rest
    return kept


def _after_title(title: str, lines: list[str]) -> list[str]:
    """What follows the title, where it stands once more at the top, alone or after its section and date."""
    same = squeezed(title)
    for place in reversed(range(min(PREAMBLE, len(lines)))):
        line = squeezed(lines[place])
        if same and line.endswith(same) and len(line) <= len(same) + 40:
            if all(len(line.split()) < 12 for line in lines[:place]):
                return lines[place + 1 :]
            return lines[:place] + lines[place + 1 :]
    return lines
