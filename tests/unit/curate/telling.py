"""Invented events, each told by several invented outlets in their own words."""

from datetime import timedelta

from digest.model import Article
from tests.builders import NOW, an_article

BRIDGE = (
    (
        "المرفأ",
        "انهيار جسر المشاة في مدينة سرهاد يودي بحياة سبعة أشخاص",
        "لقي سبعة أشخاص حتفهم صباح الاثنين إثر انهيار جسر المشاة فوق نهر الزاب في مدينة سرهاد، وقالت فرق الإنقاذ إن عشرات المارة سقطوا في الماء.",
    ),
    (
        "الأفق",
        "سبعة قتلى في انهيار جسر للمشاة بمدينة سرهاد",
        "قتل سبعة أشخاص في انهيار جسر المشاة على نهر الزاب بمدينة سرهاد الاثنين، فيما تواصل فرق الإنقاذ البحث عن مفقودين سقطوا في الماء.",
    ),
    (
        "صدى الوادي",
        "ارتفاع حصيلة انهيار جسر سرهاد إلى تسعة عشر قتيلا",
        "ارتفع عدد قتلى انهيار جسر المشاة فوق نهر الزاب في مدينة سرهاد إلى تسعة عشر شخصا بعد أن انتشلت فرق الإنقاذ جثثا أخرى مساء الاثنين.",
    ),
)
BUDGET = (
    (
        "المرفأ",
        "برلمان كاردينا يقر موازنة العام المقبل بعجز قياسي",
        "أقر برلمان كاردينا بعد جلسة طويلة موازنة العام المقبل بعجز قياسي بلغ أربعة مليارات، وصوت ضدها نواب المعارضة.",
    ),
    (
        "الأفق",
        "إقرار موازنة كاردينا للعام المقبل رغم اعتراض المعارضة",
        "صوت برلمان كاردينا لصالح موازنة العام المقبل التي تتضمن عجزا قياسيا قدره أربعة مليارات رغم اعتراض نواب المعارضة في الجلسة.",
    ),
)


def told(outlet: str, title: str, text: str, *, hours: float = 3.0, **fields: object) -> Article:
    """One article, so many hours old; it has an address of its own."""
    when = NOW - timedelta(hours=hours)
    slug = f"{abs(hash((outlet, title, text, hours)))}"
    return an_article(
        **{
            "title": title,
            "source_name": outlet,
            "url": f"https://{slug}.example/a",
            "url_key": slug,
            "published_at": when,
            "first_seen_at": when,
            "paragraphs": [text],
            **fields,
        }
    )


def event(outlets: tuple[tuple[str, str, str], ...], *, hours: float = 6.0) -> list[Article]:
    """An event's articles, an hour apart, the first so many hours ago."""
    return [told(*one, hours=hours - place) for place, one in enumerate(outlets)]
