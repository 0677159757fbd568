"""Days that no editor wishes for: each gives a mail that one would send, or none."""

from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.model import Article, EditionContent, EditionKind, EditionState, MailingList
from digest.render.edition import render
from digest.services.app import App, SilentProgress
from digest.services.editions.composing.compose import Composed, Window, compose
from digest.storage.database.engine import Database
from tests.builders import NOW, an_edition
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.composing.test_compose import DAY, WINDOW, a_house, composed
from tests.unit.curate.telling import BRIDGE, BUDGET, told
from tests.unit.render.editions import a_mail_style

SCHOOL = (
    "الأفق",
    "افتتاح أول مدرسة للصم في زعفرانة",
    "افتتحت في زعفرانة أول مدرسة للصم، وتضم ستين تلميذا يتعلمون بلغة الإشارة على أيدي عشرين معلما.",
)


@pytest.fixture
def app(database: Database) -> App:
    return an_app(database, FakeMailer(), FixedClock(NOW), {})


def mail_of(content: EditionContent) -> str:
    """The text part, which must come with a subject."""
    made = render(content, a_mail_style(), now=NOW)
    assert made.subject.strip()
    return made.text


async def sent(app: App, mailing_list: MailingList, made: Composed, window: Window, number: int) -> None:
    async with app.database.begin() as session:
        session.add(
            an_edition(
                mailing_list.id,
                number=number,
                local_date=window.day,
                state=EditionState.FINISHED,
                window_start=window.start,
                window_end=window.end,
                content=made.content.model_dump(mode="json"),
            )
        )


async def test_a_day_of_three_articles_is_a_short_mail(app: App):
    made = await composed(app, await a_house(app, told(*BRIDGE[0]), told(*BUDGET[0]), told(*SCHOOL)))
    assert len(made.content.stories) == 3
    text = mail_of(made.content)
    assert all(story.headline in text for story in made.content.stories)


async def test_one_event_that_all_tell_is_one_story_with_all_their_names(app: App):
    outlets = [f"صحيفة {name}" for name in ("المرفأ", "الأفق", "الضحى", "نوافذ", "السهل", "الجبل")]
    articles = [told(name, *BRIDGE[n % 3][1:], hours=6 - n / 2) for n, name in enumerate(outlets)]
    (story,) = (made := await composed(app, await a_house(app, *articles))).content.stories
    assert set(story.outlets) == set(outlets)
    assert mail_of(made.content).count(story.headline) == 1


async def test_forty_outlets_with_one_wire_text_are_one_story(app: App):
    articles = [told(f"مصدر {n}", *BRIDGE[0][1:], hours=1 + n / 10) for n in range(40)]
    (story,) = (made := await composed(app, await a_house(app, *articles))).content.stories
    assert len(story.outlets) == 40
    assert len(story.summary.sentences) == 1
    assert "مصدرًا آخر" in mail_of(made.content)


async def test_a_week_without_news_has_nothing_to_send(app: App):
    mailing_list = await a_house(app, told(*BRIDGE[0], hours=24 * 9))
    week = Window(day=DAY, start=NOW - timedelta(days=7), end=NOW)
    made = await compose(app, mailing_list, week, number=1, kind=EditionKind.WEEKLY, report=SilentProgress())
    assert made.content.sections == ()


async def test_without_dates_a_mail_tells_no_time(app: App):
    articles = [told(*one, published_at=None) for one in (BRIDGE[0], BUDGET[0], SCHOOL)]
    made = await composed(app, await a_house(app, *articles))
    assert len(made.content.stories) == 3
    text = mail_of(made.content)
    assert "بحسب المرفأ\n" in text
    assert "None" not in text


async def test_titles_alone_are_told_by_their_headlines(app: App):
    articles = [told(outlet, title, "", paragraphs=[]) for outlet, title, _ in (BRIDGE[0], BUDGET[0], SCHOOL)]
    made = await composed(app, await a_house(app, *articles))
    assert all(not story.summary.sentences for story in made.content.stories)
    text = mail_of(made.content)
    assert all(story.headline in text for story in made.content.stories)


