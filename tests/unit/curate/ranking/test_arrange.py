"""Stories into sections."""

from hypothesis import given
from hypothesis import strategies as st

from digest.curate.ranking.arrange import arrange, explain
from digest.model import ArticleRef, SectionSpec, Story
from tests.builders import a_story

SPECS = (
    SectionSpec(key="politics", title="السياسة", max_stories=3),
    SectionSpec(key="sport", title="الرياضة", max_stories=2),
    SectionSpec(key="misc", title="متفرقات", max_stories=2),
)


def story(name: str, score: float, section: str = "politics", outlet: str | None = None) -> Story:
    return a_story(
        name,
        key=name,
        score=score,
        section=section,
        articles=(ArticleRef(title=name, source=outlet or f"مصدر {name}"),),
    )


def told(
    stories: list[Story], specs: tuple[SectionSpec, ...] = SPECS, most: int = 20
) -> dict[str, list[str]]:
    return {
        section.key: [one.key for one in section.stories]
        for section in arrange(stories, specs, max_stories=most)
    }


def test_sections_keep_the_lists_order_and_stories_their_weight():
    stories = [story("a", 1, "sport"), story("b", 2), story("c", 3)]
    assert told(stories) == {"politics": ["c", "b"], "sport": ["a"]}
    assert [section.key for section in arrange(stories, SPECS, max_stories=20)] == ["politics", "sport"]


def test_an_unknown_section_goes_to_misc():
    assert told([story("a", 1, "gardening")]) == {"misc": ["a"]}


def test_without_misc_an_unknown_section_is_left_out():
    (verdict,) = explain([story("a", 1, "gardening")], SPECS[:2], max_stories=20)
    assert verdict.section is None
    assert verdict.reason == "لا قسم له في هذه القائمة"


def test_a_section_takes_its_share_and_no_more():
    stories = [story(str(n), n) for n in range(5)]
    assert told(stories) == {"politics": ["4", "3", "2"]}
    verdicts = {one.key: one for one in explain(stories, SPECS, max_stories=20)}
    assert verdicts["0"].reason == "امتلأ القسم بأخبار أثقل"
    assert (verdicts["4"].section, verdicts["4"].place) == ("politics", 1)


def test_the_edition_takes_the_heaviest_but_every_sections_best():
    stories = [story("a", 9), story("b", 8), story("c", 7), story("d", 1, "sport")]
    assert told(stories, most=3) == {"politics": ["a", "b"], "sport": ["d"]}
    assert {one.key: one.reason for one in explain(stories, SPECS, max_stories=3)}[
        "c"
    ] == "امتلأ العدد بأخبار أثقل"


def test_one_outlet_leads_half_of_a_section_where_others_have_stories():
    stories = [
        story("a", 9, outlet="س"),
        story("b", 8, outlet="س"),
        story("c", 7, outlet="س"),
        story("d", 1),
        story("e", 0.5),
    ]
    assert told(stories) == {"politics": ["a", "d", "e"]}
    assert {one.key: one.reason for one in explain(stories, SPECS, max_stories=20)}[
        "b"
    ] == "استوفى المصدر حصته في القسم"


def test_an_outlet_alone_fills_its_section():
    assert told([story(name, 1, outlet="س") for name in "abc"]) == {"politics": ["a", "b", "c"]}


def test_a_key_given_twice_is_one_section():
    assert told([story("a", 1)], (SPECS[0], SPECS[0])) == {"politics": ["a"]}


def test_nothing_gives_nothing():
    assert arrange([], SPECS, max_stories=20) == ()
    assert arrange([story("a", 1)], [], max_stories=20) == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(["politics", "sport", "x"]), st.integers(0, 5), st.sampled_from("سصع")),
        max_size=20,
    ),
    st.integers(1, 8),
)
def test_the_verdicts_are_what_arrange_does(drawn: list[tuple[str, int, str]], most: int):
    stories = [story(str(n), score, section, outlet) for n, (section, score, outlet) in enumerate(drawn)]
    sections = told(stories, most=most)
    verdicts = explain(stories, SPECS, max_stories=most)
    assert [verdict.key for verdict in verdicts] == [one.key for one in stories]
    for verdict in verdicts:
        if verdict.section:
            assert sections[verdict.section][verdict.place - 1] == verdict.key
        else:
            assert verdict.place == 0
            assert all(verdict.key not in keys for keys in sections.values())
    assert sum(map(len, sections.values())) == sum(1 for one in verdicts if one.section)
