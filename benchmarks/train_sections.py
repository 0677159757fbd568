"""Train the section model that ships with the package.

    python benchmarks/train_sections.py FOLDER [--out FILE]

FOLDER holds the corpora as gzipped JSON lines (docs/why/sections.md names them): "text", perhaps "title", the outlet under
"outlet" or "src", the outlet's section under "category" or "cat". numpy is all it needs.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digest.collect.clean.section_model import Floats, Ints, SectionModel, features, save
from digest.model.news.sections import SECTION_KEYS

BUCKETS = 2**18
SMOOTHING = 0.6
EVENNESS = 0.75
"""Outlets, and the keys within one, count by this power less than their size: 0 as many as they are, 1 all alike."""
MASS = 20_000
"""What all articles together weigh against the smoothing, however many there are."""
FLOOR = 0.25
JUDGED = 5
"""The first keys, politics to technology: those that more than one corpus knows."""
SHIPPED = Path(__file__).parents[1] / "digest" / "collect" / "clean" / "sections_model.npz"

# What the corpora call their classes, as keys of ours. What is not here is left out.
MEANING = {
    "internationalnews": "politics",
    "middleeast": "politics",
    "politic": "politics",
    "politics": "politics",
    "economy": "economy",
    "finance": "economy",
    "sport": "sport",
    "sports": "sport",
    "culture": "culture",
    "technology": "technology",
    "science": "technology",
    "medical": "health",
    "religion": "religion",
    "localnews": "local",
    "society": "local",
    "diverse": "misc",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article of a corpus: which outlet wrote it, and which key it belongs to."""

    outlet: str
    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: row i has `places[ends[i]:ends[i + 1]]` and the values beside them."""

    places: Ints
    values: Floats
    ends: Ints

    def __len__(self) -> int:
        return len(self.ends) - 1

    def of(self) -> Ints:
        """Return each value's row."""
        return np.repeat(np.arange(len(self)), self.ends[1:] - self.ends[:-1])


def read(folder: Path) -> Iterator[Labelled]:
    """Yield the articles of all corpora in a folder that have a class of ours."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                raw = json.loads(line)
                key = MEANING.get(str(raw.get("category") or raw.get("cat")).lower())
                if not key:
                    continue
                outlet = raw.get("outlet") or raw.get("src") or path.name.split("_")[0]
                title, text = raw.get("title") or "", raw["text"].lstrip("\ufeff")
                if not title and "\n\n" in text:
                    title, text = text.split("\n\n", 1)
                yield Labelled(outlet, key, title.strip(), text.strip())


def rows_of(articles: Iterable[Labelled], *, buckets: int = BUCKETS) -> Rows:
    """Return the articles' features as sparse rows."""
    places, values, lengths = [], [], [0]
    for article in articles:
        where, what = features(article.title, article.text, buckets=buckets)
        places.append(where.astype(np.int32))
        values.append(what)
        lengths.append(len(where))
    return Rows(np.concatenate(places), np.concatenate(values), np.cumsum(lengths))


def balance(articles: list[Labelled]) -> Floats:
    """Return a weight an article, of mean 1, so that neither a large outlet nor its largest section speaks for all."""
    cells = Counter((article.outlet, article.key) for article in articles)
    weights = np.array([cells[article.outlet, article.key] ** -EVENNESS for article in articles], np.float32)
    return weights / weights.mean()


def fit(rows: Rows, labels: Ints, weights: Floats) -> Floats:
    """Return weights of shape (buckets, keys): complement naive Bayes, each bucket's mean taken off.

    J. Rennie and others, "Tackling the Poor Assumptions of Naive Bayes Text Classifiers", 2003: a key is known by what the
    articles of all other keys do not say, which holds better than what its own few outlets happen to say.
    """
    share = weights * (MASS / weights.sum())
    held = rows.of()
    spread = rows.values * share[held]
    said = np.stack(
        [
            np.bincount(rows.places[labels[held] == key], spread[labels[held] == key], minlength=BUCKETS)
            for key in range(len(SECTION_KEYS))
        ],
        axis=1,
    )
    others = said.sum(axis=1, keepdims=True) - said + SMOOTHING
    table = -np.log(others / others.sum(axis=0))
    return (table - table.mean(axis=1, keepdims=True)).astype(np.float32)


