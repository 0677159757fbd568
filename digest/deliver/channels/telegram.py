"""Telegram's bot interface: what is asked of it, and what its answers mean. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from digest.deliver.channels.outcome import PostOutcome, PostReply

LONGEST_WORDS = 200


def sending(chat: str, text: str) -> tuple[str, Mapping[str, Any]]:
    """Return the method and the body that post a message."""
    return "sendMessage", {"chat_id": chat, **_shown(text)}


def editing(chat: str, message: int, text: str) -> tuple[str, Mapping[str, Any]]:
    """Return the method and the body that change a message."""
    return "editMessageText", {"chat_id": chat, "message_id": message, **_shown(text)}


def _shown(text: str) -> Mapping[str, Any]:
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def reply_of(status: int, body: bytes, *, edits: int = 0) -> PostReply:
    """Say what an answer means; `edits` is the number of the message that was to be changed."""
    found = _read(body)
    words = str(found.get("description") or f"Telegram answered {status}")[:LONGEST_WORDS]
    if status == 200 and found.get("ok") is True:
        result = found.get("result")
        number = result.get("message_id") if isinstance(result, dict) else None
        return PostReply(PostOutcome.DONE, message=number if isinstance(number, int) else edits)
    if edits and status == 400 and "not modified" in words:
        return PostReply(PostOutcome.DONE, message=edits)
    if status == 403:
        return PostReply(
            PostOutcome.BROKEN,
            words=f"The bot may not write there ({words}). Make it an administrator of the channel, "
            "then `digest channels test NAME`.",
        )
    if status == 400 and ("chat not found" in words or "chat_id" in words):
        return PostReply(
            PostOutcome.BROKEN,
            words=f"There is no such chat ({words}). Give @NAME, or the number that begins with -100.",
        )
    if status == 429:
        parameters = found.get("parameters")
        seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
        wait = float(seconds) if isinstance(seconds, int | float) and 0 < seconds < 86_400 else None
        return PostReply(PostOutcome.WAIT, seconds=wait, words=words)
    if status in {401, 404} or status >= 500:
        return PostReply(PostOutcome.WAIT, words=words)
    return PostReply(PostOutcome.REFUSED, words=words)


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
