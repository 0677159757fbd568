"""Styles from a sheet into style attributes, because mail programs drop sheets. A setting chooses who does
it.
"""

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from digest.errors import ConfigError

if TYPE_CHECKING:
    import css_inline

KEPT_SHEETS = 32
_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>", re.IGNORECASE)
_KEPT_SHEET = re.compile(
    r"<style\b[^>]*\bdata-premailer=[\"']ignore[\"'][^>]*>.*?</style>", re.IGNORECASE | re.DOTALL
)
_IGNORED = re.compile(r"\s+data-premailer=[\"']ignore[\"']", re.IGNORECASE)


class Inliner(Protocol):
    """Moves the rules of style sheets into style attributes.

    Sheets marked `data-premailer="ignore"` (media queries, dark mode) stay in the head as they are, without
    the mark. Tokens, conditional comments and the order of elements are left alone. Nothing is fetched.
    """

    def inlined(self, html: str) -> str:
        """Return the whole page with its styles inlined; it begins with `<!DOCTYPE html>` if the page did in
        any case.
        """


class Premailer:
    """Inlines by premailer."""

    def inlined(self, html: str) -> str:
        """Return the page with its styles inlined."""
        made = _remembering()(
            _shouting(html),
            allow_network=False,
            strip_important=False,  # else the kept dark-mode rules could never beat an inlined style
            keep_style_tags=False,
            remove_classes=False,
            disable_basic_attributes=["width", "height"],  # else an image's width="600" becomes width="100%"
            disable_validation=True,
            cssutils_logging_level=logging.CRITICAL,
        ).transform(pretty_print=False)
        return _IGNORED.sub("", str(made))


@lru_cache(maxsize=1)
def _remembering() -> type[Any]:
    """Return premailer, which remembers the rules of the sheets that it read last: they take three quarters
    of its time.

    All choices of an edition have the same sheet.
    """
    # Imported when first needed: it takes as long as all the rest of the program.
    from premailer import Premailer as Inlining

    kept: dict[tuple[str, int], object] = {}

    class Remembering(Inlining):  # type: ignore[misc]
        def _parse_style_rules(self, css_body: str, ruleset_index: int) -> object:
            place = (css_body, ruleset_index)
            rules = kept.get(place)
            if rules is None:
                rules = super()._parse_style_rules(css_body, ruleset_index)
                if len(kept) >= KEPT_SHEETS:
                    kept.clear()
                kept[place] = rules
            return rules

    return Remembering


@lru_cache(maxsize=1)
def _quick() -> "css_inline.CSSInliner":
    # Imported when it is the one that was chosen.
    import css_inline

    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


class CssInline:
    """Inlines by css-inline, which takes less than a tenth of the time."""

    def inlined(self, html: str) -> str:
        """Return the page with its styles inlined."""
        sheets: list[str] = []

        # It drops sheets that it is told to ignore, so they wait outside.
        def set_aside(found: re.Match[str]) -> str:
            sheets.append(_IGNORED.sub("", found[0]))
            return f"<!--kept-sheet-{len(sheets) - 1}-->"

        made = _quick().inline(_KEPT_SHEET.sub(set_aside, _shouting(html)))
        for number, sheet in enumerate(sheets):
            made = made.replace(f"<!--kept-sheet-{number}-->", sheet, 1)
        return made


INLINERS: Mapping[str, Inliner] = MappingProxyType({"premailer": Premailer(), "css-inline": CssInline()})
"""By the names that `mail.inliner` may have."""


def inlined(html: str, name: str) -> str:
    """Return a page with its styles inlined by the named inliner.

    Raises:
        ConfigError: there is no inliner of that name.
    """
    if name not in INLINERS:
        raise ConfigError(
            f"There is no inliner {name}.", remedy=f"Set mail.inliner to one of: {', '.join(INLINERS)}."
        )
    return INLINERS[name].inlined(html)


def rewritten(html: str, name: str, *, in_text: bool = True) -> str:
    """Return a little escaped HTML as the named inliner writes it, in running text or in an attribute's
    value.

    What is put into an inlined page afterwards reads as if it had been there.
    """
    made = html.replace("&#x27;", "'").replace("&#39;", "'")
    if in_text:
        made = made.replace("&#34;", '"').replace("&quot;", '"')
    else:
        made = made.replace("&#34;", "&quot;")
    return made.replace("\u00a0", "&nbsp;") if name == "css-inline" else made


def _shouting(html: str) -> str:
    # premailer silently drops `<!doctype html>` in small letters, and browsers fall into quirks mode.
    return _DOCTYPE.sub("<!DOCTYPE html>", html, count=1) if _DOCTYPE.match(html) else html
