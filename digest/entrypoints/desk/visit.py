"""One request at the desk: who asks, for which list, with which fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from digest.entrypoints.desk.words import desk_words
from digest.entrypoints.security import CLIENT
from digest.model import MailingList, Right
from digest.model.accounts.roles import lists_of, may, may_anywhere
from digest.model.rows import row_id
from digest.services.accounts.login import LoginOrigin, Visitor
from digest.services.app import App
from digest.services.audit import Actor
from digest.services.channels.reasons import reason_of
from digest.services.sources.aside import aside_of
from digest.text.addresses.network import connection_of
from digest.text.dates import calendar, quantity_names
from digest.text.numbers import numerals, plurals

FIRST_LANGUAGE = "ar"
LONGEST_FIELD = 50_000
LARGEST_NUMBER = 2**31 - 1
"""That both databases keep in a column."""
Change = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class DeskVisit:
    """What a page of the desk works with.

    A page that changes something says so by `changed`; the table of routes has it written into the audit log.
    """

    request: Request
    app: App
    token: str
    visitor: Visitor | None = None
    mailing_list: MailingList | None = None
    fields: list[tuple[str, str]] = field(default_factory=list)
    done: dict[str, Any] | None = None
    actor_name: str = ""
    upload: UploadFile | None = None

    @property
    def language(self) -> str:
        """The language of the account; of nobody's visit Arabic, unless English is asked for."""
        if self.visitor is not None:
            return self.visitor.account.language
        asked = self.asked("language") or self.field("language")
        return "en" if asked == "en" else FIRST_LANGUAGE

    @property
    def words(self) -> Mapping[str, str]:
        """The fixed words of the page."""
        return desk_words(self.language)

    @property
    def origin(self) -> LoginOrigin:
        """Where the request comes from."""
        address = self.request.scope.get(CLIENT, "")
        return LoginOrigin(address, connection_of(address), clean(self.request.headers.get("user-agent", "")))

    @property
    def actor(self) -> Actor:
        """Who acts, for the audit log."""
        name = self.actor_name or (self.visitor.account.email if self.visitor else "")
        return Actor(f"desk:{name}", self.origin.address)

    @property
    def here(self) -> MailingList:
        """The list that the address names."""
        assert self.mailing_list is not None, "only a route with a slug has one"
        return self.mailing_list

    @property
    def who(self) -> Visitor:
        """Who is logged in."""
        assert self.visitor is not None, "only a route for who is logged in has one"
        return self.visitor

    def may(self, right: Right) -> bool:
        """Say whether who asks has a right over the list at hand, or over any list where none is."""
        if self.visitor is None:
            return False
        if self.mailing_list is None:
            return may_anywhere(self.visitor.roles, right)
        return may(self.visitor.roles, right, row_id(self.mailing_list))

    def may_somewhere(self, right: Right) -> bool:
        """Say whether who asks has a right over any list."""
        return self.visitor is not None and may_anywhere(self.visitor.roles, right)

    def lists_with(self, right: Right) -> frozenset[int] | None:
        """Return the ids of the lists over which who asks has a right; None: over all lists."""
        return lists_of(self.who.roles, right)

    def may_house(self, right: Right) -> bool:
        """Say whether who asks has a right over the house, or over all lists."""
        return self.visitor is not None and may(self.visitor.roles, right, None)

    def field(self, name: str) -> str:
        """Return what was typed into a field, "" when there is none of that name."""
        return next((value for known, value in self.fields if known == name), "")

    def every(self, name: str) -> Iterator[str]:
        """Yield what all fields of a name hold."""
        return (value for known, value in self.fields if known == name)

    def asked(self, name: str) -> str:
        """Return what the address asks for behind its question mark."""
        return clean(self.request.query_params.get(name, ""))

    def number_in_path(self, name: str = "number") -> int:
        """Return a number of the address.

        Raises:
            HTTPException: 404, no row has such a number.
        """
        found: int = self.request.path_params[name]
        if found > LARGEST_NUMBER:
            raise HTTPException(404)
        return found

    def changed(self, about: str = "", *, before: Change | None = None, after: Change | None = None) -> None:
        """Say what was changed, for the audit log."""
        self.done = {"about": about, "before": before or {}, "after": after or {}}

    @property
    def digits(self) -> str:
        """The digits of the account."""
        wanted = self.visitor.account.digits if self.visitor is not None else "arab"
        return numerals.fitting(self.language, wanted)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the list at hand; UTC where none is."""
        return ZoneInfo(self.mailing_list.timezone if self.mailing_list else "UTC")

    def number(self, value: float | str) -> str:
        """Write a number in the account's digits, its thousands apart."""
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        return numerals.numeral(shown, self.digits)

    def plain(self, value: object) -> str:
        """Write a number that names something, an edition's or a year, in the account's digits."""
        return numerals.numeral(str(value), self.digits)

    def quantity(self, code: str) -> str:
        """Write what the guard names: a number, a name, or a unit or date by its word."""
        return self.plain(quantity_names.named(code, self.language))

    def counted(self, value: int, phrase: str) -> str:
        """Write a counted phrase."""
        return plurals.counted(value, phrase, self.language, self.digits)

    def held(self, code: str, about: Mapping[str, str], reason: str | None) -> str:
        """Say why an edition is held or paused, in the account's language; what has no words of its own is
        said as it was written down.
        """
        word = self.words.get(f"held_{code}", "") if code else ""
        try:
            said = {name: self.plain(value) for name, value in about.items()}
            if where := about.get("where"):
                said["where"] = f" {self.words['held_where'].format(domain=where)}"
            return word.format(**said) or reason or ""
        except (KeyError, IndexError):
            return reason or ""

    def label(self, name: str) -> str:
        """Return what a field or a changed value is called, its own name where it has no word."""
        known = (self.words.get(f"{kind}_{name}") for kind in ("change", "field", "set", "theme"))
        return next((word for word in known if word), name)

    def by(self, actor: str) -> str:
        """Write who acted: by what, and the name."""
        kind, _, name = actor.partition(":")
        word = self.words.get(f"by_{kind}")
        return f"{word}{self.words['colon']} {name}" if word and name else actor

    def aside(self, line: str) -> str:
        """Say why an item of a source was put aside, in the account's language where the line is known."""
        kind, about = aside_of(line)
        said = {name: value if name == "what" else self.plain(value) for name, value in about.items()}
        return self.words[f"aside_{kind}"].format(**said) if kind else line

    def why_not_posted(self, kept: str) -> str:
        """Say why something was not posted to a program or channel, in the account's language."""
        reason, about = reason_of(kept)
        said = {name: self.plain(value) for name, value in about.items()}
        return self.words[f"why_post_{reason}"].format(**said) if reason else ""

    def skipped(self, reason: str) -> str:
        """Say why some were left out of a send, in the account's language."""
        return self.words.get(f"skipped_{reason.replace(' ', '_').replace('-', '_')}", reason)

    def day(self, day: date) -> str:
        """Write a date with its weekday, by the calendar of the account."""
        wanted = self.visitor.account.calendar if self.visitor is not None else "gregorian"
        own = calendar.long_date(day, self.language, "default", self.digits)
        hijri = calendar.hijri_date(day, 0, self.digits, self.language) if wanted != "gregorian" else ""
        if not hijri:
            return own
        weekday = calendar.weekday(day.weekday(), self.language)
        return f"{weekday} {hijri}" if wanted == "hijri" else f"{own} ({hijri})"

    def weekday(self, day: int) -> str:
        """Write a day of the week; Monday is 0."""
        return calendar.weekday(day, self.language)

    def hour(self, hour: int) -> str:
        """Write a full hour of the day."""
        return calendar.clock(datetime(2026, 1, 5, hour, tzinfo=UTC), self.language, self.digits)

    def moment(self, when: datetime | None, zone: ZoneInfo | None = None) -> str:
        """Write an instant in the zone of the list at hand; a dash for none."""
        if when is None:
            return "—"
        local = when.astimezone(zone or self.zone)
        today = self.app.clock.now().astimezone(zone or self.zone).date()
        clock = calendar.clock(local, self.language, self.digits)
        shown = clock if local.date() == today else f"{self.day(local.date())} {clock}"
        is_nobodys = zone is None and self.mailing_list is None
        return self.words["in_utc"].format(when=shown) if is_nobodys else shown

    def moment_in(self, when: datetime, mailing_list: MailingList) -> str:
        """Write an instant in a list's zone."""
        return self.moment(when, ZoneInfo(mailing_list.timezone))

    def until(self, when: datetime) -> str:
        """Write how long it is until an instant, in its largest unit; what is past is now."""
        left = max(when - self.app.clock.now(), timedelta(0))
        if timedelta(0) < left < timedelta(minutes=1):
            return self.words["very_soon"]
        minutes = int(left.total_seconds() // 60)
        if minutes < 60:
            return self.counted(minutes, "in_minutes")
        hours = minutes // 60
        return self.counted(hours, "in_hours") if hours < 48 else self.counted(hours // 24, "in_days")

    @property
    def now(self) -> datetime:
        """This instant."""
        return self.app.clock.now().astimezone(UTC)


def clean(text: str) -> str:
    """Return a text that both databases keep: without NUL, and without halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
