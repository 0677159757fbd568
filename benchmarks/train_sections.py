"""Train the section model that ships with the package.

    python benchmarks/train_sections.py FOLDER [--out FILE] [--temperature T]

FOLDER holds the corpora as gzipped JSON lines (docs/why/sections.md names them): "text", perhaps "title", the outlet under
"outlet" or "src", the outlet's section under "category" or "cat". It needs `benchmarks/requirements-sections.txt`.
"""

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from digest.collect.clean.local_words import GROUPS, evidence
from digest.collect.clean.section_model import LOCAL, Floats, Ints, SectionModel, features, save, spoken
from digest.model.news.sections import SECTION_KEYS

BUCKETS = 2**18
SMOOTHING = 0.6
EVENNESS, BAYES_EVENNESS = 0.5, 0.75
"""Outlets, and the keys within one, count by this power less than their size: 0 as many as they are, 1 all alike."""
MASS = 20_000
"""What all articles together weigh against the smoothing, however many there are."""
FREEDOM, LOCAL_FREEDOM = 0.5, 0.1
"""How freely the weights may follow the articles: scikit-learn's C."""
RAREST = 3
"""A word that fewer articles say is not learned."""
MOST = 2_500
"""Articles of one outlet and key; more of the same teach little."""
LOCAL_FROM, GAP = -1.95, 1.0
"""From which score an article is local news, and how much more it takes where neither politics nor misc would win: chosen on
newspapers that the model did not learn from (docs/why/sections.md)."""
REAL_MIX = 0.8
"""What politics gets beforehand: most corpora have as many articles of each section, a week's news has more of politics."""
FLOOR = 0.2
JUDGED = 5
"""The first keys, politics to technology: those that more than one corpus knows."""
NEVER = -20.0
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
    """Articles as rows: counted words of shape (articles, buckets) before rarity and length, and what speaks of local news."""

    counted: sparse.csr_matrix
    local: Floats

    def __len__(self) -> int:
        return self.counted.shape[0]

    def chosen(self, mask: NDArray[np.bool_]) -> "Rows":
        """Return those rows that the mask marks."""
        return Rows(self.counted[mask], self.local[mask])

    def values(self, rarity: Floats) -> sparse.csr_matrix:
        """Return the values that the model sees, each row of length 1."""
        weighed = (self.counted @ sparse.diags(rarity)).tocsr()
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        return (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weighed).tocsr()


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights of shape (buckets, keys), a bias a key, a factor a bucket, and what each kind of evidence adds to local news."""

    weights: Floats
    bias: Floats
    rarity: Floats
    local: Floats


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


def thinned(articles: list[Labelled], most: int = MOST) -> list[Labelled]:
    """Return at most so many articles of one outlet and key, drawn with a fixed seed."""
    shuffled = random.Random(3).sample(articles, len(articles))
    held: Counter[tuple[str, str]] = Counter()
    kept = []
    for article in shuffled:
        cell = article.outlet, article.key
        held[cell] += 1
        if held[cell] <= most:
            kept.append(article)
    return kept


def rows_of(articles: list[Labelled]) -> Rows:
    """Return the articles' features as sparse rows."""
    places, values, ends, local = [], [], [0], []
    plain = np.ones(BUCKETS, np.float32)
    for article in articles:
        title, text = spoken(article.title, article.text)
        where, what = features(title, text, plain)
        places.append(where.astype(np.int32))
        # The smallest count is one; lengths are given later, with rarity.
        values.append(what / what.min() if len(what) else what)
        ends.append(ends[-1] + len(where))
        local.append(evidence(title, text))
    shape = (len(articles), BUCKETS)
    counted = sparse.csr_matrix((np.concatenate(values), np.concatenate(places), np.array(ends)), shape=shape)
    return Rows(counted, np.array(local, np.float32).reshape(len(articles), len(GROUPS) + 1))


def balance(articles: list[Labelled], evenness: float) -> Floats:
    """Return a weight an article, of mean 1, so that neither a large outlet nor its largest section speaks for all."""
    cells = Counter((article.outlet, article.key) for article in articles)
    weights = np.array([cells[article.outlet, article.key] ** -evenness for article in articles], np.float32)
    return weights / weights.mean()


def rarity_of(rows: Rows) -> Floats:
    """Return a factor a bucket: the inverse share of articles that say it, 0 for what is hardly said."""
    said = np.asarray((rows.counted > 0).sum(axis=0)).ravel()
    factor = np.log((1 + len(rows)) / (1 + said)) + 1
    # As it is stored.
    return np.where(said >= RAREST, factor, 0).astype(np.float16).astype(np.float32)


