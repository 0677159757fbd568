"""Settings: three layers, clear complaints."""

from pathlib import Path

import pytest

from digest.errors import ConfigError
from digest.settings import load, names, variable


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "digest.toml"


def test_without_anything_the_defaults_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    loaded = load()
    assert loaded.settings.mail.host is None
    assert loaded.settings.database.url == "sqlite:///subscribers.db"
    assert {row.origin for row in loaded.rows()} == {"default"}


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    file.write_text('[mail]\nhost = "from.file"\nport = 26\n', encoding="utf-8")
    monkeypatch.setenv("DIGEST_MAIL__HOST", "from.environment")
    loaded = load(file)
    assert (loaded.settings.mail.host, loaded.settings.mail.port) == ("from.environment", 26)
    origins = {row.name: row.origin for row in loaded.rows()}
    assert origins["mail.host"] == "DIGEST_MAIL__HOST"
    assert origins["mail.port"] == str(file)
    assert origins["mail.tls"] == "default"


def test_a_secret_may_stand_in_a_file_and_is_never_shown(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    secret = tmp_path / "password"
    secret.write_text("s3cret-word\n", encoding="utf-8")
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("DIGEST_MAIL__PASSWORD_FILE", str(secret))
    loaded = load(file)
    assert loaded.settings.mail.password is not None
    assert loaded.settings.mail.password.get_secret_value() == "s3cret-word"
    assert not any("s3cret" in row.value for row in loaded.rows())
    assert "s3cret" not in repr(loaded.settings)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[mail]\nport = 99999\n", ["mail.port", "99999", "digest.toml", "65535"]),
        ("[mail]\nhots = 'x'\n", ["mail.hots", "digest.toml", "mail.host"]),
        ("[mial]\nhost = 'x'\n", ["mial", "digest.toml", "mail"]),
        ("[mail]\ntls = 'maybe'\n", ["mail.tls", "starttls"]),
        ("[mail\n", ["digest.toml", "TOML"]),
    ],
)
def test_a_wrong_file_says_which_where_and_what_would_be_right(file: Path, content: str, words: list[str]):
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(file)
    for word in words:
        assert word in str(caught.value)


def test_a_misspelt_variable_is_not_passed_over(file: Path, monkeypatch: pytest.MonkeyPatch):
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("DIGEST_MAIL__HOTS", "x")
    with pytest.raises(ConfigError, match="DIGEST_MAIL__HOST"):
        load(file)


def test_a_wrong_secret_is_not_repeated_in_the_complaint(file: Path):
    file.write_text("[web]\nsecret = 12345\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert "12345" not in str(caught.value)


def test_a_named_file_must_exist(tmp_path: Path):
    with pytest.raises(ConfigError, match="no settings file"):
        load(tmp_path / "nowhere.toml")


def test_every_setting_has_a_description_and_a_variable():
    rows = list(names())
    assert len(rows) > 20
    assert variable("mail.host") == "DIGEST_MAIL__HOST"
    assert all(row.description for row in load(None).rows())
