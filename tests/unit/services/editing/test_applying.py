"""Edits of an edition are applied to what was composed, in their order, and nothing else is changed."""

import pytest

from digest.model import (
    ArticleRef,
    Edit,
    EditionContent,
    EditionOpening,
    EditKind,
    OpeningSentence,
    Section,
    Story,
    Summary,
    SummarySentence,
)
from digest.services.editions.editing.applying import EditedContent, applied
from digest.services.editions.editing.carrying import carried
from tests.builders import an_edition_content

ORDER = ("politics", "economy", "sport")
K = EditKind


def ref(outlet: str, key: str) -> ArticleRef:
    return ArticleRef(title=f"{key} كما ترويه {outlet}", source=outlet, url=f"https://{outlet}.example/{key}")


def story(key: str, score: float = 1.0, outlets: tuple[str, ...] = ("marfa",)) -> Story:
    articles = tuple(ref(outlet, key) for outlet in outlets)
    sentences = tuple(
        SummarySentence(text=f"{key}: ما قالته {outlet}.", article=at) for at, outlet in enumerate(outlets)
    )
    return Story(
        key=key,
        headline=articles[0].title,
        section="",
        score=score,
        articles=articles,
        summary=Summary(sentences=sentences),
    )


def edition(**fields: object) -> EditionContent:
    return an_edition_content(
        sections=(
            Section(
                key="politics",
                title="السياسة",
                overview="موجز القسم.",
                stories=(story("aaaa", 5, ("marfa", "sahel", "wadi")), story("bbbb", 4), story("cccc", 3)),
            ),
            Section(key="sport", title="الرياضة", stories=(story("dddd", 2),)),
        ),
        opening=EditionOpening(
            sentences=(
                OpeningSentence(text="افتتاح أ.", story="aaaa", article=1),
                OpeningSentence(text="افتتاح ب.", story="bbbb"),
            )
        ),
        **fields,
    )


def after(*edits: Edit) -> EditedContent:
    return applied(edition(), edits, ORDER)


def keys(content: EditionContent) -> dict[str, list[str]]:
    return {section.key: [one.key for one in section.stories] for section in content.sections}


def the(content: EditionContent, key: str) -> Story:
    return next(one for one in content.stories if one.key == key)


def test_without_an_edit_it_says_what_was_composed():
    assert after().content == edition()


@pytest.mark.parametrize(
    ("edit", "stands"),
    [
        (
            Edit(kind=K.MOVE, story="cccc", place=1),
            {"politics": ["cccc", "aaaa", "bbbb"], "sport": ["dddd"]},
        ),
        (
            Edit(kind=K.MOVE, story="aaaa", place=3),
            {"politics": ["bbbb", "cccc", "aaaa"], "sport": ["dddd"]},
        ),
        (
            Edit(kind=K.MOVE, story="aaaa", section="sport", title="الرياضة", place=1),
            {"politics": ["bbbb", "cccc"], "sport": ["aaaa", "dddd"]},
        ),
        (
            Edit(kind=K.MOVE, story="dddd", section="economy", title="الاقتصاد", place=9),
            {"politics": ["aaaa", "bbbb", "cccc"], "economy": ["dddd"]},
        ),
        (Edit(kind=K.PIN, story="cccc"), {"politics": ["cccc", "aaaa", "bbbb"], "sport": ["dddd"]}),
        (Edit(kind=K.DROP, story="dddd"), {"politics": ["aaaa", "bbbb", "cccc"]}),
        (
            Edit(kind=K.MERGE, story="aaaa", other="dddd"),
            {"politics": ["aaaa", "bbbb", "cccc"]},
        ),
        (Edit(kind=K.DROP, story="none"), {"politics": ["aaaa", "bbbb", "cccc"], "sport": ["dddd"]}),
    ],
    ids=["up", "down", "to a section", "to a new section", "pin", "drop", "merge", "of no story"],
)
def test_a_story_stands_where_it_was_put(edit: Edit, stands: dict[str, list[str]]):
    assert keys(after(edit).content) == stands


def test_a_new_section_stands_where_the_list_has_it():
    moved = after(Edit(kind=K.MOVE, story="bbbb", section="economy", title="الاقتصاد", colour="#166534"))
    assert [one.key for one in moved.content.sections] == ["politics", "economy", "sport"]
    assert the(moved.content, "bbbb").section == "economy"


def test_a_dropped_story_can_be_restored_to_its_place():
    dropped = after(Edit(kind=K.DROP, story="bbbb"))
    assert [one.key for one in dropped.dropped] == ["bbbb"]
    restored = after(Edit(kind=K.DROP, story="bbbb"), Edit(kind=K.RESTORE, story="bbbb"))
    assert keys(restored.content) == keys(edition())
    assert restored.dropped == ()


def test_what_sums_up_goes_when_it_may_speak_of_what_is_gone():
    content = after(Edit(kind=K.DROP, story="bbbb")).content
    assert content.sections[0].overview == ""
    assert [one.text for one in content.opening.sentences] == ["افتتاح أ."]
    moved = after(Edit(kind=K.MOVE, story="cccc", place=1)).content
    assert moved.sections[0].overview == "موجز القسم."
    assert len(moved.opening.sentences) == 2


def test_a_merged_story_has_the_articles_of_both_and_its_own_words():
    merged = the(after(Edit(kind=K.MERGE, story="bbbb", other="aaaa")).content, "bbbb")
    assert [one.source for one in merged.articles] == ["marfa", "marfa", "sahel", "wadi"]
    assert merged.headline == story("bbbb").headline
    assert merged.score == 5


