"""Editions at the desk: seen by all who may see, moved only by who may send."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.model import AuditEntry, DeliveryStatus, Edition, EditionState, MailingList, Role
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from tests.builders import a_subscriber, a_subscription, an_edition
from tests.integration.desk.conftest import Joins

HERE = "/desk/lists/daily/editions/1"


@pytest.fixture
async def sending(app: App, daily: MailingList) -> Edition:
    """The list's edition, begun: two people wait for it."""
    async with app.database.begin() as session:
        people = [a_subscriber(1), a_subscriber(2)]
        session.add_all(people)
        await session.flush()
        session.add_all(a_subscription(daily.id or 0, one.id or 0) for one in people)
    edition = await publish.by_number(app, daily, 1)
    await publish.start(app, edition)
    return await publish.by_number(app, daily, 1)


async def state(app: App) -> EditionState:
    async with app.database.begin() as session:
        return (await session.exec(select(Edition.state).where(Edition.number == 1))).one()


async def test_its_stories_stand_in_order_with_their_reason_weight_and_source(
    joins: Joins, daily: MailingList
):
    page = (await (await joins(Role.VIEWER)).opens(HERE)).text
    assert "افتتاح جسر المرفأ الجديد" in page
    assert "الوزن" in page
    assert "https://marfa.example/bridge" in page
    assert "/cancel" not in page, "who may only see has no button"


async def test_an_editor_does_not_send_and_a_publisher_does(app: App, joins: Joins, sending: Edition):
    assert (await (await joins(Role.EDITOR)).sends(f"{HERE}/pause")).status_code == 403
    assert await state(app) is EditionState.SENDING
    publisher = await joins(Role.PUBLISHER)
    assert (await publisher.sends(f"{HERE}/pause", {"state": "sending"})).status_code == 303
    assert await state(app) is EditionState.PAUSED
    assert (await publisher.sends(f"{HERE}/resume", {"state": "paused"})).status_code == 303
    assert await state(app) is EditionState.SENDING
    assert (await publisher.sends(f"{HERE}/cancel", {"state": "sending"})).status_code == 303
    assert await state(app) is EditionState.CANCELLED


async def test_of_two_who_press_at_once_the_second_is_told(
    app: App, joins: Joins, sending: Edition, logged: Callable[[], Awaitable[list[AuditEntry]]]
):
    publisher = await joins(Role.PUBLISHER)
    await publisher.sends(f"{HERE}/pause", {"state": "sending"})
    answer = await publisher.sends(f"{HERE}/cancel", {"state": "sending"})
    assert answer.status_code == 409
    assert "تغيّرت حالة العدد" in answer.text
    assert (await publisher.sends(f"{HERE}/pause")).status_code == 303, "pressed twice"
    assert await state(app) is EditionState.PAUSED
    assert [one.act for one in await logged()] == ["editions.pause"]


async def test_progress_is_sent_again_only_when_it_changed(app: App, joins: Joins, sending: Edition):
    viewer = await joins(Role.VIEWER)
    first = await viewer.opens(f"{HERE}/progress")
    assert "<bdi>٠</bdi> من <bdi>٢</bdi>" in first.text
    tag = first.headers["etag"]
    assert (await viewer.opens(f"{HERE}/progress", if_none_match=tag)).status_code == 304
    await deliver_edition(app, sending.id or 0, lambda *_: None)
    second = await viewer.opens(f"{HERE}/progress", if_none_match=tag)
    assert second.status_code == 200
    assert "<bdi>٢</bdi> من <bdi>٢</bdi>" in second.text


async def test_the_mail_is_previewed_in_a_frame_without_rights(joins: Joins, daily: MailingList):
    viewer = await joins(Role.VIEWER)
    for view in ("desktop", "phone", "text", "nonsense"):
        page = (await viewer.opens(f"{HERE}/preview?view={view}")).text
        assert "<iframe" in page
        assert " sandbox " in page
    assert "افتتاح جسر المرفأ الجديد" in (await viewer.opens(f"{HERE}/mail.html")).text
    assert "افتتاح جسر المرفأ الجديد" in (await viewer.opens(f"{HERE}/mail.txt")).text


async def test_who_was_not_reached_is_named_and_tried_again(app: App, joins: Joins, sending: Edition):
    from digest.model import Delivery

    await deliver_edition(app, sending.id or 0, lambda *_: None)
    async with app.database.begin() as session:
        row = (await session.exec(select(Delivery))).first()
        assert row is not None
        assert row.status is DeliveryStatus.SENT
    publisher = await joins(Role.PUBLISHER)
    assert (await publisher.sends(f"{HERE}/retry", {"status": ["failed"]})).status_code == 303
    assert (await publisher.sends(f"{HERE}/retry", {"status": ["sent", "x"]})).status_code == 422


async def test_many_editions_come_page_by_page(app: App, joins: Joins, daily: MailingList):
    async with app.database.begin() as session:
        session.add_all(
            an_edition(
                daily.id or 0, number=number, local_date=app.clock.now().date() - timedelta(days=number)
            )
            for number in range(2, 40)
        )
    viewer = await joins(Role.VIEWER)
    first = (await viewer.opens("/desk/lists/daily/editions")).text
    assert 'href="/desk/lists/daily/editions/39"' in first
    assert 'href="?below=10"' in first
    second = (await viewer.opens("/desk/lists/daily/editions?below=10")).text
    assert 'href="/desk/lists/daily/editions/1"' in second
    assert "?below" not in second
