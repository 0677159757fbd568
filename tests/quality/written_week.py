"""Three days of invented news, what an editor would make of them, and the measures of what is made.

An event has a weight (0: need not be told), may lead or not, and is told by outlets in their own words.
"""

from dataclasses import dataclass
from itertools import combinations

from digest.curate.events.cluster import group
from digest.model import Article, Section, Story
from digest.text.words.tokens import words
from tests.unit.curate.telling import told

HALF = 0.5


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one day: outlet, title, text, and hours before the day's edition of each article."""

    key: str
    weight: int
    leads: bool
    section: str
    articles: tuple[tuple[str, str, str, float], ...]


DAYS: tuple[tuple[Event, ...], ...] = (
    (
        Event(
            "harbour", 3, True, "politics",
            (
                ("المرفأ", "انفجار في ميناء سرهاد يقتل 12 عاملا", "قتل 12 عاملا وأصيب ثلاثون في انفجار مستودع للأسمدة في ميناء سرهاد فجر الاثنين. وقال محافظ المدينة إن النار امتدت إلى رصيف القمح بسبب الرياح.", 20),
                ("الأفق", "مقتل 12 عاملا بانفجار مستودع في ميناء سرهاد", "لقي 12 عاملا حتفهم حين انفجر مستودع للأسمدة في ميناء سرهاد فجر الاثنين. وأغلقت السلطات الميناء حتى إشعار آخر.", 19),
                ("صدى الوادي", "ميناء سرهاد: انفجار مستودع الأسمدة يخلف 12 قتيلا", "خلف انفجار مستودع الأسمدة في ميناء سرهاد 12 قتيلا وعشرات الجرحى. وتطلب المستشفيات متبرعين بالدم.", 17),
            ),
        ),
        Event(
            "votes", 2, True, "politics",
            (
                ("المرفأ", "نتائج الانتخابات في كاردينا: حزب الوفاق يتقدم", "أظهرت النتائج الأولية للانتخابات في كاردينا تقدم حزب الوفاق بنصف المقاعد. وتعلن النتائج النهائية يوم الخميس.", 8),
                ("الأفق", "حزب الوفاق يتصدر انتخابات كاردينا", "تصدر حزب الوفاق النتائج الأولية لانتخابات كاردينا بنصف مقاعد البرلمان. وطعن حزب النهضة في الفرز.", 6),
            ),
        ),
        Event("rates", 1, False, "economy", (("الأفق", "مصرف كاردينا المركزي يرفع سعر الفائدة إلى تسعة بالمئة لكبح التضخم", "رفع مصرف كاردينا المركزي سعر الفائدة نقطة كاملة إلى تسعة بالمئة لكبح التضخم الذي بلغ أعلى مستوى في عشرة أعوام.", 11),)),
        Event(
            "cup", 1, False, "sport",
            (
                ("المرفأ", "النسورا يحرز كأس تلدارين على حساب المرجانو", "أحرز النسورا كأس تلدارين لكرة القدم بعد فوزه على المرجانو بهدفين في المباراة النهائية مساء الأحد.", 9),
                ("صدى الوادي", "النسورا بطل كأس تلدارين بهدفين في مرمى المرجانو", "توج النسورا بطلا لكأس تلدارين بفوزه على المرجانو بهدفين نظيفين في النهائي مساء الأحد.", 8),
                ("الضحى", "هدفان يمنحان النسورا كأس تلدارين", "منح هدفان في الشوط الثاني النسورا كأس تلدارين أمام المرجانو في نهائي كرة القدم مساء الأحد.", 7),
            ),
        ),
    ),
    (
        Event(
            "cabinet", 3, True, "politics",
            (
                ("المرفأ", "رئيس حكومة تلدارين يستقيل بعد خلاف على الموازنة", "قدم رئيس حكومة تلدارين استقالته بعد أن رفض البرلمان مشروع الموازنة. ويكلف الرئيس خلفا له خلال أسبوع.", 5),
                ("الأفق", "استقالة حكومة تلدارين إثر رفض الموازنة", "استقالت حكومة تلدارين إثر رفض البرلمان مشروع الموازنة. ودعت المعارضة إلى انتخابات مبكرة.", 4),
                ("الضحى", "البرلمان يسقط الموازنة وحكومة تلدارين تستقيل", "استقالت حكومة تلدارين بعد ساعات من إسقاط البرلمان مشروع الموازنة بفارق ثلاثة أصوات.", 3),
            ),
        ),
        Event(
            "harbour", 2, True, "politics",
            (
                ("الأفق", "ارتفاع حصيلة انفجار ميناء سرهاد إلى 19 قتيلا", "ارتفع عدد قتلى انفجار مستودع الأسمدة في ميناء سرهاد إلى 19 بعد انتشال سبع جثث من رصيف القمح. وتوقف المستودع عن التفتيش منذ عامين.", 6),
                ("المرفأ", "انفجار في ميناء سرهاد يقتل 12 عاملا", "قتل 12 عاملا وأصيب ثلاثون في انفجار مستودع للأسمدة في ميناء سرهاد فجر الاثنين. وقال محافظ المدينة إن النار امتدت إلى رصيف القمح بسبب الرياح.", 10),
            ),
        ),
        Event("border", 2, False, "politics", (("صدى الوادي", "دلمونيا ونيسورا توقعان اتفاق هدنة على الحدود", "وقعت دلمونيا ونيسورا هدنة توقف إطلاق النار على الحدود شهرا واحدا برعاية منظمة إقليمية.", 9),)),
    ),
    (
        Event(
            "harbour", 2, True, "politics",
            (
                ("المرفأ", "توقيف مدير ميناء سرهاد على خلفية الانفجار", "أوقفت النيابة مدير ميناء سرهاد وثلاثة من معاونيه للتحقيق في تخزين الأسمدة المخالف. ومنعتهم من السفر.", 6),
                ("الضحى", "النيابة توقف مدير ميناء سرهاد وثلاثة معاونين", "أمرت النيابة بتوقيف مدير ميناء سرهاد وثلاثة معاونين للتحقيق في تخزين الأسمدة.", 5),
            ),
        ),
        Event(
            "flood", 3, True, "politics",
            (
                ("الأفق", "فيضانات في زعفرانة تقتل 31 شخصا وتهدم مئات المنازل", "قتل 31 شخصا في فيضانات اجتاحت زعفرانة بعد أمطار استمرت ثلاثة أيام وهدمت مئات المنازل. وأعلنت المحافظة حالة الطوارئ.", 7),
                ("المرفأ", "31 قتيلا في فيضانات زعفرانة", "ارتفع ضحايا فيضانات زعفرانة إلى 31 قتيلا وفتحت المدارس لإيواء آلاف الأسر. وقطعت السيول الطريق إلى العاصمة.", 5),
                ("صدى الوادي", "الطوارئ في زعفرانة بعد فيضانات أودت بحياة 31", "أودت الفيضانات بحياة 31 شخصا في زعفرانة حيث أعلنت حالة الطوارئ ونقل الجيش المؤن بالقوارب.", 4),
            ),
        ),
        Event("currency", 1, False, "economy", (("الضحى", "دينار كاردينا يهبط إلى أدنى مستوى أمام الدولار", "هبط دينار كاردينا إلى أدنى مستوى في تاريخه أمام الدولار بعد إعلان النتائج، وباع المصرف المركزي من احتياطيه.", 3),)),
    ),
)  # fmt: skip

