"""What a story's titles say of its weight: whether it is of consequence, and whether it is news at all; pure.

After the news values of J. Galtung and M. Ruge, 1965, as T. Harcup and D. O'Neill counted them again in 2016:
power, conflict, loss, and what changes for many. Opinions, press reviews, questions and pictures are no news
of their own.
"""

import re
from collections.abc import Sequence

from digest.model import Article
from digest.text.words.normalise import fold

# The patterns read folded text. A group counts once, however many of its words stand in a title.
_POWER = re.compile(
    r"\bانتخابات|\bالانتخابات|نتايج (?:الانتخابات|الاقتراع|التصويت)|استفتاء|تعديل وزاري|تعديلات.{0,20} حكومه|\b(?:ال)?حكومه (?:ال)?جديده|تشكيل (?:ال)?حكومه|"
    r"استقال[هت]|يستقيل|تستقيل|\bاقال[هت]|\bيقيل|\bعزل |انقلاب (?:عسكري|علي)|\bعفو\b|(?:اقرار|يقر|تقر) (?:تعيين|قانون)|تعيين (?:اول|رييس|مدير|وزير)|مرسوم|"
    r"حاله (?:ال)?طواري|بطواري|اعتقال|القبض علي|توقيف|تجريد|اسقاط الجنسيه|بال?اعدام|ب?اعدام|المحكمه الجناييه|المحكمه العليا|حكم (?:قضايي|نهايي)"
)
_STATES = re.compile(
    r"عقوبات|قايمه (?:ال)?ارهاب|معاهده|\bقمه\b|\bالقمه\b|مجلس الامن|الجمعيه العامه للامم|تحقيق دولي|حمايه دوليه|"
    r"(?:افتتاح|تفتتح|تفتح|تدشن|تدشين|نقل) (?:ال)?سفار|سفارتها|قطع (?:ال)?علاقات|(?:طرد|تطرد|استدعاء|تستدعي|يستدعي|استدعت) (?:ال)?(?:سفير|سفراء|سفيرها|سفيريها|سفراءها|المبعوث|القنصل)|"
    r"\bهدنه|وقف (?:ل)?اطلاق النار|\bحرب\b|\bالحرب\b|\bتهدد ب|نووي|سحب (?:ال)?قوات|انسحاب|معبر|حصار|تبادل (?:ال)?اسري|مفاوضات|محادثات|\bاتفاق (?:علي|بين|سلام|تاريخي)"
)
_LOSS = re.compile(
    r"\bقتل(?:ي|ت)?\b|\bمقتل\b|\bيقتل|\bتقتل|مصرع|ضحايا|ضحيه|\bشهيد|استشهاد|مجزره|مذبحه|تفجير|\bانفجار|هجوم|اغتيال|\bزلزال|اعصار|فيضان|تحطم|تسونامي|بركان|"
    r"\bغارات?\b|\bغاره\b|\bقصف|وباء|ايبولا|كوليرا|الفيروس القاتل|تعذيب|اختطاف|رهاين|\bوفاه (?:ال)?(?:رييس|ملك|امير|كاتب|فنان|مورخ|سياسي)|\bرحيل (?:ال)?(?:رييس|ملك|كاتب|فنان|مورخ)"
)
_MONEY = re.compile(
    r"رسوم جمركيه|الرسوم الجمركيه|حرب تجاريه|الحرب التجاريه|(?:تهوي|تهبط|يهوي|يهبط|انهيار|هبوط|تراجع|تنخفض|ينخفض).{0,25}(?:ليره|جنيه|ريال|دينار|روبل|عمله|بورصه|ذهب|نفط)|"
    r"(?:ليره|جنيه|ريال|دينار|روبل|عمله|بورصه|ذهب|نفط).{0,30}(?:تهوي|تهبط|يهوي|يهبط|انهيار|هبوط|مستوي قياسي|ادني مستوي|مستويات جديده|اعلي مستوي|يتخطي|يتجاوز|تنخفض|ينخفض)|"
    r"معدل البطاله|التضخم|عجز (?:ال)?(?:ميزاني|موازن|تجاري)|سعر الفايده|اسعار الفايده|افلاس|ركود|تملك|ضريبه"
)
_TITLES_WON = re.compile(
    r"(?:يحرز|تحرز|احرز|يفوز|تفوز|فاز|يتوج|تتوج|توج|يخطف|تتويج).{0,45}(?:لقب|كاس|كاسا|دوري|بطول|جايزه|سعفه|اوسكار|نوبل)|\bبطلا?\b.{0,25}(?:لكاس|للدوري|للمره|كاس|الدوري)|"
    r"(?:سعفه الذهبيه|السعفه|جايزه نوبل|جايزه الاوسكار).{0,20}(?:من نصيب|ل)|ولقب\b|لقب (?:الدوري|الكاس)"
)
_GROUPS = (_POWER, _STATES, _LOSS, _MONEY, _TITLES_WON)

_NO_NEWS = re.compile(
    r"[؟?]|\A\W{0,9}(?:هل|كيف|لماذا|ماذا|متي|اين|من هو|من هي|ما هو|ما هي|كم)\b|"
    r"\b(?:شاهد|بالفيديو|بالصور|انفوغرافيك|انفوجرافيك|فيديو ?غرافيك|ريبورتاج|تحقيق مصور|رايي?|مقال|تحليل|محلل[هون]*|خبراء:|خبير:|تقرير:|"
    r"حصريا|في حوار|مقابله|حوار مع|جوله الصحاف[هة]|(?:في )?الصحف (?:العربيه|البريطانيه|العالميه|الاميركيه)|صحيفه:|صحيفه \S+:|\S+ تايمز:|الغارديان|هارتس:|سيناريوهات|قصه|حكايه|"
    r"اليك(?:م)?|تعرف(?:وا)? علي|نصايح|اسرار|لهذه الاسباب|لهذا السبب|هذا ما|هكذا|هذه ابرز|ابرز (?:لحظات|المذابح)|مقتطفات|لحظات|نجوم|مشاهير)\b|"
    r"\A[^:]{2,40}\bل(?:ـ)?(?:cnn|بي بي سي|فرانس ?24|سكاي|العربيه|الجزيره|رويترز)"
)
CONSEQUENCE = "خبر ذو أثر"
NO_NEWS = "رأي أو سؤال أو صور"
CONSEQUENCE_WEIGHT = 0.6
MOST_GROUPS = 2
NO_NEWS_WEIGHT = -1.0


def value_of(articles: Sequence[Article]) -> tuple[tuple[str, float], ...]:
    """Return what the titles add to a story's weight and what they take from it, each with its reason in
    Arabic.

    A kind of consequence counts when one title in three speaks of it, two kinds at most; what no title tells
    as news weighs less.
    """
    titles = [fold(article.title) for article in articles]
    if not titles:
        return ()
    met = [group for group in _GROUPS if 3 * sum(map(bool, map(group.search, titles))) >= len(titles)]
    shares = []
    if met:
        shares.append((CONSEQUENCE, CONSEQUENCE_WEIGHT * min(MOST_GROUPS, len(met))))
    if all(map(_NO_NEWS.search, titles)):
        shares.append((NO_NEWS, NO_NEWS_WEIGHT))
    return tuple(shares)
