"""What an edition holds for who chose so: each choice is seen in the mail."""

import pytest

from digest.errors import NothingToSendError
from digest.keys import KeyRing
from digest.model import ArticleRef, EditionContent, MailingList, Section, Story
from digest.model.people.choice import Choice
from digest.render.links import Links
from digest.render.presenters.choosing import Choosing
from digest.render.renderer import EditionRenderer
from digest.settings import MailSettings
from tests.builders import a_list, a_story, an_edition_content


def told(headline: str, outlet: str, **fields) -> Story:
    ref = ArticleRef(title=headline, source=outlet, url="https://marfa.example/one")
    return a_story(headline, key=headline, articles=(ref,), **fields)


def content() -> EditionContent:
    return an_edition_content(
        sections=(
            Section(
                key="economy",
                title="الاقتصاد",
                overview="هذا ملخص القسم.",
                stories=(told("ارتفاع أسعار القمح في المرفأ", "المرفأ"), told("البنك يثبت الفائدة", "نوافذ")),
            ),
            Section(key="sport", title="الرياضة", stories=(told("الفريق الأول يفوز بكأس الكرة", "سهل"),)),
            Section(key="world", title="العالم", stories=(told("قمة في العاصمة", "الضحى"),)),
        )
    )


def the_list(**fields) -> MailingList:
    return a_list(id=1, from_address="digest@mujaz.example", **fields)


def mail(choice: Choice, **fields) -> str:
    renderer = EditionRenderer(MailSettings(), Links("https://mujaz.example", KeyRing.of(b"s" * 32)))
    made = renderer.render(the_list(**fields), content(), choice)
    return made.text


def shown(choice: Choice) -> list[list[str]]:
    choosing = Choosing(content())
    kept = choosing.content_of(choosing.settled(choice))
    return [[section.key, *(story.headline for story in section.stories)] for section in kept.sections]


def test_sections_stand_in_the_readers_order():
    assert [keys[0] for keys in shown(Choice(order=("world", "sport")))] == ["world", "sport", "economy"]
    text = mail(Choice(order=("world", "sport"), sections=("economy", "world", "sport")))
    assert text.index("قمة في العاصمة") < text.index("يفوز بكأس") < text.index("أسعار القمح")


def test_a_section_that_is_never_wanted_is_in_no_mail_even_where_all_are_wanted():
    assert [keys[0] for keys in shown(Choice(never=("sport",)))] == ["economy", "world"]
    assert "الكرة" not in mail(Choice(never=("sport",)))
    with pytest.raises(NothingToSendError):
        shown(Choice(sections=("sport",), never=("sport",)))


@pytest.mark.parametrize("word", ["القمح", "قمح", "وقمح", "أسعارُ القمح", "اسعار القمح"])
def test_a_muted_word_leaves_its_stories_out_however_it_is_spelled(word: str):
    assert "ارتفاع أسعار القمح في المرفأ" not in str(shown(Choice(muted_words=(word,))))


@pytest.mark.parametrize("word", ["مح", "القمح البنك", "في", "سعر القمح في المرفا الجديد"])
def test_a_part_of_a_word_or_words_that_stand_apart_mute_nothing(word: str):
    assert shown(Choice(muted_words=(word,))) == shown(Choice())


@pytest.mark.parametrize("name", ["الضحى", "الضحي", "ضحى", "الضُّحى"])
def test_a_muted_outlets_stories_are_left_out(name: str):
    assert "قمة في العاصمة" not in str(shown(Choice(muted_outlets=(name,))))


def test_the_mail_says_how_many_were_left_out():
    assert "بحسب تفضيلاتك: خبران." in mail(Choice(muted_words=("القمح", "الكرة")))
    assert "حُجب" not in mail(Choice(muted_words=("الطيران",)))
    assert "بحسب تفضيلاتك: خبر واحد." in mail(Choice(muted_words=("القمح", "الكرة"), never=("sport",)))


def test_what_sums_up_a_section_goes_with_a_muted_story_of_it():
    assert "هذا ملخص القسم." not in str(
        Choosing(content())
        .content_of(Choosing(content()).settled(Choice(muted_words=("القمح",))))
        .sections[0]
        .overview
    )


def test_nobody_is_mailed_an_edition_in_which_all_is_muted():
    with pytest.raises(NothingToSendError, match="muted"):
        shown(Choice(sections=("sport",), muted_words=("الكرة",)))


def test_headlines_come_without_summaries():
    whole, bare = mail(Choice()), mail(Choice(headlines_only=True))
    assert "افتتحت هيئة الطرق الجسر صباح اليوم." in whole
    assert "افتتحت هيئة الطرق" not in bare
    assert "هذا ملخص القسم" not in bare
    assert all(story in bare for keys in shown(Choice()) for story in keys[1:])


def test_digits_and_the_hijri_date_are_the_readers():
    assert "٢٠٢٦" in mail(Choice())
    assert "2026" in mail(Choice(digits="latn"))
    assert "هـ" in mail(Choice())
    assert "هـ" not in mail(Choice(hijri=False))


def test_choices_that_come_to_the_same_are_one():
    choosing = Choosing(content())
    same = {
        choosing.settled(choice)
        for choice in (
            Choice(),
            Choice(sections=("economy", "sport", "world", "health")),
            Choice(never=("health",)),
            Choice(order=("economy",)),
            Choice(muted_words=("الطيران",)),
        )
    }
    assert len(same) == 1
