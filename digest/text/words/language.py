"""Which of our languages a text is in."""

import re

from digest.text.words.tokens import STOP_WORDS, words

_SAMPLE = 4_000
_HEBREW = re.compile("[\u05d0-\u05ea]")
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_OTHER = re.compile("[\u0370-\u052f\u0900-\u109f\u1100-\u11ff\u3040-\ud7af]")
_URDU = re.compile("[\u0679\u0688\u0691\u06ba\u06be\u06c1\u06c3\u06d2]")
_PERSIAN = re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc]")
_ARABIC_ONLY = re.compile("[\u0643\u064a\u0629\u0649\u0623\u0625]")
# Kurdish, Pashto, Sindhi and Uyghur share the script; their own letters give them away.
_NEIGHBOURS = re.compile(
    "[\u0695\u0692\u06b5\u06ce\u06c6\u06d5\u069a\u0696\u0681\u0685\u0689\u0693\u06ab\u06d0\u06cd\u067c\u06bb\u06b3\u0683\u06c7\u06cb]"
)
# With fewer words than this, a Latin text without one function word may still be a headline.
_SHORT = 8


def detect(text: str) -> str:
    """Return "ar", "fa", "ur", "he", "en", or "und" when there are no letters or they are of another
    language.

    The script with the most letters in the first 4,000 characters decides; within the Arabic script, the
    letters that only one language writes and its function words.
    """
    sample = text[:_SAMPLE]
    counts = {
        "he": len(_HEBREW.findall(sample)),
        "arabic": len(_ARABIC.findall(sample)),
        "latin": len(_LATIN.findall(sample)),
        "und": len(_OTHER.findall(sample)),
    }
    script = max(counts, key=lambda name: counts[name])
    if counts[script] == 0:
        return "und"
    if script == "latin":
        return _latin(sample)
    if script == "arabic":
        return _arabic(sample, counts["arabic"])
    return script


def _latin(sample: str) -> str:
    found = words(sample)
    known = sum(word in STOP_WORDS["en"] for word in found)
    foreign = len(re.findall("[\u00c0-\u024f]", sample))
    if len(found) < _SHORT:
        return "und" if foreign else "en"
    return "en" if known >= len(found) * 0.12 else "und"


def _arabic(sample: str, letters: int) -> str:
    if len(_NEIGHBOURS.findall(sample)) > 0.03 * letters:
        return "und"
    urdu, persian = len(_URDU.findall(sample)), len(_PERSIAN.findall(sample))
    arabic = len(_ARABIC_ONLY.findall(sample))
    found = words(sample)
    votes = {language: sum(word in STOP_WORDS[language] for word in found) for language in ("ar", "fa", "ur")}
    scores = {
        "ar": 3 * arabic + 2 * votes["ar"],
        "fa": 3 * persian + 2 * votes["fa"],
        "ur": 3 * persian + 4 * urdu + 2 * votes["ur"],
    }
    if urdu <= 0.01 * letters:
        scores["ur"] = 0
    return max(scores, key=lambda language: scores[language])
