"""Every form of the desk that changes something leaves one row in the audit log, under the name that the
table gives it.
"""

import io
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pyotp
import pytest
from PIL import Image
from sqlmodel import select

from digest.deliver.embedded import maildir
from digest.entrypoints.desk.routes import ROUTES
from digest.model import Approval, AuditEntry, Edition, EditionState, MailingList, PeopleUpload, Role
from digest.services.app import App
from digest.services.audience.people import upload_runs
from digest.services.editions import publish
from digest.services.editions.alerts import by_editor
from digest.services.editions.composing.find import by_number
from digest.services.editions.editing import refreshing
from digest.services.editions.editing.editing import ChangeMade
from digest.services.sources import catalogue
from digest.services.sources.catalogue import SourceCheck, SourceSpec
from tests.builders import a_list, a_source, a_subscriber, a_subscription, an_edition
from tests.integration.desk.conftest import PASSWORD, SITE, Hands, Joins, Tab
from tests.integration.desk.lists.test_list_settings import form_of

Logged = Callable[[], Awaitable[list[AuditEntry]]]
OWN = {"sec-fetch-site": "same-origin"}
ANOTHER = "جملة أخرى طويلة 9"
TWICE = {"password": ANOTHER, "password_again": ANOTHER}
IN_ITS_OWN_TEST = {"/desk/lists/{slug}/channels/{id}/retry"}
"""Something must have failed before; `test_channels_pages` looks at its row."""
CHANGES_NOTHING = {
    "/desk/forgotten",
    "/desk/sources/find",
    "/desk/account/second-factor",
    "/desk/uploads/sources",
}
"""They ask, look, or show; a mail for a new password is asked for by whoever comes by."""
D = "/desk/lists/daily"
SETTINGS = {
    "general": {"description": "آخر"}, "schedule": {"send_at": "07:45"}, "approval": {"cooling_off_minutes": "7"}, "sections": {"s0_title": "قسم آخر"},
    "theme": {"greeting": "أهلًا"}, "content": {"min_stories": "4"}, "sender": {"from_name": "موجز آخر"}, "signup": {"form_sites": "https://x.example"}, "alerts": {"alerts_a_day": "2"},
}  # fmt: skip
CHOICES: dict[str, str | list[str]] = {
    "section": ["sport", "economy"], "hour": "٨", "timezone": "", "alerts": "big", "day": list("0123456"), "frequency": "daily",
}  # fmt: skip
STEPS: tuple[tuple[str, str, dict[str, str | list[str]]], ...] = (
    # path of the table, path that is called, fields
    ("/desk/account/profile", "", {"name": "أمل", "language": "ar", "digits": "latn", "calendar": "gregorian"}),
    ("/desk/account/sessions/end", "", {}),
    ("/desk/accounts/invite", "", {"email": "zed@news.example", "role": "editor"}),
    ("/desk/accounts/invitations/{id}/withdraw", "/desk/accounts/invitations/1/withdraw", {}),
    ("/desk/accounts/{id}/roles", "/desk/accounts/{badr}/roles", {"role": ["viewer"]}),
    ("/desk/accounts/{id}/active", "/desk/accounts/{badr}/active", {"active": "no"}),
    ("/desk/programs/keys", "", {"name": "site", "scope": ["lists:read"], "list": "daily", "days": "30"}),
    ("/desk/programs/keys/revoke", "", {"name": "site"}),
    ("/desk/programs/webhooks", "", {"name": "crm", "url": "https://crm.example.org/h", "event": ["subscriber.joined"]}),
    ("/desk/programs/webhooks/test", "", {"name": "crm"}),
    ("/desk/programs/webhooks/replay", "", {"name": "crm"}),
    ("/desk/programs/webhooks/remove", "", {"name": "crm"}),
    ("/desk/guide/test", "", {"to": "amal@news.example"}),
    ("/desk/guide/list", "", {"name": "موجز الضحى", "slug": "noon", "zone": "Asia/Riyadh"}),
    ("/desk/guide/leave", "", {"step": "source"}),
    ("/desk/guide/take-up", "", {"step": "source"}),
    ("/desk/sources/add", "", {"location": "https://new.example/feed.xml", "name": "جديد", "standing": "1"}),
    ("/desk/sources/import", "", {"opml": '<opml version="2.0"><body><outline xmlUrl="https://o.example/f.xml" text="س"/></body></opml>'}),
    ("/desk/uploads/sources/take", "", {"opml": '<opml version="2.0"><body><outline xmlUrl="https://p.example/f.xml" text="ص"/></body></opml>'}),
    ("/desk/sources/{id}/set", "/desk/sources/1/set", {"name": "آخر", "standing": "2"}),
    ("/desk/sources/{id}/pause", "/desk/sources/1/pause", {}),
    ("/desk/sources/{id}/resume", "/desk/sources/1/resume", {}),
    ("/desk/sources/{id}/visit", "/desk/sources/1/visit", {}),
    ("/desk/sources/{id}/clean", "/desk/sources/1/clean", {"noise": "تابعونا", "do": "keep"}),
    ("/desk/lists/{slug}/sources/set", f"{D}/sources/set", {"read": ["1"], "weight-1": "2"}),
    ("/desk/sources/{id}/remove", "/desk/sources/1/remove", {"sure": "yes"}),
    ("/desk/lists/{slug}/editions/{number}/pause", f"{D}/editions/1/pause", {}),
    ("/desk/lists/{slug}/editions/{number}/resume", f"{D}/editions/1/resume", {}),
    ("/desk/lists/{slug}/editions/{number}/retry", f"{D}/editions/1/retry", {"status": ["failed"]}),
    ("/desk/lists/{slug}/editions/{number}/cancel", f"{D}/editions/1/cancel", {}),
    ("/desk/lists/{slug}/editions/{number}/test", f"{D}/editions/2/test", {"to": "amal@news.example"}),
    ("/desk/lists/{slug}/editions/{number}/edit", f"{D}/editions/2/edit", {"action": "subject", "text": "آخر", "version": "0"}),
    ("/desk/lists/{slug}/editions/{number}/undo", f"{D}/editions/2/undo", {"version": "1"}),
    ("/desk/lists/{slug}/editions/{number}/refresh", f"{D}/editions/2/refresh", {"version": "2"}),
    ("/desk/lists/{slug}/editions/{number}/schedule", f"{D}/editions/2/schedule", {"at": "23:30"}),
    ("/desk/lists/{slug}/editions/{number}/approve", f"{D}/editions/2/approve", {"version": "2"}),
    ("/desk/lists/{slug}/editions/{number}/stop", f"{D}/editions/2/stop", {}),
    ("/desk/lists/{slug}/editions/{number}/correct", f"{D}/editions/3/correct", {"text": "الصحيح ٣.", "story": "-"}),
    ("/desk/lists/{slug}/editions/compose", f"{D}/editions/compose", {}),
    ("/desk/lists/{slug}/alert", f"{D}/alert", {"story": "0000", "readers": "0"}),
    ("/desk/lists/{slug}/people/add", f"{D}/people/add", {"email": "new@mujaz.example", "name": "نور", "sure": "yes"}),
    ("/desk/lists/{slug}/people/acts", f"{D}/people/acts", {"what": "tag", "tag_given": "صحافة", "person": ["1"]}),
    ("/desk/lists/{slug}/people/export", f"{D}/people/export", {}),
    ("/desk/lists/{slug}/people/{id}/choices", f"{D}/people/1/choices", CHOICES),
    ("/desk/lists/{slug}/people/{id}/details", f"{D}/people/1/details", {"name": "أمل الحربي", "tags": "صحافة"}),
    ("/desk/lists/{slug}/people/{id}/remove", f"{D}/people/2/remove", {}),
    ("/desk/people/{id}/enable", "/desk/people/3/enable", {"back": "daily"}),
    ("/desk/people/{id}/forget", "/desk/people/4/forget", {}),
    ("/desk/lists/{slug}/segments", f"{D}/segments", {"name": "من ملف", "c0": "source is", "v0": "import", "match": "all"}),
    ("/desk/lists/{slug}/segments/remove", f"{D}/segments/remove", {"name": "من ملف"}),
    ("/desk/suppressions/add", "", {"address": "bad@mujaz.example", "note": "asked"}),
    ("/desk/suppressions/remove", "", {"address": "bad@mujaz.example", "why": "asked again"}),
    ("/desk/uploads/suppressions", "", {"kind": "addresses", "pasted": "worse@mujaz.example", "note": "from the old system"}),
    ("/desk/lists/add", "", {"slug": "dusk", "name": "موجز المساء", "language": "ar", "timezone": "Asia/Riyadh", "send_at": "18:00"}),
    ("/desk/lists/{slug}/channels", f"{D}/channels", {"name": "wa", "kind": "webhook", "target": "https://wa.example.org/h", "gets": "both"}),
    ("/desk/lists/{slug}/channels/{id}/test", f"{D}/channels/1/test", {}),
    ("/desk/lists/{slug}/channels/{id}/pause", f"{D}/channels/1/pause", {}),
    ("/desk/lists/{slug}/channels/{id}/resume", f"{D}/channels/1/resume", {}),
    ("/desk/lists/{slug}/channels/{id}/remove", f"{D}/channels/1/remove", {}),
)  # fmt: skip
IMPORT = "/desk/lists/{slug}/people/imports"
BY_HAND = {
    "/desk/uploads/people/{slug}", f"{IMPORT}/{{id}}/try", f"{IMPORT}/{{id}}/run", f"{IMPORT}/{{id}}/drop", f"{IMPORT}/runs/{{id}}/undo",
    "/desk/uploads/logo/{slug}", *(f"/desk/lists/{{slug}}/settings/{page}" for page in SETTINGS),
    "/desk/login", "/desk/login/code", "/desk/logout", "/desk/invitation/{token}", "/desk/reset/{token}", "/desk/account/password",
    "/desk/account/second-factor/confirm", "/desk/account/second-factor/remove", "/desk/account/recovery-codes",
}  # fmt: skip
SAYS_NO_MORE = {"sources.visit", "editions.refresh", "people.upload", "people.upload.drop", "guide.leave", "guide.take-up", "account.password",
                "account.recovery_codes", "account.second_factor.on", "account.second_factor.off", "account.login", "account.logout",
                "account.reset"}  # fmt: skip
