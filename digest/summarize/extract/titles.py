"""Which title is a headline: what a title loses, whether it tells or only teases, how loud it is. Pure."""

import re
from collections.abc import Set as AbstractSet

from digest.text.dates.months import MONTHS, WEEKDAYS
from digest.text.words.hashtags import without_hashtags
from digest.text.words.lexicon import read_lines
from digest.text.words.normalise import fold
from digest.text.words.proper_names import is_common, is_name, without_prefix
from digest.text.words.tokens import stem, words

SHORTEST = 3
"""Words that a title keeps at least; one that would keep fewer stays as it is."""

# Longer ones are no titles.
_LONGEST = 300
_MARKS = r"\s{0,3}[|:：.\-–—!،,…][|:：.\-–—!،,…\s]{0,9}"
_LABEL = (
    r"(?:خبر عاجل|عاجل(?:ه)?(?: جدا)?|حصري(?:ا)?|خاص|هام|مهم|متابعه|محدث|تحديث|فيديو ?(?:و|\+|/)? ?صور|صور ?(?:و|\+|/)? ?فيديو|"
    r"بالفيديو ?و ?(?:ال)?صور|بالصور ?و ?(?:ال)?فيديو|فيديو|بالفيديو|شاهد بالفيديو|شاهد بالصور|صور|بالصور|بالصوره|شاهد|انفوغرافيك|انفوجرافيك|بث مباشر|مباشر|ريبورتاج|"
    r"كره القدم|كره السله|كره اليد|كره المضرب|رياضه|"
    r"breaking(?: news)?|urgent|video|photos|watch|exclusive)"
)
# «عاجل | », «بالفيديو.. »; two words may do without the mark.
_BEFORE = re.compile(rf"\W{{0,9}}{_LABEL}{_MARKS}")
_BARE_BEFORE = re.compile(r"\W{0,9}(?:خبر عاجل|عاجل|بالفيديو(?: والصور)?|بالصور(?: والفيديو)?)\s+(?=\w)")
_BEHIND = re.compile(
    rf"\s{{0,3}}[|:：.\-–—!،,…+(\[{{][|:：.\-–—!،,…+(\[{{\s]{{0,9}}{_LABEL}\W{{0,9}}\Z|\s(?:بالفيديو|بالصور|\(?(?:فيديو|صور)\)?)(?: و(?:ال)?(?:فيديو|صور))?\W{{0,9}}\Z"
)
_MONTH = "|".join(sorted(map(re.escape, filter(None, MONTHS)), key=len, reverse=True))
_DAY = "|".join(sorted(map(re.escape, filter(None, WEEKDAYS)), key=len, reverse=True))
_DATE = (
    rf"(?:(?:{_DAY})\W{{0,3}})?(?:\d{{1,2}}\W{{1,3}}(?:{_MONTH})(?:\s*[/(-]\s*(?:{_MONTH})\)?)?\W{{1,3}}(?:19|20)\d\d|"
    r"\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2})"
)
_DATE_BEFORE = re.compile(rf"\W{{0,9}}{_DATE}(?:{_MARKS}|\s(?=\w))")
_DATE_BEHIND = re.compile(rf"[\s|(\[،,:–—-]{{0,9}}{_DATE}\W{{0,9}}\Z")
_WANTS_ITS_DATE = frozenset(
    (
        "في",
        "يوم",
        "منذ",
        "حتي",
        "الي",
        "من",
        "قبل",
        "بعد",
        "بتاريخ",
        "مساء",
        "صباح",
        "فجر",
        "و",
        "ل",
        "بين",
        "خلال",
        "ليله",
    )
)
_PIPE = re.compile(r"\s*[|｜]\s*|\s+[-–—]\s+")
_KINDS_OF_OUTLET = frozenset(
    fold("صحيفة جريدة موقع وكالة قناة شبكة مجلة بوابة إذاعة تلفزيون أخبار نيوز").split()
)
# Whose dispatch it is. A paper that claims something («هآرتس: …») stays: it is the one who says it.
_AGENCIES = frozenset(
    map(
        fold,
        (
            "وام",
            "واس",
            "كونا",
            "بترا",
            "قنا",
            "بنا",
            "سانا",
            "وفا",
            "أ ف ب",
            "د ب أ",
            "أ ش أ",
            "أ.ف.ب",
            "د.ب.أ",
            "أ.ش.أ",
            "AFP",
        ),
    )
)
_SECTION_WORDS = frozenset(
    fold(
        "أخبار الأخبار سياسة السياسة اقتصاد الاقتصاد رياضة الرياضة ثقافة الثقافة تقنية التقنية تكنولوجيا صحة الصحة منوعات المنوعات محليات المحليات فن الفن دولي عربي العالم"
    ).split()
)
# «فقط و لا يستحق»
_LONE_AND = re.compile("(?<![^ «])و (?=[\u0621-\u064a]{2})")
_SIGNS = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\ufe0f]+")

