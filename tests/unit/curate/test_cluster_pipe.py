"""`digest tool cluster`: lines in, answers once all are in."""

from typing import Any

import pytest

from digest.curate.pipe import ClusterPipe
from tests.unit.curate.telling import BRIDGE, BUDGET


def item(one: tuple[str, str, str], **fields: Any) -> dict[str, Any]:
    outlet, title, text = one
    return {
        "id": title,
        "title": title,
        "text": text,
        "source": outlet,
        "published_at": "2026-01-05T03:00:00+00:00",
        **fields,
    }


def answered(*items: dict[str, Any]) -> list[dict[str, Any]]:
    pipe = ClusterPipe()
    at_once = [pipe.take(one) for one in items]
    return [one for one in at_once if one] + list(pipe.answers())


def test_articles_of_one_event_get_one_key():
    stories = [one["story"] for one in answered(*map(item, (*BRIDGE, *BUDGET)))]
    assert len(set(stories[:3])) == 1
    assert len(set(stories)) == 2


@pytest.mark.parametrize("when", [None, "", "2026-01-05T03:00:00", "2026-01-05"])
def test_a_time_may_be_missing_or_without_a_zone(when: str | None):
    first, second = answered(item(BRIDGE[0]), item(BRIDGE[1], published_at=when))
    assert second == {"id": BRIDGE[1][1], "story": first["story"]}


@pytest.mark.parametrize(
    "broken",
    [
        {"title": 7},
        {"text": ["a"]},
        {"published_at": "yesterday"},
        {"title": "", "text": " "},
        {"title": None, "text": None},
    ],
)
def test_a_line_that_cannot_be_read_gets_an_error_and_the_rest_goes_on(broken: dict[str, Any]):
    refused, taken = answered(item(BRIDGE[0], **broken), item(BRIDGE[1]))
    assert set(refused) == {"id", "error"}
    assert set(taken) == {"id", "story"}


def test_ids_may_be_anything():
    assert answered(item(BRIDGE[0], id=7))[0]["id"] == 7


def test_two_ids_without_addresses_are_two_articles():
    first, second = answered(item(BRIDGE[0], id="1"), item(BUDGET[0], id="2"))
    assert first["story"] != second["story"]


def test_lines_without_an_id_are_articles_of_their_own():
    first, second = answered(item(BRIDGE[0], id=None), item(BUDGET[0], id=None))
    assert first["id"] is None
    assert first["story"] != second["story"]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("عاجل", ""),
        ("", "كلمة"),
        ("BREAKING NEWS", "ALL CAPS LATIN"),
        ("مزيج mixed नमस्ते שלום", "mixed نص"),
        ("نصف حرف \ud800", "\ud800"),
        ("خبر", "حشو لا معنى له " * 70_000),
    ],
)
@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1969-12-31"])
def test_odd_articles_with_odd_clocks_get_an_answer_and_the_rest_goes_on(title: str, text: str, when: str):
    odd = {"id": "\ud800", "title": title, "text": text, "published_at": when}
    first, middle, last = answered(item(BRIDGE[0]), odd, item(BRIDGE[1]))
    assert set(middle) == {"id", "story"}
    assert last["story"] == first["story"]
