"""What may be set of a list is checked before it is kept."""

from typing import Any

import pytest

from digest.errors import ConfigError, InputError
from digest.services.audience.list_settings import NAMES, checked, checked_slug, settings_of
from tests.builders import a_list


def test_the_defaults_of_the_table_are_within_the_limits():
    found = checked(settings_of(a_list()))
    assert {name: getattr(a_list(), name) for name in NAMES} == found


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "name"),
        ({"timezone": "Mars/Base"}, "Mars/Base"),
        ({"send_at": "25:00"}, "25:00"),
        ({"weekdays": [7]}, "weekdays"),
        ({"digits": "roman"}, "digits"),
        ({"months": "syriac"}, "months"),
        ({"hijri_offset": 3}, "hijri_offset"),
        ({"language": "fr"}, "language"),
        ({"from_address": "nobody"}, "nobody"),
        ({"from_name": "a\r\nBcc: b@x.example"}, "from_name"),
        ({"min_stories": 30}, "max_stories"),
        ({"sections": [{"key": "a", "title": "أ"}, {"key": "a", "title": "ب"}]}, "twice"),
        ({"social": [{"name": "x", "url": "javascript:alert(1)"}]}, "social"),
        ({"blocks": ["http://market.example/today.json"]}, "https"),
        ({"blocks": ["ftp://market.example/today.json"]}, "https"),
        ({"blocks": [""]}, "blocks"),
        ({"blocks": ["a\nb"]}, "blocks"),
        ({"theme": {"light": {"ink": "#eeeeee"}}}, "contrast"),
        ({"theme": {"font": "Tahoma"}}, "theme.font"),
        ({"colour": "red"}, "It has name"),
    ],
)
def test_a_wrong_setting_is_named(values: dict[str, Any], words: str):
    with pytest.raises(InputError, match=words.replace(".", r"\.")):
        checked({**settings_of(a_list()), **values})


def test_blocks_are_files_and_https_addresses():
    places = ["blocks/markets.json", "/srv/prayer.json", "https://weather.example/today.json?city=1"]
    assert checked({**settings_of(a_list()), "blocks": places})["blocks"] == places


def test_a_layout_that_is_not_there_is_said_so(tmp_path: Any):
    with pytest.raises(ConfigError, match="no layout"):
        checked({**settings_of(a_list()), "layout": "mine"}, layouts=str(tmp_path))


def test_a_layout_of_ones_own_is_taken_when_it_is_whole(tmp_path: Any):
    (tmp_path / "mine").mkdir()
    for name in ("subject.txt", "body.txt"):
        (tmp_path / "mine" / name).write_text("موجز", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"body\.html"):
        checked({**settings_of(a_list()), "layout": "mine"}, layouts=str(tmp_path))
    (tmp_path / "mine" / "body.html").write_text("موجز", encoding="utf-8")
    assert checked({**settings_of(a_list()), "layout": "mine"}, layouts=str(tmp_path))["layout"] == "mine"


@pytest.mark.parametrize("slug", ["", "-", "Daily", "a b", "a--b", "أخبار", "a/b", "x" * 61])
def test_a_slug_must_be_fit_for_an_address(slug: str):
    with pytest.raises(InputError, match="no slug"):
        checked_slug(slug)
    assert checked_slug("news-2026") == "news-2026"
