"""The Arabic «و» that ties a sentence to the one before it: without its neighbour it leads nowhere. Pure."""

import re

from digest.text.words.lexicon import read
from digest.text.words.normalise import fold
from digest.text.words.tokens import stem

# A hamza on the alef: «وأعلن», «وإلى». So are verbs of today: «ويتزامن», «وتعقد», unless a name begins so.
_BEFORE_HAMZA = re.compile("و[أإ][\u0621-\u064a]{2,}")
_BEFORE_VERB = re.compile("وس?[يت][\u0621-\u064a]{3,}(?![\u0621-\u064a])")
_NO_VERB = re.compile("و(?:تير|تد|تر|يل|يب|يك|يند|يم|يس|يغ|ين|ير|يت(?:كوف|ني|مان|فيل|نغ))")
# Words that are no words without it («وقع», «والدة») are not here.
_TIED = re.compile(
    r"و(?:(?:ال(?!د\b|ده|دي|دت|دا|ي\b|يا|ه\b)[\u0621-\u064a]{3,})|"
    r"(?:في|من|علي|عن|مع|بحسب|حسب|خلال|بعد|قبل|منذ|لم|لن|قد|لا|ليس|ليست|بين|امام|وفق|عبر|يوم|اثناء|عقب|اثر|تحت|بذلك|بلغ|بلغت|"
    r"كان|كانت|كانوا|قال|قالت|ذكر|ذكرت|اعلن|اعلنت|اكد|اكدت|اضاف|اضافت|اوضح|اوضحت|افاد|افادت|اشار|اشارت|اعتبر|اعتبرت|دعا|دعت|طالب|طالبت|"
    r"لفت|لفتت|شهد|شهدت|صوت|صوتت|سبق|شدد|شددت|ناقش|ناقشت|كشف|كشفت|خلص|خلصت|عقد|عقدت|نقل|نقلت|نشر|نشرت|شارك|شاركت|جاء|جاءت|ادي|ادت|حمل|حملت|حضر|حضرت|كتب|كتبت|تم|قبيل|هناك|هنا|حصل|حصلت|بدا|بدات|نجح|نجحت|تمكن|تمكنت|طلب|طلبت|استمر|استمرت|انتهي|انتهت|تلقي|تلقت|"
    r"قتل|قتلت|اصيب|اصيبت|شن|شنت|سجل|سجلت|فاز|فازت|عوض|احرز|احرزت|حقق|حققت|تصاعدت|تبادل|تبادلت|اعترضت|اعتقلت|اوقفت|سقط|سقطت|تحطمت|"
    r"انتقد|انتقدت|رفض|رفضت|نفي|نفت|هدد|هددت|حذر|حذرت|تعهد|تعهدت|قرر|قررت|ارتفع|ارتفعت|تراجع|تراجعت|انخفض|انخفضت|تبرع|تبرعت|عين|عينت|"
    r"يسعي|تسعي|يضم|تضم|يظهر|تظهر|يبدو|تبدو|يشكل|تشكل|يقول|تقول|يري|تري|يعد|تعد|ياتي|تاتي|يعتزم|تعتزم|يتوقع|تتوقع|يتهم|تتهم|يواجه|تواجه|"
    r"يشرع|تشرع|يخضع|تخضع|يستعد|تستعد|يعتبر|تعتبر|يتوجه|تتوجه|سيصبح|ستصبح|سيكون|ستكون|سيتم|ستتم|يتضمن|تتضمن|يشمل|تشمل|يبلغ|تبلغ|يقع|تقع)(?![\u0621-\u064a]))"
)
_COMMON = read("common_words/ar")
_ARABIC_MARKS = re.compile("[\u064b-\u0652\u0640]")


def without_conjunction(text: str) -> str:
    """Return a sentence without the «و» at its beginning, where a whole word is left: «وبحسب النتائج» is
    «بحسب النتائج».
    """
    head = text[:40]
    folded = fold(head)
    if not folded.startswith("و") or _ARABIC_MARKS.match(head[1:2]):
        return text
    return text[1:] if head[0] == "و" and (_TIED.match(folded) or _is_tied(head, folded)) else text


def _is_tied(head: str, folded: str) -> bool:
    if _BEFORE_HAMZA.match(head):
        return True
    verb = _BEFORE_VERB.match(folded)
    if verb is None or _NO_VERB.match(folded):
        return False
    bare = verb[0][1:]
    return any(stem(form) in _COMMON for form in (bare, bare[1:], bare[2:]))
