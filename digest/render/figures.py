"""Figures of the day: numbers with their unit, word for word from sentences of the edition."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from digest.model import ArticleRef, Story
from digest.text.normalise import clean
from digest.text.numerals import in_digits

LONGEST_SENTENCE = 150
SHORTEST_SENTENCE = 25

_NUMBER = r"[0-9٠-٩۰-۹]+(?:[.,٫٬][0-9٠-٩۰-۹]+)*"
_SIGN = "[$€£¥₪]"
# A comma ends a clause, but not between digits.
_CLAUSE = re.compile(r"(?<![0-9٠-٩۰-۹])[،,؛;]\s+|[،,؛;](?![0-9٠-٩۰-۹])\s*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, the sentence or clause that holds it, and the article that this stands in."""

    figure: str
    sentence: str
    article: ArticleRef


def figures(
    stories: Iterable[Story], units: Sequence[str], magnitudes: Sequence[str], *, most: int
) -> list[Figure]:
    """Return up to `most` figures in the order of the stories, no more than one a story and each once; empty when there are none.

    A figure is a number with a unit after it or a currency sign at its side, and a word of magnitude between them if there is one;
    a bare number says too little. Its text stands in a sentence of the story's summary as it is; of a long
    sentence, the clause that holds it is taken.
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


def _alike(figure: str) -> str:
    return " ".join(in_digits(figure, "latn").split())


def _of_story(story: Story, pattern: re.Pattern[str]) -> Iterator[Figure]:
    for sentence in story.summary.sentences:
        if not 0 <= sentence.article < len(story.articles):
            continue
        text = clean(sentence.text[:2_000])
        for match in pattern.finditer(text):
            stands_in = text if len(text) <= LONGEST_SENTENCE else _clause(text, *match.span())
            if SHORTEST_SENTENCE <= len(stands_in) <= LONGEST_SENTENCE:
                yield Figure(match[0], stands_in, story.articles[sentence.article])


def _clause(text: str, start: int, end: int) -> str:
    """The part of a sentence between its commas that holds the figure."""
    first = max((match.end() for match in _CLAUSE.finditer(text, 0, start)), default=0)
    after = _CLAUSE.search(text, end)
    return text[first : after.start() if after else len(text)].strip(" .")


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
