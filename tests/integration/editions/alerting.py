"""A newsroom whose outlets tell of something big, for tests of alerts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.model import (
    Alert,
    AlertChoice,
    AlertVerdict,
    Edition,
    EditionState,
    MailingList,
)
from digest.services.app import App
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from tests.builders import a_list, a_source, a_subscriber, a_subscription, an_article
from tests.fakes_delivery import FakeMailer, an_app

NOON = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # 12:00 in Riyadh


NIGHT = datetime(2026, 1, 5, 22, 0, tzinfo=UTC)  # 01:00 in Riyadh


MORNING = datetime(2026, 1, 6, 4, 5, tzinfo=UTC)  # 07:05 in Riyadh


QUAKE = "زلزال قوي يضرب مدينة المرجان ويهدم عشرات المنازل"


QUAKE_TEXT = (
    "ضرب زلزال قوته سبع درجات مدينة المرجان الساحلية فجرًا وهدم عشرات المنازل، وأعلنت السلطات الطوارئ."
)


FLOOD = "سيول جارفة تغرق بلدة الوادي وتقطع الطريق الدولي"


FLOOD_TEXT = "أغرقت سيول جارفة بلدة الوادي الجبلية وقطعت الطريق الدولي، وفتحت المدارس أبوابها لإيواء السكان."


OUTLETS = ("المرفأ", "الضحى", "النوافذ", "السهل")


WRONG = "ذكرنا أن قوة الزلزال سبع درجات، والصحيح ست."


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def app(database: Database, clock: FixedClock, tmp_path) -> App:
    return an_app(database, FakeMailer(), clock, {"run": {"out": str(tmp_path / "out")}})


async def a_newsroom(app: App, *choices: AlertChoice, **fields: object) -> MailingList:
    """A list that alerts, four outlets, and a reader for each choice (by default one who wants all)."""
    async with app.database.begin() as session:
        mailing_list = a_list(**{"alerts": True, "min_stories": 1, "weekdays": [], **fields})
        session.add(mailing_list)
        session.add_all(
            a_source(name=name, location=f"https://{n}.example/feed", next_poll_at=NOON + timedelta(days=30))
            for n, name in enumerate(OUTLETS, 1)
        )
        people = [a_subscriber(n) for n, _ in enumerate(choices or (AlertChoice.ALL,), 1)]
        session.add_all(people)
        await session.flush()
        session.add_all(
            a_subscription(mailing_list.id, person.id, alerts=choice)
            for person, choice in zip(people, choices or (AlertChoice.ALL,), strict=True)
        )
    return mailing_list


async def comes(
    app: App,
    outlet: int,
    title: str = QUAKE,
    text: str = QUAKE_TEXT,
    *,
    at: datetime | None = None,
    **fields: object,
) -> None:
    """An outlet (its number, from 1) publishes an article, which is collected at once."""
    when = at or app.clock.now()
    url = f"https://{outlet}.example/{abs(hash((title, when)))}"
    async with app.database.begin() as session:
        session.add(
            an_article(
                **{
                    "source_id": outlet,
                    "source_name": OUTLETS[outlet - 1],
                    "title": title,
                    "paragraphs": [text],
                    "url": url,
                    "url_key": url,
                    "content_hash": f"{outlet} {title}",
                    "published_at": when,
                    "first_seen_at": when,
                    "section": "politics",
                    **fields,
                }
            )
        )


async def many_tell(app: App, *outlets: int, title: str = QUAKE, text: str = QUAKE_TEXT) -> None:
    for outlet in outlets:
        await comes(app, outlet, title, text)


async def editions_of(app: App) -> list[Edition]:
    async with app.database.begin() as session:
        return list((await session.exec(select(Edition).order_by(Edition.number))).all())


async def verdicts(app: App) -> dict[str, AlertVerdict]:
    async with app.database.begin() as session:
        return {row.headline: row.verdict for row in (await session.exec(select(Alert))).all()}


async def send_all(app: App) -> None:
    for edition in await editions_of(app):
        if edition.state is EditionState.SENDING:
            await deliver_edition(app, edition.id, lambda _: None)
