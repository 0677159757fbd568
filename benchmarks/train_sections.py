"""Train the section model that ships with the package.

    python benchmarks/train_sections.py FOLDER [--out FILE] [--temperature T]

FOLDER holds the corpora as gzipped JSON lines (docs/why/sections.md names them): "text", perhaps "title", the outlet under
"outlet" or "src", the outlet's section under "category" or "cat". It needs `benchmarks/requirements-sections.txt`.
"""

import argparse
import gzip
import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from digest.collect.clean.local_words import GROUPS
from digest.collect.clean.section_model import (
    LOCAL,
    Floats,
    Ints,
    SectionModel,
    features,
    save,
    signs,
    spoken,
)
from digest.model.news.sections import SECTION_KEYS
from digest.text.words.normalise import fold
from digest.text.words.tokens import stem

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
LOCAL_FROM, SLOPE = -2.6, 0.25
"""From which score an article is local news, and how much more it takes for each unit by which another section leads politics
and misc: chosen on newspapers that the model did not learn from (docs/why/sections.md)."""
REAL_MIX, OF_ABROAD = 0.4, 2.0
"""What politics gets beforehand, and for what happens abroad: most corpora have as many articles of each section, a week's
news has more of politics, and most of what is told of foreign countries is politics."""
OF_PLACE = 1.5, -2.0
"""What a title that opens with a country or city adds to politics and to local news."""
LISTED = {"politics": 2.0, "economy": 3.0, "sport": 3.0, "culture": 3.0, "technology": 3.0}
"""What a word of `section_words.toml` adds to its section."""
FLOOR = 0.2
WORDS = Path(__file__).with_name("section_words.toml")
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
    """Articles as rows: counted words of shape (articles, buckets) before rarity and length, their signs of shape
    (articles, signs), and which buckets hold names of home.
    """

    counted: sparse.csr_matrix
    signs: Floats
    home: NDArray[np.bool_]

    def __len__(self) -> int:
        return self.counted.shape[0]

    def chosen(self, mask: NDArray[np.bool_]) -> "Rows":
        """Return those rows that the mask marks."""
        return Rows(self.counted[mask], self.signs[mask], self.home)

    def values(self, rarity: Floats) -> sparse.csr_matrix:
        """Return the values that the model sees, each row of length 1."""
        weighed = (self.counted @ sparse.diags(rarity)).tocsr()
        lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
        return (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weighed).tocsr()


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights of shape (buckets, keys), a bias a key, a factor a bucket, and what each sign adds to each key."""

    weights: Floats
    bias: Floats
    rarity: Floats
    signs: Floats


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
    places, values, ends, found = [], [], [0], []
    heard: set[str] = set()
    plain = np.ones(BUCKETS, np.float32)
    for article in articles:
        title, text = spoken(article.title, article.text)
        where, what = features(title, text, plain)
        places.append(where.astype(np.int32))
        # The smallest count is one; lengths are given later, with rarity.
        values.append(what / what.min() if len(what) else what)
        ends.append(ends[-1] + len(where))
        found.append(signs(article.title, title, text))
        heard.update(title, text)
    shape = (len(articles), BUCKETS)
    counted = sparse.csr_matrix((np.concatenate(values), np.concatenate(places), np.array(ends)), shape=shape)
    counted.sum_duplicates()
    return Rows(
        counted, np.array(found, np.float32).reshape(len(articles), len(GROUPS) + 2), buckets_of_home(heard)
    )


def listed_words() -> Floats:
    """Return what the listed words add, of shape (buckets, keys)."""
    added = np.zeros((BUCKETS, len(SECTION_KEYS)), np.float32)
    for key, listed in tomllib.loads(WORDS.read_text("utf-8"))["sections"].items():
        for found in {stem(fold(word)) for word in listed.split()}:
            added[_bucket(f"~{found}"), SECTION_KEYS.index(key)] = 1
    added /= np.maximum(added.sum(axis=1, keepdims=True), 1)
    return added * np.array([LISTED.get(key, 0.0) for key in SECTION_KEYS], np.float32)


def buckets_of_home(heard: set[str]) -> NDArray[np.bool_]:
    """Return which buckets hold the names of Arab countries and towns, in the forms that the articles have."""
    named = tomllib.loads(WORDS.read_text("utf-8"))["home"]["names"].split()
    names = {fold(name) for name in named} | {stem(fold(name)) for name in named}
    found = np.zeros(BUCKETS, bool)
    for word in heard:
        if stem(word) in names:
            found[[_bucket(word), _bucket(f"~{stem(word)}")]] = True
        elif any(len(bare) > 4 and stem(bare) in names for bare in _bared(word)):
            found[_bucket(word)] = True
    return found


def _bared(word: str) -> Iterator[str]:
    for start in ("وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال", "و", "ب", "ل", "ف", "ك"):
        if word.startswith(start) and len(word) - len(start) >= 3:
            yield word[len(start) :]


def _bucket(term: str) -> int:
    return crc32(term.encode()) % BUCKETS


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
    weights += listed_words()
    weights[rows.home] = 0
    politics, at_home = SECTION_KEYS.index("politics"), SECTION_KEYS.index(LOCAL)
    added = np.zeros((rows.signs.shape[1], len(SECTION_KEYS)), np.float32)
    bias[politics] += REAL_MIX
    added[GROUPS.index("abroad"), politics] = OF_ABROAD
    added[-1, [politics, at_home]] = OF_PLACE
    weights[:, at_home], bias[at_home] = 0, NEVER
    if (labels == at_home).any():
        both = sparse.hstack([values[:, known], sparse.csr_matrix(rows.signs[:, :-1])]).tocsr()
        local = _logistic(LOCAL_FREEDOM, both, labels == at_home, balance(articles, BAYES_EVENNESS))
        weights[known, at_home] = local.coef_[0][: len(known)]
        added[:-1, at_home] = local.coef_[0][len(known) :]
        bias[at_home] = local.intercept_[0] - LOCAL_FROM
    return Learned(weights, bias, rarity, added)


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
        signs=learned.signs,
        slope=SLOPE,
        temperature=temperature,
        floor=FLOOR,
    )


def scores(model: SectionModel, rows: Rows) -> Floats:
    """Return what the model says of rows, before temperature: shape (rows, keys)."""
    told = rows.values(model.rarity) @ model.weights.astype(np.float32)
    return np.asarray(told * model.scale + model.bias + rows.signs @ model.signs, np.float32)


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
