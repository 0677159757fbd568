"""Errors that are planted into true statements, one at a time."""

import random
import re
from collections.abc import Iterator

from digest.text.normalise import ascii_digits

_DIGITS = re.compile(r"(?<![\w.,/:-])\d+(?:[.,]\d+)*(?![\w/:-]|[.,]\d)")
_SPOKEN = (
    ("ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"),
    ("ثلاث", "أربع", "خمس", "ست", "سبع", "ثماني", "تسع", "عشر"),
    ("عشرين", "ثلاثين", "أربعين", "خمسين", "ستين", "سبعين", "ثمانين", "تسعين"),
    ("عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"),
    ("مئة", "مئتي", "ثلاثمئة", "أربعمئة", "خمسمئة"),
)
_SCALES = (("ألف", "مليون", "مليار"), ("آلاف", "ملايين", "مليارات"), ("ألفا", "مليونا", "مليارا"))
_ALL = {word: row for row in (*_SPOKEN, *_SCALES) for word in row}
_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_ALL, key=len, reverse=True))})(?![\w\u064b-\u0652])")


def numbers(statement: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield (kind, statement with one number changed) for every number of it, in digits and in words."""
    statement = ascii_digits(statement)
    for found in _DIGITS.finditer(statement):
        for kind, changed in _changed(found[0], rng):
            if changed != found[0]:
                yield kind, statement[: found.start()] + changed + statement[found.end() :]
    for found in _WORD.finditer(statement):
        row = _ALL[found[0]]
        other = rng.choice([word for word in row if word != found[0]])
        yield (
            "scale" if row in _SCALES else "number in words",
            statement[: found.start()] + other + statement[found.end() :],
        )


def _changed(number: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    if number.isdigit():
        yield "number, some more", str(int(number) + rng.choice((1, 2, 3, 7, 10)))
        yield "number, tenfold", number + "0"
        if len(number) > 1 and number[0] != number[1] and number[1] != "0":
            yield "number, digits exchanged", number[1] + number[0] + number[2:]
    at = rng.choice([place for place, sign in enumerate(number) if sign.isdigit()])
    digit = str((int(number[at]) + rng.randint(1, 9)) % 10)
    if not (at == 0 and digit == "0"):
        yield "number, one digit", number[:at] + digit + number[at + 1 :]
