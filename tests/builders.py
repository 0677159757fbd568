"""Things for tests, made with only the fields that matter."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from digest.model import (
    Article,
    ArticleRef,
    Edition,
    EditionContent,
    EditionState,
    MailingList,
    Section,
    Source,
    Story,
    Subscriber,
    Subscription,
    SubscriptionState,
    Summary,
    SummarySentence,
)

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def a_source(**fields: Any) -> Source:
    return Source(
        **{"location": "https://marfa.example/feed.xml", "name": "المرفأ", "created_at": NOW, **fields}
    )


def an_article(**fields: Any) -> Article:
    title = fields.get("title", "افتتاح جسر المرفأ الجديد")
    return Article(
        **{
            "title": title,
            "url": f"https://marfa.example/{abs(hash(title))}",
            "url_key": f"https://marfa.example/{title}",
            "source_name": "المرفأ",
            "published_at": hours_ago(3),
            "first_seen_at": hours_ago(2),
            "paragraphs": ["افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ١٢٠٠ متر."],
            "section": "economy",
            **fields,
        }
    )


def a_list(**fields: Any) -> MailingList:
    return MailingList(**{"slug": "daily", "name": "موجز اليوم", "created_at": hours_ago(1000), **fields})


def a_subscriber(number: int = 1, **fields: Any) -> Subscriber:
    return Subscriber(
        **{
            "email": f"reader{number}@mujaz.example",
            "key": f"{number:032x}",
            "created_at": hours_ago(500),
            **fields,
        }
    )


def a_subscription(list_id: int, subscriber_id: int, **fields: Any) -> Subscription:
    state = fields.get("state", SubscriptionState.CONFIRMED)
    return Subscription(
        **{
            "list_id": list_id,
            "subscriber_id": subscriber_id,
            "state": state,
            "requested_at": hours_ago(500),
            "confirmed_at": hours_ago(499) if state is SubscriptionState.CONFIRMED else None,
            **fields,
        }
    )


def a_story(headline: str = "افتتاح جسر المرفأ الجديد", **fields: Any) -> Story:
    return Story(
        **{
            "key": f"{abs(hash(headline)):x}",
            "headline": headline,
            "section": "economy",
            "summary": Summary(sentences=(SummarySentence(text="افتتحت هيئة الطرق الجسر صباح اليوم."),)),
            "articles": (
                ArticleRef(
                    title=headline,
                    source="المرفأ",
                    url="https://marfa.example/bridge",
                    published_at=hours_ago(3),
                ),
            ),
            **fields,
        }
    )


def an_edition_content(**fields: Any) -> EditionContent:
    return EditionContent(
        **{
            "list_slug": "daily",
            "list_name": "موجز اليوم",
            "number": 1,
            "local_date": date(2026, 1, 5),
            "window_start": NOW - timedelta(hours=24),
            "window_end": NOW,
            "sections": (Section(key="economy", title="الاقتصاد", stories=(a_story(),)),),
            **fields,
        }
    )


def an_edition(list_id: int, **fields: Any) -> Edition:
    return Edition(
        **{
            "list_id": list_id,
            "local_date": date(2026, 1, 5),
            "number": 1,
            "state": EditionState.APPROVED,
            "window_start": NOW - timedelta(hours=24),
            "window_end": NOW,
            "send_deadline": NOW + timedelta(hours=6),
            "content": an_edition_content().model_dump(mode="json"),
            "fingerprint": "0" * 64,
            "subject": "موجز اليوم",
            "created_at": NOW,
            **fields,
        }
    )
