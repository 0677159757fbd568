"""Find the section of an article: by name, address or model."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from digest.model.news.sections import MISC, SECTION_KEYS
from digest.text.words.normalise import fold
from digest.text.words.subjects import is_health

if TYPE_CHECKING:
    from digest.collect.clean.section_model import SectionModel

_OPENING_CHARS = 400

# A section's name is a few words; a longer string is a headline that stands in its place.
_LONGEST_NAME = 60
_MOST_WORDS = 6
_SEPARATORS = re.compile(r"[\s/|\\»«>›،,;:؛·•\-_–—&+.()\[\]\"'#]+")
# "internationalNews" is two words.
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# By these names an address asks for a section: story.php?section=sport&id=7.
_ASKED = frozenset({"section", "sec", "category", "cat", "channel", "rubrique", "topic"})
_NUMBERED_SLUG = re.compile(r"^([a-z][a-z-]*[a-z])-\d{4,}$")


@dataclass(frozen=True, slots=True)
class _Table:
    """What sections.toml says, folded: whole names, single words, address words, and what says nothing."""

    names: Mapping[str, str]
    urls: Mapping[str, str]
    prefixes: frozenset[str]
    silent: frozenset[str]


def named(name: str) -> str | None:
    """Return the key that an outlet's own section name means, or None when it means none.

    Spelling is folded («اخبار السياسه» is «أخبار السياسة», "internationalNews" is "international news"),
    words such as «أخبار» and the article are taken off; of several names in one («رياضة وشباب», "Sports >
    Football") the first known one decides. A text of more than six words is no section name. `name` may also
    be one of `SECTION_KEYS`.
    """
    table = _table()
    if len(name) > _LONGEST_NAME:
        return None
    words = [word for word in _SEPARATORS.split(fold(_CAMEL.sub(" ", name))) if word]
    whole = " ".join(words)
    if not words or len(words) > _MOST_WORDS or whole in table.silent:
        return None
    if key := table.names.get(whole):
        return key
    plain = [_plain(word) for word in words]
    kept = [word for word in plain if word not in table.prefixes] or plain
    if key := table.names.get(" ".join(kept)):
        return key
    pairs = (f"{first} {second}" for first, second in pairwise(kept))
    return next((table.names[part] for part in (*pairs, *kept) if part in table.names), None)


def from_url(url: str) -> str | None:
    """Return the key that a word in the address's path or host means, or None.

    The path is read from the left, without the last part (the article's own slug) unless that is a section
    word with a number, as in /arabic/world-44111361. Then what the address asks for: ?section=sport.
    Percent-encoded Arabic is understood.
    """
    try:
        parts = urlsplit(url[:2000])
        host = parts.hostname or ""
    except ValueError:
        return None
    segments = [unquote(part) for part in parts.path.split("/") if part]
    last = segments.pop() if segments else ""
    if numbered := _NUMBERED_SLUG.match(last.lower()):
        segments.append(numbered.group(1))
    elif parts.path.endswith("/") or "." not in last[-6:]:
        # A short last part without digits is a section's front page, never an article.
        segments += [last] if last and len(last) <= 12 and not any(c.isdigit() for c in last) else []
    asked = [value for name, value in parse_qsl(parts.query)[:20] if name.lower() in _ASKED]
    for segment in (*segments, *asked, host.split(".")[0]):
        if key := _word(segment):
            return key
    return None


def classify(title: str, text: str, *, url: str | None = None, hint: str | None = None) -> tuple[str, float]:
    """Return (section key, confidence between 0 and 1) of an article.

    `hint` is the name that the feed or page gives its own section; it decides when it is known, then the
    address, then the model on title and text; but words of health beat an outlet's "science and tech". Below
    the model's confidence floor the key is "misc" («منوعات»), with the confidence that the best key had: a
    wrong section is worse than none.
    """
    if hint and (key := named(hint)):
        return _narrower(key, title, text), 1.0
    if url and (key := from_url(url)):
        return _narrower(key, title, text), 0.99
    model = _model()
    if model is None:
        return MISC, 0.0
    key, confidence = model.best(title, text)
    return (key, confidence) if confidence >= model.floor else (MISC, confidence)


def _narrower(key: str, title: str, text: str) -> str:
    return "health" if key == "technology" and is_health(title, text[:_OPENING_CHARS]) else key


def answer(item: dict[str, Any]) -> dict[str, Any]:
    """Answer one line of `digest tool classify`.

    `item` has "id", "title", "text" and perhaps "url" and "hint"; the answer is {"id", "section",
    "confidence"}, or {"id", "error"} when the line cannot be read.
    """
    texts: dict[str, str] = {}
    for name in ("title", "text", "url", "hint"):
        value = item.get(name)
        if value is not None and not isinstance(value, str):
            return {"id": item.get("id"), "error": f'"{name}" is not a string'}
        texts[name] = value or ""
    if "title" not in item and "text" not in item:
        return {"id": item.get("id"), "error": 'there is neither "title" nor "text"'}
    key, confidence = classify(texts["title"], texts["text"], url=texts["url"], hint=texts["hint"])
    return {"id": item.get("id"), "section": key, "confidence": round(confidence, 4)}


def _word(segment: str) -> str | None:
    table = _table()
    if key := table.urls.get(segment.lower()):
        return key
    return named(segment) if len(segment) <= 30 else None


def says_nothing(word: str) -> bool:
    """Say whether a word stands before sections' names and tells none, such as «أخبار»."""
    return _plain(fold(word)) in _table().prefixes


def _plain(word: str) -> str:
    """Take the conjunction and the article off an Arabic word, when a word remains."""
    for start in ("وال", "بال", "ال", "و"):
        if word.startswith(start) and len(word) - len(start) >= 2 and not (start == "و" and len(word) < 4):
            return word[len(start) :]
    return word


@cache
def _table() -> _Table:
    raw = tomllib.loads(resources.files("digest.collect.clean").joinpath("sections.toml").read_text("utf-8"))
    names: dict[str, str] = {key: key for key in SECTION_KEYS}
    for key, listed in raw["names"].items():
        for name in listed:
            words = _SEPARATORS.split(fold(name).lower())
            names.setdefault(" ".join(words), key)
            names.setdefault(" ".join(map(_plain, words)), key)
    return _Table(
        names=names,
        urls={word: key for key, listed in raw["urls"].items() for word in listed},
        prefixes=frozenset(_plain(fold(word).lower()) for word in raw["prefixes"]),
        silent=frozenset(" ".join(_SEPARATORS.split(fold(word).lower())) for word in raw["silent"]),
    )


@cache
def _model() -> "SectionModel | None":
    # Its numbers need a large library; who only names sections does without it.
    from digest.collect.clean.section_model import load

    file = resources.files("digest.collect.clean").joinpath("sections_model.npz")
    if not file.is_file():
        return None
    with resources.as_file(file) as path:
        return load(path)