def fit(articles: list[Labelled], rows: Rows) -> Learned:
    """Return what is learned: logistic regression and naive Bayes in one sum, and local news against all other news."""
    labels = np.array([SECTION_KEYS.index(article.key) for article in articles])
    rarity = rarity_of(rows)
    values, known = rows.values(rarity), np.flatnonzero(rarity)
    weights = bayes(values, labels, balance(articles, BAYES_EVENNESS))
    bias = np.full(len(SECTION_KEYS), NEVER, np.float32)
    straight = _logistic(FREEDOM, values[:, known], labels, balance(articles, EVENNESS))
    for place, key in enumerate(straight.classes_):
        weights[known, key] += straight.coef_[place]
        bias[key] = straight.intercept_[place]
    bias[SECTION_KEYS.index("politics")] += REAL_MIX
    at_home = SECTION_KEYS.index(LOCAL)
    spoken_of = np.zeros(rows.local.shape[1], np.float32)
    weights[:, at_home], bias[at_home] = 0, NEVER
    if (labels == at_home).any():
        both = sparse.hstack([values[:, known], sparse.csr_matrix(rows.local)]).tocsr()
        local = _logistic(LOCAL_FREEDOM, both, labels == at_home, balance(articles, BAYES_EVENNESS))
        weights[known, at_home] = local.coef_[0][: len(known)]
        spoken_of = local.coef_[0][len(known) :].astype(np.float32)
        bias[at_home] = local.intercept_[0] - LOCAL_FROM
    return Learned(weights, bias, rarity, spoken_of)


def _logistic(freedom: float, values: sparse.csr_matrix, labels: NDArray[Any], weights: Floats) -> Any:
    return LogisticRegression(C=freedom, max_iter=60, tol=1e-3).fit(values, labels, sample_weight=weights)


def bayes(values: sparse.csr_matrix, labels: Ints, weights: Floats) -> Floats:
    """Return weights of shape (buckets, keys): complement naive Bayes, each bucket's mean taken off.

    J. Rennie and others, "Tackling the Poor Assumptions of Naive Bayes Text Classifiers", 2003: a key is known by what the
    articles of all other keys do not say, which holds better than what its own few outlets happen to say.
    """
    share = (sparse.diags(weights * (MASS / weights.sum())) @ values).tocsr()
    keys = range(len(SECTION_KEYS))
    said = np.stack([np.asarray(share[labels == key].sum(axis=0)).ravel() for key in keys], axis=1)
    others = said.sum(axis=1, keepdims=True) - said + SMOOTHING
    table = -np.log(others / others.sum(axis=0))
    return (table - table.mean(axis=1, keepdims=True)).astype(np.float32)


def packed(learned: Learned, *, temperature: float = 1.0) -> SectionModel:
    """Return the model with its weights as int8, one scale a key."""
    largest = np.abs(learned.weights).max(axis=0)
    scale = (np.where(largest > 0, largest, 1) / 127).astype(np.float32)
    return SectionModel(
        keys=SECTION_KEYS,
        weights=np.round(learned.weights / scale).astype(np.int8),
        scale=scale,
        bias=learned.bias,
        rarity=learned.rarity,
        local=learned.local,
        gap=GAP,
        temperature=temperature,
        floor=FLOOR,
    )


def scores(model: SectionModel, rows: Rows) -> Floats:
    """Return what the model says of rows, before temperature: shape (rows, keys)."""
    told = rows.values(model.rarity) @ model.weights.astype(np.float32)
    told = told * model.scale + model.bias
    told[:, SECTION_KEYS.index(LOCAL)] += rows.local @ model.local
    return np.asarray(told, np.float32)


def odds(scored: Floats, temperature: float) -> Floats:
    """Return the probabilities of each row, as if there were no local news."""
    scored = np.delete(scored, SECTION_KEYS.index(LOCAL), axis=1)
    raised = np.exp((scored - scored.max(axis=1, keepdims=True)) / temperature)
    return np.insert(raised / raised.sum(axis=1, keepdims=True), SECTION_KEYS.index(LOCAL), 0, axis=1)


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
    return scores(packed(fit(others, rows.chosen(~away))), rows.chosen(away))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument(
        "--temperature", type=float, help="taken as it is, instead of holding every outlet out"
    )
    chosen = parser.parse_args()
    articles = thinned(list(read(chosen.folder)))
    print(len(articles), "articles", dict(Counter(article.key for article in articles)))
    rows = rows_of(articles)
    temperature = chosen.temperature or likeliest_temperature(all_held_out(articles, rows))
    print(f"temperature {temperature:.3f}")
    save(packed(fit(articles, rows), temperature=temperature), chosen.out)
    print(f"{chosen.out.name}: {chosen.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