CITIES = (
    "سرهاد",
    "كاردينا",
    "تلدارين",
    "بوسرايا",
    "قرنفيل",
    "شاهوران",
    "دلمونيا",
    "زعفرانة",
    "برقادة",
    "نيسورا",
)
NAMES = (
    "الوادياني",
    "الحجري",
    "الحوراني",
    "الصخري",
    "الملوحي",
    "الدهشان",
    "الصفواني",
    "الرسلاني",
    "الكرمستي",
    "الزغلولي",
)
SMALL = (
    ("culture", "المخرج {name} يصور فيلما في {city}", "بدأ المخرج {name} تصوير فيلمه الجديد في أحياء {city} القديمة مع ممثلين هواة، ويعرض في الخريف."),
    ("technology", "جوال جديد من {name}.. إليك مزاياه", "تطرح شركة {name} جوالا جديدا في أسواق {city} بشاشة أكبر وبطارية أطول عمرا، بلا تغيير في السعر."),
    ("sport", "المدافع {name} يتدرب منفردا في {city}", "تدرب المدافع {name} منفردا في ملعب {city} بعد عودته من إجازة، ولم يحدد موعد مشاركته."),
    ("misc", "لماذا يحب أهل {city} شاي {name}؟", "يشرب أهل {city} شاي {name} في الصباح الباكر منذ عشرات السنين، ويقول باعته إن السر في الماء."),
)  # fmt: skip


def small_news(day: int, hours: float) -> list[Article]:
    """Forty stories that nobody misses, each of one outlet."""
    outlets = ("المرفأ", "الأفق", "صدى الوادي", "الضحى")
    found = []
    for kind, (section, title, text) in enumerate(SMALL):
        for n, city in enumerate(CITIES):
            name = NAMES[(n + 3 * day + kind) % len(NAMES)]
            one = title.format(name=name, city=city), text.format(name=name, city=city)
            found.append(told(outlets[n % 4], *one, hours=hours + n % 9 + 1, section=section))
    return found


def articles_of(day: int, hours: float) -> tuple[list[Article], dict[str, str]]:
    """A day's articles, its edition so many hours ago; and the event of each address."""
    found, events = small_news(day, hours), {}
    for event in DAYS[day]:
        for outlet, title, text, before in event.articles:
            article = told(outlet, title, text, hours=hours + before, section=event.section)
            found.append(article)
            events[article.url or ""] = event.key
    return found, events


def event_of(story: Story, events: dict[str, str]) -> str:
    """The event that a story's first article tells; empty: small news."""
    return events.get(story.articles[0].url or "", "")


def pairs(events: dict[str, str], articles: list[Article]) -> tuple[float, float]:
    """The share of pairs of one event that one story holds, and of pairs of two events that it does not."""
    story = {one.url: place for place, members in enumerate(group(articles)) for one in members}
    told_by = [one for one in articles if one.url in events]
    joined, parted = [], []
    for one, other in combinations(told_by, 2):
        same = events[one.url or ""] == events[other.url or ""]
        (joined if same else parted).append((story[one.url] == story[other.url]) == same)
    small = [one for one in articles if one.url not in events]
    parted += [
        story[one.url] != story[other.url]
        for one, other in combinations(small, 2)
        if one.section != other.section
    ]
    return sum(joined) / len(joined), sum(parted) / len(parted)


def repeated(section: Section, told_elsewhere: list[str]) -> int:
    """How many sentences of an overview have half their words from a headline or a summary."""
    count = 0
    for sentence in filter(None, map(str.strip, section.overview.split("."))):
        mine = set(words(sentence))
        count += any(len(mine & set(words(other))) >= HALF * len(mine) for other in told_elsewhere)
    return count
