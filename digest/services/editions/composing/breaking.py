"""The one story that a breaking edition tells, and whether it was told today."""

from collections.abc import Sequence
from dataclasses import replace

from digest.curate.ranking.arrange import MISC
from digest.errors import InputError
from digest.model import Edition, EditionContent, EditionKind, MailingList, Section, SectionSpec, Story
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.editions.composing.compose import Case, Chosen
from digest.services.editions.composing.explain import matching
from digest.services.editions.composing.find import of_day
from digest.storage.editions import editions


def alerting(chosen: Chosen, plan: Sequence[SectionSpec], wanted: str | None = None) -> Chosen:
    """Leave one story of what an edition would tell: the one that is wanted, else the one on top.

    It stands in its section of the list's plan. `wanted` is a key, a number or words of a headline, as
    `digest why` takes them; a story that the list would have no room for may be wanted too. On top is what a
    source calls breaking, else what weighs most. Nothing stays nothing.

    Raises:
        InputError: no story, or more than one, is wanted.
    """
    every = [story for section in chosen.sections for story in section.stories]
    if not every and not (wanted and chosen.cases):
        return chosen
    story = _wanted(chosen.cases, wanted) if wanted else max(every, key=_urgency)
    homes = {spec.key: spec for spec in reversed(plan)}
    home = homes.get(story.section) or homes.get(MISC) or plan[0]
    by = story.breaking_by if story.breaking else "editor"
    marked = story.model_copy(update={"breaking_by": by})
    alone = Section(key=home.key, title=home.title, colour=home.colour, stories=(marked,))
    return replace(chosen, sections=(alone,))


def _urgency(story: Story) -> tuple[bool, float, str]:
    return story.breaking, story.score, story.key


def _wanted(cases: Sequence[Case], wanted: str) -> Story:
    found = matching(cases, wanted)
    if not found:
        raise InputError(f"No story is {wanted!r}.", remedy="`digest why` shows them all with their keys.")
    if len(found) > 1:
        keys = ", ".join(case.story.key for case in found[:5])
        raise InputError(f"{len(found)} stories are {wanted!r}: {keys}.", remedy="Give the key of one.")
    return found[0].story


async def like(
    app: App, mailing_list: MailingList, content: EditionContent, topic: str = ""
) -> Edition | None:
    """Return the edition of the same kind, date and topic, or None; of alerts, the one on the same story.

    The same is a story with the same key or an article in common: a story that goes on may change its key.
    """
    if content.kind is not EditionKind.BREAKING:
        return await of_day(app, mailing_list, content.local_date, content.kind, topic)
    marks = _marks(content)
    async with app.database.begin() as session:
        for edition in await editions.alerts(session, row_id(mailing_list), content.local_date):
            if marks & _marks(EditionContent.model_validate(edition.content)):
                return edition
    return None


def _marks(content: EditionContent) -> set[str]:
    urls = {article.url for story in content.stories for article in story.articles if article.url}
    return urls | {story.key for story in content.stories}
