"""Where things stand on a chart: round steps of the axis, places along time, and which labels fit; pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """The numbers of an upright axis: from `low` to `high` in steps."""

    low: float
    high: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """The numbers that are written at it, the lowest first."""
        count = round((self.high - self.low) / self.step)
        return tuple(self.low + self.step * place for place in range(count + 1))

    def share(self, value: float) -> float:
        """Return where a value stands: 0 at the bottom, 1 at the top."""
        return (value - self.low) / (self.high - self.low)


def axis_for(values: Sequence[float], *, from_zero: bool = True, steps: int = 4) -> Axis:
    """Return an axis with round numbers on which all the values stand.

    From zero unless they lie close together far from it, where that is allowed. Counts are whole: no step is
    less than 1.
    """
    low, high = min(values, default=0.0), max(values, default=0.0)
    low, high = (min(low, 0.0), max(high, 0.0)) if from_zero else (low, high)
    if high <= low:
        high = low + 1
    step = _round_up((high - low) / steps)
    return Axis(math.floor(low / step) * step, math.ceil(high / step) * step, step)


def _round_up(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(one * power for one in STEPS if one * power >= raw * (1 - 1e-9))
    return max(step, 1.0) if step < 2 else float(math.ceil(step))


@dataclass(frozen=True, slots=True)
class Frame:
    """The room of a chart in units of its viewBox, and which way its time runs."""

    width: float
    height: float
    rtl: bool
    numbers: float = 52.0
    above: float = 12.0
    below: float = 26.0

    @property
    def begins(self) -> float:
        """The edge at which time begins: the right one where writing does."""
        return self.width - self.numbers if self.rtl else self.numbers

    @property
    def ends(self) -> float:
        """The edge at which time ends."""
        return 6.0 if self.rtl else self.width - 6.0

    @property
    def bottom(self) -> float:
        """Where the lowest number stands."""
        return self.height - self.below

    def across(self, share: float) -> float:
        """Return a place along time: 0 where it begins, 1 where it ends."""
        return self.begins + (self.ends - self.begins) * share

    def upright(self, share: float) -> float:
        """Return a place up the axis: 0 at the bottom, 1 at the top."""
        return self.bottom - (self.bottom - self.above) * share

    def slot(self, place: int, of: int) -> tuple[float, float]:
        """Return the left edge and the width of one of so many equal slots along time."""
        one, two = self.across(place / of), self.across((place + 1) / of)
        return min(one, two), abs(two - one)


def labelled(count: int, most: int) -> tuple[int, ...]:
    """Return which of so many places are labelled, evenly apart: the last always, and at most `most`."""
    if count <= 0 or most <= 0:
        return ()
    every = max(1, math.ceil(count / most))
    return tuple(range((count - 1) % every, count, every))
