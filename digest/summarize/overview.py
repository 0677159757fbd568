"""The two or three sentences that open a section."""

from collections.abc import Mapping, Sequence

from digest.model.news.story import Story
from digest.summarize import tolls
from digest.summarize.extract import rules
from digest.summarize.extract.similarity import Vector, cosine, rarity, vector
from digest.text.words.language import detect
from digest.text.words.stops import with_stop
from digest.text.words.tokens import stems, words

MOST_SENTENCES = 3
# A sentence that is this near to a headline only says it again.
_SAYS_AGAIN = 0.6
# Of its words, in any one headline or sentence of the mail.
_HALF = 0.45


def overview(
    stories: Sequence[Story],
    *,
    max_words: int,
    more: Mapping[str, Sequence[str]] | None = None,
    beside: Sequence[str] = (),
) -> str:
    """Return two or three sentences about different stories, in the order of the stories.

    They come from `more`, by the story's key; without it, from any sentence of the summaries. None shares
    half its words with a text of `beside`, the headlines and summaries of the mail, has half the words of
    one, or gives its measure another value.

    Chosen by weight of the story, against nearness to any headline and to each other. Empty for fewer than
    two stories, or when fewer than two sentences fit into `max_words` and say more than a headline.
    """
    if len(stories) < 2:
        return ""
    known = [(set(words(text)), set(stems(text))) for text in beside]
    pool = [
        (index, text)
        for index, story in enumerate(stories)
        for text in _sentences(story, more)
        if not rules.refusal(text, len(words(text)))
        and not rules.leans(text, detect(text))
        and not _is_known(text, known)
        and not any(tolls.conflict(text, other) for other in beside)
    ]
    headlines = [stems(story.headline) for story in stories]
    bags = [stems(text) for _, text in pool]
    weights = rarity([*headlines, *bags])
    heads = [vector(bag, weights) for bag in headlines]
    vectors = [vector(bag, weights) for bag in bags]
    chosen = _choose(pool, vectors, heads, max_words)
    if len(chosen) < 2:
        return ""
    return " ".join(with_stop(pool[at][1]) for at in sorted(chosen, key=lambda at: pool[at][0]))


def _sentences(story: Story, more: Mapping[str, Sequence[str]] | None) -> Sequence[str]:
    own = [sentence.text for sentence in story.summary.sentences]
    return own if more is None else more.get(story.key, ())


def _is_known(text: str, known: Sequence[tuple[set[str], set[str]]]) -> bool:
    said = set(words(text))
    bare = set(stems(text))
    return any(
        len(said & other) >= _HALF * len(said) or (len(key) > 2 and len(bare & key) >= _HALF * len(key))
        for other, key in known
    )


def _choose(
    pool: Sequence[tuple[int, str]], vectors: Sequence[Vector], heads: Sequence[Vector], max_words: int
) -> list[int]:
    again = [max((cosine(one, head) for head in heads), default=0.0) for one in vectors]
    chosen: list[int] = []
    left = max_words
    while len(chosen) < MOST_SENTENCES:
        used = {pool[at][0] for at in chosen}
        open_to = [
            at
            for at, (story, text) in enumerate(pool)
            if story not in used and again[at] < _SAYS_AGAIN and len(words(text)) <= left
        ]
        if not open_to:
            break
        best = max(open_to, key=lambda at: _worth(at, pool, vectors, again, chosen))
        chosen.append(best)
        left -= len(words(pool[best][1]))
    return chosen


def _worth(
    at: int,
    pool: Sequence[tuple[int, str]],
    vectors: Sequence[Vector],
    again: Sequence[float],
    chosen: Sequence[int],
) -> float:
    repeated = max((cosine(vectors[at], vectors[other]) for other in chosen), default=0.0)
    return 1 / (1 + pool[at][0]) - again[at] - repeated
