"""`digest demo`: an invented newsroom on this machine, to look at; it goes when the command ends."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from starlette.responses import Response

from digest.bootstrap import configure_logging, opened
from digest.entrypoints.api.routes import machine_routes
from digest.entrypoints.cli.screen import say
from digest.entrypoints.desk.app import beside, build_desk
from digest.entrypoints.desk.pages import desk_page, go_to, refused_page, with_cookie
from digest.entrypoints.desk.routes import ROUTES
from digest.entrypoints.desk.table import Access, DeskRoute
from digest.entrypoints.desk.visit import DeskVisit
from digest.entrypoints.listening import address, answer, bound
from digest.entrypoints.loop import run
from digest.entrypoints.web.app import build
from digest.model import Account, Role
from digest.runtime.inprocess import InProcessQueue
from digest.services.accounts.login import open_session
from digest.services.desk.demo.planting import PEOPLE, plant
from digest.settings import Settings
from digest.settings.tree import PREFIX
from digest.text.addresses.network import ip_of

LOOPBACK = "127.0.0.1"


def demo(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    people: Annotated[
        int, typer.Option("--people", min=10, max=1_000_000, help="How many subscribers are invented.")
    ] = PEOPLE,
) -> None:
    """Show the desk with an invented newsroom in it, and print a link for each role; Ctrl-C ends it.

    It has a database and a mailbox of its own, in a folder that goes with it, and answers this machine alone.
    No setting of yours is read, and no mail leaves the machine.
    """
    with tempfile.TemporaryDirectory(prefix="mujaz-demo-") as name:
        sock = bound(LOOPBACK, port)
        chosen = demo_settings(Path(name), sock.getsockname()[1])
        configure_logging(chosen.run)

        async def go() -> None:
            queue = InProcessQueue()
            async with opened(chosen, queue=queue) as app, queue:
                say(f"Inventing {people:,} subscribers, a month of editions and their sources …")
                planted = await plant(app, count=people)
                sign_in = SignInLinks(planted.staff)
                desk = build_desk(app, (*ROUTES, sign_in.route))
                queue.start(app)
                say("Open one of these; each works once:")
                for role, link in sign_in.links(address(sock).rstrip("/")).items():
                    say(f"  {role.value:<13}{link}")
                await answer(beside(build(app, machine_routes()), desk), sock)

        run(go, chosen.run)


def demo_settings(folder: Path, port: int) -> Settings:
    """Return settings for a folder and nothing else: neither a file nor the environment says anything."""
    for name in [one for one in os.environ if one.upper().startswith(PREFIX)]:
        del os.environ[name]
    return Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{folder / 'demo.db'}", "state_folder": folder / "state"},
            "mailbox": {"folder": folder / "mailbox"},
            "web": {"host": LOOPBACK, "port": port, "public_url": f"http://{LOOPBACK}:{port}"},
            "run": {"out": folder / "out", "log_level": "error"},
        }
    )


class SignInLinks:
    """One link a role, kept in this process alone: no other way to start the desk knows them."""

    def __init__(self, staff: Mapping[Role, Account]) -> None:
        self._accounts = {secrets.token_urlsafe(24): (role, account) for role, account in staff.items()}
        self.route = DeskRoute(
            path="/desk/demo/{token}",
            needs=Access.ANYBODY,
            get=self._page,
            post=self._come_in,
            act="account.login",
        )

    def links(self, root: str) -> dict[Role, str]:
        """Return the links by role."""
        return {role: f"{root}/desk/demo/{token}" for token, (role, _) in self._accounts.items()}

    async def _page(self, visit: DeskVisit) -> Response:
        """Ask whether to come in: to open a link changes nothing."""
        token = str(visit.request.path_params["token"])
        if token not in self._accounts or not _is_here(visit):
            return refused_page(visit, "expired", 410)
        role, account = self._accounts[token]
        return desk_page(visit, "demo", {"role": role, "account": account})

    async def _come_in(self, visit: DeskVisit) -> Response:
        token = str(visit.request.path_params["token"])
        if token not in self._accounts or not _is_here(visit):
            return refused_page(visit, "expired", 410)
        _, account = self._accounts.pop(token)
        async with visit.app.database.begin() as session:
            cookie = await open_session(visit.app, session, account, visit.origin, is_whole=True)
        visit.actor_name = account.email
        visit.changed(account.email)
        return with_cookie(visit.app, go_to("/desk"), cookie)


def _is_here(visit: DeskVisit) -> bool:
    """Whether the request comes from this machine."""
    client = visit.request.client
    found = ip_of(client.host) if client is not None else None
    return found is not None and found.is_loopback
