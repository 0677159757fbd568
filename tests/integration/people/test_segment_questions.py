"""A segment asked in SQL means whom the rule means, on both databases; what cannot be asked is said in a
sentence.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from digest.errors import InputError
from digest.model import (
    AlertChoice,
    BounceEvent,
    Condition,
    CustomField,
    Delivery,
    DeliveryStatus,
    Edition,
    FieldKind,
    FieldValue,
    Frequency,
    SegmentDefinition,
    SegmentPerson,
    Subscriber,
    SubscriberTag,
    Subscription,
    SubscriptionState,
)
from digest.model.people.segment import FIELDS, OPERATORS, Comparable, FieldType, Operator, matches
from digest.model.rows import row_id
from digest.services.audience.segments.checking import TYPES, checked
from digest.services.audience.segments.fields import value_row
from digest.services.audience.segments.written import condition, definition, from_json, line
from digest.storage.audience.segments import compiled
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, an_edition

SECTIONS = ["economy", "sport", "world"]
DOMAINS = ["mujaz.example", "mail.mujaz.example", "jamaa.example", "ujaz.example"]
TAGS = ["vip", "صحافه", "100%_"]
CITIES = ["الرياض", "الدّمام", "Beirut", "بيروت_%"]
DAYS = ["2025-12-01", "2026-01-04", "2026-01-05", "2026-02-01"]
NUMBERS = ["-1", "0", "3", "3.5", "١٢"]
LIST = a_list(sections=[{"key": one, "title": one} for one in SECTIONS])
OWN = [
    CustomField(list_id=1, key="city", title="المدينة", kind=FieldKind.TEXT, created_at=NOW),
    CustomField(list_id=1, key="born", title="الميلاد", kind=FieldKind.DATE, created_at=NOW),
    CustomField(list_id=1, key="size", title="الحجم", kind=FieldKind.NUMBER, created_at=NOW),
    CustomField(list_id=1, key="job", title="العمل", kind=FieldKind.CHOICE, choices=CITIES, created_at=NOW),
]  # fmt: skip
VALUES = {"city": CITIES, "born": DAYS, "size": NUMBERS, "job": CITIES}
TYPE_OF = {**FIELDS, **{f"field.{one.key}": TYPES[one.kind] for one in OWN}}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(sorted(TYPE_OF)))
    op = draw(st.sampled_from(OPERATORS[TYPE_OF[field]]))
    if op in {Operator.SET, Operator.UNSET}:
        return Condition(field=field, op=op)
    several = op in {Operator.IS, Operator.IS_NOT, Operator.ALL_OF}
    pool = st.sampled_from(pool_of(field, op))
    values = draw(st.lists(pool, min_size=1, max_size=3 if several else 1))
    return Condition(field=field, op=op, values=tuple(values))


def pool_of(field: str, op: Operator) -> list[str]:
    if op in {Operator.WITHIN_DAYS, Operator.NOT_WITHIN_DAYS}:
        return ["1", "7", "40"]
    if op in {Operator.CONTAINS, Operator.BEGINS}:
        return ["ال", "b", "%", "_", "بيروت", "eirut"]
    named = {
        "section": SECTIONS, "frequency": [one.value for one in Frequency], "alerts": [one.value for one in AlertChoice],
        "state": [one.value for one in SubscriptionState], "source": ["form", "import", "admin"], "import": ["1", "2"],
        "language": ["ar", "fa"], "domain": DOMAINS, "tag": TAGS,
    }  # fmt: skip
    if field in named:
        return named[field]
    return VALUES[field.removeprefix("field.")] if field.startswith("field.") else DAYS


@st.composite
def definitions(draw: st.DrawFn) -> SegmentDefinition:
    return SegmentDefinition(
        match=draw(st.sampled_from(["all", "any"])),
        include=tuple(draw(st.lists(conditions(), max_size=3))),
        exclude=tuple(draw(st.lists(conditions(), max_size=2))),
    )


@pytest.fixture
async def crowd(database: Database) -> dict[int, SegmentPerson]:
    """Sixty people of every sort on one list, and as many on another that no question may find."""
    chance = random.Random(7)
    async with database.begin() as session:
        mailing_list = a_list(sections=LIST.sections)
        other = a_list(slug="other")
        session.add_all([mailing_list, other])
        await session.flush()
        own = [CustomField(**one.model_dump(exclude={"id"})) for one in OWN]
        session.add_all(own)
        editions = [
            an_edition(row_id(one), number=n, local_date=(NOW - timedelta(days=n)).date())
            for one in (mailing_list, other)
            for n in (1, 2, 3)
        ]
        session.add_all(editions)
        await session.flush()
        found = {}
        for number in range(60):
            person = a_subscriber(
                number, email=f"p{number}@{chance.choice(DOMAINS)}", locale=chance.choice(["ar", "fa"]),
                disabled_reason=chance.choice([None, None, "bounced"]),
            )  # fmt: skip
            session.add(person)
            await session.flush()
            known = subscription(chance, row_id(mailing_list), row_id(person))
            session.add_all([known, subscription(chance, row_id(other), row_id(person))])
            given_tags = {one for one in TAGS if chance.random() < 0.4}
            session.add_all(
                SubscriberTag(
                    subscriber_id=row_id(person), list_id=row_id(mailing_list), tag=one, given_at=NOW
                )
                for one in given_tags
            )
            values = values_for(chance, own, row_id(person))
            session.add_all(FieldValue(**one) for one in values)
            sent = deliveries(
                chance, [one for one in editions if one.list_id == mailing_list.id], row_id(person)
            )
            session.add_all([*sent, *deliveries(chance, editions[3:], row_id(person))])
            bounces = [an_event(chance, row_id(person), editions) for _ in range(chance.randrange(3))]
            here = {one.id for one in editions if one.list_id == mailing_list.id} | {None}
            session.add_all(bounces)
            numbers = {row_id(one) for one in own if one.kind is FieldKind.NUMBER}
            found[row_id(person)] = SegmentPerson(
                state=known.state.value, frequency=known.frequency.value, alerts=known.alerts.value,
                source=known.consent_how, language=person.locale, domain=person.email.partition("@")[2],
                stopped=person.disabled_reason, import_id=known.import_id, joined=known.confirmed_at,
                asked=known.requested_at, sections=None if known.sections is None else frozenset(known.sections),
                tags=frozenset(given_tags),
                last_delivered=max((one.at for one in sent if one.status is DeliveryStatus.SENT), default=None),
                last_bounced=max(
                    (one.at for one in bounces if one.event == "bounce" and one.edition_id in here), default=None
                ),
                own={int(one["field_id"]): one["number"] if one["field_id"] in numbers else one["compared"] for one in values},  # type: ignore[misc]
            )  # fmt: skip
    return found


def subscription(chance: random.Random, list_id: int, subscriber_id: int) -> Subscription:
    state = chance.choice(list(SubscriptionState))
    return Subscription(
        list_id=list_id, subscriber_id=subscriber_id, state=state, frequency=chance.choice(list(Frequency)),
        requested_at=moment(chance), alerts=chance.choice(list(AlertChoice)),
        confirmed_at=moment(chance) if state is not SubscriptionState.PENDING else None,
        consent_how=chance.choice(["form", "import", "admin"]), import_id=chance.choice([None, 1, 2]),
        sections=chance.choice([None, [], ["economy"], ["sport", "world"]]),
    )  # fmt: skip


def moment(chance: random.Random) -> datetime:
    """Often at an end of a day in Riyadh, where before and after part."""
    if chance.random() < 0.5:
        return datetime(2026, 1, chance.choice([3, 4]), 21, 0, tzinfo=UTC) - timedelta(
            microseconds=chance.choice([0, 1])
        )
    return NOW - timedelta(days=chance.choice([0, 1, 7, 30, 200]), seconds=chance.choice([0, 1]))


def values_for(chance: random.Random, own: list[CustomField], subscriber_id: int) -> list[dict[str, object]]:
    return [
        value_row(one, subscriber_id, chance.choice(VALUES[one.key])) for one in own if chance.random() < 0.6
    ]


def deliveries(chance: random.Random, editions: list[object], subscriber_id: int) -> list[Delivery]:
    return [
        Delivery(
            edition_id=row_id(one), subscriber_id=subscriber_id, at=moment(chance),  # type: ignore[arg-type]
            status=chance.choice([DeliveryStatus.SENT, DeliveryStatus.FAILED]),
        )
        for one in editions
        if chance.random() < 0.5
    ]  # fmt: skip


def an_event(chance: random.Random, subscriber_id: int, editions: Sequence[Edition]) -> BounceEvent:
    return BounceEvent(
        subscriber_id=subscriber_id, at=moment(chance), event=chance.choice(["bounce", "complaint"]),
        edition_id=chance.choice([None, *(one.id for one in editions)]),
    )  # fmt: skip


@given(asked=definitions())
async def test_the_sql_means_whom_the_rule_means(
    database: Database, crowd: dict[int, SegmentPerson], asked: SegmentDefinition
):
    async with database.begin() as session:
        own = list((await session.exec(select(CustomField))).all())
        mailing_list = LIST.model_copy(update={"id": own[0].list_id})
        segment = checked(asked, mailing_list, own, SECTIONS, NOW)
        query = (
            select(Subscriber.id)
            .join(Subscription, Subscription.subscriber_id == Subscriber.id)  # type: ignore[arg-type]
            .where(compiled(segment))
        )
        found = set((await session.exec(query)).all())
    assert found == {one for one, person in crowd.items() if matches(person, segment)}


def test_the_people_differ_enough_to_tell_the_questions_apart():
    """Each type of field has a question, and each question a pool of answers."""
    assert set(TYPE_OF.values()) == set(FieldType)
    for field, kind in TYPE_OF.items():
        for op in set(OPERATORS[kind]) - {Operator.SET, Operator.UNSET}:
            assert pool_of(field, op)


def ready(text: str, own: list[CustomField] | None = None) -> Comparable:
    mailing_list = LIST.model_copy(update={"id": 1})
    fields = [one.model_copy(update={"id": n}) for n, one in enumerate(OWN if own is None else own, 1)]
    segment = checked(definition([text], []), mailing_list, fields, SECTIONS, NOW)
    return segment.include[0].values[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("field.street is x", "no field 'street'"),
        ("password is x", "Nothing can be asked by 'password'"),
        ("section is weather", "no section weather"),
        ("state is gone", "state is never gone"),
        ("joined is 2026-01-01", "cannot be asked by is"),
        ("joined before yesterday", "no day"),
        ("joined within_days 0", "takes 1 to"),
        ("joined within_days soon", "no number"),
        ("field.size at_least big", "no number"),
        ("tag is", "needs a value"),
        ("stopped set now", "takes no value"),
        ("joined before 2026-01-01,2026-01-02", "takes one value"),
        ("tag; DROP TABLE subscriber", "no condition"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(text: str, words: str):
    with pytest.raises(InputError, match=words):
        ready(text)


def test_a_field_that_was_removed_is_named_with_what_there_is():
    with pytest.raises(InputError, match=r"no field 'city' \(any more\).*field\.born"):
        ready("field.city is x", OWN[1:])


def test_values_are_compared_as_people_write_them():
    assert ready("field.city is الدمام") == ready("field.city is الدَّمام")
    assert ready("field.size is ١٢") == 12.0
    assert ready("domain is @Mujaz.Example") == "mujaz.example"
    assert ready("joined before 2026-01-05") == datetime(2026, 1, 4, 21, tzinfo=UTC)


@given(asked=conditions())
def test_a_condition_is_read_as_it_is_written(asked: Condition):
    assert condition(line(asked)) == asked


def test_a_definition_is_read_from_json_and_nothing_else_of_it():
    text = '{"include": [{"field": "tag", "op": "is", "values": ["vip"]}]}'
    assert from_json(text) == definition(["tag is vip"], [])
    for wrong in ('{"include": [{"field": "tag"}]}', '{"sql": "1=1"}', "[", '{"include": "x"}'):
        with pytest.raises(InputError, match="cannot be read"):
            from_json(wrong)
