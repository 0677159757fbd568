"""The same small edition in each language."""

from typing import Any

from digest.model import EditionContent, Section
from digest.render.templating.style import MailStyle
from tests.unit.render.editions import a_mail_style, an_edition, told

_NEWS: dict[str, dict[str, Any]] = {
    "ar": {
        "name": "موجز اليوم",
        "politics": "السياسة",
        "sport": "الرياضة",
        "lead": (
            "المجلس البلدي يقر خطة المياه",
            "أقر المجلس البلدي مساء أمس خطة المياه بكلفة ١٢٠ مليون ريال.",
        ),
        "second": ("تأجيل الانتخابات", "أعلنت النقابة تأجيل انتخاباتها إلى نهاية الشهر."),
        "game": ("النوارس يتصدر الدوري", "خطف فريق النوارس فوزا ثمينا أمام Blue Anchor في الدقيقة الأخيرة."),
        "outlets": ("صحيفة المرفأ", "Palm Times"),
    },
    "fa": {
        "name": "گزیدهٔ روز",
        "politics": "سیاست",
        "sport": "ورزش",
        "lead": (
            "شورای شهر برنامهٔ آب را تصویب کرد",
            "شورای شهر دیشب برنامهٔ آب را با هزینهٔ ۱۲۰ میلیون تومان تصویب کرد.",
        ),
        "second": (
            "انتخابات به تعویق افتاد",
            "انجمن ماهیگیران اعلام کرد که انتخابات تا پایان ماه به تعویق می\u200cافتد.",
        ),
        "game": (
            "مرغان دریایی به صدر جدول رسیدند",
            "تیم مرغان دریایی در دقیقهٔ پایانی برابر Blue Anchor پیروز شد.",
        ),
        "outlets": ("روزنامهٔ بندر", "Palm Times"),
    },
    "ur": {
        "name": "آج کا خلاصہ",
        "politics": "سیاست",
        "sport": "کھیل",
        "lead": (
            "بلدیہ نے پانی کا منصوبہ منظور کر لیا",
            "بلدیہ نے گزشتہ رات پانی کا منصوبہ 120 کروڑ روپے کی لاگت سے منظور کیا۔",
        ),
        "second": ("انتخابات ملتوی", "ماہی گیروں کی انجمن نے انتخابات مہینے کے آخر تک ملتوی کر دیے۔"),
        "game": (
            "سمندری بگلے سرفہرست",
            "سمندری بگلوں کی ٹیم نے آخری منٹ میں Blue Anchor کے خلاف فتح حاصل کی۔",
        ),
        "outlets": ("روزنامہ بندرگاہ", "Palm Times"),
    },
    "he": {
        "name": "תקציר היום",
        "politics": "פוליטיקה",
        "sport": "ספורט",
        "lead": ("המועצה אישרה את תוכנית המים", "המועצה אישרה אמש את תוכנית המים בעלות של 120 מיליון שקלים."),
        "second": ("הבחירות נדחו", "איגוד הדייגים הודיע כי הבחירות נדחו לסוף החודש."),
        "game": ("השחפים בראש הטבלה", "קבוצת השחפים ניצחה את Blue Anchor בדקה האחרונה."),
        "outlets": ("עיתון הנמל", "Palm Times"),
    },
    "en": {
        "name": "The Daily Digest",
        "politics": "Politics",
        "sport": "Sport",
        "lead": (
            "Council passes the water plan",
            "The council passed the water plan last night at a cost of 120 million riyals.",
        ),
        "second": (
            "Elections put off",
            "The fishermen’s union, المرفأ, put off its elections to the end of the month.",
        ),
        "game": ("Gulls top the league", "The Gulls beat Blue Anchor in the last minute."),
        "outlets": ("Harbour Post", "صحيفة المرفأ"),
    },
}


def speaking(language: str, **mail_style: Any) -> tuple[EditionContent, MailStyle]:
    """An edition of three stories in a language, and its look."""
    news = _NEWS[language]
    lead, second, game = news["lead"], news["second"], news["game"]
    content = an_edition(
        Section(
            key="politics",
            title=news["politics"],
            stories=(
                told(*lead, by=news["outlets"], score=9.0, breaking=True, update=True),
                told(*second, by=news["outlets"][:1]),
            ),
        ),
        Section(
            key="sport",
            title=news["sport"],
            colour="#1d4ed8",
            stories=(told(*game, by=news["outlets"][1:]),),
        ),
        list_name=news["name"],
        language=language,
    )
    return content, a_mail_style(list_name=news["name"], language=language, **mail_style)
