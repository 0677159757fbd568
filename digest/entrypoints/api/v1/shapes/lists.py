"""Shapes of lists."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from digest.model import FieldKind
from digest.services.audience.list_settings import ListSettings


class ListShown(BaseModel):
    """A list: its settings, how many readers it has, and when it goes out next."""

    slug: str
    confirmed: int
    next_at: datetime | None
    settings: ListSettings


class ListHead(BaseModel):
    """A list in short."""

    slug: str
    name: str
    language: str
    enabled: bool
    public: bool
    confirmed: int
    next_at: datetime | None


class ListPage(BaseModel):
    """All lists that the key may see."""

    items: list[ListHead]
    next: str | None = None


class NewList(ListSettings):
    """A list to be; settings that are not named are the usual ones."""

    slug: str = Field(min_length=1, max_length=60, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")


def _optional() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, info in ListSettings.model_fields.items():
        own = deepcopy(info)
        own.default, own.default_factory = None, None
        fields[name] = (info.annotation, own)
    return fields


ListChanges: type[BaseModel] = create_model(
    "ListChanges",
    __config__=ConfigDict(extra="forbid"),
    __doc__="Settings of a list that are to change; what is not named stays as it is.",
    **_optional(),
)


class FieldShown(BaseModel):
    """A field of a list's own."""

    key: str
    title: str
    kind: FieldKind
    choices: list[str]
    in_form: bool


class FieldPage(BaseModel):
    """A list's own fields."""

    items: list[FieldShown]
    next: str | None = None


class TagCount(BaseModel):
    """A tag, and how many people have it."""

    tag: str
    people: int


class TagPage(BaseModel):
    """A list's tags."""

    items: list[TagCount]
    next: str | None = None
