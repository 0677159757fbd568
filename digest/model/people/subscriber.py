"""Who asked for what: lists, subscribers, their consent, and those who must never be mailed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from digest.model.columns import by_value
from digest.model.people.choice import EVERY_DAY, Choice
from digest.model.rows import no_items

NOT_CONFIRMED = "state <> 'confirmed'"
STOPPED = "disabled_reason IS NOT NULL"
"""As the partial index says it: SQLite takes that only for a query that says the same."""


def _of_few(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class SectionSpec(BaseModel):
    """How a list shows one section."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    title: str
    colour: str = "#9a3412"
    max_stories: int = 4


class Frequency(StrEnum):
    """How often a subscriber wants mail."""

    DAILY = "daily"
    WEEKLY = "weekly"


class AlertChoice(StrEnum):
    """Which alerts a subscriber wants: none unless they chose."""

    NONE = "none"
    BIG = "big"
    ALL = "all"


class AtNight(StrEnum):
    """What becomes of an alert in a list's quiet hours."""

    HOLD = "hold"
    BIG = "big"
    ALL = "all"


class Approval(StrEnum):
    """Whether people look at a list's editions before they go out."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class WithoutApproval(StrEnum):
    """What becomes of an edition whose time comes and that nobody has approved."""

    SEND = "send"
    HOLD = "hold"


class SubscriptionState(StrEnum):
    """Where a subscription stands. Only `confirmed` is ever mailed an edition."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    LEFT = "left"


class OnUnknown(StrEnum):
    """What to do with a recipient whose outcome a crash has hidden (docs/why/exactly-once.md)."""

    RESEND = "resend"
    HOLD = "hold"


class MailingList(SQLModel, table=True):
    """A list: when it goes out, in which zone, with which sections, in whose name."""

    __tablename__ = "mailing_list"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    description: str = ""
    language: str = "ar"
    timezone: str = "Asia/Riyadh"
    send_at: str = Field(default="06:30", description="local time, HH:MM")
    weekdays: list[int] = Field(
        default_factory=lambda: [0, 1, 2, 3, 4, 5, 6], sa_type=JSON, description="Monday is 0"
    )
    weekly_day: int | None = Field(
        default=None,
        description="day of a daily list's weekly edition, for who asked for it; Monday is 0, None: a day of rest where the list lives",
    )
    layout: str = "daily"
    window_hours: int = 24
    misfire_hours: int = Field(default=6, description="how late an edition may still go out by itself")
    min_stories: int = 3
    max_stories: int = 26
    summary_words: int = 60
    sections: list[dict[str, str | int]] = Field(default_factory=no_items, sa_type=JSON)
    keywords: list[str] = Field(default_factory=no_items, sa_type=JSON)
    pins: list[str] = Field(
        default_factory=no_items, sa_type=JSON, description="addresses of articles whose story must be in"
    )
    score_floor: float = Field(default=0.0, description="stories of less weight are left out")
    freshness_hours: int = Field(
        default=0, description="stories without an article so fresh are left out; 0: all are fresh enough"
    )
    digits: str = Field(default="arab", description="arab (٣), arabext (۳) or latn (3)")
    months: str = Field(default="default", description="default, levant or maghreb")
    hijri_offset: int = 0
    from_name: str = ""
    from_address: str = ""
    theme: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="colours, logo, fonts and texts of its mail"
    )
    social: list[dict[str, str]] = Field(
        default_factory=no_items, sa_type=JSON, description="places where its makers are found: name and url"
    )
    postal_address: str = ""
    blocks: list[str] = Field(
        default_factory=no_items,
        sa_type=JSON,
        description="files and addresses of data blocks, in their order",
    )
    alerts: bool = Field(default=False, description="whether it writes by itself when something big happens")
    alert_sources: list[str] = Field(
        default_factory=no_items,
        sa_type=JSON,
        description="sources (id, name or location) whose breaking news is an alert by itself",
    )
    alert_outlets: int = Field(
        default=3, description="so many outlets make a story an alert, within alert_minutes"
    )
    alert_minutes: int = 30
    alerts_a_day: int = 3
    alerts_at_night: AtNight = Field(default=AtNight.HOLD, sa_type=by_value(AtNight))  # type: ignore[call-overload, unused-ignore]
    quiet_hours: str = Field(default="23:00-07:00", description="its night, HH:MM-HH:MM; empty: none")
    welcome: bool = Field(default=False, description="whether who confirmed is mailed a welcome")
    count_clicks: bool = Field(
        default=False, description="whether it is counted, by the day, how often links of editions are opened"
    )
    form_sites: list[str] = Field(
        default_factory=no_items,
        sa_type=JSON,
        description="sites that may show its form and be returned to, as https://HOST",
    )
    on_unknown: OnUnknown = Field(default=OnUnknown.RESEND, sa_type=by_value(OnUnknown))  # type: ignore[call-overload, unused-ignore]
    approval: Approval = Field(default=Approval.NONE, sa_type=by_value(Approval))  # type: ignore[call-overload, unused-ignore]
    compose_minutes_before: int = Field(
        default=30, description="so long before its time an edition that people approve is composed"
    )
    without_approval: WithoutApproval = Field(
        default=WithoutApproval.HOLD,
        sa_type=by_value(WithoutApproval),  # type: ignore[call-overload, unused-ignore]
    )
    cooling_off_minutes: int = Field(
        default=5, description="so long an approved edition waits, and can still be stopped"
    )
    all_sources: bool = Field(
        default=True, description="whether it reads every source that it does not leave out"
    )
    is_default: bool = Field(default=False, description="the list that commands mean when none is named")
    public: bool = True
    indexed: bool = Field(default=True, description="whether search engines may list its pages")
    enabled: bool = True
    created_at: datetime


