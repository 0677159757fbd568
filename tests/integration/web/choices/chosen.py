"""What a reader chose, as it is stored."""

from sqlmodel import select

from digest.model import Subscriber, Subscription
from digest.services.app import App


async def wish_of(app: App, person: Subscriber) -> Subscription:
    async with app.database.begin() as session:
        query = select(Subscription).where(Subscription.subscriber_id == person.id)
        return (await session.exec(query)).one()


WHOLE = {
    "whole": "1",
    "section": ["sport", "economy", "world"],
    "frequency": "daily",
    "has": ["days", "digits", "hijri"],
    "day": ["0", "6"],
    "weekly_day": "",
    "hour": "20",
    "timezone": "Africa/Cairo",
    "place.sport": "1",
    "place.world": "2",
    "never": "misc",
    "form": "headlines",
    "digits": "latn",
    "muted_words": "كرة القدم\r\n الدوري، القمح",
    "muted_outlets": "المرفأ",
}
