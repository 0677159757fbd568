"""Fetch and check lead pictures, and make small copies."""

import asyncio
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from digest.collect.fetch.http import Http
from digest.errors import SourceError
from digest.model import Article
from digest.settings import CollectSettings

MOST_BYTES = 3_000_000
MOST_CHECKED = 20
MOST_AT_ONCE = 2
"""Bodies of pictures held at once."""
# Mail programs show no SVG, and it can carry scripts.
REFUSED = re.compile(r"\.(?:svgz?|ico|bmp|tiff?|mp4|mp3|pdf)$", re.IGNORECASE)
PLACEHOLDER = re.compile(
    r"(?:^|[/_-])(?:default|placeholder|no-?image|blank|spacer|pixel|logo|avatar)(?:[._-]|$)", re.IGNORECASE
)


def is_likely(url: str) -> bool:
    """Say whether an address may be a picture worth showing, by its name alone."""
    path = urlsplit(url).path
    return not REFUSED.search(path) and not PLACEHOLDER.search(path.rpartition("/")[2])


async def check(articles: Iterable[Article], http: Http, settings: CollectSettings, *, by: str) -> None:
    """Take away the pictures of articles that are none; keep small copies where the settings name a folder.

    `by` is the address of the source that names them.

    Without `collect.check_images` only the address is looked at. A picture that cannot be fetched now is left out.
    """
    visited = []
    for article in articles:
        if article.image_url and not is_likely(article.image_url):
            article.image_url = article.image_alt = None
        if article.image_url:
            visited.append(article)
    if not settings.check_images and settings.thumbnails is None:
        return
    gate = asyncio.Semaphore(MOST_AT_ONCE)
    await asyncio.gather(*(_check(article, http, settings, by, gate) for article in visited[:MOST_CHECKED]))


async def _check(
    article: Article, http: Http, settings: CollectSettings, by: str, gate: asyncio.Semaphore
) -> None:
    url = article.image_url or ""
    try:
        async with gate:
            answer = await http.get(url, most=MOST_BYTES, named_by=by)
            small = await http.sandbox.thumbnail(answer.body, url=url)
    except SourceError:
        article.image_url = article.image_alt = None
        return
    if settings.thumbnails is not None:
        article.thumbnail = await asyncio.to_thread(_kept, small, settings.thumbnails)


def _kept(small: bytes, folder: Path) -> str:
    name = f"{sha256(small).hexdigest()[:32]}.jpg"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(small)
    return name
