"""How much two articles tell the same event: a number between 0 and 1 from their first lines and their
times.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from digest.curate.events.copies import Hashes, shingles
from digest.curate.events.evidence import Evidence, contradict, evidence_of
from digest.curate.events.frames import PERSONNEL, are_two, kinds_of, plain
from digest.curate.events.names import Names, name_nothing_alike, names_of, strangers
from digest.model import Article
from digest.text.words.one_meaning import usual, with_usual_names
from digest.text.words.short_cache import cached_when_short
from digest.text.words.tokens import STOP_WORDS, stem, words

# The event is told in the first sentence; what follows is background that topics share.
OPENING_WORDS = 34
OPENING_CHARS = 220
LEAD_WORDS = 90
LEAD_CHARS = 1_200
# Texts are compared by their beginning only, so that a megabyte costs what a long article costs.
BODY_CHARS = 12_000
TITLE_CHARS = 400

# Fitted by logistic regression on labelled pairs of outlets' articles (docs/why/stories.md).
BIAS = -4.3
OVERLAP_WEIGHT = 9.5
COVERAGE_WEIGHT = 3.5
HOUR_WEIGHT = -0.16
APART_WEIGHT = -1.6
# Titles that are each about somebody whom the other text does not know.
STRANGERS_WEIGHT = -1.2
# An outlet seldom tells one event twice within hours.
SAME_OUTLET_WEIGHT = -1.5
ONE_PATTERN = 0.72
ONE_STATEMENT = 0.45
ONE_PERSON = 0.5
OTHER_WORDS = 2
SAID = "said"
# What two tellings of one event mostly lie apart.
USUAL_HOURS = 4.0

_DATELINE = re.compile(r"[^.!؟\n]{0,80}?(?:\([^()\n]{2,25}\)\s*[-–—:]*|\s-{1,2}\s|--+|—)\s*")
_WEAK = re.compile("[اويهء]")
_STOPPED = frozenset().union(*STOP_WORDS.values())
_SILENT = -1


@dataclass(frozen=True, slots=True)
class Print:
    """What is kept of an article for comparing it.

    `title`, `opening` (title and first sentence), `lead` (title and first paragraphs) and `subject` (what the
    title shares with the first paragraphs) are hashed marks of words; `at` is in seconds since 1970, UTC.
    """

    identity: str
    content_hash: str
    at: float
    title: frozenset[int]
    opening: frozenset[int]
    lead: frozenset[int]
    evidence: Evidence
    names: Names
    kinds: frozenset[str] = frozenset()
    subject: frozenset[int] = frozenset()
    outlet: str = ""


def print_of(article: Article) -> Print:
    """Return what is needed to compare an article. Reads the first 1,200 characters of its body."""
    text = _body(article)
    title, lead = words(article.title[:TITLE_CHARS]), words(text[: _lead_end(text)])
    return _print(article, text, with_usual_names(title), with_usual_names(lead))


def print_and_shingles_of(article: Article) -> tuple[Print, Hashes]:
    """Return what events and what near-duplicates are compared by; the words, which cost most, are read
    once.
    """
    text = _body(article)
    end = _lead_end(text)
    title, lead = words(article.title[:TITLE_CHARS]), words(text[:end])
    return _print(article, text, with_usual_names(title), with_usual_names(lead)), shingles(
        [*title, *lead, *words(text[end:])]
    )


def shingles_of(article: Article) -> Hashes:
    """Return what near-duplicates share, of the title and the first 12,000 characters of the body."""
    return shingles(words(f"{article.title[:TITLE_CHARS]}\n{_body(article)}"))


def _print(article: Article, text: str, title: list[str], lead: list[str]) -> Print:
    named = _marks(title)
    opening = named | _marks(lead[:OPENING_WORDS])
    return Print(
        identity=identity_of(article),
        content_hash=article.content_hash,
        at=article.when.timestamp(),
        title=named,
        opening=opening,
        lead=opening | _marks(lead[OPENING_WORDS:LEAD_WORDS]),
        evidence=evidence_of(f"{article.title[:TITLE_CHARS]}\n{text[:OPENING_CHARS]}"),
        names=names_of(
            title, lead[:OPENING_WORDS], lead[OPENING_WORDS:LEAD_WORDS], _speaker(article.title[:TITLE_CHARS])
        ),
        kinds=kinds_of(article.title[:TITLE_CHARS], text[:OPENING_CHARS]),
        subject=named & _marks(lead[:LEAD_WORDS]),
        outlet=article.source_name,
    )


def _speaker(title: str) -> list[str]:
    """The words before a colon: «فلان: …»."""
    before, colon, _ = title.partition(":")
    return with_usual_names(words(before)) if colon else []


def _body(article: Article) -> str:
    """The body's beginning, without a dateline: outlets name the place of writing, not the news."""
    body = "\n".join(article.body)[:BODY_CHARS]
    dateline = _DATELINE.match(body[:140])
    return body[dateline.end() :] if dateline else body


def _lead_end(text: str) -> int:
    """Where the first paragraphs end: at a space, so that no word is cut; 0 when there is none so far."""
    return max(text.rfind(" ", 0, LEAD_CHARS), 0) if len(text) > LEAD_CHARS else len(text)


