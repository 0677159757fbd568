"""Senders that are killed, stopped and restarted: a short run of the harness (`make chaos` is the long one)."""

import pytest

from benchmarks.chaos.run import Plan, run
from digest.model import OnUnknown

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]


@pytest.mark.red("kills")
@pytest.mark.parametrize(
    ("database", "mode", "seed"),
    [
        ("sqlite", OnUnknown.RESEND, 1),
        pytest.param("sqlite", OnUnknown.HOLD, 2, marks=pytest.mark.long),
        pytest.param("postgresql", OnUnknown.RESEND, 3, marks=pytest.mark.long),
        ("postgresql", OnUnknown.HOLD, 4),
    ],
)
def test_killed_senders_lose_nobody_and_repeat_no_more_than_promised(
    database: str, mode: OnUnknown, seed: int
):
    plan = Plan(
        kills=4,
        recipients=150,
        seed=seed,
        database=database,
        mode=mode,
        processes=2,
        batch_size=25,
        # Longer than a busy machine keeps a sender from its turn: a claim that lapses so repeats letters, and no kill did it.
        lease_seconds=10.0,
    )
    verdict = run(plan)
    assert verdict.kept, verdict.line()


def test_a_sender_that_was_stopped_past_its_lease_adds_nothing_to_what_another_took_over():
    plan = Plan(kills=0, stops=1, recipients=150, seed=5, processes=2, batch_size=25, lease_seconds=7.0)
    verdict = run(plan)
    assert verdict.kept, verdict.line()


@pytest.mark.long
def test_a_killed_worker_of_many_machines_loses_nobody():
    plan = Plan(
        kills=3,
        recipients=150,
        seed=6,
        database="postgresql",
        engine="procrastinate",
        processes=2,
        batch_size=25,
        lease_seconds=4.0,
    )
    verdict = run(plan)
    assert verdict.kept, verdict.line()
