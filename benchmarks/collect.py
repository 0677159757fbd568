"""How collecting compares, in one run.

    python benchmarks/collect.py feeds            our reader, feedparser and fastfeedparser on the same feeds
    python benchmarks/collect.py odd              how many odd and hostile feeds each reads right
    python benchmarks/collect.py sandbox          the same feeds made articles in this process, and in child processes
    python benchmarks/collect.py pages FILE       our extraction, trafilatura and readability alone, and newspaper4k

FILE is JSON lines, plain or gzip: {"url", "html", "gold": {"paragraphs"}}. Times are processor time. newspaper4k is measured where it is
installed: benchmarks/requirements-collect.txt, beside requirements-dev.txt.
"""

import argparse
import asyncio
import gzip
import importlib.util
import json
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fastfeedparser
import feedparser
import lxml.html
import trafilatura
from readability import Document

sys.path.insert(0, str(Path(__file__).parents[1]))

from digest.collect.clean.rules import shipped
from digest.collect.parse.decode import decode
from digest.collect.parse.feeds import feed
from digest.collect.parse.feeds.article import to_article
from digest.collect.parse.pages import page
from digest.collect.sandbox.pool import SandboxPool
from digest.errors import SourceError
from digest.model import Source, SourceKind
from digest.settings import CollectSettings
from digest.text.sanitise import plain
from digest.text.words.normalise import fold
from tests.unit.collect.odd_feeds import READABLE

FAR = datetime(2100, 1, 1, tzinfo=UTC)
NOW = datetime(2023, 1, 1, tzinfo=UTC)
ADDRESS = "https://marfa.example/feed.xml"
SENTENCE = "أعلنت هيئة الموانئ اليوم افتتاح جسر المرفأ الجديد أمام الشاحنات بعد عامين من العمل المتواصل. "


def well_formed(paragraphs: int) -> list[bytes]:
    """Fifteen feeds of 30 items; `paragraphs` of HTML in each item."""
    text = "".join(f"<p class='x'>{SENTENCE * 4}<a href='/n/{n}'>اقرأ</a></p>" for n in range(paragraphs))
    item = (
        "<item><title>الخبر رقم {n} من الميناء</title><link>https://marfa.example/news/{n}</link><guid>{n}</guid>"
        "<pubDate>Thu, 23 Jun 2022 13:15:00 GMT</pubDate><category>اقتصاد</category><description>"
        + SENTENCE
        + "</description>"
        "<content:encoded><![CDATA[" + text + "]]></content:encoded></item>"
    )
    head = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>المرفأ</title>"
    return [
        (
            head + "".join(item.replace("{n}", str(30 * one + n)) for n in range(30)) + "</channel></rss>"
        ).encode()
        for one in range(15)
    ]


def ours(body: bytes) -> list[tuple[str, str | None, datetime | None]]:
    found = feed.parse(body, url=ADDRESS, zone="UTC", now=NOW)
    return [(item.title, item.url, item.published_at) for item in found.items]


def of_feedparser(body: bytes) -> list[tuple[str, str | None, datetime | None]]:
    entries = feedparser.parse(body).entries
    return [(one.get("title", ""), one.get("link"), _instant(one.get("published_parsed"))) for one in entries]


def of_fastfeedparser(body: bytes) -> list[tuple[str, str | None, datetime | None]]:
    entries = fastfeedparser.parse(decode(body)).entries
    return [(one.get("title", ""), one.get("link"), _iso(one.get("published"))) for one in entries]


def _instant(parsed: Any) -> datetime | None:
    return datetime(*parsed[:6], tzinfo=UTC) if parsed else None


