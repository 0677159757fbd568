"""A restored backup never mails anybody again by itself, at whatever moment of an edition's life it was taken."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from digest.errors import EditionHeldError, InputError
from digest.model import Delivery, DeliveryStatus, EditionState
from digest.services import tasks
from digest.services.copies import watch
from digest.services.editions import publish
from digest.services.editions.lifecycle import restored
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_batch, due_batches
from digest.storage import instances
from tests.integration.editions.test_editions import a_morning
from tests.integration.outages import restoring
from tests.integration.outages.restoring import (
    MOMENTS,
    READERS,
    Place,
    before_it_is_made,
    between_two_batches,
    composed,
    when_it_is_frozen,
)

place = restoring.place


@pytest.mark.red("restore-doubles")
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda one: one.__name__)
async def test_a_restored_backup_never_mails_anybody_again_by_itself(
    place: Place, moment: Callable[[Place], Any]
):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await moment(place)
    mailed = sum(place.mailer.taken.values())
    assert mailed
    await place.take_back(copy)
    place.clock.forward(timedelta(minutes=40))
    await place.tick()
    assert (sum(place.mailer.taken.values()), place.twice) == (mailed, 0)
    edition = await composed(place)
    assert edition.state is EditionState.HELD
    assert "digest db restore --verify" in (edition.held_reason or "")
    with pytest.raises(EditionHeldError, match="digest db restore --verify"):
        await publish.resume(place.app, edition)
    place.clock.forward(timedelta(days=1))
    await place.tick()
    assert (sum(place.mailer.taken.values()), place.twice) == (mailed, 0)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda one: one.__name__)
async def test_a_person_may_say_that_it_went_out(place: Place, moment: Callable[[Place], Any]):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await moment(place)
    mailed = sum(place.mailer.taken.values())
    await place.take_back(copy)
    evidence = await restored.count_as_sent(place.app)
    assert [one.mailing_list.slug for one in evidence.held] == ["daily"]
    await place.tick()
    assert sum(place.mailer.taken.values()) == mailed
    edition = await composed(place)
    books = await deliveries.balance(place.app, edition.id or 0)
    assert (edition.state, edition.held_reason, books.waiting) == (EditionState.FINISHED, None, 0)
    assert books.holds
    assert await deliveries.audit(place.app, edition.id or 0)
    with pytest.raises(InputError, match="Nothing says"):
        await restored.count_as_sent(place.app)


async def test_a_person_may_say_that_nothing_went_out_since(place: Place):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await before_it_is_made(place)
    await place.take_back(copy)
    place.mailer.taken.clear()
    evidence, refused = await restored.go_on(place.app)
    assert (len(evidence.held), refused) == (1, ())
    await place.tick()
    assert len(place.mailer.taken) == READERS
    assert (await composed(place)).state is EditionState.FINISHED


async def test_what_is_past_its_deadline_stays_held_when_a_person_goes_on(place: Place):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await when_it_is_frozen(place)
    await place.take_back(copy)
    place.clock.forward(timedelta(hours=9))
    place.mailer.taken.clear()
    _, refused = await restored.go_on(place.app)
    assert "its deadline passed" in refused[0]
    await place.tick()
    assert not place.mailer.taken


async def test_a_backup_of_after_the_last_mail_goes_on_without_a_question(place: Place):
    await a_morning(place.app, readers=READERS)
    await place.tick()
    copy = await place.copy()
    await place.take_back(copy)
    await place.tick()
    assert await watch.look(place.app, thorough=True) is None
    assert (await composed(place)).state is EditionState.FINISHED
    assert (len(place.mailer.taken), place.twice) == (READERS, 0)


async def test_taken_back_twice_it_is_noticed_twice(place: Place):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await before_it_is_made(place)
    for _ in range(2):
        await place.take_back(copy)
        await restored.count_as_sent(place.app)
    await place.take_back(copy)
    await place.tick()
    assert place.twice == 0
    assert (await composed(place)).state is EditionState.HELD


async def test_a_process_that_works_while_the_database_is_taken_back_sends_nothing_more(place: Place):
    await a_morning(place.app, readers=READERS)
    app = place.app
    await watch.look(app)
    await publish.make_due(app, 1)
    copy = await place.copy()
    due = await due_batches(app, place.clock.now(), 10)
    await deliver_batch(app, due[0])
    await place.take_back(copy)
    mailed = place.mailer.taken.copy()
    app = place.app
    for batch in due:
        with pytest.raises(EditionHeldError):
            await deliver_batch(app, batch)
    assert place.mailer.taken == mailed


async def test_confirmations_that_may_have_gone_out_wait_too(place: Place):
    from tests.integration.editions.test_editions import a_notice

    notice = await a_notice(place.app)
    async with place.app.database.begin() as session:
        await instances.ensure(session, place.clock.now())
        await instances.suspect(session, place.clock.now(), "taken back")
    await place.tick()
    assert not place.mailer.taken
    assert not await tasks.send_notice(place.app, notice)
    await restored.count_as_sent(place.app)
    await place.tick()
    assert not place.mailer.taken


async def test_who_waited_of_an_edition_that_went_out_is_skipped_with_the_reason(place: Place):
    await a_morning(place.app, readers=READERS)
    copy = await between_two_batches(place)
    await place.take_back(copy)
    await restored.count_as_sent(place.app)
    async with place.app.database.begin() as session:
        rows = (await session.exec(select(Delivery))).all()
    assert sorted(row.status for row in rows) == ["sent"] * 4 + ["skipped"] * 8
    assert {row.reason for row in rows if row.status is DeliveryStatus.SKIPPED} == {
        "went out before the database was taken back"
    }
