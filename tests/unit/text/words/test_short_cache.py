"""What is remembered of strangers' texts is bounded in bytes, too."""

import importlib
import pkgutil
import tracemalloc

import pytest

from digest.text.words.short_cache import LONGEST, Remembered, cached_when_short

ROOMS = ("digest.text", "digest.collect", "digest.curate", "digest.summarize", "digest.services.audience")
OURS = {
    "digest.collect.clean.rules._extended": "tables of an editor's file",
    "digest.collect.clean.rules._own": "phrases that an editor gave a source",
    "digest.collect.clean.rules._raw": "one file of an editor",
    "digest.collect.clean.rules.shipped": "the shipped rules",
    "digest.collect.clean.sections._model": "the shipped model",
    "digest.collect.clean.sections._table": "a shipped file",
    "digest.collect.failures._sentences": "a shipped file",
    "digest.collect.parse.feeds.repair._undone": "an entity: 33 letters at most, by its pattern",
    "digest.collect.clean.local_words._listed": "a table",
    "digest.collect.sandbox.jobs._rules": "one robots.txt, of 512 kB at most",
    "digest.collect.sandbox.jobs._source": "names that editors gave",
    "digest.services.audience.imports.addresses._is_plain_domain": "domains of addresses that are not too long",
    "digest.text.addresses.domain.ascii_domain": "domains of addresses, which have at most 255 letters",
    "digest.text.dates.calendar._catalogue": "a table",
    "digest.text.dates.quantity_names._units": "a table",
    "digest.text.dates.dates._regions": "a table",
    "digest.text.numbers.plurals._catalogue": "a table",
}
"""What remembers without a bound of length, and what it is asked for."""


def remembering() -> set[str]:
    """Functions of the rooms that remember by themselves."""
    found = set()
    for room in ROOMS:
        for one in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            module = importlib.import_module(one.name)
            found |= {
                f"{one.name}.{name}"
                for name, work in vars(module).items()
                if hasattr(work, "cache_parameters") and work.__module__ == one.name
            }
    return found


def test_nothing_remembers_foreign_text_of_any_length():
    assert remembering() - set(OURS) == set()


def test_long_texts_are_not_kept():
    asked: list[int] = []

    @cached_when_short(8)
    def length(text: str) -> int:
        asked.append(len(text))
        return len(text)

    for text in ("ا" * LONGEST, "ا" * (LONGEST + 1)) * 3:
        assert length(text) == len(text)
    assert asked == [LONGEST, *[LONGEST + 1] * 3]


def test_a_text_that_was_asked_for_lately_is_not_worked_on_again():
    asked: list[str] = []

    def same(text: str) -> str:
        asked.append(text)
        return text

    remembered = Remembered(same, most=8)
    for number in range(100):
        assert remembered["often"] == "often"
        assert remembered[f"{number}"] == f"{number}"
    assert asked.count("often") == 1


@pytest.mark.parametrize("most", [100, 1000])
def test_what_is_remembered_is_bounded_in_bytes(most: int):
    remembered = Remembered(lambda text: text + ".", most=most)
    tracemalloc.start()
    for number in range(5_000):
        assert remembered[f"{number:05}" + "ا" * (number % 2 * 20_000)].endswith(".")
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < most * 1_000


@pytest.mark.parametrize("most", [100, 1000])
def test_what_is_kept_is_bounded_in_bytes(most: int):
    @cached_when_short(most)
    def same(text: str) -> str:
        return text + "."

    tracemalloc.start()
    for number in range(5_000):
        same(f"{number:05}" + "ا" * (number % 2 * 20_000))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < most * 1_000
