"""Colours, logo, fonts and texts of a list's mail, and whether they can be read (WCAG 2.2, 1.4.3)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator

from digest.errors import InputError
from digest.model.news.story import Value

LEAST_CONTRAST = 4.5
"""Text against its ground, by WCAG level AA."""

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
# What a list of font names may hold: nothing that could end the declaration it stands in.
Fonts = Annotated[str, Field(pattern=r"^[A-Za-z0-9 ,'\-]*$", max_length=300)]

# Each text colour with the grounds it stands on somewhere in the layouts.
_PAIRS = (
    ("ink", ("card", "paper", "tint")),
    ("soft", ("card", "paper", "tint")),
    ("accent", ("card", "paper", "tint")),
    ("good", ("card",)),
    ("bad", ("card",)),
    ("on_accent", ("accent",)),
)


class Palette(Value):
    """The colours of one mode, as #rrggbb: `paper` around the `card`, `tint` for boxes on it, `ink` and
    `soft` for text.
    """

    paper: Colour = "#efe9df"
    card: Colour = "#fffdf9"
    tint: Colour = "#f7f1e6"
    ink: Colour = "#1c1917"
    soft: Colour = "#57534e"
    line: Colour = "#ddd3c4"
    accent: Colour = "#9a3412"
    on_accent: Colour = "#fffdf9"
    good: Colour = "#166534"
    bad: Colour = "#b91c1c"


DARK = Palette(
    paper="#131110",
    card="#1d1a18",
    tint="#2a2623",
    ink="#f1ece4",
    soft="#bdb4a8",
    line="#423c36",
    accent="#fdba74",
    on_accent="#1d1a18",
    good="#86efac",
    bad="#fca5a5",
)


class Theme(Value):
    """How one list's mail looks.

    Missing colours are those that ship, in either mode. Empty fonts are those of the language. `logo_width`
    is in pixels; the logo stands above the list's name, which is its alternative text unless `logo_alt` says
    another. `greeting` opens an edition, `note` stands in its footer.
    """

    light: Palette = Palette()
    dark: Palette = DARK
    body_font: Fonts = ""
    headline_font: Fonts = ""
    logo_url: str = Field(default="", max_length=500)
    logo_width: int = Field(default=160, ge=16, le=536)
    logo_alt: str = Field(default="", max_length=120)
    images: bool = True
    greeting: str = Field(default="", max_length=400)
    note: str = Field(default="", max_length=400)

    @field_validator("dark", mode="before")
    @classmethod
    def _over_the_dark_palette(cls, given: object) -> object:
        # A palette's own defaults are the light ones.
        return {**DARK.model_dump(), **given} if isinstance(given, Mapping) else given


PLAIN = Theme()


def theme_of(raw: Mapping[str, Any]) -> Theme:
    """Read a theme as a person wrote it and check that it can be read; missing keys have their defaults.

    Raises:
        InputError: a key is unknown, a value is of the wrong kind, or two colours are too close.
    """
    try:
        theme = Theme.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"theme.{name} {first['input']!r} is wrong: {first['msg']}.",
            remedy="Colours are written #rrggbb; fonts are names between commas.",
        ) from None
    return check_contrast(theme)


def check_contrast(theme: Theme) -> Theme:
    """Return the theme when every text stands out from its ground in both modes.

    Raises:
        InputError: two colours are closer than 4.5 to 1; the sentence names them.
    """
    for mode, palette in (("light", theme.light), ("dark", theme.dark)):
        for name, ground, found in contrasts(palette):
            if found < LEAST_CONTRAST:
                raise InputError(
                    f"theme.{mode}: {name} {getattr(palette, name)} on {ground} {getattr(palette, ground)} "
                    f"has a contrast of {found:.2f}, less than {LEAST_CONTRAST}.",
                    remedy=f"Try {readable(getattr(palette, name), getattr(palette, ground))} for {name}.",
                )
    return theme


def contrasts(palette: Palette) -> Iterator[tuple[str, str, float]]:
    """Yield each text colour, the ground that it stands on somewhere, and the contrast of the two."""
    for name, grounds in _PAIRS:
        for ground in grounds:
            yield name, ground, contrast(getattr(palette, name), getattr(palette, ground))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, by WCAG's relative luminance."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, ground: str, *, least: float = LEAST_CONTRAST) -> str:
    """Return the colour, moved towards black or white no further than needed to be read on its ground.

    A ground of middle grey may not leave room for `least`: then black or white is returned, whichever is
    further from it.
    """
    end = max("#000000", "#ffffff", key=lambda shade: contrast(shade, ground))
    for step in range(21):
        mixed = _mixed(colour, end, step / 20)
        if contrast(mixed, ground) >= least:
            return mixed
    return end


def _mixed(colour: str, end: str, share: float) -> str:
    parts = zip(_channels(colour), _channels(end), strict=True)
    return "#" + "".join(f"{round(own + (other - own) * share):02x}" for own, other in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(value / 255) for value in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
