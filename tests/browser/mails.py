"""The mails that are looked at: each shipped layout over one frozen edition of our own writing."""

from datetime import datetime
from functools import cache
from pathlib import Path

from digest.model import EditionContent
from digest.render.edition import render
from digest.render.message.mime import MessageHead, PreparedMessage, Recipient, prepare
from digest.render.message.rendered import RenderedEdition
from digest.render.templating.style import MailStyle, Social

LAYOUTS = ("daily", "weekly", "breaking")
CONTENT = Path(__file__).parents[1] / "data" / "edition.json"


def content() -> EditionContent:
    """The frozen edition."""
    return EditionContent.model_validate_json(CONTENT.read_text(encoding="utf-8"))


def mail_style(layout: str) -> MailStyle:
    """How it looks, with everything that a footer can hold."""
    return MailStyle(
        list_name="موجز اليوم",
        layout=layout,
        from_name="موجز",
        from_address="digest@mujaz.example",
        description="أهم أخبار اليوم، مختصرة ومرتبة، كل صباح.",
        edition_url="https://news.mujaz.example/l/daily/7",
        archive_url="https://news.mujaz.example/l/daily",
        social=(Social("منصة س", "https://social.example/mujaz"),),
        postal_address="موجز، شارع المرفأ ١٢، مرسى النور",
    )


@cache
def rendered(layout: str) -> RenderedEdition:
    """The layout's mail with its tokens."""
    edition = content()
    if layout == "breaking":
        # An alert with a correction in it is the correction of an alert, and says so on its band.
        edition = edition.model_copy(update={"corrections": ()})
    return render(edition, mail_style(layout), now=edition.window_end)


RECIPIENT = Recipient(
    email="amal@mujaz.example",
    name="",
    message_id="<7.amal@mujaz.example>",
    unsubscribe_url="https://news.mujaz.example/l/daily/unsubscribe/token",
    unsubscribe_mailto="digest@mujaz.example",
    preferences_url="https://news.mujaz.example/l/daily/preferences/token",
)


@cache
def prepared(layout: str, at: datetime | None = None) -> PreparedMessage:
    """The layout's message, ready for each reader; dated `at`, or as the edition is."""
    head = MessageHead(
        from_name="موجز",
        from_address="digest@mujaz.example",
        list_name="موجز اليوم",
        list_id="daily.list.mujaz.example",
        archive_url="https://news.mujaz.example/l/daily",
        feedback_id="7:daily:1:mujaz",
        date=at or content().window_end,
    )
    return prepare(rendered(layout), head)


def message(layout: str, at: datetime | None = None) -> bytes:
    """The layout's mail as it goes over the wire."""
    return prepared(layout, at).build(RECIPIENT)


def html(layout: str) -> str:
    """The layout's HTML as its reader gets it."""
    return prepared(layout).html(RECIPIENT)
