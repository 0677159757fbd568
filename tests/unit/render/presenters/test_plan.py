"""Which stories are told, named, or left to the web."""

from hypothesis import given
from hypothesis import strategies as st

from digest.model import EditionContent, Section, Story
from digest.render.presenters.plan import DAILY, MEASURES, Measures, Plan, place
from tests.unit.render.editions import an_edition, told


def edition(*weights: tuple[float, ...]) -> EditionContent:
    """One section for each tuple, one story for each weight in it."""
    return an_edition(
        *(
            Section(
                key=f"k{number}",
                title=f"باب {number}",
                stories=tuple(
                    told(f"خبر {number} {place}", "جملة تروي الخبر.", score=weight)
                    for place, weight in enumerate(stories)
                ),
            )
            for number, stories in enumerate(weights)
        )
    )


def headlines(plan: Plan) -> tuple[list[str], list[str], list[str]]:
    return (
        [one.story.headline for one in plan.top],
        [one.story.headline for _, stories in plan.sections for one in stories],
        [one.story.headline for one in plan.brief],
    )


def test_the_heaviest_story_of_all_sections_leads():
    assert headlines(place(edition((1.0, 2.0), (5.0, 1.0)), DAILY))[0] == ["خبر 1 0"]


def test_without_weights_the_first_story_leads():
    assert headlines(place(edition((0.0, 0.0), (0.0,)), DAILY))[0] == ["خبر 0 0"]


def test_breaking_news_lead_whatever_they_weigh():
    content = an_edition(
        Section(
            key="k",
            title="باب",
            stories=(told("خبر ثقيل", "جملة.", score=9.0), told("عاجل", "جملة.", score=1.0, breaking=True)),
        )
    )
    assert headlines(place(content, DAILY))[0] == ["عاجل"]


def test_a_story_without_summary_leads_only_when_none_has_one():
    bare: tuple[Story, ...] = (told("بلا ملخص", score=9.0),)
    assert headlines(place(an_edition(Section(key="k", title="باب", stories=bare)), DAILY))[0] == ["بلا ملخص"]
    both = (*bare, told("بملخص", "جملة.", score=1.0))
    assert headlines(place(an_edition(Section(key="k", title="باب", stories=both)), DAILY))[0] == ["بملخص"]


def test_every_shown_section_tells_its_best_story_before_any_tells_a_second():
    plan = place(edition((9.0, 8.0, 7.0, 6.0), (1.0, 0.5), (0.9,)), Measures(summarized=5, items=7))
    assert headlines(plan)[1] == ["خبر 0 1", "خبر 0 2", "خبر 1 0", "خبر 2 0"]


def test_a_section_whose_best_story_is_light_is_named_in_a_line():
    heavy, light = tuple(9.0 - n / 10 for n in range(8)), (2.0,)
    plan = place(edition(heavy, light), Measures(summarized=5, items=7, per_section=10))
    assert len(plan.sections) == 1
    assert "خبر 1 0" not in headlines(plan)[1]


def test_every_section_with_a_heavy_story_is_shown():
    plan = place(edition(*((9.0 - n / 10,) for n in range(11))), DAILY)
    assert len(plan.sections) + len(plan.top) == 11


def test_a_review_tells_the_heaviest_whatever_their_section():
    week, others = tuple(9.0 - n / 10 for n in range(15)), tuple(7.0 - n / 10 for n in range(12))
    top, sections, _ = headlines(place(edition(week, others), MEASURES["weekly"]))
    assert top + sections[:10] == [f"خبر 0 {n}" for n in range(15)]
    assert len(sections) == 17


def test_an_alert_tells_one_story_and_names_the_others():
    top, sections, brief = headlines(place(edition((3.0, 2.0, 1.0)), MEASURES["breaking"]))
    assert (top, sections, brief) == (["خبر 0 0"], [], ["خبر 0 1", "خبر 0 2"])


def test_equal_stories_are_each_placed_once():
    same = told("خبر", "جملة.")
    plan = place(an_edition(Section(key="k", title="باب", stories=(same, same, same))), DAILY)
    assert [len(part) for part in headlines(plan)] == [1, 2, 0]


@given(
    st.lists(st.lists(st.floats(0, 9), max_size=12).map(tuple), min_size=1, max_size=12),
    st.sampled_from(sorted(MEASURES)),
)
def test_every_story_is_told_named_or_counted(weights: list[tuple[float, ...]], layout: str):
    content = edition(*weights)
    measures = MEASURES[layout]
    plan = place(content, measures)
    parts = headlines(plan)
    placed = [headline for part in parts for headline in part]
    assert len(placed) == len(set(placed))
    assert len(placed) + plan.left_out == len(content.stories)
    assert len(placed) <= measures.items
    assert len(parts[0]) + len(parts[1]) <= measures.summarized
    assert all(len(stories) <= measures.per_section for _, stories in plan.sections)
