"""The word lists that ship with the package: one file a list, words apart by white space."""

from importlib import resources


def read(name: str) -> frozenset[str]:
    """Return the words of `digest/text/{name}.txt` as they are written there."""
    file = resources.files("digest.text.words") / f"{name}.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


def read_lines(name: str) -> list[list[str]]:
    """Return the words of each line of `digest/text/{name}.txt`; empty lines are left out."""
    file = resources.files("digest.text.words") / f"{name}.txt"
    return [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_pairs(name: str) -> dict[str, str]:
    """Return what each word of `digest/text/{name}.txt` stands for: a line holds a word and its meaning."""
    file = resources.files("digest.text.words") / f"{name}.txt"
    lines = (line.rsplit(None, 1) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return dict(lines)
