"""The section a story is shown in, by its words, where an outlet's own sections are too wide: health,
disasters, the world; pure.
"""

import re

from digest.text.words.normalise import fold
from digest.text.words.subjects import is_health

# The patterns read folded text.
_DISASTER = re.compile(
    r"زلزال|هزه ارضيه|بركان|اعصار|فيضان|تسونامي|انهيار (?:ارضي|جسر|سد|مبني|منجم|سقف)|تحطم طاير|سقوط طاير|حريق|حرايق|"
    r"غرق|انقلاب (?:حافله|قارب|سياره|قطار)|حادث (?:سير|مرور|قطار|طريق)|تصادم|اصطدام|تدافع|اطلاق (?:ال)?نار (?:في|داخل) مدرسه|جريمه|سرقه|سطو|"
    r"حداد علي ضحايا|صاعقه|جفاف"
)
# «سيول» is floods and Seoul: the weather, or what the water did, stands beside the first.
_FLOODS = re.compile(r"\b(?:ال)?سيول\b")
_WEATHER = re.compile(r"امطار|جارف|تجرف|جرفت|تجتاح|اجتاح|فيضان|غمر|غرق|عاصف|طقس|انهيارات|مياه|قتل")
_SPORT = re.compile(
    r"\Aكره القدم\b|لكره (?:القدم|السله|اليد|المضرب)|دوري ابطال|الدوري (?:الاوروبي|الانجليزي|الايطالي|الاسباني|الالماني|الفرنسي|الممتاز)|\b[وبلف]?(?:ال)?كاس \S|مدير(?:ا)? فني|المدير الفني|يوروبا ليغ|"
    r"(?:المنتخب|منتخب) .{0,30}(?:لاعب|مدرب|مونديال|تشكيل|قايمه)|رولان غاروس|ويمبلدون|الفورمولا|ماراثون|بطوله (?:روما|مدريد|امريكا|استراليا|فرنسا|العالم)"
)
_GAME = re.compile(r"لكره (?:القدم|السله|اليد|المضرب)|الفورمولا|ماراثون")
_MONEY = re.compile(
    r"اقتصاد|تجار|\bشرك|\b(?:ال)?بن[كو]|مصرف|بورص|\b(?:ال)?[ا]?سهم|نفط|\bغاز|الغاز|ذهب|دولار|يورو|ليره|ريال|جنيه|دينار|درهم|روبل|يوان|عمل[هت]|مليار|مليون|"
    r"استثمار|مستثمر|ضريب|ميزاني|موازن|صندوق النقد|البنك الدولي|قرض|قروض|ديون|اسعار|سعر|صادرات|واردات|جمرك|طيران|سياح|عقار|رواتب|اجور|تضخم|بطال|وظايف|انتاج|مصنع|مصانع|"
    r"شحن|بيتكوين|تمويل|اوبك|موانئ|مينا|سوق|اسواق|توظيف|افلاس|فايده|نمو|تملك|مبيعات|ارباح|خساير|كهرباء|طاق[هة]|قمح|غذاء|زراع"
)
_DIPLOMACY = re.compile(
    r"\bقمه\b|\bالقمه\b|عقوبات|سفير|سفاره|سفراء|انتخاب|رييس (?:ال)?(?:وزراء|جمهوري|برلمان)|وزير (?:ال)?(?:خارجي|دفاع|داخلي)|وزراء (?:ال)?خارجي|برلمان|معارض|مظاهر|احتجاج|هدنه|نووي|امم المتحده|مجلس الامن"
)
_THEFT = re.compile(r"\b(?:ال)?سرق|\bسطو|\bيسرق|\bتسرق")
_OF_LETTERS = re.compile(
    r"(?:رحيل|وفاه|يرحل|ترحل|رحل|غيب الموت|موت)\b.{0,25}(?:مورخ|كاتب|كاتبه|شاعر|شاعره|روايي|فنان|ممثل|مخرج|موسيقار|موسيقي|مغني|مطرب|اديب|مفكر|رسام|نحات|ملحن)"
)
_STATE = re.compile(
    r"حكوم|رييس (?:ال)?(?:وزراء|جمهوري|دوله)|وزير|وزاره|سفير|سفاره|برلمان|انتخاب|محكمه|شرطه|امن|ارهاب|حرب|هدنه|وقف (?:ل)?اطلاق|قتل|هجوم|عقوبات|حقوق الانسان|منظمات|اللاجي"
)
_WAR = re.compile(r"قصف|غاره|غارات|صاروخ|معارك|اشتباك|الجيش|مسلح|ارهاب|انتحاري|احتلال|ميليشيا|داعش|مواجهات")
_ARAB = re.compile(
    r"عربي|سعودي|مصر|سوري|دمشق|عراق|بغداد|لبنان|بيروت|اردن|عمان|فلسطين|غزه|قدس|ضفه|اسراييل|يمن|صنعاء|عدن|حوثي|حديده|كويت|قطر|دوحه|بحرين|"
    r"امارات|دبي|ابوظبي|ليبي|طرابلس|تونس|جزاير|مغرب|رباط|موريتاني|سودان|خرطوم|صومال|جيبوتي|حزب الله|حماس|السيسي|عباس|الصدر|العبادي|الحريري"
)
_FOREIGN = re.compile(
    r"اميرك|امريك|واشنطن|ترامب|ترمب|روسي|موسكو|بوتين|صين|بكين|ياباني?|طوكيو|كوري|بيونغ|سيول|هند[يي]?\b|باكستان|افغان|كابول|طالبان|ايران|طهران|"
    r"ترك[يي]|انقره|اردوغان|فرنس|باريس|ماكرون|بريطاني|لندن|المان|برلين|ميركل|ايطالي|روما|اسباني|مدريد|كتالوني|اوروب|بروكسل|اوكراني|كييف|"
    r"فنزويل|مادورو|برازيل|ارجنتين|كولومبي|مكسيك|كوبا|هافانا|شيلي|غواتيمالا|كندا|استراليا|اندونيسي|ماليزي|فلبين|تايلاند|ميانمار|بورما|روهينغا|"
    r"نيجيري|كيني|اثيوبي|كونغو|بوروندي|افريقيا|بولندا|مجر|يونان|هولندا|بلجيك|سويد|نرويج|سويسر|نمسا|صرب|تكساس|فلوريدا|اسكتلندا|الفاتيكان"
)
_SOFT_FOR_HEALTH = frozenset({"technology", "misc", "politics", "culture", "local"})


