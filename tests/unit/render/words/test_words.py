"""Mail and web pages say the same thing with the same words, and none of those that readers stumbled over."""

import re
import tomllib
from pathlib import Path

import pytest

from digest.entrypoints.web import words as web
from digest.render.words import catalogue
from digest.text.languages import LANGUAGES

ROOT = Path(__file__).parents[4]
SAME = {
    "archive": "archive",
    "issue": "issue",
    "sources": "sources",
    "breaking": "breaking",
    "update": "update",
    "correction": "corrections",
    "edition_was": "correction_of",
    "as_of": "as_of",
    "comma": "comma",
    "leave": "leave_title",
}
"""A word of the mail, and the web's for the same thing."""
ALSO_LEAVE = ("leave_button", "go_leave")
OLD = {
    "ar": (
        "رسالة إخبارية",
        "الخبر الأول",
        "في سطور",
        "من رواه",
        "رواه مصدر",
        "رواه {n}",
        "فيه جديد بعد ما",
        "عد\u0651ه ناشره",
        "عدّه ناشره",
        "يتصل بما تتابعه",
        "اختياراتك",
        "من أبواب",
        "عادت إلينا رسائل",
        "الكتابة إلى هذا العنوان",
        "قراءة دقيق",
        "قراءة أقل",
        "نشرات الأخبار",
        "احفظ اختياري",
        "حُفظ اختيارك",
        "عن الوصول إلى بريدك",
        "أوقفوا الإرسال",
        "مغادرة النشرة",
        "تمت مغادرتك",
        "تم اشتراكك",
        "قبل أن تضغطه",
        "اضغط زر",
        "كم مرة",
        "إلى الصفحة الأولى",
        "مكتوبًا خطأ",
        "خلل طارئ",
        "نصف القسم",
        "تطورات على خبر",
        "عنوانا عاما",
        "وفي العدد أيض",
        "تصلك «{list}»",
        "تصل {list}",
    ),
    "fa": (
        "به روایت",
        "نامه‌ای",
        "نامهٔ",
        "نامه‌های ما",
        "نمی‌نویسیم",
        'نگه دار"',
        "نگه داشته شد ",
        "دیگر نفرستید",
        "خروج از خبرنامه",
        '= "مطالعه:',
        "} قمری",
    ),
    "ur": (
        "نہ نگرانی",
        " خط ",
        "اداروں کی خبر",
        "ادارے کی خبر",
        "کی ڈاک",
        "پہلا صفحہ",
        "علیحدگی",
        "الگ ہو گئے",
    ),
    "he": (
        "מוג'ז",
        "ביטול המינוי",
        "עזיבת הידיעון",
        "לעזוב את",
        "דיווחו {n}",
        "מכתב",
        "לדף הראשון",
        "דבר לא נשמר",
        "מי דיווח",
        "\u201d{list}",
        '\\"',
    ),
    "en": (
        "told by",
        "Told by",
        "Who told it",
        "The lead story",
        "matters to you",
        "minutes’ read",
        "Figures of the day",
        "week’s pages",
        "You get this digest",
        "Your choices",
        "On issue",
        "Machine summary",
        "since we told it",
        "came back",
        "Somebody",
        " letter",
        "Leave the newsletter",
        "You have left",
        "stop coming",
        '"State"',
        "Keep my choice",
        "Nothing was kept",
        "To the first page",
        "There is no such page",
        "does not work any more",
        "Earlier issues",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_and_web_name_the_same_thing_alike(language: str):
    mail, pages = catalogue(language).words, web.words(language)
    assert {name: mail[name] for name in SAME} == {name: pages[other] for name, other in SAME.items()}
    assert {pages[name] for name in ALSO_LEAVE} == {mail["leave"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mails_button_opens_a_page_and_only_the_pages_button_confirms(language: str):
    mail, pages = catalogue(language).words, web.words(language)
    assert mail["confirm_button"] != pages["confirm_button"]


def _stands(phrase: str, text: str) -> bool:
    """Say whether a phrase begins a word of the text: «نامه» does not stand in «خبرنامه»."""
    return bool(re.search(rf"(?<!\w){re.escape(phrase)}", text))


def _texts() -> list[tuple[str, str]]:
    """Every text that a reader may see, with escapes undone: words, counted phrases, reasons, templates."""
    files = [
        *(path for path in ROOT.glob("digest/**/*.toml") if "clean" not in path.relative_to(ROOT).parts),
        *ROOT.glob("digest/curate/*.py"),
        *ROOT.glob("digest/services/**/*.py"),
        *(path for path in ROOT.glob("templates/**/*") if path.is_file()),
    ]
    texts = ((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in files)
    return [
        (name, re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text))
        for name, text in texts
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_of_the_old_phrases_stands_anywhere(language: str):
    own = {f"digest/render/words/{language}.toml", f"digest/entrypoints/web/words/{language}.toml"}
    everywhere = language == "ar"
    texts = [(name, text) for name, text in _texts() if everywhere or name in own]
    assert len(texts) >= 2
    found = [(name, phrase) for name, text in texts for phrase in OLD[language] if _stands(phrase, text)]
    assert found == []


def test_counted_phrases_have_none_either():
    forms = tomllib.loads((ROOT / "digest/text/numbers/plurals.toml").read_text(encoding="utf-8"))
    said = {
        language: "\n".join(form for key in kinds.values() for form in key.values())
        for language, kinds in forms.items()
    }
    assert [(language, old) for language, text in said.items() for old in OLD[language] if old in text] == []


@pytest.mark.parametrize("name", ["probe_subject", "probe_text", "confirm_subject", "confirm_text"])
def test_a_list_s_name_stands_behind_the_word_that_its_verb_agrees_with(name: str):
    assert "نشرة {list}" in catalogue("ar").words[name]


@pytest.mark.parametrize("name", ["confirm", "confirmed", "leave", "left"])
def test_it_does_on_the_pages_too(name: str):
    assert "نشرة «{list}»" in web.words("ar")[name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_pairs_of_the_language(language: str):
    pairs = {"ar": "«»", "fa": "«»", "ur": "“”", "he": "״״", "en": "“”"}
    mail = catalogue(language).words
    assert mail["open"] + mail["close"] == pairs[language]
    for text in web.words(language).values():
        for before, after in re.findall(r"(.)\{list\}(.)", text):
            if not (before + after).isspace() and before not in " " and after not in " :?؟":
                assert before + after == pairs[language], text
