"""Lead pictures that a mail can show."""

from io import BytesIO

import pytest
from PIL import Image

from digest.collect.images import is_likely
from digest.collect.parse.picture import thumbnail
from digest.errors import SourceError


def picture(kind: str = "PNG", size: tuple[int, int] = (800, 600)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_small_jpeg(kind: str):
    with Image.open(BytesIO(thumbnail(picture(kind)))) as small:
        assert small.format == "JPEG"
        assert small.size == (533, 400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<html>not a picture</html>",
        picture("PNG", (1, 1)),
        picture("PNG", (300, 50)),
        picture("BMP"),
        picture("PNG")[:200],
        b"GIF89a" + b"\xff" * 100,
    ],
)
def test_what_is_no_picture_for_a_mail_is_refused(body: bytes):
    with pytest.raises(SourceError):
        thumbnail(body)


def test_a_picture_bomb_is_refused_by_its_size_before_it_is_opened():
    header = picture("PNG", (300, 300))
    huge = header[:16] + (50_000).to_bytes(4, "big") * 2 + header[24:]
    with pytest.raises(SourceError):
        thumbnail(huge)


@pytest.mark.parametrize(
    ("url", "likely"),
    [
        ("https://marfa.example/p/bridge.jpg", True),
        ("https://marfa.example/image?id=7", True),
        ("https://marfa.example/logo.svg", False),
        ("https://marfa.example/img/default.png", False),
        ("https://marfa.example/no-image.jpg", False),
        ("https://marfa.example/sound.mp3", False),
    ],
)
def test_an_address_tells_what_cannot_be_a_picture(url: str, likely: bool):
    assert is_likely(url) is likely
