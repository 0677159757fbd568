"""Which column of a file is what, by its name and by what stands in it (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digest.errors import InputError
from digest.services.audience.imports.addresses import unseen_removed
from digest.services.audience.imports.states import AMBIGUOUS, STATES, said
from digest.text.normalise import fold

ROLES = ("email", "name", "state")
NONE = "-"
"""What `--map` writes for: no column is that."""

_ADDRESS = frozenset(
    [
        "email",
        "e mail",
        "mail",
        "email address",
        "e mail address",
        "email id",
        "emailaddress",
        "e mail 1 value",
        "e mail 1",
        "email 1",
        "e mail value",
        "email value",
        "primary email",
        "subscriber email",
        "subscriber",
        "member email",
        "contact email",
        "user email",
        "work email",
        "email primary",
        "e mail address 1",
        "courriel",
        "correo",
        "correo electronico",
        "adresse e mail",
        "e mail adresse",
        "epost",
        "eposta",
        "e posta",
        "البريد",
        "البريد الالكتروني",
        "بريد",
        "بريد الكتروني",
        "بريدك الالكتروني",
        "الايميل",
        "ايميل",
        "عنوان البريد",
        "عنوان البريد الالكتروني",
        "عنوان الايميل",
        "بريد المشترك",
        "البريد الاليكتروني",
        "البريد الإلكترونى",
        "ايميل المشترك",
        "عنوان بريدك",
        "العنوان البريدي الالكتروني",
        "الاميل",
        "اميل",
        "ایمیل",
        "ايميل",
        "پست الکترونیک",
        "پست الكترونيك",
        "نشاني ايميل",
        "نشانی ایمیل",
        "رایانامه",
        "راياناما",
        "ای میل",
        "اي ميل",
        "برید",
    ]
)
_MAYBE_ADDRESS = frozenset(
    {"address", "addr", "العنوان", "عنوان", "to", "recipient", "contact", "user", "username", "login"}
)
_NAME = frozenset(
    [
        "name",
        "full name",
        "fullname",
        "display name",
        "subscriber name",
        "contact name",
        "member name",
        "user name",
        "your name",
        "nom",
        "nombre",
        "nome",
        "الاسم",
        "اسم",
        "الاسم الكامل",
        "الاسم بالكامل",
        "اسم المشترك",
        "اسم المشتركه",
        "اسم المستلم",
        "اسم العضو",
        "الاسم كاملا",
        "الاسم الثلاثي",
        "الاسم الرباعي",
        "اسم كامل",
        "المشترك",
        "نام",
        "نام كامل",
        "نام کامل",
        "نام و نام خانوادگي",
        "نام و نام خانوادگی",
        "نام مشترك",
        "پورا نام",
    ]
)
_FIRST = frozenset(
    [
        "first name",
        "firstname",
        "fname",
        "given name",
        "givenname",
        "first",
        "forename",
        "prenom",
        "vorname",
        "الاسم الاول",
        "الاول",
        "اسم الشخص",
        "نام كوچك",
        "نام کوچک",
    ]
)
_LAST = frozenset(
    [
        "last name",
        "lastname",
        "lname",
        "surname",
        "family name",
        "familyname",
        "last",
        "nachname",
        "اسم العائله",
        "العائله",
        "الاسم الاخير",
        "اللقب",
        "الكنيه",
        "اسم الاسره",
        "نام خانوادگي",
        "نام خانوادگی",
        "فاميلي",
    ]
)
_STATE = frozenset(
    [
        "state",
        "status",
        "subscribed",
        "subscription",
        "subscription status",
        "subscriber status",
        "subscription state",
        "list status",
        "member status",
        "email status",
        "subscribed to emails",
        "subscribed to email",
        "is subscribed",
        "issubscribed",
        "active",
        "is active",
        "enabled",
        "is enabled",
        "confirmed",
        "is confirmed",
        "verified",
        "optin",
        "opt in",
        "opted in",
        "optin status",
        "opt in status",
        "email marketing",
        "email marketing consent",
        "accepts marketing",
        "accepts email marketing",
        "marketing status",
        "consent status",
        "marketing",
        "newsletter",
        "subscriber type",
        "contact status",
        "mail status",
        "delivery status",
        "subscriber state",
        "email state",
        "email permission status",
        "email subscription status",
        "current status",
        "الحاله",
        "حاله",
        "حاله الاشتراك",
        "حاله المشترك",
        "حاله البريد",
        "حاله العضو",
        "وضع الاشتراك",
        "الوضع",
        "مشترك",
        "مشتركه",
        "مشترك؟",
        "الاشتراك",
        "مفعل",
        "نشط",
        "موكد",
        "فعال",
        "وضعيت",
        "وضعیت",
        "وضعيت اشتراك",
        "مشترك است",
        "اشتراك",
        "حيثيت",
        "abonniert",
        "statut",
        "estado",
        "stato",
    ]
)
_LEFT = re.compile(
    r"^(?:is |has |date |user )?(?:unsub(?:scribed?|scription)?|opt(?:ed)? ?out|left|deleted|removed)"
    r"(?: (?:at|on|time|date|from all emails?|from emails?|campaign title|reason|reason other))?$"
    r"|^email opt ?out$|^optout time$|unsubscribed from all|^(?:تاريخ |وقت |سبب )?(?:الغاء الاشتراك|المغادره|الانسحاب)$|^(?:ملغي|غادر|غير مشترك|منسحب)$|^لغو اشتراك$"
)
_BOUNCED = re.compile(
    r"^(?:is |has |email |hard |soft )*(?:bounced?|clean(?:ed)?)(?: (?:at|on|time|date|campaign title|reason))?$|^stopped$|^hardbounced$"
    r"|^(?:تاريخ )?(?:الارتداد|ارتداد|مرتد)$"
)
_BLOCKED = re.compile(
    r"^(?:is |has |e?mail )*(?:blacklist(?:ed)?|blocklist(?:ed)?|blocked|banned|suppressed|complain(?:ed|t)?|spam|junk|do not (?:mail|contact|email))"
    r"(?: (?:at|on|time|date|reason|email))?$|^email ?(?:black|block)listed$|^(?:محظور|القائمه السوداء|الحظر|ممنوع|شكوي)$"
)
_SEPARATORS = re.compile(r"[\s_\-./:：*#?؟!()\[\]\"'«»]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def known_as(header: str) -> str:
    """Return a column's name as names are compared."""
    return " ".join(_SEPARATORS.sub(" ", fold(_HUMP.sub(" ", unseen_removed(header)))).split())