def identity_of(article: Article) -> str:
    """Return what tells one article from all others: its address, else its key within the source, else its
    text's hash.
    """
    return article.url or article.url_key or article.content_hash or article.title


def likeness(first: Print, second: Print, *, least: float = 0.0) -> float:
    """Return how likely two articles tell one event, 0 to 1; symmetric; 0 when their facts contradict each
    other.

    Four things count: how many words title and first sentence share, how much of each title the other's first
    paragraphs say, how near in time they are, and whether two outlets tell it. A caller whom nothing below
    `least` interests gets 0 as soon as it is certain.
    """
    same = SAME_OUTLET_WEIGHT if is_one_outlet(first, second) else 0.0
    return _likeness(first, second, HOUR_WEIGHT * hours(first, second) + same, least)


def continues(first: Print, second: Print) -> float:
    """Return how likely one article goes on with the other's event, 0 to 1: likeness where neither
    time nor the outlet is evidence.
    """
    return _likeness(first, second, HOUR_WEIGHT * min(hours(first, second), USUAL_HOURS), 0.0)


def is_one_outlet(first: Print, second: Print) -> bool:
    """Say whether one outlet, which is named, wrote both."""
    return bool(first.outlet) and first.outlet == second.outlet


def _likeness(first: Print, second: Print, beside: float, least: float) -> float:
    shared = overlap(first, second)
    evidence = BIAS + OVERLAP_WEIGHT * shared + beside
    if not shared or _probability(evidence + COVERAGE_WEIGHT) < least:
        return 0.0
    if are_of_two_events(first, second):
        return 0.0
    evidence += COVERAGE_WEIGHT * coverage(first, second)
    if _probability(evidence) < least:
        return 0.0
    if name_nothing_alike(first.names, second.names):
        evidence += APART_WEIGHT
    if strangers(first.names, second.names):
        evidence += STRANGERS_WEIGHT
    return _probability(evidence)


def are_of_two_events(first: Print, second: Print) -> bool:
    """Say whether two articles cannot tell one event, however alike: their facts contradict each other, or
    they are about others.
    """
    return (
        contradict(first.evidence, second.evidence)
        or are_two(first.kinds, second.kinds, first.names, second.names)
        or _is_one_pattern(first, second)
        or _is_of_other_people(first, second)
        or _says_another_thing(first, second)
    )


def _is_one_pattern(first: Print, second: Print) -> bool:
    """Say whether two texts of one kind are alike but for what their titles are about, which no list of names
    need know.
    """
    return (
        not plain(first.kinds).isdisjoint(plain(second.kinds))
        and not first.subject <= second.lead
        and not second.subject <= first.lead
        and overlap(first, second) >= ONE_PATTERN
    )


def _is_of_other_people(first: Print, second: Print) -> bool:
    """Say whether an injury or a coach's end is told of somebody else: little of a title stands in the other
    opening.
    """
    if PERSONNEL.isdisjoint(first.kinds & second.kinds):
        return False
    return min(_share(first.title, second.opening), _share(second.title, first.opening)) < ONE_PERSON


def _says_another_thing(first: Print, second: Print) -> bool:
    """Say whether two statements have little but their speaker in common."""
    return (
        SAID in first.kinds
        and SAID in second.kinds
        and len(first.subject - second.lead) >= OTHER_WORDS
        and len(second.subject - first.lead) >= OTHER_WORDS
        and overlap(first, second) < ONE_STATEMENT
    )


def _probability(evidence: float) -> float:
    # Decades between two dates, of which one is wrong, would be too much for `exp`.
    return 1 / (1 + math.exp(-max(evidence, -50.0)))


def overlap(first: Print, second: Print) -> float:
    """The root of the Jaccard coefficient of title and first sentence."""
    both = len(first.opening & second.opening)
    return math.sqrt(both / (len(first.opening) + len(second.opening) - both)) if both else 0.0


def coverage(first: Print, second: Print) -> float:
    """How much of each title the other's first paragraphs say: the lesser of the two shares."""
    return min(_share(first.title, second.lead), _share(second.title, first.lead))


def hours(first: Print, second: Print) -> float:
    """The time between two articles."""
    return abs(first.at - second.at) / 3600


def _share(part: frozenset[int], whole: frozenset[int]) -> float:
    return len(part & whole) / len(part) if part else 0.0


def _marks(spoken: Iterable[str]) -> frozenset[int]:
    return frozenset(map(_mark, spoken)) - {_SILENT}


@cached_when_short(131_072)
def _mark(word: str) -> int:
    """Hash a word's stem without its weak letters, so that «ترامب» and «ترمب», «يعلن» and «أعلنت» count as
    one word.
    """
    if word in _STOPPED or (len(word) < 2 and not word.isdigit()):
        return _SILENT
    short = usual(stem(word))
    core = short[1:] if len(short) >= 4 and short[0] in "يتنا" else short
    strong = _WEAK.sub("", core)
    return crc32((strong if len(strong) >= 2 else short).encode())
