"""How many people an event cost, as its tellings count them; pure."""

import re
from collections.abc import Sequence
from statistics import median_low

from digest.curate.events.likeness import OPENING_CHARS
from digest.curate.events.sequels import is_answer
from digest.model import Article
from digest.text.words.normalise import fold

_MOST = 1_000_000
_NUMBERS = {"عشرات": 20, "العشرات": 20, "ميات": 200, "الميات": 200, "شخصان": 2, "عشره": 10, "عشرين": 20}
_COUNT = r"(\d{1,6}|عشرات|العشرات|ميات|الميات|عشره|عشرين)"
_DEAD = re.compile(
    rf"{_COUNT}(?: \w+){{0,2}} (?:ال)?(?:قتيل|قتيلا|قتلي|شهيدا?|شهداء|ضحيه|ضحايا|جثه|جثث)\b"
    rf"|(?:قتل|مقتل|وقتل|قتلت|استشهاد|استشهد|وفاه|مصرع|حصد|اودي بحياه|بحياه|يودي بحياه|لقي)(?: \w+){{0,3}}? {_COUNT}\b"
)


def toll_of(articles: Sequence[Article]) -> int:
    """Return the dead that most titles and openings count: the middle of their counts, 0 when at most one
    article counts them.

    They count for the event that cost them, and not for what others make of it: who condemns or demands, and
    what a body decides.
    """
    counts = [count for article in articles if not is_answer(article.title) and (count := _count(article))]
    return median_low(counts) if len(counts) > 1 or len(articles) == 1 == len(counts) else 0


def new_toll(articles: Sequence[Article], earlier: Sequence[Article]) -> int:
    """Return the dead that the newest of an update's counts gives, where no told article counts so many; 0:
    there is no new count.
    """
    counts = [(article.when, count) for article in articles if (count := _count(article))]
    newest = max(counts, default=(None, 0))[1]
    return newest if newest > max(map(_count, earlier), default=0) else 0


def _count(article: Article) -> int:
    text = fold(f"{article.title} {' '.join(article.body)[:OPENING_CHARS]}")
    found = [_number(one or other) for one, other in _DEAD.findall(text)]
    return max((n for n in found if 0 < n < _MOST and not 1900 <= n <= 2100), default=0)


def _number(said: str) -> int:
    return int(said) if said.isdigit() else _NUMBERS.get(said, 0)
