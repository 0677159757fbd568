"""What all tests share: both databases, a clock that stands, an environment without settings."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from digest.storage.database.engine import Database
from tests.compiling import compile_share, keep_templates
from tests.postgresql import SharedServer, with_schema
from tests.statements import compile_once

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)

# The same examples every time: what passes here passes anywhere. `make fuzz` is where chance looks for more.
settings.register_profile(
    "desk",
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.register_profile("ci", settings.get_profile("desk"), max_examples=100)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
compile_once()
gc.disable()  # collecting makes a million objects and throws next to none away


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile a worker's share of the test files, and keep the templates that are compiled."""
    compile_share(session.config)
    keep_templates(session.config.cache.mkdir("templates"))


def pytest_collection_finish() -> None:
    """Take what all tests share out of what is looked through for garbage while they run."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DIGEST_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _logging_of_its_own() -> Iterator[None]:
    """A command that a test runs sets up logging, to a stream that is closed when the test ends."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def now() -> datetime:
    """Monday morning."""
    return NOW


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedServer]:
    """A real PostgreSQL server for this run, and its databases with the schema."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    server = SharedServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def postgresql_server(postgresql: SharedServer) -> str:
    """The URL of the PostgreSQL server; its database `mujaz_template` holds the schema."""
    return postgresql.url


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database with the schema, which tests copy: that takes a fortieth of making one."""
    file = tmp_path_factory.mktemp("template") / "subscribers.db"
    asyncio.run(with_schema(f"sqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database with the schema, on each kind of server."""
    if request.param == "sqlite":
        template = request.getfixturevalue("embedded_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'subscribers.db')}"
        return
    server: SharedServer = request.getfixturevalue("postgresql")
    lent = server.take()
    yield lent.url
    server.give_back(lent)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with the schema, on each kind of server."""
    opened = Database(database_url, busy_seconds=10)
    yield opened
    await opened.close()
