"""Why a story stands in an edition's mail, who tells it, and who else does."""

import re

from digest.model import Related, Summary, SummarySentence
from digest.render.edition import render
from tests.builders import a_story
from tests.unit.render.edition.showing import made, one_section, shown
from tests.unit.render.editions import NOW, a_mail_style, an_edition, told


def test_why_a_story_matters_is_the_sentence_that_was_found():
    story = told(
        "المجلس يقر الخطة",
        "جملة تروي الخبر.",
        why=SummarySentence(text="يرفع القرار كلفة المياه على ٢٠٠ ألف أسرة."),
    )
    for page in (shown(made(one_section(story)).html), made(one_section(story)).text):
        assert re.search(r"لماذا يهمّك؟\s+(?:• )?يرفع القرار كلفة المياه على ٢٠٠ ألف أسرة\.", page)
        assert "لماذا اخترناه" not in page


def test_the_box_says_nothing_that_the_credit_or_the_mark_says():
    three = told("خبر من ثلاثة مصادر", "جملة تروي الخبر.", by=("المرفأ", "الضحى", "نوافذ"), update=True)
    for story in (three, told("خبر من مصدر واحد", "جملة تروي الخبر.")):
        assert "لماذا" not in made(one_section(story)).text


def test_whom_the_credit_does_not_name_the_box_does():
    story = told("خبر شائع", "جملة تروي الخبر.", by=("المرفأ", "الضحى", "نوافذ", "السهل", "الجبل"))
    text = made(one_section(story)).text
    assert "بحسب المرفأ والضحى و٣ مصادر أخرى، ٤:٠٠ ص" in text
    assert "لماذا اخترناه\n• نشرته ٥ مصادر: المرفأ والضحى ونوافذ والسهل والجبل.\n" in text


def test_an_update_with_a_new_count_of_dead_was_chosen_for_that():
    story = told("ارتفاع حصيلة انهيار الجسر", "جملة تروي الخبر.", update=True, new_toll=19)
    assert "لماذا اخترناه\n• ارتفعت حصيلة القتلى إلى ١٩ منذ خبرنا السابق.\n" in made(one_section(story)).text


def test_only_what_its_publisher_marked_is_said_to_be_urgent():
    claim = "نشره المصدر خبرًا عاجلًا."
    marked = told("زلزال خفيف قبالة الساحل", "سجلت المراصد زلزالا خفيفا.", breaking=True)
    by_hand = marked.model_copy(update={"breaking_by": "editor"})
    assert claim not in made(one_section(by_hand), kind="breaking").text
    assert claim in made(one_section(marked), kind="breaking").text


def test_what_readers_follow_is_a_reason():
    content = an_edition(one_section(told("المجلس يقر خطة المياه", "جملة تروي الخبر.")))
    assert (
        "يتصل بموضوعات تتابعها النشرة: «المياه»"
        in render(content, a_mail_style(keywords=("المياه", "النقل")), now=NOW).text
    )
    assert "يتصل" not in render(content, a_mail_style(keywords=("النقل",)), now=NOW).text


def test_credit_and_the_way_to_the_page_stand_in_one_row():
    html = made(one_section(told("افتتاح الجسر", "فتح الجسر أمس.", by=("المرفأ", "الضحى")))).html
    assert "بحسب المرفأ والضحى، ٤:٠٠ ص التفاصيل ←" in shown(html)
    assert "نشره مصدران" not in shown(html)


def test_the_outlet_whose_headline_it_is_stands_first_and_is_linked():
    story = told(
        "مراكز الاقتراع تفتح أبوابها", "فتحت المراكز صباح الثلاثاء.", by=("المرفأ", "الضحى", "نوافذ")
    )
    first, second, third = story.articles
    mixed = story.model_copy(
        update={
            "articles": (first.model_copy(update={"title": "تنافس على مقعد البلدية"}), second, third),
            "summary": Summary(sentences=(SummarySentence(text="فتحت المراكز.", article=2),)),
        }
    )
    mail = made(one_section(mixed))
    assert "بحسب الضحى ونوافذ والمرفأ، ٣:٠٠ ص" in mail.text
    assert f'href="{second.url}"' in mail.html
    assert str(first.url) not in mail.html


def test_what_three_outlets_tell_has_a_larger_headline():
    two, three = ("المرفأ", "الضحى"), ("المرفأ", "الضحى", "نوافذ")
    html = made(
        one_section(
            told("الأول", "جملة.", score=9.0),
            told("من ثلاثة", "جملة.", by=three),
            told("من اثنين", "جملة.", by=two),
        )
    ).html
    sizes = {
        name: re.search(rf"<h3[^>]*font-size:\s?(\d+)px[^>]*>[^<]*<a[^>]*>{name}", html)
        for name in ("من ثلاثة", "من اثنين")
    }
    big, small = (int(found[1]) for found in sizes.values() if found)
    assert big > small


def test_other_sides_of_a_matter_stand_in_one_line():
    also = Related(headline="سكان الحي يحتجون", outlet="نوافذ", url="https://nawafidh.example/7")
    story = told("افتتاح الجسر", "فتح الجسر أمس.", related=(also,))
    mail = made(one_section(story))
    for page in (shown(mail.html), mail.text):
        assert "وفي الشأن نفسه: سكان الحي يحتجون (نوافذ)" in page
        assert "https://nawafidh.example/7" in mail.text
    assert 'href="https://nawafidh.example/7"' in mail.html


def test_an_alert_names_everybody_who_tells_it():
    story = told(
        "زلزال خفيف قبالة الساحل", "سجلت المراصد زلزالا خفيفا.", by=("المرفأ", "الضحى"), breaking=True
    )
    mail = made(one_section(story), layout="breaking", kind="breaking")
    assert mail.subject == "عاجل: زلزال خفيف قبالة الساحل"
    for page in (mail.text, shown(mail.html)):
        assert "المصادر" in page
        assert "٣:٠٠ ص" in page
    assert all(article.url in mail.html for article in story.articles if article.url)


def test_a_summary_that_a_machine_wrote_says_so_unless_the_label_is_off():
    written = Summary(sentences=(SummarySentence(text="افتتحت هيئة الطرق الجسر."),), method="llm")
    content = an_edition(one_section(a_story(summary=written)))
    assert "ملخ\u0651ص آلي" in render(content, a_mail_style(), now=NOW).text
    assert "ملخ\u0651ص آلي" not in render(content, a_mail_style(machine_label=False), now=NOW).text
    plain = an_edition(one_section(a_story()))
    assert "ملخ\u0651ص آلي" not in render(plain, a_mail_style(), now=NOW).text
