"""An invented newsroom's sources, in all states of health, and its staff, one for each role."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.collect import failures
from digest.collect.failures import Happening
from digest.errors import SourceReason
from digest.model import Account, Article, AuditEntry, Role, Source, SourceKind
from digest.model.news.source import SourceEvent
from digest.model.rows import row_id
from digest.services.accounts import passwords, tokens
from digest.storage.accounts import people

FAR = timedelta(days=3650)
"""No invented source is ever visited."""
STAFF = {
    Role.OWNER: "سلمى الكاتب",
    Role.ADMIN: "ناصر الحداد",
    Role.EDITOR: "هدى الراوي",
    Role.PUBLISHER: "وائل الشامي",
    Role.LIST_MANAGER: "عبير القاضي",
    Role.VIEWER: "كريم النجار",
}
ILL: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "empty": ("مدوّنة الضفاف", {"seen_items": 0, "undated_items": 0}),
    "undated": ("بلدية السهل", {"seen_items": 14, "undated_items": 14}),
    "slow": ("إذاعة الوادي", {"seen_items": 30, "undated_items": 0, "read_seconds": 11.4}),
    "silent": ("نشرة الجامعة", {"seen_items": 8, "undated_items": 0, "silent": True}),
    "forbidden": ("بوابة الأسواق", {"reason": SourceReason.FORBIDDEN, "status": 403}),
    "trouble": ("وكالة الجنوب", {"reason": SourceReason.TROUBLE, "status": 503}),
    "gone": ("جريدة الأمس", {"gone": True}),
    "off": ("صفحة الطقس", {"enabled": False}),
    "new": ("منصة البيئة", {"new": True}),
}


async def sources(session: AsyncSession, now: datetime) -> None:
    """Keep the outlets of the sample articles as sources that are well, and others that are not."""
    query = select(Article.source_name).distinct().order_by(col(Article.source_name))
    for place, outlet in enumerate((await session.exec(query)).all()):
        source = _source(f"outlet{place + 1}", outlet, now)
        source.seen_items, source.undated_items, source.read_seconds = 25 + place, place % 3, 0.3 + place / 10
        source.items_a_day = 6.0 + 3 * place
        source.standing = 1.5 if place == 0 else 1.0
        session.add(source)
        await session.flush()
        articles = (await session.exec(select(Article).where(Article.source_name == outlet))).all()
        taken: set[str] = set()
        for article in articles:
            if article.url_key not in taken:
                article.source_id = row_id(source)
                taken.add(article.url_key)
                session.add(article)
    for name, (called, facts) in ILL.items():
        await _ill(session, name, called, dict(facts), now)
    await session.flush()


def _source(name: str, called: str, now: datetime) -> Source:
    return Source(
        kind=SourceKind.FEED,
        location=f"https://{name}.example/feed.xml",
        name=called,
        next_poll_at=now + FAR,
        last_success_at=now - timedelta(minutes=12),
        last_item_at=now - timedelta(minutes=40),
        created_at=now - timedelta(days=200),
    )


async def _ill(
    session: AsyncSession, name: str, called: str, facts: dict[str, object], now: datetime
) -> None:
    source = _source(name, called, now)
    for field in ("seen_items", "undated_items", "read_seconds", "enabled"):
        if field in facts:
            setattr(source, field, facts[field])
    for field, value in _facts_of(facts, now).items():
        setattr(source, field, value)
    reason = facts.get("reason")
    if isinstance(reason, SourceReason):
        source.failures, source.last_error_at = 4, now - timedelta(minutes=9)
        source.last_error = failures.describe(
            reason, "en", location=source.location, status=_number(facts, "status")
        )
    session.add(source)
    await session.flush()
    if isinstance(reason, SourceReason):
        for hours in (0.2, 2, 7, 30):
            session.add(_event(source, reason, now - timedelta(hours=hours), status=_number(facts, "status")))
    if "silent" in facts:
        session.add(_event(source, Happening.SILENT, now - timedelta(days=2), days=9))
    if name == "slow":
        aside = _event(source, Happening.QUARANTINED, now - timedelta(hours=5))
        aside.detail = "https://slow.example/n/17: left out, neither it nor its page tells a title."
        session.add(aside)


def _facts_of(facts: dict[str, object], now: datetime) -> dict[str, object]:
    """What a source of that kind has stood in its row."""
    if "silent" in facts:
        return {"last_item_at": now - timedelta(days=11)}
    if "new" in facts:
        return {
            "last_success_at": None,
            "last_item_at": None,
            "created_at": now - timedelta(minutes=2),
        }
    return {"muted_reason": "gone (410)"} if "gone" in facts else {}


def _number(facts: dict[str, object], name: str) -> int | None:
    found = facts.get(name)
    return found if isinstance(found, int) else None


def _event(
    source: Source, reason: failures.FailureKind, at: datetime, *, status: int | None = None, days: int = 0
) -> SourceEvent:
    sentences = {
        language: failures.describe(reason, language, location=source.location, status=status, days=days)
        for language in ("en", "ar")
    }
    return SourceEvent(
        source_id=row_id(source),
        at=at,
        reason=reason.value,
        message=sentences["en"],
        message_ar=sentences["ar"],
    )


async def staff(session: AsyncSession, now: datetime) -> dict[Role, Account]:
    """Keep an account for each role. Nobody knows a password of theirs."""
    unknown = await passwords.hash_password(tokens.new_token())
    made = {}
    for role, name in STAFF.items():
        account = Account(
            email=f"{role.value.replace('_', '-')}@newsroom.example",
            name=name,
            password_hash=unknown,
            created_at=now - timedelta(days=90),
        )
        account = await people.add(session, account)
        await people.set_roles(session, row_id(account), [(role, None)])
        made[role] = account
    return made


def acts(now: datetime) -> list[AuditEntry]:
    """Return a few lines of an audit log."""
    lines: tuple[tuple[int, str, str, str, str, dict[str, Any], dict[str, Any]], ...] = (
        (5, "editor", "sources.add", "", "https://slow.example/feed.xml", {}, {"name": "إذاعة الوادي"}),
        (4, "publisher", "editions.pause", "daily", "27", {"state": "sending"}, {"state": "paused"}),
        (4, "publisher", "editions.resume", "daily", "27", {"state": "paused"}, {"state": "sending"}),
        (3, "admin", "accounts.invite", "", "editor@newsroom.example", {}, {"role": "editor"}),
        (2, "editor", "sources.set", "", "https://outlet1.example/feed.xml", {"standing": 1.0}, {"standing": 1.5}),
        (1, "editor", "sources.pause", "", "https://off.example/feed.xml", {"enabled": True}, {"enabled": False}),
    )  # fmt: skip
    return [
        AuditEntry(
            at=now - timedelta(days=days, hours=2),
            actor=f"desk:{who}@newsroom.example",
            act=act,
            list_slug=slug,
            about=about,
            before=before,
            after=after,
            came_from="203.0.113.7",
        )
        for days, who, act, slug, about, before, after in lines
    ]
