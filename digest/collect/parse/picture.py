"""Make a small copy of a picture, within limits."""

from io import BytesIO

from digest.errors import SourceError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LEAST = (200, 100)
"""Width and height below which a picture is an icon or a counter."""
MOST_PIXELS = 40_000_000
MOST_WHOLE = 16_000_000
"""Points of what cannot be unpacked smaller than it is: all but JPEG. A point takes four bytes, and is held twice."""
THUMBNAIL = (600, 400)
QUALITY = 80


def thumbnail(body: bytes) -> bytes:
    """Return a picture as a JPEG of at most 600 × 400 points, without what its file says besides.

    Raises:
        SourceError: it is no picture of a known kind, too small, or larger than 40 million points (16 million, unless JPEG).
    """
    # Only who checks pictures or keeps copies needs it.
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(body), formats=FORMATS) as picture:
            width, height = picture.size
            most = MOST_PIXELS if picture.format == "JPEG" else MOST_WHOLE
            if width * height > most:
                raise SourceError(f"The picture has more than {most // 1_000_000} million points.")
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
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError("The picture is broken.") from error
