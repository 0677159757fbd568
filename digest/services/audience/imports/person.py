"""What a row of a file says of a person (pure)."""

from typing import NamedTuple


class Person(NamedTuple):
    """What a row says of a person; the address is normalised."""

    email: str
    name: str
    state: int
    """A `FileState`, as the number that it is."""
    own: str = ""
    """What stands in columns of the list's own fields, as JSON by key; empty: nothing."""
    tags: str = ""
    """With commas between."""
    choices: str = ""
    """As `portable.read` gives them; empty: nothing was chosen."""


PersonRow = tuple[str, str, int, str, str, str]
"""A `Person`, or a bare tuple like one: a file has a million of them, and bare ones are no work for the
collector of garbage.
"""


def with_more(first: PersonRow, other: PersonRow) -> PersonRow:
    """Return what two rows say of one person: the worse state, and of all else what the first says."""
    email, name, state, own, tags, choices = first
    return (
        email,
        name or other[1],
        max(state, other[2]),
        own or other[3],
        tags or other[4],
        choices or other[5],
    )
