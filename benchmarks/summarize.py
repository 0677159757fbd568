"""How long summaries take: one article, and one event of several outlets, against a plain loop over the same words.

    python benchmarks/summarize.py [FILE] [--articles N]

FILE is JSON lines, plain or gzip, with "title" and "text"; without one, articles are made of the samples' length. Seconds are CPU seconds of
this process on one core; the ratio to splitting the same words is what can be compared between machines.
"""

import argparse
import gzip
import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from digest.model import Article
from digest.summarize.extractive import summarize_event
from digest.text.lines import paragraphs
from digest.text.words.normalise import fold

SAMPLE = (
    "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ١٢٠٠ متر أمام السيارات",
    "ويربط الجسر الحي القديم بالمنطقة الصناعية ويختصر الرحلة إلى عشر دقائق",
    "وبلغت كلفة المشروع أربعين مليون دينار دفعتها البلدية على خمس مراحل",
    "وقال مدير الهيئة سامي نور إن العمل استمر ثلاث سنوات بسبب نقص المواد",
)


def read(path: Path) -> list[Article]:
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        items = [json.loads(line) for line in file if line.strip()]
    return [_article(item["title"], paragraphs(item["text"])) for item in items]


def made(count: int) -> list[Article]:
    rng = random.Random(1)
    return [
        _article(f"جسر المرفأ {n}", [f"{rng.choice(SAMPLE)} رقم {rng.randrange(10_000)}." for _ in range(20)])
        for n in range(count)
    ]


def _article(title: str, body: list[str]) -> Article:
    return Article(title=title, paragraphs=body, first_seen_at=datetime(2026, 1, 5, tzinfo=UTC))


def seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("file", nargs="?", type=Path)
    options.add_argument("--articles", type=int, default=1000)
    given = options.parse_args()
    articles = (read(given.file) if given.file else made(given.articles))[: given.articles]
    events = [articles[at : at + 5] for at in range(0, len(articles), 5)]
    plain = seconds(lambda: [fold(text).split() for each in articles for text in each.paragraphs])
    single = seconds(lambda: [summarize_event([each], max_words=60) for each in articles])
    several = seconds(lambda: [summarize_event(each, max_words=60) for each in events])
    print(
        f"{len(articles)} articles alone       {single:6.2f} s  {single / plain:5.1f} times folding and splitting their words"
    )
    print(f"{len(events)} events of 5 articles  {several:6.2f} s  {several / plain:5.1f} times")


if __name__ == "__main__":
    main()
