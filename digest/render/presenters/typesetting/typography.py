"""Foreign text as an edition prints it: clean, in one digit system, with runs of the other direction set
apart.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from markupsafe import Markup

from digest.render.presenters.typesetting.spelling import spelled
from digest.text.direction import bidi
from digest.text.direction.latin_runs import has_letter
from digest.text.numbers import numerals
from digest.text.words.normalise import clean

LONGEST_HEADLINE = 300
LONGEST_SENTENCE = 600
LONGEST_NAME = 80
LONGEST_TYPESET = 4_000
KEPT = 8192
"""Texts of which the set form is kept: the choices of one edition set the same ones again and again."""

# Normalising long runs of marks takes time that grows with their square; no honest text needs more than this.
_RAW = 4_000
# What looks like a token of this room would be filled with a subscriber's own value.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile("_+(?=MUJAZ_)", re.IGNORECASE)
_SUM = re.compile(
    r"(?<![A-Za-z0-9٠-٩۰-۹$€£¥₪])(?<![0-9٠-٩۰-۹$€£¥₪][ \u00a0])([$€£¥₪])[ \u00a0]?([0-9٠-٩۰-۹]+(?:[.,\u066b\u066c][0-9٠-٩۰-۹]+)*)"
    r"((?:[ \u00a0](?:ألف|آلاف|مليون|ملايين|مليار|مليارات|تريليون|هزار|میلیون|میلیارد|لاکھ|کروڑ|ارب))?)"
)
_SPELLED = {
    **{
        ord(shape): str(value)
        for shapes in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
        for value, shape in enumerate(shapes)
    },
    0x66A: "%",
    0x66B: ".",
    0x66C: ",",
}
_RTL_LETTER = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RTL_RUN = re.compile(rf"[{_RTL_LETTER}](?:[^A-Za-z\u00c0-\u024f]{{0,300}}[{_RTL_LETTER}])?")
_QUOTES_INTO = {"ar": "«»", "fa": "«»", "ur": "“”", "en": "“”"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of text in both its forms. In an HTML template it is markup, elsewhere plain text; empty is
    false.
    """

    text: str
    html: Markup

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> Markup:
        return self.html

    def __bool__(self) -> bool:
        return bool(self.text)


EMPTY = Phrase("", Markup())


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Sets text for one language in one digit system. `digits` must fit the language (`numerals.fitting`).

    With `months`, a list's set of names, text is spelled as that list's editions are (`spelling.spelled`).
    """

    language: str
    digits: str
    months: str = ""

    def phrase(self, raw: str | None, *, most: int = LONGEST_SENTENCE) -> Phrase:
        """Return foreign text as a phrase of at most `most` characters; empty for None and for what shows
        nothing.
        """
        return self.isolated(self.plain(raw, most=most))

    def plain(self, raw: str | None, *, most: int = LONGEST_SENTENCE) -> str:
        """Return foreign text as one clean line with its numbers, quotation marks and money written as the
        language does.
        """
        return _plain(self, raw[:_RAW], most) if raw else ""

    def numbered(self, text: str) -> str:
        """Write the numbers in the edition's digits, and those in Latin names as the names are spelled."""
        if bidi.direction(self.language) != "rtl":
            return numerals.in_digits(text, self.digits)
        return "".join(
            piece.text.translate(_SPELLED)
            if piece.ltr and has_letter(piece.text)
            else numerals.in_digits(piece.text, self.digits)
            for piece in bidi.isolate_latin(text)
        )

    def isolated(self, text: str) -> Phrase:
        """Return finished text as a phrase: escaped, runs of the other direction each in an element of their
        own.
        """
        return _isolated(self.language, text)


@lru_cache(maxsize=KEPT)
def _plain(setter: Typesetter, raw: str, most: int) -> str:
    text = _TOKEN.sub("", clean(_LONE_SURROGATE.sub("", raw)))
    marks = _QUOTES_INTO.get(setter.language, "")
    text = clipped(spelled(text, setter.language, marks, months=setter.months), most)
    if bidi.direction(setter.language) == "rtl" and setter.language != "he":
        text = _SUM.sub("\\2\\3\u00a0\\1", text)
    return setter.numbered(text)


@lru_cache(maxsize=KEPT)
def _isolated(language: str, text: str) -> Phrase:
    if bidi.direction(language) == "rtl":
        pieces = [(piece.ordered, "ltr" if piece.ltr else "") for piece in bidi.isolate_latin(text)]
        if pieces and not pieces[0][1] and language != "he":
            pieces[0] = (bidi.ordered_start(pieces[0][0]), "")
    else:
        pieces = _rtl_runs(text)
    html = "".join(
        f'<span dir="{direction}">{escape(piece)}</span>' if direction else escape(piece)
        for piece, direction in pieces
    )
    return Phrase(text, Markup(html))  # noqa: S704 every piece is escaped above


def _rtl_runs(text: str) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    end = 0
    for match in _RTL_RUN.finditer(text):
        pieces += [(text[end : match.start()], ""), (match[0], "rtl")]
        end = match.end()
    return [*pieces, (text[end:], "")]


def clipped(text: str, most: int) -> str:
    """Return at most `most` characters, cut between words where there are any, with an ellipsis for what is
    missing.
    """
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    head, blank, _ = kept.rpartition(" ")
    return (head if blank and len(head) > most // 2 else kept).rstrip(" ،,؛;:-–—(«“") + "…"


def joined(parts: list[Phrase], between: str) -> Phrase:
    """Return the phrases that are not empty, with a separator between them."""
    kept = [part for part in parts if part]
    return Phrase(between.join(part.text for part in kept), Markup(escape(between)).join(kept))  # noqa: S704


def typeset_answer(item: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one line of `digest tool typeset`: the text as an edition in that language and those digits
    prints it.
    """
    language, digits = item.get("language", "ar"), item.get("digits", "arab")
    if not isinstance(item.get("text"), str):
        return {"id": item.get("id"), "error": "text is missing, or no text"}
    if not isinstance(language, str) or not isinstance(digits, str) or digits not in numerals.SYSTEMS:
        return {"id": item.get("id"), "error": f"digits {digits!r} is none of {', '.join(numerals.SYSTEMS)}"}
    setter = Typesetter(language, numerals.fitting(language, digits))
    return {"id": item.get("id"), "html": str(setter.phrase(item["text"], most=LONGEST_TYPESET).html)}
