"""Post editions to channels: part by part, again until they stand there, changed when they are corrected."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from digest.deliver.channels.outcome import PostOutcome, PostReply
from digest.deliver.channels.telegram import editing, reply_of, sending
from digest.errors import SourceError
from digest.model import (
    Channel,
    ChannelKind,
    ChannelPost,
    Edition,
    EditionContent,
    MailingList,
    PostState,
)
from digest.model.rows import row_id
from digest.render.channel_text import approval_message, channel_messages
from digest.services.app import App
from digest.services.programs.signed_posts import GONE, LONGEST_ERROR, as_body, post_signed
from digest.settings.hidden import redacted
from digest.storage.editions import corrections
from digest.storage.programs import channels as stored
from digest.storage.tries import again_at

log = structlog.get_logger()

SECONDS = 20.0
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""Between tries; then it has failed."""
TEST_WORDS = "\u200fموجز: رسالة تجربة."


async def due(app: App, limit: int) -> list[int]:
    """Return the posts that should be made now."""
    async with app.database.read() as session:
        return await stored.due(session, app.clock.now(), limit)


async def asked_at(app: App, post_id: int) -> datetime | None:
    """Return when a post was asked for; None: there is none of that number."""
    async with app.database.read() as session:
        found = await session.get(ChannelPost, post_id)
    return found.created_at if found else None


async def post(app: App, post_id: int) -> bool:
    """Make one post, or change what stands there already. False: there is none to make.

    What was posted is kept part by part, so that a process that dies repeats one part at most.
    """
    async with app.database.begin() as session:
        taken = await stored.take(session, post_id, app.clock.now())
        errata = await corrections.of_edition(session, taken[2].list_id, taken[2].number) if taken else []
    if taken is None:
        return False
    made, channel, edition, mailing_list = taken
    said = [one.text for one in errata]
    if channel.kind is ChannelKind.TELEGRAM:
        reply = await _to_telegram(app, made, channel, _messages(app, channel, mailing_list, edition, said))
    else:
        body = webhook_body(app, channel, mailing_list, edition, made, errata=said)
        reply = await _to_webhook(app, channel, f"msg_post_{post_id}_{made.revision}", body)
    await _settle(app, made, channel, reply)
    return True


async def _settle(app: App, made: ChannelPost, channel: Channel, reply: PostReply) -> None:
    now, done = app.clock.now(), reply.outcome is PostOutcome.DONE
    again = _next(app, made.attempts, reply) if reply.outcome is PostOutcome.WAIT else None
    state = PostState.SENT if done else PostState.WAITING if again else PostState.FAILED
    words = redacted(reply.words)[:LONGEST_ERROR]
    async with app.database.begin() as session:
        await stored.settle(
            session,
            row_id(made),
            state=state,
            error=words,
            posted_at=now if done else made.posted_at,
            next_try_at=again,
            revision=made.revision,
        )
        if reply.outcome is PostOutcome.BROKEN:
            await stored.breaks(session, row_id(channel), words)
    if not done:
        log.warning("channel.not_posted", channel=channel.name, state=state.value, reason=words)


def _next(app: App, attempts: int, reply: PostReply) -> datetime | None:
    now, again = app.clock.now(), again_at(attempts - 1, WAITS, app.clock.now())
    return now + timedelta(seconds=reply.seconds) if again and reply.seconds else again


def _messages(
    app: App, channel: Channel, mailing_list: MailingList, edition: Edition, errata: Sequence[str]
) -> list[str]:
    content = EditionContent.model_validate(edition.content)
    if channel.approvals:
        url = app.links.desk_edition(mailing_list.slug, edition.number)
        return [approval_message(content, subject=edition.subject, url=url)]
    return channel_messages(
        content,
        subject=edition.subject,
        url=app.links.edition(mailing_list.slug, edition.number),
        corrections=errata,
        digits=mailing_list.digits,
    )


