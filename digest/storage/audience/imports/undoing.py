"""An import taken back."""

from datetime import datetime

from sqlalchemy import Connection, delete, exists, update
from sqlmodel import col

from digest.model import (
    Delivery,
    FieldValue,
    ImportRun,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from digest.storage.audience.imports import extras

_SUBSCRIBER = Subscriber.__table__  # type: ignore[attr-defined]
_SUBSCRIPTION = Subscription.__table__  # type: ignore[attr-defined]
_SUPPRESSION = Suppression.__table__  # type: ignore[attr-defined]
_VALUE = FieldValue.__table__  # type: ignore[attr-defined]


def undo(connection: Connection, run: ImportRun, now: datetime) -> dict[str, int]:
    """Take back what an import changed, but for those who came or left by themselves since; returns
    counts.
    """
    table = _SUBSCRIPTION.c
    own = (table.import_id == run.id) & (table.consent_how == "import")
    untouched = (table.state == SubscriptionState.CONFIRMED) | (
        (table.left_at == run.at) & table.asked_again_at.is_(None)
    )
    fresh = table.requested_at == run.at
    pressed = own & untouched & ~fresh & (table.state == SubscriptionState.CONFIRMED)
    extras.note(connection, run, "confirmation undone", pressed, how="undo-import", at=now)
    reopened = connection.execute(
        update(_SUBSCRIPTION)
        .where(pressed)
        .values(state=SubscriptionState.PENDING, confirmed_at=None, import_id=None, consent_how="form")
    ).rowcount
    taken = connection.execute(delete(_SUBSCRIPTION).where(own, untouched, fresh)).rowcount
    ended = (
        (table.ended_by_import == run.id)
        & (table.state == SubscriptionState.LEFT)
        & (table.left_at == run.at)
    )
    extras.note(connection, run, "returned", ended, how="undo-import", at=now)
    for back, when in (
        (SubscriptionState.CONFIRMED, table.confirmed_at.is_not(None)),
        (SubscriptionState.PENDING, table.confirmed_at.is_(None)),
    ):
        reopened += connection.execute(
            update(_SUBSCRIPTION).where(ended, when).values(state=back, left_at=None, ended_by_import=None)
        ).rowcount
    connection.execute(delete(_VALUE).where(_VALUE.c.import_id == run.id))
    extras.take_tags(connection, run)
    lifted = connection.execute(delete(_SUPPRESSION).where(_SUPPRESSION.c.import_id == run.id)).rowcount
    person = _SUBSCRIBER.c
    gone = connection.execute(
        delete(_SUBSCRIBER).where(
            person.created_at == run.at,
            ~exists().where(table.subscriber_id == person.id),
            ~exists().where(col(Delivery.subscriber_id) == person.id),
        )
    ).rowcount
    connection.execute(update(ImportRun).where(col(ImportRun.id) == run.id).values(undone_at=now))
    return {"taken": taken, "people": gone, "reopened": reopened, "lifted": lifted}
