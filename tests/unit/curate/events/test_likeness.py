"""How much two articles tell one event."""

from datetime import timedelta

import pytest

from digest.curate.events.likeness import (
    are_of_two_events,
    likeness,
    print_and_shingles_of,
    print_of,
    shingles_of,
)
from tests.builders import NOW
from tests.unit.curate.telling import BRIDGE, BUDGET, told


def alike(first: tuple[str, str, str], second: tuple[str, str, str], *, hours: float = 0) -> float:
    return likeness(print_of(told(*first, hours=30)), print_of(told(*second, hours=30 - hours)))


def test_two_tellings_of_one_event_are_likelier_one_than_two_events():
    assert alike(BRIDGE[0], BRIDGE[1]) > 0.9
    assert alike(BRIDGE[0], BUDGET[0]) < 0.1


def test_it_is_symmetric():
    assert alike(BRIDGE[0], BRIDGE[2]) == alike(BRIDGE[2], BRIDGE[0])


def test_time_parts_what_words_join():
    assert alike(BRIDGE[0], BRIDGE[1], hours=1) > alike(BRIDGE[0], BRIDGE[1], hours=20)


def test_spellings_of_a_name_are_one_word():
    first = told("أ", "ترامب يستقبل نتانياهو", "استقبل ترامب نتانياهو.")
    second = told("ب", "ترمب يستقبل نتنياهو", "استقبل ترمب نتنياهو.")
    assert print_of(first).title == print_of(second).title


def test_a_dateline_is_no_part_of_the_news():
    text = "أقر البرلمان الموازنة."
    plain, dated = told("أ", "الموازنة", text), told("أ", "الموازنة", f"سرهاد، كاردينا (و ك أ) -- {text}")
    assert print_of(plain).opening == print_of(dated).opening


def test_articles_without_words_are_like_nothing():
    empty = print_of(told("أ", "", ""))
    assert likeness(empty, empty) == 0
    assert likeness(empty, print_of(told(*BRIDGE[0]))) == 0


def test_a_megabyte_costs_what_its_first_lines_cost():
    long = told("أ", "عنوان", "كلمة طويلة جدا " * 70_000)
    short = told("أ", "عنوان", "كلمة طويلة جدا " * 200)
    assert print_of(long).lead == print_of(short).lead


def test_an_instant_is_kept_in_utc_seconds():
    article = told(*BRIDGE[0], hours=2)
    assert print_of(article).at == (NOW - timedelta(hours=2)).timestamp()


def test_who_asks_for_much_gets_the_same_answer_or_nothing():
    first, second = print_of(told(*BRIDGE[0], hours=5)), print_of(told(*BRIDGE[2], hours=3))
    whole = likeness(first, second)
    assert likeness(first, second, least=whole - 0.01) == whole
    assert likeness(first, second, least=0.999999) in {0, whole}


def test_centuries_apart_is_never_one_event():
    old, new = print_of(told(*BRIDGE[0], hours=24 * 365 * 1900)), print_of(told(*BRIDGE[0]))
    assert likeness(old, new) < 1e-6


def test_what_is_read_in_one_go_is_what_is_read_apart():
    long = told("أ", "عنوان الخبر", "كلمة طويلة جدا في هذا النص. " * 200)
    for article in (told(*BRIDGE[0]), long, told("أ", "", ""), told("أ", "ALL CAPS", "س" * 5000)):
        seen, shared = print_and_shingles_of(article)
        assert seen == print_of(article)
        assert shared.tolist() == shingles_of(article).tolist()


def parted(first: str, second: str, opening: str = "", other: str = "") -> bool:
    one, another = (
        told(outlet, title, text) for outlet, title, text in (("أ", first, opening), ("ب", second, other))
    )
    return are_of_two_events(print_of(one), print_of(another))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("كاردينا تفتتح سفارتها في سرهاد", "سرهاد تستدعي سفيرها في كاردينا"),
        ("تحطم طائرة ركاب في سرهاد", "أبرز حوادث الطيران خلال 2018"),
        ("مجلس الأمن يبحث أحداث سرهاد", "مجلس حقوق الإنسان يبحث أحداث سرهاد"),
    ],
)
def test_one_act_is_not_another_a_look_back_is_no_event_and_two_bodies_do_two_things(first: str, second: str):
    assert parted(first, second)
    assert not parted(first, first)


def test_where_a_title_names_no_body_its_opening_does():
    opening = "وزعت كاردينا على أعضاء مجلس الأمن مشروع قرار بحماية أهل سرهاد."
    assert parted("مشروع قرار بحماية أهل سرهاد", "مجلس حقوق الإنسان يحقق في سرهاد", opening)
    assert not parted("مشروع قرار بحماية أهل سرهاد", "نقاش حول حماية أهل سرهاد", opening)


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("رحيل نحات المدينة", "وفاة نحات المدينة"),
        ("هجوم على قرية البيدر", "اعتداء على قرية البيدر"),
        ("تعيين مديرة وكالة الاستخبارات المركزية", "تعيين مديرة سي آي إيه"),
        ("بيونغ يانغ تهدد", "كوريا الشمالية تهدد"),
    ],
)
def test_words_and_names_of_one_meaning_count_as_one(one: str, same: str):
    assert print_of(told("أ", one, "")).title == print_of(told("ب", same, "")).title


def test_a_place_is_a_name_behind_a_preposition_too():
    assert print_of(told("أ", "هجوم بالشيشان", "")).names.title
    assert print_of(told("أ", "قتلى بغزة", "")).names == print_of(told("ب", "قتلى في غزة", "")).names
