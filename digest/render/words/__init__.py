"""The fixed words of a mail, one catalogue a language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from digest.text.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Lettering:
    """The type of a language: font stacks, the font of Word's renderer, size of running text in pixels, and
    leading.
    """

    body: str
    headline: str
    office: str
    leading: float
    size: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A language's words by name, the units and magnitudes that may follow a figure, and its type."""

    language: str
    words: Mapping[str, str]
    units: tuple[str, ...]
    magnitudes: tuple[str, ...]
    lettering: Lettering


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> Catalogue:
    """Return the words of a language; one without a catalogue speaks English."""
    spoken = language if language in LANGUAGES else "en"
    file = resources.files("digest.render.words").joinpath(f"{spoken}.toml")
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return Catalogue(
        language=spoken,
        words={name: word for name, word in content.items() if isinstance(word, str)},
        units=tuple(content["units"]),
        magnitudes=tuple(content["magnitudes"]),
        lettering=Lettering(**content["type"]),
    )