"""Acts that have no before and after, or none that may be written down."""
ACTS = {re.sub(r":int|:path", "", one.path): one.act for one in ROUTES if one.post}


def test_every_form_stands_in_a_walk():
    assert {path for path, _, _ in STEPS} | BY_HAND | IN_ITS_OWN_TEST | CHANGES_NOTHING == set(ACTS)


class Watched:
    """An owner's tab, and what each of its forms leaves in the log."""

    def __init__(self, tab: Tab, logged: Logged) -> None:
        self.tab, self._logged, self._seen = tab, logged, 0

    async def does(
        self, path: str, called: str, fields: Any = None, tab: Tab | None = None, **more: Any
    ) -> httpx2.Response:
        by, called = tab or self.tab, called or path
        if more:
            answer = await by.client.post(called, data=fields or {}, headers=OWN, **more)
        else:
            answer = await by.sends(called, fields)
        assert answer.status_code < 400, (
            called,
            answer.status_code,
            re.findall(r'role="alert".*?</', answer.text, re.DOTALL),
        )
        rows = await self._logged()
        new, self._seen = rows[self._seen :], len(rows)
        assert [one.act for one in new] == [ACTS[path]], (
            called,
            answer.headers.get("location", answer.text[-3000:]),
        )
        (row,) = new
        assert row.actor.startswith("desk:"), called
        assert row.came_from == "203.0.113.9", called
        assert row.act in SAYS_NO_MORE or row.before or row.after, called
        assert "@mujaz.example" not in f"{row.about}{row.before}{row.after}", called
        return answer


