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
    stamp,
    table,
    with_app,
)
from digest.errors import InputError
from digest.model import MailingList
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.list_sources import described
from digest.services.editions.alerts import explaining
from digest.services.editions.composing.answers import StoryAnswer, answers_for
from digest.services.editions.composing.compose import Case
from digest.services.editions.composing.explain import cases_of, matching


def why(
    story: Annotated[
        str | None,
        typer.Argument(
            help="Key or number of a story, words of a headline, or an address; all stories if left out."
        ),
    ] = None,
    list_slug: ListOption = None,
    day: Annotated[
        str | None, typer.Option("--date", help="Local date of the edition, YYYY-MM-DD; today if left out.")
    ] = None,
    reader: Annotated[
        str, typer.Option("--reader", help="Address of a subscriber: whether that one gets it.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Say why a story is in the edition of a date or out of it, and what its weight is made of.

    An address, too, may be asked for, and what was never collected: then it says where it was lost.
    """
    wanted_day = local_date(day)

    async def work(app: App) -> tuple[tuple[Case, ...], list[str], dict[str, str], tuple[StoryAnswer, ...]]:
        mailing_list = await chosen_list(app, list_slug)
        try:
            cases = await cases_of(app, mailing_list, wanted_day)
        except InputError:
            if story is None:
                raise
            cases = ()
        answers: tuple[StoryAnswer, ...] = ()
        if story is not None and (reader or not matching(cases, story)):
            answers = await answers_for(app, mailing_list, story, wanted_day, reader=reader)
        alerts = await explaining.about(app, mailing_list, [case.story for case in cases])
        return cases, await _remarks(app, mailing_list), alerts, answers

    cases, remarks, alerts, answers = with_app(work)
    chosen = cases if story is None else matching(cases, story)
    if answers:
        _say_answers(answers, str(story), as_json=as_json)
        return
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


SENTENCES = {
    "in": "in, place {place}",
    "dropped": "out: left out by {detail}",
    "merged": "in: another story tells it, and it is one of that story's sources",
    "muted": "in, but this reader does not get it: a word or an outlet of it is muted",
    "unchosen": "in, but this reader does not get it: its section is not among those chosen",
    "joined": "out: joined to a story of the same topic",
    "section_full": "out: the section is full of weightier stories",
    "edition_full": "out: the edition is full of weightier stories",
    "outlet_share": "out: its source has its share of the section already",
    "no_section": "out: the list has no section for it",
    "told": "out: told before, and nothing is new in it",
    "old": "out: older than the list takes",
    "light": "out: it weighs less than the list asks for",
    "left_out": "out: collected, and not chosen",
    "not_read": "out: collected, but the list does not read {outlet}",
    "by_hand": "out: from a source that is read on demand only",
    "outside": "out: collected, but its time ({when}) is outside of this edition's",
    "put_aside": "out: it came from {outlet} and was not taken: {detail}",
    "not_there": "out: nothing like it came",
    "no_source": "out: it did not come, and {outlet} is no source",
}


def _say_answers(answers: tuple[StoryAnswer, ...], story: str, *, as_json: bool) -> None:
    """Say what became of what no story of the edition's date is.

    Raises:
        InputError: words were asked for, and nothing says them.
    """
    if "://" not in story and answers[0].kind == "not_there":
        raise InputError(f"No story of that date is {story!r}.", remedy="`digest why` shows them all.")
    if as_json:
        say_json([_answer_row(one) for one in answers])
        return
    for one in answers:
        place = one.story.verdict.place if one.story else 0
        said = SENTENCES[one.kind].format(
            place=place, outlet=one.outlet, when=stamp(one.when), detail=one.detail
        )
        say(foreign(one.title or one.url or story))
        say(f"   verdict  {foreign(said)}")
        if one.other:
            say(f"   instead  {foreign(one.other.story.headline)} ({one.other.story.score:.2f})")
        if one.health:
            say(f"   source   {foreign(one.outlet)}: {one.health.state}. {foreign(one.health.sentence)}")


def _answer_row(one: StoryAnswer) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "in": one.kind in {"in", "merged"},
        "title": one.title,
        "source": one.outlet,
        "url": one.url,
        "when": one.when.isoformat() if one.when else None,
        "detail": one.detail,
        "instead": one.other.story.key if one.other else None,
        "health": one.health.state if one.health else None,
    }


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
