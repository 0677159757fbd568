"""`digest signups`: sign-ups that were kept back, to look at and let through."""

from typing import Annotated

import typer

from digest.entrypoints.cli.screen import (
    JsonOption,
    ListOption,
    as_row,
    foreign,
    say,
    say_json,
    stamp,
    table,
    with_app,
)
from digest.services.audience.joining import defence

app = typer.Typer(help="Sign-ups that a limit kept back.", no_args_is_help=True)


@app.command()
def blocked(list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show the sign-ups that were kept back in the last seven days, newest first."""
    found = with_app(lambda app: defence.blocked(app, list_slug))
    if as_json:
        say_json(
            [
                as_row(
                    id=one.signup.id,
                    list=one.slug,
                    email=one.signup.email,
                    at=one.signup.at,
                    reason=one.signup.reason,
                    came_from=one.signup.came_from,
                    page=one.signup.page,
                    answers=dict(one.signup.answers),
                )
                for one in found
            ]
        )
        return
    table(
        ("id", "at (UTC)", "list", "address", "kept back by", "from"),
        [
            (
                one.signup.id,
                stamp(one.signup.at),
                one.slug,
                foreign(one.signup.email),
                one.signup.reason,
                one.signup.came_from,
            )
            for one in found
        ],
        empty="No sign-up was kept back in the last seven days.",
    )


@app.command()
def release(
    ids: Annotated[list[int], typer.Argument(help="Numbers that `digest signups blocked` shows.")],
    as_json: JsonOption = False,
) -> None:
    """Let sign-ups through, with what they answered: each is mailed its confirmation."""
    count = with_app(lambda app: defence.release(app, ids))
    if as_json:
        say_json({"released": count})
        return
    say(f"Let {count} sign-up{'' if count == 1 else 's'} through: the confirmation goes out within a minute.")
