"""What the page of an edition shows."""

from datetime import UTC, datetime

from digest.model import (
    ArticleRef,
    Correction,
    DataBlock,
    DataRow,
    EditionOpening,
    OpeningSentence,
    Section,
    Summary,
    SummarySentence,
)
from digest.render.presenters.web_context import WebContext
from digest.render.templating.theme import contrast
from digest.render.web_edition import colours, present
from tests.builders import NOW, a_list, a_story, an_edition_content, hours_ago


def _section(*stories: object, **fields: object) -> Section:
    return Section(**{"key": "economy", "title": "الاقتصاد", "stories": stories, **fields})  # type: ignore[arg-type]


def test_a_sentence_points_to_its_article_and_never_to_one_that_is_not_there():
    story = a_story(
        summary=Summary(
            sentences=(SummarySentence(text="أول.", article=0), SummarySentence(text="ثان.", article=9))
        )
    )
    shown = (
        present(an_edition_content(sections=(_section(story),)), WebContext(a_list())).sections[0].stories[0]
    )
    assert shown.sentences[0].source == shown.sources[0]
    assert shown.sentences[1].source is None


def test_an_address_that_could_run_something_is_not_shown():
    bad = ArticleRef(title="x", source="المرفأ", url="javascript:alert(1)")
    shown = (
        present(an_edition_content(sections=(_section(a_story(articles=(bad,))),)), WebContext(a_list()))
        .sections[0]
        .stories[0]
    )
    assert [source.url for source in shown.sources] == [""]


def test_times_are_local_and_have_their_date_when_it_is_another():
    setting = WebContext(a_list(timezone="Asia/Riyadh"))
    day = NOW.date()
    assert setting.moment(datetime(2026, 1, 5, 1, 30, tzinfo=UTC), day) == "٤:٣٠\u00a0ص"
    assert setting.moment(datetime(2026, 1, 4, 20, 30, tzinfo=UTC), day) == "الأحد ٤ يناير ٢٠٢٦ ١١:٣٠\u00a0م"
    assert setting.local_date(datetime(2026, 1, 4, 21, 30, tzinfo=UTC)) == "الاثنين ٥ يناير ٢٠٢٦"


def test_dates_go_by_the_calendars_of_the_lists_readers():
    day = NOW.date()
    assert WebContext(a_list()).dates(day) == ("الاثنين ٥ يناير ٢٠٢٦", "١٦ رجب ١٤٤٧ هـ")
    assert WebContext(a_list(language="fa")).dates(day)[0] == "دوشنبه ۱۵ دی ۱۴۰۴"
    assert WebContext(a_list(language="he")).dates(day) == ("יום שני, 5 בינואר 2026",)


def test_a_breaking_update_is_marked_as_breaking():
    story = a_story(breaking=True, update=True)
    content = an_edition_content(sections=(_section(story, a_story("آخر", update=True)),))
    marks = [one.mark for one in present(content, WebContext(a_list())).sections[0].stories]
    assert marks == ["breaking", "update"]


def test_an_overview_is_for_several_stories():
    one = present(an_edition_content(sections=(_section(a_story(), overview="نظرة"),)), WebContext(a_list()))
    two = present(
        an_edition_content(sections=(_section(a_story(), a_story("آخر"), overview="نظرة"),)),
        WebContext(a_list()),
    )
    assert (one.sections[0].overview.text, two.sections[0].overview.text) == ("", "نظرة")


def test_figures_and_corrections_are_those_of_the_mail():
    content = an_edition_content(
        blocks=(
            DataBlock(
                title="الأسواق",
                rows=(DataRow(label="الذهب", value="2,310.5", trend="up"),),
                as_of=hours_ago(1),
            ),
            DataBlock(title="فارغ"),
        ),
        corrections=(Correction(text="الصواب ١٢.", edition_number=3),),
    )
    shown = present(content, WebContext(a_list()))
    assert [(block.title.text, block.rows[0].value, block.as_of) for block in shown.blocks] == [
        ("الأسواق", "٢٬٣١٠٫٥", "٦:٠٠\u00a0ص")
    ]
    assert [(one.text.text, one.number) for one in shown.corrections] == [("الصواب ١٢.", "٣")]


def test_section_colours_can_be_read_in_light_and_in_dark():
    css = colours((_section(colour="#ffff00"), _section(colour="#000033"), _section(colour="red;}")))
    light, dark = css.split("@media")
    for part, ground in ((light, "#fffdf9"), (dark, "#171513")):
        found = [piece[:7] for piece in part.split("--section:")[1:]]
        assert len(found) == 3
        assert all(contrast(colour, ground) >= 4.5 for colour in found)
    assert colours(()) == ""


def _opened(story: object, *sentences: OpeningSentence) -> object:
    content = an_edition_content(sections=(_section(story),), opening=EditionOpening(sentences=sentences))
    return present(content, WebContext(a_list())).opening


def test_an_opening_is_shown_each_sentence_with_the_article_it_rests_on():
    articles = (
        ArticleRef(title="أ", source="المرفأ", url="https://m.example/1"),
        ArticleRef(title="ب", source="الأفق", url="javascript:alert(1)"),
    )
    story = a_story(articles=articles)
    shown = _opened(
        story,
        OpeningSentence(text="فتح الجسر.", story=story.key, article=0),
        OpeningSentence(text="وبقي السوق مغلقا.", story=story.key, article=1),
    )
    assert [(one.text.text, one.source.text, one.url) for one in shown] == [
        ("فتح الجسر.", "المرفأ", "https://m.example/1"),
        ("وبقي السوق مغلقا.", "الأفق", ""),
    ]


def test_an_opening_is_whole_or_left_out():
    story = a_story()
    kept = OpeningSentence(text="فتح الجسر.", story=story.key)
    for lost in (
        OpeningSentence(text="خبر حذف.", story="none"),
        OpeningSentence(text="بلا أصل.", story=story.key, article=9),
    ):
        assert _opened(story, kept, lost) == ()


def test_an_overview_whose_sentences_all_stand_below_is_left_out_on_the_web():
    told = "أغلق السوق أبوابه عند الظهر."
    stories = (a_story(summary=Summary(sentences=(SummarySentence(text=told),))), a_story("آخر"))
    for overview, shown in ((told, ""), (f"{told} وسيفتح غدا.", f"{told} وسيفتح غدا.")):
        content = an_edition_content(sections=(_section(*stories, overview=overview),))
        assert present(content, WebContext(a_list())).sections[0].overview.text == shown
