"""An invented month of editions, with books that balance and what came back."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Batch,
    BounceEvent,
    Delivery,
    Edition,
    EditionContent,
    EditionState,
    MailingList,
)
from digest.model.editions.lateness import deadline_after
from digest.model.rows import row_id
from digest.services.editions.lifecycle.approval import fingerprint

A_BATCH = 500
BOUNCED_OF_10000 = 38
FAILED_OF_10000 = 9
COMPLAINED_OF_10000 = 3
WORDS = ("5.1.1 The email account that you tried to reach does not exist", "5.2.1 The mailbox is disabled")


async def went_out(
    session: AsyncSession,
    mailing_list: MailingList,
    content: EditionContent,
    began: datetime,
    readers: Sequence[int],
) -> Edition:
    """Keep an edition that went out to these readers; of ten thousand a few dozen bounced."""
    chance = random.Random(content.number)  # noqa: S311 - nobody guesses what is invented
    edition = _edition(mailing_list, content, began, EditionState.FINISHED)
    edition.planned, edition.started_at = len(readers), began
    edition.finished_at = began + timedelta(minutes=4, seconds=chance.randint(0, 90))
    session.add(edition)
    await session.flush()
    rows = [_delivery(edition, reader, began, chance) for reader in readers]
    await session.exec(insert(Batch), params=_batches(edition, readers, rows, began))
    await session.exec(insert(Delivery), params=rows)
    events = [_bounce(edition, row) for row in rows if row["status"] == "bounced"]
    for reader in readers:
        if chance.randrange(10_000) < COMPLAINED_OF_10000:
            events.append(_complaint(edition, reader, began, chance))
    if events:
        await session.exec(insert(BounceEvent), params=events)
    return edition


async def waits(
    session: AsyncSession,
    mailing_list: MailingList,
    content: EditionContent,
    now: datetime,
    state: EditionState,
    *,
    reason: str = "",
    code: str = "",
    about: Mapping[str, str] | None = None,
) -> Edition:
    """Keep an edition that waits for somebody: a draft, or one that is held."""
    edition = _edition(mailing_list, content, now, state)
    edition.held_reason, edition.held_code, edition.held_about = reason or None, code, dict(about or {})
    session.add(edition)
    await session.flush()
    return edition


def _edition(
    mailing_list: MailingList, content: EditionContent, at: datetime, state: EditionState
) -> Edition:
    return Edition(
        list_id=row_id(mailing_list),
        kind=content.kind,
        local_date=content.local_date,
        number=content.number,
        state=state,
        window_start=content.window_start,
        window_end=content.window_end,
        send_deadline=deadline_after(at, mailing_list.misfire_hours),
        content=content.model_dump(mode="json"),
        fingerprint=fingerprint(content),
        subject=content.stories[0].headline if content.stories else mailing_list.name,
        created_at=at - timedelta(minutes=20),
        composed_at=at - timedelta(minutes=20),
    )


def _delivery(edition: Edition, reader: int, began: datetime, chance: random.Random) -> dict[str, Any]:
    lot = chance.randrange(10_000)
    status, code, reply, reason = "sent", 250, "2.0.0 OK queued", ""
    if lot < BOUNCED_OF_10000:
        status, code, reply, reason = "bounced", 550, chance.choice(WORDS), "permanent"
    elif lot < BOUNCED_OF_10000 + FAILED_OF_10000:
        status, code, reply, reason = "failed", 451, "4.7.1 Try again later", "tries"
    return {
        "edition_id": row_id(edition),
        "subscriber_id": reader,
        "status": status,
        "code": code,
        "reply": reply,
        "reason": reason,
        "attempts": 1,
        "at": began + timedelta(seconds=chance.randint(1, 240)),
        "history": [],
    }


def _batches(
    edition: Edition, readers: Sequence[int], rows: Sequence[dict[str, Any]], began: datetime
) -> list[dict[str, Any]]:
    made = []
    for place, start in enumerate(range(0, len(readers), A_BATCH)):
        own = rows[start : start + A_BATCH]
        counted = {name: sum(row["status"] == name for row in own) for name in ("sent", "bounced", "failed")}
        made.append(
            {
                "edition_id": row_id(edition),
                "position": place,
                "members": [row["subscriber_id"] for row in own],
                "size": len(own),
                "waiting": 0,
                **counted,
                "done": True,
                "due_at": began,
                "fence": 1,
            }
        )
    return made


def _bounce(edition: Edition, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "subscriber_id": row["subscriber_id"],
        "edition_id": row_id(edition),
        "at": row["at"],
        "event": "bounce",
        "weight": "hard",
        "code": row["reply"].split()[0],
        "words": row["reply"],
        "read_by": "smtp",
        "step": "nothing",
    }


def _complaint(edition: Edition, reader: int, began: datetime, chance: random.Random) -> dict[str, Any]:
    return {
        "subscriber_id": reader,
        "edition_id": row_id(edition),
        "at": began + timedelta(hours=chance.randint(1, 9)),
        "event": "complaint",
        "weight": "",
        "code": "",
        "words": "abuse",
        "read_by": "arf",
        "step": "suppress",
    }


def of_day(content: EditionContent, number: int, day: date, mailing_list: MailingList) -> EditionContent:
    """Return an edition's content as that of another day and number."""
    moved = timedelta(days=(day - content.local_date).days)
    return content.model_copy(
        update={
            "number": number,
            "local_date": day,
            "list_slug": mailing_list.slug,
            "list_name": mailing_list.name,
            "window_start": content.window_start + moved,
            "window_end": content.window_end + moved,
        }
    )