_ASKS = re.compile(
    r"[؟?]|\W{0,9}(?:هل|كيف|لماذا|ماذا|متي|اين|كم|ما هي|ما هو|ما السر|ما حقيقه|ما قصه|ما سبب|ما الذي|من هو|من هي|ايهما|why|how|what|who|when|where)\b"
)
_TEASES = re.compile(
    r"!|\b(?:شاهد(?:ي|وا)?|بالفيديو|بالصور|انفوغرافيك|انفوجرافيك|تعرف(?:ي|وا)? (?:علي|الي)|اليك(?:م)?|اكتشف(?:ي|وا)?|احذر(?:ي|وا)?|لا تفوت(?:ك)?|لن (?:تتوقع|تتخيل|تتكرر|تصدق)(?:ه|ها|وا)?|"
    r"لا يصدق|لسبب (?:خطير|مفاجي|مجهول)|خبر (?:سار|صادم|محزن|مفرح)|تفاج(?:ي|ا)|يفاج(?:ي|ا)|باجراء \S+\Z|لهذا السبب|لهذه الاسباب|لسبب غريب|لغز|كواليس|(?:ي|ت)كشف(?:ون)? (?:عن )?(?:حقيقه|تفاصيل) ما|ما يجري|ما حدث|ما جري|علي موعد مع التاريخ|السبب\b.{0,3}\Z|الكيفيه|صادم(?:ه)?|مفاجا(?:ه|ت)|مرعب(?:ه)?|سر|السر|اسرار|القصه الكامله|ما لا تعرفه|كل ما (?:تريد|يجب|تحتاج)|لا يفوتك|طريقه بسيطه|ستذهلك|سيذهلك|"
    r"ستصدمك|سيصدمك|يثير الجدل|تثير الجدل|you won t believe|here s|this is)\b|"
    r"\A\W{0,9}(?:هذه|هذا|هكذا|هولاء|هنا|هذان|هاتان|ذلك|تلك|فيديو|صور|مقتطفات|لقطات|لحظات)\b|"
    r"\A\W{0,9}(?:(?:اهم|ابرز|افضل|اسوا|اغرب|اغلي|اشهر|اكثر) )?(?:\d{1,3}|ثلاثه?|اربعه?|خمسه?|سته?|سبعه?|ثماني(?:ه)?|تسعه?|عشره?) (?:\S+ )?"
    r"(?:اسباب|طرق|نصائح|اشياء|خطوات|معلومات|حقائق|اسرار|علامات|اطعمه|مشروبات|عادات|امور|نقاط|افكار|حيل|فوائد|اضرار|اماكن|وجهات|اسئله|مواقف|لقطات|عوامل)\b|"
    r"\.\.\s*(?:وال)?(?:تفاصيل|السبب|السر|شاهد|تعرف|اليك|هذه|هذا|هكذا|لماذا|ماذا|فماذا|كيف|والسبب|النتيجه|والنتيجه)\b"
)
_ENDS_OPEN = re.compile(r"(?:\.\.|…)\W{0,9}\Z")
_LOADED = frozenset(fold(word) for line in read_lines("loaded_words") for word in line)
_ARABIC = re.compile("[\u0621-\u064a]{4,}\\Z")
_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف", "ك")


def cleaned(title: str, outlet: str = "") -> str:
    """Return a title without labels («عاجل», «بالفيديو»), hashtags, the outlet's name, dates at its ends and
    signs.

    Words are only left out, never put in. What would keep fewer than three words comes back with its spaces
    in order alone.
    """
    if len(title) > _LONGEST:
        return " ".join(title.split())
    plain = _LONE_AND.sub("و", " ".join(_SIGNS.sub(" ", without_hashtags(title) or title).split()))
    text = plain
    while True:
        before = text
        text = _without_outlet(text, outlet)
        text = _cut(text, (_BEFORE, _BARE_BEFORE, _DATE_BEFORE), (_BEHIND,))
        text = _without_date(text)
        text = text.rstrip(" .…|:،–—-!")
        if len(words(text)) < SHORTEST:
            return before if len(words(before)) >= SHORTEST else plain
        if text == before:
            return text


