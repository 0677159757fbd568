"""Which sentences may stand in a summary, read out of their place.

Every rule is about the reader: a question answers nothing, a caption describes a picture that is not there,
«وأضاف أن» leaves him asking who.
"""

import re

from digest.text.dates.months import MONTHS
from digest.text.words.normalise import fold
from digest.text.words.tokens import words

SHORTEST = 5
LONGEST = 90

_AGENCIES = (
    "cnn|afp|ap|reuters|dpa|bbc|upi|xinhua|efe|tass|د ب ا|د\\.ب\\.ا|ا ف ب|ا\\.ف\\.ب|اف ب|اب|رويترز|فرانس برس|فرانس ?24|وكالات|وام|واس|كونا|بترا|قنا|سانا|ارنا|"
    "سبا|وفا|الاناضول|سبوتنيك|تاس|شينخوا|ا ش ا|ا\\.ش\\.ا|سكاي نيوز عربيه|العربيه\\.نت|العربيه نت|وكاله [^()]{2,40}|مواقع|خاص|ايسنا|ايرنا|فارس|مهر|تسنيم|ايلنا"
)
_DASH = r"\s*[-\u2010-\u2015\u2212:]{1,3}\s*"
_PLACE = r"[^\n()\d:.!?؟\u2010-\u2015]{2,60}?"
# «دبي، الإمارات العربية المتحدة (CNN) -- », «واشنطن (أ ف ب) - », «(رويترز): »
_WITH_AGENCY = re.compile(
    rf"\s*(?:{_PLACE})?\((?:[^()]{{0,20}}\W)?(?:{_AGENCIES})(?:\W[^()]{{0,30}})?\){_DASH}"
)
# «القاهرة - رويترز - », «أبوظبي - سكاي نيوز عربية»
_DASHED_AGENCY = re.compile(rf"\s*[^\n():.!?؟-]{{2,30}}{_DASH}(?:{_AGENCIES})(?:{_DASH}|\s*$)")
# «اسلام آباد (نمائندہ خصوصی) »: Urdu needs no dash.
_REPORTERS = "|".join(
    fold(one)
    for one in (
        "نمائندہ",
        "ویب ڈیسک",
        "اسٹاف رپورٹر",
        "سٹاف رپورٹر",
        "مانیٹرنگ",
        "نیوز ڈیسک",
        "ایجنسیاں",
        "اے پی پی",
        "این این آئی",
        "آئی این پی",
    )
)
_WITH_REPORTER = re.compile(
    rf"\s*{_PLACE}\([^()]{{0,20}}(?:{_REPORTERS})[^()]{{0,30}}\)\s*[-:\u2010-\u2015]?\s*"
)

# No dateline goes without one of these.
_MARKED = re.compile(r"\(|[-\u2010-\u2015\u2212:]")

