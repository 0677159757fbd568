"""Colours can be read, in both modes, or the theme is refused with the pair that cannot."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import InputError
from digest.render.edition import render
from digest.render.templating.theme import DARK, PLAIN, Palette, check_contrast, contrast, readable, theme_of
from tests.unit.render.editions import NOW, a_mail_style, an_edition, full_sections

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def test_the_colours_that_ship_can_be_read():
    assert check_contrast(PLAIN) is PLAIN


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_two_colours_too_close_are_named_with_a_better_one():
    with pytest.raises(InputError, match=r"theme\.light: soft #999999 on card #fffdf9 .* 2\.8") as caught:
        theme_of({"light": {"soft": "#999999"}})
    better = re.search("#[0-9a-f]{6}", caught.value.remedy)
    assert better
    assert contrast(better[0], Palette().card) >= 4.5


def test_the_dark_mode_is_checked_too():
    with pytest.raises(InputError, match=r"theme\.dark: ink #333333 on card"):
        theme_of({"dark": {"ink": "#333333"}})


def test_a_dark_colour_alone_leaves_the_others_dark():
    theme = theme_of({"dark": {"accent": "#93c5fd"}})
    assert theme.dark == DARK.model_copy(update={"accent": "#93c5fd"})


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"light": {"ink": "black"}}, r"theme\.light\.ink 'black'"),
        ({"lihgt": {}}, r"theme\.lihgt"),
        ({"body_font": "Arial; } </style><script>"}, r"theme\.body_font"),
        ({"logo_width": 5000}, r"theme\.logo_width 5000"),
    ],
)
def test_what_is_wrong_in_a_theme_is_named(raw: dict[str, object], reason: str):
    with pytest.raises(InputError, match=reason):
        theme_of(raw)


def test_a_theme_colours_the_mail_and_brings_its_logo():
    theme = theme_of(
        {
            "light": {"accent": "#1d4ed8"},
            "logo_url": "https://mujaz.example/logo.png",
            "headline_font": "'Amiri', serif",
        }
    )
    html = render(an_edition(), a_mail_style(theme=theme), now=NOW).html
    assert "#1d4ed8" in html
    assert "#9a3412" not in re.sub(
        r"(?s)<style.*?</style>", "", html.split("السياسة</h2>")[0].split("<body")[0]
    )
    logo = re.search('<img class="logo"[^>]*>', html)
    assert logo
    for attribute in ('src="https://mujaz.example/logo.png"', 'alt="موجز اليوم"', 'width="160"'):
        assert attribute in logo[0]
    assert "Amiri" in html


def test_a_logo_that_is_no_web_address_is_left_out():
    assert (
        "<img class"
        not in render(
            an_edition(full_sections()[1]),
            a_mail_style(theme=theme_of({"logo_url": "javascript:alert(1)"})),
            now=NOW,
        ).html
    )


@given(COLOURS, st.sampled_from([PLAIN.light.card, DARK.card, "#ffffff", "#000000"]))
def test_any_section_colour_becomes_readable(colour: str, ground: str):
    assert contrast(readable(colour, ground), ground) >= 4.5


@given(COLOURS)
def test_a_readable_colour_stays_as_it_is(colour: str):
    if contrast(colour, PLAIN.light.card) >= 4.5:
        assert readable(colour, PLAIN.light.card) == colour


def test_a_section_colour_that_is_none_becomes_the_accent():
    section = full_sections()[1].model_copy(update={"colour": "red;background:url(x)"})
    html = render(an_edition(section), a_mail_style(), now=NOW).html
    assert "url(x)" not in html
