"""What is new in a story that an earlier edition told; pure.

An update is made of the articles alone that say something new: a name, a number, or several words that none
of the told articles has. What a reader has read already, headline or sentence, never stands in an edition
again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from digest.curate.events.copies import RESEMBLANCE, Hashes, resemblance
from digest.curate.events.evidence import evidence_of
from digest.curate.events.likeness import LEAD_CHARS, OPENING_CHARS, TITLE_CHARS, shingles_of
from digest.curate.events.names import named
from digest.model import Article
from digest.model.news.published import PublishedBefore
from digest.text.words.normalise import fold
from digest.text.words.sentences import split
from digest.text.words.tokens import stem, stems, words

_FRESH_SHARE = 0.34
_FRESH_WORDS = 3
# A sentence that says so much of one that was told is that one, turned round.
_SAME_SENTENCE = 0.8
_SHORTEST_SENTENCE = 4


@dataclass(frozen=True, slots=True)
class Moved:
    """A story without what was told. `articles` are what may be told now: none when it did not move on."""

    articles: tuple[Article, ...]
    earlier: tuple[Article, ...] = ()

    @property
    def update(self) -> bool:
        """Whether an earlier edition told it and something is new."""
        return bool(self.earlier and self.articles)


class Memory:
    """What was told, ready to be asked."""

    def __init__(self, published: PublishedBefore, others: Collection[str] = ()) -> None:
        self._marks = published.addresses | frozenset(others)
        self._headlines = frozenset(map(_plain, published.headlines)) - {""}
        self._sentences = frozenset(map(_plain, published.sentences)) - {""}
        self._by_stem: dict[str, list[frozenset[str]]] = {}
        for sentence in sorted(published.sentences | published.headlines):
            said = frozenset(stems(sentence))
            for one in said:
                self._by_stem.setdefault(one, []).append(said)

    def moved_on(self, articles: tuple[Article, ...]) -> Moved:
        """Part a story's articles into those that tell something new and those whose news was told.

        An article that bears the headline of an earlier edition was told, whoever wrote it. What came before
        the last told article is no news, nor is the result of a match that was told as played.
        """
        by_mark = [article for article in articles if _marks(article) & self._marks]
        old = [a for a in articles if _marks(a) & self._marks or _plain(a.title) in self._headlines]
        if not old:
            return Moved(articles)
        last = max((article.when for article in by_mark), default=None)
        texts = [shingles_of(article) for article in old]
        known = _KnownFacts(old)
        is_over = any(evidence_of(_beginning(one, OPENING_CHARS)).played for one in old)
        gone = set(map(id, old))
        new = tuple(
            article
            for article in articles
            if id(article) not in gone
            and (last is None or article.when >= last)
            and not (is_over and evidence_of(article.title).played)
            and not _repeats(article, texts)
            and known.lacks_something_of(article)
        )
        kept = set(map(id, new))
        return Moved(new, tuple(article for article in articles if id(article) not in kept))

    def without_published(self, article: Article) -> Article:
        """Return the article without the sentences that were told, every paragraph in its place; itself when
        it has none of them.
        """
        if not self._sentences:
            return article
        paragraphs = [self._left(paragraph, article.language) for paragraph in article.paragraphs]
        if paragraphs == list(article.paragraphs):
            return article
        return Article.of_fields(**{**article.model_dump(), "paragraphs": paragraphs})

    def _left(self, paragraph: str, language: str) -> str:
        sentences = split(paragraph, language)
        left = [sentence for sentence in sentences if not self._was_published(sentence)]
        return paragraph if len(left) == len(sentences) else " ".join(left)

    def _was_published(self, sentence: str) -> bool:
        if _plain(sentence) in self._sentences:
            return True
        said = frozenset(stems(sentence))
        if len(said) < _SHORTEST_SENTENCE:
            return False
        near: dict[int, int] = {}
        longest = 0
        for one in said:
            for other in self._by_stem.get(one, ()):
                near[id(other)] = near.get(id(other), 0) + 1
                longest = max(longest, near[id(other)])
        return longest >= _SAME_SENTENCE * len(said)


class _KnownFacts:
    """What the told articles of a story say."""

    def __init__(self, articles: Sequence[Article]) -> None:
        text = [word for article in articles for word in words(_beginning(article, LEAD_CHARS))]
        self._words = frozenset(text)
        self._stems = frozenset(map(stem, text))
        self._names = frozenset(named(word)[0] for word in text)

    def lacks_something_of(self, article: Article) -> bool:
        """Say whether title and first sentence have a name, a number or several words that are not known."""
        said = words(_beginning(article, OPENING_CHARS))
        if any(word[0].isdigit() and word not in self._words for word in said):
            return True
        if any(named(word)[0] not in self._names for word in words(article.title) if named(word)[0]):
            return True
        meant = frozenset(stems(_beginning(article, OPENING_CHARS)))
        fresh = meant - self._stems
        return len(fresh) >= _FRESH_WORDS and len(fresh) >= _FRESH_SHARE * len(meant)


def _beginning(article: Article, characters: int) -> str:
    return article.title[:TITLE_CHARS] + "\n" + "\n".join(article.body)[:characters]


def _plain(text: str) -> str:
    return " ".join(words(fold(text)))


def _marks(article: Article) -> set[str]:
    return {mark for mark in (article.url, article.content_hash) if mark}


def _repeats(article: Article, texts: Sequence[Hashes]) -> bool:
    mine = shingles_of(article)
    return any(resemblance(mine, text) >= RESEMBLANCE for text in texts)
