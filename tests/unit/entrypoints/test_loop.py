"""The event loop is the one that the settings name."""

import asyncio
import sys
from types import ModuleType

import pytest

from digest.entrypoints.loop import loop_factory, run
from digest.errors import ConfigError
from digest.settings import RunSettings


class OtherLoop(asyncio.SelectorEventLoop):
    """Stands for uvloop's."""


@pytest.fixture
def with_uvloop(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ModuleType("uvloop")
    found.new_event_loop = OtherLoop  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "uvloop", found)
    monkeypatch.setattr("digest.entrypoints.loop.find_spec", lambda _: object())


@pytest.fixture
def without_uvloop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.entrypoints.loop.find_spec", lambda _: None)


async def which() -> type:
    return type(asyncio.get_running_loop())


@pytest.mark.usefixtures("with_uvloop")
@pytest.mark.parametrize("name", ["auto", "uvloop"])
def test_uvloop_is_used_where_it_is_installed(name: str):
    assert run(which, RunSettings(loop=name)) is OtherLoop


@pytest.mark.usefixtures("with_uvloop")
def test_pythons_own_loop_can_be_asked_for():
    assert run(which, RunSettings(loop="asyncio")) is not OtherLoop


@pytest.mark.usefixtures("without_uvloop")
def test_without_uvloop_pythons_own_loop_runs():
    assert loop_factory(RunSettings()) is None
    assert issubclass(run(which, RunSettings()), asyncio.BaseEventLoop)


@pytest.mark.usefixtures("without_uvloop")
def test_uvloop_that_is_asked_for_and_missing_is_said_at_once():
    with pytest.raises(ConfigError, match="not installed") as refused:
        run(which, RunSettings(loop="uvloop"))
    assert "mujaz[fast]" in str(refused.value.remedy)
