"""Each provider's call through the mounted route: the true one counts once, however often it comes; the forged one never."""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.deliver.webhooks import sendgrid
from digest.entrypoints.api.routes import machine_routes
from digest.entrypoints.web.app import build
from digest.errors import StoreError
from digest.model import TakenCall
from digest.services.app import App
from digest.services.bounces import calls, scores
from digest.settings import Settings
from digest.storage import taken_calls
from tests.builders import NOW
from tests.fakes_delivery import keep_an_edition
from tests.unit.deliver.test_amazon_calls import CERTIFICATE, TOPIC, amazon, an_sns_call
from tests.unit.deliver.test_webhooks import ECDSA, PUBLIC

SITE = "https://news.mujaz.example"
AMAL = "amal@mujaz.example"
KEYS = {
    "postmark_login": "mujaz:hush",
    "mailgun_key": "key",
    "sendgrid_key": PUBLIC,
    "ses_topic": TOPIC,
}
__all__ = ["amazon"]


@dataclass(frozen=True)
class Call:
    body: bytes
    headers: dict[str, str]


class Certificates:
    """Stands for the network: there is one certificate in it."""

    def __init__(self, pem: bytes) -> None:
        self._pem = pem
        self.visited: list[str] = []

    async def get(self, url: str, **_: object) -> Any:
        self.visited.append(url)
        return Call(self._pem if url == CERTIFICATE else b"", {})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(
    tmp_path: Path, clock: FixedClock, amazon: tuple[rsa.RSAPrivateKey, bytes]
) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "web": {"public_url": SITE},
            "collect": {"readers": 0},
            "bounces": KEYS,
        }
    )
    async with opened(settings, clock=clock) as made:
        await keep_an_edition(made.database, [AMAL])
        yield replace(made, http=Certificates(amazon[1]))  # type: ignore[arg-type]