def _iso(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None


ROUNDS = 9
READERS = {"ours": ours, "feedparser": of_feedparser, "fastfeedparser": of_fastfeedparser}


def timed(read: Callable[[bytes], object], body: bytes) -> float:
    started = time.process_time()
    read(body)
    return time.process_time() - started


def feeds() -> None:
    """Print the share of equal items and the ratio of times: of every feed the best of some rounds, as others use the machine too."""
    for name, paragraphs in (("excerpts", 0), ("full texts", 12)):
        bodies = well_formed(paragraphs)
        answers = {reader: [read(body) for body in bodies] for reader, read in READERS.items()}
        times = dict.fromkeys(READERS, 0.0)
        for body in bodies:
            rounds = [{reader: timed(read, body) for reader, read in READERS.items()} for _ in range(ROUNDS)]
            for reader in READERS:
                times[reader] += min(one[reader] for one in rounds)
        wanted = [item for one in answers["feedparser"] for item in one]
        for reader in READERS:
            found = [item for one in answers[reader] for item in one]
            same = sum(one == other for one, other in zip(found, wanted, strict=False))
            print(
                f"{name:11} {reader:15} {len(found)} items, {same} of {len(wanted)} equal to feedparser's, "
                f"1/{times['feedparser'] / times[reader]:.1f} of its time"
            )


def odd() -> None:
    """Print how many odd feeds each reader reads right."""
    for reader, read in READERS.items():
        right, slowest = 0, 0.0
        for one in READABLE.values():
            if len(one.body) > 2_000_000 and reader == "feedparser":
                continue  # it takes half a minute
            started = time.process_time()
            try:
                title, link, when = read(one.body)[0]
            except Exception:  # noqa: BLE001 - whatever another library raises is its answer
                continue
            finally:
                slowest = max(slowest, time.process_time() - started)
            told = when.isoformat()[:16] if when else None
            right += (title, link, told) == (one.title, one.link, one.when)
        print(f"odd feeds   {reader:15} {right} of {len(READABLE)} right, the slowest takes {slowest:.2f} s")


def of_all() -> float:
    """Processor time of this process and of its children that have ended."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def made_here(bodies: list[bytes], source: Source) -> int:
    """Make articles of feeds in this process; returns how many."""
    made = 0
    for body in bodies:
        found = feed.parse(body, url=ADDRESS, zone="UTC", now=NOW)
        made += len(
            [to_article(one, source, NOW, feed_title=found.title, book=shipped()) for one in found.items]
        )
    return made


async def made_there(bodies: list[bytes], source: Source, times: int) -> tuple[int, float]:
    """Make articles of feeds in one child, so many times; returns how many, and the seconds of one time."""
    pool = SandboxPool(CollectSettings(readers=1))
    made, took = 0, list[float]()
    for _ in range(times):
        began = time.perf_counter()
        for body in bodies:
            found = await pool.feed(body, url=ADDRESS, zone="UTC", now=NOW)
            made += len(await pool.articles(found.items, source, NOW, title=found.title, names=()))
        took.append(time.perf_counter() - began)
    await pool.close()
    return made // times, statistics.median(took)


def sandbox() -> None:
    """Print what child processes cost: processor time of one more round, and the time by the clock, as multiples of this process's."""
    source = Source(id=7, name="المرفأ", kind=SourceKind.FEED, location=ADDRESS, created_at=NOW)
    for name, paragraphs in (("excerpts", 0), ("full texts", 12)):
        bodies = well_formed(paragraphs)
        made_here(bodies, source)
        costs, clocks = list[float](), list[float]()
        for _ in range(3):
            before, began = of_all(), time.perf_counter()
            count = made_here(bodies, source)
            here, clock = of_all() - before, time.perf_counter() - began
            spent = []
            for times in (1, 3):  # the difference is two rounds without a child's start
                before = of_all()
                same, there_clock = asyncio.run(made_there(bodies, source, times))
                spent.append(of_all() - before)
            assert same == count
            costs.append((spent[1] - spent[0]) / 2 / here)
            clocks.append(there_clock / clock)
        print(
            f"{name:11} {count} articles: in a child {statistics.median(costs):.2f} times the processor time, "
            f"{statistics.median(clocks):.2f} times the time by the clock"
        )


def shingles(lines: Iterable[str]) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", fold("\n".join(lines)))
    return set(zip(*[words[start:] for start in range(4)], strict=False))


def of_us(html: str, url: str) -> list[str]:
    try:
        return page.extract(html, url=url or None, now=FAR, zone="UTC").paragraphs
    except SourceError:
        return []


def of_trafilatura(html: str, url: str) -> list[str]:
    text = trafilatura.extract(html, url=url or None, include_comments=False, include_tables=False)
    return (text or "").splitlines()


def of_readability(html: str, url: str) -> list[str]:
    del url
    tree: Any = lxml.html.fromstring(Document(html).summary(html_partial=True))
    return plain(lxml.html.tostring(tree, encoding="unicode"))


def of_newspaper(html: str, url: str) -> list[str]:
    import newspaper

    # Its parse() fetches every picture of the page unless it is told not to.
    article = newspaper.Article(url or ADDRESS, language="ar", fetch_images=False)
    article.download(input_html=html)
    try:
        article.parse()
    except newspaper.ArticleException:
        return []
    return str(article.text).splitlines()


def pages(file: Path) -> None:
    """Print precision, recall and F1 over four-word runs, mean of the pages."""
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as lines:
        told = [json.loads(line) for line in lines if line.strip()]
    tools: dict[str, Callable[[str, str], list[str]]] = {
        "ours": of_us,
        "trafilatura": of_trafilatura,
        "readability": of_readability,
    }
    if importlib.util.find_spec("newspaper"):
        tools["newspaper4k"] = of_newspaper
    times: dict[str, float] = {}
    for tool, read in tools.items():
        rows = []
        started = time.process_time()
        for one in told:
            found, wanted = (
                shingles(read(one["html"], one.get("url", ""))),
                shingles(one["gold"]["paragraphs"]),
            )
            both = len(found & wanted)
            precision, recall = both / max(1, len(found)), both / max(1, len(wanted))
            rows.append((precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0))
        times[tool] = time.process_time() - started
        means = [sum(row[place] for row in rows) / len(rows) for place in range(3)]
        ratio = times[tool] / times["ours"]
        print(f"{tool:12} P {means[0]:.3f}  R {means[1]:.3f}  F1 {means[2]:.3f}  {ratio:.2f} of our time")


def main() -> None:
    """Run what the first argument names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["feeds", "odd", "sandbox", "pages"])
    parser.add_argument("file", type=Path, nargs="?")
    chosen = parser.parse_args()
    if chosen.what == "feeds":
        feeds()
    elif chosen.what == "odd":
        odd()
    elif chosen.what == "sandbox":
        sandbox()
    else:
        if chosen.file is None:
            parser.error("pages needs a file")
        pages(chosen.file)


if __name__ == "__main__":
    main()
