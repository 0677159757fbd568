"""A rendered edition and its heads, with only the fields that matter."""

from typing import Any

from digest.keys import KeyRing
from digest.render.links import Links
from digest.render.message.mime import MessageHead, Recipient, message_id
from digest.render.message.rendered import RenderedEdition
from tests.builders import NOW

LINKS = Links(public_url="https://mujaz.example", keys=KeyRing.of(b"s" * 32))
KEY = "0123456789abcdef" * 2
PARAGRAPH = '<p dir="rtl" style="color:#222">افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد.</p>\n'
FOOTER = (
    '<p>وصلتك هذه الرسالة على <span dir="ltr">__MUJAZ_EMAIL__</span></p>\n'
    '<p><a href="__MUJAZ_UNSUBSCRIBE__">إلغاء الاشتراك</a> <a href="__MUJAZ_PREFERENCES__">تفضيلاتك</a></p>\n'
)


def a_rendering(**fields: Any) -> RenderedEdition:
    return RenderedEdition(
        **{
            "subject": "افتتاح جسر المرفأ الجديد",
            "text": "افتتاح جسر المرفأ الجديد\n\nلإلغاء الاشتراك:\n__MUJAZ_UNSUBSCRIBE__\n",
            "html": f"<!DOCTYPE html>\n<html><body>\n{PARAGRAPH * 3}{FOOTER}</body></html>\n",
            **fields,
        }
    )


def a_head(**fields: Any) -> MessageHead:
    return MessageHead(
        **{
            "from_name": "موجز اليوم",
            "from_address": "digest@mujaz.example",
            "list_name": "موجز اليوم",
            "list_id": "daily.list.mujaz.example",
            "archive_url": LINKS.archive("daily"),
            "feedback_id": "1:daily:1:mujaz",
            "date": NOW,
            **fields,
        }
    )


def a_recipient(**fields: Any) -> Recipient:
    return Recipient(
        **{
            "email": "amal@mujaz.example",
            "name": "أمل",
            "message_id": message_id("1:abc", KEY, "mujaz.example"),
            "unsubscribe_url": LINKS.unsubscribe("daily", KEY),
            "unsubscribe_mailto": "digest@mujaz.example",
            "preferences_url": LINKS.preferences("daily", KEY),
            **fields,
        }
    )
