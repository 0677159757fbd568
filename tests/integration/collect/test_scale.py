"""Many sources, a week of news, a gibibyte: what takes minutes, or needs data that lies beside the project."""

import asyncio
import os
import re
import subprocess
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import brotli
import psutil
import pytest
from aiohttp import web
from backports import zstd
from sqlmodel import func, select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.model import Article, Source
from digest.services.app import App, SilentProgress
from digest.services.sources import polling
from digest.settings import Settings
from digest.storage.articles import sources
from digest.text.sanitise import inline
from tests.builders import NOW, a_source
from tests.integration.collect.site import Site, a_feed

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
SHARED = Path(os.environ.get("MUJAZ_SHARED", Path(__file__).parents[4] / "shared"))
HOSTS = 40
FEEDS = 1000
ITEMS = 10
SHOWN = 60
"""Items that a feed of the replayed week shows at once."""
STEP = 1
"""Hours between two visits of the replayed week."""


@asynccontextmanager
async def an_app(tmp_path: Path, hosts: list[str], clock: FixedClock) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "collect": {"allow_hosts": hosts, "total_seconds": 10, "full_text": False, "at_once": 80},
        }
    )
    async with opened(settings, clock=clock) as app:
        yield app


def tell(line: str) -> None:
    """Say a figure of the run; `pytest -s` shows it."""
    sys.stdout.write(f"{line}\n")


def memory() -> float:
    """MB of this process and its children, together."""
    own = psutil.Process()
    return sum(one.memory_info().rss for one in [own, *own.children(recursive=True)]) / 1e6


async def test_a_thousand_feeds_are_read_within_a_minute(tmp_path: Path):
    async with _hosts() as sites:
        chosen = _thousand(sites)
        async with an_app(tmp_path, [site.host for site in sites], FixedClock(NOW)) as app:
            async with app.database.begin() as session:
                for source in chosen:
                    await sources.add(session, source)
            base = memory()
            peak = [base]
            watch = asyncio.create_task(_watch(peak))
            started = time.monotonic()
            await polling.visit_all(app, chosen, SilentProgress())
            first = time.monotonic() - started
            async with app.database.begin() as session:
                kept = (await session.exec(select(func.count()).select_from(Article))).one()
                again = list((await session.exec(select(Source))).all())
            for site in sites:
                site.statuses.clear()
            started = time.monotonic()
            await polling.visit_all(app, again, SilentProgress())
            second = time.monotonic() - started
            watch.cancel()
    statuses = sum((site.statuses for site in sites), Counter[int]())
    share = statuses[304] / max(1, statuses[304] + statuses[200])
    most = max(site.most_at_once for site in sites)
    told = (
        f"{FEEDS} feeds: {first:.1f} s, again {second:.1f} s, {kept} articles, 304 share {share:.2f}, at once {most}, "
        f"{base:.0f} MB before, peak {max(peak):.0f} MB with the {HOSTS} servers"
    )
    tell(f"\n{told}")
    assert first < 60, told
    assert max(peak) < 300, told
    assert share >= 0.9, told
    assert most <= 2, told
    assert kept >= 0.85 * FEEDS * ITEMS, told


@asynccontextmanager
async def _hosts() -> AsyncIterator[list[Site]]:
    sites = [Site() for _ in range(HOSTS)]
    for site in sites:
        await site.__aenter__()
    try:
        yield sites
    finally:
        for site in sites:
            await site.__aexit__()


def _thousand(sites: list[Site]) -> list[Source]:
    """Of a hundred feeds, 90 are well, 3 slow, 3 broken, 2 missing, and 2 ask to wait, on a host of their own."""

    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.Response(body=a_feed(*range(ITEMS)))

    locations = []
    for number in range(FEEDS):
        site, path, kind = sites[number % (HOSTS - 1)], f"/feed/{number}", number % 100
        if kind < 90:
            text = a_feed(*range(number * 100, number * 100 + ITEMS))
            locations.append(site.publishes(path, text, ETag=f'"{number}"'))
        elif kind < 93:
            locations.append(site.does(path, slow))
        elif kind < 96:
            locations.append(site.publishes(path, "<html>broken</html>"))
        elif kind < 98:
            locations.append(site.address(path))
        else:
            locations.append(sites[-1].publishes(path, "", 429, Retry_After="60"))
    return [a_source(location=location, name=f"مصدر {n}") for n, location in enumerate(locations)]


async def _watch(peak: list[float]) -> None:
    while True:
        peak.append(memory())
        await asyncio.sleep(1)


ITEM = re.compile(r"<item>.*?</item>", re.DOTALL)


