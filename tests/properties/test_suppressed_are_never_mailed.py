"""No way through the program mails an address that is suppressed, whatever the reason and whichever hash it
is kept under.
"""

import ast
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from digest.errors import InputError, RefusedError
from digest.keys import KeyRing, Keys, Purpose, address_hash
from digest.model import (
    Account,
    AccountLink,
    AccountRole,
    AddressChange,
    Alarm,
    AlertChoice,
    ApprovalMail,
    EditionKind,
    EditionState,
    LinkPurpose,
    Notice,
    Role,
    Subscriber,
    Subscription,
    SubscriptionState,
    SuppressionReason,
)
from digest.model.rows import row_id
from digest.services.accounts.mails import mail_link
from digest.services.alarms import delivery
from digest.services.app import App
from digest.services.audience import consent
from digest.services.audience.returning import yields
from digest.services.desk.guide import send_test
from digest.services.editions import publish
from digest.services.editions.lifecycle import asking
from digest.services.sending.batches import deliver_edition
from digest.services.sending.notices import send_notice
from digest.storage.audience import lists, subscribers, suppressions
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition, an_edition_content
from tests.fakes_delivery import FakeMailer, an_app

ROOT = Path(__file__).resolve().parents[2]
FORMER = b"f" * 32
ADDRESSES = (f"person{number}@mujaz.example" for number in count(1))


@dataclass(frozen=True)
class Case:
    """A list, one person on it whose address is suppressed, and an App whose server counts what it takes."""

    app: App
    slug: str
    list_id: int
    subscriber_id: int
    email: str
    reason: SuppressionReason


async def an_edition_of(case: Case, kind: EditionKind) -> None:
    async with case.app.database.begin() as session:
        session.add(made := an_edition(case.list_id, kind=kind))
        await session.flush()
    await publish.start(case.app, made)
    books = await deliver_edition(case.app, row_id(made), lambda _: None)
    assert books.holds
    assert books.waiting == 0


async def a_notice(case: Case, kind: str) -> None:
    async with case.app.database.begin() as session:
        notice = Notice(
            kind=kind, list_id=case.list_id, subscriber_id=case.subscriber_id, created_at=NOW, next_try_at=NOW
        )
        session.add(notice)
        await session.flush()
    await send_notice(case.app, row_id(notice))


async def a_confirmation(case: Case) -> None:
    """The form, as a stranger fills it in, with all that follows."""
    await consent.request(case.app, case.slug, case.email, came_from="192.0.2.1")
    async with case.app.database.begin() as session:
        due = await subscribers.due_notices(session, NOW, 10)
    for one in due:
        await send_notice(case.app, one)


async def a_test_send(case: Case) -> None:
    async with case.app.database.begin() as session:
        mailing_list = await lists.by_id(session, case.list_id)
    assert mailing_list is not None
    with pytest.raises(InputError, match="never be mailed"):
        await publish.send_test(case.app, mailing_list, an_edition_content(), case.email)


async def a_new_address(case: Case) -> None:
    """Somebody asked to be mailed at the suppressed address from now on."""
    async with case.app.database.begin() as session:
        session.add(
            AddressChange(
                subscriber_id=case.subscriber_id,
                list_id=case.list_id,
                email=case.email,
                key=f"change of {case.email}",
                asked_at=NOW,
            )
        )
    await a_notice(case, "address")


async def a_link_of_the_desk(case: Case) -> None:
    async with case.app.database.begin() as session:
        link = AccountLink(
            purpose=LinkPurpose.INVITE,
            email=case.email,
            role=Role.VIEWER,
            created_at=NOW,
            ends_at=NOW + timedelta(days=1),
            next_try_at=NOW,
        )
        session.add(link)
        await session.flush()
    await mail_link(case.app, row_id(link))


async def a_mail_to_an_editor(case: Case) -> None:
    """An edition waits for somebody to approve it whose own address is suppressed."""
    async with case.app.database.begin() as session:
        edition = an_edition(case.list_id, kind=EditionKind.DAILY)
        edition.state, edition.due_at = EditionState.DRAFT, NOW + timedelta(hours=1)
        account = Account(email=case.email, password_hash="none", created_at=NOW)
        session.add_all((edition, account))
        await session.flush()
        session.add(AccountRole(account_id=row_id(account), list_id=case.list_id, role=Role.PUBLISHER))
        asked = ApprovalMail(
            edition_id=row_id(edition),
            account_id=row_id(account),
            kind="asks",
            created_at=NOW,
            next_try_at=NOW,
        )
        session.add(asked)
        await session.flush()
    assert await asking.mail(case.app, row_id(asked))


async def a_test_of_the_desk(case: Case) -> None:
    with suppress(RefusedError):
        await send_test(case.app, case.email)


async def an_alarm(case: Case) -> None:
    async with case.app.database.begin() as session:
        alarm = Alarm(
            kind="paused", about=case.slug, day=NOW.date(), channel="email", created_at=NOW, words="",
            next_try_at=NOW - timedelta(minutes=1),
        )  # fmt: skip
        session.add(alarm)
        await session.flush()
    await delivery.send_alarm(case.app, row_id(alarm))


