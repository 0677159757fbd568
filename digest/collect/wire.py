"""How questions and answers cross the bars of the cage: as JSON, checked on arrival."""

import base64
import json
import struct
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from digest.collect.items import Feed, FeedItem
from digest.collect.jobs import FeedJob, Job, PageJob, plain

HEAD = struct.Struct(">I")
"""Before every question and answer: its length in bytes."""


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
    return Feed(
        **{**answer, "items": items, "announced": tuple(answer["announced"]), "parts": tuple(answer["parts"])}
    )


def instant(value: str | None) -> datetime | None:
    """Return the instant that a text tells, None for none."""
    return datetime.fromisoformat(value) if value else None
