"""Which of the stories that came in are alerts by a list's rule."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from digest.curate.events.cluster import key_of
from digest.errors import InputError
from digest.model import Alert, Article, MailingList, Source, Story
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.list_sources import weights_of
from digest.services.editions.alerts.memory import PublishedAlert, unpublished
from digest.services.editions.alerts.rules import AlertRule, Trigger, trigger
from digest.services.editions.composing.compose import Chosen
from digest.storage.articles import list_sources, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCandidate:
    """A story that the list's rule makes an alert; `articles` are those that no earlier alert told, lead
    first.
    """

    story: Story
    articles: tuple[Article, ...]
    trigger: Trigger
    waited_for_morning: bool = False

    @property
    def marks(self) -> list[str]:
        """What the story is known by."""
        return sorted({self.story.key, *(one.url for one in self.articles if one.url)})


async def rule_of(app: App, mailing_list: MailingList, chosen: Chosen) -> AlertRule:
    """Return what a list asks of an alert, with the weights of the outlets of these stories."""
    every = [article for members in chosen.members.values() for article in members]
    return await rule_with(app, mailing_list, every, chosen.sources)


async def rule_with(
    app: App, mailing_list: MailingList, every: Sequence[Article], known: Mapping[int | None, Source]
) -> AlertRule:
    """Return what a list asks of an alert, with the weights of the outlets of these articles."""
    trusted = set()
    async with app.database.begin() as session:
        reading = await list_sources.reading(session, mailing_list)
        for name in mailing_list.alert_sources:
            with suppress(InputError):  # It was removed since, or another has its name too.
                trusted.add(row_id(await sources.find(session, name)))
    return AlertRule(
        trusted=frozenset(trusted),
        weights=weights_of(every, known, reading.weights),
        outlets=mailing_list.alert_outlets,
        together=timedelta(minutes=mailing_list.alert_minutes),
    )


def candidates_of(
    chosen: Chosen, rule: AlertRule, published: Sequence[PublishedAlert], held: Sequence[Alert]
) -> tuple[list[AlertCandidate], list[AlertCandidate]]:
    """Return the stories that the rule makes alerts, the biggest first; apart, those of them that were
    alerted to already.
    """
    waiting = {mark for one in held for mark in one.marks}
    stories = {case.story.key: case.story for case in chosen.cases}
    found: list[AlertCandidate] = []
    known: list[AlertCandidate] = []
    for key, members in chosen.members.items():
        story = stories[key]
        first = trigger(members, rule, section=story.section)
        if first is None:
            continue
        fresh, is_update = unpublished(members, published)
        again = trigger(fresh, rule, section=story.section) if is_update else first
        one = AlertCandidate(
            story=_alone(story, fresh) if is_update and fresh else story,
            articles=fresh or members,
            trigger=again or first,
            waited_for_morning=bool(waiting & {key, *(article.url for article in members if article.url)}),
        )
        (known if again is None else found).append(one)
    found.sort(
        key=lambda one: (one.trigger.is_big, one.trigger.outlets, one.story.score, one.story.key),
        reverse=True,
    )
    return found, known


def _alone(story: Story, fresh: Sequence[Article]) -> Story:
    """A story that went on, told by its new articles alone."""
    ids = {article.id for article in fresh}
    refs = tuple(ref for ref in story.articles if ref.article_id in ids)
    return story.model_copy(
        update={"key": key_of(fresh), "headline": fresh[0].title, "articles": refs, "update": True}
    )
