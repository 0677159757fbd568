"""The word lists that ship with the package: one file a list, words apart by white space."""

from importlib import resources


def read(name: str) -> frozenset[str]:
    """Return the words of `digest/text/{name}.txt` as they are written there."""
    file = resources.files("digest.text") / f"{name}.txt"
    return frozenset(file.read_text(encoding="utf-8").split())