@pytest.fixture
async def watched(joins: Joins, logged: Logged) -> Watched:
    return Watched(await joins(Role.OWNER, email="amal@news.example"), logged)


@pytest.fixture
async def newsroom(app: App, monkeypatch: pytest.MonkeyPatch) -> MailingList:
    """A list with four people, an edition on its way, a draft, one that went out, and a source."""

    async def seen(_: App, spec: SourceSpec) -> SourceCheck:
        return SourceCheck(a_source(location=spec.location, name="جديد"), (), (), None)

    async def composed(app: App, mailing_list: MailingList, number: int, *, seen: int | None) -> ChangeMade:
        del seen
        edition = await by_number(app, mailing_list, number)
        return ChangeMade(edition=edition, before={"stories": "1"}, after={"stories": "2"})

    async def told(app: App, mailing_list: MailingList, key: str) -> Edition:
        del key
        return await by_number(app, mailing_list, 3)

    async def made_now(app: App, mailing_list: MailingList, by: str) -> Edition:
        del by
        return await by_number(app, mailing_list, 2)

    # What needs feeds of today is tried where it is made; here, that it is written down.
    monkeypatch.setattr(catalogue, "preview", seen)
    monkeypatch.setattr(refreshing, "refresh", composed)
    monkeypatch.setattr(by_editor, "alert", told)
    monkeypatch.setattr(publish, "compose_now", made_now)
    now = app.clock.now()
    async with app.database.begin() as session:
        made = a_list(approval=Approval.OPTIONAL)
        session.add_all([made, a_source()])
        await session.flush()
        for number in (1, 2, 3, 4):
            person = a_subscriber(number, disabled_reason="bounced" if number == 3 else None)
            session.add(person)
            await session.flush()
            session.add(a_subscription(made.id or 0, person.id or 0))
        for number, fields in enumerate(
            (
                {"state": EditionState.SENDING, "started_at": now},
                {"state": EditionState.DRAFT, "due_at": now + timedelta(minutes=20), "topic": "segment:x"},
                {"state": EditionState.FINISHED, "started_at": now, "finished_at": now, "topic": "segment:y"},
            ),
            1,
        ):
            session.add(an_edition(made.id or 0, number=number, **fields))
    return made


