"""`digest why`: why a story is in an edition or out of it."""

from typing import Annotated, Any

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import (
    JsonOption,
    ListOption,
    foreign,
    local_date,
    say,
    say_json,
    table,
    with_app,
)
from digest.errors import InputError
from digest.model import MailingList
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.list_sources import described
from digest.services.editions.alerts import explaining
from digest.services.editions.composing.compose import Case
from digest.services.editions.composing.explain import cases_of, matching


def why(
    story: Annotated[
        str | None,
        typer.Argument(help="Key or number of a story, or words of a headline; all stories if left out."),
    ] = None,
    list_slug: ListOption = None,
    day: Annotated[
        str | None, typer.Option("--date", help="Local date of the edition, YYYY-MM-DD; today if left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a story is in the edition of a date or out of it, and what its weight is made of."""
    wanted_day = local_date(day)

    async def work(app: App) -> tuple[tuple[Case, ...], list[str], dict[str, str]]:
        mailing_list = await chosen_list(app, list_slug)
        cases = await cases_of(app, mailing_list, wanted_day)
        alerts = await explaining.about(app, mailing_list, [case.story for case in cases])
        return cases, await _remarks(app, mailing_list), alerts

    cases, remarks, alerts = with_app(work)
    chosen = cases if story is None else matching(cases, story)
    if story is not None and not chosen:
        raise InputError(f"No story of that date is {story!r}.", remedy="`digest why` shows them all.")
    numbers = {case.story.key: number for number, case in enumerate(cases, 1)}
    if as_json:
        say_json([_as_json(case, numbers[case.story.key], alerts[case.story.key]) for case in chosen])
    elif story is None:
        table(
            ("number", "key", "section", "weight", "headline", "why"),
            [
                (
                    numbers[case.story.key],
                    case.story.key,
                    case.verdict.section or "—",
                    f"{case.story.score:.2f}",
                    case.story.headline,
                    case.verdict.reason,
                )
                for case in chosen
            ],
            empty="There are no stories.",
        )
    else:
        say("\n\n".join(_explained(case, numbers[case.story.key], alerts[case.story.key]) for case in chosen))
    if not as_json:
        for remark in remarks:
            say(remark)


async def _remarks(app: App, mailing_list: MailingList) -> list[str]:
    """Say what a list leaves unread or weighs by itself, and which pins match nothing."""
    reads = await described(app, mailing_list)
    pins = [
        f"No article is {pin}: this pin does nothing."
        for pin in await lists.unmatched_pins(app, mailing_list)
    ]
    return [*([reads] if reads else []), *pins]


def _explained(case: Case, number: int, alert: str) -> str:
    story = case.story
    where = f"in, {case.verdict.section} {case.verdict.place}" if case.is_in else f"out, of {story.section}"
    lines = [
        f"{number}  {story.headline}",
        f"   key      {story.key}",
        f"   verdict  {where}: {case.verdict.reason}",
        f"   weight   {story.score:.2f}" + (f": {'، '.join(story.reasons)}" if story.reasons else ""),
    ]
    lines.append(f"   alert    {alert}")
    lines += [f"   told by  {article.source}: {article.title}" for article in story.articles]
    return "\n".join(map(foreign, lines))


def _as_json(case: Case, number: int, alert: str) -> dict[str, Any]:
    story = case.story
    return {
        "number": number,
        "key": story.key,
        "headline": story.headline,
        "in": case.is_in,
        "section": case.verdict.section,
        "place": case.verdict.place,
        "reason": case.verdict.reason,
        "weight": story.score,
        "reasons": list(story.reasons),
        "update": story.update,
        "alert": alert,
        "articles": [
            {"title": article.title, "source": article.source, "url": article.url}
            for article in story.articles
        ],
    }
