"""What crosses the bars of the cage: jobs and their answers, as JSON, checked on arrival."""

import base64
import json
import struct
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from digest.collect.parse.feed_items import Feed, FeedItem

HEAD = struct.Struct(">I")
"""Before every question and answer: its length in bytes."""
RETURNED_MAIL = "returned mail"
"""The name of the reader of mail that came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedJob:
    """Read a feed's bytes."""

    body: bytes
    url: str
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob:
    """Read a page's bytes. `names`: what the source is called, for its own rules in `rules_file`."""

    body: bytes
    url: str
    zone: str
    now: datetime
    charset: str | None = None
    names: tuple[str, ...] = ()
    rules_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallJob:
    """Have a reader of another stage read bytes; `reader` is one of `jobs.READERS`, `url` says what it is about."""

    body: bytes
    reader: str
    url: str


Job = FeedJob | PageJob | CallJob


def job_to(job: Job) -> bytes:
    """Return a job as bytes."""
    fields = plain(asdict(job))
    fields["body"] = base64.b64encode(job.body).decode("ascii")
    if isinstance(job, PageJob):
        fields["rules_file"] = str(job.rules_file) if job.rules_file else None
    return json.dumps([type(job).__name__, fields]).encode()


def job_from(question: bytes) -> Job:
    """Return the job that bytes tell."""
    kind, fields = json.loads(question)
    fields["body"] = base64.b64decode(fields["body"])
    if kind == CallJob.__name__:
        return CallJob(**fields)
    fields["now"] = datetime.fromisoformat(fields["now"])
    if kind == FeedJob.__name__:
        return FeedJob(**fields)
    fields["names"] = tuple(fields["names"])
    fields["rules_file"] = Path(fields["rules_file"]) if fields["rules_file"] else None
    return PageJob(**fields)


def feed_from(answer: dict[str, Any]) -> Feed:
    """Return the feed that an answer tells."""
    items = tuple(
        FeedItem(
            **{**item, "published_at": instant(item["published_at"]), "categories": tuple(item["categories"])}
        )
        for item in answer["items"]
    )
    lists = {name: tuple(answer[name]) for name in ("announced", "parts", "set_aside")}
    return Feed(**{**answer, "items": items, **lists})


def plain(value: Any) -> Any:
    """Return a value with its instants as text and its tuples as lists."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def instant(value: str | None) -> datetime | None:
    """Return the instant that a text tells, None for none."""
    return datetime.fromisoformat(value) if value else None
