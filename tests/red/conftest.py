"""A place of its own for every attack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
def place(tmp_path: Path, receiver: Receiver, outlet: Outlet) -> Place:
    """An installation that mails by the receiver and may visit the outlet."""
    return Place(
        tmp_path,
        {
            "MAIL__PORT": str(receiver.port),
            "COLLECT__ALLOW_HOSTS": f'["{outlet.host}"]',
            "COLLECT__FULL_TEXT": "false",
        },
    )
