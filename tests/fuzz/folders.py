"""A drop box: files of any name and any content, beside one that is sound."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from digest.collect.readers.folder import read
from digest.collect.sandbox.pool import SandboxPool
from digest.model import SourceKind
from digest.settings import CollectSettings
from tests.builders import a_source
from tests.fuzz.doors import newsletter_seeds
from tests.fuzz.promises import NOW, is_article, is_storable
from tests.unit.collect.pages import BODY, TITLE, a_page

SOUND = "\n\n".join((TITLE, *BODY))
CUT = b"\n\x1c\n"
"""Between two files of an input; the first line of each is its name."""


def drop_box_is_read(body: bytes) -> None:
    """Each file gives articles or one line that can be stored; the sound one is read whatever lies beside it, links lead nowhere."""
    with TemporaryDirectory() as outside:
        folder = Path(outside) / "inbox"
        folder.mkdir()
        (Path(outside) / "secret.txt").write_text(
            "سر لا يقرأ\n\nنص السر الذي لا يقرؤه أحد.", encoding="utf-8"
        )
        for part in body.split(CUT)[:8]:
            _put(folder, *part.partition(b"\n")[::2])
        (folder / "~sound.txt").write_text(SOUND, encoding="utf-8")
        found = asyncio.run(_read(folder))
        named = {one.name for one in folder.iterdir()}
    for article in found.articles:
        is_article(article)
        assert "سر لا يقرأ" not in article.title
    assert any(article.title == TITLE for article in found.articles)
    for line in found.problems:
        is_storable(line)
        assert line.split(":")[0] or named


async def _read(folder: Path) -> Any:
    # No children: what is parsed is measured here.
    pool = SandboxPool(CollectSettings(readers=0))
    source = a_source(kind=SourceKind.FOLDER, location=str(folder))
    return await read(folder, source, SimpleNamespace(sandbox=pool), NOW)  # type: ignore[arg-type]


def _put(folder: Path, name: bytes, content: bytes) -> None:
    """Write a file, or what looks like one: `ln NAME` is a link out of the folder, `fifo NAME` a pipe, `dir NAME` a folder."""
    kind, _, rest = name.partition(b" ")
    plain = (rest if kind in {b"ln", b"fifo", b"dir"} else name).replace(b"/", b"").replace(b"\0", b"")[:200]
    path = os.fsencode(folder) + b"/" + (plain or b"a.txt")
    with suppress(OSError):  # such a name cannot be, or is there
        if kind == b"ln":
            os.symlink("../secret.txt", path)  # noqa: PTH211 (a name of bytes)
        elif kind == b"fifo":
            os.mkfifo(path)
        elif kind == b"dir":
            os.mkdir(path)  # noqa: PTH102 (a name of bytes)
        else:
            with open(path, "wb") as file:  # noqa: PTH123 (a name of bytes)
                file.write(content)


def drop_box_seeds() -> Iterator[bytes]:
    """Drop boxes."""
    feed = f"<rss version='2.0'><channel><title>x</title><item><title>{TITLE}</title><description>{BODY[0]}</description></item></channel></rss>"
    page, text, mail = a_page().encode(), SOUND.encode(), next(iter(newsletter_seeds()))
    items = b'{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"7","title":"x","content_text":"y"}]}'
    yield b"bridge.txt\n" + text + CUT + b"page.html\n" + page
    yield b"news.xml\n" + feed.encode() + CUT + b"feed.json\n" + items + CUT + b"settings.json\n{}"
    yield b"letter.eml\n" + mail + CUT + b"picture.png\n\x89PNG" + CUT + b".hidden.txt\nx"
    yield b"ln a.txt\n" + CUT + b"fifo b.txt\n" + CUT + b"dir c.txt\n" + CUT + b"UPPER.TXT\n" + text
    yield "خبر عاجل.txt\n".encode() + text + CUT + b"\xff\xfe.txt\n" + text.decode().encode("utf-16")
    yield b"empty.txt\n" + CUT + b"blank.html\n   " + CUT + b"none.eml\n" + CUT + b"none.rss\n"
