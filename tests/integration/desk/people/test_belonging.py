"""What a manager of one list, or a key for one, reads of people who are on other lists, too."""

from datetime import timedelta

import httpx2
import pytest
from sqlmodel import select

from digest.entrypoints.api.v1.app import build_api
from digest.model import (
    BounceEvent,
    BounceScore,
    CustomField,
    Delivery,
    DeliveryStatus,
    Edition,
    FieldKind,
    FieldValue,
    MailingList,
    Role,
    Scope,
    Subscriber,
    SubscriberTag,
    Suppression,
    SuppressionReason,
)
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.programs import keys
from tests.builders import NOW, a_subscriber, a_subscription
from tests.integration.desk.conftest import SITE, Joins

PEOPLE = "/desk/lists/daily/people"
SECRETS = (
    "551 sport said no",
    "552 sport took it",
    "553 nobody knows whose",
    "the sport desk asked",
    "again and again",
    "6.5",
)
"""What belongs to the other list, or to nobody knows which."""
OWN = "421 daily said later"


@pytest.fixture
async def amal(app: App, daily: MailingList, other: MailingList) -> Subscriber:
    """She is on both lists; what came of the other one stopped her mail."""
    here, there = row_id(daily), row_id(other)
    async with app.database.begin() as session:
        person = a_subscriber(
            1,
            email="amal@mujaz.example",
            name="أمل",
            disabled_reason="mail to it bounced again and again: 551 sport said no",
        )
        session.add(person)
        await session.flush()
        who = row_id(person)
        session.add_all([a_subscription(here, who), a_subscription(there, who)])
        by_list = {one.list_id: row_id(one) for one in (await session.exec(select(Edition))).all()}
        said = [
            (by_list[here], OWN, "nothing"),
            (None, SECRETS[2], "probe"),
            (by_list[there], SECRETS[0], "disable"),
        ]
        session.add_all(
            BounceEvent(
                subscriber_id=who, edition_id=edition, at=NOW + timedelta(minutes=at), event="bounce",
                weight="hard", words=words, read_by="dsn", step=step,
            )
            for at, (edition, words, step) in enumerate(said)
        )  # fmt: skip
        session.add(BounceScore(subscriber_id=who, points=6.5, last_on=NOW.date()))
        session.add_all(
            Delivery(
                edition_id=by_list[one], subscriber_id=who, status=DeliveryStatus.SENT, reply=words,
                code=250, attempts=1, at=NOW,
            )
            for one, words in ((there, SECRETS[1]), (here, "250 daily took it"))
        )  # fmt: skip
        session.add(
            Suppression(
                address_hash=app.keys.suppression_hash(person.email), reason=SuppressionReason.COMPLAINED,
                note=SECRETS[3], created_at=NOW,
            )
        )  # fmt: skip
        session.add(SubscriberTag(subscriber_id=who, list_id=there, tag="sponsor", given_at=NOW))
        field = CustomField(list_id=there, key="club", title="النادي", kind=FieldKind.TEXT, created_at=NOW)
        session.add(field)
        await session.flush()
        session.add(FieldValue(subscriber_id=who, field_id=row_id(field), value="Hilal", compared="hilal"))
    return person


async def pages(joins: Joins, role: Role, list_id: int | None, amal: Subscriber) -> str:
    somebody = await joins(role, list_id)
    seen = ""
    for path in (
        f"{PEOPLE}/{amal.id}",
        f"{PEOPLE}/{amal.id}?mail=all",
        f"{PEOPLE}/bounces",
        PEOPLE,
        "/desk/people",
    ):
        answer = await somebody.opens(path)
        assert answer.status_code == 200, path
        seen += answer.text
    for act, fields in (("export", {}), ("acts", {"what": "export", "person": str(amal.id)})):
        answer = await somebody.sends(f"{PEOPLE}/{act}", fields)
        assert "amal@mujaz.example" in answer.text, answer.text
        seen += answer.text
    return seen


async def test_what_belongs_to_another_list_is_not_shown(
    app: App, joins: Joins, daily: MailingList, amal: Subscriber
):
    seen = await pages(joins, Role.LIST_MANAGER, daily.id, amal)
    assert OWN in seen
    assert "250 daily took it" in seen
    assert "أُوقف إرسال البريد إلى هذا العنوان." in seen
    assert [one for one in SECRETS if one in seen] == []
    assert "sponsor" not in seen


async def test_who_is_there_for_all_lists_is_shown_all(app: App, joins: Joins, amal: Subscriber):
    seen = await pages(joins, Role.LIST_MANAGER, None, amal)
    assert [one for one in SECRETS if one.replace("6.5", "٦٫٥") not in seen] == []


async def test_who_never_was_elsewhere_is_shown_whole_to_their_lists_manager(
    app: App, joins: Joins, daily: MailingList
):
    async with app.database.begin() as session:
        person = a_subscriber(2, email="badr@mujaz.example", disabled_reason="complained: by a button")
        session.add(person)
        await session.flush()
        session.add(a_subscription(row_id(daily), row_id(person)))
        session.add(BounceEvent(subscriber_id=row_id(person), at=NOW, event="complaint", words="by a button"))
    manager = await joins(Role.LIST_MANAGER, daily.id)
    page = (await manager.opens(f"{PEOPLE}/{person.id}")).text
    assert page.count("by a button") == 2
    assert "by a button" in (await manager.opens(f"{PEOPLE}/complaints")).text
    assert "complained: by a button" in (await manager.sends(f"{PEOPLE}/export")).text


async def test_a_key_for_one_list_reads_nothing_of_another(app: App, daily: MailingList, amal: Subscriber):
    found = {}
    for slug in ("daily", ""):
        key = await keys.add(app, f"a-{slug or 'all'}", [Scope.SUBSCRIBERS_READ], list_slug=slug)
        transport = httpx2.ASGITransport(app=build_api(app), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url=SITE) as client:
            head = {"authorization": f"Bearer {key}"}
            at = "/api/v1/lists/daily/subscribers"
            every = [await client.get(path, headers=head) for path in (at, f"{at}?q=amal", f"{at}/{amal.id}")]
            by_others = [await client.get(f"{at}?q={word}", headers=head) for word in ("sponsor", "hilal")]
        assert {one.status_code for one in (*every, *by_others)} == {200}
        assert all("amal@mujaz.example" in one.text for one in every)
        assert not any("amal@mujaz.example" in one.text for one in by_others), "found by another list's tag"
        found[slug] = "".join(one.text for one in every)
    assert [one for one in SECRETS if one in found["daily"]] == []
    assert found["daily"].count("mail to it is stopped") == 3
    assert "551 sport said no" in found[""]
