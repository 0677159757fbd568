"""The guard: what a machine wrote is told only when its sources say it.

It finds changed numbers, units, dates, names and negations, and sentences that are mostly not in their
sources. It does not find two names of the sources that changed their roles, or a wrong relation between true
words.
"""

import re
from collections.abc import Sequence

from digest.summarize.guard import negation, numbers
from digest.summarize.guard.words import Sources, strange_names, unsupported

MOST_UNSUPPORTED = 0.4
"""The share of meaning words that may be the writer's own; above it the sentence tells something else."""
LONGEST = 60
"""Words in one sentence of a summary."""

_LINK = re.compile(r"(?i:https?:|www\.)|[A-Za-z0-9-]\.[a-z]{2,24}\b|\w@\w")


def problems(sentence: str, sources: Sequence[str], *, language: str = "ar") -> tuple[str, ...]:
    """Return what is wrong with a sentence that cites these sources; empty when it may be told.

    Each problem is a word and what it is about, such as "number 35", "unit EUR", "date weekday-4", "name
    روما", "negation", "link" (an address, which no summary needs), "unsupported 55%", "length 80", or "no
    source".
    """
    if not sources:
        return ("no source",)
    words = len(sentence.split())
    if not 3 <= words <= LONGEST:
        return (f"length {words}",)
    cited, said = Sources(sources), numbers.SaidNumber(sources)
    found = [f"number {value}" for value in numbers.wrong_numbers(sentence, said)]
    found += [f"unit {unit}" for unit in numbers.wrong_units(sentence, said)]
    found += [f"date {name}" for name in numbers.wrong_dates(sentence, sources)]
    found += [f"name {name}" for name in strange_names(sentence, cited, language)]
    if negation.negation_changed(sentence, sources, language):
        found.append("negation")
    share = unsupported(sentence, cited)
    if _LINK.search(sentence):
        found.append("link")
    if share > MOST_UNSUPPORTED:
        found.append(f"unsupported {share:.0%}")
    return tuple(found)
