"""Invented subscribers: when they came, who left, what they chose. Nobody of them exists; pure."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

FIRST = (
    "أمل", "بدر", "تالا", "جمال", "حنان", "خالد", "دانة", "رامي", "زينب", "سامر", "شهد", "صالح", "طارق", "عبير",
    "غسان", "فرح", "قاسم", "كريم", "ليلى", "منى", "ناصر", "هدى", "وائل", "ياسمين",
)  # fmt: skip
LAST = (
    "الأسعد", "البحري", "التميمي", "الجبالي", "الحداد", "الخطيب", "الدرويش", "الراوي", "الزيدي", "السهلي", "الشامي",
    "الصياد", "الطويل", "العلي", "الغانم", "الفارس", "القاضي", "الكاتب", "المرفئي", "النجار", "الهاشمي", "الوادي",
)  # fmt: skip
DOMAINS = (
    ("barid.example", 46), ("risala.example", 21), ("bahr.example", 12), ("wadi-telecom.example", 8),
    ("jamia.example", 6), ("sahl-news.example", 3), ("marfa.example", 2), ("dar-kutub.example", 2),
)  # fmt: skip
"""Names that nobody can ever register (RFC 2606), and how many of a hundred read there."""
DAYS_BACK = 120
LEFT_OF_1000 = 62
PENDING_OF_1000 = 14
CHOSE_OF_1000 = 180


def subscribers(count: int, now: datetime, seed: int = 1) -> list[dict[str, Any]]:
    """Return rows of subscribers, numbered from 1, the first ones longest there; the same for the same
    seed.
    """
    chance = random.Random(seed)  # noqa: S311 - nobody guesses what is invented
    names, weights = zip(*DOMAINS, strict=True)
    rows = []
    for number in range(1, count + 1):
        # More come each week than in the one before.
        ago = DAYS_BACK * (1 - (number / count) ** 0.7)
        rows.append(
            {
                "id": number,
                "email": f"reader{number}@{chance.choices(names, weights)[0]}",
                "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
                "locale": "ar",
                "key": f"{chance.getrandbits(128):032x}",
                "sample": True,
                "created_at": now - timedelta(days=ago, minutes=chance.randint(0, 600)),
            }
        )
    return rows


def subscriptions(
    people: Sequence[dict[str, Any]],
    list_id: int,
    sections: Sequence[str],
    now: datetime,
    *,
    share: float = 1.0,
) -> list[dict[str, Any]]:
    """Return rows of their subscriptions to a list; of a `share` of them, who come in the order of theirs."""
    chance = random.Random(list_id)  # noqa: S311 - nobody guesses what is invented
    rows = []
    for person in people:
        if chance.random() >= share:
            continue
        asked = person["created_at"]
        lot = chance.randrange(1000)
        row = {
            "list_id": list_id,
            "subscriber_id": person["id"],
            "state": "confirmed",
            "requested_at": asked,
            "confirmed_at": min(asked + timedelta(minutes=chance.randint(1, 90)), now),
            "left_at": None,
            "consent_how": "form" if lot % 5 else "import",
            "sections": None,
            "frequency": "daily",
            "alerts": "all" if lot % 9 == 0 else "none",
        }
        if lot < LEFT_OF_1000:
            gone = asked + (now - asked) * chance.random()
            row |= {"state": "left", "left_at": max(gone, row["confirmed_at"])}
        elif lot < LEFT_OF_1000 + PENDING_OF_1000 and (now - asked).days < 20:
            row |= {"state": "pending", "confirmed_at": None}
        elif lot > 1000 - CHOSE_OF_1000:
            row["sections"] = sorted(
                chance.sample(list(sections), chance.randint(1, max(1, len(sections) - 2)))
            )
        rows.append(row)
    return rows