async def test_a_real_week_hour_by_hour_gives_every_item_once(tmp_path: Path):
    folder = SHARED / "data" / "replay_2018w20"
    feeds = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.xml"))}
    assert feeds, f"{folder} holds no feeds; set MUJAZ_SHARED"
    hours: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for name, text in feeds.items():
        for item in ITEM.findall(text):
            date = re.search(r"<pubDate>(.*?)</pubDate>", item)
            assert date
            hours[name].append((parsedate_to_datetime(date[1]), item))
    every = {
        (name, _told(item, "guid")): _told(item, "title")
        for name, items in hours.items()
        for _, item in items
    }
    start = datetime(2018, 5, 13, 20, tzinfo=UTC)
    async with Site() as site:
        clock = FixedClock(start)
        async with an_app(tmp_path, [site.host], clock) as app:
            chosen = [
                a_source(location=site.address(f"/{name}"), name=name, timezone="UTC") for name in feeds
            ]
            async with app.database.begin() as session:
                for source in chosen:
                    await sources.add(session, source)
            for _ in range(24 * 8 // STEP):
                clock.forward(timedelta(hours=STEP))
                for name, text in feeds.items():
                    head = text[: text.find("<item>")]
                    there = [item for when, item in hours[name] if when <= clock.now()]
                    site.publishes(f"/{name}", f"{head}{''.join(reversed(there[-SHOWN:]))}</channel></rss>")
                async with app.database.begin() as session:
                    now = list((await session.exec(select(Source))).all())
                await polling.visit_all(app, now, SilentProgress())
            async with app.database.begin() as session:
                kept = list((await session.exec(select(Article))).all())
                names = {one.id: one.name for one in (await session.exec(select(Source))).all()}
            again = await polling.visit_all(app, now, SilentProgress())
    found = [(names[one.source_id], one.guid) for one in kept]
    missing = {key: title for key, title in every.items() if key not in set(found)}
    titles = {(names[one.source_id], one.title) for one in kept}
    tell(
        f"\nthe week: {len(every)} items in the feeds, {len(found)} articles, {len(missing)} published twice by their outlet "
        f"under two addresses, a second pass adds {sum(v.new for v in again)}"
    )
    assert len(found) == len(set(found))
    assert len({(name, one.url_key) for (name, _), one in zip(found, kept, strict=True)}) == len(found)
    # Title and text the same, another address: one article.
    assert [title for (name, _), title in missing.items() if (name, title) not in titles] == []
    assert len(found) + len(missing) == len(every)
    assert len(missing) < 0.01 * len(every)
    assert sum(one.new for one in again) == 0


def _told(item: str, name: str) -> str:
    found = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", item)
    return inline(found[1]) if found else item


BOMB = """
import asyncio, pathlib, sys
from digest.collect.fetch.http import Http
from digest.errors import SourceError
from digest.settings import CollectSettings
async def main():
    def peak():
        # Not ru_maxrss: a child has its parent's until its own is higher.
        status = pathlib.Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1000
    async with Http(CollectSettings(allow_hosts=(sys.argv[1],), total_seconds=20), "1") as http:
        await http.get(f"http://{sys.argv[1]}/small")
        before = peak()
        try:
            await http.get(f"http://{sys.argv[1]}/bomb")
        except SourceError as error:
            print(peak() - before, error)
asyncio.run(main())
"""


MEGABYTE = bytes(1 << 20)


def _gzip(bits: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, bits)
    return b"".join([*(packer.compress(MEGABYTE) for _ in range(1024)), packer.flush()])


def _br(window: int) -> bytes:
    packer = brotli.Compressor(quality=5, lgwin=window)
    return b"".join([*(packer.process(MEGABYTE) for _ in range(1024)), packer.finish()])


def _zstd(window: int) -> bytes:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: window})
    return b"".join([*(packer.compress(MEGABYTE) for _ in range(1024)), packer.flush()])


@pytest.mark.red("bombs")
@pytest.mark.parametrize(
    ("encoding", "pack", "window"),
    [
        ("gzip", _gzip, 31),
        ("deflate", _gzip, 15),
        ("br", _br, 24),
        ("zstd", _zstd, 20),
        # The widest window that decoders take: 128 MB, if they took it before they need it.
        ("zstd", _zstd, 27),
    ],
)
async def test_a_gibibyte_that_comes_packed_costs_less_than_80_mb(
    encoding: str, pack: Callable[[int], bytes], window: int
):
    packed = await asyncio.to_thread(pack, window)
    async with Site() as site:
        site.publishes("/small", "x")
        site.publishes("/bomb", packed, Content_Encoding=encoding)
        command = [sys.executable, "-c", BOMB, site.host]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    grown, _, sentence = done.stdout.partition(" ")
    told = f"{encoding}: {len(packed) / 1e6:.2f} MB become 1 GiB; {grown} MB over base; {sentence.strip()}"
    tell(f"\n{told}")
    assert grown, done.stderr
    assert float(grown) < 80, told
    assert "more than" in sentence, told