_CAPTION = re.compile(
    r"\s*[\[(]?\s*(?:صوره|الصوره|صور|تصوير|بالصور|بالفيديو|شاهد|فيديو|ارشيف|مصدر الصوره|getty|photo|image|watch|caption|credit|عكس|צילום)\b\s*(?:[:：/|-]|ارشيفيه|من )"
)
# Wherever they stand, these are no news.
_RIGHTS = re.compile(
    "(?:تابع|نقدم|ننقل|شاهد).{0,40}(?:لحظه بلحظه|مباشر)|حقوق (?:النشر|الطبع|الملكيه) محفوظه|جميع الحقوق محفوظه|كل الحقوق محفوظه|النشره البريديه|ملفات تعريف الارتباط|all rights reserved|"
    "تمامي حقوق|جمله حقوق محفوظ|כל הזכויות שמורות"
)
# These are an outlet speaking of itself only when it begins with them: news, too, subscribes and needs «لمزيد
# من الوقت».
_BOILERPLATE = re.compile(
    r"[\W_]*(?:اشترك (?:في|معنا|الان)|للاشتراك|الاشتراك في|تابعنا|تابعونا|لمتابعه المزيد|(?:اقرا|اقراي|اقروا|طالع|شاهد|شاهدوا) (?:ايضا|المزيد)|"
    r"ايضا\W*\.\.|للمزيد|لمزيد من (?:الاخبار|التفاصيل|المعلومات)|لقراءه المزيد|اضغط هنا|انقر هنا|اضغط علي|هذا الموقع يستخدم|شارك (?:الخبر|المقال)|حمل تطبيق|حملوا تطبيق|"
    r"هذ[اه]?ه? (?:المقال|الماده|التقرير|المحتوي|الموضوع|البرنامج)\b.{0,30}(?:بالتعاون|برعايه|بالشراكه|مدفوع|اعلاني|باذن|ينشر|منشور)|محتوي (?:مدفوع|اعلاني|برعايه)|"
    r"(?:ماده|مقال|تقرير) (?:اعلاني|تحريري مدفوع)|اعلان (?:مدفوع|ممول)|بالشراكه مع|ننشر (?:هذا|لكم)|نشر (?:هذا|هذه) (?:المقال|الماده|التقرير)|sponsored\b|advertis|in partnership with|"
    r"(?:وهنا |هنا |وفيما يلي |فيما يلي )?(?:نقدم|نعرض|نستعرض|نرصد|ننقل|نوافيكم|نطلعكم) (?:لكم|لك|اليكم)|تابعوا|تابعي|وتابعوا|وفي ما يلي|(?:بث|تغطيه) (?:حي|مباشر|مباشره|متواصله)|"
    r"(?:في|ومن|من|و?نبدا|و?نستهل|و?الي) .{0,20}(?:جول(?:ه|تنا)|عرض|قراءه|اقوال) (?:في )?(?:ال)?صحف|"
    r"يظهر (?:هذا |في هذا )?(?:الفيديو|المقطع|التسجيل المصور)|(?:هذا|في هذا|وفي هذا) (?:الفيديو|المقطع)|"
    r"رابط مختصر|مواضيع ذات صله|اخبار ذات صله|قد يعجبك|المصدر ?:|subscribe\b|sign up\b|follow us\b|read (?:more|also)\b|click here|we use cookies|"
    r"(?:بیشتر بخوانید|بيشتر بخوانيد|مزيد پڑ[\u06beه]يں)|הירשמו|קראו עוד|לקריאה נוספת)"
)
# Their first words are of a list or of a name that stands elsewhere: no sentence before them mends that.
_ORDINALS = r"(?:اول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|اخر|اهم|ابرز|احد|احدي|بعض|جميع|كل|كلا|كلتا|معظم|اغلب|اكبر|اكثر|ابسط|اخطر|افضل|اسوا|غالبي)"
_REFERENCE = re.compile(
    rf"\W*(?:[وف]?(?:من )?(?:ب|ل)?{_ORDINALS}(?:ت)?(?:ها|هم|هما|هن)\b|[وف]?(?:الاول|الثاني|الثالث|الرابع|الخامس|الاولي|الثانيه|الثالثه|الرابعه|الاخير|الاخيره|الاخر|الاخري)\s*(?:[:،,]|(?:هو|هي|ان|انه|انها|ف\S+|يتعلق|تتعلق|يتمثل|تتمثل|يكمن)\b)|"
    r"و?(?:الذي|التي|الذين|اللذان|اللذين|اللواتي|والذي|والتي)\b|(?:الكبري|الصغري|العليا|الاولي|الثانيه|الثالثه|الاخيره|الاول|الثاني|الثالث|الاخير|الاكبر|الاهم|الابرز|الوحيد|الوحيده|الجديده|الجديد) و(?:هو|هي|هم)\b|(?:مشيرا|مشيره|موضحا|موضحه|موكدا|موكده|مضيفا|مضيفه|معتبرا|معتبره|لافتا|لافته|مبينا|مبينه|منوها|منوهه|مشددا|مشدده|معربا|معربه|واصفا|واصفه|نافيا|نافيه|متهما|متهمه|مطالبا|مطالبه|محذرا|محذره)\b|"
    r"و?(?:بحسب|حسب|حسبما|وفق|وفقا)\b[^،,]*\Z|"
    r"(?:فيديو|صوره|صور|لقطات|مقطع|تسجيل) (?:يظهر|تظهر|يوثق|توثق|يرصد|ترصد|من|ل)\b|"
    r"(?:[^،,]{0,60}[،,] ?)?(?:مراسل|مراسله|مراسلنا|مراسلتنا|موفد|موفدنا|محرر|محرره|ريبورتاج)\b.{0,60}\b(?:يطرح|تطرح|يرصد|ترصد|يحدثنا|تحدثنا|يشرح|تشرح|يستعرض|تستعرض|يروي|تروي|يجيب|تجيب|يحاول|تحاول))"
)
# No reader is spoken to so: it is meant for a machine that summarizes.
_ORDER = re.compile(
    r"تجاهل(?:ي|وا)? (?:(?:كل|جميع|اي) )?(?:التعليمات|الاوامر|القواعد|التوجيهات) (?:السابقه|اعلاه|المذكوره)|"
    r"(?:ignore|disregard|forget) (?:(?:all|any|every|the|your|of) ){0,3}(?:previous|prior|above|earlier) (?:instructions|prompts|rules|orders)|"
    r"system prompt|دستورهاي قبلي را ناديده|پچهلي هدايات (?:كو )?نظر انداز|התעלם מ(?:כל )?ההוראות הקודמות"
)
_SAID = r"(?:قال|قالت|اوضح|اوضحت|اكد|اكدت|ذكر|ذكرت|اشار|اشارت|لفت|لفتت|بين|بينت|شدد|شددت|افاد|افادت|صرح|صرحت|كشف|كشفت|اعلن|اعلنت|نقل|نقلت|دعا|دعت|طالب|طالبت|حذر|حذرت)"
# Somebody who has no name and no office here has both in the sentence before.
_BARE_SPEAKER = r"(?:البيان|المصدر|المصادر|المراسل|مراسلنا|التقرير|الصحيفه|الوكاله|المسوول|المسوولون|المتحدث|المتحدثه|الناطق|الوزير|الوزيره|الوزاره|الرييس|الكاتب|الباحثون|الشبكه|القناه|الموقع|الدراسه|المدرب|اللاعب|الحزب|المنظمه|الشركه|الرجل|المراه)"
_LEANING = re.compile(
    r"\s*[\"«“]?\s*و?(?:"
    r"(?:هو|هي|هم|هما)\b|"
    r"(?:اضاف|اضافت|تابع|تابعت|اردف|استطرد|واصل|اكمل|قال|قالت|اوضح|اوضحت|اكد|اكدت|ذكر|ذكرت|اشار|اشارت|لفت|بين|شدد|نوه|زعم|ختم|اختتم|كتب|كتبت)\s*(?:ان\b|انه|انها|انهم|الي ان|الي انه|علي ان|[:،\"«“]|في )|"
    r"(?:اضاف|اضافت|تابع|تابعت|اردف|استطرد)\b|"
    rf"{_SAID}\s+(?:ايضا\b|كذلك\b|{_BARE_SPEAKER}\s*(?:ان\b|انه|انها|انهم|بان\b|الي\b|علي ان|[:،\"«“]))|"
    r"(?:جاء|ورد) في (?:البيان|التقرير|الرساله|الوثيقه|النص|المقال|التغريده)\b|"
    r"(?:الي (?:ذلك|جانب ذلك|جانب هذا)|علاوه علي ذلك|فضلا عن (?:ذلك|هذا)|(?:ب?الاضافه|اضافه) الي (?:ذلك|هذا)|في غضون ذلك|في وقت لاحق|(?:بعد|قبل|عقب|عند|حين|غداه) (?:ذلك|هذا)\b|انذاك|حينها|حينذاك|وقتها|عندها)\b|"
    r"ف(?:هو|هي|هم|هذا|هذه|ذلك|تلك|قد|ان|انه|انها)\b|"
    r"اولا\b|ثانيا\b|ثالثا\b|رابعا\b|خامسا\b|اخيرا\b|كما\b|كذلك\b|ايضا\b|لذلك\b|بذلك\b|لهذا\b|عليه\b|ثم\b|لكن|غير ان|الا ان|بل\b|في المقابل|من جانب(?:ه|ها|هم)\b|من جهت(?:ه|ها|هم)\b|بدور(?:ه|ها)\b|"
    r"(?:اكتفي|حصل|تمكن|شارك|درس|تخرج|التحق|انضم|خضع|اشتهر|حظي|تميز|ولد|نشا)(?:ت|وا)?\s+(?:[بل]\S|(?:علي|في|من|الي|عن|مع)\b)|"
    r"ذلك\b|(?:ياتي|جاء|تاتي|جاءت)\s+(?:ذلك|هذا|هذه)|مع ذلك|رغم ذلك|في هذا|في هذه|(?:هذا|هذه|تلك|هولاء|هناك)\b|في (?:الوقت|السياق) (?:نفسه|ذاته)|في سياق متصل|"
    r"(?:من|في|علي|الي|ب|ل)(?:ه|ها|هم|هما)\b|اما\b|حيث\b|بينما\b|فيما\b|اذ\b|منذ ذلك"
    r")"
)
# «صوته تهادى», «وصفها الرئيس»: the first word has a pronoun on it.
_WITH_PRONOUN = re.compile('["«“\\s]*[\u0621-\u063a\u0641-\u064a]{2,}(?:ه|ها|هما|هن)(?![\u0621-\u064a])')
_NO_PRONOUN = re.compile(
    r"[\"«“\s]*[وفبلك]{0,2}(?:ال\S+|الله|عبد ?الله|وجه|توجه|واجه|نبه|تنبه|انتبه|شبه|اشبه|كره|فقه|مياه|شفاه|وجوه|اتجاه|تجاه|انتباه|تنبيه|توجيه|تشبيه|ترفيه|نزيه|فواكه|طه|مها|سها|نها|طها|رضاه|هذه|منتبه|مشتبه|يشتبه|اشتبه|"
    r"تشابه|سفيه|نزه|وله|اله|مكروه|دها|لها|بها|منها|فيها|عليها|اليها|عنها|بينها|به|له|منه|فيه|عليه|اليه|عنه|مه|[A-Za-z]+)(?![\u0621-\u064a])"
)
_LEANING_ELSEWHERE = {
    "en": re.compile(
        r"\s*[\"“]?(?:he|she|it|they|this|that|these|those|his|her|its|their|but|and|however|also|then|meanwhile|so|yet|there)\b"
    ),
    "fa": re.compile(
        r"\s*[\"«]?(?:وي|او|انها|انان|اين|ان|همچنين|اما|ولي|سپس|همين|از سوي ديگر|در همين حال|به گفته وي)\b"
    ),
    "ur": re.compile(r"\s*[\"“]?(?:وه|يه|انهوں|انہوں|اس|ان|ليكن|تاهم|جبكه|مگر)\b"),
    "he": re.compile(
        r"\s*[\"“]?(?:הוא|היא|הם|הן|זה|זו|זאת|לדבריו|לדבריה|לדבריהם|אבל|אך|גם|עם זאת|כמו כן|בנוסף)\b"
    ),
}
_QUESTION = ("؟", "?")
_CLOSING = '"»”’)]} \u200f'
# Letters at the end that say how a text ends.
_END = 40
_CUT = re.compile(r"(?:…|\.\.+)\s*\Z")
_STOP = re.compile("[.!?\u061f\u06d4]\\Z")
_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_DATE = re.compile(rf"\d{{1,2}}\s+(?:{_MONTH})(?:\s*[/(-]\s*(?:{_MONTH})\)?)?\s+\d{{4}}")
# A weekday, a place of up to three words and the outlet.
_DATELINE_REST = 5
# Hebrew writes abbreviations with a quotation mark before the last letter.
_IN_WORD = re.compile('(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])')
_OPEN_QUOTE = re.compile('["«“]')


