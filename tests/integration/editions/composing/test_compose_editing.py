"""What an edition says of its stories: whose headline it is, what stands twice, who called it breaking."""

from dataclasses import replace

import pytest

from digest.clock import FixedClock
from digest.model import Rights, Story
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.editions.composing.breaking import alerting
from digest.services.editions.composing.compose import Chosen
from digest.services.editions.composing.explain import cases_of
from digest.storage.database.engine import Database
from tests.builders import NOW, a_source
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.composing.test_compose import DAY, a_house, composed
from tests.unit.curate.telling import BRIDGE, BUDGET, told


@pytest.fixture
def app(database: Database) -> App:
    return an_app(database, FakeMailer(), FixedClock(NOW), {})


async def test_the_first_article_bears_the_headline_and_why_gives_the_same(app: App):
    articles = [told(*one, hours=6 - n, section="local") for n, one in enumerate(BRIDGE)]
    articles[0].title = "شاهد.. انهيار جسر المشاة في سرهاد!"
    mailing_list = await a_house(app, *articles)
    (story,) = (await composed(app, mailing_list)).content.stories
    assert story.headline == story.articles[0].title
    assert story.headline in {one[1] for one in BRIDGE[1:]}
    assert len(story.articles) == len(BRIDGE)
    first = story.summary.sentences[0]
    texts = {article.title: " ".join(article.paragraphs) for article in articles}
    assert first.text in texts[story.articles[first.article].title]
    (case,) = [case for case in await cases_of(app, mailing_list, DAY) if case.is_in]
    assert case.story.headline == story.headline
    assert case.story.articles == story.articles


async def test_a_headline_that_is_lent_alone_is_cleaned_too(app: App):
    article = told("المرفأ", f"عاجل | {BRIDGE[0][1]}", BRIDGE[0][2])
    mailing_list = await a_house(app, article, source=a_source(rights=Rights.HEADLINE))
    (story,) = (await composed(app, mailing_list)).content.stories
    assert story.headline == BRIDGE[0][1]
    assert story.summary.sentences == ()


async def test_the_lead_has_more_room_than_another_story(app: App):
    further = " ".join(
        f"وزار الجسر وفد من {name} بعد أن أغلقت البلدية الطريق المؤدي إليه."
        for name in ("الحي الأول", "القرية", "الميناء")
    )
    light, heavy = (
        told("س", "سوق الحي يفتح أبوابه غدا", "يفتح سوق الحي أبوابه غدا. " + further),
        told(*BUDGET[0], breaking=True),
    )
    heavy.paragraphs = [
        *heavy.paragraphs,
        "وتضم الموازنة بابا للطرق بسبب نقص الماء في الجنوب.",
        "ويخصص بند جديد مئة مليون لمدارس الجزر البعيدة.",
        "ومن المتوقع أن ترتفع رسوم الجمارك على السيارات المستعملة.",
    ]
    mailing_list = await a_house(app, light, heavy, summary_words=30)
    first, second = sorted(
        (await composed(app, mailing_list)).content.stories, key=lambda one: not one.breaking
    )
    assert len(first.summary.text.split()) > 30
    assert len(second.summary.text.split()) <= 30


async def test_every_sentence_ends_with_a_stop(app: App):
    mailing_list = await a_house(app, told("س", BRIDGE[0][1], BRIDGE[0][2].rstrip(".")))
    (story,) = (await composed(app, mailing_list)).content.stories
    assert all(one.text.endswith(".") for one in story.summary.sentences)


async def test_an_alert_by_hand_is_not_laid_to_its_publisher(app: App):
    mailing_list = await a_house(app, told(*BRIDGE[0]))
    made = await composed(app, mailing_list)
    chosen = Chosen(
        sections=made.content.sections, cases=made.cases, members={}, sources={}, articles=1, stories=1
    )
    (story,) = alerting(chosen, specs(mailing_list)).sections[0].stories
    assert not story.breaking
    assert story.breaking_by == "editor"
    own = made.content.sections[0].model_copy(
        update={"stories": (made.content.stories[0].model_copy(update={"breaking": True}),)}
    )
    (story,) = alerting(replace(chosen, sections=(own,)), specs(mailing_list)).sections[0].stories
    assert story.breaking_by == "publisher"


def test_an_edition_stored_before_loads():
    stored = {"key": "k", "headline": "خبر", "section": "misc", "articles": [], "breaking": True}
    story = Story.model_validate(stored)
    assert story.breaking_by == "publisher"
    assert story.why is None
