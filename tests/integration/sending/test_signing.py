"""Signing where messages are built: both forms, single mails too, the constant part hashed once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import dkim as dkimpy
import pytest

from digest.clock import FixedClock
from digest.deliver.dkim import keys
from digest.deliver.dkim.signer import Opening, Signer
from digest.deliver.mailer import whole
from digest.model import Notice, SubscriptionState
from digest.render.message.mime import Recipient
from digest.services.app import App
from digest.services.mail_jobs import sign_message
from digest.services.sending.notices import send_notice
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition
from tests.fakes_delivery import FakeMailer, an_app


@pytest.fixture(scope="module")
def rsa(tmp_path_factory: pytest.TempPathFactory) -> keys.PrivateKey:
    return keys.make("rsa", tmp_path_factory.mktemp("keys") / "rsa.pem")


@pytest.fixture
async def app(tmp_path: Path, rsa: keys.PrivateKey) -> AsyncIterator[App]:
    database = Database(f"sqlite:///{tmp_path}/subscribers.db")
    await database.upgrade()
    made = an_app(database, FakeMailer(), FixedClock(NOW))
    yield replace(made, signer=Signer("mujaz.example", [(rsa, "mujaz")]))
    await database.close()


def recipient(number: int) -> Recipient:
    return Recipient(
        email=f"reader{number}@mujaz.example",
        name="أمل",
        message_id=f"<{number}@mujaz.example>",
        unsubscribe_url=f"https://mujaz.example/u/{number}",
        unsubscribe_mailto="digest@mujaz.example",
        preferences_url=f"https://mujaz.example/p/{number}",
    )


def holds(message: bytes, key: keys.PrivateKey) -> bool:
    record = keys.record_value(key).encode()
    return bool(dkimpy.verify(message, dnsfunc=lambda *_, **__: record))


def test_both_forms_are_signed_and_what_is_alike_is_hashed_once(app: App, rsa: keys.PrivateKey):
    mailing_list = a_list(id=1)
    prepared = app.renderer.prepared(mailing_list, an_edition(1, id=1))
    with patch.object(Opening, "of", wraps=Opening.of) as hashed:
        messages = [
            whole(sign_message(app, prepared, recipient(number), eight_bit=eight_bit))
            for number in range(5)
            for eight_bit in (False, True)
        ]
    assert hashed.call_count == 2
    assert len(set(messages)) == 10
    assert all(holds(message, rsa) for message in messages)
    assert b"base64" in messages[0]
    assert b"base64" not in messages[1]


def test_without_a_key_nothing_is_put_before_a_message(app: App):
    prepared = app.renderer.prepared(a_list(id=1), an_edition(1, id=1))
    assert whole(sign_message(replace(app, signer=None), prepared, recipient(1))).startswith(b"MIME-Version")


async def test_a_confirmation_is_signed_too(app: App, rsa: keys.PrivateKey):
    async with app.database.begin() as session:
        mailing_list, person = a_list(), a_subscriber()
        session.add_all((mailing_list, person))
        await session.flush()
        session.add(a_subscription(mailing_list.id, person.id, state=SubscriptionState.PENDING))
        notice = Notice(list_id=mailing_list.id, subscriber_id=person.id, created_at=NOW, next_try_at=NOW)
        session.add(notice)
        await session.flush()
    seen: list[bytes] = []
    app.mailer.before_each = lambda job: seen.append(whole(job.build()))
    assert await send_notice(app, notice.id)
    assert holds(seen[0], rsa)
