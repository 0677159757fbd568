"""How much two articles tell the same event: a number between 0 and 1 from their titles and first lines."""

from dataclasses import dataclass
from zlib import crc32

from digest.model import Article
from digest.text.tokens import stems

# The event is told in the first lines; what follows is background that topics share.
LEAD_CHARS = 600


@dataclass(frozen=True, slots=True)
class Print:
    """What is kept of an article for comparing it: hashed stems of the title and of title and lead, and its instant.

    `at` is in seconds since 1970, UTC.
    """

    identity: str
    content_hash: str
    source: str
    at: float
    title: frozenset[int]
    lead: frozenset[int]


def print_of(article: Article) -> Print:
    """Return what is needed to compare an article. Linear in the first 600 characters of its body."""
    lead = " ".join(article.body)[:LEAD_CHARS]
    title = frozenset(crc32(stem.encode()) for stem in stems(article.title[:LEAD_CHARS]))
    return Print(
        identity=identity_of(article),
        content_hash=article.content_hash,
        source=article.source_name,
        at=article.when.timestamp(),
        title=title,
        lead=title | frozenset(crc32(stem.encode()) for stem in stems(lead)),
    )


def identity_of(article: Article) -> str:
    """Return what tells one article from all others: its address, else its key within the source, else its text's hash."""
    return article.url or article.url_key or article.content_hash or article.title


def likeness(first: Print, second: Print) -> float:
    """Return how much two articles tell one event, 0 to 1; symmetric."""
    both = len(first.lead & second.lead)
    return both / (len(first.lead | second.lead) or 1)
