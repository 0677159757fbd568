"""Make a small copy of a picture, or a logo of it, within limits."""

from io import BytesIO

from digest.errors import SourceError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
LEAST = (200, 100)
"""Width and height below which a picture is an icon or a counter."""
MOST_PIXELS = 40_000_000
MOST_WHOLE = 16_000_000
"""Points of what cannot be unpacked smaller than it is: all but JPEG. A point takes four bytes, and is held
twice.
"""
THUMBNAIL = (600, 400)
QUALITY = 80
LOGO = (1072, 400)
"""Twice the width of a mail's text, for fine screens."""
LEAST_LOGO = (16, 16)


def thumbnail(body: bytes) -> bytes:
    """Return a picture as a JPEG of at most 600 × 400 points, without what its file says besides.

    Raises:
        SourceError: it is no picture of a known kind, too small, or larger than 40 million points (16
            million, unless JPEG).
    """
    return _made_anew(body, least=LEAST, most=THUMBNAIL, keeps_clear=False)


def logo(body: bytes) -> bytes:
    """Return a picture as a PNG of at most 1072 × 400 points, what was clear in it still clear, without what
    its file says besides.

    Raises:
        SourceError: as `thumbnail`; here what is narrower than 16 points is too small.
    """
    return _made_anew(body, least=LEAST_LOGO, most=LOGO, keeps_clear=True)


def _made_anew(body: bytes, *, least: tuple[int, int], most: tuple[int, int], keeps_clear: bool) -> bytes:
    # Only who checks pictures or keeps copies needs it.
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(body), formats=FORMATS) as picture:
            width, height = picture.size
            points = MOST_PIXELS if picture.format == "JPEG" else MOST_WHOLE
            if width * height > points:
                raise SourceError(f"The picture has more than {points // 1_000_000} million points.")
            if width < least[0] or height < least[1]:
                raise SourceError("The picture is too small.")
            picture.draft("RGB", most)
            small = picture.convert("RGBA" if keeps_clear else "RGB")
            small.thumbnail(most)
            out = BytesIO()
            if keeps_clear:
                small.save(out, "PNG", optimize=True)
            else:
                small.save(out, "JPEG", quality=QUALITY, optimize=True)
            return out.getvalue()
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise SourceError("It is no picture that a mail can show.") from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError("The picture is broken.") from error
