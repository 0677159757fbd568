"""Which stories weigh most, and why; in words that an editor understands."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.curate.events.likeness import identity_of
from digest.curate.ranking.news_value import value_of
from digest.curate.ranking.tolls import new_toll, toll_of
from digest.curate.ranking.updates import Memory
from digest.model import Article
from digest.model.news.published import PublishedBefore
from digest.text.words.tokens import stems

HALF_LIFE_HOURS = 12.0
OUTLETS_WEIGHT = 2.0
RECENCY_WEIGHT = 0.6
TOLL_WEIGHT = 0.5
MOST_TOLL = 2.0
MOST_TOLL_OF_ONE = 0.8
POSITION_WEIGHT = 0.3
BREAKING_WEIGHT = 1.0
KEYWORD_WEIGHT = 1.0
MOST_KEYWORDS = 2
STUB_WORDS = 15
STUB_PENALTY = 0.75
PIN_WEIGHT = 100.0

# What the editor reads, each with its share of the weight. The numbers' nouns follow Arabic counting: one,
# two, 3 to 10, 11 and more.
_COUNTED = {
    "outlets": ("نقله مصدر واحد", "نقله مصدران", "نقلته {n} مصادر", "نقله {n} مصدرًا"),
    "hours": ("نُشر قبل ساعة", "نُشر قبل ساعتين", "نُشر قبل {n} ساعات", "نُشر قبل {n} ساعة"),
    "days": ("نُشر قبل يوم", "نُشر قبل يومين", "نُشر قبل {n} أيام", "نُشر قبل {n} يومًا"),
}
REASONS = {
    "now": "نُشر قبل أقل من ساعة",
    "standing": "مصدر ذو وزن",
    "first": "في صدر صفحة المصدر",
    "position": "ترتيبه {n} في صفحة المصدر",
    "breaking": "خبر عاجل",
    "toll": "ضحايا معدودون: {n}",
    "keyword": "كلمة تهم القائمة: {word}",
    "stub": "نصه قصير",
    "pinned": "ثبّته المحرر",
    "update": "تطورات في خبر سبق نشره",
    "new_toll": "حصيلة جديدة: {n}",
    "told": "سبق نشره ولم يستجد فيه شيء",
    "old": "أقدم من المدة المطلوبة",
    "light": "وزنه دون الحد الأدنى",
}
_SHARE = "{reason} ({share:.2f})"
_LOSS = "{reason} (ناقص {share:.2f})"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A story with its weight. `articles` have the lead first; `update` says that an earlier edition told it
    and it moved on.

    Of an update `articles` are those that say something new; what was told stands in `earlier`, and
    `new_toll` is a count of dead that was not told. `reasons` say in Arabic what the weight is the sum of.
    """

    articles: tuple[Article, ...]
    score: float
    reasons: tuple[str, ...]
    update: bool = False
    earlier: tuple[Article, ...] = ()
    new_toll: int = 0


