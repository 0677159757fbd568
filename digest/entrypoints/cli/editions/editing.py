"""`digest editions edit`: what people change of a composed edition, one command each."""

from typing import Annotated, Any

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.recording import terminal_actor
from digest.entrypoints.cli.screen import JsonOption, ListOption, foreign, say, say_json, with_app
from digest.model import Story
from digest.services.app import App
from digest.services.editions.editing import editing, refreshing
from digest.services.editions.editing.editing import ChangeMade, EditedEdition
from digest.services.editions.editing.requests import EditRequest

app = typer.Typer(help="Edit an edition that waits for its approval.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="Number of the edition.")]
StoryKey = Annotated[str, typer.Argument(help="Key of the story, or its first four letters or more.")]
Section = Annotated[str, typer.Option("--section", help="Key of the section; its own if left out.")]
Place = Annotated[int, typer.Option("--place", min=1, help="Place in the section, from 1.")]


@app.command()
def show(number: Number, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show what an edition says, with the keys of its stories, what was dropped, and its edits."""

    async def work(app: App) -> EditedEdition:
        return await editing.edited(app, await chosen_list(app, list_slug), number)

    one = with_app(work)
    if as_json:
        say_json(_row(one))
        return
    say(f"Edition {number}, version {one.edition.version}: {foreign(one.edition.subject)}")
    for section in one.now.content.sections:
        say(f"{section.key}")
        for place, story in enumerate(section.stories, 1):
            say(f"  {place} {story.key[:12]}  {foreign(story.headline)}{_marks(story)}")
    for story in one.now.dropped:
        say(f"dropped {story.key[:12]}  {foreign(story.headline)}")
    for row in one.edits:
        say(f"edit {row.version}  {row.edit['kind']} {str(row.edit.get('story', ''))[:12]}  {row.made_by}")


def _marks(story: Story) -> str:
    marks = [
        name
        for name, has in (("pinned", story.pinned), ("edited", story.original), ("own", story.own))
        if has
    ]
    return f" ({', '.join(marks)})" if marks else ""


def _row(one: EditedEdition) -> dict[str, Any]:
    return {
        "number": one.edition.number,
        "version": one.edition.version,
        "state": one.edition.state.value,
        "content": one.now.content.model_dump(mode="json"),
        "dropped": [story.model_dump(mode="json") for story in one.now.dropped],
        "edits": [
            {"version": row.version, "by": row.made_by, "at": row.made_at.isoformat(), **row.edit}
            for row in one.edits
        ],
    }


def _edit(number: int, list_slug: str | None, request: EditRequest, *, as_json: bool) -> None:
    async def work(app: App) -> ChangeMade:
        mailing_list = await chosen_list(app, list_slug)
        one = await editing.edited(app, mailing_list, number)
        by, seen = terminal_actor().name, one.edition.version
        return await editing.edit(app, mailing_list, number, request, by, seen=seen)

    _say(with_app(work, differs=_differs), as_json=as_json)


def _differs(made: ChangeMade) -> tuple[dict[str, str], dict[str, str]]:
    return dict(made.before), dict(made.after)


def _say(made: ChangeMade, *, as_json: bool) -> None:
    version = made.edition.version
    if as_json:
        say_json({"version": version, "before": dict(made.before), "after": dict(made.after)}, indent=None)
        return
    if not made.before and not made.after:
        say("It is so already; nothing was changed.")
    for name, value in made.after.items():
        was = f" (was: {foreign(made.before[name])})" if made.before.get(name) else ""
        say(f"{name}: {foreign(value) or '—'}{was}")


@app.command()
def up(number: Number, story: StoryKey, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Move a story up by one in its section."""
    _edit(number, list_slug, EditRequest(action="up", story=story), as_json=as_json)


@app.command()
def down(number: Number, story: StoryKey, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Move a story down by one in its section."""
    _edit(number, list_slug, EditRequest(action="down", story=story), as_json=as_json)


@app.command()
def move(
    number: Number,
    story: StoryKey,
    section: Section = "",
    place: Place = 1,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move a story to a place, of its section or of another."""
    request = EditRequest(action="move", story=story, section=section, place=place)
    _edit(number, list_slug, request, as_json=as_json)


@app.command()
def pin(number: Number, story: StoryKey, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Have a story lead the edition."""
    _edit(number, list_slug, EditRequest(action="pin", story=story), as_json=as_json)


@app.command()
def unpin(number: Number, story: StoryKey, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Let a pinned story lead only if it weighs most."""
    _edit(number, list_slug, EditRequest(action="unpin", story=story), as_json=as_json)


@app.command()
def drop(number: Number, story: StoryKey, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Leave a story out."""
    _edit(number, list_slug, EditRequest(action="drop", story=story), as_json=as_json)


@app.command()
def restore(
    number: Number, story: StoryKey, list_slug: ListOption = None, as_json: JsonOption = False
) -> None:
    """Put a dropped story back where it stood."""
    _edit(number, list_slug, EditRequest(action="restore", story=story), as_json=as_json)


@app.command()
def merge(
    number: Number,
    story: StoryKey,
    other: Annotated[str, typer.Argument(help="Key of the story that is merged into it.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make two stories one: the first keeps its words, and has the articles of both."""
    _edit(number, list_slug, EditRequest(action="merge", story=story, other=other), as_json=as_json)


@app.command()
def split(
    number: Number,
    story: StoryKey,
    article: Annotated[list[int], typer.Option("--article", min=1, help="Place of an article, from 1.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a story of its own of some of a story's articles, summarized anew."""
    _edit(
        number, list_slug, EditRequest(action="split", story=story, articles=tuple(article)), as_json=as_json
    )


@app.command()
def title(
    number: Number,
    story: StoryKey,
    article: Annotated[int, typer.Argument(min=1, help="Place of the article, from 1.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the headline of another of a story's articles."""
    _edit(number, list_slug, EditRequest(action="title", story=story, articles=(article,)), as_json=as_json)


@app.command()
def words(
    number: Number,
    story: StoryKey,
    headline: Annotated[str | None, typer.Option("--headline", help="The new headline.")] = None,
    summary: Annotated[str | None, typer.Option("--summary", help="The new summary.")] = None,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a story's headline or summary; the words that were composed are kept beside them."""
    request = EditRequest(action="words", story=story, headline=headline, text=summary)
    _edit(number, list_slug, request, as_json=as_json)


@app.command()
def add(
    number: Number,
    headline: Annotated[str, typer.Argument(help="Headline of the item.")],
    text: Annotated[str, typer.Option("--text", help="Its text, if any.")] = "",
    url: Annotated[str, typer.Option("--url", help="Its address, if any.")] = "",
    section: Section = "",
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an item or an announcement of the newsroom's own; to the list's first section if none is named."""
    request = EditRequest(action="add", headline=headline, text=text, url=url, section=section)
    _edit(number, list_slug, request, as_json=as_json)


@app.command()
def opening(
    number: Number,
    text: Annotated[str, typer.Argument(help="The opening line; empty for none.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the line that opens the mail."""
    _edit(number, list_slug, EditRequest(action="opening", text=text), as_json=as_json)


@app.command()
def subject(
    number: Number,
    text: Annotated[str, typer.Argument(help="The subject; empty: it is made of the headlines.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set the subject of the mail."""
    _edit(number, list_slug, EditRequest(action="subject", text=text), as_json=as_json)


@app.command()
def undo(number: Number, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Take the last edit back."""

    async def work(app: App) -> ChangeMade:
        mailing_list = await chosen_list(app, list_slug)
        one = await editing.edited(app, mailing_list, number)
        return await editing.undo(app, mailing_list, number, seen=one.edition.version)

    _say(with_app(work, differs=_differs), as_json=as_json)


@app.command()
def refresh(number: Number, list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Collect the news again and compose anew; all edits are kept, by story."""

    async def work(app: App) -> ChangeMade:
        mailing_list = await chosen_list(app, list_slug)
        one = await editing.edited(app, mailing_list, number)
        return await refreshing.refresh(app, mailing_list, number, seen=one.edition.version)

    _say(with_app(work, differs=_differs), as_json=as_json)
