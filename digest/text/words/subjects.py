"""What a text is about where a few words say it surely; pure."""

import re

from digest.text.words.normalise import fold
from digest.text.words.proper_names import PLACES
from digest.text.words.tokens import stem, words

# The pattern reads folded text.
_HEALTH = re.compile(
    r"\b[وفبلك]?(?:ال|لل|لا)?(?:صحه|صحت\w+|متلازمه|طفل رضيع|يصوم|ننام|نومك|دهون|ملح|سكر|انسولين|صحيه?|طبيه?|اطباء|طبيب|مرض|امراض|مرضي|مريض|علاج|لقاح|لقاحات|سرطان|سكري|مستشفي|مستشفيات|"
    r"دواء|ادويه|عقار|عقاقير|فيروس|وباء|ايبولا|كوليرا|حمي|صيام|صوم|نوم|ارق|وزن|بدانه|سمنه|رجيم|غذايي?ه?|فيتامين|فيتامينات|"
    r"ضغط الدم|قلب|دماغ|كبد|كلي|معده|امعاء|تدخين|جراحه|جراحيه|حمل|ولاده|رضاعه|رضيع|اجنه|اكتياب|خرف|زهايمر)\b"
)


def is_health(title: str, opening: str) -> bool:
    """Say whether a text is about health: two words of it in the title, or one and three more in the
    opening.
    """
    head = {word.group() for word in _HEALTH.finditer(fold(title))}
    whole = {word.group() for word in _HEALTH.finditer(fold(f"{title} {opening}"))}
    return len(head) > 1 or (bool(head) and len(whole) > 3)


# «ليبيا: …», «كوريا الشمالية.. …», «القاهرة | …».
_OPENING = re.compile(r"[\"«“]?([^:.…|/–-]{2,30}?)[\"»”]?\s*(?::|\.\.|…|\||/|–|-\s)")
_OPENING_CHARS = 48
_LONGEST_PLACE = 3


def opens_with_place(title: str) -> bool:
    """Say whether a title names a country or city before its first colon or dots: so papers head what is not
    of their own town.
    """
    found = _OPENING.match(title.lstrip()[:_OPENING_CHARS])
    spoken = words(found[1]) if found else []
    return 0 < len(spoken) <= _LONGEST_PLACE and stem(spoken[0]) in PLACES