@dataclass(frozen=True, slots=True)
class Dropped:
    """A story that is left out, and why; `reasons` say in Arabic what its weight is the sum of."""

    articles: tuple[Article, ...]
    score: float
    reason: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All stories: those that stay, best first, and those that do not, in the order they came in."""

    kept: tuple[Ranked, ...]
    dropped: tuple[Dropped, ...]


def weigh(
    groups: Sequence[tuple[Article, ...]],
    *,
    now: datetime,
    weights: Mapping[str, float],
    keywords: Sequence[str] = (),
    published: PublishedBefore | Collection[str] = (),
    pinned: Collection[str] = (),
    score_floor: float = 0.0,
    oldest: timedelta | None = None,
    ages: bool = True,
) -> Ranking:
    """Weigh stories: by outlets and their standing, age, place in the feeds, breaking marks, the list's
    keywords and pins.

    `weights` are by outlet name, 1 where nothing is said. `published` and `pinned` hold addresses or
    content hashes of articles. A story that was told is dropped unless an article that is not among those
    told, and is no copy of one, came no earlier than the last told one and says something new; then it is an
    update, made and weighed of such articles alone. `score_floor` and `oldest` (age of the newest article)
    drop what is light or old; a pin overrules both. Without `ages` hours count for nothing: a review of the
    week ranks the week. Equal scores: the newer story first.
    """
    memory = Memory(
        published
        if isinstance(published, PublishedBefore)
        else PublishedBefore(addresses=frozenset(published))
    )
    pins = frozenset(pinned)
    wanted = [(word, frozenset(stems(word))) for word in keywords]
    kept: list[Ranked] = []
    dropped: list[Dropped] = []
    for articles in groups:
        if not articles:
            continue
        moved = memory.moved_on(articles)
        lead_first, repeated = moved.articles or articles, not moved.articles
        fresh = new_toll(lead_first, moved.earlier) if moved.update else 0
        # A count that readers know already weighs nothing.
        dead = fresh if moved.update else toll_of(lead_first)
        score, reasons = _score(lead_first, dead, now=now, weights=weights, wanted=wanted, ages=ages)
        if any(_marks(article) & pins for article in articles):
            score += PIN_WEIGHT
            reasons = (_share(REASONS["pinned"], PIN_WEIGHT), *reasons)
        age = now - max(article.when for article in lead_first)
        if repeated:
            reason = "told"
        elif score < PIN_WEIGHT and oldest is not None and age > oldest:
            reason = "old"
        elif score < score_floor:
            reason = "light"
        else:
            if fresh:
                reasons = (REASONS["new_toll"].format(n=fresh), *reasons)
            reasons = (REASONS["update"], *reasons) if moved.update else reasons
            kept.append(
                Ranked(
                    articles=lead_first,
                    score=round(score, 4),
                    reasons=reasons,
                    update=moved.update,
                    earlier=moved.earlier,
                    new_toll=fresh,
                )
            )
            continue
        said = REASONS[reason]
        dropped.append(Dropped(articles=articles, score=round(score, 4), reason=said, reasons=reasons))
    kept.sort(key=_order)
    return Ranking(kept=tuple(kept), dropped=tuple(dropped))


def _order(ranked: Ranked) -> tuple[float, float, str]:
    newest = max(article.when.timestamp() for article in ranked.articles)
    return -ranked.score, -newest, identity_of(ranked.articles[0])


def _marks(article: Article) -> set[str]:
    return {mark for mark in (article.url, article.content_hash) if mark}


def _score(
    articles: tuple[Article, ...],
    dead: int,
    *,
    now: datetime,
    weights: Mapping[str, float],
    wanted: Sequence[tuple[str, frozenset[str]]],
    ages: bool = True,
) -> tuple[float, tuple[str, ...]]:
    outlets = {article.source_name: weights.get(article.source_name, 1.0) for article in articles}
    of_outlets = OUTLETS_WEIGHT * math.log2(1 + sum(max(0.0, weight) for weight in outlets.values()))
    shares = [(_counted("outlets", len(outlets)), of_outlets)]
    if max(outlets.values()) > 1:
        shares = [(f"{shares[0][0]}، {REASONS['standing']}", of_outlets)]
    hours = max(0.0, min((now - article.when).total_seconds() for article in articles) / 3600)
    if ages:
        shares.append((_age(hours), RECENCY_WEIGHT * 0.5 ** (hours / HALF_LIFE_HOURS)))
    if dead:
        most = MOST_TOLL if len(outlets) > 1 else MOST_TOLL_OF_ONE
        share = min(most, TOLL_WEIGHT * math.log2(1 + dead))
        shares.append((REASONS["toll"].format(n=dead), share))
    place = max(0, min(article.position for article in articles))
    stands = REASONS["position"].format(n=place + 1) if place else REASONS["first"]
    shares.append((stands, POSITION_WEIGHT / (1 + place / 3)))
    shares += value_of(articles)
    if any(article.breaking for article in articles):
        shares.append((REASONS["breaking"], BREAKING_WEIGHT))
    if wanted:
        said = frozenset(stems(" ".join(article.title for article in articles)))
        met = [word for word, parts in wanted if parts and parts <= said][:MOST_KEYWORDS]
        shares += [(REASONS["keyword"].format(word=word), KEYWORD_WEIGHT) for word in met]
    if max(sum(len(part.split()) for part in article.body) for article in articles) < STUB_WORDS:
        shares.append((REASONS["stub"], -STUB_PENALTY))
    return sum(share for _, share in shares), tuple(_share(reason, share) for reason, share in shares)


def _share(reason: str, share: float) -> str:
    # A minus sign would stand on the wrong side of its number in a line of Arabic.
    return (_LOSS if share < 0 else _SHARE).format(reason=reason, share=abs(share))


def _age(hours: float) -> str:
    if hours < 1:
        return REASONS["now"]
    return _counted("hours", round(hours)) if hours < 24 else _counted("days", int(hours // 24))


def _counted(name: str, n: int) -> str:
    forms = _COUNTED[name]
    place = 0 if n <= 1 else 1 if n == 2 else 2 if 3 <= n % 100 <= 10 else 3
    return forms[place].format(n=n)
