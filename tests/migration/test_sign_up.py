"""The revision of sign-ups, forth and back: what people agreed to before stays, and nobody is greeted unasked."""

from sqlmodel import select

from digest.model import ConsentEvent, MailingList, Signup
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription
from tests.migration.forth_and_back import LISTS, goes_back_and_comes

NEW = {"blocked_signup", "signup_count", "signup_day", "consent_text"}
KEPT = (
    LISTS,
    "SELECT list_id, subscriber_id, state, consent_from FROM subscription",
    "SELECT list_id, email, came_from FROM signup",
    "SELECT list_id, subscriber_id, event, how, came_from FROM consent_event",
)


async def test_what_was_agreed_to_before_stays_as_it_was(database: Database):
    async with database.begin() as session:
        mailing_list, person = a_list(welcome=True), a_subscriber()
        session.add_all([mailing_list, person])
        await session.flush()
        session.add(a_subscription(mailing_list.id, person.id, consent_from="203.0.113.9"))
        session.add(
            Signup(list_id=mailing_list.id, email="b@mujaz.example", came_from="x", at=NOW, page="/y")
        )
        session.add(
            ConsentEvent(
                list_id=mailing_list.id, subscriber_id=person.id, at=NOW, event="asked", how="form", page="/y"
            )
        )
    await goes_back_and_comes(database, "0010", new=NEW, kept=KEPT)
    async with database.begin() as session:
        found = (await session.exec(select(MailingList))).one()
        event = (await session.exec(select(ConsentEvent))).one()
        waiting = (await session.exec(select(Signup))).one()
    assert (found.welcome, found.form_sites) == (False, [])
    assert (event.page, event.text_key) == ("", "")
    assert waiting.released is False
