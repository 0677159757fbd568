"""What an admin may set of a list, checked before it is kept: the table itself checks nothing."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from digest.errors import InputError
from digest.model import Approval, AtNight, MailingList, OnUnknown, SectionSpec, WithoutApproval
from digest.render.templating.templates import layout
from digest.render.templating.theme import theme_of
from digest.services.schedule import local_time
from digest.services.schedule.quiet import QuietHours
from digest.text.addresses.email_address import normalised
from digest.text.addresses.slug import is_slug
from digest.text.languages import Language

Line = Annotated[str, StringConstraints(pattern=r"^[^\r\n\x00]*$", max_length=200)]


class SocialPlace(BaseModel):
    """A place where a list's makers are found."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=500)]


class ListSettings(BaseModel):
    """All that may be set of a list, with the limits that hold."""

    model_config = ConfigDict(extra="forbid", validate_default=False)

    name: Annotated[Line, Field(min_length=1)]
    description: Annotated[str, Field(max_length=500)] = ""
    language: Language = "ar"
    timezone: str = "Asia/Riyadh"
    send_at: str = "06:30"
    weekdays: list[Annotated[int, Field(ge=0, le=6)]] = Field(default_factory=lambda: list(range(7)))
    weekly_day: Annotated[int, Field(ge=0, le=6)] | None = None
    layout: str = "daily"
    window_hours: Annotated[int, Field(ge=1, le=24 * 14)] = 24
    misfire_hours: Annotated[int, Field(ge=0, le=72)] = 6
    min_stories: Annotated[int, Field(ge=1, le=100)] = 3
    max_stories: Annotated[int, Field(ge=1, le=100)] = 26
    summary_words: Annotated[int, Field(ge=10, le=400)] = 60
    sections: list[SectionSpec] = Field(default_factory=list)
    keywords: list[Line] = Field(default_factory=list)
    pins: list[Annotated[str, Field(max_length=2000)]] = Field(default_factory=list)
    score_floor: Annotated[float, Field(ge=0, le=50)] = 0.0
    freshness_hours: Annotated[int, Field(ge=0, le=336)] = 0
    digits: Literal["arab", "arabext", "latn"] = "arab"
    months: Literal["default", "levant", "maghreb", "morocco"] = "default"
    hijri_offset: Annotated[int, Field(ge=-2, le=2)] = 0
    from_name: Line = ""
    from_address: Line = ""
    theme: dict[str, Any] = Field(default_factory=dict)
    social: list[SocialPlace] = Field(default_factory=list)
    postal_address: Line = ""
    blocks: Annotated[list[Annotated[Line, Field(min_length=1)]], Field(max_length=10)] = Field(
        default_factory=list
    )
    alerts: bool = False
    alert_sources: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=2000)]], Field(max_length=50)
    ] = Field(default_factory=list)
    alert_outlets: Annotated[int, Field(ge=2, le=20)] = 3
    alert_minutes: Annotated[int, Field(ge=5, le=180)] = 30
    alerts_a_day: Annotated[int, Field(ge=1, le=10)] = 3
    alerts_at_night: AtNight = AtNight.HOLD
    quiet_hours: str = "23:00-07:00"
    welcome: bool = False
    count_clicks: bool = False
    form_sites: Annotated[
        list[
            Annotated[
                str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$", max_length=300)
            ]
        ],
        Field(max_length=20),
    ] = Field(default_factory=list)
    on_unknown: OnUnknown = OnUnknown.RESEND
    approval: Approval = Approval.NONE
    compose_minutes_before: Annotated[int, Field(ge=1, le=720)] = 30
    without_approval: WithoutApproval = WithoutApproval.HOLD
    cooling_off_minutes: Annotated[int, Field(ge=0, le=120)] = 5
    public: bool = True
    indexed: bool = True
    enabled: bool = True


NAMES = tuple(ListSettings.model_fields)
"""The names that `digest lists set` takes."""


def checked_slug(slug: str) -> str:
    """Return a list's short name when addresses can hold it.

    Raises:
        InputError: they cannot.
    """
    if not is_slug(slug):
        raise InputError(f"{slug!r} is no slug.", remedy="Use small Latin letters, digits and hyphens.")
    return slug


def checked(values: Mapping[str, Any], *, layouts: str = "") -> dict[str, Any]:
    """Return a list's settings as the table keeps them. `layouts` is the folder of the admin's own layouts.

    Raises:
        InputError: a name is unknown or a value is wrong; the sentence says which, and what would be right.
        ConfigError: there is no such layout, or it is not whole.
    """
    try:
        found = ListSettings.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise InputError(f"A list has no setting {name}.", remedy=f"It has {', '.join(NAMES)}.") from None
        raise InputError(f"{name} {first['input']!r} is wrong: {first['msg']}.") from None
    local_time.zone(found.timezone)
    local_time.clock_time(found.send_at)
    QuietHours.read(found.quiet_hours)
    layout(found.layout, layouts)
    theme_of(found.theme)
    for place in found.blocks:
        if "://" in place and not place.startswith("https://"):
            raise InputError(
                f"blocks {place!r} is wrong.", remedy="Give the path of a file or an https address."
            )
    if found.from_address:
        normalised(found.from_address)
    if found.min_stories > found.max_stories:
        raise InputError(
            f"min_stories {found.min_stories} is more than max_stories {found.max_stories}.",
            remedy="No edition could ever go out.",
        )
    if found.approval is Approval.REQUIRED and found.without_approval is WithoutApproval.SEND:
        raise InputError(
            "An edition that must be approved is never sent without.",
            remedy="Set without_approval to hold, or approval to optional.",
        )
    keys = [spec.key for spec in found.sections]
    if len(set(keys)) < len(keys):
        raise InputError("A section's key stands twice in sections.", remedy="Give each key once.")
    return found.model_dump(mode="json") | {
        "on_unknown": found.on_unknown,
        "alerts_at_night": found.alerts_at_night,
        "approval": found.approval,
        "without_approval": found.without_approval,
    }


def settings_of(mailing_list: MailingList) -> dict[str, Any]:
    """Return what is set of a list, by name."""
    return {name: getattr(mailing_list, name) for name in NAMES}


def bounds(name: str) -> tuple[float, float] | None:
    """Return the least and the most that a number among the settings may be; None where it has none."""
    limits = ListSettings.model_fields[name].metadata
    least = next((one.ge for one in limits if hasattr(one, "ge")), None)
    most = next((one.le for one in limits if hasattr(one, "le")), None)
    is_number = isinstance(least, int | float) and isinstance(most, int | float)
    return (float(least), float(most)) if is_number else None  # type: ignore[arg-type]
