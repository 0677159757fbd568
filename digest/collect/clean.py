"""What does not belong to an article: rules as data, matched after folding."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from digest.collect import sections
from digest.text.normalise import fold

LONGEST_NOISE = 260
"""A line longer than this (characters) is never dropped whole: it is news that happens to begin so."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The compiled rules of rules.toml."""

    noise: tuple[re.Pattern[str], ...]
    rights: tuple[re.Pattern[str], ...]
    agencies: tuple[tuple[str, str], ...]
    breaking: re.Pattern[str]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the rules that ship with Mujaz."""
    raw = tomllib.loads((files("digest.collect") / "rules.toml").read_text(encoding="utf-8"))
    return Rules(
        noise=tuple(re.compile(folded_pattern(one)) for one in raw["noise"]["lines"]),
        rights=tuple(re.compile(folded_pattern(one)) for one in raw["rights"]["lines"]),
        agencies=tuple((fold(name), name) for name in raw["agencies"]["names"]),
        breaking=re.compile(folded_pattern(raw["breaking"]["start"])),
    )


def folded_pattern(pattern: str) -> str:
    """Fold the Arabic letters of a pattern, so that it can be matched against folded text."""
    return re.sub(r"[\u0600-\u06ff]+", lambda found: fold(found[0]), pattern)


def is_noise(line: str) -> bool:
    """Say whether a line is a call to subscribe, a rights line, a "read also" or the like."""
    if len(line) > LONGEST_NOISE:
        return False
    folded = fold(line)
    return any(pattern.search(folded) for pattern in (*rules().noise, *rules().rights))


def credited(lines: Iterable[str]) -> str | None:
    """Return the outlet that a rights line names as the source, as it is written there, or None."""
    for line in lines:
        folded = fold(line)
        for pattern in rules().rights:
            found = pattern.search(folded)
            if found and "source" in pattern.groupindex and found["source"]:
                return _as_written(line, found["source"])
    return None


def _as_written(line: str, folded_words: str) -> str:
    """Find in a line the words whose folded form is given."""
    wanted = folded_words.split()
    words = line.split()
    for start in range(len(words) - len(wanted) + 1):
        if [fold(word) for word in words[start : start + len(wanted)]] == wanted:
            return " ".join(words[start : start + len(wanted)])
    return folded_words


def agency(text: str) -> str | None:
    """Return the news agency that a text names, or None."""
    folded = fold(text)
    return next((name for key, name in rules().agencies if key in folded), None)


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


def is_breaking(title: str) -> bool:
    """Say whether a title begins with a breaking mark."""
    return bool(rules().breaking.match(fold(title)))


def unmarked(title: str) -> str:
    """Return a title without its breaking mark."""
    return re.sub(r"^\s*عاجل\s*[|:\-–—.!]*\s*", "", title) if is_breaking(title) else title


def is_heading(line: str, before: bool, after: bool) -> bool:  # noqa: FBT001 - two facts about its neighbours
    """Say whether a line is a sub-heading: short, without a full stop, between paragraphs."""
    words = line.split()
    return 2 <= len(words) <= 14 and len(line) <= 110 and line[-1] not in ".!؟?…:،؛" and before and after