_KNOWN = {
    role: frozenset(known_as(name) for name in names)
    for role, names in (
        ("email", _ADDRESS),
        ("maybe", _MAYBE_ADDRESS),
        ("name", _NAME),
        ("first", _FIRST),
        ("last", _LAST),
        ("state", _STATE),
    )
}
_FLAGS = (("left", _LEFT), ("bounced", _BOUNCED), ("blocked", _BLOCKED))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands in a row, by position from 0. `names` are joined; `flags` are columns that hold a yes or a time."""

    titles: tuple[str, ...]
    email: int
    names: tuple[int, ...] = ()
    states: tuple[int, ...] = ()
    flags: tuple[tuple[int, str], ...] = field(default=())

    def title(self, at: int) -> str:
        """Return a column's name for people."""
        return self.titles[at] if at < len(self.titles) and self.titles[at] else f"column {at + 1}"

    def lines(self) -> list[str]:
        """Say which column is what, for people."""
        told = [f"email ← «{self.title(self.email)}»"]
        if self.names:
            told.append("name ← " + " + ".join(f"«{self.title(at)}»" for at in self.names))
        told += [f"state ← «{self.title(at)}»" for at in self.states]
        told += [f"{kind} where set ← «{self.title(at)}»" for at, kind in self.flags]
        used = {self.email, *self.names, *self.states, *(at for at, _ in self.flags)}
        spare = [self.title(at) for at in range(len(self.titles)) if at not in used]
        return ["Columns: " + ", ".join(told), *([f"Not used: {', '.join(spare)}"] if spare else [])]


def role_of(title: str) -> str:
    """Return what a column's name says that it is: email, maybe, name, first, last, state, left, bounced, blocked or ""."""
    name = known_as(title)
    for role, names in _KNOWN.items():
        if name in names:
            return role
    for role, pattern in _FLAGS:
        if pattern.search(name):
            return role
    return ""


def is_header(row: Sequence[str]) -> bool:
    """Say whether a row names columns: one is a column of addresses, and no cell is an address."""
    return not any("@" in cell or "＠" in cell for cell in row) and any(
        role_of(cell) in {"email", "maybe"} for cell in row
    )


def columns(
    header: Sequence[str] | None, sample: Sequence[Sequence[str]], wanted: Mapping[str, str]
) -> Columns:
    """Say which column is what; `header` None: the file names none. `wanted` is what a person chose, by role.

    Raises:
        InputError: no column holds addresses, or a chosen one is not there.
    """
    width = max((len(row) for row in sample), default=0)
    titles = tuple(unseen_removed(title) for title in header) if header is not None else ("",) * width
    roles = [role_of(title) for title in titles] if header is not None else [""] * width
    roles += [""] * max(0, width - len(roles))
    email = _chosen(wanted, "email", titles) or _address_column(roles, sample)
    if not email:
        shown = ", ".join(title[:40] for title in titles[:20] if title) or "its columns"
        raise InputError(
            f"No column of addresses among {shown}.",
            remedy="Name the column email or «البريد», or say which it is with --map email=COLUMN.",
        )
    taken = set(email)
    states = _chosen(wanted, "state", titles)
    flags: tuple[tuple[int, str], ...] = ()
    if states is None:
        states = tuple(
            at
            for at, role in enumerate(roles)
            if at not in taken and (role == "state" or (role == "" and _holds_states(at, sample)))
        )
        flags = tuple((at, role) for at, role in enumerate(roles) if role in {"left", "bounced", "blocked"})
    taken |= {*states, *(at for at, _ in flags)}
    names = _chosen(wanted, "name", titles)
    if names is None:
        names = _name_columns(roles, taken, sample, named=header is not None)
    return Columns(titles, email[0], names, states, flags)


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


def _holds_states(at: int, sample: Sequence[Sequence[str]]) -> bool:
    """Whether all that stands in a column without a name that is known are states; bare yes and no may be anything."""
    words = {said(row[at]) for row in sample if len(row) > at} - {""}
    return bool(words) and words <= STATES.keys() and not words <= AMBIGUOUS


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
