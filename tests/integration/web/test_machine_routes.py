"""What programs post to the same address as the pages: news, hubs' calls, providers' reports; and the figures beside it."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.entrypoints.api.metrics import metrics_site
from digest.entrypoints.api.routes import machine_routes
from digest.entrypoints.web.app import build
from digest.services.app import App
from digest.services.bounces import scores
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.settings import Settings
from tests.builders import NOW, a_source
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition
from tests.unit.deliver.test_webhooks import PUBLIC, from_sendgrid

SITE = "https://news.mujaz.example"
AMAL = "amal@mujaz.example"
LOGIN = {"authorization": "Basic " + base64.b64encode(b"mujaz:hush").decode()}
TOPIC = "arn:aws:sns:eu-west-1:1:mujaz"


@pytest.fixture
async def app(tmp_path: Any) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "web": {"public_url": SITE},
            "collect": {"ingest_key": "the key", "readers": 0},
            "bounces": {"postmark_login": "mujaz:hush", "sendgrid_key": PUBLIC, "ses_topic": TOPIC},
        }
    )
    async with opened(settings, clock=FixedClock(NOW)) as made:
        await keep_an_edition(made.database, [AMAL])
        yield made


@pytest.fixture
async def program(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    site = httpx2.ASGITransport(build(app, machine_routes()), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=site, base_url=SITE) as client:
        yield client


def bounced(kind: str = "HardBounce") -> bytes:
    call = {"RecordType": "Bounce", "Type": kind, "Email": AMAL, "Details": "smtp;550 5.1.1 No such user"}
    return json.dumps(call).encode()


async def test_a_provider_s_report_is_counted(program: httpx2.AsyncClient, app: App):
    answer = await program.post("/hooks/postmark", content=bounced(), headers=LOGIN)
    assert (answer.status_code, answer.text) == (200, "ok\n")
    (event,) = (await scores.evidence(app, AMAL)).events
    assert (event.read_by, event.code, event.weight) == ("postmark", "5.1.1", "hard")


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/hooks/postmark", bounced(), {}, 403),
        ("/hooks/postmark", bounced(), {"authorization": "Basic bm86bm8="}, 403),
        ("/hooks/sendgrid", b"[]", {}, 403),
        ("/hooks/ses", b'{"Type": "Notification", "TopicArn": "arn:other"}', {}, 403),
        ("/hooks/mailgun", b"{}", {}, 404),  # it is not set up here
        ("/hooks/nobody", b"{}", {}, 404),
        ("/hooks/postmark", b"no json", LOGIN, 422),
        ("/hooks/postmark", b" " * 1_000_001, LOGIN, 413),
        ("/ingest", b"{}", {}, 401),
        ("/ingest", b"{}", {"authorization": "Bearer the key"}, 422),
        ("/websub/1/forged", b"", {}, 202),
    ],
)
async def test_what_is_forged_or_unreadable_is_refused_and_changes_nothing(
    program: httpx2.AsyncClient, app: App, path: str, body: bytes, headers: dict[str, str], status: int
):
    answer = await program.post(path, content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await scores.evidence(app, AMAL)).events == ()


async def test_programs_may_send_more_than_forms_and_pages_may_not(program: httpx2.AsyncClient):
    key = {"authorization": "Bearer the key"}
    assert (await program.post("/ingest", content=b" " * 100_000, headers=key)).status_code == 422
    assert (await program.post("/l/daily/subscribe", content=b" " * 100_000)).status_code == 413
    foreign = {"sec-fetch-site": "cross-site", **LOGIN}
    assert (await program.post("/hooks/postmark", content=bounced(), headers=foreign)).status_code == 403
    assert (await program.get("/hooks/postmark")).status_code == 405
    assert (await program.get("/websub/1/forged")).status_code == 404


def test_the_signed_calls_of_these_tests_are_right_where_they_are_read():
    assert from_sendgrid([]) == ()


async def test_the_figures_say_how_editions_sources_and_queues_stand(database: Any):
    app = an_app(database, FakeMailer(), FixedClock(NOW))
    app.mailer.refuses("reader2@mujaz.example", 550, "5.1.1 none")
    edition = await keep_an_edition(database, 3)
    async with database.begin() as session:
        session.add(a_source(name="المرفأ", last_success_at=NOW - timedelta(minutes=1), items_a_day=12.5))
    await publish.start(app, edition)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(metrics_site(app)), base_url="http://127.0.0.1"
    ) as client:
        before = (await client.get("/metrics")).text
        assert 'mujaz_edition_recipients{edition="1",list="daily",status="waiting"} 3.0' in before
        assert 'mujaz_due{kind="batches"} 1.0' in before
        await deliver_edition(app, edition.id, lambda _: None)
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    for line in (
        'mujaz_edition_recipients{edition="1",list="daily",status="sent"} 2.0',
        'mujaz_edition_recipients{edition="1",list="daily",status="bounced"} 1.0',
        'mujaz_edition_state{edition="1",list="daily",state="finished"} 1.0',
        'mujaz_due{kind="batches"} 0.0',
        'mujaz_sources{state="well"} 1.0',
        'mujaz_source_items_a_day{source="المرفأ"} 12.5',
        "mujaz_disabled_addresses 1.0",
        'mujaz_bounce_events{event="bounce",weight="hard"} 1.0',
    ):
        assert line in answer.text
