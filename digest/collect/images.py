"""Lead pictures: only such as a mail can show, of a decent size; small copies where an operator wants them."""

import asyncio
import re
from collections.abc import Iterable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from digest.collect.fetch.http import Http
from digest.errors import SourceError
from digest.model import Article
from digest.settings import CollectSettings

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LEAST = (200, 100)
"""Width and height below which a picture is an icon or a counter."""
MOST_PIXELS = 40_000_000
MOST_BYTES = 3_000_000
MOST_CHECKED = 20
THUMBNAIL = (600, 400)
QUALITY = 80
# Mail programs show no SVG, and it can carry scripts.
REFUSED = re.compile(r"\.(?:svgz?|ico|bmp|tiff?|mp4|mp3|pdf)$", re.IGNORECASE)
PLACEHOLDER = re.compile(
    r"(?:^|[/_-])(?:default|placeholder|no-?image|blank|spacer|pixel|logo|avatar)(?:[._-]|$)", re.IGNORECASE
)


def is_likely(url: str) -> bool:
    """Say whether an address may be a picture worth showing, by its name alone."""
    path = urlsplit(url).path
    return not REFUSED.search(path) and not PLACEHOLDER.search(path.rpartition("/")[2])


async def check(articles: Iterable[Article], http: Http, settings: CollectSettings) -> None:
    """Take away the pictures of articles that are none; keep small copies where the settings name a folder.

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
    await asyncio.gather(*(_check(article, http, settings) for article in visited[:MOST_CHECKED]))


async def _check(article: Article, http: Http, settings: CollectSettings) -> None:
    try:
        answer = await http.get(article.image_url or "", most=MOST_BYTES)
        small = await asyncio.to_thread(thumbnail, answer.body)
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


def thumbnail(body: bytes) -> bytes:
    """Return a picture as a JPEG of at most 600 × 400 points, without what its file says besides.

    Raises:
        SourceError: it is no picture of a known kind, too small, or larger than 40 million points.
    """
    # Only who checks pictures or keeps copies needs it.
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(body), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise SourceError("The picture has more than 40 million points.")
            if width < LEAST[0] or height < LEAST[1]:
                raise SourceError("The picture is too small.")
            picture.draft("RGB", THUMBNAIL)
            small = picture.convert("RGB")
            small.thumbnail(THUMBNAIL)
            out = BytesIO()
            small.save(out, "JPEG", quality=QUALITY, optimize=True)
            return out.getvalue()
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SourceError("It is no picture that a mail can show.") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError("The picture is broken.") from error
