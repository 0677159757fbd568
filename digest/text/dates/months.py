"""The words of dates, folded: month names of all Arab countries, Hijri months, weekdays, zones, cities."""

from digest.text.words.normalise import fold

_MONTHS = (
    "يناير كانون-الثاني كانون-ثاني ك2 جانفي ينار جانفييه january jan janvier janv جنوری ژانویه ינואר בינואר",
    "فبراير شباط فيفري فيفرييه فبراير february feb fevrier fevr فروری فوریه פברואר בפברואר",
    "مارس اذار مارس march mar mars مارچ מרץ במרץ",
    "ابريل نيسان افريل أبريل april apr avril avr اپریل آوریل אפריל באפריל",
    "مايو ايار ماي مايس may mai مئی מאי במאי",
    "يونيو حزيران جوان يونيه june jun juin ژوئن جون יוני ביוני",
    "يوليو تموز جويليه يوليوز يوليه july jul juillet juil جولائی ژوئیه יולי ביולי",
    "اغسطس اب اوت غشت august aug aout اگست آگوست אוגוסט באוגוסט",
    "سبتمبر ايلول شتنبر september sep sept septembre ستمبر سپتامبر ספטמבר בספטמבר",
    "اكتوبر تشرين-الاول تشرين-اول ت1 october oct octobre اکتوبر اکتبر אוקטובר באוקטובר",
    "نوفمبر تشرين-الثاني تشرين-ثاني ت2 نونبر november nov novembre نومبر نوامبر נובמבר בנובמבר",
    "ديسمبر كانون-الاول كانون-اول ك1 دجنبر دجمبر december dec decembre دسمبر دسامبر דצמבר בדצמבר",
)
MONTHS = {
    fold(name.replace("-", " ")): number for number, names in enumerate(_MONTHS, 1) for name in names.split()
}
HIJRI = frozenset(
    fold(name.replace("-", " "))
    for name in [
        "محرم",
        "المحرم",
        "محرم-الحرام",
        "صفر",
        "صفر-الخير",
        "ربيع-الأول",
        "ربيع-أول",
        "ربيع-الآخر",
        "ربيع-الثاني",
        "ربيع-ثاني",
        "جمادى-الأولى",
        "جمادى-الأول",
        "جمادى-الآخرة",
        "جمادى-الآخر",
        "جمادى-الثانية",
        "جمادى-الثاني",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو-القعدة",
        "ذي-القعدة",
        "ذوالقعدة",
        "ذو-الحجة",
        "ذي-الحجة",
        "ذوالحجة",
    ]
)
_WEEKDAYS = (
    "الاثنين الإثنين monday mon lundi",
    "الثلاثاء الثلثاء tuesday tue mardi",
    "الأربعاء الاربعاء wednesday wed mercredi",
    "الخميس thursday thu jeudi",
    "الجمعة friday fri vendredi",
    "السبت saturday sat samedi",
    "الأحد الاحد sunday sun dimanche",
)
WEEKDAYS = {fold(name): number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
ZONES: dict[str, float | None] = {
    "ast": 3, "ksa": 3, "eet": 2, "eest": 3, "gst": 4, "cet": 1, "cest": 2, "gmt": 0, "utc": 0, "ut": 0, "z": 0, "wet": 0,
    "west": 1, "met": 1, "mest": 2, "mez": 1, "mesz": 2, "msk": 3, "msd": 4, "trt": 3, "idt": 3, "fet": 3,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "bst": 1,
    "irst": 3.5, "irdt": 4.5, "aft": 4.5, "pkt": 5, "pkst": 6, "uzt": 5, "tmt": 5, "tjt": 5, "azt": 4, "samt": 4, "yekt": 5, "npt": 5.75,
    "mmt": 6.5, "ict": 7, "wib": 7, "wita": 8, "wit": 9, "sgt": 8, "myt": 8, "hkt": 8, "pht": 8, "jst": 9, "awst": 8, "acst": 9.5,
    "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "eat": 3, "cat": 2, "wat": 1, "sast": 2, "mut": 4, "mvt": 5,
    "brt": -3, "art": -3, "ndt": -2.5,
    "ist": None, "kst": None, "adt": None, "amt": None, "bdt": None, "sst": None, "bt": None,
}  # fmt: skip
"""Hours east of Greenwich; None where one name is that of several zones (IST: India's, Israel's, Ireland's).

AST is Arabia's time here, not the Atlantic's: that is what Arab outlets mean.
"""
CITIES = {
    fold(name): zone
    for zone, names in (
        ("UTC", "غرينتش|جرينتش|غرينيتش|جرينيتش|غرينتش العالمي"),
        ("Asia/Riyadh", "مكة المكرمة|مكة|السعودية|الرياض|المملكة"),
        ("Africa/Cairo", "القاهرة|مصر"),
        ("Asia/Beirut", "بيروت|لبنان"),
        ("Asia/Damascus", "دمشق|سوريا"),
        ("Asia/Amman", "عمان|الأردن"),
        ("Asia/Jerusalem", "القدس المحتلة|القدس"),
        ("Asia/Baghdad", "بغداد|العراق"),
        ("Asia/Dubai", "أبوظبي|أبو ظبي|دبي|الإمارات"),
        ("Asia/Qatar", "الدوحة|قطر"),
        ("Asia/Kuwait", "الكويت"),
        ("Africa/Tunis", "تونس"),
        ("Africa/Algiers", "الجزائر"),
        ("Africa/Casablanca", "الرباط|المغرب"),
        ("Africa/Tripoli", "طرابلس|ليبيا"),
        ("Africa/Khartoum", "الخرطوم|السودان"),
        ("Europe/London", "لندن"),
        ("Europe/Paris", "باريس"),
        ("Europe/Berlin", "برلين"),
        ("Europe/Moscow", "موسكو"),
        ("Europe/Istanbul", "إسطنبول|أنقرة"),
        ("America/New_York", "واشنطن|نيويورك"),
    )
    for name in names.split("|")
}
