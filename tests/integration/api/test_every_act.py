"""Every route that changes something leaves one row in the audit log, under the name that the table gives
it.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from digest.entrypoints.api.v1.routes import ROUTES
from digest.model import AuditEntry, EditionState, MailingList
from digest.services.app import App
from digest.services.editions.lifecycle.approval import start
from digest.services.sources import catalogue
from digest.services.sources.catalogue import SourceCheck, SourceSpec
from digest.storage.editions import editions
from tests.builders import NOW, a_source, an_edition
from tests.integration.api.conftest import ROOT, Knows, Program

CSV = {"content": b"email\nnew2@mujaz.example\n", "headers": {"content-type": "text/csv"}}
GIVEN = {"email": "new1@mujaz.example", "confirmation": "given", "consent": "paper"}
EDIT = {"json": {"version": 0, "action": "subject", "text": "موضوع آخر"}}
CALLS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    # method, path of the table, path that is called, what is sent
    ("PATCH", "/lists/{slug}", "/lists/daily", {"json": {"min_stories": 5}}),
    ("POST", "/lists", "/lists", {"json": {"slug": "noon", "name": "موجز"}}),
    ("POST", "/lists/{slug}/subscribers", "/lists/daily/subscribers", {"json": GIVEN}),
    ("PATCH", "/lists/{slug}/subscribers/{id}", "/lists/daily/subscribers/1", {"json": {"choices": {"hijri": False}}}),
    ("PUT", "/lists/{slug}/subscribers/{id}/tags/{tag}", "/lists/daily/subscribers/1/tags/vip", {}),
    ("DELETE", "/lists/{slug}/subscribers/{id}/tags/{tag}", "/lists/daily/subscribers/1/tags/vip", {}),
    ("DELETE", "/lists/{slug}/subscribers/{id}", "/lists/daily/subscribers/2", {}),
    ("POST", "/subscribers/{id}/forget", "/subscribers/3/forget", {}),
    ("PUT", "/lists/{slug}/segments/{name}", "/lists/daily/segments/all", {"json": {}}),
    ("DELETE", "/lists/{slug}/segments/{name}", "/lists/daily/segments/all", {}),
    ("POST", "/lists/{slug}/imports", "/lists/daily/imports", CSV),
    ("POST", "/lists/{slug}/imports/{id}/undo", "/lists/daily/imports/1/undo", {}),
    ("POST", "/suppression", "/suppression", {"json": {"email": "bad@mujaz.example"}}),
    ("POST", "/suppression/lift", "/suppression/lift", {"json": {"address": "bad@mujaz.example", "why": "asked"}}),
    ("POST", "/sources", "/sources", {"json": {"location": "https://new.example/feed.xml"}}),
    ("DELETE", "/sources/{id}", "/sources/1", {}),
    ("POST", "/lists/{slug}/editions/{number}/pause", "/lists/daily/editions/1/pause", {}),
    ("POST", "/lists/{slug}/editions/{number}/resume", "/lists/daily/editions/1/resume", {}),
    ("POST", "/lists/{slug}/editions/{number}/retry", "/lists/daily/editions/1/retry", {"json": {"statuses": ["failed"]}}),
    ("POST", "/lists/{slug}/editions/{number}/cancel", "/lists/daily/editions/1/cancel", {}),
    ("POST", "/lists/{slug}/editions/{number}/edits", "/lists/daily/editions/2/edits", EDIT),
    ("POST", "/lists/{slug}/editions/{number}/edits/undo", "/lists/daily/editions/2/edits/undo", {"json": {"version": 1}}),
    ("POST", "/lists/{slug}/editions/{number}/schedule", "/lists/daily/editions/2/schedule", {"json": {"due_at": "2026-01-05T09:00:00Z"}}),
    ("POST", "/lists/{slug}/editions/{number}/approve", "/lists/daily/editions/2/approve", {"json": {}}),
    ("POST", "/lists/{slug}/editions/{number}/stop", "/lists/daily/editions/2/stop", {}),
    ("DELETE", "/lists/{slug}", "/lists/noon", {}),
)  # fmt: skip


def test_every_route_that_changes_something_stands_in_this_walk():
    wanted = {(one.method, one.path.removeprefix(ROOT).replace(":int", "")) for one in ROUTES if one.changes}
    assert {(method, path) for method, path, _, _ in CALLS} == wanted


async def test_each_leaves_a_row_under_its_name(
    app: App,
    knows: Knows,
    daily: MailingList,
    logged: Callable[[], Awaitable[list[AuditEntry]]],
    monkeypatch: pytest.MonkeyPatch,
):
    async def seen(_: App, spec: SourceSpec) -> SourceCheck:
        return SourceCheck(a_source(location=spec.location, name="جديد"), (), (), None)

    monkeypatch.setattr(catalogue, "preview", seen)
    async with app.database.begin() as session:
        edition = await editions.by_number(session, daily.id or 0, 1)
    assert edition is not None
    await start(app, edition)
    async with app.database.begin() as session:
        waits = {"state": EditionState.DRAFT, "due_at": NOW + timedelta(hours=3), "topic": "segment:x"}
        session.add(an_edition(daily.id or 0, number=2, **waits))
    program: Program = await knows()
    acts = {(one.method, one.path.removeprefix(ROOT).replace(":int", "")): one.act for one in ROUTES}
    for number, (method, path, called, sent) in enumerate(CALLS, 1):
        answer: httpx2.Response = await program.asks(method, called, **sent)
        assert answer.status_code < 300, (called, answer.text)
        rows = await logged()
        assert len(rows) == number, called
        row = rows[-1]
        assert row.act == acts[method, path]
        assert row.actor == "api:program 1"
        assert row.before or row.after, called
    written = "".join(one.model_dump_json() for one in await logged())
    assert "@mujaz.example" not in written