@pytest.fixture
async def program(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    site = httpx2.ASGITransport(build(app, machine_routes()), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=site, base_url=SITE) as client:
        yield client


def from_postmark(_: object, *, right: bool = True) -> Call:
    call = {
        "RecordType": "Bounce", "Type": "HardBounce", "Email": AMAL,
        "Details": "smtp;550 5.1.1 No such user", "BouncedAt": NOW.isoformat(),
    }  # fmt: skip
    login = base64.b64encode(b"mujaz:hush" if right else b"mujaz:guess").decode()
    return Call(json.dumps(call).encode(), {"authorization": f"Basic {login}"})


def from_mailgun(_: object, *, right: bool = True) -> Call:
    stamp = str(int(NOW.timestamp()))
    seal = hmac.new(b"key" if right else b"guess", f"{stamp}token".encode(), sha256).hexdigest()
    event = {
        "event": "failed", "severity": "permanent", "recipient": AMAL, "timestamp": NOW.timestamp(),
        "delivery-status": {"code": 550, "message": "5.1.1 No such user"},
    }  # fmt: skip
    call = {"signature": {"timestamp": stamp, "token": "token", "signature": seal}, "event-data": event}
    return Call(json.dumps(call).encode(), {})


def from_sendgrid(_: object, *, right: bool = True) -> Call:
    stamp = str(int(NOW.timestamp()))
    events = [
        {"event": "bounce", "type": "bounce", "email": AMAL, "status": "5.1.1", "timestamp": int(stamp),
         "reason": "550 5.1.1 No such user"}
    ]  # fmt: skip
    body = json.dumps(events).encode()
    key = ECDSA if right else ec.generate_private_key(ec.SECP256R1())
    seal = base64.b64encode(key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return Call(body, {sendgrid.SIGNATURE: seal, sendgrid.STAMP: stamp})


def from_ses(key: Any, *, right: bool = True) -> Call:
    bounce = {
        "bounceType": "Permanent", "timestamp": "2026-01-05T04:00:00.000Z",
        "bouncedRecipients": [
            {"emailAddress": AMAL, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 No such user"}
        ],
    }  # fmt: skip
    signed = key if right else rsa.generate_private_key(65537, 2048)
    call = an_sns_call(signed, {"notificationType": "Bounce", "bounce": bounce})
    return Call(json.dumps(call).encode(), {"content-type": "text/plain; charset=UTF-8"})


PROVIDERS: dict[str, Callable[..., Call]] = {
    "postmark": from_postmark,
    "mailgun": from_mailgun,
    "sendgrid": from_sendgrid,
    "ses": from_ses,
}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_true_call_counts_once_and_a_forged_one_never(
    provider: str,
    program: httpx2.AsyncClient,
    app: App,
    clock: FixedClock,
    amazon: tuple[rsa.RSAPrivateKey, bytes],
) -> None:
    forged = PROVIDERS[provider](amazon[0], right=False)
    answer = await program.post(f"/hooks/{provider}", content=forged.body, headers=forged.headers)
    assert answer.status_code == 403
    assert (await scores.evidence(app, AMAL)).events == ()
    call = PROVIDERS[provider](amazon[0])
    changed = call.body.replace(b"amal@", b"badr@")
    if provider in {"sendgrid", "ses"}:  # the others sign no more than a token, or nothing
        assert (
            await program.post(f"/hooks/{provider}", content=changed, headers=call.headers)
        ).status_code == 403
    for wait in (timedelta(0), timedelta(minutes=1), timedelta(hours=6)):
        clock.forward(wait)
        answer = await program.post(f"/hooks/{provider}", content=call.body, headers=call.headers)
        assert (answer.status_code, answer.text) == (200, "ok\n")
        found = await scores.evidence(app, AMAL)
        assert found.score.points == 1
        (event,) = found.events
        assert (event.read_by, event.code, event.weight) == (provider, "5.1.1", "hard")
    clock.forward(timedelta(hours=13))
    late = await program.post(f"/hooks/{provider}", content=call.body, headers=call.headers)
    assert late.status_code == (200 if provider == "postmark" else 403)  # Postmark's calls bear no time
    assert len((await scores.evidence(app, AMAL)).events) == 1


async def test_amazons_topic_is_confirmed_and_its_certificate_fetched_once(
    program: httpx2.AsyncClient, app: App, amazon: tuple[rsa.RSAPrivateKey, bytes]
) -> None:
    visit = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    fields = {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": visit}
    call = an_sns_call(amazon[0], "", **fields)
    for _ in range(2):
        answer = await program.post("/hooks/ses", content=json.dumps(call))
        assert answer.status_code == 200
    assert app.http.visited == [CERTIFICATE, visit, visit]  # type: ignore[attr-defined]


def a_mailgun_call(recipient: str, token: str = "token") -> bytes:
    stamp = str(int(NOW.timestamp()))
    seal = hmac.new(b"key", f"{stamp}{token}".encode(), sha256).hexdigest()
    event = {"event": "complained", "recipient": recipient, "timestamp": NOW.timestamp()}
    call = {"signature": {"timestamp": stamp, "token": token, "signature": seal}, "event-data": event}
    return json.dumps(call).encode()


@pytest.mark.red("mailgun-replay")
async def test_a_signature_of_mailgun_serves_one_call_and_no_other(
    program: httpx2.AsyncClient, app: App, clock: FixedClock
) -> None:
    overheard = a_mailgun_call("stranger@mujaz.example")
    assert (await program.post("/hooks/mailgun", content=overheard)).status_code == 200
    for wait in (timedelta(0), timedelta(hours=11)):
        clock.forward(wait)
        answer = await program.post("/hooks/mailgun", content=a_mailgun_call(AMAL))
        assert answer.status_code == 403
    assert (await scores.evidence(app, AMAL)).events == ()
    assert (await program.post("/hooks/mailgun", content=a_mailgun_call(AMAL, "new"))).status_code == 200
    assert (await scores.evidence(app, AMAL)).suppression is not None


@pytest.mark.red("mailgun-replay")
async def test_of_two_calls_with_one_signature_at_the_same_moment_one_counts(
    program: httpx2.AsyncClient, app: App
) -> None:
    bodies = [a_mailgun_call(AMAL), a_mailgun_call("badr@mujaz.example")] * 3
    answers = await asyncio.gather(*(program.post("/hooks/mailgun", content=body) for body in bodies))
    assert sorted({answer.status_code for answer in answers}) == [200, 403]
    assert len({body for body, one in zip(bodies, answers, strict=True) if one.status_code == 200}) == 1


async def test_a_call_that_could_not_be_counted_is_counted_when_it_comes_again(
    program: httpx2.AsyncClient, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise StoreError("The database is locked.")

    with monkeypatch.context() as broken:
        broken.setattr(calls.reports, "process_provider_events", fails)
        assert (await program.post("/hooks/mailgun", content=a_mailgun_call(AMAL))).status_code >= 500
    assert (await program.post("/hooks/mailgun", content=a_mailgun_call(AMAL))).status_code == 200
    assert (await scores.evidence(app, AMAL)).suppression is not None


async def test_taken_signatures_are_dropped_when_their_age_alone_refuses_them(app: App) -> None:
    async with app.database.begin() as session:
        for number in range(50):
            at = NOW + timedelta(hours=number)
            await taken_calls.take(session, f"{number}", "body", at, at - timedelta(hours=24))
        assert len((await session.exec(select(TakenCall))).all()) == 25
