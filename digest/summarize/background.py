"""Sentences that say why an event matters: a cause, a consequence, what was before, a number. Pure."""

import re

from digest.summarize.guard.quantities import quantities
from digest.text.words.normalise import fold

_CAUSE = re.compile(
    r"\b(?:بسبب|بعد ان|اثر|عقب|نتيجه|لان|لانه|لانها|ردا علي|احتجاجا علي|علي خلفيه|بعدما|جراء|بفعل|because|due to|following)\b"
)
# «بعد أن», «عقب» and «إثر» tell when as often as why.
_EXPLAINS = re.compile(
    r"\b(?:بسبب|نتيجه|لان|لانه|لانها|لانهم|ردا علي|احتجاجا علي|علي خلفيه|جراء|بفعل|بهدف|because|due to)\b"
)
_CONSEQUENCE = re.compile(
    r"\b[وف]?(?:ما يعني|مما يعني|ما ادي|مما ادي|ما يودي|الامر الذي|وبذلك|من المتوقع|ومن المتوقع|من المقرر|ومن المقرر|يتوقع|ويتوقع|سيودي|ستودي|ما يرفع|مما يرفع|ليصبح|لتصبح|للمره الاولي|"
    r"therefore|is expected to|which means|for the first time)\b"
)
_BEFORE = re.compile(r"\W*(?:وكان|وكانت|كان|كانت|وسبق|يذكر ان|ويذكر ان|يشار الي|ويشار الي|وياتي|وتاتي|منذ)\b")


def weight(text: str) -> int:
    """Return how much of a background a sentence gives: a cause or a consequence 2, what was before 1, a
    number 1; 0 for none.
    """
    folded = fold(text)
    counted = any(one.kind == "amount" and (one.unit or one.counted) for one in quantities(text))
    return (
        2 * bool(_CAUSE.search(folded) or _CONSEQUENCE.search(folded)) + bool(_BEFORE.match(folded)) + counted
    )


def explains(text: str) -> bool:
    """Say whether a sentence gives a cause or a consequence in so many words."""
    folded = fold(text)
    return bool(_EXPLAINS.search(folded) or _CONSEQUENCE.search(folded))
