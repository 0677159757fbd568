"""Editions of invented news for the tests of this room, in each language."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from digest.model import (
    ArticleRef,
    Correction,
    DataBlock,
    DataRow,
    EditionContent,
    Section,
    Story,
    Summary,
    SummarySentence,
)
from digest.render.templating.style import MailStyle, Social

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
URL = "https://marfa.example/news"


def a_mail_style(**fields: Any) -> MailStyle:
    return MailStyle(
        **{
            "list_name": "موجز اليوم",
            "from_name": "موجز",
            "from_address": "digest@mujaz.example",
            "edition_url": "https://mujaz.example/l/daily/12",
            "archive_url": "https://mujaz.example/l/daily",
            "inliner": "css-inline",  # the quicker one; test_markup.py tries both
            **fields,
        }
    )


def told(headline: str, *sentences: str, by: tuple[str, ...] = ("المرفأ",), **fields: Any) -> Story:
    """A story told by these outlets, the first three hours ago, each other an hour earlier."""
    key = f"{sum(map(ord, headline)):x}{len(headline)}"
    return Story(
        **{
            "key": key,
            "headline": headline,
            "section": "misc",
            "summary": Summary(sentences=tuple(SummarySentence(text=text) for text in sentences)),
            "articles": tuple(
                ArticleRef(
                    title=headline,
                    source=name,
                    url=f"{URL}/{key}-{place}",
                    published_at=NOW - timedelta(hours=3 + place),
                )
                for place, name in enumerate(by)
            ),
            **fields,
        }
    )


def an_edition(*sections: Section, **fields: Any) -> EditionContent:
    return EditionContent(
        **{
            "list_slug": "daily",
            "list_name": "موجز اليوم",
            "number": 12,
            "local_date": date(2026, 1, 5),
            "window_start": NOW - timedelta(hours=24),
            "window_end": NOW,
            "sections": sections or full_sections(),
            **fields,
        }
    )


def full_sections() -> tuple[Section, ...]:
    """Six sections with twenty stories, some told by several outlets, some without a summary."""
    return (
        Section(
            key="politics",
            title="السياسة",
            colour="#9a3412",
            overview="المجلس البلدي يقر خطة المياه بعد جلسة طويلة، ووزراء الساحل يلتقون الأسبوع المقبل.",
            stories=(
                told(
                    "المجلس البلدي في مدينة النخيل يقر خطة المياه بأغلبية كبيرة",
                    "أقر المجلس البلدي في مدينة النخيل مساء أمس خطة المياه الجديدة بأغلبية ٢٣ صوتا مقابل ٥ أصوات.",
                    "وتشمل الخطة تجديد ٤٠ كيلومترا من الشبكة القديمة وبناء محطتين لتنقية المياه قبل نهاية العام المقبل.",
                    'وقال رئيس المجلس إن "التنفيذ يبدأ في الربيع" وإن الكلفة تبلغ $120 مليون تدفع على ثلاث سنوات.',
                    by=("صحيفة المرفأ", "وكالة الساحل", "Palm Times"),
                    score=9.1,
                    image_url="https://marfa.example/pictures/water.jpg",
                    image_alt="عمال يمدون أنبوبا جديدا في شارع السوق",
                ),
                told(
                    "وزراء النقل في دول الساحل يجتمعون الأسبوع المقبل لبحث الربط البحري",
                    "يجتمع وزراء النقل في دول الساحل يوم الثلاثاء المقبل لبحث خطوط بحرية جديدة بين أربعة موانئ.",
                    "ويناقش الاجتماع توحيد رسوم العبور وتسهيل تنقل الركاب في موسم الصيف.",
                    by=("وكالة الساحل", "صحيفة المرفأ"),
                    score=5.2,
                ),
                told(
                    "تأجيل انتخابات نقابة الصيادين إلى نهاية الشهر",
                    "أعلنت نقابة الصيادين تأجيل انتخاباتها إلى ٣٠ يناير بعد تعذر اكتمال النصاب.",
                    by=("الضحى",),
                    score=4.0,
                    update=True,
                ),
            ),
        ),
        Section(
            key="economy",
            title="الاقتصاد",
            colour="#166534",
            overview="أسعار القمح تتراجع، والميناء الشرقي يسجل أعلى حركة له منذ خمس سنوات.",
            stories=(
                told(
                    "الميناء الشرقي يسجل أعلى حركة حاويات منذ خمس سنوات",
                    "ارتفعت حركة الحاويات في الميناء الشرقي بنسبة 12.5% خلال العام الماضي، وهو أعلى معدل منذ خمس سنوات.",
                    "وعزت إدارة الميناء الزيادة إلى افتتاح الرصيف السادس وإلى خط جديد تديره شركة Blue Anchor Lines.",
                    by=("صحيفة المرفأ", "الضحى"),
                    score=7.4,
                ),
                told(
                    "القمح يتراجع مع توقعات بموسم وفير",
                    "تراجع سعر طن القمح إلى 1,250 ريالا في سوق الحبوب المركزي، بعد توقعات بموسم أمطار جيد.",
                    by=("الضحى",),
                    score=4.8,
                ),
                told(
                    "شركة ناشئة تجمع تمويلا لتحلية المياه بالطاقة الشمسية",
                    "أعلنت شركة «ندى» الناشئة أنها جمعت ٨ ملايين دولار لبناء وحدات تحلية صغيرة تعمل بالطاقة الشمسية.",
                    "وتقول الشركة إن الوحدة الواحدة تكفي قرية من ٦٠٠ شخص.",
                    by=("Palm Times",),
                    score=4.1,
                ),
                told("أسواق الأسماك تفتح أبوابها ليلا في رمضان", by=("وكالة الساحل",), score=2.0),
            ),
        ),
        Section(
            key="local",
            title="محليات",
            colour="#854d0e",
            stories=(
                told(
                    "جسر المشاة الجديد يفتح أمام سكان حي البستان",
                    "فتحت أمانة المدينة جسر المشاة الذي يربط حي البستان بالحديقة الكبرى، بعد أشهر من العمل.",
                    by=("صحيفة المرفأ",),
                    score=4.4,
                ),
                told(
                    "حملة لزراعة عشرة آلاف شجرة على طريق الوادي",
                    "بدأ متطوعون حملة لزراعة ١٠ آلاف شجرة سدر وغاف على جانبي طريق الوادي.",
                    by=("الضحى", "صحيفة المرفأ"),
                    score=4.2,
                ),
            ),
        ),
        Section(
            key="sport",
            title="الرياضة",
            colour="#1d4ed8",
            stories=(
                told(
                    "النوارس يخطف الفوز في الدقيقة الأخيرة ويتصدر الدوري",
                    "خطف فريق النوارس فوزا ثمينا على ضيفه الواحة بهدفين لهدف، وتصدر الدوري بفارق نقطة واحدة.",
                    "وسجل المهاجم سامر الهادي هدف الفوز من ركلة حرة في الدقيقة الأخيرة.",
                    by=("الضحى", "وكالة الساحل"),
                    score=6.0,
                ),
                told(
                    "عداءة من النخيل تحطم الرقم الوطني في سباق نصف الماراثون",
                    "حطمت العداءة ريم السالم الرقم الوطني في نصف الماراثون بزمن ساعة و١١ دقيقة.",
                    by=("صحيفة المرفأ",),
                    score=4.3,
                ),
            ),
        ),
        Section(
            key="technology",
            title="التقنية",
            colour="#6d28d9",
            stories=(
                told(
                    "مكتبة المدينة تتيح أرشيفها الصوتي على الإنترنت",
                    "أتاحت مكتبة المدينة ٣ آلاف ساعة من التسجيلات القديمة عبر موقعها library.nakheel.example مجانا.",
                    by=("Palm Times", "الضحى"),
                    score=5.0,
                ),
                told(
                    "معلمون يطورون تطبيقا لتعليم الخط العربي",
                    "طور ثلاثة معلمين تطبيقا يعمل على Android وiOS ويصحح خط المتعلم حرفا حرفا.",
                    by=("الضحى",),
                    score=3.9,
                ),
            ),
        ),
        Section(
            key="health",
            title="الصحة",
            colour="#0f766e",
            stories=(
                told(
                    "عيادات متنقلة تصل إلى قرى الجبل",
                    "بدأت ست عيادات متنقلة جولة في قرى الجبل تقدم فيها فحوصا للسكر وضغط الدم حتى نهاية الشهر.",
                    by=("وكالة الساحل",),
                    score=4.5,
                ),
                told("دراسة محلية عن نوم تلاميذ المدارس", by=("الضحى",), score=2.1),
            ),
        ),
        Section(
            key="culture",
            title="الثقافة",
            colour="#9d174d",
            stories=(
                told(
                    "مهرجان الحكاية الشعبية يعود بعد غياب",
                    "يعود مهرجان الحكاية الشعبية إلى ساحة القلعة يوم الجمعة بمشاركة ٤٠ راويا.",
                    by=("صحيفة المرفأ",),
                    score=3.2,
                ),
                told("معرض لصور الميناء القديم في بيت التراث", by=("Palm Times",), score=2.2),
            ),
        ),
    )


def data_blocks() -> tuple[DataBlock, ...]:
    return (
        DataBlock(
            kind="markets",
            title="الأسواق",
            rows=(
                DataRow(label="مؤشر الساحل", value="8,412.6", change="0.8%", trend="up"),
                DataRow(label="خام برنت (دولار)", value="71.30", change="1.2%", trend="down"),
                DataRow(label="الذهب (غرام)", value="318.5"),
            ),
            source="هيئة السوق",
            url="https://market.example/today",
            as_of=NOW,
        ),
        DataBlock(
            kind="prayer",
            title="مواقيت الصلاة في النخيل",
            rows=tuple(
                DataRow(label=label, value=value)
                for label, value in (
                    ("الفجر", "05:14"),
                    ("الشروق", "06:36"),
                    ("الظهر", "11:58"),
                    ("العصر", "14:59"),
                    ("المغرب", "17:20"),
                    ("العشاء", "18:50"),
                )
            ),
            source="أم القرى",
        ),
    )


def corrections() -> tuple[Correction, ...]:
    return (
        Correction(
            text="ذكرنا في خبر السوق الشعبي أن عدد المحال ٣٠٠، والصحيح ٢٠٣ محال.",
            edition_number=11,
            url="https://mujaz.example/l/daily/11",
        ),
    )


def social() -> tuple[Social, ...]:
    return (
        Social("إكس", "https://x.example/mujaz"),
        Social("Mastodon", "https://social.example/@mujaz"),
    )
