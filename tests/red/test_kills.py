"""`digest run` killed at moments of chance: nobody is lost, nobody is mailed twice beyond the gate. And who leaves is not mailed."""

import json
import os
import signal
import time
from collections import Counter
from random import Random

import pytest

from tests.red.place import Place, Receiver, a_feed, wait_until

pytestmark = pytest.mark.timeout(900)
GATE = 16
SEED = int(os.environ.get("MUJAZ_RED_SEED", "1"))


def books(place: Place) -> dict[str, object]:
    """What `digest editions status` says of the first edition."""
    done = place.digest("editions", "status", "1", "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(done.stdout)
    return told


def repeated_by_kill(letters: list[tuple[float, str, bytes]], kills: list[float]) -> Counter[float]:
    """How many letters went out again because of each kill: the first one after their first copy. 0: because of none."""
    first: dict[str, float] = {}
    blamed: Counter[float] = Counter()
    for at, address, _ in letters:
        if address in first:
            blamed[next((kill for kill in kills if first[address] <= kill <= at), 0.0)] += 1
        first[address] = at
    return blamed


@pytest.mark.red("kills")
@pytest.mark.parametrize(("kills", "readers"), [(1, 100), pytest.param(6, 400, marks=pytest.mark.long)])
def test_a_run_that_is_killed_loses_nobody_and_repeats_no_more_than_the_gate(
    place: Place, receiver: Receiver, kills: int, readers: int
):
    chance, killed = Random(SEED), list[float]()
    place.settings |= {"MAIL__GATE": str(GATE), "RUN__LEASE_SECONDS": "3", "RUN__BATCH_SIZE": "50"}
    receiver.seconds = 0.01
    everybody, feed = place.readers(readers), place.file("feed.xml", a_feed())
    for _ in range(kills):
        until = len(receiver.letters) + chance.randint(1, max(1, readers // (kills + 1)))
        process = place.starts("run", "--source", feed)
        try:
            wait_until(lambda p=process, n=until: len(receiver.letters) >= n or p.poll() is not None, 120)  # type: ignore[misc]
            time.sleep(chance.random() / 50)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        killed.append(time.monotonic())
    for _ in range(10):
        place.digest("run", "--source", feed)
        if books(place)["state"] == "finished":
            break
        time.sleep(3)
    assert books(place)["state"] == "finished"
    counts = receiver.counts()
    assert set(counts) == set(everybody)
    blamed = repeated_by_kill(receiver.letters, killed)
    assert blamed[0.0] == 0
    assert max(blamed.values(), default=0) <= GATE
    assert books(place)["sent"] == readers


def test_a_letter_that_was_repeated_without_a_kill_would_be_noticed():
    letters = [(1.0, "a", b""), (2.0, "b", b""), (4.0, "a", b""), (5.0, "a", b"")]
    assert repeated_by_kill(letters, [3.0]) == {3.0: 1, 0.0: 1}


@pytest.mark.red("left-in-batch")
def test_who_is_removed_while_a_batch_is_on_its_way_is_not_mailed(place: Place, receiver: Receiver):
    place.settings |= {"MAIL__GATE": "4", "MAIL__CONNECTIONS": "2"}
    everybody = place.readers(80)
    receiver.most = 10
    process = place.starts("run", "--source", place.file("feed.xml", a_feed()))
    try:
        wait_until(lambda: len(receiver.letters) >= 10, 120)
        left = [one for one in everybody if one not in receiver.counts()][-3:]
        for one in left:
            assert "is forgotten" in place.digest("subscribers", "remove", one).stdout
        receiver.most = None
        process.wait(120)
    finally:
        process.kill()
        process.wait()
    assert receiver.counts() == dict.fromkeys((one for one in everybody if one not in left), 1)
    told = books(place)
    assert (told["state"], told["sent"]) == ("finished", len(everybody) - len(left))
