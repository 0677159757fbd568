"""Rules for what does not belong to an article (rules.toml).

An editor adds rules in a file of the same shape, for all sources or for one (docs/howto/sources.md).
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from digest.errors import ConfigError
from digest.text.words.normalise import fold
from digest.text.words.short_cache import cached_when_short

LONGEST_NOISE = 260
"""A line longer than this (characters) is never dropped whole: it is news that happens to begin so."""
LONGEST_END = 800
"""The same for a line that ends the article: the rules of a comment section are a paragraph."""
LONGEST_REMEMBERED = 2000
LISTS = ("noise", "stop", "rights", "byline", "inline", "agencies", "places")
LETTERS = re.compile(r"[\u0600-\u06ff]+")
NEVER = re.compile(r"(?!)")


@cached_when_short(256, longest=LONGEST_REMEMBERED)
def folded(line: str) -> str:
    """Fold a line; while an article is put together, the same few are asked for again and again, and
    remembered if not long.
    """
    return fold(line)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Compiled rules.

    noise: lines that go. stop: lines that end the article. rights: lines that go and may name the source.
    byline: lines that go and name the author. inline: what is cut out of a line. agencies: (folded, written)
    names of news agencies. places: folded names that stand alone at the end. selector: the element that holds
    the text, None to find it.
    """

    noise: re.Pattern[str]
    stop: re.Pattern[str]
    rights: tuple[re.Pattern[str], ...]
    byline: tuple[re.Pattern[str], ...]
    inline: tuple[re.Pattern[str], ...]
    agencies: tuple[tuple[str, str], ...]
    places: frozenset[str]
    breaking: re.Pattern[str]
    missing: re.Pattern[str]
    selector: str | None = None
    own_noise: re.Pattern[str] | None = None
    own_stop: re.Pattern[str] | None = None

    def is_noise(self, line: str) -> bool:
        """Say whether a line is a call to subscribe, a rights line, a "read also" or the like."""
        if len(line) > LONGEST_NOISE:
            return False
        text = folded(line)
        if self.own_noise is not None and self.own_noise.search(text):
            return True
        return bool(self.noise.search(text)) or any(rule.search(text) for rule in self.rights)

    def ends_article(self, line: str) -> bool:
        """Say whether nothing that follows this line belongs to the article."""
        if len(line) > LONGEST_END:
            return False
        text = folded(line)
        return bool(self.stop.search(text)) or bool(self.own_stop and self.own_stop.search(text))

    def up_to_end(self, lines: list[str]) -> list[str]:
        """Return the lines before the one, in their second half, after which nothing belongs to the
        article.
        """
        for place in range((len(lines) + 1) // 2, len(lines)):
            if self.ends_article(lines[place]):
                return lines[:place]
        return lines

    def with_own(self, noise: tuple[str, ...], stop: tuple[str, ...], selector: str) -> "Rulebook":
        """Return the rules with a source's own phrases, in plain words: lines that hold one of `noise` go,
        one that begins with one of `stop` ends the article.
        """
        if not (noise or stop or selector):
            return self
        own_noise, own_stop = _own(noise, stop)
        return replace(self, own_noise=own_noise, own_stop=own_stop, selector=selector or self.selector)

    def is_place(self, line: str) -> bool:
        """Say whether a line names nothing but one or two places («سوريا - القامشلي»)."""
        parts = [part.strip() for part in re.split(r"[-–—،,/|:]", folded(line)) if part.strip()]
        return 0 < len(parts) <= 2 and parts[0] in self.places and len(parts[-1].split()) == 1

    def without_inline(self, line: str) -> str:
        """Return a line without the pieces that do not belong in it."""
        for rule in self.inline:
            line = rule.sub(" ", line)
        return " ".join(line.split())

    def credited(self, lines: Iterable[str]) -> str | None:
        """Return the outlet that a rights line names as the source, as it is written there, or None."""
        return _named(lines, self.rights, "source")

    def author(self, lines: Iterable[str]) -> str | None:
        """Return the author that a byline names, as it is written there, or None."""
        return _named(lines, self.byline, "author")

    def is_byline(self, line: str) -> bool:
        """Say whether a line only tells who wrote the article."""
        return len(line) <= 80 and any(rule.search(folded(line)) for rule in self.byline)

    def agency(self, text: str) -> str | None:
        """Return the news agency that a text names first in the list, or None."""
        whole = fold(text)
        return next((name for key, name in self.agencies if key in whole), None)

    def is_breaking(self, title: str) -> bool:
        """Say whether a title begins with a breaking mark."""
        return bool(self.breaking.match(folded(title)))

    def is_missing(self, title: str) -> bool:
        """Say whether a title is that of a page which is gone."""
        return bool(self.missing.match(folded(title)))

    def unmarked(self, title: str) -> str:
        """Return a title without its breaking mark."""
        return re.sub(r"^\W*عاجل\s*[|:\-–—.!]*\s*", "", title) if self.is_breaking(title) else title


@lru_cache(maxsize=1)
def shipped() -> Rulebook:
    """Return the rules that ship with Mujaz."""
    return _compiled(_lists(_shipped()))


def for_source(path: Path | None, *names: str) -> Rulebook:
    """Return the shipped rules with those of an editor's file: its tables for all, and the ones named as one
    of `names`.

    `names` are a source's name, host and location.

    Raises:
        ConfigError: the file cannot be read, or a rule in it is no regular expression.
    """
    if path is None:
        return shipped()
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise ConfigError(
            f"collect.rules_file {path} cannot be read: {error.strerror}.", remedy="Correct the setting."
        ) from error
    # Only names that the file has: hosts of strangers would fill what is remembered.
    _, known = _raw(path, changed)
    return _extended(path, changed, known.intersection(name.lower() for name in names if name))


@lru_cache(maxsize=1)
def _raw(path: Path, changed: int) -> tuple[dict[str, Any], frozenset[str]]:
    """Return an editor's file, and the names that its tables have."""
    del changed  # part of the cache's key: a file that was edited is read again
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return raw, frozenset(name.lower() for name in raw.get("source", {}))
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise _wrong(path, error) from error


@lru_cache(maxsize=512)
def _extended(path: Path, changed: int, names: frozenset[str]) -> Rulebook:
    try:
        raw, _ = _raw(path, changed)
        lists = {key: [*values] for key, values in _lists(_shipped()).items()}
        selector = None
        for name, table in raw.get("source", {}).items():
            if name.lower() in names:
                selector = table.get("selector", selector)
                _add(lists, table)
        _add(lists, raw.get("all", {}))
        return replace(_compiled(lists), selector=selector)
    except (ValueError, re.error, AttributeError, TypeError) as error:
        raise _wrong(path, error) from error


def _wrong(path: Path, error: Exception) -> ConfigError:
    return ConfigError(
        f"collect.rules_file {path} is wrong: {error}.",
        remedy="It has the tables [all] and [source.NAME], with lists of regular expressions.",
    )


def _add(lists: dict[str, list[str]], table: Mapping[str, Any]) -> None:
    for key, values in table.items():
        if key == "selector":
            continue
        if key not in LISTS:
            raise ValueError(f"there are no rules named {key!r}")
        lists[key] += values


def _shipped() -> Mapping[str, Any]:
    return tomllib.loads((files("digest.collect.clean") / "rules.toml").read_text(encoding="utf-8"))


def _lists(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    return {key: list(raw[key]["lines"]) for key in LISTS} | {
        name: [raw[name]["start"]] for name in ("breaking", "missing")
    }


def _compiled(lists: Mapping[str, list[str]]) -> Rulebook:
    return Rulebook(
        noise=_one_of(lists["noise"]),
        stop=_one_of(lists["stop"]),
        rights=tuple(re.compile(folded_pattern(one)) for one in lists["rights"]),
        byline=tuple(re.compile(folded_pattern(one)) for one in lists["byline"]),
        inline=tuple(re.compile(one) for one in lists["inline"]),
        agencies=tuple((fold(name), name) for name in lists["agencies"]),
        places=frozenset(map(fold, lists["places"])),
        breaking=re.compile(folded_pattern(lists["breaking"][0])),
        missing=re.compile(folded_pattern(lists["missing"][0])),
    )


@lru_cache(maxsize=256)
def _own(
    noise: tuple[str, ...], stop: tuple[str, ...]
) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """Patterns of plain words; what folding leaves nothing of would stand in every line."""
    inside = "|".join(re.escape(one) for one in map(fold, noise) if one.strip())
    ahead = "|".join(re.escape(one) for one in map(fold, stop) if one.strip())
    return (
        re.compile(inside) if inside else None,
        re.compile(rf"^\W*(?:{ahead})") if ahead else None,
    )


def _one_of(patterns: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(f"(?:{folded_pattern(one)})" for one in patterns)
    return re.compile(joined) if joined else NEVER


def folded_pattern(pattern: str) -> str:
    """Fold the Arabic letters of a pattern, so that it can be matched against folded text."""
    return LETTERS.sub(lambda found: fold(found[0]), pattern)


def _named(lines: Iterable[str], patterns: Iterable[re.Pattern[str]], group: str) -> str | None:
    patterns = tuple(patterns)
    for line in lines:
        if len(line) > LONGEST_NOISE:
            continue
        text = folded(line)
        for pattern in patterns:
            found = pattern.search(text)
            if found and group in pattern.groupindex and found[group]:
                return _as_written(line, found[group].strip())
    return None


def _as_written(line: str, folded_words: str) -> str:
    """Find in a line the words whose folded form is given."""
    wanted = folded_words.split()
    words = line.split()
    for start in range(len(words) - len(wanted) + 1):
        if [fold(word).strip(".,،:()") for word in words[start : start + len(wanted)]] == [
            word.strip(".,،:()") for word in wanted
        ]:
            return " ".join(words[start : start + len(wanted)]).strip(".,،:()")
    return folded_words
