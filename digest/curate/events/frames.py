"""Kinds of news whose wording is alike whoever it is about: squads, injuries, interviews, prices, attacks;
pure.

Two texts of one kind that are about others are two events, however many words they share.
"""

import re

from digest.curate.events.names import Marks, Names
from digest.text.words.normalise import fold

# The patterns read folded text.
_KINDS = {
    "squad": re.compile(r"\b(?:ال)?(?:قايمه|تشكيله|لايحه)\b|يستدعي|استدعي|استدعاء"),
    "injury": re.compile(r"اصاب[هت]|يصاب\b|\bشكوك|\bيغيب|\bتغيب|\bغياب"),
    "coach": re.compile(r"\b(?:ي|ا)?قال(?:ه|ت)? مدرب|يقيل|اقاله|يستغني|رحيل|يرحل|\bتدريب|يمدد|تمديد|\bيتولي"),
    "interview": re.compile(r"\bل[a-z]{2,}|مقابله|في حوار|في حديث"),
    "price": re.compile(
        r"\b(?:ال)?(?:سعر|اسعار|بورصه|اسهم|صرف)\b|يرتفع|ترتفع|يتراجع|تتراجع|ينخفض|تنخفض|ارتفاع|تراجع|انخفاض"
    ),
    "attack": re.compile(r"هجوم|تفجير|انفجار|اطلاق (?:ال)?نار|اعتداء|\bغار(?:ه|ات)\b|\bقصف|طعن|دهس"),
    "accident": re.compile(
        r"حريق|حادث|تصادم|اصطدام|غرق|انهيار|تحطم|انقلاب (?:حافله|قارب|سياره)|\b(?:ال)?سيول(?! و)|فيضان"
    ),
    "launch": re.compile(r"\bيطلق|\bتطلق|اطلقت?\b|تكشف عن|يكشف عن|كشفت عن|تطرح|طرحت|يعرض"),
    "verdict": re.compile(r"حكم|السجن|الاعدام|محكمه|توقيف|اعتقال|القبض"),
    "appointment": re.compile(r"تعيين|يعين|عين\b|استقال|تنحي"),
    "said": re.compile(r"^[^:]{3,40}:|\b(?:يدعو|تدعو|يحذر|تحذر|يوكد|توكد|يطالب|تطالب|يتعهد|ينفي)\b"),
    "cast": re.compile(r"مسلسل|فيلم|بطوله|تجسد|يجسد|دور"),
}
BACK = "back"
"""The kind of a look back over many events."""
PERSONNEL = frozenset({"injury", "coach"})
"""Kinds whose frame is so full that titles on others share most of their words."""
# Bodies that decide: what two of them do are two events.
_BODIES = re.compile(
    r"(مجلس الامن)|(مجلس حقوق الانسان)|(الجمعيه العامه)|(محكمه العدل)|(الجناييه الدوليه)|(التعاون الاسلامي)|((?:ال)?جامعه (?:ال|الدول ال)?عربيه)|"
    r"(الاتحاد الاوروبي)|(الاتحاد الافريقي)|(حلف (?:شمال )?الاطلسي|الناتو)|(الكونغرس|مجلس الشيوخ)|(صندوق النقد)|(البنك الدولي)|(منظمه الصحه)|"
    r"(حظر الاسلحه)|(مجلس الوزراء)|(مجلس النواب|البرلمان)|(الفيفا)"
)
_GOODS = re.compile(
    r"\b[وفبلك]?(?:ال|لل)?(ذهب|فضه|نفط|برنت|خام|دولار|يورو|ليره|جنيه|دينار|درهم|ريال|روبل|ين|يوان|بيتكوين|قمح|غاز|نحاس|سكر|ارز|قطن|بن|وقود|بنزين)\b"
)
# A look back over many events tells none of them.
_LOOKS_BACK = re.compile(
    r"\b(?:ابرز|اسوا|اشهر) \S+ .{0,40}(?:خلال|منذ|في) (?:(?:ال)?عام )?\d{4}|تسلسل زمني|محطات في|تاريخ (?:من|طويل)|ابرز (?:حوادث|محطات|هجمات|عمليات)"
)
# What a state does by its embassies and ambassadors: one act is not another.
_ACTS = re.compile(
    r"(?:([يت]ستدعي|استدعت?|استدعاء|[يت]سحب|سحبت?) (?:\S+ )?(?:ال)?(?:سفير|سفراء|مبعوث))|((?:[يت]فتتح|افتتحت?|افتتاح|[يت]دشن|تدشين|[يت]نقل|نقل|فتح|تفتح|بعد) .{0,30}سفار)|([يت]طرد|طرد|طردت) "
)
_UP = re.compile(r"يرتفع|ترتفع|ارتف|يصعد|تصعد|صعود|يقفز|تقفز|مكاسب|يكسب|تكسب|زياده")
_DOWN = re.compile(r"يتراجع|تتراجع|تراجع|ينخفض|تنخفض|انخفا?ض|يهبط|تهبط|هبوط|هبط|خساير|يخسر|تخسر")


