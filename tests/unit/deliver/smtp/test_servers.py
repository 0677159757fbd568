"""Which server gets the next message."""

from collections import Counter

from digest.deliver.smtp.balancing import COOL_SECONDS, ServerHealth, Share, choose, failed, recovered
from digest.deliver.smtp.balancing import shares as parts


def shares(standings: list[ServerHealth], count: int, route: str = "daily") -> Counter[int]:
    given = [0] * len(standings)
    for _ in range(count):
        place = choose(standings, given, route, now=100.0)
        assert place is not None
        given[place] += 1
    return Counter(dict(enumerate(given)))


def test_each_gets_its_share_by_weight() -> None:
    assert shares([ServerHealth(weight=3), ServerHealth(weight=1)], 400) == {0: 300, 1: 100}


def test_a_server_that_is_down_gets_nothing() -> None:
    down = failed(ServerHealth(), now=99.0)
    assert shares([down, ServerHealth()], 10) == {0: 0, 1: 10}


def test_when_all_are_down_nobody_is_chosen() -> None:
    down = failed(ServerHealth(), now=99.0)
    assert choose([down], [0], "daily", 100.0) is None
    assert choose([down, down], [0, 0], "daily", 100.0) is None


def test_a_spare_server_is_used_only_when_all_others_are_down() -> None:
    spare = ServerHealth(weight=0)
    assert shares([ServerHealth(), spare], 5) == {0: 5, 1: 0}
    assert shares([failed(ServerHealth(), 99.0), spare], 5) == {0: 0, 1: 5}


def test_a_list_with_a_server_of_its_own_uses_it_alone() -> None:
    own, common = ServerHealth(routes=frozenset({"breaking"})), ServerHealth()
    assert shares([own, common], 5, "breaking") == {0: 5, 1: 0}
    assert shares([own, common], 5, "daily") == {0: 0, 1: 5}


def test_when_its_own_server_is_down_a_list_goes_by_the_common_ones() -> None:
    own = failed(ServerHealth(routes=frozenset({"breaking"})), now=99.0)
    assert shares([own, ServerHealth()], 5, "breaking") == {0: 0, 1: 5}


def test_a_server_is_left_alone_longer_with_every_failure() -> None:
    once = failed(ServerHealth(), now=0.0)
    twice = failed(once, now=10.0)
    assert once.until == COOL_SECONDS[0]
    assert twice.until == 10.0 + COOL_SECONDS[1]
    assert not twice.up(39.9)
    assert twice.up(40.0)
    assert recovered(twice).up(10.0)
    for _ in range(20):
        twice = failed(twice, now=0.0)
    assert twice.until == COOL_SECONDS[-1]


def test_a_server_that_got_all_it_may_be_given_is_passed_over() -> None:
    both = [ServerHealth(), ServerHealth()]
    given = [0, 0]
    for _ in range(10):
        place = choose(both, given, "daily", 100.0, [2, None])
        assert place is not None
        given[place] += 1
    assert given == [2, 8]
    assert choose(both, given, "daily", 100.0, [2, 8]) is None


def test_what_each_server_may_come_to_be_given() -> None:
    own = ServerHealth(routes=frozenset({"breaking"}))
    heavy, light, spare = ServerHealth(weight=3), ServerHealth(), ServerHealth(weight=0)
    every = [own, heavy, light, spare]
    assert parts(every, "daily", 10) == [
        Share(0, usual=False), Share(8, usual=True), Share(3, usual=True), Share(10, usual=False),
    ]  # fmt: skip
    assert parts(every, "breaking", 10) == [
        Share(10, usual=True), Share(10, usual=False), Share(10, usual=False), Share(10, usual=False),
    ]  # fmt: skip
    assert parts([spare], "daily", 10) == [Share(10, usual=True)]
