"""`digest sources set`, `pause`, `resume`, `clean` and `try`: look after a source."""

from typing import Annotated

import typer

from digest.entrypoints.cli.screen import foreign, say, with_app
from digest.model.news.cleaning import SourceCleaning
from digest.services.sources import changing
from digest.services.sources.changing import SourceChange, SourceEdit

Named = Annotated[str, typer.Argument(help="Id, name or location.")]


def set_(
    name: Named,
    called: Annotated[str | None, typer.Option("--name", help="Name of the outlet that is credited.")] = None,
    section: Annotated[
        str | None, typer.Option(help="Section key of all its articles; empty: found for each.")
    ] = None,
    standing: Annotated[
        float | None, typer.Option(help="Weight of the outlet in ranking, 0 to 3.", min=0, max=3)
    ] = None,
    zone: Annotated[str | None, typer.Option(help="IANA zone of its dates that name none.")] = None,
    headline_only: Annotated[
        bool | None,
        typer.Option("--headline-only/--with-text", help="Carry its headlines alone, or its text too."),
    ] = None,
    selector: Annotated[
        str | None, typer.Option(help="CSS selector of the links to articles; empty: none.")
    ] = None,
) -> None:
    """Change what is known of a source: name, section, weight, zone, rights."""
    edit = SourceEdit(
        name=called,
        section=section,
        standing=standing,
        zone=zone,
        headline_only=headline_only,
        selector=selector,
    )
    _say_change(with_app(lambda app: changing.change(app, name, edit)))


def pause(name: Named) -> None:
    """Visit a source no more, until it is let go on."""
    _say_change(with_app(lambda app: changing.change(app, name, SourceEdit(enabled=False))))


def resume(name: Named) -> None:
    """Visit a source again that was paused, or was taken for gone."""
    _say_change(with_app(lambda app: changing.change(app, name, SourceEdit(enabled=True))))


def _say_change(change: SourceChange) -> None:
    say(foreign(change.source.name or change.source.location))
    for key, value in change.after.items():
        say(f"  {key}: {foreign(change.before[key])} → {foreign(value)}")


Phrases = Annotated[list[str] | None, typer.Option("--noise", help="A line that holds these words goes.")]
Stops = Annotated[list[str] | None, typer.Option("--stop", help="A line that begins so ends the article.")]
Holder = Annotated[str, typer.Option("--selector", help="CSS selector of the element that holds the text.")]


def clean(name: Named, noise: Phrases = None, stop: Stops = None, selector: Holder = "") -> None:
    """Give a source other cleaning rules of its own; without any, it has none."""
    rules = SourceCleaning.typed(noise or (), stop or (), selector)
    change = with_app(lambda app: changing.clean(app, name, rules))
    say(
        f"{foreign(change.source.name or change.source.location)}: {len(rules.noise) + len(rules.stop)} phrases"
    )


def try_(
    name: Named,
    page: Annotated[str, typer.Argument(help="Address of an article's page.")],
    noise: Phrases = None,
    stop: Stops = None,
    selector: Holder = "",
) -> None:
    """Show what cleaning rules would take out of a page, keeping nothing."""
    rules = SourceCleaning.typed(noise or (), stop or (), selector)
    tried = with_app(lambda app: changing.try_on(app, name, page, rules))
    say(foreign(tried.then.title))
    for line in tried.then.paragraphs:
        say(f"  {foreign(line)}")
    for line in tried.gone:
        say(f"- {foreign(line)}")