def after_dateline(paragraph: str) -> int:
    """Return where the news begins: the offset after a dateline such as «دبي (CNN) -- », 0 when there is
    none.
    """
    head = paragraph[:140]
    if not _MARKED.search(head):
        return 0
    folded = fold(head)
    if len(folded) != len(head):
        # Folding dropped marks: offsets would not fit, so the same shapes are sought letter by letter.
        folded = "".join((fold(letter) or " ")[0] for letter in head)
    found = _WITH_AGENCY.match(folded) or _DASHED_AGENCY.match(folded) or _WITH_REPORTER.match(folded)
    return found.end() if found else 0


def refusal(text: str, length: int) -> str:
    """Say why a sentence of `length` words may not be told, or "" when it may.

    "reference" (it begins with a word of a list or a name that stands elsewhere), "short", "long",
    "question", "caption", "boilerplate", "order" (to a machine that reads it), "quotation" (nothing but a
    quotation, or half of one), "unfinished" (a colon, a comma or dots at its end), "dateline" (a place and a
    date, and nothing about them).
    """
    folded = fold(text[:1200])
    if length < SHORTEST:
        return "short"
    if length > LONGEST:
        return "long"
    bare = text.rstrip(_CLOSING)
    if bare.endswith(_QUESTION):
        return "question"
    if is_cut(text):
        return "unfinished"
    if _REFERENCE.match(folded):
        return "reference"
    if _CAPTION.match(folded):
        return "caption"
    if _RIGHTS.search(folded) or _BOILERPLATE.match(folded):
        return "boilerplate"
    return "order" if _ORDER.search(folded) else _form(text)


