"""A place of its own for every attack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.conftest import fork_server  # noqa: F401 (a fixture)
from tests.acceptance.forking import ForkServer
from tests.red.place import Outlet, Place, Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A mail server."""
    with Receiver() as opened:
        yield opened


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    """A news site."""
    with Outlet() as opened:
        yield opened


@pytest.fixture
def place(tmp_path: Path, receiver: Receiver, outlet: Outlet, fork_server: ForkServer) -> Place:  # noqa: F811
    """An installation that mails by the receiver and may visit the outlet."""
    return Place(
        tmp_path,
        {
            "MAIL__PORT": str(receiver.port),
            "COLLECT__ALLOW_HOSTS": f'["{outlet.host}"]',
            "COLLECT__FULL_TEXT": "false",
        },
        fork_server=fork_server,
    )
