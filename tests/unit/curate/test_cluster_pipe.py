"""`digest tool cluster`, line by line."""

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


def test_articles_of_one_event_get_one_key():
    pipe = ClusterPipe()
    stories = [pipe.answer(item(one))["story"] for one in (*BRIDGE, *BUDGET)]
    assert len(set(stories[:3])) == 1
    assert len(set(stories)) == 2


@pytest.mark.parametrize("when", [None, "", "2026-01-05T03:00:00", "2026-01-05"])
def test_a_time_may_be_missing_or_without_a_zone(when: str | None):
    pipe = ClusterPipe()
    first = pipe.answer(item(BRIDGE[0]))
    assert pipe.answer(item(BRIDGE[1], published_at=when)) == {"id": BRIDGE[1][1], "story": first["story"]}


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
    pipe = ClusterPipe()
    assert set(pipe.answer(item(BRIDGE[0], **broken))) == {"id", "error"}
    assert "story" in pipe.answer(item(BRIDGE[1]))


def test_ids_may_be_anything():
    assert ClusterPipe().answer(item(BRIDGE[0], id=7))["id"] == 7


def test_two_ids_without_addresses_are_two_articles():
    pipe = ClusterPipe()
    first, second = pipe.answer(item(BRIDGE[0], id="1")), pipe.answer(item(BUDGET[0], id="2"))
    assert first["story"] != second["story"]
