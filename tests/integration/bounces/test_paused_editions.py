"""Editions that too much comes back from are paused until a person resumes them."""

from datetime import timedelta
from itertools import pairwise

from digest.clock import FixedClock
from digest.model import Edition, EditionState
from digest.services.app import App
from digest.services.bounces import breaker, reports, scores
from digest.services.bounces.breaker import is_checkpoint
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from tests.fakes_delivery import keep_an_edition
from tests.integration.bounces.coming_back import AMAL, GONE, path_of
from tests.unit.deliver.bounces.returned import complaint


async def test_a_stale_list_is_paused_and_nobody_is_blamed_until_a_person_resumes_it(
    on_both: App, clock: FixedClock
):
    app = on_both
    for number in range(1, 31):
        app.mailer.refuses(f"reader{number}@mujaz.example", 550, GONE)
    edition = await keep_an_edition(app.database, 180)
    await publish.start(app, edition)
    books = await deliver_edition(app, edition.id, lambda _: None)
    assert (books.bounced, books.waiting) == (30, 120)
    async with app.database.begin() as session:
        paused = await session.get(Edition, edition.id)
    assert paused.state is EditionState.PAUSED
    assert paused.held_reason == "50.0% of 60 bounced; the limit is 5.0%."
    assert (await scores.evidence(app, AMAL)).events == ()
    clock.forward(timedelta(minutes=1))
    await publish.resume(app, paused)
    assert (await deliver_edition(app, edition.id, lambda _: None)).sent == 150
    await reports.count_missed(app)
    assert (await scores.evidence(app, AMAL)).suppression is not None


async def test_complaints_pause_as_well_and_the_domain_is_named(app: App):
    people = [f"r{number}@{'gone' if number < 60 else 'fine'}.example" for number in range(400)]
    edition = await keep_an_edition(app.database, people)
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    async with app.database.begin() as session:
        (await session.get(Edition, edition.id)).state = EditionState.SENDING
    for reader in (1, 2):
        await reports.process_mail(app, complaint(), (path_of(app, edition.id, reader),))
    async with app.database.begin() as session:
        paused = await session.get(Edition, edition.id)
    assert paused.state is EditionState.PAUSED
    assert "at gone.example complained" in paused.held_reason
    assert "r0@" not in paused.held_reason


def test_counting_from_the_beginning_again_and_again_stays_cheap():
    points = [position for position in range(4000) if is_checkpoint(position)]
    assert points[:17] == [*range(16), 16]
    gaps = [(after - before) / after for before, after in pairwise(points[16:])]
    assert max(gaps) <= 1 / 8
    assert sum(points) < 15 * 4000


async def test_an_edition_that_is_gone_trips_nothing(app: App):
    assert not await breaker.heed(app, 99)
