"""The sentences that a summary may be made of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from digest.model.news.article import Article
from digest.summarize.extract import clauses, rules
from digest.text.words import sentences
from digest.text.words.tokens import stems_of, words

# Nobody's news is told in the thousandth sentence; a bound keeps a monstrous article from costing minutes.
MOST_SENTENCES = 120
LONGEST_PARAGRAPH = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence as it stands in its paragraph.

    `order` counts the article's sentences from 0; `said` is its folded words and `words` their count;
    `refusal` says why it may not be told ("" when it may) and `leans` that it needs the sentence before it.
    """

    text: str
    article: int
    paragraph: int
    order: int
    said: tuple[str, ...]
    stems: tuple[str, ...]
    refusal: str
    leans: bool

    @property
    def words(self) -> int:
        """The length in words."""
        return len(self.said)


def of(article: Article, index: int = 0) -> list[Candidate]:
    """Return the article's sentences in order, the headings and repeated ones left out, datelines cut from
    their front.

    A line without a stop among such that have one is refused as "unfinished": an excerpt's end, another
    article's title. A cut sentence that stands alone is told as far as it is a whole.
    """
    found: list[Candidate] = []
    seen: set[tuple[str, ...]] = set()
    pieces = list(islice(_sentences(article), MOST_SENTENCES))
    stops = _stops(text for _, text in pieces)
    for paragraph, piece in pieces:
        text, refusal = _whole(piece, stops=stops, alone=len(pieces) == 1)
        said = tuple(words(text))
        if not said or said in seen:
            continue
        seen.add(said)
        found.append(
            Candidate(
                text=text,
                article=index,
                paragraph=paragraph,
                order=len(found),
                said=said,
                stems=tuple(stems_of(said)),
                refusal=refusal or rules.refusal(text, len(said)),
                leans=rules.leans(text, article.language),
            )
        )
    return found


def _stops(texts: Iterable[str]) -> bool:
    """Whether an article sets stops: half of its sentences end with one."""
    ends = [rules.is_stopped(text) for text in texts]
    return 2 * sum(ends) >= len(ends)


def _whole(text: str, *, stops: bool, alone: bool) -> tuple[str, str]:
    """A sentence, or what of it is a whole; and "unfinished" when it is none."""
    if rules.is_stopped(text):
        return text, ""
    if not alone:
        return text, "unfinished" if stops or rules.is_cut(text) or clauses.dangles(text) else ""
    if rules.is_cut(text) or clauses.dangles(text) or len(text.split()) >= clauses.LONG:
        part = clauses.finished_part(text)
        if part or rules.is_cut(text) or clauses.dangles(text):
            return part or text, "" if part else "unfinished"
    return text, ""


def of_all(articles: Sequence[Article]) -> list[list[Candidate]]:
    """Return the sentences of each article, in the order given."""
    return [of(article, index) for index, article in enumerate(articles)]


def _sentences(article: Article) -> Iterator[tuple[int, str]]:
    headings = set(article.headings)
    title = tuple(words(article.title))
    for index, paragraph in enumerate(article.paragraphs):
        if paragraph in headings or tuple(words(paragraph[:400])) == title:
            continue
        start = rules.after_dateline(paragraph[:LONGEST_PARAGRAPH])
        for sentence in sentences.split(paragraph[start:LONGEST_PARAGRAPH], article.language):
            yield index, sentence
