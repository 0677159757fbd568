"""People whom a list has."""

from collections.abc import Awaitable, Callable

from digest.model import AuditEntry, MailingList, Subscriber, Subscription
from digest.services.app import App
from tests.builders import a_subscriber, a_subscription

Logged = Callable[[], Awaitable[list[AuditEntry]]]
PEOPLE = "/desk/lists/daily/people"
AMAL = "amal@mujaz.example"


async def keep(app: App, mailing_list: MailingList, number: int, **fields: object) -> Subscriber:
    names = {"state", "consent_how"}
    async with app.database.begin() as session:
        person = a_subscriber(number, **{name: value for name, value in fields.items() if name not in names})
        session.add(person)
        await session.flush()
        chosen = {name: value for name, value in fields.items() if name in names}
        session.add(a_subscription(mailing_list.id or 0, person.id or 0, **chosen))
    return person


async def standing(app: App, mailing_list: MailingList, person: Subscriber) -> Subscription:
    async with app.database.read() as session:
        return await session.get_one(Subscription, (mailing_list.id, person.id))
