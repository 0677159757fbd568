"""Scraped texts to articles, rule by rule."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.clean.article import build_article, extract_text, split_section
from digest.collect.clean.rules import for_source, shipped
from digest.errors import ConfigError, SourceError
from tests.unit.collect.pages import BODY, HEADING, LEAD, THIRD, TITLE

NOW = datetime(2023, 1, 1, tzinfo=UTC)


def test_an_aggregators_page_is_taken_apart():
    text = "\n\n".join(
        [
            f"اخبار الاقتصاد {TITLE}",
            TITLE,
            *BODY,
            "جميع الحقوق محفوظة لمصدر الخبر صحيفة المرفأ وتحت مسؤليتة والموقع غير مسئول",
            "اشترك فى النشرة البريدية لتحصل على اهم الاخبار بمجرد نشرها",
            "تابعنا على مواقع التواصل الاجتماعى",
            "السابق اخبار الفن خبر عن مسرح المدينة",
            "التالى اخبار الرياضة خبر عن ملعب المدينة",
        ]
    )
    article = extract_text(text, now=NOW)
    assert (article.title, article.section) == (TITLE, "economy")
    assert (article.paragraphs, article.headings) == (BODY, [HEADING])
    assert article.source_name == "صحيفة المرفأ"
    assert article.published_at is None
    assert article.rights_line is not None
    assert article.rights_line.startswith("جميع الحقوق")


NOISE = [
    "اشترك في النشرة البريدية", "للاشتراك في خدمة واتساب", "سجلوا الآن في قناتنا على تلغرام", "تابعونا عبر جوجل نيوز", "تابعنا على فيسبوك",
    "حمّل تطبيق المرفأ", "اضغط هنا", "شارك الخبر عبر", "شارك على فيسبوك", "Facebook Twitter WhatsApp", "فيسبوك | تويتر | واتساب", "نسخ الرابط",
    "اقرأ أيضا: خبر آخر", "اقرأ أيضًا| خبر آخر", "إقرأ أيضاً", "شاهد أيضا خبرا آخر", "انظر أيضا:", "قد يهمك: خبر", "مواضيع ذات صلة", "السابق خبر",
    "التالي خبر", "التالى اخبار", "المزيد", "الكلمات المفتاحية: جسر", "الوسوم: جسر", "Tags: bridge", "The post Bridge appeared first on Marfa.", "إعلان",
    "التعليقات", "اترك تعليقا", "أضف تعليق", "جميع الحقوق محفوظة للمرفأ", "© 2022 المرفأ", "All rights reserved", "حقوق النشر محفوظة",
    "المصدر: وكالة الميناء", "نقلا عن صحيفة الميناء", "عدد المشاهدات: 120", "آخر تحديث: أمس", "2022/06/23 10:51", "الخميس 23-06-2022", "بترا",
    "Published: January 5, 2026 at 4:15 pm GMT", "Updated 3 hours ago", "Last updated on 5 Jan 2026 10:20", "4 min read", "Read more: Ferry strike",
    "See also: The old bridge", "Read more", "Related articles", "Story continues below", "Sign up for our newsletter to get the day's top stories.",
    "Subscribe to our Telegram channel", "Get the news in your inbox every morning", "Follow us on Twitter and Facebook", "Follow The Quay on Google News",
    "Click here to see the pictures", "Download our app", "بیشتر بخوانید: اعتصاب کارکنان", "انتهای پیام/", "کد خبر: 123456", "ما را در تلگرام دنبال کنید",
    "برای عضویت در خبرنامه کلیک کنید", "تمامی حقوق این سایت محفوظ است", "یہ بھی پڑھیں: کشتیوں کی ہڑتال", "مزید پڑھیں", "ہمیں فیس بک پر فالو کریں",
    "جملہ حقوق بحق ساحل محفوظ ہیں", "כל הזכויות שמורות", "קראו גם: השביתה נמשכת", "עקבו אחרינו בטוויטר", "Reporting by Jane Doe",
    "الأحد 04/يناير/2026 - 09:15 ص", "5 حزيران/يونيو 2022", "Monday, January 5, 2026 - 14:30", "٥ يناير ٢٠٢٦ الساعة ٩:١٥ م",
    "صورة: أرشيف الميناء", "لا مانع من الاقتباس وإعادة النشر شريطة ذكر المصدر",
]  # fmt: skip
NEWS = [
    "تابع المجتمعون أعمال المؤتمر في الميناء.", "شارك مئات العمال في بناء الجسر وافتتاحه أمس وسط احتفال كبير.", "سجل الفريق هدفين.",
    "انضم عشرات المتطوعين إلى فرق الإنقاذ.", "اشتركت ثلاث شركات في المناقصة.", "قرأ الوزير البيان أمام البرلمان.", "شاهد السكان الحريق من بعيد.",
    "المصدر الوحيد للمياه في القرية بئر قديمة حفرت قبل خمسين عاما.", "حقوق العمال محفوظة في القانون الجديد، كما قال الوزير.",
    "السابقون في القائمة هم أبناء الحي القديم.", "المزيد من السفن يصل غدا إلى الميناء.", "إعلان النتائج تأجل إلى الأسبوع المقبل.",
    "نشر في المدينة ألف شرطي قبل بدء الاحتفال الكبير الذي يستمر ثلاثة أيام في الساحة العامة، وقال قائدهم إنهم باقون.",
    "Published in 2020, the report says that prices rose.", "Published on Monday, the report says that prices rose by a third.",
    "Follow the river north and the old bridge appears.", "Join us, the director said to the workers at the gate.", "Read more books, the minister told pupils.",
    "Related companies in the group employ 400 people.", "Subscribe, the sellers shouted at the fair.", "Get the lorries off the road, residents say.",
    "به کانال آب رسیدند و از آن گذشتند.", "ما را در این شهر دوست دارند.", "ہمارے ملک میں بارش ہوئی۔", "بخوانید و بنویسید، معلم گفت.",
    "خطة 2026 للميناء", "من يناير 2022 حتى الآن", "ميزانية 2026",
    "كتب الشاعر قصيدته الأولى في هذا البيت الصغير قبل أن يرحل عنه.", "حمل العمال الصناديق إلى السفينة.", "تحرير المدينة القديمة استغرق شهرين.",
]  # fmt: skip


@pytest.mark.parametrize("line", NOISE)
def test_a_line_that_is_no_news_goes(line: str):
    assert build_article(TITLE, [LEAD, line, THIRD], now=NOW).paragraphs == [LEAD, THIRD]


@pytest.mark.parametrize("line", NEWS)
def test_news_that_sounds_like_it_stays(line: str):
    assert line in build_article(TITLE, [LEAD, line, THIRD], now=NOW).paragraphs


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("كتب: سامر الخطيب", "سامر الخطيب"),
        ("كتبت - ليلى حداد", "ليلى حداد"),
        ("بقلم ليلى حداد", "ليلى حداد"),
        ("حوار: ليلى حداد", "ليلى حداد"),
        ("إعداد/ سامر الخطيب", "سامر الخطيب"),
        ("By Layla Haddad", "Layla Haddad"),
    ],
)
def test_a_byline_names_the_author_and_goes(line: str, author: str):
    article = build_article(TITLE, [line, LEAD, THIRD], now=NOW)
    assert article.paragraphs == [LEAD, THIRD]
    assert article.byline == author


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("قال الوزير ذلك أمس. --(بترا)", "قال الوزير ذلك أمس."),
        ("قال الوزير (اقرأ أيضا: خبر آخر عن الميناء) ذلك أمس.", "قال الوزير ذلك أمس."),
        ("قال الوزير ذلك أمس. […]", "قال الوزير ذلك أمس."),
    ],
)
def test_pieces_inside_a_line_are_cut_out(line: str, clean: str):
    assert build_article(TITLE, [LEAD, line], now=NOW).paragraphs == [LEAD, clean]


def test_a_title_repeated_with_unseen_marks_goes():
    assert build_article(TITLE, [f"\u202b{TITLE}\u202c", LEAD], now=NOW).paragraphs == [LEAD]


def test_an_agency_named_in_the_text_is_kept_beside_the_source():
    assert build_article(TITLE, [LEAD + " بحسب رويترز."], now=NOW, source="المرفأ").agency == "رويترز"


@pytest.mark.parametrize(
    ("title", "section", "rest"),
    [
        ("اخبار السياسه لقاء في المدينة اليوم", "politics", "لقاء في المدينة اليوم"),
        ("أخبار الرياضة فوز كبير للفريق المحلي", "sport", "فوز كبير للفريق المحلي"),
        ("أخبار سارة لسكان المدينة القديمة", None, "أخبار سارة لسكان المدينة القديمة"),
        (TITLE, None, TITLE),
    ],
)
def test_a_glued_section_is_taken_off_the_title(title: str, section: str | None, rest: str):
    assert split_section(title) == (section, rest)


def test_an_empty_text_is_said_so():
    with pytest.raises(SourceError):
        extract_text(" \n\u200f\n", now=NOW)


def test_the_title_goes_from_behind_many_lines_of_noise():
    assert build_article(TITLE, [*[NOISE[0]] * 6, TITLE, *NEWS], now=NOW).paragraphs == NEWS


@given(st.lists(st.sampled_from([*NOISE, *NEWS, *BODY, TITLE]), max_size=12))
def test_cleaning_twice_changes_nothing(lines: list[str]):
    once = build_article(TITLE, lines, now=NOW).paragraphs
    assert build_article(TITLE, once, now=NOW).paragraphs == once


@pytest.mark.parametrize(
    "text",
    ["[all]\nnoise = ['(']\n", "[all]\nnoises = []\n", "not toml", "[source.x]\nnoise = 7\n", "source = 7\n"],
)
def test_a_wrong_file_of_rules_is_said_so(tmp_path, text: str):
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        for_source(file, "x")
    assert "rules.toml" in str(caught.value)


def test_a_file_of_rules_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(ConfigError):
        for_source(tmp_path / "none.toml", "x")
    assert for_source(None, "x") is shipped()
