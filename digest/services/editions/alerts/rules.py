"""When a story is an alert, and whether there is something new to say of one that was: pure rules over its
articles.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from digest.curate.events.cluster import JOIN
from digest.curate.events.likeness import continues, print_of
from digest.model import AlertVerdict, Article, AtNight
from digest.services.schedule.quiet import is_held, is_too_soon
from digest.text.words.tokens import stems

LIFE = timedelta(minutes=60)
"""What became an alert longer ago is not urgent any more."""
FULL_WEIGHT = 1.0
"""An outlet that weighs less does not count."""
CALM_SECTIONS = frozenset({"sport", "culture", "technology", "misc"})
"""Where many outlets tell the same every day; there only a trusted outlet's own word makes an alert."""
NEW_WORDS = 3
COMPARED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """What a list asks of an alert. `trusted` are source ids, `weights` are by outlet name (1 where nothing
    is said).
    """

    trusted: frozenset[int]
    weights: Mapping[str, float]
    outlets: int
    together: timedelta
    """Within so long these outlets must have told it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Why a story is an alert, since when, and how many outlets told it together. Big: several outlets
    did.
    """

    cause: Literal["publisher", "outlets"]
    at: datetime
    outlets: int
    is_big: bool


def trigger(articles: Sequence[Article], rule: AlertRule, *, section: str = "") -> Trigger | None:
    """Return what makes a story an alert, or None.

    It is one when a trusted source calls it breaking, or when so many outlets of full weight told it
    together; the first such moment counts.
    """
    together = _together(articles, rule)
    count = len({one.source_name for one in articles if _counts(one, rule)})
    marked = [one.when for one in articles if one.breaking and one.source_id in rule.trusted]
    if marked:
        return Trigger(cause="publisher", at=min(marked), outlets=max(count, 1), is_big=together is not None)
    if together is None or section in CALM_SECTIONS:
        return None
    return Trigger(cause="outlets", at=together, outlets=count, is_big=True)


def most_together(articles: Sequence[Article], rule: AlertRule) -> int:
    """Return how many outlets of full weight told the story together at most."""
    reports = sorted((one.when, one.source_name) for one in articles if _counts(one, rule))
    return max(
        (len({name for at, name in reports if start <= at <= start + rule.together}) for start, _ in reports),
        default=0,
    )


def _together(articles: Sequence[Article], rule: AlertRule) -> datetime | None:
    """The first moment at which enough outlets had told it together."""
    reports = sorted((one.when, one.source_name) for one in articles if _counts(one, rule))
    for now, _ in reports:
        if len({name for at, name in reports if now - rule.together <= at <= now}) >= rule.outlets:
            return now
    return None


def _counts(article: Article, rule: AlertRule) -> bool:
    return rule.weights.get(article.source_name, 1.0) >= FULL_WEIGHT


def is_one_topic(articles: Sequence[Article], published: Sequence[Article]) -> bool:
    """Say whether articles tell what earlier ones told: an address in common, or texts that go on with
    theirs.
    """
    known = {one.url for one in published if one.url}
    if any(one.url in known for one in articles):
        return True
    earlier = [print_of(one) for one in published[:COMPARED]]
    return any(continues(mine, one) >= JOIN for mine in map(print_of, articles[:COMPARED]) for one in earlier)


def news_since(articles: Sequence[Article], published: Sequence[Article]) -> tuple[Article, ...]:
    """Return those articles that came after the told ones with a fact that none of these had.

    A fact is a number in a title, or three other words of it that stand in no told title or text.
    """
    if not published:
        return tuple(articles)
    last = max(one.when for one in published)
    known = {one.url for one in published if one.url}
    said = frozenset(stems(" ".join(text for one in published for text in (one.title, *one.body))))
    return tuple(
        one for one in articles if one.url not in known and one.when > last and _is_new(one.title, said)
    )


def _is_new(title: str, said: Collection[str]) -> bool:
    fresh = {word for word in stems(title) if word not in said}
    return any(word.isdecimal() for word in fresh) or len(fresh) >= NEW_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the time says to a list's alerts: whether it is night, when the last went out, how many did today.

    `readers` and `big_readers` count who chose all alerts or the big ones, and who chose the big ones at
    least.
    """

    now: datetime
    is_night: bool
    at_night: AtNight
    alerts: tuple[datetime, ...]
    today: int
    a_day: int
    all_readers: int
    big_readers: int


def decide(found: Trigger, moment: Moment, *, waited_for_morning: bool = False) -> AlertVerdict:
    """Return what becomes of an alert that no earlier one told."""
    if not (moment.big_readers if found.is_big else moment.all_readers):
        return AlertVerdict.NOBODY
    if moment.is_night and is_held(moment.at_night, is_big=found.is_big):
        return AlertVerdict.NIGHT
    if not waited_for_morning and moment.now - found.at > LIFE:
        return AlertVerdict.LATE
    if moment.today >= moment.a_day:
        return AlertVerdict.LIMIT
    return AlertVerdict.SOON if is_too_soon(moment.now, moment.alerts) else AlertVerdict.SENT