def asks(title: str) -> bool:
    """Say whether a title asks something, with the sign or without it."""
    title = title[:_LONGEST]
    return bool(_ASKS.search(title) or _ASKS.match(fold(title)))


def teases(title: str) -> bool:
    """Say whether a title promises the news and does not tell it: it asks, calls to look, points to what it
    keeps back, or counts a list.
    """
    title = title[:_LONGEST]
    return asks(title) or bool(_TEASES.search(fold(title)) or _ENDS_OPEN.search(title))


def only_exclaims(title: str) -> bool:
    """Say whether a title teases by nothing but the exclamation mark at its end."""
    bare = title.rstrip(" !")
    return bare != title.rstrip() and not teases(bare)


def is_loaded(title: str) -> bool:
    """Say whether a title judges with its words («صفعة», «مهزلة»); a word within quotation marks is
    somebody's own.
    """
    unquoted = re.sub(r"«[^»]*»|\"[^\"]*\"|“[^”]*”", " ", title[:_LONGEST])
    return any(word in _LOADED or _bare(word) in _LOADED for word in words(unquoted))


def odd_words(title: str, said: AbstractSet[str]) -> list[str]:
    """Return the words of a title that are in none of these stems of texts, no names, and no words of the
    news: misprints and figures of speech.
    """
    return [word for word in words(title[:_LONGEST]) if _ARABIC.match(word) and not _is_known(word, said)]


def _is_known(word: str, said: AbstractSet[str]) -> bool:
    forms = list(without_prefix(word))
    return any(stem(form) in said or is_common(stem(form)) or is_name(form) for form in forms)


def _bare(word: str) -> str:
    prefix = next((one for one in _PREFIXES if word.startswith(one) and len(word) - len(one) >= 3), "")
    return word[len(prefix) :]


def _cut(text: str, before: tuple[re.Pattern[str], ...], behind: tuple[re.Pattern[str], ...]) -> str:
    for pattern in before:
        if found := pattern.match(_alike(text)):
            text = text[found.end() :]
    for pattern in behind:
        if found := pattern.search(_alike(text)):
            text = text[: found.start()]
    return text.strip()


def _without_date(text: str) -> str:
    found = _DATE_BEHIND.search(_alike(text))
    if found is None:
        return text
    left = text[: found.start()]
    last = words(left)[-1:]
    return text if last and last[0] in _WANTS_ITS_DATE else left


def _without_outlet(text: str, outlet: str) -> str:
    parts = _PIPE.split(text)
    if len(parts) > 1:
        kept = [part for part in parts if not _is_outlet(part, outlet)]
        if kept and len(kept) < len(parts) and len(words(" ".join(kept))) >= SHORTEST:
            first = text.index(kept[0])
            return text[first : text.rindex(kept[-1]) + len(kept[-1])].strip()
    head, colon, rest = text.partition(":")
    if colon and ((outlet and _same_name(head, outlet)) or fold(head).strip() in _AGENCIES):
        return rest.strip()
    return text


def _is_outlet(part: str, outlet: str) -> bool:
    said = words(part)
    if not said:
        return True
    if len(said) <= 2 and all(word in _SECTION_WORDS for word in said):
        return True
    if len(said) <= 4 and said[0] in _KINDS_OF_OUTLET:
        return True
    return bool(outlet) and _same_name(part, outlet)


def _same_name(said: str, outlet: str) -> bool:
    names = [words(name) for name in re.split(r"\s*[|–—-]\s*", outlet)]
    given = _named(words(said))
    return bool(given) and any(given == _named(name) for name in names)


def _named(name: list[str]) -> tuple[str, ...]:
    return tuple(word for word in name if word not in _KINDS_OF_OUTLET) or tuple(name)


def _alike(text: str) -> str:
    """Fold letter by letter, so that places stay the same."""
    folded = fold(text)
    return folded if len(folded) == len(text) else "".join((fold(letter) or " ")[0] for letter in text)
