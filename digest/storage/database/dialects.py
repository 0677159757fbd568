"""What PostgreSQL and SQLite write differently: inserts that may conflict, lists given as one value."""

from typing import Any

from sqlalchemy import Connection, Label, TableValuedAlias, func, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.ext.asyncio.session import AsyncSession

POSTGRESQL = "postgresql"
_DOMAIN = {
    "sqlite": "substr(subscriber.email, instr(subscriber.email, '@') + 1)",
    POSTGRESQL: "split_part(subscriber.email, '@', 2)",
}


def dialect_of(bound: AsyncSession | Connection) -> str:
    """Return the dialect's name: sqlite or postgresql."""
    return bound.dialect.name if isinstance(bound, Connection) else bound.get_bind().dialect.name


def insert_for(bound: AsyncSession | Connection, table: Any) -> Any:
    """Return an INSERT into a table that can say what is done about a row that is there already
    (`on_conflict_do_nothing`, `on_conflict_do_update`).
    """
    return (postgresql.insert if dialect_of(bound) == POSTGRESQL else sqlite.insert)(table)


def json_values(dialect: str, given: Any) -> TableValuedAlias:
    """Return the rows of a JSON list, in their column `value`: so many ids go to the database as one
    value.
    """
    expand = func.json_array_elements_text if dialect == POSTGRESQL else func.json_each
    return expand(given).table_valued("value")


def domain_of_subscriber(session: AsyncSession) -> Label[str]:
    """Return the column of the domain of each subscriber's address (`text.addresses.domain.domain_of`)."""
    found: Label[str] = literal_column(_DOMAIN[dialect_of(session)]).label("domain")
    return found
