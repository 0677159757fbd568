"""`digest desk`: who may log in at the newsroom's pages, and what was done."""

import json
from typing import Annotated

import typer

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
from digest.model import AuditEntry, Role
from digest.model.rows import row_id
from digest.services import audit as audit_log
from digest.services.accounts import invitations, second_factor, staff
from digest.services.accounts.staff import Staff
from digest.services.app import App
from digest.services.audit import AuditFilter
from digest.services.desk import guide

app = typer.Typer(help="The newsroom's pages: who may log in, and what was done.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(help="Address of the account.")]


@app.command()
def invite(
    email: Annotated[
        str | None, typer.Argument(help="Whom it is for; left out: who opens the link says so.")
    ] = None,
    owner: Annotated[bool, typer.Option("--owner", help="The first of all: may do everything.")] = False,
    role: Annotated[Role, typer.Option("--role", help="What they may do.")] = Role.VIEWER,
    list_slug: ListOption = None,
) -> None:
    """Print a link, good once, by which somebody makes an account of their own."""
    if owner and list_slug:
        raise InputError("An owner is one for all lists.", remedy="Leave out --list, or name a --role.")
    chosen = Role.OWNER if owner else role
    link = with_app(
        lambda app: invitations.invite(app, chosen, email=email or "", list_slug=list_slug or ""),
        creates=True,
    )
    say(link)


@app.command("guide")
def guide_(as_json: JsonOption = False) -> None:
    """Show the steps to the first edition, and which of them are done."""
    found = with_app(guide.guide, creates=True)
    if as_json:
        say_json([{"step": one.name, "state": one.state, "now": one.says} for one in found.steps])
        return
    table(
        ("step", "state", "now"),
        [(one.name, one.state, one.says) for one in found.steps],
        empty="There are no steps.",
    )


@app.command("test-mail")
def test_mail(to: Annotated[str, typer.Argument(help="Address that the mail goes to.")]) -> None:
    """Send a test mail and say what the server answered."""
    sent = with_app(lambda app: guide.send_test(app, to, "en"), creates=True)
    say(f"{'Taken' if sent.is_taken else 'Refused'}: {foreign(sent.reply)}")
    if not sent.is_taken:
        raise typer.Exit(7)


@app.command()
def accounts(as_json: JsonOption = False) -> None:
    """Show who may log in, with their roles."""
    found: Staff = with_app(staff.everyone)
    rows = [
        {
            "email": account.email,
            "name": account.name,
            "roles": [f"{one.role.value}{f'@{one.list_id}' if one.list_id else ''}" for one in roles],
            "second_factor": bool(account.totp_secret),
            "shut_out": account.disabled_at is not None,
            "last_login": account.last_login_at.isoformat() if account.last_login_at else None,
        }
        for account, roles in found.accounts
    ]
    if as_json:
        say_json(rows)
        return
    table(
        ("address", "name", "roles", "second factor", "last login (UTC)", ""),
        [
            (
                account.email,
                account.name,
                row["roles"],
                "on" if row["second_factor"] else "off",
                stamp(account.last_login_at),
                "shut out" if row["shut_out"] else "",
            )
            for (account, _), row in zip(found.accounts, rows, strict=True)
        ],
        empty="Nobody may log in yet: `digest desk invite --owner` prints a link for the first.",
    )


@app.command()
def reset(email: Address) -> None:
    """Print a link, good once, by which somebody sets a new password."""
    say(with_app(lambda app: invitations.reset_link(app, email)))


@app.command("remove-second-factor")
def remove_second_factor(email: Address) -> None:
    """Ask an account for no second factor any more: its telephone and its recovery codes are lost."""

    async def work(app: App) -> None:
        account = await staff.find(app, email)
        await second_factor.remove(app, row_id(account))

    with_app(work)
    say(f"{email} logs in with the password alone, until a new second factor is set up.")


@app.command("end-sessions")
def end_sessions(email: Address) -> None:
    """End all sessions of an account."""

    async def work(app: App) -> int:
        return await staff.end_sessions(app, row_id(await staff.find(app, email)))

    say(f"{with_app(work)} sessions ended.")


@app.command("shut-out")
def shut_out(email: Address) -> None:
    """Let an account log in no more."""
    with_app(lambda app: _set_active(app, email, active=False))
    say(f"{email} is shut out, and every session of the account has ended.")


@app.command("let-in")
def let_in(email: Address) -> None:
    """Let an account log in again."""
    with_app(lambda app: _set_active(app, email, active=True))
    say(f"{email} may log in again.")


async def _set_active(app: App, email: str, *, active: bool) -> None:
    account = await staff.find(app, email)
    await staff.set_active(app, None, row_id(account), active=active)


@app.command()
def audit(
    actor: Annotated[str, typer.Option("--actor", help="Only what this one did: desk:ADDRESS.")] = "",
    act: Annotated[str, typer.Option("--act", help="Only acts that begin so: editions, lists set.")] = "",
    list_slug: ListOption = None,
    since: Annotated[str | None, typer.Option("--since", help="From this day on, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Until this day, YYYY-MM-DD.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer as CSV on stdout.")] = False,
) -> None:
    """Show who changed what, newest first."""
    wanted = AuditFilter(
        actor=actor,
        act=act,
        list_slug=list_slug or "",
        first_day=local_date(since),
        last_day=local_date(until),
    )
    if as_json or as_csv:
        write = audit_log.as_csv if as_csv else audit_log.as_json
        say(with_app(lambda app: write(app, wanted)).rstrip("\n"))
        return
    found: list[AuditEntry] = with_app(lambda app: audit_log.found(app, wanted, limit=limit))
    table(
        ("when (UTC)", "who", "what", "list", "on what", "before", "after"),
        [
            (
                stamp(one.at),
                one.actor,
                one.act,
                one.list_slug,
                one.about,
                _short(one.before),
                _short(one.after),
            )
            for one in found
        ],
        empty="Nothing like that was done.",
    )


def _short(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
