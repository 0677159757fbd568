"""A clock that does not jump with the machine's, unless the jump stays."""

from datetime import timedelta

import pytest

from digest.clock import FixedClock, SteadyClock
from tests.builders import NOW


class Machine:
    """A machine's clock and its counter."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOW)
        self.count = 100.0
        self.steady = SteadyClock(self.clock, belief_seconds=60, counter=lambda: self.count)

    def goes_on(self, seconds: float) -> None:
        self.count += seconds
        self.clock.forward(timedelta(seconds=seconds))

    def is_set(self, by: timedelta) -> None:
        self.clock.forward(by)


JUMPS = [timedelta(days=2), timedelta(hours=-1), timedelta(days=-1), timedelta(minutes=5)]


@pytest.mark.red("clock-jump")
@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_that_does_not_stay_disturbs_nothing(jump: timedelta):
    machine = Machine()
    machine.is_set(jump)
    assert machine.steady.now() == NOW
    machine.goes_on(6)
    assert machine.steady.now() == NOW + timedelta(seconds=6)
    machine.is_set(-jump)
    machine.goes_on(100)
    assert machine.steady.now() == NOW + timedelta(seconds=106)
    assert machine.steady.jumps == 0


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_was_set_is_believed_after_a_minute(jump: timedelta):
    machine = Machine()
    machine.is_set(jump)
    for _ in range(12):
        machine.steady.now()
        machine.goes_on(10)
    assert machine.steady.now() == NOW + jump + timedelta(seconds=120)
    assert machine.steady.jumps == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_was_set_is_disputed_until_it_is_believed_or_set_back(jump: timedelta):
    for stays in (True, False):
        machine = Machine()
        assert not machine.steady.is_disputed()
        machine.is_set(jump)
        assert machine.steady.is_disputed()
        machine.goes_on(6)
        assert machine.steady.is_disputed()
        if not stays:
            machine.is_set(-jump)
            assert not machine.steady.is_disputed()
        machine.goes_on(70)
        machine.steady.now()
        assert not machine.steady.is_disputed()


def test_a_clock_that_is_slewed_is_followed():
    machine = Machine()
    for _ in range(100):
        machine.goes_on(1)
        machine.is_set(timedelta(milliseconds=50))
        assert machine.steady.now() == machine.clock.now()
    assert machine.steady.jumps == 0
