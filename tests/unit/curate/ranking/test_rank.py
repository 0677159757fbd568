"""The weight of stories, and the reasons that are given for it."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.curate.ranking.rank import Dropped, Ranked, Ranking, weigh
from digest.model import Article
from tests.builders import NOW
from tests.unit.curate.telling import BRIDGE, BUDGET, event, told

LONG = "قال المتحدث باسم البلدية إن العمل في المشروع الجديد يسير كما خطط له وإن المرحلة الثانية تبدأ مطلع العام المقبل بعد انتهاء أعمال الحفر في الحي القديم كله."


def weighed(*groups: tuple[Article, ...], **wishes: object) -> Ranking:
    return weigh(list(groups), now=NOW, **{"weights": {}, **wishes})  # type: ignore[arg-type]


def a_story(
    title: str = "خبر", *, outlet: str = "المرفأ", hours: float = 3, **fields: object
) -> tuple[Article]:
    return (told(outlet, title, LONG, hours=hours, **{"position": 5, **fields}),)


def headlines(ranking: Ranking) -> list[str]:
    return [one.articles[0].title for one in ranking.kept]


def says(one: Ranked | Dropped, reason: str) -> bool:
    return any(f"{reason} (" in said for said in one.reasons)


def test_a_story_of_several_outlets_weighs_more():
    wide, narrow = tuple(event(BRIDGE)), a_story("خبر واحد")
    kept = weighed(narrow, wide).kept
    assert kept[0].articles == wide
    assert says(kept[0], "نقلته 3 مصادر")
    assert says(kept[1], "نقله مصدر واحد")


def test_two_articles_of_one_outlet_are_one_voice():
    twice = (*a_story("أول"), *a_story("ثان"))
    assert says(weighed(twice).kept[0], "نقله مصدر واحد")


def test_the_newer_of_two_like_stories_comes_first():
    assert headlines(weighed(a_story("قديم", hours=20), a_story("جديد", hours=1))) == ["جديد", "قديم"]


def test_an_outlet_of_standing_lifts_its_stories():
    ranking = weighed(a_story("عام"), a_story("رزين", outlet="الأفق"), weights={"الأفق": 3.0})
    assert headlines(ranking) == ["رزين", "عام"]
    assert says(ranking.kept[0], "نقله مصدر واحد، مصدر ذو وزن")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"breaking": True}, "خبر عاجل"), ({"position": 0}, "في صدر صفحة المصدر")],
)
def test_what_the_source_stresses_weighs_more(fields: dict[str, object], reason: str):
    ranking = weighed(a_story("عادي"), a_story("بارز", **fields))
    assert headlines(ranking)[0] == "بارز"
    assert says(ranking.kept[0], reason)


def test_the_lists_keywords_lift_in_any_form():
    ranking = weighed(a_story("خبر عن الطقس"), a_story("تأهل المنتخبات العربية"), keywords=("المنتخب",))
    assert headlines(ranking)[0] == "تأهل المنتخبات العربية"
    assert says(ranking.kept[0], "كلمة تهم القائمة: المنتخب")


def test_a_stub_weighs_less():
    stub = (told("المرفأ", "موجز", "نص قصير.", position=5),)
    assert headlines(weighed(stub, a_story("كامل")))[0] == "كامل"


def test_a_pin_comes_first_whatever_else_is_said():
    pinned = a_story("مثبت", hours=400)
    ranking = weighed(
        tuple(event(BRIDGE)), pinned, pinned=[pinned[0].url], oldest=timedelta(hours=24), score_floor=3.0
    )
    assert headlines(ranking)[0] == "مثبت"
    assert ranking.kept[0].reasons[0] == "ثبّته المحرر (100.00)"


def test_what_is_light_or_old_is_dropped_with_the_reason():
    ranking = weighed(
        a_story("قديم", hours=30), a_story("خفيف"), score_floor=50.0, oldest=timedelta(hours=24)
    )
    assert ranking.kept == ()
    assert [one.reason for one in ranking.dropped] == ["أقدم من المدة المطلوبة", "وزنه دون الحد الأدنى"]


def test_what_was_told_is_not_told_again():
    story = a_story("خبر الأمس", hours=20)
    assert weighed(story, published={story[0].url}).dropped[0].reason == "سبق نشره ولم يستجد فيه شيء"


def test_a_story_that_moved_on_is_an_update_and_its_news_comes_first():
    yesterday, today = told(*BRIDGE[0], hours=20), told(*BRIDGE[2], hours=2)
    (one,) = weighed((yesterday, today), published={yesterday.url}).kept
    assert one.update
    assert (one.articles, one.earlier) == ((today,), (yesterday,))
    assert one.reasons[0] == "تطورات في خبر سبق نشره"


def test_an_update_with_a_new_count_of_dead_says_so():
    yesterday = told("المرفأ", "مقتل 7 في انهيار جسر سرهاد", BRIDGE[0][2], hours=20)
    today = told("الأفق", "ارتفاع حصيلة انهيار جسر سرهاد إلى 19 قتيلا", BRIDGE[2][2], hours=2)
    (one,) = weighed((yesterday, today), published={yesterday.url}).kept
    assert one.new_toll == 19
    assert one.reasons[:2] == ("تطورات في خبر سبق نشره", "حصيلة جديدة: 19")


def test_a_count_that_readers_know_weighs_nothing_in_an_update():
    yesterday = told("المرفأ", "مقتل 19 في انهيار جسر سرهاد", BRIDGE[0][2], hours=20)
    today = told(
        "الأفق",
        "توقيف كمال الدهشان بعد مقتل 19 في انهيار جسر سرهاد",
        "أوقفت النيابة المهندس كمال الدهشان المشرف على صيانة الجسر.",
        hours=2,
    )
    (one,) = weighed((yesterday, today), published={yesterday.url}).kept
    assert one.update
    assert not says(one, "ضحايا معدودون: 19")


def test_a_late_copy_of_yesterdays_text_is_no_development():
    yesterday = told(*BRIDGE[0], hours=20)
    copy = told("ناقل", BRIDGE[0][1], BRIDGE[0][2] + " انتهى.", hours=2)
    ranking = weighed((copy, yesterday), published={yesterday.url})
    assert [one.reason for one in ranking.dropped] == ["سبق نشره ولم يستجد فيه شيء"]


def test_an_article_that_came_before_the_told_one_is_no_development():
    before, told_one = told(*BRIDGE[1], hours=25), told(*BRIDGE[2], hours=20)
    assert weighed((told_one, before), published={told_one.url}).kept == ()


def test_a_clock_from_the_future_gives_no_extra_weight():
    now, ahead = a_story("الآن", hours=0), a_story("غدا", hours=-400)
    scores = {one.articles[0].title: one.score for one in weighed(now, ahead).kept}
    assert scores["غدا"] == scores["الآن"]


def test_empty_groups_are_passed_over():
    assert weighed(()) == Ranking(kept=(), dropped=())


@given(st.permutations(range(4)))
def test_the_order_that_stories_come_in_is_without_effect(order: list[int]):
    stories = [a_story("أ"), a_story("ب"), tuple(event(BRIDGE)), tuple(event(BUDGET))]
    assert weighed(*(stories[place] for place in order)).kept == weighed(*stories).kept


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"breaking": True, "position": 0},
        {"position": 40},
        {"paragraphs": ["نص قصير."]},
        {"title": "فوز المنتخب بالكأس"},
    ],
)
@pytest.mark.parametrize("floor", [0.0, 50.0])
def test_the_shares_that_are_told_make_the_weight(fields: dict[str, object], floor: float):
    story = (told("المرفأ", **{"title": "خبر", "text": LONG, "position": 5, **fields}),)  # type: ignore[arg-type]
    ranking = weighed(
        story,
        weights={"المرفأ": 2.0},
        keywords=["كأس"],
        pinned=[story[0].url][floor > 0 :],
        score_floor=floor,
    )
    (one,) = (*ranking.kept, *ranking.dropped)
    shares = [re.search(r"\((ناقص )?([\d.]+)\)$", reason) for reason in one.reasons]
    assert all(shares)
    assert sum(float(share[2]) * (-1 if share[1] else 1) for share in shares if share) == pytest.approx(
        one.score, abs=0.03
    )
