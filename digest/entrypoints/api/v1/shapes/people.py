"""Shapes of subscribers."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from digest.entrypoints.api.v1.shapes.base import Address, PageAsked, SentBody, Words
from digest.model import AlertChoice, Frequency, SubscriptionState
from digest.text.addresses.network import ip_of


class PeopleAsked(PageAsked):
    """Which of a list's people are asked for. `q` finds words of the name or address by how they begin,
    however they are spelled, the newest person first.
    """

    state: SubscriptionState | None = None
    tag: str | None = Field(default=None, max_length=60)
    q: str | None = Field(default=None, min_length=1, max_length=200)


class PersonHead(BaseModel):
    """Somebody on a list, in short. `stopped` is why no mail goes to the address; null: mail goes."""

    id: int
    email: str
    name: str
    state: SubscriptionState
    requested_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None
    consent: str
    stopped: str | None


class PersonPage(BaseModel):
    """Some of a list's people, in the order of their numbers; those that were searched, newest first."""

    items: list[PersonHead]
    next: str | None = None


class PersonChoices(BaseModel):
    """What a reader chose of the list; see the page of preferences."""

    sections: list[str] | None
    order: list[str]
    never: list[str]
    frequency: Frequency
    days: list[int]
    weekly_day: int | None
    hour: int | None
    timezone: str
    headlines_only: bool
    muted_words: list[str]
    muted_outlets: list[str]
    digits: str
    hijri: bool
    alerts: AlertChoice
    quiet_hours: str


class ConsentShown(BaseModel):
    """One thing that was done about a subscription: when, what, how, and from where."""

    at: datetime
    event: str
    how: str
    came_from: str


class PersonShown(PersonHead):
    """Somebody on a list, with choices, own fields, tags and consent."""

    language: str
    paused_until: datetime | None
    choices: PersonChoices
    fields: dict[str, str]
    tags: list[str]
    consent_events: list[ConsentShown]


def _of_the_network(text: str) -> str:
    if text and ip_of(text) is None:
        raise ValueError("an IPv4 or IPv6 address, without a port and without others behind it")
    return text


VisitorAddress = Annotated[
    str,
    AfterValidator(_of_the_network),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}, {"const": ""}],
            "examples": ["203.0.113.9"],
        }
    ),
]
"""What is no address could be counted with no other: sign-ups without end would come from it."""


class NewPerson(SentBody):
    """Somebody to be on the list.

    `confirmation` says who confirms: `mail` asks the address's owner by a mail, as the form does; `given`
    means that you have their consent, and say in `consent` where it is kept. `came_from` is the network
    address of the visitor whose form it was, counted as the form counts it.
    """

    email: Address
    name: Annotated[str, Field(max_length=200)] = ""
    confirmation: Literal["mail", "given"] = "mail"
    consent: Annotated[str, Field(max_length=300)] = ""
    came_from: VisitorAddress = ""
    fields: Annotated[dict[str, Words], Field(max_length=50)] = Field(default_factory=dict)
    tags: Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=20)] = Field(
        default_factory=list
    )


class PersonAdded(BaseModel):
    """What became of somebody who was added. `asked`: a mail asks the owner, if that is allowed; the answer
    is the same for every address. `person` is there once somebody is confirmed.
    """

    outcome: Literal["asked", "added", "known"]
    person: PersonShown | None = None


Day = Annotated[int, Field(ge=0, le=6)]
Keys = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=100)]


class ChoiceChanges(SentBody):
    """What is to change of a reader's choices; what is not named stays as it is."""

    sections: Keys | None = None
    order: Keys = Field(default_factory=list)
    never: Keys = Field(default_factory=list)
    frequency: Frequency = Frequency.DAILY
    days: Annotated[list[Day], Field(max_length=7)] = Field(default_factory=list)
    weekly_day: Day | None = None
    hour: Annotated[int, Field(ge=0, le=23)] | None = None
    timezone: Annotated[str, Field(max_length=60)] = ""
    headlines_only: bool = False
    muted_words: Keys = Field(default_factory=list)
    muted_outlets: Keys = Field(default_factory=list)
    digits: Annotated[str, Field(max_length=10)] = ""
    hijri: bool = True
    alerts: AlertChoice = AlertChoice.NONE
    quiet_hours: Annotated[str, Field(max_length=11)] = ""


class PersonChanges(SentBody):
    """What is to change of somebody on a list. An empty value empties a field of the list's own."""

    choices: ChoiceChanges = ChoiceChanges()
    fields: Annotated[dict[str, Words], Field(max_length=50)] = Field(default_factory=dict)


class PersonForgotten(BaseModel):
    """What forgetting took away. `later`: why deleted rows may still stand in the database's file."""

    messages: int
    later: str
