"""What is new in a story that was told."""

from digest.curate.ranking.updates import Memory
from digest.model.news.published import PublishedBefore
from tests.unit.curate.telling import BRIDGE, told


def test_without_a_told_article_all_is_new():
    article = told(*BRIDGE[0])
    moved = Memory(PublishedBefore()).moved_on((article,))
    assert moved.articles == (article,)
    assert not moved.update


def test_an_update_is_made_of_what_says_something_new():
    old, same, new = (
        told(*BRIDGE[0], hours=20),
        told("الضحى", BRIDGE[0][1], BRIDGE[0][2] + " انتهى.", hours=3),
        told(*BRIDGE[2], hours=2),
    )
    moved = Memory(PublishedBefore(addresses=frozenset({old.url or ""}))).moved_on((new, same, old))
    assert moved.update
    assert moved.articles == (new,)
    assert moved.earlier == (same, old)


def test_without_a_new_fact_there_is_no_update():
    old, again = told(*BRIDGE[0], hours=20), told("الضحى", *BRIDGE[0][1:], hours=2)
    moved = Memory(PublishedBefore(addresses=frozenset({old.url or ""}))).moved_on((again, old))
    assert moved.articles == ()


def test_a_result_that_was_told_is_no_update_and_what_follows_from_it_is():
    final = told(
        "المرفأ", "الفنارين يفوز بكأس سرهاد", "فاز نادي الفنارين بكأس سرهاد لكرة القدم مساء الخميس.", hours=20
    )
    again = told(
        "الضحى",
        "الفنارين يهزم الميناء 2-1 ويتوج بكأس سرهاد",
        "توج الفنارين بطلا بعد مباراة امتدت ساعتين.",
        hours=9,
    )
    after = told(
        "الأفق",
        "مدرب الفنارين يستقيل",
        "استقال رامي الحجري مدرب الفنارين بعد فوزه بكأس سرهاد لكرة القدم.",
        hours=2,
    )
    memory = Memory(PublishedBefore(addresses=frozenset({final.url or ""})))
    assert memory.moved_on((again, final)).articles == ()
    assert memory.moved_on((after, again, final)).articles == (after,)


def test_whoever_bears_an_earlier_headline_was_told():
    again = told("الضحى", *BRIDGE[0][1:], hours=2)
    assert Memory(PublishedBefore(headlines=frozenset({BRIDGE[0][1]}))).moved_on((again,)).articles == ()


def test_a_sentence_that_was_read_is_taken_out_of_an_article():
    first, second = "انهار الجسر فوق نهر الزاب صباح الاثنين.", "ووصلت رافعات من الميناء لرفع الركام."
    article = told("المرفأ", "خبر", f"{first} {second}")
    left = Memory(PublishedBefore(sentences=frozenset({first}))).without_published(article)
    assert left.paragraphs == [second]
    assert Memory(PublishedBefore()).without_published(article) is article
