"""An edition's content becomes one mail, the same for all who share its choices."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import count
from math import ceil
from types import MappingProxyType

from digest.errors import ConfigError, EditionHeldError
from digest.model import EditionContent
from digest.render.message.rendered import RenderedEdition, Token
from digest.render.presenters.context import build_context
from digest.render.presenters.plan import DAILY, MEASURES, Measures
from digest.render.presenters.present import present
from digest.render.sandbox import fill_apart
from digest.render.templating.inline import inlined
from digest.render.templating.style import MailStyle
from digest.render.templating.templates import Layout, Pages, fill, layout
from digest.text.direction.bidi import direction, rtl_line

__all__ = ["RenderedEdition", "layout_of", "render"]

MOST_BASE64 = 102_400
"""Octets of base64 that a mail's HTML may have: above about 102 kB Gmail hides the rest, the link to leave
with it.
"""
KINDS: Mapping[str, str] = MappingProxyType({"weekly": "weekly", "breaking": "breaking"})
"""Layouts of the kinds of edition that a daily list has besides."""
ROOM = 4_000
"""Octets of it that are left for each reader's own values, and for the blanks that align tables."""
BY_ONE = 6
"""So often a mail that is too large is tried with one story less; after that, with a tenth less."""


def layout_of(kind: str, mail_style: MailStyle) -> Layout:
    """Return the layout of an edition: that of its kind for a weekly or breaking one, else its look's.

    Raises:
        ConfigError: there is no such layout.
    """
    return layout(KINDS.get(kind, mail_style.layout), mail_style.layouts)


def render(content: EditionContent, mail_style: MailStyle, *, now: datetime) -> RenderedEdition:
    """Render an edition; the same arguments give the same bytes.

    Of what came out after `now`, which is aware, no time is told. When the HTML would be larger than mail
    programs show, the lightest stories are left to the web edition.

    Raises:
        ConfigError: there is no such layout, a template is wrong, or what it makes lacks what every mail must
            have.
        EditionHeldError: there is no story, or the mail is too large even with one.
    """
    if not content.stories:
        raise EditionHeldError("The edition has no stories.", remedy="Collect articles, or widen its window.")
    chosen = layout_of(content.kind, mail_style)
    mail_style = own_style(chosen, mail_style)
    for measures in smaller_and_smaller(mail_style.layout):
        pages = _filled(chosen, content, mail_style, measures, now)
        _check(pages, chosen)
        html = inlined(pages.html, mail_style.inliner).rstrip() + "\n"
        if fits(html):
            return RenderedEdition(
                subject=pages.subject,
                text=text_lines(pages.text, mail_style.language),
                html=html,
                language=mail_style.language,
            )
    raise too_large(chosen.name)


def too_large(layout_name: str) -> EditionHeldError:
    """Return what is said of a mail that is too large even with one story."""
    return EditionHeldError(
        f"The mail is larger than {MOST_BASE64:,} octets even with one story.",
        remedy=f"Shorten the templates of the layout {layout_name}.",
    )


def own_style(chosen: Layout, mail_style: MailStyle) -> MailStyle:
    """Return a list's look in a layout: a description speaks of its regular editions alone."""
    own = mail_style.layout == chosen.name
    return replace(mail_style, layout=chosen.name, description=mail_style.description if own else "")


def fits(html: str) -> bool:
    """Say whether a mail's HTML is no larger than mail programs show."""
    return base64_size(html) <= MOST_BASE64 - ROOM


def base64_size(html: str) -> int:
    """Return how many octets the HTML has as base64 in lines of 76 characters (RFC 2045)."""
    return -(-len(html.encode()) // 57) * 78


def _filled(
    chosen: Layout, content: EditionContent, mail_style: MailStyle, measures: Measures, now: datetime
) -> Pages:
    if chosen.own:
        return fill_apart(chosen, content, mail_style, measures, now)
    view = present(content, build_context(mail_style, now, content.local_date), measures)
    return fill(chosen, {"edition": view, "frame": view.frame, "words": view.frame.words})


def smaller_and_smaller(layout_name: str) -> Iterator[Measures]:
    """Yield a layout's measures, then with ever fewer stories, down to one: one less at a time at first, so
    that as many are told as fit, then a tenth less.
    """
    measures = MEASURES.get(layout_name, DAILY)
    yield measures
    for step in count(1):
        if measures.items <= 1:
            return
        fewer = 1 if step <= BY_ONE else ceil(measures.items / 10)
        items = measures.items - fewer
        measures = replace(
            measures,
            items=items,
            summarized=max(1, min(measures.summarized - fewer, items)),
            top=min(measures.top, items),
            figures=min(measures.figures, 2),
        )
        yield measures


def _check(pages: Pages, chosen: Layout) -> None:
    if not pages.subject:
        raise ConfigError(
            f"Template {chosen.name}/subject.txt makes an empty subject.", remedy="Write a line in it."
        )
    for file, page in (("body.txt", pages.text), ("body.html", pages.html)):
        if Token.UNSUBSCRIBE not in page:
            raise ConfigError(
                f"Template {chosen.name}/{file} has no link to leave the list.",
                remedy="Write {{ edition.footer.unsubscribe }} where it should stand.",
            )
    if not pages.html.lstrip()[:15].lower().startswith("<!doctype html>"):
        raise ConfigError(
            f"Template {chosen.name}/body.html does not begin with <!DOCTYPE html>.",
            remedy="Begin it so, or with {% extends '_base/layout.html' %}.",
        )


def text_lines(text: str, language: str) -> str:
    """The text part: no blank at a line's end, one empty line between paragraphs, every line from its own
    side.
    """
    made: list[str] = []
    side = direction(language)
    for raw in text.splitlines():
        line = _line(raw, side)
        if line or (made and made[-1]):
            made.append(line)
    return "\n".join(made).rstrip() + "\n"


@lru_cache(maxsize=4096)
def _line(raw: str, side: str) -> str:
    line = " ".join(raw.split())
    return rtl_line(line) if side == "rtl" else line
