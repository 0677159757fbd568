"""What all stored rows have in common: an id, once they are stored."""

from typing import Any, Protocol


class Row(Protocol):
    """A row of a table whose ids the database gives."""

    id: int | None


def row_id(row: Row) -> int:
    """Return the id of a stored row.

    Raises:
        LookupError: the row was never stored. No query may be asked for such a row: it would answer about
            nothing.
    """
    if row.id is None:
        raise LookupError(f"This {type(row).__name__} is not stored yet.")
    return row.id


def known_id(number: int | None) -> int:
    """Return an id that was read from the database, where every row has one; types do not know that.

    Raises:
        LookupError: as `row_id`.
    """
    if number is None:
        raise LookupError("This row is not stored yet.")
    return number


def no_items() -> list[Any]:
    """Return an empty list, as columns begin that hold one.

    Each time a row is made the signature of what makes its values is read, and that of `list` is a text which
    is parsed for that: it took most of the time of making a subscription.
    """
    return []
