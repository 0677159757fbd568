"""Editions rendered, and what a reader sees of them."""

import re
from html import unescape

from digest.model import Section
from digest.render.edition import RenderedEdition, render
from tests.unit.render.editions import NOW, a_mail_style, an_edition


def made(*sections: Section, layout: str = "daily", **fields: object) -> RenderedEdition:
    return render(an_edition(*sections, **fields), a_mail_style(layout=layout), now=NOW)


def shown(html: str) -> str:
    """What a reader sees of a page."""
    body = re.sub(r"(?s)<head>.*?</head>|<!--.*?-->", "", html)
    body = re.sub(r"</?(?:span|b)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def one_section(*stories: object) -> Section:
    return Section(key="economy", title="الاقتصاد", stories=stories)  # type: ignore[arg-type]
