"""What fuzzing found once holds for ever; and in every run there is a little damage, without any tool (`make fuzz` does the rest)."""

import random
from pathlib import Path

import pytest

from tests.fuzz.target import TooMuchError, measured
from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
BROKE = sorted(path for path in CORPUS.glob("*/*") if path.is_file())
BUSY = 4
"""How much longer than alone an input may take, beside other tests."""
ROUNDS = 40
PIECES = (b"<![CDATA[", b"]]>", b"<", b">", b"&", b"&#x", b";", b"\x00", b"\xff", b"\xd9", b"<!--", b"<?", b"[", b"{", b'"', b"</", b"\n", b"<p>" * 50)  # fmt: skip


def damaged(body: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A body after one to eight changes: bytes flipped, pieces put in, cut out, doubled, or taken from another."""
    text = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(text) + 1)
        end = min(len(text), place + chance.randint(1, 200))
        match chance.randrange(5):
            case 0:
                text[place:place] = chance.choice(PIECES)
            case 1:
                del text[place:end]
            case 2:
                text[place:place] = text[place:end] * chance.randint(1, 20)
            case 3:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                text[place:end] = other[start : start + 300]
            case _:
                text[place:end] = bytes(chance.randrange(256) for _ in range(end - place))
    return bytes(text)


@pytest.mark.parametrize("path", BROKE, ids=lambda path: f"{path.parent.name}/{path.name[:18]}")
def test_what_once_broke_a_promise_keeps_it(path: Path):
    measured(TARGETS[path.parent.name].check, path.read_bytes(), seconds=BUSY * 0.5)


@pytest.mark.parametrize("name", TARGETS)
def test_what_honest_senders_send_keeps_every_promise(name: str):
    seeds = list(TARGETS[name].seeds())
    assert len(seeds) >= 4
    for body in seeds:
        TARGETS[name].check(body)


@pytest.mark.parametrize("name", TARGETS)
def test_damage_breaks_no_promise(name: str):
    target = TARGETS[name]
    seeds = list(target.seeds())
    target.check(seeds[0])
    chance = random.Random(7)
    for _ in range(ROUNDS):
        measured(target.check, damaged(chance.choice(seeds), chance, seeds), seconds=BUSY * 0.5)


def test_an_input_that_takes_too_much_is_noticed():
    def counts(body: bytes) -> None:
        for _ in range(10_000_000):
            body[0:1]

    with pytest.raises(TooMuchError, match="processor time"):
        measured(counts, b"x", seconds=0.05)

    def hoards(body: bytes) -> None:
        assert len(body * 300_000_000) > 1

    with pytest.raises(TooMuchError, match="MB of memory"):
        measured(hoards, b"x", seconds=60)


def test_every_folder_of_the_corpus_has_its_target():
    assert {path.parent.name for path in BROKE} <= set(TARGETS)
