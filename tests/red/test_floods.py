"""Sign-ups in floods, at once, and by the clock: one mail an address, no error, and nothing that tells who reads."""

import http.client
import re
import sqlite3
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from math import erfc, sqrt
from random import Random

import pytest

from tests.red.place import Place, Receiver, a_feed, wait_until

pytestmark = pytest.mark.timeout(900)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Poster:
    """Posts the form, over one connection after the other."""

    def __init__(self, place: Place) -> None:
        self._port = place.port

    def __call__(self, address: str, **headers: str) -> int:
        """Ask for the list to be sent to an address; returns the status."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        body = urllib.parse.urlencode({"email": address})
        line.request("POST", "/l/daily/subscribe", body, {**FORM, **headers})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer.status


def settled(receiver: Receiver, seconds: float = 4) -> None:
    """Wait until no mail has come for a while."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < seconds:
        if len(receiver.letters) != seen:
            seen, since = len(receiver.letters), time.monotonic()
        time.sleep(0.1)


MAILBOXES_ALONE = {f"SIGNUP__{name}_AN_HOUR": "1000000" for name in ("NETWORK", "DOMAIN", "LIST")} | {
    "SIGNUP__ATTACK": "off"
}
"""Only how often one mailbox is asked stands in the way."""


@pytest.mark.red("sign-up-flood")
@pytest.mark.parametrize("posts", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_flood_of_sign_ups_is_one_mail_an_address(place: Place, receiver: Receiver, posts: int):
    place.settings |= {"WEB__TRUSTED_PROXIES": '["127.0.0.1"]', **MAILBOXES_ALONE}
    place.digest("lists", "add", "daily")
    with place.serving():
        post = Poster(place)

        def one(number: int) -> int:
            sender = f"198.{18 + number % 2}.{number // 250 % 250}.{number % 250}"
            return post(f"victim{number % 100}@flood.example", **{"X-Forwarded-For": sender})

        with ThreadPoolExecutor(8) as pool:
            statuses = Counter(pool.map(one, range(posts)))
        wait_until(lambda: len(receiver.counts()) == 100, 120)
        settled(receiver)
    assert set(statuses) <= {200, 303, 429, 503}
    # One writer serves eight who post without a pause. Who has waited for it for five seconds (listening.PAGE_SECONDS) hears
    # 503: that is an answer, and no mail. An idle machine says it to nobody, one that does four other things to one in a
    # hundred, one that does more to one in twenty; more than one in ten would say that a sign-up takes longer than it should.
    assert statuses[503] <= posts / 10
    assert max(receiver.counts().values()) == 1
    assert len(receiver.letters) <= 100
    assert "@flood.example" not in place.log


@pytest.mark.red("sign-up-flood")
def test_a_flood_from_one_client_ends_at_its_allowance(place: Place, receiver: Receiver):
    place.digest("lists", "add", "daily")
    with place.serving():
        post = Poster(place)
        forged = [
            {"X-Forwarded-For": f"198.51.100.{n % 250}", "X-Real-IP": f"10.0.0.{n % 250}"} for n in range(300)
        ]
        statuses = Counter(post(f"v{n}@flood.example", **head) for n, head in enumerate(forged))
        settled(receiver)
    assert statuses[429] == 280
    assert len(receiver.letters) <= 20


@pytest.mark.red("parallel-signup")
def test_one_address_many_times_at_once_is_one_mail_on_postgresql(
    place: Place, receiver: Receiver, postgresql_server: str
):
    name = "red_" + str(time.monotonic_ns())
    import psycopg

    with psycopg.connect(postgresql_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE mujaz_template")  # type: ignore[call-overload]
    place.settings["DATABASE__URL"] = re.sub(
        r"(postgresql://[^/]*/)[^?]*", rf"\g<1>{name}", postgresql_server
    )
    place.settings |= {"WEB__SIGNUPS_AN_HOUR": "100000", **MAILBOXES_ALONE}
    assert place.digest("lists", "add", "daily").returncode == 0
    with place.serving():
        post = Poster(place)
        with ThreadPoolExecutor(20) as pool:
            statuses = Counter(pool.map(lambda n: post(f"same{n // 20}@pg.example"), range(600)))
        wait_until(lambda: len(receiver.counts()) == 30, 120)
        settled(receiver)
    assert set(statuses) <= {200, 303}
    assert receiver.counts() == {f"same{n}@pg.example": 1 for n in range(30)}
    assert "@pg.example" not in place.log


@pytest.mark.red("signup-timing")
@pytest.mark.long
def test_the_time_of_the_answer_does_not_tell_who_reads(place: Place):
    """Mann-Whitney over 1,000 posts of each kind, in pairs of random order: p > 0.01."""
    place.settings |= {"WEB__SIGNUPS_AN_HOUR": "1000000", "RUN__TICK_SECONDS": "600", **MAILBOXES_ALONE}
    known = place.readers(1_000)
    order, times = Random(7), {True: list[float](), False: list[float]()}
    with place.serving():
        line = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)

        def timed(address: str) -> float:
            body = urllib.parse.urlencode({"email": address})
            begun = time.perf_counter()
            line.request("POST", "/l/daily/subscribe", body, FORM)
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200
            return time.perf_counter() - begun

        for number in range(30):
            timed(f"warm{number}@mujaz.example")
        for number, reader in enumerate(known):
            for is_known in order.sample([True, False], 2):
                address = reader if is_known else f"nobody{number}@mujaz.example"
                times[is_known].append(timed(address))
        line.close()
    assert p_value(times[True], times[False]) > 0.01


def p_value(ones: list[float], others: list[float]) -> float:
    """The probability that two samples of one kind differ so much (Mann-Whitney, two-sided, by the normal curve)."""
    ranked = sorted([(one, True) for one in ones] + [(one, False) for one in others])
    ranks = sum(place for place, (_, mine) in enumerate(ranked, 1) if mine)
    n, m = len(ones), len(others)
    z = (ranks - n * (n + 1) / 2 - n * m / 2) / sqrt(n * m * (n + m + 1) / 12)
    return erfc(abs(z) / sqrt(2))


def test_a_difference_in_time_would_be_noticed():
    chance = Random(3)
    same, slower = ([chance.gauss(5, 1) for _ in range(1_000)] for _ in range(2))
    assert p_value(same, slower) > 0.01
    assert p_value(same, [one + 0.3 for one in slower]) < 0.01


@pytest.mark.red("erasure")
def test_who_is_removed_is_in_no_file_and_in_no_later_backup(place: Place, receiver: Receiver):
    gone = "zahra.person@erased.example"
    receiver.refuses = lambda one: f"550 5.1.1 <{one}>: no such user here" if one == gone else None
    assert place.digest("subscribers", "add", gone).returncode == 0
    place.readers(2)
    place.digest("run", "--source", place.file("feed.xml", a_feed()))
    assert place.digest("subscribers", "remove", gone).returncode == 0
    assert place.digest("db", "backup", "later.db").returncode == 0
    with closing(sqlite3.connect(place.folder / "subscribers.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for one in (*place.folder.glob("*.db*"), *place.folder.glob("log")):
        assert b"zahra.person" not in one.read_bytes(), one.name
