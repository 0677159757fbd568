"""Near-duplicates: the same text, edited. Found by MinHash, then checked exactly.

A. Broder, "On the resemblance and containment of documents", 1997; J. Leskovec, A. Rajaraman and J. Ullman,
"Mining of Massive Datasets", chapter 3, for the bands.
"""

from collections.abc import Sequence
from itertools import chain, repeat
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]

SHINGLE = 3
RESEMBLANCE = 0.5
# 50 bands of 3: texts of resemblance 0.5 meet with probability 0.9987, of 0.25 with 0.54 (and fail the
# check).
BANDS, ROWS = 50, 3
# A band that hundreds share is boilerplate; its newest members stand for all.
MOST_IN_BAND = 64
_CHUNK = 512

_RANDOM = np.random.default_rng(20180514)
_FACTORS = _RANDOM.integers(0, 2**32, size=(BANDS * ROWS, 1), dtype=np.uint32) | np.uint32(1)
_OFFSETS = _RANDOM.integers(0, 2**32, size=(BANDS * ROWS, 1), dtype=np.uint32)


def shingles(words: Sequence[str]) -> Hashes:
    """Return the hashes of all runs of three words, ascending, each once; of the whole when there are fewer.
    Empty without words.
    """
    if not words:
        return np.empty(0, np.uint32)
    if len(words) < SHINGLE:
        return np.array([crc32(" ".join(words).encode())], np.uint32)
    single = np.array([crc32(word.encode()) for word in words], np.uint32)
    joined = _mixed(single[:-2])
    joined = _mixed(joined + single[1:-1])
    return _each_once(_mixed(joined + single[2:]))


def resemblance(first: Hashes, second: Hashes) -> float:
    """Return the Jaccard coefficient of two ascending sets of hashes; 0 when both are empty."""
    both = len(np.intersect1d(first, second, assume_unique=True))
    return both / (len(first) + len(second) - both or 1)


class CopyIndex:
    """Texts by number; finds those that resemble a new one by half or more."""

    def __init__(self) -> None:
        self._texts: dict[int, tuple[Hashes, list[int]]] = {}
        self._bands: dict[int, tuple[int, ...]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def find(self, text: Hashes) -> list[tuple[int, float]]:
        """Return the numbers of the near-duplicates of a text with their resemblance, most alike first, older
        first among equals.
        """
        return self._alike(text, _bands(text))

    def add(self, number: int, text: Hashes) -> list[tuple[int, float]]:
        """Put a text in and return what `find` would have returned before. A text without words is never
        anybody's copy.
        """
        if not len(text):
            return []
        bands = _bands(text)
        found = self._alike(text, bands)
        self._texts[number] = text, bands
        for band in bands:
            self._bands[band] = (*self._bands.get(band, ())[-MOST_IN_BAND + 1 :], number)
        return found

    def forget(self, number: int) -> None:
        """Take a text out; unknown numbers are passed over."""
        _, bands = self._texts.pop(number, (None, []))
        for band in bands:
            left = tuple(member for member in self._bands.get(band, ()) if member != number)
            if left:
                self._bands[band] = left
            else:
                self._bands.pop(band, None)

    def _alike(self, text: Hashes, bands: list[int]) -> list[tuple[int, float]]:
        near = set(chain.from_iterable(map(self._bands.get, bands, repeat(()))))
        scored = [(number, resemblance(text, self._texts[number][0])) for number in near]
        return sorted(
            ((n, score) for n, score in scored if score >= RESEMBLANCE),
            key=lambda found: (-found[1], found[0]),
        )


def _each_once(numbers: Hashes) -> Hashes:
    # Several times as fast as numpy's own `unique` on the few hundred numbers of an article.
    ascending = np.sort(numbers)
    first: Hashes = ascending[np.append(True, ascending[1:] != ascending[:-1])]
    return first


def _mixed(numbers: Hashes) -> Hashes:
    """Spread 32 bits so that equal differences do not stay equal (the finalizer of MurmurHash3)."""
    numbers = (numbers ^ (numbers >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    numbers = (numbers ^ (numbers >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return numbers ^ (numbers >> np.uint32(16))


def _bands(text: Hashes) -> list[int]:
    """Return one number a band of the text's MinHash signature."""
    signature = np.full(BANDS * ROWS, np.iinfo(np.uint32).max, np.uint32)
    for start in range(0, len(text), _CHUNK):
        permuted = text[None, start : start + _CHUNK] * _FACTORS + _OFFSETS
        np.minimum(signature, permuted.min(axis=1), out=signature)
    rows = signature.reshape(BANDS, ROWS).astype(np.uint64)
    key = (rows[:, 0] << np.uint64(32)) ^ (rows[:, 1] << np.uint64(17)) ^ rows[:, 2]
    keys: list[int] = (key * np.uint64(64) + np.arange(BANDS, dtype=np.uint64)).tolist()
    return keys
