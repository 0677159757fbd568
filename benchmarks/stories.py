"""Measure near-duplicates and events: how many are found, how many of those found are true, and what an article costs.

    python benchmarks/stories.py PAIRS.jsonl BACKGROUND.jsonl.gz

PAIRS are labelled pairs of articles of different outlets (2: same event, 1: same topic, 0: neither), BACKGROUND a week's articles that
stand around them. Weights are cross-validated over ten parts of the pairs, the threshold over halves of them.
"""

import argparse
import gzip
import json
import random
import resource
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digest.curate.events import cluster, likeness
from digest.curate.events.copies import RESEMBLANCE, CopyIndex, resemblance
from digest.model import Article

FOLDS = 10
ROUNDS = 5


def article_of(raw: dict[str, Any]) -> Article:
    when = parsedate_to_datetime(raw["time"])
    return Article(
        url_key=raw["id"],
        title=raw["title"],
        source_name=raw.get("src", ""),
        first_seen_at=when if when.tzinfo else when.replace(tzinfo=UTC),
        paragraphs=[line for line in raw["text"].splitlines() if line.strip()],
    )


def read(path: Path) -> list[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def near_duplicates(articles: list[Article]) -> None:
    """Compare what the index finds with every pair of half resemblance, found by counting shared shingles."""
    texts = [likeness.shingles_of(article) for article in articles]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number, text in enumerate(texts):
        for shingle in text.tolist():
            holders[shingle].append(number)
    shared = Counter(
        pair for numbers in holders.values() if 1 < len(numbers) < 500 for pair in combinations(numbers, 2)
    )
    near = {pair for pair, _ in shared.items() if resemblance(texts[pair[0]], texts[pair[1]]) >= RESEMBLANCE}
    started = time.process_time()
    index, found = CopyIndex(), set()
    for number, article in enumerate(articles):
        found |= {(other, number) for other, _ in index.add(number, likeness.shingles_of(article))}
    took = time.process_time() - started
    print(
        f"near-duplicates: {len(articles)} articles, {len(near)} pairs, recall {len(found & near) / len(near):.4f}, "
        f"precision {len(found & near) / len(found):.4f}, {1000 * took / len(articles):.2f} ms an article"
    )


def traits(first: likeness.Print, second: likeness.Print) -> list[float]:
    return [
        likeness.overlap(first, second),
        likeness.coverage(first, second),
        likeness.hours(first, second),
        1.0,
    ]


def fit(rows: NDArray[np.float64], truth: NDArray[np.float64], ridge: float = 0.3) -> NDArray[np.float64]:
    """Logistic regression by Newton's method; the last weight is the bias."""
    scale = np.array([*rows.std(axis=0)[:-1], 1.0])
    rows = rows / scale
    weights = np.zeros(rows.shape[1])
    penalty = ridge * np.eye(len(weights))
    penalty[-1, -1] = 1e-6
    for _ in range(50):
        odds = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (odds - truth) + penalty @ weights
        weights -= np.linalg.solve((rows * (odds * (1 - odds))[:, None]).T @ rows + penalty, gradient)
    return weights / scale


def merged(
    articles: list[Article], pairs: list[dict[str, Any]], join: float
) -> tuple[NDArray[np.bool_], int]:
    """Return which pairs share a story, and the size of the largest story."""
    cluster.JOIN = join
    index = cluster.StoryIndex()
    story = {article.url_key: index.add(article) for article in articles}
    sizes = Counter(story.values())
    same = np.array([story[pair["a"]["id"]] == story[pair["b"]["id"]] for pair in pairs])
    return same, max(sizes.values())


def judged(same: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float]:
    return float((same & truth).sum() / max(1, same.sum())), float((same & truth).sum() / max(1, truth.sum()))


def events(articles: list[Article], pairs: list[dict[str, Any]]) -> None:
    """Fit the weights, sweep the threshold, and cross-validate its choice."""
    prints = {article.url_key: likeness.print_of(article) for article in articles}
    rows = np.array([traits(prints[pair["a"]["id"]], prints[pair["b"]["id"]]) for pair in pairs])
    truth = np.array([pair["label"] == 2 for pair in pairs])
    print(
        "weights fitted on all pairs: overlap, coverage, hours, bias:",
        *np.round(fit(rows, truth.astype(float)), 3),
    )
    held = np.zeros(len(pairs))
    chooser = random.Random(1)
    for _ in range(ROUNDS):
        fold = np.array([chooser.randrange(FOLDS) for _ in pairs])
        for one in range(FOLDS):
            held[fold == one] += rows[fold == one] @ fit(rows[fold != one], truth[fold != one].astype(float))
    better = (held[truth][:, None] > held[~truth][None]).mean()
    print(f"pairs alone, weights cross-validated: AUC {better:.3f}")
    shipped, table = cluster.JOIN, {}
    for join in (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75):
        table[join], largest = merged(articles, pairs, join)
        precision, recall = judged(table[join], truth)
        print(f"join {join:.2f}: precision {precision:.3f}  recall {recall:.3f}  largest story {largest}")
    cluster.JOIN = shipped
    both = []
    for _ in range(200):
        half = np.array([chooser.random() < 0.5 for _ in pairs])
        best = max(table, key=lambda join: _worth(*judged(table[join][half], truth[half])))
        both.append(judged(table[best][~half], truth[~half]))
    precision, recall = np.mean(both, axis=0)
    print(
        f"threshold chosen on one half, judged on the other, 200 times: precision {precision:.3f}  recall {recall:.3f}"
    )


def _worth(precision: float, recall: float) -> float:
    return recall if precision >= 0.9 else precision - 1


def day(articles: list[Article], size: int, start: datetime) -> list[Article]:
    """Invent a day: each article's words shuffled with another's, so that rare words stay rare and names common."""
    chooser = random.Random(start.toordinal())
    made = []
    for number in range(size):
        one, other = chooser.choice(articles), chooser.choice(articles)
        words = " ".join(one.paragraphs).split() + " ".join(other.paragraphs).split()
        chooser.shuffle(words)
        title = (one.title + " " + other.title).split()
        chooser.shuffle(title)
        made.append(
            Article(
                url_key=f"{start.date()} {number}",
                title=" ".join(title[:10]),
                first_seen_at=start + timedelta(seconds=86_400 * number / size),
                paragraphs=[" ".join(words[:250])],
            )
        )
    return made


def pace(articles: list[Article], size: int, days: int) -> None:
    """Feed whole days to one index: what a day costs, how many articles are held at its end, and the most memory so far."""
    index = cluster.StoryIndex()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(days):
        made = day(articles, size, start + timedelta(days=number))
        started = time.process_time()
        for article in made:
            index.add(article)
        took = time.process_time() - started
        # Kilobytes on Linux; the invented day itself is part of it.
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"day {number + 1}: {size} articles in {took:.1f} s of one core, "
            f"{len(index)} held, {most:.0f} MB at most",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("background", type=Path)
    parser.add_argument(
        "--a-day", type=int, default=20_000, help="articles a day for the measure of pace; 0: none"
    )
    parser.add_argument("--days", type=int, default=7)
    chosen = parser.parse_args()
    pairs = read(chosen.pairs)
    raw = {one["id"]: one for pair in pairs for one in (pair["a"], pair["b"])}
    for one in read(chosen.background):
        raw.setdefault(one["id"], one)
    articles = sorted(map(article_of, raw.values()), key=lambda article: article.when)
    near_duplicates(articles)
    events(articles, pairs)
    if chosen.a_day:
        pace(articles, chosen.a_day, chosen.days)


if __name__ == "__main__":
    main()