def test_a_split_story_gives_up_its_articles_and_what_they_said():
    gone = ref("sahel", "aaaa")
    made = story("aaaa-1").model_copy(update={"articles": (gone,)})
    content = after(Edit(kind=K.SPLIT, story="aaaa", urls=(gone.url or "",), made=made)).content
    assert keys(content)["politics"] == ["aaaa", "aaaa-1", "bbbb", "cccc"]
    rest = the(content, "aaaa")
    assert [one.source for one in rest.articles] == ["marfa", "wadi"]
    assert [(one.text, one.article) for one in rest.summary.sentences] == [
        ("aaaa: ما قالته marfa.", 0),
        ("aaaa: ما قالته wadi.", 1),
    ]
    everything = tuple(one.url or "" for one in the(edition(), "aaaa").articles)
    assert keys(after(Edit(kind=K.SPLIT, story="aaaa", urls=everything, made=made)).content) == keys(
        edition()
    )


def test_a_headline_goes_with_the_article_that_is_split_off_unless_an_editor_wrote_it():
    first = ref("marfa", "aaaa")
    made = story("aaaa-1").model_copy(update={"articles": (first,)})
    split = Edit(kind=K.SPLIT, story="aaaa", urls=(first.url or "",), made=made)
    assert the(after(split).content, "aaaa").headline == "aaaa كما ترويه sahel"
    written = Edit(kind=K.HEADLINE, story="aaaa", text="عنوان المحرر")
    assert the(after(written, split).content, "aaaa").headline == "عنوان المحرر"


def test_another_outlets_headline_comes_with_its_article_and_is_no_edit_of_words():
    told = the(after(Edit(kind=K.TITLE, story="aaaa", urls=("https://wadi.example/aaaa",))).content, "aaaa")
    assert told.headline == "aaaa كما ترويه wadi"
    assert [one.source for one in told.articles] == ["wadi", "marfa", "sahel"]
    assert [(one.text, one.article) for one in told.summary.sentences][2] == ("aaaa: ما قالته wadi.", 0)
    assert told.original is None


def test_edited_words_keep_what_stood_there_and_going_back_is_no_edit():
    first = story("bbbb").headline
    edits = (
        Edit(kind=K.HEADLINE, story="bbbb", text="عنوان جديد"),
        Edit(kind=K.HEADLINE, story="bbbb", text="عنوان أجدّ"),
        Edit(
            kind=K.SUMMARY,
            story="bbbb",
            text="جملة.",
            sentences=(SummarySentence(text="جملة."),),
            urls=("https://marfa.example/bbbb",),
        ),
    )
    told = the(after(*edits).content, "bbbb")
    assert (told.headline, told.summary.text, told.summary.method) == ("عنوان أجدّ", "جملة.", "edited")
    assert told.original is not None
    assert told.original.headline == first
    assert told.original.summary is not None
    assert told.original.summary.text == "bbbb: ما قالته marfa."
    back = the(after(edits[0], Edit(kind=K.HEADLINE, story="bbbb", text=first)).content, "bbbb")
    assert back == the(edition(), "bbbb")


def test_own_items_weigh_enough_to_be_told_and_do_not_lead():
    made = story("own1").model_copy(update={"own": True})
    content = after(
        Edit(kind=K.ADD, story="own1", section="sport", title="الرياضة", place=1, made=made)
    ).content
    assert keys(content)["sport"] == ["own1", "dddd"]
    assert 4 < the(content, "own1").score < 5


def test_opening_and_subject_are_as_somebody_wrote_them():
    content = after(
        Edit(kind=K.OPENING, text="صباح الخير."), Edit(kind=K.SUBJECT, text="عنوان الرسالة")
    ).content
    assert content.opening == EditionOpening(
        sentences=(OpeningSentence(text="صباح الخير.", story=""),), by_editor=True
    )
    assert content.subject == "عنوان الرسالة"
    assert after(Edit(kind=K.OPENING)).content.opening.sentences == ()


def recomposed(*stories: Story) -> EditionContent:
    return an_edition_content(sections=(Section(key="politics", title="السياسة", stories=stories),))


def test_edits_survive_what_is_composed_anew():
    edits = (
        Edit(kind=K.HEADLINE, story="bbbb", text="عنوان جديد"),
        Edit(kind=K.PIN, story="cccc"),
        Edit(kind=K.DROP, story="aaaa"),
    )
    # Of bbbb the key changed with an article that came; cccc is composed no more; dddd was touched by nobody.
    grown = story("eeee", 4, ("wadi",)).model_copy(
        update={"articles": (ref("wadi", "eeee"), ref("marfa", "bbbb"))}
    )
    base = carried(recomposed(story("aaaa", 6), grown, story("ffff")), edition(), edits, ORDER)
    now = applied(base, edits, ORDER)
    assert keys(now.content) == {"politics": ["cccc", "bbbb", "ffff"]}
    assert the(now.content, "bbbb").headline == "عنوان جديد"
    assert len(the(now.content, "bbbb").articles) == 2
    assert [one.key for one in now.dropped] == ["aaaa"], "a dropped story stays dropped"


def test_a_dropped_story_that_is_composed_under_another_key_stays_dropped():
    edits = (Edit(kind=K.DROP, story="aaaa"),)
    again = story("9999").model_copy(update={"articles": (ref("sahel", "aaaa"), ref("wadi", "neu"))})
    now = applied(carried(recomposed(again, story("bbbb")), edition(), edits, ORDER), edits, ORDER)
    assert keys(now.content) == {"politics": ["bbbb"]}