async def test_each_leaves_a_row_under_its_name(
    app: App, watched: Watched, joins: Joins, newsroom: MailingList
):
    await joins(Role.EDITOR, email="badr@news.example")
    for path, called, fields in STEPS:
        await watched.does(path, called.replace("{badr}", "2"), fields)


async def test_settings_and_a_logo_are_written_down(watched: Watched, newsroom: MailingList):
    for page, change in SETTINGS.items():
        called = f"{D}/settings/{page}"
        form = form_of((await watched.tab.opens(called)).text)
        await watched.does(f"/desk/lists/{{slug}}/settings/{page}", called, form | change)
    picture = io.BytesIO()
    Image.new("RGB", (400, 100), "#123456").save(picture, "PNG")
    await watched.does(
        "/desk/uploads/logo/{slug}", "/desk/uploads/logo/daily", files={"file": ("a.png", picture.getvalue())}
    )


async def test_an_import_is_written_down_step_by_step(app: App, watched: Watched, newsroom: MailingList):
    for last in ("run", "drop"):
        file = {"file": ("people.csv", b"email,name\nx1@mujaz.example,A\nx2@mujaz.example,B\n")}
        handed = await watched.does("/desk/uploads/people/{slug}", "/desk/uploads/people/daily", files=file)
        here = handed.headers["location"].partition("?")[0]
        await watched.does(f"{IMPORT}/{{id}}/try", f"{here}/try", {"column_0": "email", "column_1": "name"})
        await watched.does(f"{IMPORT}/{{id}}/{last}", f"{here}/{last}")
        if last == "run":
            async with app.database.read() as session:
                waits = (await session.exec(select(PeopleUpload.id))).one()
            await upload_runs.run(app, waits or 0)
            await watched.does(f"{IMPORT}/runs/{{id}}/undo", f"{D}/people/imports/runs/1/undo")


async def test_who_comes_and_goes_is_written_down(
    app: App,
    watched: Watched,
    tab: Callable[[], Tab],
    mailed: Callable[[], Awaitable[list[maildir.StoredContent]]],
    clock: Hands,
):
    async def link(kind: str) -> str:
        texts = "".join(one.text for one in await mailed())
        return str(re.findall(rf"{SITE}(/desk/{kind}/[\w-]+)", texts)[-1])

    own, mine = {"old_password": PASSWORD}, {"email": "amal@news.example", "password": PASSWORD}
    page = (await watched.tab.sends("/desk/account/second-factor", own)).text
    totp = pyotp.TOTP(re.findall(r'class="secret"[^>]*>([A-Z2-7 ]+)<', page)[0].replace(" ", ""))
    await watched.does("/desk/account/second-factor/confirm", "", {"code": totp.at(clock.now())})
    await watched.does("/desk/account/recovery-codes", "", own)
    await watched.does("/desk/logout", "")
    assert (await watched.tab.sends("/desk/login", mine)).status_code == 200
    clock.moves(seconds=60)
    await watched.does("/desk/login/code", "", {"code": totp.at(clock.now())})
    await watched.does("/desk/account/second-factor/remove", "", own)
    await watched.does("/desk/logout", "")
    await watched.does("/desk/login", "", mine)
    await watched.does("/desk/accounts/invite", "", {"email": "zed@news.example", "role": "editor"})
    guest = {"name": "زيد", "email": "zed@news.example", "password": PASSWORD, "password_again": PASSWORD}
    await watched.does("/desk/invitation/{token}", await link("invitation"), guest, tab=tab())
    await tab().sends("/desk/forgotten", {"email": "zed@news.example"})
    await watched.does("/desk/reset/{token}", await link("reset"), TWICE, tab=tab())
    await watched.does("/desk/account/password", "", own | TWICE)
