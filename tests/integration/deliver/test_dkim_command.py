"""`digest dkim`: a key for its owner, a line for DNS."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from digest.__main__ import app
from digest.errors import ConfigError, InputError


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_key_is_made_and_its_record_shown_again(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "key.pem"
    made = CliRunner().invoke(
        app, ["dkim", "keygen", "mujaz.example", str(file), "--type", kind, "-s", "one"]
    )
    assert made.exit_code == 0
    line = made.stdout.splitlines()[0]
    assert line.startswith(f'one._domainkey.mujaz.example. IN TXT "v=DKIM1; k={kind}; p=')
    assert file.stat().st_mode & 0o777 == 0o600
    shown = CliRunner().invoke(app, ["dkim", "record", "mujaz.example", str(file), "--selector", "one"])
    assert shown.stdout.splitlines() == [line]


def test_a_key_in_use_is_neither_overwritten_nor_shown_to_others(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    ask = ["dkim", "keygen", "mujaz.example", str(file), "--type", "ed25519"]
    assert CliRunner().invoke(app, ask).exit_code == 0
    content = file.read_bytes()
    assert isinstance(CliRunner().invoke(app, ask).exception, InputError)
    assert file.read_bytes() == content
    file.chmod(0o644)
    refused = CliRunner().invoke(app, ["dkim", "record", "mujaz.example", str(file)])
    assert isinstance(refused.exception, ConfigError)
