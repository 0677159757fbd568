"""How many errors are caught that are planted into an edition's opening, and how many true openings are refused.

    python benchmarks/openings.py FILE... [--half 0|1] [--limit N]

FILE is JSON lines, plain or gzip: {"id", "title", "text"}. Editions of five stories are made of them: a story is a title and
the first three sentences of its text. A true opening has two sentences: the first of the text of two stories,
each citing the four sentences of its own story. One error is planted
into one of them: a changed number, a foreign name, a negation, the sources of another story, a source of another story beside its
own. Halves are told apart by CRC-32 of the id, as in `guard.py`.
"""

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import guard as measured
import planting

from digest.errors import SummaryError
from digest.model.news.story import Story, Summary, SummarySentence
from digest.summarize.language_model import opening
from digest.summarize.language_model.answer import Answer, Written
from digest.text.words import sentences
from digest.text.words.normalise import fold

STORIES = 5
A_STORY = 4
MOST_WORDS = 200


def editions(
    paths: Sequence[Path], half: int, limit: int, rng: random.Random
) -> Iterator[list[dict[str, Any]]]:
    """Yield so many lists of items that have a title and three sentences."""
    found = []
    for path in paths:
        for item in measured.read(path):
            if crc32(str(item["id"]).encode()) % 2 == half and item.get("title"):
                told = sentences.split(str(item["text"]))[:3]
                if len(told) == 3 and all(5 <= len(one.split()) <= 55 for one in told):
                    found.append({"id": str(item["id"]), "title": str(item["title"]), "told": told})
    rng.shuffle(found)
    for at in range(0, min(limit, len(found) // STORIES) * STORIES, STORIES):
        yield found[at : at + STORIES]


def story(item: dict[str, Any]) -> Story:
    told = tuple(SummarySentence(text=text) for text in item["told"])
    return Story(
        key=item["id"],
        headline=item["title"],
        section="politics",
        summary=Summary(sentences=told),
        articles=(),
    )


def reason(given: Sequence[opening.CitedSentence], written: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Return why an opening is refused, "" when it stands."""
    answer = Answer(sentences=tuple(Written(text=text, sources=tuple(cited)) for text, cited in written))
    try:
        opening.accepted(answer, given, language="ar", max_words=MOST_WORDS)
    except SummaryError as error:
        return error.message
    return ""


def planted(
    statement: str, given: Sequence[opening.CitedSentence], rng: random.Random
) -> Iterator[tuple[str, str, Sequence[int]]]:
    """Yield (kind, sentence, what it cites) for each error that can be planted into a lead's sentence."""
    own, other = range(1, A_STORY + 1), range(2 * A_STORY + 1, 3 * A_STORY + 1)
    for kind, changed in planting.numbers(statement, rng):
        yield "scale" if kind == "scale" else "number", changed, own
    said = fold(" ".join(one.text for one in given[:A_STORY]))
    foreign = [name for name in measured.NAMES if fold(name) not in said]
    mine = [name for name in measured.NAMES if re.search(rf"(?<!\w){name}(?!\w)", statement)]
    if mine:
        yield (
            "name",
            re.sub(rf"(?<!\w){rng.choice(mine)}(?!\w)", rng.choice(foreign), statement, count=1),
            own,
        )
    for kind, changed in planting.negations(statement, rng):
        yield kind, changed, own
    yield "sources of another story", statement, other
    yield "a source of another story beside its own", statement, [2, 2 * A_STORY + 2]


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--half", type=int, choices=(0, 1), default=1)
    options.add_argument("--limit", type=int, default=300)
    chosen = options.parse_args()
    rng, counts = random.Random(5), defaultdict[str, Counter[bool]](Counter)
    for items in editions(chosen.files, chosen.half, chosen.limit, rng):
        given = opening.given([story(item) for item in items])
        lead, next_one = items[0]["told"][0], items[1]["told"][0]
        second = (next_one, range(A_STORY + 1, 2 * A_STORY + 1))
        refused = reason(given, [(lead, range(1, A_STORY + 1)), second])
        counts["true, refused"][bool(refused)] += 1
        for kind, text, cited in planted(lead, given, rng) if not refused else ():
            counts[f"planted {kind}"][bool(reason(given, [(text, cited), second]))] += 1
    for name, found in sorted(counts.items()):
        print(f"{name:48} {found[True]:6} of {found.total():6}  {found[True] / found.total():.2%}")


if __name__ == "__main__":
    main()
