"""What an import keeps beside who is on a list: itself, tags, choices, and what was done about consent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, literal, select, update
from sqlmodel import col

from digest.model import ConsentEvent, ImportRun, SubscriberTag, Subscription
from digest.storage.database.dialects import insert_for

_SUBSCRIPTION = Subscription.__table__  # type: ignore[attr-defined]
_TAG = SubscriberTag.__table__  # type: ignore[attr-defined]
_RUN = ImportRun.__table__  # type: ignore[attr-defined]
_EVENT = ConsentEvent.__table__  # type: ignore[attr-defined]


def runs(connection: Connection, list_id: int) -> list[ImportRun]:
    """Return a list's imports, the newest first."""
    query = select(_RUN).where(_RUN.c.list_id == list_id).order_by(_RUN.c.id.desc())
    return [ImportRun(**row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - SQLAlchemy's public name


def begin(connection: Connection, list_id: int, file: str, now: datetime) -> ImportRun:
    """Open an import."""
    made = connection.execute(
        insert(ImportRun)
        .values(list_id=list_id, file=file, at=now, counts={}, undone_at=None)
        .returning(col(ImportRun.id))
    ).scalar_one()
    return ImportRun(id=made, list_id=list_id, file=file, at=now)


def finish(connection: Connection, run_id: int, counts: Mapping[str, int]) -> None:
    """Write what an import did."""
    connection.execute(update(ImportRun).where(col(ImportRun.id) == run_id).values(counts=dict(counts)))


def by_id(connection: Connection, run_id: int) -> ImportRun | None:
    """Return an import, or None."""
    row = connection.execute(select(_RUN).where(_RUN.c.id == run_id)).first()
    return ImportRun(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def give_tags(connection: Connection, run: ImportRun, tags: Sequence[tuple[int, str]]) -> None:
    """Give people tags in the name of an import; who has one keeps it."""
    if tags:
        connection.execute(
            insert_for(connection, _TAG).on_conflict_do_nothing(),
            [
                {"subscriber_id": one, "list_id": run.list_id, "tag": tag, "given_at": run.at}
                for one, tag in tags
            ],
        )


def choose(connection: Connection, run: ImportRun, chosen: Mapping[int, Mapping[str, Any]]) -> None:
    """Write the choices (columns of a subscription, by subscriber) of those whom an import brought; all have
    the same columns.
    """
    if not chosen:
        return
    names = next(iter(chosen.values()))
    table = _SUBSCRIPTION.c
    connection.execute(
        update(_SUBSCRIPTION)
        .where(
            table.list_id == run.list_id,
            table.subscriber_id == bindparam("one"),
            table.import_id == run.id,
            table.requested_at == run.at,
        )
        .values({name: bindparam(f"chosen_{name}", type_=table[name].type) for name in names}),
        [
            {"one": one, **{f"chosen_{name}": value for name, value in columns.items()}}
            for one, columns in chosen.items()
        ],
    )


def note(
    connection: Connection,
    run: ImportRun,
    event: str,
    which: ColumnElement[bool],
    *,
    how: str = "import",
    at: datetime | None = None,
) -> None:
    """Add an event of consent to each of the run's list's subscriptions that fit, in the file's name; `at`
    None: when the import ran.
    """
    table = _SUBSCRIPTION.c
    constant = {
        "at": at or run.at,
        "event": event,
        "how": how,
        "came_from": run.file,
        "page": "",
        "text_key": "",
    }
    values = [literal(value, type_=_EVENT.c[name].type) for name, value in constant.items()]
    rows = select(table.list_id, table.subscriber_id, *values).where(table.list_id == run.list_id, which)
    connection.execute(insert(_EVENT).from_select(["list_id", "subscriber_id", *constant], rows))


def take_tags(connection: Connection, run: ImportRun) -> None:
    """Take back the tags that an import gave."""
    connection.execute(
        delete(_TAG).where(col(SubscriberTag.list_id) == run.list_id, col(SubscriberTag.given_at) == run.at)
    )
