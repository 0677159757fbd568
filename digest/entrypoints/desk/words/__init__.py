"""The fixed words of the desk, one catalogue a language."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

LANGUAGES = ("ar", "en")


@lru_cache(maxsize=len(LANGUAGES))
def desk_words(language: str) -> Mapping[str, str]:
    """Return the words of a language by name; any other speaks Arabic. {list} and the like are filled in.

    The tables of the file only part it by the rooms of the desk: a word's name is one in all of them. A room
    with many words keeps them in a file of its own, `ROOM-LANGUAGE.toml`.
    """
    spoken = language if language in LANGUAGES else "ar"
    read: dict[str, Any] = {}
    for file in resources.files("digest.entrypoints.desk.words").iterdir():
        if file.name == f"{spoken}.toml":
            read |= tomllib.loads(file.read_text(encoding="utf-8"))
        elif file.name.endswith(f"-{spoken}.toml"):
            read[file.name] = tomllib.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(flat(read))


def flat(read: Mapping[str, Any]) -> dict[str, str]:
    """Return the words of all tables by name.

    Raises:
        ValueError: two words have one name.
    """
    found: dict[str, str] = {}
    for name, value in read.items():
        for word, said in value.items() if isinstance(value, dict) else ((name, value),):
            if word in found:
                raise ValueError(f"The word {word} stands twice.")
            found[word] = said
    return found
