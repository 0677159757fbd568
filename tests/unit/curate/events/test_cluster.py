"""Articles that tell one event."""

import random
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.curate.events.cluster import StoryIndex, continued, group, key_of
from digest.model import Article
from tests.builders import NOW
from tests.unit.curate.telling import BRIDGE, BUDGET, event, told


def titles(groups: list[tuple[Article, ...]]) -> list[set[str]]:
    return [{article.title for article in members} for members in groups]


def test_an_event_told_by_three_outlets_is_one_story():
    groups = group([*event(BRIDGE), *event(BUDGET, hours=4)])
    assert titles(groups) == [{one[1] for one in BRIDGE}, {one[1] for one in BUDGET}]


def test_the_order_of_the_input_is_without_effect():
    articles = [*event(BRIDGE), *event(BUDGET), told("س", "خبر آخر", "لا صلة له بشيء مما سبق ذكره هنا.")]
    expected = group(articles)
    for seed in range(10):
        random.Random(seed).shuffle(articles)
        assert group(articles) == expected


@given(st.permutations(range(5)))
def test_every_article_is_in_one_story(order: list[int]):
    articles = [*event(BRIDGE), *event(BUDGET)]
    groups = group([articles[place] for place in order])
    assert sorted(a.url or "" for members in groups for a in members) == sorted(a.url or "" for a in articles)


def test_the_index_gives_the_stories_of_the_batch():
    articles = sorted([*event(BRIDGE), *event(BUDGET)], key=lambda article: article.when)
    index = StoryIndex()
    keys = [index.add(article) for article in articles]
    by_key = {key_of(members): members for members in group(articles)}
    assert all(article in by_key[key] for article, key in zip(articles, keys, strict=True))


def test_the_latest_count_leads():
    (members,) = group(event(BRIDGE, hours=12))
    late = told(*BRIDGE[2], hours=1)
    (members,) = group([*event(BRIDGE[:2], hours=12), late])
    assert members[0] == late


def test_copies_share_a_story():
    first = told("المرفأ", *BRIDGE[0][1:], content_hash="1")
    same_text = told("الأفق", "عنوان لا صلة له", BRIDGE[0][2], content_hash="1")
    edited = told("صدى", "شاهد", BRIDGE[0][2] + " وأعلن الحداد.", hours=2)
    assert len(group([first, same_text, edited])) == 1


def test_an_address_that_comes_again_is_the_same_article():
    first = told(*BRIDGE[0], url="https://marfa.example/bridge")
    changed = told("المرفأ", "عنوان جديد تماما", "نص جديد تماما.", url="https://marfa.example/bridge")
    index = StoryIndex()
    assert index.add(first) == index.add(changed)


def test_days_apart_is_not_one_story():
    index = StoryIndex(window=timedelta(hours=36))
    assert index.add(told(*BRIDGE[0], hours=60)) != index.add(told(*BRIDGE[1], hours=1))


def test_a_story_never_spans_more_than_the_window():
    steps = [told(f"مصدر {n}", BRIDGE[0][1], BRIDGE[0][2], hours=200 - 10 * n) for n in range(20)]
    for members in group(steps):
        whens = [article.when for article in members]
        assert max(whens) - min(whens) <= timedelta(hours=36)


def test_two_events_that_share_all_names_stay_two():
    signed = (
        "الكرمي والنجار يوقعان اتفاقا لبناء مستشفى للأطفال في سرهاد",
        "وقع ماجد الكرمي وسلوى النجار في سرهاد اتفاقا لبناء مستشفى للأطفال يتسع لمئتي سرير وتموله بلدية المدينة من قرض طويل.",
    )
    hurt = (
        "إصابة الكرمي والنجار بجروح طفيفة حين اصطدمت سيارتهما بشاحنة",
        "أصيب ماجد الكرمي وسلوى النجار بجروح طفيفة ليلا حين اصطدمت سيارتهما بشاحنة مسرعة على طريق الجبل قرب سرهاد، وفق الشرطة.",
    )
    first, second = told("المرفأ", *signed, hours=12), told("الأفق", *hurt, hours=2)
    assert len(group([first, second])) == 2


def test_a_copy_far_outside_a_storys_time_does_not_stretch_it():
    index = StoryIndex(window=timedelta(hours=36))
    first = index.add(told(*BRIDGE[0], hours=70))
    assert index.add(told("ناقل", *BRIDGE[0][1:], hours=40)) == first
    assert index.add(told("ناقل آخر", *BRIDGE[0][1:], hours=10)) != first


def test_copies_stretch_a_story_as_any_article_does():
    index = StoryIndex(window=timedelta(hours=36))
    first = index.add(told(*BRIDGE[0], hours=40, content_hash="1"))
    assert index.add(told(*BRIDGE[0], hours=10, content_hash="1")) == first
    assert index.add(told(*BRIDGE[1], hours=50)) != first


