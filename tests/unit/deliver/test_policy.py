"""What replies mean, by the words of those who write them, and what follows."""

from datetime import timedelta
from pathlib import Path

import pytest

from digest.deliver import policy
from digest.deliver.outcome import Kind, Outcome
from digest.model import DeliveryStatus, OnUnknown
from tests.builders import NOW

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "data" / "replies.tsv").read_text(encoding="utf-8").splitlines()
]
WAITS = (timedelta(minutes=5), timedelta(minutes=15))


def test_the_table_holds_the_words_of_many_receivers() -> None:
    assert len(ROWS) >= 120
    assert len({row[0] for row in ROWS}) >= 20


@pytest.mark.parametrize(("who", "stage", "code", "kind", "text"), ROWS)
def test_a_reply_means_what_its_receiver_means(who: str, stage: str, code: str, kind: str, text: str) -> None:
    assert policy.judge(int(code), text, stage=stage) is Kind(kind), who


@pytest.mark.parametrize("stage", ["mail", "data", "body", "connect"])
def test_only_a_reply_to_rcpt_is_a_verdict_on_the_address(stage: str) -> None:
    assert policy.judge(550, "5.1.1 No such user", stage=stage) is not Kind.ADDRESS


def test_acceptance_needs_no_words() -> None:
    assert policy.judge(250, "", stage="body") is Kind.ACCEPTED


def judged(
    kind: Kind, *, attempts: int = 1, jitter: float = 0.5, hours: float = 6, **more: object
) -> policy.Verdict:
    return policy.after(
        Outcome(kind, 450, "words"),
        attempts=attempts,
        now=NOW,
        deadline=NOW + timedelta(hours=hours),
        waits=WAITS,
        jitter=jitter,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("kind", "status", "pause"),
    [
        (Kind.ACCEPTED, DeliveryStatus.SENT, False),
        (Kind.ADDRESS, DeliveryStatus.BOUNCED, False),
        (Kind.PERMANENT, DeliveryStatus.FAILED, False),
        (Kind.UTF8, DeliveryStatus.FAILED, False),
        (Kind.UNSAFE, DeliveryStatus.FAILED, False),
        (Kind.TEMPORARY, DeliveryStatus.WAITING, False),
        (Kind.MAILBOX_FULL, DeliveryStatus.WAITING, False),
        (Kind.RATE, DeliveryStatus.WAITING, False),
        (Kind.LOST, DeliveryStatus.WAITING, False),
        (Kind.UNTRIED, DeliveryStatus.WAITING, False),
        (Kind.POLICY, DeliveryStatus.WAITING, True),
        (Kind.MESSAGE, DeliveryStatus.WAITING, True),
    ],
)
def test_each_meaning_has_its_consequence(kind: Kind, status: DeliveryStatus, pause: bool) -> None:
    verdict = judged(kind)
    assert (verdict.status, verdict.pause) == (status, pause)
    assert (verdict.next_try_at is not None) == (status is DeliveryStatus.WAITING)


def test_every_meaning_is_judged() -> None:
    for kind in Kind:
        assert judged(kind).status in DeliveryStatus


def test_waits_grow_and_end() -> None:
    assert judged(Kind.TEMPORARY, attempts=1).next_try_at == NOW + timedelta(minutes=5)
    assert judged(Kind.TEMPORARY, attempts=2).next_try_at == NOW + timedelta(minutes=15)
    assert judged(Kind.TEMPORARY, attempts=3).status is DeliveryStatus.FAILED


def test_what_never_was_on_the_wire_uses_up_no_wait() -> None:
    assert judged(Kind.UNTRIED, attempts=9).next_try_at == NOW + timedelta(minutes=15)


def test_retries_are_spread() -> None:
    assert judged(Kind.TEMPORARY, jitter=0.0).next_try_at == NOW + timedelta(minutes=4)
    assert judged(Kind.TEMPORARY, jitter=1.0).next_try_at == NOW + timedelta(minutes=6)


def test_nothing_is_tried_after_the_deadline() -> None:
    assert judged(Kind.TEMPORARY, hours=0.05).status is DeliveryStatus.FAILED


def test_a_lost_reply_stays_in_doubt_where_nobody_may_be_mailed_twice() -> None:
    verdict = judged(Kind.LOST, on_unknown=OnUnknown.HOLD)
    assert verdict.status is DeliveryStatus.IN_DOUBT
    assert verdict.next_try_at is None