def desk(section: str, title: str, opening: str) -> str:
    """Return the key of the section in which a story is shown: "health", "disasters" and "world" by words,
    else as it was.

    `section` is one of the nine keys. Only what is near is moved: health out of technology, culture, politics
    and misc; disasters out of politics, local news and misc, where no war is spoken of; the world out of
    politics; matches, and the deaths of writers and artists, out of politics, where outlets file them under
    world news; summits, sanctions and thefts out of economy, where no title speaks of money.
    """
    head, text = fold(title), fold(f"{title} {opening}")
    if section == "economy" and _THEFT.search(head):
        section = "misc"
    elif section == "economy" and _DIPLOMACY.search(head) and not _MONEY.search(head):
        section = "politics"
    if section in _SOFT_FOR_HEALTH and is_health(title, opening):
        return "health"
    if section in {"politics", "local", "misc"} and _is_disaster(head, text):
        return "disasters"
    if section == "politics" and (_SPORT.search(head) or _GAME.search(text)) and not _STATE.search(head):
        return "sport"
    if section == "politics" and _OF_LETTERS.search(head):
        return "culture"
    if section == "politics" and _is_abroad(head, text):
        return "world"
    return section


def _is_disaster(head: str, text: str) -> bool:
    floods = _FLOODS.search(head) and _WEATHER.search(text) and "كوري" not in text
    return bool((floods or _DISASTER.search(head)) and not _WAR.search(text))


def _is_abroad(head: str, text: str) -> bool:
    if _ARAB.search(head):
        return False
    if _FOREIGN.search(head):
        return True
    return bool(_FOREIGN.search(text)) and not _ARAB.search(text)
