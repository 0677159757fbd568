"""What is known of people and has become too old to keep, by the settings of `retention`."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from digest.services.app import App
from digest.storage.audience import retention as stored
from digest.storage.editions import clicks

log = structlog.get_logger()


async def forget_old(app: App, now: datetime) -> Mapping[str, int]:
    """Drop what is older than the settings keep it; returns how many rows each of it changed.

    The replies go an edition at a time: a large ledger is not written in one transaction.
    """
    chosen = app.settings.retention
    done: dict[str, int] = {}
    if before := _before(now, chosen.ip_days):
        async with app.database.begin() as session:
            done["addresses"] = await stored.drop_ips(session, before)
    if before := _before(now, chosen.bounce_days):
        async with app.database.begin() as session:
            done["bounces"] = await stored.drop_bounce_words(session, before)
    if before := _before(now, chosen.reply_days):
        done["replies"] = await _drop_replies(app, before)
    if before := _before(now, chosen.click_days):
        async with app.database.begin() as session:
            done["clicks"] = await clicks.drop_before(session, before.date())
    log.info("retention.done", **done)
    return done


async def _drop_replies(app: App, before: datetime) -> int:
    async with app.database.begin() as session:
        dropped = await stored.drop_notice_replies(session, before)
    async with app.database.read() as session:
        old = await stored.editions_with_words(session, before)
    for edition_id in old:
        async with app.database.begin() as session:
            dropped += await stored.drop_replies(session, edition_id)
    return dropped


def _before(now: datetime, days: int) -> datetime | None:
    return now - timedelta(days=days) if days else None