def packed(table: Floats, *, temperature: float = 1.0) -> SectionModel:
    """Return the model with its weights as int8, one scale a key."""
    scale = (np.abs(table).max(axis=0) / 127).astype(np.float32)
    return SectionModel(
        keys=SECTION_KEYS,
        weights=np.round(table / scale).astype(np.int8),
        scale=scale,
        bias=np.zeros(len(SECTION_KEYS), np.float32),
        temperature=temperature,
        floor=FLOOR,
    )


def scores(model: SectionModel, rows: Rows) -> Floats:
    """Return what the model says of rows, before temperature: shape (rows, keys)."""
    told = model.weights.astype(np.float32)[rows.places] * rows.values[:, None]
    held = rows.of()
    summed = np.stack([np.bincount(held, column, minlength=len(rows)) for column in told.T], axis=1)
    return (summed * model.scale + model.bias).astype(np.float32)


def odds(scored: Floats, temperature: float) -> Floats:
    """Return the probabilities of each row."""
    raised = np.exp((scored - scored.max(axis=1, keepdims=True)) / temperature)
    return raised / raised.sum(axis=1, keepdims=True)


def likeliest_temperature(told: Mapping[str, tuple[Floats, Ints]]) -> float:
    """Return the temperature under which what came true was likeliest, each outlet counting alike.

    `told` has the scores and the truth of outlets that were held out, of keys that other outlets have, too.
    """
    choices = [0.05 * 1.15**step for step in range(30)]

    def sureness(choice: float) -> float:
        return float(
            np.mean(
                [
                    np.log(odds(scored, choice)[np.arange(len(truth)), truth] + 1e-9).mean()
                    for scored, truth in told.values()
                ]
            )
        )

    return max(choices, key=sureness)


def all_held_out(articles: list[Labelled], rows: Rows) -> dict[str, tuple[Floats, Ints]]:
    """Hold each outlet out in turn; return by outlet the scores and the truth of its articles of the judged keys."""
    labels = np.array([SECTION_KEYS.index(article.key) for article in articles])
    told = {}
    for outlet in sorted({article.outlet for article in articles}):
        truth = labels[[article.outlet == outlet for article in articles]]
        told[outlet] = held_out(articles, rows, outlet)[truth < JUDGED], truth[truth < JUDGED]
    return told


def held_out(articles: list[Labelled], rows: Rows, outlet: str) -> Floats:
    """Return what a model that never saw an outlet says of its articles: shape (its articles, keys)."""
    away = np.array([article.outlet == outlet for article in articles])
    others = [article for article in articles if article.outlet != outlet]
    labels = np.array([SECTION_KEYS.index(article.key) for article in others])
    return scores(packed(fit(chosen_rows(rows, ~away), labels, balance(others))), chosen_rows(rows, away))


def chosen_rows(rows: Rows, mask: NDArray[np.bool_]) -> Rows:
    """Return those rows that the mask marks."""
    lengths = (rows.ends[1:] - rows.ends[:-1])[mask]
    kept = mask[rows.of()]
    return Rows(rows.places[kept], rows.values[kept], np.concatenate([[0], np.cumsum(lengths)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    chosen = parser.parse_args()
    articles = list(read(chosen.folder))
    print(len(articles), "articles", dict(Counter(article.key for article in articles)))
    rows = rows_of(articles)
    labels = np.array([SECTION_KEYS.index(article.key) for article in articles])
    temperature = likeliest_temperature(all_held_out(articles, rows))
    print(f"temperature {temperature:.3f}, from outlets that were held out")
    save(packed(fit(rows, labels, balance(articles)), temperature=temperature), chosen.out)
    print(f"{chosen.out.name}: {chosen.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
