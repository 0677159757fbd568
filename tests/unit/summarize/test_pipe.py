"""`digest tool summarize`, line by line."""

import pytest

from digest.summarize.pipe import answer

TEXT = "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد.\nويربط الجسر الحي القديم بالمنطقة الصناعية."


def test_an_article_is_answered_with_sentences_and_where_they_stand():
    found = answer({"id": 1, "title": "جسر", "text": TEXT, "max_words": 12})
    assert found["id"] == 1
    assert [one["paragraph"] for one in found["sentences"]] == [0, 1]
    assert all(one["text"] in TEXT for one in found["sentences"])


def test_an_event_is_answered_with_the_headline_of_one_of_its_articles():
    articles = [{"id": n, "title": f"جسر المرفأ {n}", "text": TEXT, "source": "المرفأ"} for n in range(4)]
    found = answer({"id": "e", "articles": articles})
    assert found["headline"] in {one["title"] for one in articles}
    assert len({one["text"] for one in found["sentences"]}) == len(found["sentences"])


@pytest.mark.parametrize(
    "item",
    [
        {"id": 1},
        {"id": 1, "text": 5},
        {"id": 1, "text": TEXT, "max_words": 0},
        {"id": 1, "text": TEXT, "max_words": True},
        {"id": 1, "articles": []},
        {"id": 1, "articles": "x"},
        {"id": 1, "text": TEXT, "title": 3},
    ],
)
def test_what_cannot_be_read_is_answered_with_a_reason(item: dict):
    found = answer(item)
    assert found["id"] == 1
    assert found["error"]


def test_an_empty_text_is_an_empty_summary():
    assert answer({"id": 1, "title": "عنوان", "text": ""})["sentences"] == []
