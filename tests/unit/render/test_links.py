"""Signed links: each opens one thing for one reader of one list, or nothing."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import InputError
from digest.keys import KeyRing, Keys, Purpose
from digest.render.links import Links
from tests.builders import NOW

KEY = "0123456789abcdef" * 2
LINKS = Links(public_url="https://mujaz.example", keys=KeyRing({Purpose.LINKS: Keys(b"s" * 32)}))
PURPOSES = ("unsubscribe", "preferences", "confirm")


def link(purpose: str, slug: str = "daily", links: Links = LINKS) -> str:
    if purpose == "confirm":
        return links.confirm(slug, KEY, NOW)
    return {"unsubscribe": links.unsubscribe, "preferences": links.preferences}[purpose](slug, KEY)


def token(purpose: str, slug: str = "daily", links: Links = LINKS) -> str:
    return link(purpose, slug, links).rpartition("/")[2]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_gives_back_the_key_it_was_made_with(purpose: str) -> None:
    assert LINKS.read(purpose, token(purpose), NOW, list_slug="daily") == KEY


@pytest.mark.parametrize("purpose", PURPOSES)
def test_links_lead_to_the_pages_of_the_web_door(purpose: str) -> None:
    assert link(purpose) == f"https://mujaz.example/l/daily/{purpose}/{token(purpose)}"


def test_public_pages_need_no_token() -> None:
    assert LINKS.archive("daily") == "https://mujaz.example/l/daily"
    assert LINKS.edition("daily", 12) == "https://mujaz.example/l/daily/12"
    assert LINKS.feed("daily") == "https://mujaz.example/l/daily/feed.xml"


@pytest.mark.parametrize(("purpose", "other"), list(permutations(PURPOSES, 2)))
def test_a_link_for_one_purpose_opens_no_other(purpose: str, other: str) -> None:
    with pytest.raises(InputError, match="broken"):
        LINKS.read(other, token(purpose), NOW, list_slug="daily")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_of_one_list_opens_no_other_list(purpose: str) -> None:
    with pytest.raises(InputError, match="broken"):
        LINKS.read(purpose, token(purpose, "weekly"), NOW, list_slug="daily")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_that_somebody_else_signed_opens_nothing(purpose: str) -> None:
    forged = token(purpose, links=Links(public_url="https://mujaz.example", keys=KeyRing.of(b"t" * 32)))
    with pytest.raises(InputError, match="broken"):
        LINKS.read(purpose, forged, NOW, list_slug="daily")


@given(data=st.data())
def test_a_link_with_one_other_character_opens_nothing(data: st.DataObject) -> None:
    purpose = data.draw(st.sampled_from(PURPOSES))
    whole = token(purpose)
    place = data.draw(st.integers(0, len(whole) - 1))
    letter = data.draw(st.characters().filter(lambda one: one != whole[place]))
    with pytest.raises(InputError, match="broken"):
        LINKS.read(purpose, whole[:place] + letter + whole[place + 1 :], NOW, list_slug="daily")


@given(st.text(max_size=120))
def test_any_text_in_place_of_a_token_is_refused_in_one_sentence(text: str) -> None:
    for purpose in PURPOSES:
        with pytest.raises(InputError) as error:
            LINKS.read(purpose, text, NOW, list_slug="daily")
        assert "\n" not in str(error.value)


def test_a_confirmation_works_for_seven_days_and_no_longer() -> None:
    last = NOW + timedelta(days=7)
    assert LINKS.read("confirm", token("confirm"), last, list_slug="daily") == KEY
    with pytest.raises(InputError, match="expired"):
        LINKS.read("confirm", token("confirm"), last + timedelta(seconds=1), list_slug="daily")


def test_the_time_of_a_confirmation_cannot_be_moved() -> None:
    key, seconds, seal = token("confirm").split(".")
    later = f"{key}.{int(seconds) + 86_400}.{seal}"
    with pytest.raises(InputError, match="broken"):
        LINKS.read("confirm", later, NOW, list_slug="daily")


@pytest.mark.parametrize(
    ("purpose", "released"),
    [
        ("unsubscribe", "CHXW-aNln6fi-fU5Sw6tCA"),
        ("preferences", "j6G-gd41tTX15MzKxyVh_A"),
    ],
)
def test_links_of_mail_that_an_earlier_version_sent_keep_opening(purpose: str, released: str) -> None:
    assert LINKS.read(purpose, f"{KEY}.{released}", NOW, list_slug="daily") == KEY
    other = {"unsubscribe": "preferences", "preferences": "unsubscribe"}[purpose]
    for wrong, slug in ((other, "daily"), (purpose, "weekly")):
        with pytest.raises(InputError, match="broken"):
            LINKS.read(wrong, f"{KEY}.{released}", NOW, list_slug=slug)


def test_both_links_of_a_reader_are_those_made_one_by_one() -> None:
    leave, prefer = LINKS.of_list("daily").both(KEY)
    assert (leave, prefer) == (LINKS.unsubscribe("daily", KEY), LINKS.preferences("daily", KEY))
    assert leave.rpartition(".")[2] != prefer.rpartition(".")[2]


def test_no_two_readers_lists_or_keys_share_a_seal() -> None:
    others = Links(public_url="https://mujaz.example", keys=KeyRing.of(b"t" * 32))
    made = [
        link.rpartition(".")[2]
        for links in (LINKS, others)
        for slug in ("daily", "weekly", "daily0")
        for key in (KEY, KEY[1:], "0")
        for link in links.of_list(slug).both(key)
    ]
    assert len(set(made)) == len(made) == 36


def test_a_reader_can_leave_by_a_mail_that_is_twenty_years_old() -> None:
    twenty_years = NOW + timedelta(days=7305)
    assert LINKS.read("unsubscribe", token("unsubscribe"), twenty_years, list_slug="daily") == KEY


def test_the_key_that_signs_is_never_shown() -> None:
    assert "ssss" not in repr(LINKS)


def test_a_slug_in_arabic_becomes_an_address_that_headers_can_hold() -> None:
    assert LINKS.unsubscribe("موجز", KEY).isascii()
