"""What a topic weighs, which of its stories is told, and what does not lead."""

from digest.curate.ranking.lead import LIGHT_WEIGHT, SIDELIGHT_WEIGHT, Topic, by_topic, light_behind
from digest.curate.ranking.rank import Ranked
from digest.model import Article
from tests.unit.curate.telling import BRIDGE, BUDGET, event, told


def ranked(*articles: Article, score: float = 4.0, update: bool = False) -> Ranked:
    return Ranked(articles=articles, score=score, reasons=("نقله مصدر (4.00)",), update=update)


def test_stories_of_one_event_are_one_topic_and_weigh_what_all_their_outlets_do():
    first, second = ranked(told(*BRIDGE[0]), score=3.0), ranked(told(*BRIDGE[1]), score=2.5)
    (topic,) = by_topic([first, second], {})
    assert topic.main.articles == first.articles
    assert [one.articles for one in topic.others] == [second.articles]
    assert topic.main.score > first.score
    assert "مصادر الموضوع كله: 2" in topic.main.reasons[-1]


def test_a_topic_is_an_update_when_one_of_its_stories_is():
    (topic,) = by_topic([ranked(told(*BRIDGE[0])), ranked(told(*BRIDGE[1]), score=1.0, update=True)], {})
    assert topic.main.update


def test_other_events_are_other_topics_the_heaviest_first():
    found = by_topic([ranked(told(*BRIDGE[0]), score=2.0), ranked(told(*BUDGET[0]), score=5.0)], {})
    assert [topic.main.score for topic in found] == [5.0, 2.0]


def test_a_review_tells_an_events_end_and_not_its_start():
    start = ranked(*event(BRIDGE[:2], hours=90), score=9.0)
    end = ranked(told(*BRIDGE[2], hours=5), told("الضحى", *BRIDGE[2][1:], hours=4), score=8.0)
    (topic,) = by_topic([start, end], {}, latest=True)
    assert topic.main.articles == end.articles
    assert topic.main.score > start.score


def test_a_review_does_not_take_one_outlets_last_word_for_the_end():
    great = ranked(*event(BRIDGE, hours=90), score=9.0)
    small = ranked(told("الضحى", *BRIDGE[2][1:], hours=4), score=2.0)
    (topic,) = by_topic([great, small], {}, latest=True)
    assert topic.main.articles == great.articles


def test_a_review_does_not_take_a_far_lighter_sidelight_of_as_many_outlets_for_the_end():
    great = ranked(*event(BRIDGE[:2], hours=90), score=9.0)
    side = ranked(told(*BRIDGE[2], hours=5), told("الضحى", *BRIDGE[2][1:], hours=4), score=6.0)
    (topic,) = by_topic([great, side], {}, latest=True)
    assert topic.main.articles == great.articles


def test_a_review_puts_reactions_to_one_thing_under_the_heaviest():
    first = told(
        "المرفأ",
        "كاردينا تدين التصعيد في فنزويلا",
        "أدانت حكومة كاردينا بشدة ما يجري في فنزويلا ووصفته بالتصعيد الخطير.",
    )
    second = told(
        "الأفق",
        "دلمونيا تحمل جماعة النسر مسؤولية مقتل عشرات في فنزويلا",
        "قال متحدث في دلمونيا إن جماعة النسر وحدها تتحمل ما جرى.",
    )
    other = ranked(told(*BUDGET[0]), score=1.0)
    found = by_topic([ranked(first), ranked(second, score=3.0), other], {}, latest=True)
    assert [len(topic.others) for topic in found] == [1, 0]


def test_a_review_weighs_how_often_an_event_was_written_of():
    once, often = ranked(told(*BUDGET[0])), ranked(told(*BRIDGE[0]), told("المرفأ", *BRIDGE[1][1:]))
    found = by_topic([once, often], {}, latest=True)
    assert found[0].main.articles == often.articles


def test_sport_leads_only_where_nothing_else_has_two_outlets():
    sport, grave = Topic(ranked(told(*BUDGET[0]), score=9.0)), Topic(ranked(*event(BRIDGE), score=5.0))

    def section(one: Ranked) -> str:
        return "sport" if one.articles == sport.main.articles else "politics"

    behind, first = light_behind([sport, grave], section)
    assert behind.main.score < first.main.score
    assert light_behind([sport], section) == (sport,)


def test_what_is_light_weighs_less_beside_graver_news():
    sport, grave = Topic(ranked(told(*BUDGET[0]), score=3.0)), Topic(ranked(*event(BRIDGE), score=5.0))
    found, _ = light_behind([sport, grave], lambda one: "sport" if len(one.articles) == 1 else "politics")
    assert found.main.score == 3.0 + LIGHT_WEIGHT


def test_what_one_outlet_alone_tells_of_a_place_that_a_heavier_story_names_steps_back():
    heavy = ranked(
        told(
            "المرفأ",
            "مهاجم مدرسة باريس أبقى على طلاب ليرووا ما جرى",
            "نجا ثلاثة طلاب من الهجوم.",
            section="politics",
        ),
        score=4.0,
    )
    side = ranked(
        told(
            "الأفق",
            "حكم قضائي قديم ينقذ فتى باريس من الإعدام",
            "لا تعدم المحكمة من لم يبلغ.",
            section="politics",
        ),
        score=3.0,
    )
    other = ranked(
        told("الأفق", "كاردينا تقر موازنتها", "أقر البرلمان الموازنة.", section="politics"), score=2.9
    )
    found = by_topic([heavy, side, other], {})
    assert [topic.main.score for topic in found] == [4.0, 2.9, round(3.0 + SIDELIGHT_WEIGHT, 4)]
