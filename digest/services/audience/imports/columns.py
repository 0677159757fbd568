"""Which column of a file is what, by its name and by what stands in it (pure)."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from digest.errors import InputError, PeopleFileError
from digest.services.audience.imports.addresses import unseen_removed
from digest.services.audience.imports.column_names import known_as, role_of
from digest.services.audience.imports.states import AMBIGUOUS, STATES, said

ROLES = ("email", "name", "state", "tags", "choices")
TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
NONE = "-"
"""What `--map` writes for: no column is that."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands in a row, by position from 0. `names` are joined; `flags` are columns that hold a yes
    or a time.
    """

    titles: tuple[str, ...]
    email: int
    names: tuple[int, ...] = ()
    states: tuple[int, ...] = ()
    flags: tuple[tuple[int, str], ...] = field(default=())
    own: tuple[tuple[int, str], ...] = field(default=())
    """Columns of the list's own fields, each with the field's key."""
    tags: tuple[int, ...] = ()
    choices: tuple[int, ...] = ()
    """The column of what readers chose, as an export of ours has it."""

    def title(self, at: int) -> str:
        """Return a column's name for people."""
        return self.titles[at] if at < len(self.titles) and self.titles[at] else f"column {at + 1}"

    def mapping(self) -> dict[str, list[str]]:
        """Say which column is what, for programs: the titles of each role, and of what is not used."""
        found = {
            "email": [self.title(self.email)],
            "name": [self.title(at) for at in self.names],
            "state": [self.title(at) for at in (*self.states, *(at for at, _ in self.flags))],
        }
        found |= {key: [self.title(at)] for at, key in self.own}
        more = {"tags": self.tags, "choices": self.choices}
        found |= {role: [self.title(at) for at in places] for role, places in more.items() if places}
        used = self._used()
        return {**found, "not_used": [self.title(at) for at in range(len(self.titles)) if at not in used]}

    def _used(self) -> set[int]:
        others = (*self.names, *self.states, *(at for at, _ in self.flags), *(at for at, _ in self.own))
        return {self.email, *others, *self.tags, *self.choices}

    def lines(self) -> list[str]:
        """Say which column is what, for people."""
        uses = [f"email ← «{self.title(self.email)}»"]
        if self.names:
            uses.append("name ← " + " + ".join(f"«{self.title(at)}»" for at in self.names))
        uses += [f"state ← «{self.title(at)}»" for at in self.states]
        uses += [f"{kind} where set ← «{self.title(at)}»" for at, kind in self.flags]
        uses += [f"{key} ← «{self.title(at)}»" for at, key in self.own]
        uses += [f"tags ← «{self.title(at)}»" for at in self.tags]
        uses += [f"choices ← «{self.title(at)}»" for at in self.choices]
        used = self._used()
        spare = [self.title(at) for at in range(len(self.titles)) if at not in used]
        unused = f"Not used: {', '.join(spare)}. A field of the list's own takes one: `digest fields add`."
        return ["Columns: " + ", ".join(uses), *([unused] if spare else [])]


def is_header(row: Sequence[str]) -> bool:
    """Say whether a row names columns: one is a column of addresses, and no cell is an address."""
    return not any("@" in cell or "＠" in cell for cell in row) and any(
        role_of(cell) in {"email", "maybe"} for cell in row
    )


def columns(
    header: Sequence[str] | None,
    sample: Sequence[Sequence[str]],
    wanted: Mapping[str, str],
    own: Mapping[str, str] | None = None,
) -> Columns:
    """Say which column is what; `header` None: the file names none. `wanted` is what a person chose, by role,
    or by the key of one of the list's `own` fields, which are given with their titles.

    Raises:
        InputError: no column holds addresses, or a chosen one is not there.
    """
    _refuse_unknown(wanted, own or {})
    width = max((len(row) for row in sample), default=0)
    titles = tuple(unseen_removed(title) for title in header) if header is not None else ("",) * width
    roles = [role_of(title) for title in titles] if header is not None else [""] * width
    roles += [""] * max(0, width - len(roles))
    of_own = _own_columns(own or {}, wanted, titles, roles)
    tags = _named(wanted, "tags", _TAGS, titles, roles)
    choices = _named(wanted, "choices", _CHOICES, titles, roles)
    choices = tuple(at for at in choices if "choices" in wanted or _holds_choices(at, sample))
    for at in (*(at for at, _ in of_own), *tags, *choices):
        if at < len(roles):
            roles[at] = "own"
    email = _chosen(wanted, "email", titles) or _address_column(roles, sample)
    if not email:
        shown = ", ".join(title[:40] for title in titles[:20] if title) or "its columns"
        raise PeopleFileError(
            "no_column",
            f"No column of addresses among {shown}.",
            remedy="Name the column email or «البريد», or say which it is with --map email=COLUMN.",
        )
    taken = set(email)
    states = _chosen(wanted, "state", titles)
    flags: tuple[tuple[int, str], ...] = ()
    if states is None:
        states = _state_columns(roles, taken, sample)
        flags = tuple((at, role) for at, role in enumerate(roles) if role in {"left", "bounced", "blocked"})
    taken |= {*states, *(at for at, _ in flags)}
    names = _chosen(wanted, "name", titles)
    if names is None:
        names = _name_columns(roles, taken, sample, named=header is not None)
    return Columns(titles, email[0], names, states, flags, of_own, tags, choices)


