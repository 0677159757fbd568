"""Links of an edition that are counted: which there are, and what they lead to (pure).

A counted link names its edition and seals its address. What it leads to is looked up among the addresses
that the edition holds, so that nobody can make it lead elsewhere.
"""

import re
from collections.abc import Mapping

from digest.model import EditionContent
from digest.render.links import Links
from digest.render.presenters.context import address

_TOKEN = re.compile(r"(?P<edition>[1-9][0-9]{0,9})\.(?P<seal>[A-Za-z0-9_-]{16})")
LARGEST_ID = 2**31 - 1


def outbound(content: EditionContent) -> tuple[str, ...]:
    """Return the outlets' addresses in an edition, each once, in its order; only those that are safe."""
    found: dict[str, None] = {}
    for story in content.stories:
        given = [*(one.url for one in story.articles), *(one.url for one in story.related)]
        found |= {url: None for one in given if (url := address(one))}
    return tuple(found)


def counted(links: Links, edition_id: int, content: EditionContent) -> Mapping[str, str]:
    """Return the edition's own link to each of its addresses."""
    return {url: links.click(edition_id, url) for url in outbound(content)}


def edition_of(token: str) -> tuple[int, str] | None:
    """Return the edition and the seal that a link names; None: it is no link of ours."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found["edition"]) > LARGEST_ID:
        return None
    return int(found["edition"]), found["seal"]


def opened(links: Links, edition_id: int, seal: str, content: EditionContent) -> tuple[int, str] | None:
    """Return the place and the address that an edition's link leads to; None: the edition has no such."""
    for place, url in enumerate(outbound(content)):
        if links.is_click(edition_id, url, seal):
            return place, url
    return None
