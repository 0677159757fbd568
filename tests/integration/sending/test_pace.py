"""The pace at work: shared by all senders through the database, unfair to nobody."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from digest.clock import FixedClock
from digest.model import Allowance, Batch, DeliveryStatus, Edition
from digest.services.app import App
from digest.services.dns import DnsNames
from digest.services.editions import publish
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.services.sending.pace import providers
from digest.services.sending.pace.allowances import slow_down
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition
from tests.integration.doctor.zone import Zone


def settings(**pacing: object) -> dict[str, object]:
    return {"run": {"batch_size": 20}, "pacing": {"enabled": True, **pacing}}


async def an_edition_to(app: App, *addresses: str) -> Edition:
    edition = await keep_an_edition(app.database, addresses)
    await publish.start(app, edition)
    return edition


def gmail(count: int) -> list[str]:
    return [f"reader{number}@gmail.com" for number in range(count)]


async def deliver(app: App, edition: Edition):
    return await deliver_edition(app, edition.id, lambda _: None)


async def test_a_stalled_receiver_delays_no_other(database: Database):
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, settings(domain_per_minute=10))
    edition = await an_edition_to(app, *gmail(40), *[f"reader@paper{number}.example" for number in range(30)])
    books = await deliver(app, edition)
    others = [address for address in app.mailer.taken if not address.endswith("gmail.com")]
    assert len(others) == 30
    assert (books.sent, books.waiting) == (35, 35)
    for _ in range(12):
        clock.forward(timedelta(seconds=60))
        books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (70, 0)
    assert set(app.mailer.taken.values()) == {1}


async def test_senders_share_one_allowance(database: Database):
    clock = FixedClock(NOW)
    mailer = FakeMailer()
    apps = [an_app(database, mailer, clock, settings(domain_per_minute=20)) for _ in range(3)]
    edition = await an_edition_to(apps[0], *gmail(60))
    await asyncio.gather(*(deliver(app, edition) for app in apps))
    assert sum(mailer.taken.values()) == 10


async def test_a_receiver_that_objects_gets_half_and_the_others_the_same(database: Database):
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, settings(domain_per_minute=60))
    edition = await an_edition_to(app, *gmail(60), "reader@paper.example")
    app.mailer.refuses("reader0@gmail.com", 421, "4.7.28 unusual rate of mail")
    await deliver(app, edition)
    assert "reader@paper.example" in app.mailer.taken
    before = sum(app.mailer.taken.values())
    clock.forward(timedelta(seconds=20))
    await deliver(app, edition)
    assert 8 <= sum(app.mailer.taken.values()) - before <= 12  # half of 60 a minute, for 20 seconds


async def test_in_quiet_hours_the_batches_wait_for_the_morning(database: Database):
    clock = FixedClock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))  # 04:00 in Riyadh
    app = an_app(database, FakeMailer(), clock, settings(quiet_from="22:00", quiet_to="06:00"))
    edition = await an_edition_to(app, *gmail(3))
    assert (await deliver(app, edition)).waiting == 3
    async with app.database.begin() as session:
        (batch,) = (await session.exec(select(Batch))).all()
    assert batch.due_at == datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    clock.forward(timedelta(hours=2))
    assert (await deliver(app, edition)).sent == 3


async def test_without_a_pace_nothing_is_asked_of_the_database(database: Database):
    app = an_app(database, FakeMailer(), FixedClock(NOW), {"pacing": {"domain_per_minute": 1}})
    edition = await an_edition_to(app, *gmail(30))
    assert (await deliver(app, edition)).sent == 30
    (told,) = await deliveries.who(app, "reader3@gmail.com")
    assert told.status is DeliveryStatus.SENT


HOSTED = {
    "shop.example": ["1 aspmx.l.google.com.", "5 alt1.aspmx.l.google.com."],
    "bank.example": ["0 bank-example.mail.protection.outlook.com."],
    "school.example": ["10 mx-biz.mail.am0.yahoodns.net."],
    "paper.example": ["10 mail.paper.example.", "20 aspmx.l.google.com."],
}


async def asked(app: App, domains: Collection[str]) -> Mapping[str, str]:
    """Ask for domains as a sender does: what is not known is looked up soon."""
    known = await providers.known_providers(app, domains)
    await providers.request_look_up(app, known.unasked)
    return known.families


async def test_domains_that_a_big_receiver_hosts_share_its_pace(
    database: Database, zone: Zone, names: DnsNames
):
    zone.records = {(f"{domain}.", "MX"): rows for domain, rows in HOSTED.items()}
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, settings(domain_per_minute=10))
    people = [f"reader{number}@{domain}" for domain in (*HOSTED, "gmail.com") for number in range(4)]
    assert await asked(app, HOSTED) == {}  # never waits for an answer
    assert await providers.are_due(app)
    assert await providers.look_up(app, names) == 4
    assert not await providers.are_due(app)
    assert await asked(app, HOSTED) == {
        "shop.example": "gmail", "bank.example": "outlook", "school.example": "yahoo",
    }  # fmt: skip
    edition = await an_edition_to(app, *people)
    await deliver(app, edition)
    went = Counter(address.partition("@")[2] for address in app.mailer.taken)
    assert went["shop.example"] + went["gmail.com"] == 5  # one allowance for both
    assert (went["bank.example"], went["school.example"], went["paper.example"]) == (4, 4, 4)
    app.mailer.refuses("reader0@shop.example", 421, "4.7.28 too fast")
    await slow_down(app, {"shop.example"})
    async with app.database.begin() as session:
        slowed = await session.get(Allowance, "group:gmail")
    assert slowed.factor == 0.5
    clock.forward(providers.KNOWN_FOR + timedelta(hours=1))
    assert await providers.are_due(app)  # the answer has grown old


async def test_without_an_answer_a_domain_counts_as_its_own_and_is_asked_about_later(
    database: Database, zone: Zone, names: DnsNames
):
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, settings(domain_per_minute=10))
    zone.broken = True
    await asked(app, ["shop.example"])
    assert await providers.look_up(app, names) == 0
    assert await asked(app, ["shop.example"]) == {}
    assert not await providers.are_due(app)
    clock.forward(providers.AGAIN_AFTER)
    assert await providers.are_due(app)
    zone.broken = False
    zone.records = {("shop.example.", "MX"): HOSTED["shop.example"]}
    assert await providers.look_up(app, names) == 1
    zone.broken = True
    clock.forward(providers.KNOWN_FOR)
    assert await providers.look_up(app, names) == 0
    assert await asked(app, ["shop.example"]) == {"shop.example": "gmail"}  # what is known stays


async def test_nobody_is_looked_up_where_it_is_switched_off(database: Database):
    for chosen in ({"enabled": False}, {"look_up": False}):
        app = an_app(database, FakeMailer(), FixedClock(NOW), settings(**chosen))
        assert await asked(app, ["shop.example"]) == {}
        assert not await providers.are_due(app)


def two_servers(**rates: int) -> dict[str, object]:
    servers = [
        {"name": name, "host": f"{name}.mujaz.example", "weight": 1, "per_minute": rate}
        for name, rate in rates.items()
    ]
    return {"run": {"batch_size": 20}, "mail": {"servers": servers}}


async def test_senders_share_the_rate_of_a_server(database: Database):
    clock = FixedClock(NOW)
    mailer = FakeMailer()
    chosen = {"run": {"batch_size": 20}, "mail": {"host": "smtp.mujaz.example", "per_minute": 20}}
    apps = [an_app(database, mailer, clock, chosen) for _ in range(3)]
    edition = await an_edition_to(apps[0], *gmail(60))
    await asyncio.gather(*(deliver(app, edition) for app in apps))
    assert sum(mailer.taken.values()) == 10
    clock.forward(timedelta(seconds=30))
    await asyncio.gather(*(deliver(app, edition) for app in apps))
    assert sum(mailer.taken.values()) == 20


async def test_a_server_with_a_rate_of_its_own_takes_no_more_and_the_other_the_rest(database: Database):
    app = an_app(database, FakeMailer(), FixedClock(NOW), two_servers(slow=8, quick=0))
    edition = await an_edition_to(app, *gmail(40))
    assert (await deliver(app, edition)).sent == 40
    assert [dict(one) for one in app.mailer.limits] == [{"slow": 4}, {"slow": 0}]


async def test_where_every_server_has_a_rate_the_rest_waits(database: Database):
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, two_servers(slow=8, quick=12))
    edition = await an_edition_to(app, *gmail(40))
    books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (10, 30)
    clock.forward(timedelta(minutes=1))
    assert (await deliver(app, edition)).sent == 20


async def test_asking_what_is_known_of_a_domain_writes_nothing(database: Database):
    app = an_app(database, FakeMailer(), FixedClock(NOW), {"pacing": {"enabled": True}})
    found = await providers.known_providers(app, ["shop.example"])
    assert found.unasked == {"shop.example"}
    assert not await providers.are_due(app)
    await providers.request_look_up(app, found.unasked)
    assert await providers.are_due(app)
    assert (await providers.known_providers(app, ["shop.example"])).unasked == frozenset()
