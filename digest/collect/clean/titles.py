"""Find titles that tell no news, and a sentence to use instead."""

import re
from collections.abc import Iterable

from digest.collect.clean.rules import folded
from digest.text.sanitise import plain
from digest.text.words.normalise import fold
from digest.text.words.sentences import split

LONGEST_TITLE = 120
"""Characters of a title that was made of a text; a longer sentence is cut at a word."""
LONGEST_LABEL = 90
SAMPLE = 2000
MOST_MARKUP = 20_000
LEAST_WITHOUT = 6
"""Words that a sentence has at least without the hashtag before it; else «#الأهلي يفوز» would lose its
subject.
"""
HASHTAG = re.compile(r"#[^\s#|]{1,80}")
LINKS = re.compile(r"(?:https?://|www\.)\S{1,2000}")
WORD = re.compile(r"[^\W_]+")
LABELS = frozenset(
    fold(word)
    for word in [
        "عاجل",
        "عاجلة",
        "جدا",
        "هام",
        "مهم",
        "خبر",
        "أخبار",
        "الآن",
        "الان",
        "متابعة",
        "متابعات",
        "تحديث",
        "محدث",
        "جديد",
        "حصري",
        "حصريا",
        "خاص",
        "مباشر",
        "بث",
        "البث",
        "نقل",
        "فيديو",
        "الفيديو",
        "بالفيديو",
        "صور",
        "الصور",
        "بالصور",
        "والصور",
        "وصور",
        "والفيديو",
        "وفيديو",
        "صورة",
        "بالصورة",
        "شاهد",
        "شاهدوا",
        "تابع",
        "تابعوا",
        "من",
        "و",
        "في",
        "مع",
        "ترجمة",
        "إعادة",
        "نشر",
        "breaking",
        "urgent",
        "news",
        "update",
        "updated",
        "live",
        "exclusive",
        "video",
        "photo",
        "photos",
        "watch",
        "now",
        "just",
        "in",
        "alert",
        "untitled",
        "null",
        "undefined",
        "فوری",
        "فوري",
        "خبر",
        "بریکنگ",
        "نیوز",
        "מבזק",
        "דחוף",
    ]
)
"""Words of which labels are made, folded. A title of these alone tells nothing."""
URGENT = frozenset(map(fold, ("عاجل", "عاجلة", "breaking", "urgent", "فوری")))
ALONE = frozenset(map(fold, ("من", "و", "في", "مع", "in", "just", "جدا", "خبر", "أخبار", "news", "صورة")))
"""Words that make no label by themselves."""
NO_TITLES = frozenset(map(fold, ("بدون عنوان", "بلا عنوان", "لا عنوان", "no title")))


def is_label(title: str) -> bool:
    """Say whether a title tells no news: empty, only signs, hashtags or addresses, or «عاجل», «🔴 عاجل |»,
    «بالفيديو» and the like.
    """
    if len(title) > LONGEST_LABEL:
        return False
    left = LINKS.sub(" ", HASHTAG.sub(" ", title))
    words = WORD.findall(folded(left))
    if not words or " ".join(words) in NO_TITLES:
        return True
    return all(word in LABELS for word in words) and any(word not in ALONE for word in words)


def says_urgent(label: str) -> bool:
    """Say whether a label marks breaking news, in whatever order its words stand."""
    return not URGENT.isdisjoint(WORD.findall(folded(label)))


def opening(lines: Iterable[str]) -> str:
    """Return the first sentence of a text that tells something, as a title: at most 120 characters; empty
    when none does.
    """
    for line in lines:
        for sentence in split(line[:SAMPLE]):
            unlabelled = without_label(sentence)
            if not is_label(unlabelled):
                return shortened(unlabelled).rstrip(".۔ ")
    return ""


def opening_of(html: str) -> str:
    """Return the first sentence of an HTML fragment that tells something; empty when none does."""
    return opening(plain(html[:MOST_MARKUP])) if html else ""


def without_label(line: str) -> str:
    """Return a sentence without the hashtags and signs before it: «#اقتصاد أعلن الوزير …»; short ones need
    theirs.
    """
    words = line.split()
    start = 0
    while start < len(words) and (words[start].startswith("#") or not WORD.search(words[start])):
        start += 1
    is_needed = len(words) - start < LEAST_WITHOUT and any(word.startswith("#") for word in words[:start])
    return line if is_needed else " ".join(words[start:])


def shortened(text: str) -> str:
    """Return a text of at most 120 characters, cut at a word and marked with «…»."""
    if len(text) <= LONGEST_TITLE:
        return text
    return text[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip("،,:؛;-–— ") + "…"
