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
_UP = re.compile(r"يرتفع|ترتفع|ارتف|يصعد|تصعد|صعود|يقفز|تقفز|مكاسب|يكسب|تكسب|زياده")
_DOWN = re.compile(r"يتراجع|تتراجع|تراجع|ينخفض|تنخفض|انخفا?ض|يهبط|تهبط|هبوط|هبط|خساير|يخسر|تخسر")


def kinds_of(title: str) -> frozenset[str]:
    """Return the kinds of news that a title is of, and of prices what they are of and where they go:
    «price:ذهب», «price:up»; and which bodies it names, as «body:1».
    """
    text = fold(title)
    found = {kind for kind, pattern in _KINDS.items() if pattern.search(text)}
    if "price" in found:
        found |= {f"goods:{name}" for name in _GOODS.findall(text)}
        up, down = bool(_UP.search(text)), bool(_DOWN.search(text))
        found |= {"up"} if up and not down else {"down"} if down and not up else set()
    found |= {f"body:{body.lastindex}" for body in _BODIES.finditer(text)}
    return frozenset(found)


def are_two(first: frozenset[str], second: frozenset[str], names: Names, others: Names) -> bool:
    """Say whether two titles are of two events of one kind: they are said by others, name others, or other
    goods, or goods that go other ways.
    """
    if names.speakers and others.speakers and names.speakers.isdisjoint(others.speakers):
        return True
    bodies, others_bodies = _of("body:", first), _of("body:", second)
    if bodies and others_bodies and bodies.isdisjoint(others_bodies):
        return True
    shared = (first & second) - {"said"} - bodies
    if not shared:
        return False
    if "price" in shared and _prices_part(first, second):
        return True
    mine, theirs = _about(names), _about(others)
    return not mine <= others.lead and not theirs <= names.lead


def _of(start: str, kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in kinds if one.startswith(start))


def _about(names: Names) -> Marks:
    """Whom a title is about: who is no place, else the places."""
    return names.own or names.title


def _prices_part(first: frozenset[str], second: frozenset[str]) -> bool:
    goods, others = _of("goods:", first), _of("goods:", second)
    if goods and others and goods.isdisjoint(others):
        return True
    return bool(goods & others) and {"up", "down"} == {*(first & {"up", "down"}), *(second & {"up", "down"})}