class Subscriber(SQLModel, table=True):
    """A person's address, normalised and unique. `key` is random: links in mail are signed with it."""

    __tablename__ = "subscriber"
    __table_args__ = (_of_few("ix_subscriber_stopped", "id", where=STOPPED),)

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str = ""
    locale: str = "ar"
    key: str = Field(description="128 random bits in hex")
    disabled_reason: str | None = Field(default=None, description="set when bounces or an admin stopped mail")
    sample: bool = Field(default=False, description="made up for the demo; mailed within this machine only")
    created_at: datetime


class Subscription(SQLModel, table=True):
    """A subscriber's consent to one list: state, when and how it came about, and the choices made."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("state <> 'confirmed' OR confirmed_at IS NOT NULL", name="confirmed_has_a_time"),
        CheckConstraint("days BETWEEN 1 AND 127", name="some_day_of_the_week"),
        CheckConstraint("weekly_day BETWEEN 0 AND 6", name="weekly_day_is_a_day"),
        _of_few("ix_subscription_not_confirmed", "list_id", "state", "subscriber_id", where=NOT_CONFIRMED),
        # Who left, or waits, is one of few; and most came by one way.
        Index("ix_subscription_source", "list_id", "consent_how", "subscriber_id"),
    )

    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE", primary_key=True)
    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", primary_key=True, index=True)
    state: SubscriptionState = Field(
        default=SubscriptionState.PENDING,
        sa_type=by_value(SubscriptionState),  # type: ignore[call-overload, unused-ignore]
    )
    requested_at: datetime
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    asked_again_at: datetime | None = Field(
        default=None, description="when the form was last sent in for one who left; None: not since then"
    )
    consent_how: str = Field(default="", description="form, admin, import")
    consent_from: str = Field(default="", description="address of the request or name of the file")
    sections: list[str] | None = Field(default=None, sa_type=JSON, description="None: all")
    frequency: Frequency = Field(default=Frequency.DAILY, sa_type=by_value(Frequency))  # type: ignore[call-overload, unused-ignore]
    alerts: AlertChoice = Field(default=AlertChoice.NONE, sa_type=by_value(AlertChoice))  # type: ignore[call-overload, unused-ignore]
    quiet_hours: str = Field(
        default="",
        description="no alert reaches this reader then, HH:MM-HH:MM in the list's zone; empty: none",
    )
    section_order: list[str] = Field(
        default_factory=no_items, sa_type=JSON, description="those that come first, in this order"
    )
    never_sections: list[str] = Field(
        default_factory=no_items, sa_type=JSON, description="those that are shown in no case"
    )
    days: int = Field(
        default=EVERY_DAY,
        description="days of the week on which daily editions are wanted, as bits; Monday's is 1",
    )
    weekly_day: int | None = Field(
        default=None, description="day of the weekly edition, Monday is 0; None: the list's"
    )
    hour: int | None = Field(
        default=None, description="local hour at which mail is wanted; None: the list's time"
    )
    timezone: str = Field(default="", description="IANA name; empty: the list's zone")
    headlines_only: bool = False
    muted_words: list[str] = Field(default_factory=no_items, sa_type=JSON)
    muted_outlets: list[str] = Field(default_factory=no_items, sa_type=JSON)
    digits: str = Field(default="", description="arab, arabext or latn; empty: the list's")
    hijri: bool = Field(default=True, description="whether the Hijri date is shown, where the list shows it")
    paused_until: datetime | None = Field(default=None, description="nothing is mailed before this instant")
    import_id: int | None = Field(default=None, index=True, description="the import that confirmed it")
    ended_by_import: int | None = Field(default=None, description="the import that ended it")

    def choice(self) -> Choice:
        """Return what the reader chose about content."""
        return choice_of(self)


def choice_of(row: Any) -> Choice:
    """Return the choice of a subscription, or of a row with its columns."""
    return Choice(
        sections=None if row.sections is None else tuple(row.sections),
        order=tuple(row.section_order),
        never=tuple(row.never_sections),
        digits=row.digits or None,
        hijri=row.hijri,
        headlines_only=row.headlines_only,
        muted_words=tuple(row.muted_words),
        muted_outlets=tuple(row.muted_outlets),
    )


class NoticeKind(StrEnum):
    """What a single mail is for: asking, looking whether an address still bounces, greeting, changing one."""

    CONFIRM = "confirm"
    PROBE = "probe"
    WELCOME = "welcome"
    ADDRESS = "address"


class Notice(SQLModel, table=True):
    """A single mail to one person (a confirmation, a welcome, a probe), kept until the server took it."""

    __tablename__ = "notice"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = NoticeKind.CONFIRM
    list_id: int = Field(foreign_key="mailing_list.id", ondelete="CASCADE")
    subscriber_id: int = Field(foreign_key="subscriber.id", ondelete="CASCADE", index=True)
    created_at: datetime
    sent_at: datetime | None = None
    attempts: int = 0
    next_try_at: datetime | None = Field(default=None, description="None: never again")
    reply: str = ""
