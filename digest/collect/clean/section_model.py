"""Classify an article into a section by a linear model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from digest.text.words.tokens import words

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

READ_CHARS = 1500


@dataclass(frozen=True, slots=True)
class SectionModel:
    """Weights of shape (buckets, keys) as int8, with one scale and one bias a key."""

    keys: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: Floats
    bias: Floats
    temperature: float
    floor: float

    def scores(self, title: str, text: str) -> Floats:
        """Return one score a key, in the order of `keys`; only the bias when there are no words."""
        places, values = features(title, text, buckets=len(self.weights))
        return (values @ self.weights[places].astype(np.float32)) * self.scale + self.bias

    def best(self, title: str, text: str) -> tuple[str, float]:
        """Return the likeliest key and its probability; ("misc", 0) when there are no words."""
        if not title.strip() and not text.strip():
            return "misc", 0.0
        scores = self.scores(title, text) / self.temperature
        odds = np.exp(scores - scores.max())
        place = int(odds.argmax())
        return self.keys[place], float(odds[place] / odds.sum())


def features(title: str, text: str, *, buckets: int) -> tuple[Ints, Floats]:
    """Return the places (ascending, each once) and values (of length 1 together) of an article's words.

    Only the first 1,500 characters of the text count. Single words: pairs of them know the outlets they were
    learned from better, and outlets that they were not learned from worse.
    """
    spoken = words(f"{title[:READ_CHARS]}\n{text[:READ_CHARS]}")
    hashes = [crc32(word.encode()) for word in spoken]
    places, counts = np.unique(np.array(hashes, dtype=np.int64) % buckets, return_counts=True)
    values = (1.0 + np.log(counts)).astype(np.float32)
    norm = float(np.sqrt((values * values).sum()))
    return places, values / norm if norm else values


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
        temperature=np.float32(model.temperature),
        floor=np.float32(model.floor),
    )
