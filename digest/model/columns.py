"""Column types that are the same on SQLite and PostgreSQL."""

from enum import StrEnum

from sqlalchemy import Enum


def by_value(kind: type[StrEnum], length: int = 24) -> Enum:
    """A string column that holds the enum's value (not its name) and is checked by the database."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=length,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
