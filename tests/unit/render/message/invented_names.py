"""Subjects and display names as newspapers and people write them, made up by the million."""

import random

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأإؤئةىپچڤگکیٹہے"
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéüçşł"
DIGITS = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳"
OTHERS = (
    "«",
    "»",
    "،",
    "؛",
    "؟",
    "!",
    "…",
    "–",
    "—",
    "٪",
    "%",
    "$",
    "€",
    ":",
    "(",
    ")",
    "/",
    "|",
    '"',
    "\\",
    ",",
)
SYMBOLS = (
    "\U0001f54c",
    "\U0001f4f0",
    "\U0001f1f8\U0001f1e6",
    "\U0001f468\u200d\U0001f469",
    "\u2022",
    "\u200f",
    "\u00a0",
)
TRAPS = ("=?", "?=", "=?utf-8?B?", "=?UTF-8?Q?a?=", "<a@b>", "a,b", "_", "=20", "?", "=", "@", ";", "''")


WORDS = 20_000


class Inventor:
    """Makes lines from a seed: words of several scripts between single blanks, some of them traps for encoders."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = [self._word() for _ in range(WORDS)]

    def line(self) -> str:
        """Return a line of 1 to 30 words without blanks at its ends."""
        return " ".join(
            self._random.choices(self._words, k=self._random.choice((1, 2, 3, 4, 6, 8, 12, 20, 30)))
        )

    def arabic(self) -> str:
        """Return a line of 1 to 30 words of letters alone, as most headlines are."""
        count = self._random.randint(1, 30)
        return " ".join(
            "".join(self._random.choices(ARABIC, k=self._random.randint(2, 9))) for _ in range(count)
        )

    def _word(self) -> str:
        kind = self._random.random()
        if kind < 0.70:
            return "".join(
                letter + (self._random.choice(MARKS) if self._random.random() < 0.05 else "")
                for letter in self._random.choices(ARABIC, k=self._random.randint(1, 12))
            )
        if kind < 0.82:
            return "".join(self._random.choices(LATIN, k=self._random.randint(1, 14)))
        if kind < 0.90:
            return "".join(self._random.choices(DIGITS, k=self._random.randint(1, 6)))
        if kind < 0.96:
            return self._random.choice(OTHERS)
        if kind < 0.98:
            return self._random.choice(SYMBOLS)
        return self._random.choice(TRAPS)
