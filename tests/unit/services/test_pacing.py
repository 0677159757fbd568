"""The rules of the pace: buckets, families, warm-up, objections, quiet hours."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.providers import group_of
from digest.services.sending.pace import pacing
from digest.settings import PacingSettings
from digest.storage.ledger.batch_members import Waiting

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
RIYADH = ZoneInfo("Asia/Riyadh")


def people(*addresses: str) -> list[Waiting]:
    return [Waiting(number, email, "", "", "ar", 0, None) for number, email in enumerate(addresses)]


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("a@gmail.com", "gmail"),
        ("a@googlemail.com", "gmail"),
        ("a@hotmail.co.uk", "outlook"),
        ("a@outlook.sa", "outlook"),
        ("a@yahoo.com", "yahoo"),
        ("a@maktoob.com", "yahoo"),
        ("a@me.com", "icloud"),
        ("a@NEWS.example", "news.example"),
        ("a@notgmail.com", "notgmail.com"),
    ],
)
def test_domains_of_one_receiver_are_one_group(address: str, group: str):
    assert group_of(address) == group


def test_a_bucket_gives_what_it_has_and_says_when_there_is_more():
    bucket = pacing.fresh(120, NOW)
    left, granted, wait = pacing.taken(bucket, 100, 120, NOW)
    assert (granted, left.tokens) == (60, 0)
    assert wait == timedelta(seconds=0.5)
    _, granted, _ = pacing.taken(left, 100, 120, NOW + timedelta(seconds=10))
    assert granted == 20
    _, granted, _ = pacing.taken(left, 100, 120, NOW + timedelta(hours=1))
    assert granted == 60


def test_a_very_slow_rate_still_gives_one_letter():
    bucket = pacing.fresh(1, NOW)
    left, granted, wait = pacing.taken(bucket, 5, 1, NOW)
    assert granted == 1
    assert wait == timedelta(minutes=1)
    assert pacing.taken(left, 5, 1, NOW + wait)[1] == 1


@given(
    steps=st.lists(st.tuples(st.integers(0, 500), st.floats(0, 120)), min_size=1, max_size=30),
    rate=st.floats(1, 10_000),
)
def test_no_more_goes_out_than_the_rate_and_one_bucket(steps: list[tuple[int, float]], rate: float):
    bucket, now, sent = pacing.fresh(rate, NOW), NOW, 0
    for wanted, seconds in steps:
        now += timedelta(seconds=seconds)
        bucket, granted, wait = pacing.taken(bucket, wanted, rate, now)
        sent += granted
        assert bucket.tokens >= 0
        assert wait >= timedelta(0)
    assert sent <= pacing.capacity(rate) + rate * (now - NOW).total_seconds() / 60 + 1e-6


def test_an_objection_halves_the_rate_and_it_comes_back_slowly():
    chosen = PacingSettings(domain_per_minute=1000)
    bucket = pacing.slowed(pacing.fresh(1000, NOW), NOW)
    assert pacing.per_minute("group:gmail", bucket, chosen, NOW) == 500
    assert pacing.slowed(bucket, NOW + timedelta(seconds=5)) == bucket
    twice = pacing.slowed(bucket, NOW + timedelta(seconds=31))
    assert 250 < pacing.per_minute("group:gmail", twice, chosen, NOW + timedelta(seconds=31)) < 260
    assert pacing.per_minute("group:gmail", bucket, chosen, NOW + timedelta(minutes=10)) == pytest.approx(
        707, abs=1
    )
    assert pacing.per_minute("group:gmail", bucket, chosen, NOW + timedelta(hours=2)) == 1000


def test_a_rate_never_falls_to_nothing():
    bucket, now = pacing.fresh(1000, NOW), NOW
    for _ in range(50):
        now += timedelta(seconds=31)
        bucket = pacing.slowed(bucket, now)
    assert bucket.factor == pacing.SLOWEST


def test_a_warm_up_doubles_every_day_until_the_rate_is_reached():
    chosen = PacingSettings(domain_per_minute=1000, warmup_first_day=1440)
    bucket = pacing.fresh(1000, NOW)
    rates = [pacing.per_minute("group:gmail", bucket, chosen, NOW + timedelta(days=day)) for day in range(12)]
    assert rates[:4] == [1, 2, 4, 8]
    assert rates[-1] == 1000
    assert pacing.per_minute("list:daily", bucket, chosen, NOW) == chosen.list_per_minute


def test_receivers_are_mixed():
    mixed = pacing.interleaved(people("1@gmail.com", "2@gmail.com", "3@gmail.com", "1@yahoo.com", "1@me.com"))
    assert [person.email for person in mixed] == [
        "1@gmail.com", "1@yahoo.com", "1@me.com", "2@gmail.com", "3@gmail.com",
    ]  # fmt: skip


def test_a_stalled_receiver_holds_back_only_its_own():
    everybody = people("1@gmail.com", "1@yahoo.com", "2@gmail.com", "2@yahoo.com")
    go, stay = pacing.allotted(everybody, lambda group, count: 0 if group == "gmail" else count)
    assert {person.email for person in go} == {"1@yahoo.com", "2@yahoo.com"}
    assert {person.email for person in stay} == {"1@gmail.com", "2@gmail.com"}


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "until"),
    [
        (23, time(22), time(6), 6),
        (3, time(22), time(6), 6),
        (6, time(22), time(6), None),
        (21, time(22), time(6), None),
        (13, time(12), time(14), 14),
        (14, time(12), time(14), None),
        (13, time(12), time(12), None),
        (13, None, time(12), None),
    ],
)
def test_quiet_hours_are_the_lists_own(hour: int, begins: time | None, ends: time | None, until: int | None):
    now = (
        datetime(2026, 1, 5, hour, 30, tzinfo=RIYADH)
        if hour not in {6, 14}
        else datetime(2026, 1, 5, hour, tzinfo=RIYADH)
    )
    found = pacing.quiet_until(now.astimezone(UTC), RIYADH, begins, ends)
    assert (found.astimezone(RIYADH).hour if found else None) == until
    assert found is None or timedelta(0) < found - now < timedelta(hours=24)


def test_a_bucket_goes_not_back_in_time():
    bucket = replace(pacing.fresh(60, NOW), tokens=0.0)
    left, granted, _ = pacing.taken(bucket, 5, 60, NOW - timedelta(hours=1))
    assert (granted, left.at) == (0, NOW)