def _refuse_unknown(wanted: Mapping[str, str], own: Mapping[str, str]) -> None:
    for role in wanted:
        if role not in ROLES and role not in own:
            raise InputError(
                f"--map {role}={wanted[role]!r} is no mapping.",
                remedy=f"Roles are {', '.join((*ROLES, *own))}; a list's fields are made with `digest fields add`.",
            )


def _own_columns(
    own: Mapping[str, str], wanted: Mapping[str, str], titles: Sequence[str], roles: Sequence[str]
) -> tuple[tuple[int, str], ...]:
    """The columns of the list's own fields: those that a person chose, else those that bear a field's key or
    title and are nothing else.
    """
    known = [known_as(title) for title in titles]
    found: list[tuple[int, str]] = []
    for key, title in own.items():
        chosen = _chosen(wanted, key, titles)
        if chosen is None:
            names = {known_as(key), known_as(title)}
            free = (at for at, name in enumerate(known) if name in names and roles[at] == "")
            chosen = tuple(free)[:1]
        found += [(at, key) for at in chosen[:1]]
    return tuple(found)


_TAGS, _CHOICES = frozenset({"tags", "tag", "الوسوم", "وسوم", "برچسبها"}), frozenset({"choices"})


def _named(
    wanted: Mapping[str, str],
    role: str,
    names: Collection[str],
    titles: Sequence[str],
    roles: Sequence[str],
) -> tuple[int, ...]:
    """The column of a role that a person chose, else the first free one that bears one of its names."""
    chosen = _chosen(wanted, role, titles)
    if chosen is not None:
        return chosen
    free = [at for at, title in enumerate(titles) if roles[at] == "" and known_as(title) in names]
    return tuple(free[:1])


def _holds_choices(at: int, sample: Sequence[Sequence[str]]) -> bool:
    """Whether all that stands in a column could be choices as an export of ours writes them."""
    return all(row[at].lstrip()[:1] in {"", "{"} for row in sample if len(row) > at)


def _chosen(wanted: Mapping[str, str], role: str, titles: Sequence[str]) -> tuple[int, ...] | None:
    """The columns that a person chose, by name or by number from 1; None: nothing was chosen."""
    given = wanted.get(role)
    if given is None:
        return None
    if given == NONE:
        return ()
    known = [known_as(title) for title in titles]
    found = []
    for one in given.split("+"):
        name = known_as(one)
        if name in known:
            found.append(known.index(name))
        elif one.strip().isdecimal() and 0 < int(one) <= max(len(titles), 1):
            found.append(int(one) - 1)
        else:
            raise InputError(
                f"There is no column {one.strip()!r}.",
                remedy=f"There are: {', '.join(title or str(at + 1) for at, title in enumerate(titles))}.",
            )
    return tuple(found)


def _address_column(roles: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[int, ...]:
    held = [
        sum("@" in row[at] or "＠" in row[at] for row in sample if len(row) > at) for at in range(len(roles))
    ]
    named = [at for at, role in enumerate(roles) if role == "email"]
    if named:
        return (max(named, key=lambda at: (held[at], -at)),)
    others = [at for at, role in enumerate(roles) if held[at] and role in {"maybe", ""}]
    if others:
        return (max(others, key=lambda at: (held[at], roles[at] == "maybe", -at)),)
    maybe = [at for at, role in enumerate(roles) if role == "maybe"]
    return (maybe[0],) if maybe else ()


def _state_columns(roles: Sequence[str], taken: set[int], sample: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """The columns that tell a state. Where one does by words, another that holds only times says since
    when.
    """
    found = [
        at
        for at, role in enumerate(roles)
        if at not in taken
        and (
            role == "state"
            or (role == "perhaps" and _only_states(at, sample))
            or (role == "" and _holds_states(at, sample))
        )
    ]
    words = [at for at in found if not _holds_times(at, sample)]
    return tuple(words or found)


def _said(at: int, sample: Sequence[Sequence[str]]) -> set[str]:
    return {said(row[at]) for row in sample if len(row) > at} - {""}


def _only_states(at: int, sample: Sequence[Sequence[str]]) -> bool:
    words = _said(at, sample)
    return bool(words) and words <= STATES.keys()


def _holds_times(at: int, sample: Sequence[Sequence[str]]) -> bool:
    words = _said(at, sample)
    return bool(words) and all(TIME.match(word) for word in words)


def _holds_states(at: int, sample: Sequence[Sequence[str]]) -> bool:
    """Whether all that stands in a column without a name that is known are states; bare yes and no may be
    anything.
    """
    return _only_states(at, sample) and not _said(at, sample) <= AMBIGUOUS


def _name_columns(
    roles: Sequence[str], taken: set[int], sample: Sequence[Sequence[str]], *, named: bool
) -> tuple[int, ...]:
    for role in ("name",):
        if found := [at for at, one in enumerate(roles) if one == role and at not in taken]:
            return (found[0],)
    parts = [next((at for at, one in enumerate(roles) if one == role), None) for role in ("first", "last")]
    if any(at is not None for at in parts):
        return tuple(at for at in parts if at is not None)
    if named:
        return ()
    free = [at for at in range(len(roles)) if at not in taken and _holds_words(at, sample)]
    return (free[0],) if free else ()


def _holds_words(at: int, sample: Sequence[Sequence[str]]) -> bool:
    cells = [row[at] for row in sample if len(row) > at and row[at].strip()]
    return bool(cells) and sum(any(letter.isalpha() for letter in cell) for cell in cells) * 2 > len(cells)
