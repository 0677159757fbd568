"""Which section a story is in."""

from dataclasses import dataclass

import pytest

from digest.model.news.sections import section_of


@dataclass(frozen=True)
class Said:
    """What one article says."""

    section: str | None
    section_confidence: float = 1.0


@pytest.mark.parametrize(
    ("articles", "key"),
    [
        ([], "misc"),
        ([Said(None)], "misc"),
        ([Said("sport", 0.4)], "sport"),
        ([Said("sport"), Said("economy")], "sport"),
        ([Said("sport", 0.9), Said("economy", 0.5), Said("economy", 0.5)], "economy"),
        ([Said("misc"), Said("misc"), Said("health", 0.2)], "health"),
        ([Said("misc"), Said(None)], "misc"),
        ([Said("health", 0.0), Said("misc", 1.0)], "health"),
    ],
)
def test_a_story_is_in_the_section_that_most_of_its_articles_are_sure_of(articles: list[Said], key: str):
    assert section_of(articles) == key