def kinds_of(title: str, opening: str = "") -> frozenset[str]:
    """Return the kinds of news that a title is of, and of prices what they are of and where they go:
    «price:ذهب», «price:up»; and which bodies it names, as «body:1»; those of
    the opening, as «within:1», where the title names none.
    """
    text = fold(title)
    found = {kind for kind, pattern in _KINDS.items() if pattern.search(text)}
    if "price" in found:
        found |= {f"goods:{name}" for name in _GOODS.findall(text)}
        up, down = bool(_UP.search(text)), bool(_DOWN.search(text))
        found |= {"up"} if up and not down else {"down"} if down and not up else set()
    found |= {f"body:{body.lastindex}" for body in _BODIES.finditer(text)}
    if not _of("body:", frozenset(found)):
        found |= {f"within:{body.lastindex}" for body in _BODIES.finditer(fold(opening))}
    found |= {f"act:{act.lastindex}" for act in _ACTS.finditer(text)}
    found |= {BACK} if _LOOKS_BACK.search(text) else set()
    return frozenset(found)


def are_two(first: frozenset[str], second: frozenset[str], names: Names, others: Names) -> bool:
    """Say whether two titles are of two events of one kind: they are said by others, name others, or other
    goods, or goods that go other ways.
    """
    if names.speakers and others.speakers and names.speakers.isdisjoint(others.speakers):
        return True
    if (BACK in first) is not (BACK in second):
        return True
    if _act_apart(first, second) or _bodies_apart(first, second) or _bodies_apart(second, first):
        return True
    shared = plain(first & second) - {"said"}
    if not shared:
        return False
    if "price" in shared and _prices_part(first, second):
        return True
    about, others_about = _about(names), _about(others)
    return not about <= others.lead and not others_about <= names.lead


def _of(start: str, kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in kinds if one.startswith(start))


def plain(kinds: frozenset[str]) -> frozenset[str]:
    """Return the kinds of news alone, without goods, bodies and acts."""
    return frozenset(kind for kind in kinds if ":" not in kind) - {BACK}


def _act_apart(first: frozenset[str], second: frozenset[str]) -> bool:
    mine, theirs = _of("act:", first), _of("act:", second)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _bodies_apart(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether the one title names a body, and the other names, or else its opening, only others."""
    mine = _of("body:", first)
    theirs = _of("body:", second) or {f"body:{one.removeprefix('within:')}" for one in _of("within:", second)}
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _about(names: Names) -> Marks:
    """Whom a title is about: who is no place, else the places."""
    return names.own or names.title


def _prices_part(first: frozenset[str], second: frozenset[str]) -> bool:
    goods, others = _of("goods:", first), _of("goods:", second)
    if goods and others and goods.isdisjoint(others):
        return True
    return bool(goods & others) and {"up", "down"} == {*(first & {"up", "down"}), *(second & {"up", "down"})}
