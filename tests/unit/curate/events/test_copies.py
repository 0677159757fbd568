"""Near-duplicates."""

import random
import time

import pytest

from digest.curate.events.copies import CopyIndex, resemblance, shingles

WORDS = [f"كلمة{number}" for number in range(4000)]


def a_text(seed: int, length: int = 200) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def edited(text: list[str], every: int) -> list[str]:
    return [f"{word}ات" if place % every == 0 else word for place, word in enumerate(text)]


def test_resemblance_is_the_share_of_common_runs():
    assert resemblance(shingles(a_text(1)), shingles(a_text(1))) == 1
    assert resemblance(shingles(a_text(1)), shingles(a_text(2))) == 0
    assert resemblance(shingles([]), shingles([])) == 0
    assert len(shingles(["أ", "ب", "ج", "د"])) == 2


def test_word_order_counts():
    assert resemblance(shingles(["زار", "الوزير", "المدينة"]), shingles(["المدينة", "زار", "الوزير"])) == 0


def test_an_edited_text_is_found_and_another_is_not():
    index = CopyIndex()
    index.add(1, shingles(a_text(1)))
    index.add(2, shingles(a_text(2)))
    found = index.find(shingles(edited(a_text(1), 20)))
    assert [number for number, _ in found] == [1]
    assert 0.5 <= found[0][1] < 1


def test_all_lightly_edited_texts_of_an_archive_are_found():
    index = CopyIndex()
    for seed in range(300):
        index.add(seed, shingles(a_text(seed)))
    missed = [
        seed
        for seed in range(300)
        if seed not in {number for number, _ in index.find(shingles(edited(a_text(seed), 11)))}
        and resemblance(shingles(a_text(seed)), shingles(edited(a_text(seed), 11))) >= 0.5
    ]
    assert missed == []


def test_texts_below_half_are_never_copies():
    index = CopyIndex()
    index.add(1, shingles(a_text(1)))
    assert index.find(shingles(a_text(1)[:60] + a_text(2)[:140])) == []


def test_a_text_without_words_is_nobodys_copy():
    index = CopyIndex()
    assert index.add(1, shingles([])) == []
    assert index.add(2, shingles([])) == []
    assert len(index) == 0


def test_a_short_text_is_its_own_copy():
    index = CopyIndex()
    index.add(1, shingles(["عاجل"]))
    assert index.find(shingles(["عاجل"])) == [(1, 1.0)]


def test_what_was_forgotten_is_not_found():
    index = CopyIndex()
    index.add(1, shingles(a_text(1)))
    index.forget(1)
    index.forget(1)
    assert index.find(shingles(a_text(1))) == []
    assert len(index) == 0


@pytest.mark.parametrize("copies", [200, 500])
def test_many_copies_cost_a_bounded_number_of_comparisons(copies: int):
    index = CopyIndex()
    text = shingles(a_text(1))
    for number in range(copies):
        found = index.add(number, text)
    assert len(found) == 64


def test_a_text_four_times_as_long_costs_about_four_times_as_much():
    def seconds(length: int) -> float:
        text = shingles([f"كلمة{number}" for number in range(length)])
        best = float("inf")
        for _ in range(5):
            started = time.process_time()
            CopyIndex().add(1, text)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(320_000) < 12 * seconds(80_000)