async def test_where_all_titles_ask_the_texts_give_the_headlines(app: App):
    asks = ("كيف انهار الجسر؟", "من صوت على الموازنة؟", "هل سمعت عن مدرسة الصم؟")
    articles = [
        told(outlet, question, text)
        for question, (outlet, _, text) in zip(asks, (BRIDGE[0], BUDGET[0], SCHOOL), strict=True)
    ]
    made = await composed(app, await a_house(app, *articles))
    assert len(made.content.stories) == 3
    assert not any("؟" in story.headline for story in made.content.stories)


SIX_DAYS = (
    ("المرفأ", "حريق في غابة الأرز قرب سرهاد", "اندلع حريق في غابة الأرز قرب سرهاد ظهر الخميس والتهم عشرين دونما."),
    ("الأفق", "حريق غابة الأرز يقترب من سرهاد", "اقترب حريق غابة الأرز من سرهاد وأخليت قرية البيدر وفيها 300 أسرة."),
    ("الضحى", "طائرات من كاردينا تخمد حريق غابة الأرز", "وصلت 4 طائرات من كاردينا لإخماد حريق غابة الأرز قرب سرهاد."),
    ("المرفأ", "وفاة إطفائي في حريق غابة الأرز", "توفي إطفائي اسمه رامي الحجري أثناء مكافحة حريق غابة الأرز قرب سرهاد."),
    ("الأفق", "السيطرة على حريق غابة الأرز", "أعلن الدفاع المدني السيطرة على حريق غابة الأرز قرب سرهاد بعد 90 ساعة."),
    ("الضحى", "توقيف راع أشعل حريق غابة الأرز", "أوقفت الشرطة راعيا اعترف بأنه أشعل النار التي أحرقت غابة الأرز قرب سرهاد."),
)  # fmt: skip


async def test_a_story_of_six_days_tells_each_day_what_is_new(app: App):
    articles: list[Article] = [told(*one, hours=24.0 * (5 - day) + 3) for day, one in enumerate(SIX_DAYS)]
    late_copies = [told("ناقل", *SIX_DAYS[day][1:], hours=24.0 * (4 - day) + 2) for day in range(5)]
    mailing_list = await a_house(app, *articles, *late_copies)
    seen: list[str] = []
    for day in range(6):
        end = NOW - timedelta(days=5 - day)
        window = Window(day=end.date(), start=end - timedelta(days=1), end=end)
        made = await composed(app, mailing_list, window)
        await sent(app, mailing_list, made, window, day + 1)
        (story,) = made.content.stories
        assert story.headline == SIX_DAYS[day][1]
        assert story.update or day == 0
        seen += [story.headline, *(one.text for one in story.summary.sentences)]
    assert len(seen) == len(set(seen))


async def test_an_outlets_correction_is_told_as_news_and_as_no_higher_toll(app: App):
    first = told("المرفأ", "مقتل 19 في انهيار جسر سرهاد", BRIDGE[0][2], hours=27)
    correction = told(
        "المرفأ",
        "تصحيح: 9 قتلى لا 19 في انهيار جسر سرهاد",
        "صححت بلدية سرهاد عدد قتلى انهيار جسر المشاة فوق نهر الزاب وقالت إنهم 9، وإن 10 نقلوا إلى المستشفى أحياء.",
        hours=2,
    )
    mailing_list = await a_house(app, first, correction)
    before = Window(day=DAY - timedelta(days=1), start=WINDOW.start - timedelta(days=1), end=WINDOW.start)
    await sent(app, mailing_list, await composed(app, mailing_list, before), before, 1)
    (story,) = (await composed(app, mailing_list)).content.stories
    assert story.update
    assert "9 قتلى لا 19" in story.headline
    assert story.new_toll == 0
