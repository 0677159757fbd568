"""A list's looks as a form: colours of both modes with their contrasts, logo, fonts, texts, places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from digest.entrypoints.desk.visit import DeskVisit
from digest.render.templating.theme import (
    DARK,
    LEAST_CONTRAST,
    Palette,
    Theme,
    contrasts,
    readable,
)
from digest.text.words.normalise import ascii_digits

COLOURS = tuple(Palette.model_fields)
LINES = ("logo_url", "logo_width", "logo_alt", "body_font", "headline_font", "greeting", "note")
MODES: Mapping[str, Palette] = {"light": Palette(), "dark": DARK}
PLACES = 6
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class ContrastRow:
    """Two colours, their contrast, whether it is enough, and a colour that would be (else "")."""

    mode: str
    name: str
    ground: str
    figure: float
    enough: bool
    better: str
    colour: str
    under: str


def read(visit: DeskVisit, *, of_address: bool = False) -> dict[str, Any]:
    """Return the theme that was typed, without what is as it ships, and the social places."""
    pairs = dict(visit.request.query_params.multi_items() if of_address else visit.fields)
    theme: dict[str, Any] = {}
    for mode, ships in MODES.items():
        own = {name: pairs.get(f"{mode}_{name}", "").strip().lower() for name in COLOURS}
        if changed := {name: value for name, value in own.items() if value and value != getattr(ships, name)}:
            theme[mode] = changed
    for name in LINES:
        value = " ".join(pairs.get(name, "")[:1000].split())
        if name == "logo_width":
            plain = ascii_digits(value)
            width: int | str = int(plain) if plain.isdecimal() and len(plain) < 6 else value
            if width not in {"", Theme.model_fields["logo_width"].default}:
                theme[name] = width
        elif value:
            theme[name] = value
    if pairs.get("images_there") == "yes" and pairs.get("images") != "yes":
        theme["images"] = False
    return {"theme": theme, "social": _social(pairs)}


def _social(pairs: Mapping[str, str]) -> list[dict[str, str]]:
    found = []
    for at in range(PLACES + 20):
        name, url = (pairs.get(f"social{at}_{one}", "").strip()[:500] for one in ("name", "url"))
        if name or url:
            found.append({"name": name, "url": url})
    return found


def shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page shows of a theme and social places, whatever was typed into them."""
    raw, places = values["theme"], list(values["social"])
    palettes = {mode: {**ships.model_dump(), **raw.get(mode, {})} for mode, ships in MODES.items()}
    ships = Theme()
    return {
        "palettes": palettes,
        "colours": COLOURS,
        "lines": {name: raw.get(name, getattr(ships, name)) for name in LINES},
        "images": raw.get("images", True),
        "contrast": contrast_rows(palettes),
        "least": LEAST_CONTRAST,
        "places": [*places, *({"name": "", "url": ""} for _ in range(2))],
    }


def contrast_rows(palettes: Mapping[str, Mapping[str, str]]) -> list[ContrastRow]:
    """Return the contrast of every text with its grounds, the worst first; of what is no colour, none."""
    rows = []
    for mode, given in palettes.items():
        if not all(_COLOUR.fullmatch(str(one)) for one in given.values()):
            continue
        try:
            palette = Palette.model_validate(given)
        except ValidationError:
            continue
        for name, ground, figure in contrasts(palette):
            colour, under = getattr(palette, name), getattr(palette, ground)
            enough = figure >= LEAST_CONTRAST
            better = "" if enough else readable(colour, under)
            rows.append(ContrastRow(mode, name, ground, figure, enough, better, colour, under))
    return sorted(rows, key=lambda row: row.figure)
