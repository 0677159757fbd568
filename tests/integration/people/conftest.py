"""What tests of the audience's commands share: a database in the working folder, and the real command."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from digest.__main__ import app as commands


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `digest` on a database of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", f"sqlite:///{tmp_path}/digest.db")
    monkeypatch.setenv("DIGEST_WEB__SECRET", "s" * 32)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments, **given: CliRunner().invoke(commands, arguments, **given)


def answered(result: Result) -> Any:
    """Return what a command answered as JSON."""
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)
