"""Classify an article into a section by a linear model."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from digest.collect.clean.local_words import evidence
from digest.text.words.short_cache import Remembered
from digest.text.words.subjects import opens_with_place
from digest.text.words.tokens import stems_of, words

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

READ_CHARS = 1500
LOCAL = "local"
# The model was learned from Arabic; a foreign word falls upon some Arabic word's weights.
_ARABIC = re.compile("[\u0620-\u064a]")
# Local news is taken for one of these more easily than for another.
_NEIGHBOURS = ("politics", "misc")


@dataclass(frozen=True, slots=True)
class SectionModel:
    """Weights of shape (buckets, keys) as int8, with one scale and one bias a key.

    `rarity` is a factor a bucket: rare words say more. `signs` is what each sign adds to each key, of shape
    (signs, keys). The score of local news is of its own kind: above 0 it is more likely local than not. A
    winner that is no neighbour of local news gives way only when that score is above `slope` times the lead
    that it has over the best neighbour.
    """

    keys: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    rarity: Floats
    signs: Floats
    slope: float
    temperature: float
    floor: float

    def scores(self, title: str, text: str) -> Floats:
        """Return one score a key, in the order of `keys`; only the bias when there are no words."""
        head, body = spoken(title, text)
        places, values = features(head, body, self.rarity)
        scores = (values @ self.weights[places].astype(np.float32)) * self.scale + self.bias
        return np.asarray(scores + np.array(signs(title, head, body), np.float32) @ self.signs, np.float32)

    def best(self, title: str, text: str) -> tuple[str, float]:
        """Return the likeliest key and its probability; ("misc", 0) without a word in Arabic letters."""
        known = _ARABIC.search(title[:READ_CHARS]) or _ARABIC.search(text[:READ_CHARS])
        return self.chosen(self.scores(title, text)) if known else ("misc", 0.0)

    def chosen(self, scores: Floats) -> tuple[str, float]:
        """Return the likeliest key by such scores, and its probability."""
        others = scores / self.temperature
        at_home = lead = 0.0
        if LOCAL in self.keys:
            others[self.keys.index(LOCAL)] = -np.inf
            at_home = float(scores[self.keys.index(LOCAL)])
            beside = max(float(others[self.keys.index(key)]) for key in _NEIGHBOURS if key in self.keys)
            lead = (float(others.max()) - beside) * self.temperature
        odds = np.exp(others - others.max())
        place = int(odds.argmax())
        beyond = at_home - self.slope * lead
        if beyond > 0:
            return LOCAL, float(1 / (1 + np.exp(-beyond)))
        return self.keys[place], float(odds[place] / odds.sum())


def spoken(title: str, text: str) -> tuple[list[str], list[str]]:
    """Return the folded words of a title and of the first 1,500 characters of a text."""
    return words(title[:READ_CHARS]), words(text[:READ_CHARS])


def signs(title: str, head: Sequence[str], body: Sequence[str]) -> tuple[float, ...]:
    """Return what an article's title, and the folded words of its title and text, say beside single words:
    each kind of `evidence`, and whether the title opens with a place.
    """
    return (*evidence(head, body), float(opens_with_place(title[:READ_CHARS])))


def features(title: Sequence[str], text: Sequence[str], rarity: Floats) -> tuple[Ints, Floats]:
    """Return the places and values (of length 1 together) of an article's words and light stems; the title's
    count twice. Two terms that fall upon one place each have their own value there. `rarity` has one factor a
    bucket.

    Pairs of words know the outlets they were learned from better, and outlets that they were not learned
    from worse.
    """
    counts = Counter(chain.from_iterable(map(_HASHED.__getitem__, [*title, *title, *text])))
    places = np.fromiter(counts, np.int64, len(counts)) % len(rarity)
    said = np.fromiter(counts.values(), np.float32, len(counts))
    values = np.asarray((1.0 + np.log(said)) * rarity[places], np.float32)
    norm = float(np.sqrt(values @ values))
    return places, values / norm if norm else values


def _hashes(word: str) -> tuple[int, ...]:
    plain = crc32(word.encode())
    return (plain, *(crc32(f"~{stem}".encode()) for stem in stems_of((word,))))


_HASHED = Remembered(_hashes, most=65_536)


def load(path: Path) -> SectionModel:
    """Read a model that `benchmarks/train_sections.py` has written.

    Raises:
        OSError, ValueError, KeyError: the file is missing or is no such model.
    """
    with np.load(path, allow_pickle=False) as file:
        held: dict[str, Any] = {name: file[name] for name in file.files}
    return SectionModel(
        keys=tuple(str(key) for key in held["keys"]),
        weights=held["weights"].astype(np.int8),
        scale=held["scale"].astype(np.float32),
        bias=held["bias"].astype(np.float32),
        rarity=held["rarity"].astype(np.float32),
        signs=held["signs"].astype(np.float32),
        slope=float(held["slope"]),
        temperature=float(held["temperature"]),
        floor=float(held["floor"]),
    )


def save(model: SectionModel, path: Path) -> None:
    """Write a model so that `load` reads it back; equal models give equal bytes."""
    np.savez_compressed(
        path,
        keys=np.array(model.keys),
        weights=model.weights,
        scale=model.scale,
        bias=model.bias,
        rarity=model.rarity.astype(np.float16),
        signs=model.signs,
        slope=np.float32(model.slope),
        temperature=np.float32(model.temperature),
        floor=np.float32(model.floor),
    )
