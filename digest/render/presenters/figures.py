"""Figures of the day: numbers with their unit, word for word from sentences of the edition."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.model import ArticleRef, Story
from digest.text.numbers.numerals import in_digits
from digest.text.words import lexicon
from digest.text.words.conjunction import without_conjunction
from digest.text.words.normalise import clean

LONGEST_SENTENCE = 240
SHORTEST_SENTENCE = 25

_NUMBER = r"[0-9٠-٩۰-۹]+(?:[.,٫٬][0-9٠-٩۰-۹]+)*"
_SIGN = "[$€£¥₪]"
_ENDED = re.compile(r"[.!؟?۔][»”\"')]?$")
# How a sentence begins that continues another one.
_LEANS = re.compile(
    r"(?:[وف]?(?:الذي|التي|الذين|اللذ\w+|اللت\w+|اللوات\w+|حين|حينما|عندما|إذ|إذا|إن|أن|أنه|أنها|بأن|لأن|مما|ما|كما|بينما|فيما|حيث|لكن|لكنه|لكنها|بل|كان|كانت|كانوا"
    r"|هو|هي|هم|هذا|هذه|ذلك|تلك|هؤلاء|ذاته|نفسه|منها|منه|بينها|بينهم|فيه|فيها|غير أن|إلا أن|بعدها|قبلها|بدوره|بدورها|أولها|ثانيها|مقابل|مقارنة|بزيادة|بانخفاض)"
    r"|\w+(?:ًا|اً)"
    r"|(?:which|who|that|when|while|but|and|it|this|they|these|he|she|compared)"
    r"|(?:که|اما|این|آن|او|اور|لیکن|یہ|وہ|جس|جو|אבל|זה|זו|הוא|היא|כאשר))(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, the sentence that holds it, and the article that this stands in."""

    figure: str
    sentence: str
    article: ArticleRef


def figures(
    stories: Iterable[Story], units: Sequence[str], magnitudes: Sequence[str], *, most: int
) -> list[Figure]:
    """Return up to `most` figures in the order of the stories, no more than one a story and each once; empty
    when there are none.

    A figure is a number with a unit after it or a currency sign at its side, and a word of magnitude between
    them if there is one; a bare number says too little. With it goes the whole sentence of the story's
    summary that it stands in; one that is too long, is not finished, or leans on what came before gives none.
    """
    pattern = _pattern(tuple(units), tuple(magnitudes))
    found: dict[str, Figure] = {}
    for story in stories:
        if len(found) == most:
            break
        figure = next((one for one in _of_story(story, pattern) if _alike(one.figure) not in found), None)
        if figure:
            found[_alike(figure.figure)] = figure
    return list(found.values())


def has_figures(story: Story, units: Sequence[str], magnitudes: Sequence[str]) -> bool:
    """Say whether `figures` could give one of a story."""
    return any(_of_story(story, _pattern(tuple(units), tuple(magnitudes))))


def _alike(figure: str) -> str:
    return " ".join(in_digits(figure, "latn").split())


def _of_story(story: Story, pattern: re.Pattern[str]) -> Iterator[Figure]:
    for sentence in story.summary.sentences:
        if 0 <= sentence.article < len(story.articles):
            for figure, text in _in_sentence(sentence.text[:2_000], pattern):
                yield Figure(figure, without_conjunction(text), story.articles[sentence.article])


@lru_cache(maxsize=2048)
def _in_sentence(raw: str, pattern: re.Pattern[str]) -> tuple[tuple[str, str], ...]:
    text = clean(raw)
    if not SHORTEST_SENTENCE <= len(text) <= LONGEST_SENTENCE or not _stands_alone(text):
        return ()
    return tuple((match[0], text) for match in pattern.finditer(text))


def _stands_alone(sentence: str) -> bool:
    """Say whether a sentence is whole, and understood without the one before it."""
    first = sentence.partition(" ")[0]
    torn = first.endswith("ا") and len(first) > 3 and not first.startswith("ال") and first not in _places()
    return bool(_ENDED.search(sentence)) and not torn and not _LEANS.match(sentence)


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Countries and the like, whose last alef is no accusative without its mark."""
    return lexicon.read("names/countries")


@lru_cache(maxsize=8)
def _pattern(units: tuple[str, ...], magnitudes: tuple[str, ...]) -> re.Pattern[str]:
    size = rf"(?:\s(?:{_either(magnitudes)}))?"
    unit = rf"\s?(?:{_either(units)})"
    signed = rf"{_SIGN}\s?{_NUMBER}{size}"
    return re.compile(rf"(?<![\w.,/:$€£¥₪-])(?:{signed}|[-−]?{_NUMBER}{size}(?:{unit}|\s?{_SIGN}))")


def _either(words: tuple[str, ...]) -> str:
    # Arabic counts with the accusative, often written without its mark: مترًا, مترا.
    written = "|".join(re.escape(clean(word)) for word in sorted(words, key=len, reverse=True))
    return rf"(?:{written})(?:\u064b?\u0627\u064b?)?(?![^\W\d_])"
