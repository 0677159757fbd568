"""Tell whether an answer to the mail that asks for a confirmation says yes. Pure.

What is not clear confirms nothing: an answer counts when it says yes, or nothing at all besides what it
quotes, and never when it says no.
"""

import re
import unicodedata

LONGEST = 600
"""Characters of an answer that are looked at: who says yes says it at once."""


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


YES = _listed(
    "نعم أجل اجل أؤكد اؤكد أوكد مؤكد تأكيد تاكيد موافق موافقة أوافق اوافق اشترك أشترك "  # Arabic
    "بله آری تایید تأیید موافقم ہاں جی تصدیق כן מאשר מאשרת אישור "  # Persian, Urdu, Hebrew
    "yes yep ok okay confirm confirmed subscribe agree oui ja si"
)
NO = _listed(
    "لا لم لن ليس لست أوقف اوقف أوقفوا اوقفوا توقف توقفوا إلغاء الغاء ألغوا الغوا احذف احذفوا مزعج إزعاج "
    "نه خیر نکنید لغو نمی نخواسته نہیں نہ مت منسوخ לא אל ביטול הסר הסירו "
    "no not never stop unsubscribe remove cancel spam don't didn't dont didnt non nein"
)
_QUOTED = re.compile(r"\s*(?:>|\||-{2,}|_{5,}|\*{3,})")
_OPENS_QUOTE = re.compile(
    r"(?:from|sent|to|subject|date|von|de|من|إلى|التاريخ|الموضوع|از|به|מאת|אל|נשלח)\s*:"
    r"|.*(?:wrote|writes|schrieb|a écrit|كتب|كتبت|كتبتم|نوشت|لکھا|כתב|כתבה)\s*:?\s*$"
    r"|(?:on|le|am|في|در|بتاريخ|ב-?)\s.*(?:\d|[٠-٩۰-۹]).*(?:<|:\s*$)",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"(?:sent from|get outlook|envoyé de|gesendet von|أرسل من|أُرسلت من|ارسال از|נשלח מ)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def says_yes(text: str) -> bool:
    """Say whether the text of an answer confirms; what it quotes, and how it is signed, is left out."""
    words = _WORD.findall(_plain(_own(text)))
    if any(word in _PLAIN_NO for word in words):
        return False
    return not words or any(word in _PLAIN_YES for word in words)


def _own(text: str) -> str:
    """Return what stands above the quoted mail and the signature."""
    kept = []
    for line in text[: 4 * LONGEST].splitlines():
        bare = line.strip().strip("\u200e\u200f\u202a\u202b\u202c\u2067\u2068\u2069\ufeff")
        if _QUOTED.match(line) or _OPENS_QUOTE.match(bare) or _SIGNS.match(bare):
            break
        kept.append(bare)
    return "\n".join(kept)[:LONGEST]


def _plain(text: str) -> str:
    """Return text without marks of vowels and without case."""
    bare = (
        one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one) and one != "ـ"
    )
    return "".join(bare).casefold().replace("’", "'")


_PLAIN_YES = frozenset(map(_plain, YES))
_PLAIN_NO = frozenset(map(_plain, NO))
