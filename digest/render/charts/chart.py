"""What a chart shows, as a value; pure."""

from collections.abc import Callable
from dataclasses import dataclass

Number = Callable[[float], str]
"""Writes a number in the digits of who reads it."""


@dataclass(frozen=True, slots=True)
class Series:
    """A row of values with its name; `look` is the class of its marks: a, b, good or bad."""

    name: str
    values: tuple[float, ...]
    look: str = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Series over the same labels. `id` is one on its page; `says` tells in a sentence what is to be seen."""

    id: str
    title: str
    says: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    rtl: bool
    number: Number

    @property
    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The table beside it: each label with its values as they are written, in the order of time."""
        return tuple(
            (label, tuple(self.number(one.values[place]) for one in self.series))
            for place, label in enumerate(self.labels)
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(any(one.values) for one in self.series)
