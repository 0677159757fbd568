"""The fixed words of the public pages, one catalogue a language."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from digest.text.languages import LANGUAGES


@lru_cache(maxsize=len(LANGUAGES) + 1)
def words(language: str) -> Mapping[str, str]:
    """Return the words of a language by name; one without a catalogue speaks English. {list} and the like are
    filled in.
    """
    spoken = language if language in LANGUAGES else "en"
    file = resources.files("digest.entrypoints.web.words").joinpath(f"{spoken}.toml")
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
