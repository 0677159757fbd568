"""`digest run`: one digest by hand."""

import json
import sys
import webbrowser
from collections import Counter
from typing import Annotated

import typer

from digest.entrypoints.cli.screen import Bars, ListOption, foreign, local_date, say, stamp, with_app
from digest.errors import EditionStoppedError
from digest.model import EditionKind, EditionState
from digest.services.app import App, SilentProgress
from digest.services.editions.export import as_json
from digest.services.editions.run.run import RunRequest, RunResult
from digest.services.editions.run.run import run as run_digest
from digest.text.direction.visible import escaped_json


def run(
    list_slug: ListOption = None,
    day: Annotated[
        str | None, typer.Option("--date", help="Local date of the edition, YYYY-MM-DD; today if left out.")
    ] = None,
    kind: Annotated[
        EditionKind | None,
        typer.Option("--kind", help="Kind of edition; the list's regular one if left out."),
    ] = None,
    story: Annotated[
        str | None,
        typer.Option(
            "--story",
            help="What an alert is about: key, number or words of a headline, as `digest why` shows them; "
            "the top story if left out.",
        ),
    ] = None,
    segment: Annotated[
        str | None,
        typer.Option(
            "--segment", help="Only for the readers in this segment, beside the list's own edition."
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", help="Path or address to read instead of the stored sources; may be repeated."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write the preview, mail nobody.")] = False,
    to: Annotated[str | None, typer.Option("--to", help="Send a test to this address only.")] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open the preview in a browser.")] = False,
    as_json_: Annotated[
        bool, typer.Option("--json", help="Print the edition as JSON on stdout, and nothing else.")
    ] = False,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help="Fill in what is missing: sample articles, and three sample readers in the embedded mailbox.",
        ),
    ] = False,
) -> None:
    """Collect, summarize, render and send one edition now."""
    request = RunRequest(
        list_slug=list_slug,
        kind=kind,
        story=story,
        segment=segment,
        day=local_date(day),
        locations=tuple(source or ()),
        dry_run=dry_run,
        to=to,
        demo=demo,
    )

    async def work(app: App) -> tuple[RunResult, str]:
        if sys.stderr.isatty():
            with Bars() as report:
                done = await run_digest(app, request, report)
        else:
            done = await run_digest(app, request, SilentProgress())
        shown = json.dumps(await as_json(app, done.content), ensure_ascii=False, indent=1) if as_json_ else ""
        return done, shown

    done, shown = with_app(work, creates=True)
    if as_json_:
        say(escaped_json(shown))
    _summarize(done, request, to_stderr=as_json_)
    if open_it and done.preview:
        webbrowser.open(done.preview.html.resolve().as_uri())
    if done.stopped and done.edition:
        raise EditionStoppedError(
            f"Edition {done.edition.number} is {done.stopped}.",
            remedy=""
            if done.edition.state is EditionState.CANCELLED
            else f"Mend what it names; `digest editions resume {done.edition.number} --list {done.mailing_list.slug}` lets it go on.",
        )


def _summarize(done: RunResult, request: RunRequest, *, to_stderr: bool) -> None:
    lines = [foreign(line) for line in _lines(done, request)]
    stream = sys.stderr if to_stderr else sys.stdout
    stream.write("\n".join(lines) + "\n")


def _lines(done: RunResult, request: RunRequest) -> list[str]:
    lines = []
    if done.visits:
        new = sum(visit.new for visit in done.visits)
        failed = [visit for visit in done.visits if visit.error]
        lines.append(
            f"Collected   {new} new articles from {len(done.visits) - len(failed)} of {len(done.visits)} sources"
        )
        lines += [
            f"            not read: {visit.source.name or visit.source.location}: {visit.error}"
            for visit in failed[:5]
        ]
        problems = [problem for visit in done.visits for problem in visit.problems]
        lines += [f"            {problem}" for problem in problems[:5]]
    sections = ", ".join(f"{section.title} {len(section.stories)}" for section in done.content.sections)
    if done.articles:
        lines.append(f"Grouped     {done.articles} articles into {done.stories} stories")
    lines.append(
        f"Edition     {done.mailing_list.slug} {done.content.number}, {done.content.local_date.isoformat()}: {sections}"
    )
    lines += _fallbacks(done)
    lines += [f"            {note}" for note in done.notes]
    if done.alert_readers is not None:
        chose, of = done.alert_readers
        lines.append(f"Readers     {chose:,} of {of:,} chose alerts; nobody else gets one")
    if request.dry_run:
        lines.append("Sent        nothing: this was a dry run")
    if done.test_reply:
        lines.append(f"Sent        a test to {request.to}: {done.test_reply}")
    if done.balance:
        lines.append(f"Sent        {done.balance.line()}")
    lines += _waiting(done)
    if done.already:
        lines.append("            This edition went out before; nobody was mailed again.")
    if done.preview:
        lines.append(f"Look at     {done.preview.html}; {done.preview.why} says why each story is in or out")
    return lines


def _waiting(done: RunResult) -> list[str]:
    """Say who waits, for what and until when; of an edition that was stopped the error says why."""
    if done.waits is None or done.stopped:
        return []
    own = done.waits.for_their_hour
    reason = "for the hour that they chose" if own == done.waits.count else "for another try"
    also = f", {own:,} of them for the hour that they chose" if 0 < own < done.waits.count else ""
    lines = [
        f"Waiting     {done.waits.count:,} wait {reason}{also}, the first at {stamp(done.waits.next_at)} UTC: "
        "`digest serve` sends to them, or `digest run` after that"
    ]
    return lines + [f"            {count:,}: the server said {words}" for words, count in done.waits.words]


def _fallbacks(done: RunResult) -> list[str]:
    """Say what a language model did not write, and why, most frequent first; nothing when it wrote all."""
    summaries = [story.summary for section in done.content.sections for story in section.stories]
    lines = _reasons(
        [one.note for one in summaries],
        f"Summaries   {{}} of {len(summaries)} are the articles' own sentences, not the model's:",
    )
    lines += _reasons(
        [one.headline_note for one in summaries],
        f"Headlines   {{}} of {len(summaries)} are the articles' own, over summaries that the model wrote:",
    )
    return lines + _reasons([done.content.opening.note], "Opening     none was written:")


def _reasons(notes: list[str], says: str) -> list[str]:
    reasons = Counter(note for note in notes if note)
    if not reasons:
        return []
    lines = [f"            {count}: {reason}" for reason, count in reasons.most_common(5)]
    return [says.format(reasons.total()), *lines]
