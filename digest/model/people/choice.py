"""What a reader chose about the content of their mail, as one value. Pure."""

from dataclasses import dataclass, field, fields

EVERY_DAY = 0b1111111
"""All days of the week as bits, Monday's the lowest."""
MOST_MUTED = 20
"""So many words, and so many outlets, a reader may mute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What decides how an edition's mail reads for one reader. Who chose alike shares a rendering.

    `sections` are the keys of those wanted, None for all; `never` are shown in no case; those in `order` come
    first, in that order. `digits` and `months` are as in `MailStyle`; None: as the list has them. A story
    that holds a muted word, or whose text is of a muted outlet, is left out.
    """

    sections: tuple[str, ...] | None = None
    order: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    digits: str | None = None
    months: str | None = None
    hijri: bool = True
    headlines_only: bool = False
    muted_words: tuple[str, ...] = ()
    muted_outlets: tuple[str, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Asked for several times for each message of an edition.
        values = tuple(getattr(self, one.name) for one in fields(self) if one.compare)
        object.__setattr__(self, "_hash", hash(values))

    def __hash__(self) -> int:
        return self._hash


EVERYTHING = Choice()


def days_of(mask: int) -> tuple[int, ...]:
    """Return the days of the week whose bits are set; Monday is 0."""
    return tuple(day for day in range(7) if mask >> day & 1)


def mask_of(days: tuple[int, ...]) -> int:
    """Return days of the week as bits."""
    return sum(1 << day for day in set(days))