PATHS: dict[str, Callable[[Case], Awaitable[None]]] = {
    "edition": lambda case: an_edition_of(case, EditionKind.DAILY),
    "alert": lambda case: an_edition_of(case, EditionKind.BREAKING),
    "confirmation": a_confirmation,
    "probe": lambda case: a_notice(case, "probe"),
    "welcome": lambda case: a_notice(case, "welcome"),
    "test send": a_test_send,
    "alarm": an_alarm,
    "new address": a_new_address,
    "link of the desk": a_link_of_the_desk,
    "mail to an editor": a_mail_to_an_editor,
    "test of the desk": a_test_of_the_desk,
}
SENDING_FILES = {
    "services/sending/send_batch.py",  # edition, alert
    "services/sending/notices.py",  # confirmation, probe, welcome, new address
    "services/editions/lifecycle/trial.py",  # test send
    "services/staff_mail.py",  # and whoever calls it
    "services/alarms/delivery.py",  # alarm
    "services/accounts/mails.py",  # link of the desk
    "services/editions/lifecycle/asking.py",  # mail to an editor
    "services/desk/guide.py",  # test of the desk
}
NOTICES = {"address", "confirm", "probe", "welcome"}
EDITIONS = {"daily", "weekly", "breaking"}


def calls(tree: ast.AST) -> set[str]:
    found = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {one.id for one in found if isinstance(one, ast.Name)}
    return names | {ast.unparse(one) for one in found if isinstance(one, ast.Attribute)}


def test_every_file_that_sends_is_one_of_those_that_are_tried_here():
    files = [path for path in (ROOT / "digest").rglob("*.py") if path.name != "mailer.py"]
    sends = {
        path.relative_to(ROOT / "digest").as_posix()
        for path in files
        if any(
            name in {"send_one", "send_staff_mail", "try_staff_mail"} or name.endswith("mailer.send")
            for name in calls(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert sends == SENDING_FILES


def test_every_mail_that_there_is_a_layout_for_is_one_of_those_that_are_tried_here():
    layouts = {one.name for one in (ROOT / "templates" / "email").iterdir() if not one.name.startswith("_")}
    assert layouts == NOTICES | EDITIONS


def stored_under(email: str, how: str, app: App) -> str:
    if how == "former key":
        return address_hash(email, FORMER)
    if how == "plain hash":
        return app.keys.suppression_of_plain(sha256(email.encode()).hexdigest())
    return app.keys.suppression_hash(email)


async def a_case(database: Database, reason: SuppressionReason, how: str, state: SubscriptionState) -> Case:
    email = next(ADDRESSES)
    slug = email.partition("@")[0]
    app = an_app(database, FakeMailer(), settings={"alarm": {"email": email}})
    keys = {one: Keys(b"s" * 32, (), (FORMER,)) for one in Purpose}
    app.keys.take(keys)
    assert isinstance(app.keys, KeyRing)
    async with database.begin() as session:
        session.add_all([mailing_list := a_list(slug=slug), person := a_subscriber(email=email, key=slug)])
        await session.flush()
        choices = {"state": state, "alerts": AlertChoice.ALL}
        session.add(a_subscription(row_id(mailing_list), row_id(person), **choices))
        await suppressions.suppress(session, stored_under(email, how, app), reason, NOW)
    return Case(app, slug, row_id(mailing_list), row_id(person), email, reason)


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=12)
@given(
    reason=st.sampled_from(SuppressionReason),
    how=st.sampled_from(["current key", "former key", "plain hash"]),
    state=st.sampled_from(SubscriptionState),
)
async def test_a_suppressed_address_gets_nothing(
    database: Database, path: str, reason: SuppressionReason, how: str, state: SubscriptionState
):
    case = await a_case(database, reason, how, state)
    await PATHS[path](case)
    if path == "confirmation" and yields(reason):
        # Whoever may come back gets the one mail with the button, because the form was filled in; nothing
        # else.
        assert case.app.mailer.taken[case.email] <= 1
    else:
        assert case.app.mailer.taken == {}


async def test_each_of_these_ways_mails_who_is_not_suppressed(database: Database):
    """What is tried above would be mailed but for the suppression."""
    for path, walk in PATHS.items():
        state = SubscriptionState.PENDING if path == "confirmation" else SubscriptionState.CONFIRMED
        case = await a_case(database, SuppressionReason.ADMIN, "current key", state)
        async with database.begin() as session:
            hashes = case.app.keys.suppression_hashes(case.email)
            assert await suppressions.lift(session, hashes, NOW, "the test") == 1
        if path == "test send":
            continue  # its own test sends one
        await walk(case)
        assert case.app.mailer.taken == {case.email: 1}, path
    async with database.begin() as session:
        assert len((await session.exec(select(Subscriber))).all()) == len(PATHS)
        assert len((await session.exec(select(Subscription))).all()) == len(PATHS)
