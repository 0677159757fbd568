"""The fixed words of the desk, one catalogue a language."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

LANGUAGES = ("ar", "en")


@lru_cache(maxsize=len(LANGUAGES))
def desk_words(language: str) -> Mapping[str, str]:
    """Return the words of a language by name; any other speaks Arabic. {list} and the like are filled in."""
    spoken = language if language in LANGUAGES else "ar"
    file = resources.files("digest.entrypoints.desk.words").joinpath(f"{spoken}.toml")
    return MappingProxyType(tomllib.loads(file.read_text(encoding="utf-8")))
