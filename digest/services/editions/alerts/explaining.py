"""Why a story was an alert or was none, in a sentence for an editor."""

from collections.abc import Sequence
from datetime import timedelta

from digest.model import Alert, AlertVerdict, Article, MailingList, Story
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.editions.alerts.candidates import rule_with
from digest.services.editions.alerts.rules import CALM_SECTIONS, AlertRule, most_together, trigger
from digest.services.schedule.quiet import REST
from digest.storage.articles import articles, sources
from digest.storage.editions import alerts

REMEMBERED = timedelta(days=3)
MOST_LINES = 10
MINUTES = int(REST.total_seconds() // 60)
CAUSES = {
    "publisher": "a trusted source calls it breaking",
    "outlets": "several outlets told it at once",
    "editor": "an editor sent it",
}
VERDICTS = {
    AlertVerdict.SENT: "went out as an alert",
    AlertVerdict.SOON: f"no alert yet: the last one is less than {MINUTES} minutes old",
    AlertVerdict.NIGHT: "no alert yet: quiet hours, it waits for the morning",
    AlertVerdict.LIMIT: "no alert: the list had as many as it may have that day",
    AlertVerdict.PUBLISHED: "no alert: it was told already, and there is no new fact",
    AlertVerdict.NOBODY: "no alert: nobody chose such alerts",
    AlertVerdict.LATE: "no alert: it came too late to be urgent",
}


async def unpublished_alerts(app: App, mailing_list: MailingList) -> list[str]:
    """Return a line on each story of the last days that met the rule and did not go out, newest first."""
    rows = await _latest(app, mailing_list)
    return [
        f"{row.decided_at:%Y-%m-%d %H:%M} UTC  {row.headline}: {VERDICTS[row.verdict]}"
        for row in rows
        if row.verdict is not AlertVerdict.SENT
    ][:MOST_LINES]


async def about(app: App, mailing_list: MailingList, stories: Sequence[Story]) -> dict[str, str]:
    """Return for each story, by its key, why it was an alert or was none."""
    if not mailing_list.alerts:
        off = "none: the list sends none by itself (`digest lists set SLUG alerts=true`)"
        return {story.key: off for story in stories}
    rows = await _latest(app, mailing_list)
    ids = [ref.article_id for story in stories for ref in story.articles if ref.article_id]
    async with app.database.begin() as session:
        stored = await articles.by_ids(session, ids)
        known = {source.id: source for source in await sources.all_sources(session, by_hand=True)}
    rule = await rule_with(app, mailing_list, list(stored.values()), known)
    said = {}
    for story in stories:
        members = [stored[ref.article_id] for ref in story.articles if ref.article_id in stored]
        marks = {story.key, *(one.url for one in members if one.url)}
        row = next((one for one in rows if marks & set(one.marks)), None)
        said[story.key] = (
            VERDICTS[row.verdict] + _because(row) if row else _rule_says(members, rule, story.section)
        )
    return said


async def _latest(app: App, mailing_list: MailingList) -> list[Alert]:
    async with app.database.begin() as session:
        return await alerts.latest(session, row_id(mailing_list), app.clock.now() - REMEMBERED)


def _because(row: Alert) -> str:
    return f" ({CAUSES.get(row.cause, row.cause)}; {row.outlets} outlets)"


def _rule_says(members: Sequence[Article], rule: AlertRule, section: str) -> str:
    minutes = int(rule.together.total_seconds() // 60)
    if trigger(members, rule, section=section):
        return "meets the rule; nobody has looked yet, or it was told too long ago"
    if section in CALM_SECTIONS and trigger(members, rule):
        return f"none: in {section} only a trusted source's own word makes an alert"
    if any(one.breaking for one in members):
        return "none: its source calls it breaking, but is not among the list's alert_sources"
    count = most_together(members, rule)
    return f"none: too few outlets, {count} within {minutes} minutes; the list asks for {rule.outlets}"
