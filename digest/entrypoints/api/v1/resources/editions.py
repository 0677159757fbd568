"""Editions of a list: their content, how their send goes, and what may be done about it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from digest.entrypoints.api.v1.call import ApiCall, behind_number, cursor_of
from digest.entrypoints.api.v1.shapes.base import Counted
from digest.entrypoints.api.v1.shapes.editions import (
    AlertPage,
    AlertShown,
    BooksShown,
    EditionHeadShown,
    EditionPage,
    EditionProgress,
    EditionShown,
)
from digest.entrypoints.api.v1.table import ApiAnswer
from digest.model import Edition
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.desk import editions
from digest.services.editions.alerts import published
from digest.services.editions.composing.find import by_number
from digest.services.editions.lifecycle import resuming
from digest.services.sending.progress import progress
from digest.storage.home import EditionHead
from digest.storage.ledger.deliveries import Balance

ALERT_DAYS = timedelta(days=30)


async def list_editions(call: ApiCall) -> ApiAnswer:
    """Return a list's editions, newest first."""
    asked = call.query
    found = await editions.page_of(call.app, call.here, behind_number(asked.cursor), asked.limit + 1)
    shown = [_head(one) for one in found[: asked.limit]]
    more = cursor_of(shown[-1].number) if len(found) > asked.limit else None
    return ApiAnswer(EditionPage(items=shown, next=more))


async def show_edition(call: ApiCall) -> ApiAnswer:
    """Return an edition with its stories and how its send stands."""
    found = await editions.at_desk(call.app, call.here, call.number("number"))
    head = _head(found.edition).model_dump()
    return ApiAnswer(
        EditionShown(
            **head,
            content=found.content,
            books=_books(found.progress.books),
            moves=sorted(one.value for one in found.moves),
        )
    )


async def show_progress(call: ApiCall) -> ApiAnswer:
    """Return how an edition's send stands."""
    return ApiAnswer(await _progress(call, await _edition(call)))


async def pause_edition(call: ApiCall) -> ApiAnswer:
    """Stop sending an edition for now."""
    return await _moved(call, editions.pause)


async def resume_edition(call: ApiCall) -> ApiAnswer:
    """Let a paused or held edition go on."""
    return await _moved(call, resuming.resume)


async def cancel_edition(call: ApiCall) -> ApiAnswer:
    """End an edition; what waits is never sent."""
    return await _moved(call, editions.cancel)


async def retry_edition(call: ApiCall) -> ApiAnswer:
    """Try again to reach those for whom it did not work out."""
    edition = await _edition(call)
    count = await editions.retry(call.app, edition, call.body.statuses)
    call.changed(
        str(edition.number),
        before={"state": edition.state.value},
        after={"state": (await _edition(call)).state.value, "tried_again": count},
    )
    return ApiAnswer(Counted(count=count))


async def list_alerts(call: ApiCall) -> ApiAnswer:
    """Return the alerts of the last thirty days."""
    since = call.app.clock.now() - ALERT_DAYS
    found = await published.decided(call.app, call.here, since)
    shown = [
        AlertShown(
            id=row_id(one),
            headline=one.headline,
            cause=one.cause,
            is_big=one.is_big,
            outlets=one.outlets,
            verdict=one.verdict,
            found_at=one.found_at,
            decided_at=one.decided_at,
            edition=number,
        )
        for one, number in found
    ]
    return ApiAnswer(AlertPage(items=shown))


async def _edition(call: ApiCall) -> Edition:
    return await by_number(call.app, call.here, call.number("number"))


async def _moved(call: ApiCall, move: Callable[[App, Edition], Awaitable[Edition]]) -> ApiAnswer:
    edition = await _edition(call)
    before = {"state": edition.state.value, "held_reason": edition.held_reason}
    after = await move(call.app, edition)
    call.changed(
        str(edition.number),
        before=before,
        after={"state": after.state.value, "held_reason": after.held_reason},
    )
    return ApiAnswer(await _progress(call, await _edition(call)))


async def _progress(call: ApiCall, edition: Edition) -> EditionProgress:
    found = await progress(call.app, edition)
    return EditionProgress(
        number=edition.number,
        state=edition.state,
        held_reason=edition.held_reason,
        books=_books(found.books),
        per_minute=found.per_minute,
        seconds_left=found.left.total_seconds() if found.left is not None else None,
    )


def _books(books: Balance) -> BooksShown:
    return BooksShown(
        planned=books.planned,
        sent=books.sent,
        bounced=books.bounced,
        failed=books.failed,
        skipped=sum(books.skipped.values()),
        in_doubt=books.in_doubt,
        waiting=books.waiting,
    )


def _head(one: EditionHead | Edition) -> EditionHeadShown:
    return EditionHeadShown(**{name: getattr(one, name) for name in EditionHeadShown.model_fields})
