"""Measure the section model, local news aside, on outlets it has never seen: each outlet of the corpora is
held out in turn.

    python benchmarks/sections.py FOLDER [--also FILE.jsonl.gz] [--pace]

`--also` adds outlets that no model learns from. Only the five keys that all corpora know are judged
(politics, economy, sport, culture, technology); any other answer, "misc" among them, counts as wrong.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from train_sections import (
    FLOOR,
    Labelled,
    Rows,
    all_held_out,
    fit,
    likeliest_temperature,
    odds,
    packed,
    read,
    rows_of,
    scores,
    thinned,
)

from digest.collect.clean.section_model import Floats, Ints, spoken
from digest.collect.clean.sections import classify
from digest.model.news.sections import SECTION_KEYS as KEYS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--also", type=Path)
    parser.add_argument("--pace", action="store_true", help="print only what an article costs")
    chosen = parser.parse_args()
    articles = thinned(list(read(chosen.folder)))
    if not chosen.pace:
        measure(articles, rows_of(articles), chosen.also)
    _pace(articles[:: max(1, len(articles) // 3000)])


def measure(articles: list[Labelled], rows: Rows, also: Path | None) -> None:
    """Print the figures of every outlet that was held out, and what a floor costs."""
    told = all_held_out(articles, rows)
    temperature = likeliest_temperature(told)
    if also:
        model = packed(fit(articles, rows))
        for outlet, others in _by_outlet(also, {article.outlet for article in articles}):
            told[outlet] = scores(model, rows_of(others)), np.array([KEYS.index(one.key) for one in others])
    print(f"{'outlet held out':16} articles accuracy macro F1  with the floor")
    figures = []
    for outlet, (scored, truth) in told.items():
        sure, said = odds(scored, temperature).max(axis=1), odds(scored, temperature).argmax(axis=1)
        floored = np.where(sure >= FLOOR, said, len(KEYS))
        figures.append((_accuracy(said, truth), _macro(said, truth), _accuracy(floored, truth)))
        plain, macro, kept = figures[-1]
        print(f"{outlet:16} {len(truth):8} {plain:8.3f} {macro:8.3f} {kept:15.3f}")
    plain, macro, kept = np.mean(figures, axis=0)
    print(f"{'mean':25} {plain:8.3f} {macro:8.3f} {kept:15.3f}")
    _floors(told, temperature)


def _by_outlet(path: Path, known: set[str]) -> Iterator[tuple[str, list[Labelled]]]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, path.name).symlink_to(path.resolve())
        found = [article for article in read(Path(folder)) if article.outlet not in known]
    for outlet in sorted({article.outlet for article in found}):
        yield outlet, [article for article in found if article.outlet == outlet]


def _accuracy(said: Ints, truth: Ints) -> float:
    return float((said == truth).mean())


def _macro(said: Ints, truth: Ints) -> float:
    """The mean F1 of the judged keys that the outlet has."""
    found = []
    for key in sorted(set(truth.tolist())):
        right = ((said == key) & (truth == key)).sum()
        found.append(2 * right / ((said == key).sum() + (truth == key).sum()))
    return float(np.mean(found))


def _floors(told: dict[str, tuple[Floats, Ints]], temperature: float) -> None:
    """Print what each confidence floor costs: the mean over outlets, all keys."""
    print("floor  to misc  right among the rest  right of those sent to misc")
    for floor in (0.0, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        lines: list[NDArray[np.float64]] = []
        for scored, truth in told.values():
            right = odds(scored, temperature).argmax(axis=1) == truth
            sure = odds(scored, temperature).max(axis=1)
            low = sure < floor
            lines.append(
                np.array([low.mean(), right[~low].mean(), right[low].mean() if low.any() else np.nan])
            )
        away, rest, lost = (
            np.nanmean(np.array([*lines, [np.nan] * 3]), axis=0)
            if floor
            else (0, np.mean(lines, axis=0)[1], 0)
        )
        print(f"{floor:5.2f} {away:8.3f} {rest:21.3f} {lost:28.3f}")


def _pace(articles: list[Labelled]) -> None:
    """Print the CPU time for an article that is new to a process which has read others, beside that of its
    words alone: of every three articles one is read before, one is classified, one is only read.
    """
    for article in articles[::3]:
        classify(article.title, article.text)
    of_sections = _cpu(lambda one: classify(one.title, one.text), articles[1::3])
    of_words = _cpu(lambda one: spoken(one.title, one.text), articles[2::3])
    print(
        f"classified: {1000 * of_sections:.3f} ms of CPU an article; its words alone: {1000 * of_words:.3f} ms; "
        f"ratio {of_sections / of_words:.2f}"
    )


def _cpu(work: Callable[[Labelled], object], articles: list[Labelled]) -> float:
    started = time.process_time()
    for article in articles:
        work(article)
    return (time.process_time() - started) / len(articles)


if __name__ == "__main__":
    main()