async def _to_telegram(app: App, made: ChannelPost, channel: Channel, messages: Sequence[str]) -> PostReply:
    """Bring what stands in the channel to what the edition says: post what is missing, change what
    differs.
    """
    parts = list(made.parts)
    reply = PostReply(PostOutcome.DONE)
    for place, text in enumerate(messages):
        mark = hashlib.sha256(text.encode()).hexdigest()[:16]
        stands = parts[place] if place < len(parts) else None
        if stands is not None and stands["mark"] == mark:
            continue
        number = int(stands["message"]) if stands is not None else 0
        asked = editing(channel.target, number, text) if number else sending(channel.target, text)
        reply = await _ask(app, *asked, edits=number)
        if reply.outcome is not PostOutcome.DONE:
            return reply
        parts[place : place + 1] = [{"message": reply.message, "mark": mark}]
        async with app.database.begin() as session:
            await stored.keep_parts(session, row_id(made), parts)
    return reply


async def _ask(app: App, method: str, body: Any, *, edits: int = 0) -> PostReply:
    chosen = app.settings.channels
    token = chosen.telegram_token.get_secret_value() if chosen.telegram_token else ""
    if not token:
        return PostReply(PostOutcome.WAIT, words="There is no bot: channels.telegram_token is empty.")
    try:
        status, answer = await app.http.post_json(
            f"{chosen.telegram_url.rstrip('/')}/bot{token}/{method}", body, {}, SECONDS
        )
    except SourceError as error:
        return PostReply(PostOutcome.WAIT, words=error.message)
    return reply_of(status, answer, edits=edits)


def webhook_body(
    app: App,
    channel: Channel,
    mailing_list: MailingList,
    edition: Edition,
    made: ChannelPost,
    *,
    errata: Sequence[str],
) -> bytes:
    """Return an edition as a webhook gets it: what it says, story by story, with what was corrected of it."""
    content = EditionContent.model_validate(edition.content)
    said = {
        "type": _type_of(channel, made),
        "timestamp": app.clock.now().isoformat(),
        "data": {
            "list": mailing_list.slug,
            "number": edition.number,
            "kind": edition.kind.value,
            "language": content.language,
            "local_date": edition.local_date.isoformat(),
            "subject": edition.subject,
            "url": app.links.desk_edition(mailing_list.slug, edition.number)
            if channel.approvals
            else app.links.edition(mailing_list.slug, edition.number),
            "corrections": list(errata),
            "sections": [
                {
                    "title": section.title,
                    "stories": [
                        {
                            "headline": story.headline,
                            "summary": story.summary.text,
                            "sources": [{"outlet": one.source, "url": one.url} for one in story.articles],
                        }
                        for story in section.stories
                    ],
                }
                for section in content.sections
            ],
        },
    }
    return as_body(said)


def _type_of(channel: Channel, made: ChannelPost) -> str:
    if channel.approvals:
        return "edition.awaits_approval"
    return "edition.corrected" if made.revision else "edition.posted"


async def _to_webhook(app: App, channel: Channel, message_id: str, body: bytes) -> PostReply:
    done = await post_signed(app, channel.target, channel.secret, message_id, body, seconds=SECONDS)
    if done.is_taken:
        return PostReply(PostOutcome.DONE)
    kind = PostOutcome.BROKEN if done.status == GONE else PostOutcome.WAIT
    return PostReply(kind, words=done.problem)


async def try_channel(app: App, channel: Channel) -> str:
    """Post a line that says that it is a test; returns what went wrong, or ""."""
    if channel.kind is ChannelKind.TELEGRAM:
        reply = await _ask(app, *sending(channel.target, TEST_WORDS))
    else:
        body = as_body({"type": "test", "timestamp": app.clock.now().isoformat(), "data": {}})
        name = f"msg_test_{channel.id}_{int(app.clock.now().timestamp())}"
        reply = await _to_webhook(app, channel, name, body)
    return "" if reply.outcome is PostOutcome.DONE else redacted(reply.words)
