"""When bounces add up to disabling an address. Pure.

The rules are those that mailing-list servers have lived by for decades: a mailbox that is broken for a week is dropped,
one that bounces once a month never is.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from digest.deliver.bounces.report import BounceReport, Event, Weight

COUNTED = frozenset({Weight.HARD, Weight.UNKNOWN})
GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})


class Step(StrEnum):
    """What to do about an address now."""

    NOTHING = "nothing"
    PROBE = "probe"
    """Send one mail that asks nothing; if it bounces too, disable."""
    DISABLE = "disable"
    SUPPRESS = "suppress"
    """Never mail again, whoever asks: the person complained, or the address does not exist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How an address stands. Days are dates in UTC; `probed_on` is the day of a probe that is not answered yet."""

    points: float = 0
    last_on: date | None = None
    probed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`threshold` points lead to a probe. After `stale` without a bounce all is forgotten; so is a probe not bounced by then."""

    threshold: float = 5
    stale: timedelta = timedelta(days=7)


def counted(score: Score, report: BounceReport, today: date, rules: Rules) -> tuple[Score, Step]:
    """Take a report into account; returns the new score and what to do.

    Complaints lead to suppression at once. Temporary failures and objections to the sender change nothing. Several bounces
    on one day count once. Reports may come late or out of order: an older day never moves the last one back.
    """
    if report.event is Event.COMPLAINT:
        return score, Step.SUPPRESS
    if report.event is not Event.BOUNCE or report.weight not in COUNTED:
        return score, Step.NOTHING
    score = faded(score, today, rules)
    if score.probed_on is not None and today > score.probed_on:
        return score, Step.DISABLE
    if score.last_on is not None and today <= score.last_on:
        return score, Step.NOTHING
    points = score.points + 1
    if points >= rules.threshold and score.probed_on is None:
        return replace(score, points=points, last_on=today, probed_on=today), Step.PROBE
    return replace(score, points=points, last_on=today), Step.NOTHING


def refused_at_rcpt(code: str) -> Step:
    """Say what a permanent refusal during our own conversation leads to: only 5.1.x at RCPT suppresses at once."""
    return Step.SUPPRESS if code in GONE else Step.NOTHING


def probe_bounced(score: Score) -> tuple[Score, Step]:
    """Take the bounce of a probe: the address is disabled until somebody enables it by hand."""
    return replace(score, probed_on=None), Step.DISABLE


def faded(score: Score, today: date, rules: Rules) -> Score:
    """Return the score as it stands today: nought when the last bounce is long ago."""
    if score.last_on is not None and today - score.last_on > rules.stale:
        return Score()
    return score
