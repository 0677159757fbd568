"""Errors that are planted into true statements, one at a time."""

import random
import re
from collections.abc import Iterator

from digest.text.words.normalise import ascii_digits, fold
from digest.text.words.proper_names import COMMON, is_name
from digest.text.words.tokens import STOP_WORDS, words

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

_ADVERBS = STOP_WORDS["ar"]
# A verb's forms for «he» and «she» are both met; names are no verbs.
_IMPERFECT = frozenset(
    word
    for word in COMMON
    if len(word) > 3
    and word[0] == "ي"
    and f"ت{word[1:]}" in COMMON
    and word not in _ADVERBS
    and not is_name(word)
)
_PERFECT = {
    form: imperfect
    for imperfect in sorted(_IMPERFECT)
    for form in (imperfect[1:], f"ا{imperfect[1:]}")
    if len(form) > 2 and form in COMMON and f"{form}ت" in COMMON and form not in _ADVERBS
}
_PARTICLES = frozenset(fold("لا لم لن ولا ولم ولن").split())
_NOUNS = frozenset(fold("ليس ليست غير عدم").split())
_WITHOUT = frozenset(fold("بدون دون بلا").split())
_OPPOSITES = {
    fold(word): opposite
    for word, opposite in (
        ("ينفي", "يؤكد"), ("تنفي", "تؤكد"), ("نفى", "أكد"), ("نفت", "أكدت"), ("يرفض", "يقبل"), ("ترفض", "تقبل"), ("رفض", "قبل"), ("رفضت", "قبلت"),
    )
}  # fmt: skip
# Without a negation these mean the same, or nothing.
_FIXED = frozenset(
    fold(
        "يزال تزال يزالون زال زالت سيما بد شك يقل تقل يتجاوز تتجاوز يزيد تزيد أن أنه أنها إلا فقط سوى"
    ).split()
)


def negations(statement: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield (kind, statement with a negation put in at one of its verbs, or with one of its negations left out)."""
    said = statement.split()
    folded = ["".join(words(word)) for word in said]
    verbs = [(at, negated) for at, word in enumerate(folded) if (negated := _negated(word, said[at], rng))]
    free = [(at, negated) for at, negated in verbs if not at or not _is_negative(folded[at - 1])]
    if free:
        at, negated = rng.choice(free)
        yield "negation put in", " ".join([*said[:at], negated, *said[at + 1 :]])
    for at, word in enumerate(folded[:-1]):
        if _FIXED.isdisjoint(folded[at + 1 : at + 9]):
            if word in _NOUNS or (word in _PARTICLES and folded[at + 1][:1] in "يتنا"):
                yield "negation left out", " ".join([*said[:at], *said[at + 1 :]])
            elif word in _WITHOUT:
                yield "negation left out", " ".join([*said[:at], "مع", *said[at + 1 :]])
            elif word in _OPPOSITES:
                yield "denial turned round", " ".join([*said[:at], _OPPOSITES[word], *said[at + 1 :]])


def _negated(folded: str, said: str, rng: random.Random) -> str:
    """Return a verb with its negation, "" for what is no verb: «يعلن», «أعلن», «أعلنت» and «تعلن»."""
    if folded in _IMPERFECT or (folded[:1] == "ت" and f"ي{folded[1:]}" in _IMPERFECT):
        return f"{rng.choice(('لا', 'لم', 'لن'))} {said}"
    if folded in _PERFECT:
        return f"لم {_PERFECT[folded]}"
    if folded.endswith("ت") and folded[:-1] in _PERFECT:
        return f"لم ت{_PERFECT[folded[:-1]][1:]}"
    return ""


def _is_negative(word: str) -> bool:
    return word in _PARTICLES or word in _NOUNS or word in _WITHOUT or word in _OPPOSITES


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