def _form(text: str) -> str:
    if _is_bare_quotation(text.strip()):
        return "quotation"
    if _is_dateline(text):
        return "dateline"
    return ""


def asks(title: str) -> bool:
    """Say whether a title asks something."""
    return any(sign in title for sign in _QUESTION)


def leans(text: str, language: str = "ar") -> bool:
    """Say whether the sentence opens with a word that points back: a pronoun, «وأضاف أن», «كما», «من
    جانبه».
    """
    if _LEANING_ELSEWHERE.get(language, _LEANING).match(fold(text[:80])):
        return True
    return language == "ar" and bool(_WITH_PRONOUN.match(text[:40])) and not _NO_PRONOUN.match(text[:40])


def is_cut(text: str) -> bool:
    """Say whether a text ends where it goes on: behind a comma or colon, with dots, with […]."""
    bare = text[-_END:].rstrip(_CLOSING)
    return bare.endswith((":", "،", ",", "؛", ";")) or bool(_CUT.search(bare))


def is_stopped(text: str) -> bool:
    """Say whether a text ends with a stop, perhaps within quotation marks."""
    return bool(_STOP.search(text[-_END:].rstrip(_CLOSING))) and not is_cut(text)


def _is_dateline(text: str) -> bool:
    """Whether little is left of a sentence when the date in it is taken out: «دمشق، الأحد ٣ أيار ٢٠٢٦»."""
    found = _DATE.search(fold(text[:160]))
    return found is not None and len(words(text)) - len(words(found[0])) <= _DATELINE_REST


def _is_bare_quotation(text: str) -> bool:
    text = _IN_WORD.sub("", text)
    if text.count("«") != text.count("»") or text.count("“") != text.count("”") or text.count('"') % 2:
        return True
    if not _OPEN_QUOTE.match(text):
        return False
    closing = {'"': '"', "«": "»", "“": "”"}[text[0]]
    inside = text.find(closing, 1)
    # Something has to be said about it, by someone, after it is closed.
    return len(text) - inside < max(12, 0.25 * len(text))