@pytest.mark.parametrize("years", [-7000, -500, 500, 1900])
def test_a_clock_that_is_centuries_wrong_harms_nothing(years: int):
    wrong = told("س", BRIDGE[0][1], BRIDGE[0][2], hours=24 * 365 * years)
    groups = group([wrong, *event(BRIDGE)])
    assert sorted(map(len, groups)) == [1, 3]
    assert continued(groups, [wrong])


def test_half_a_character_in_an_address_is_no_trouble():
    index = StoryIndex()
    assert index.add(told(*BRIDGE[0], url="https://a.example/\ud800")) == index.add(told(*BRIDGE[1]))


def test_five_hundred_copies_of_one_article_are_one_story():
    copies = [told(f"مصدر {number}", *BRIDGE[0][1:], hours=5 + number / 1000) for number in range(500)]
    (members,) = group(copies)
    assert len(members) == 500


def test_a_date_from_the_future_empties_nothing():
    index = StoryIndex()
    first = index.add(told(*BRIDGE[0], hours=3))
    index.add(told("س", "من المستقبل", "ساعة هذا المصدر خاطئة.", hours=-24 * 365 * 70))
    index.add(told("س", "من الماضي", "وساعة هذا أيضا.", hours=24 * 365 * 50))
    assert index.add(told(*BRIDGE[1], hours=2)) == first


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", ""),
        ("عاجل", ""),
        ("", "كلمة"),
        ("BREAKING NEWS", "ALL CAPS LATIN"),
        ("مزيج mixed नमस्ते שלום", "mixed نص"),
        ("؟!…", "«»"),
    ],
)
def test_odd_articles_get_a_story_of_their_own(title: str, text: str):
    groups = group([told("س", title, text), *event(BRIDGE)])
    assert len(groups) == 2


def test_a_megabyte_is_grouped():
    article = told("س", BRIDGE[0][1], BRIDGE[0][2] + " حشو لا معنى له" * 80_000, hours=3)
    assert len(group([article, *event(BRIDGE)])) == 1


def test_nothing_gives_nothing():
    assert group([]) == []
    with pytest.raises(ValueError, match="empty"):
        key_of([])


def test_memory_follows_the_window_not_the_archive():
    vocabulary = [f"لفظ{number}" for number in range(3000)]
    index = StoryIndex(window=timedelta(hours=36))
    held = []
    for day in range(12):
        for number in range(60):
            words = random.Random(day * 100 + number).choices(vocabulary, k=40)
            index.add(told("س", " ".join(words[:8]), " ".join(words), hours=24 * (12 - day) - number / 60))
        held.append(len(index))
    assert held[-1] == held[-2] == held[-3]
    assert held[-1] < 60 * 5


def test_the_capacity_holds_whatever_the_dates_say():
    index = StoryIndex(capacity=50)
    for number in range(200):
        index.add(told("س", f"خبر رقم {number}", f"نص الخبر رقم {number}", hours=3))
    assert len(index) == 50


def test_an_article_costs_its_neighbours_and_not_the_archive():
    vocabulary = [f"لفظ{number}" for number in range(20_000)]

    def stream(count: int) -> list[Article]:
        made = []
        for number in range(count):
            words = random.Random(number).choices(vocabulary, k=60)
            made.append(told("س", " ".join(words[:8]), " ".join(words), hours=30 - number / 1000))
        return made

    def seconds(count: int) -> float:
        articles = stream(count)
        best = float("inf")
        for _ in range(2):
            index = StoryIndex()
            started = time.process_time()
            for article in articles:
                index.add(article)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(1200) < 8 * seconds(300)


def test_the_key_is_that_of_the_earliest_article():
    articles = event(BRIDGE)
    assert key_of(articles) == key_of(articles[:1])
    assert len(key_of(articles)) == 12
    assert all(article.when < NOW for article in articles)


def test_todays_news_goes_on_with_yesterdays_story():
    yesterday, today, other = told(*BRIDGE[0], hours=26), told(*BRIDGE[2], hours=2), told(*BUDGET[0])
    groups = group([today, other])
    assert continued(groups, [yesterday]) == [
        (*members, yesterday) if today in members else members for members in groups
    ]


def test_what_nothing_goes_on_with_is_left_out():
    groups = group([told(*BUDGET[0])])
    assert continued(groups, [told(*BRIDGE[0], hours=26)]) == groups
    assert continued([], [told(*BRIDGE[0])]) == []
    assert continued(groups, []) == groups


def test_an_article_is_not_added_to_its_own_story():
    article = told(*BRIDGE[0])
    assert continued([(article,)], [article]) == [(article,)]
