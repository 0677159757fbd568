"""Secrets are hidden wherever something is printed, and the sentences about wrong settings are clear."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st

from digest.bootstrap import configure_logging
from digest.errors import ConfigError
from digest.settings import RunSettings, Settings, load, names, variable
from digest.settings.hidden import MARK, redacted, redacted_traceback, remember

PLANTED = "Pl4nted-sEcret"


def secret_settings() -> Iterator[str]:
    """Every setting that holds a secret, by its kind; a new one is found by itself."""
    for name, group, field in names():
        info = Settings.model_fields[group].annotation.model_fields[field]
        if "SecretStr" in str(info.annotation) and "dict" not in str(info.annotation):
            yield name


@pytest.fixture(autouse=True)
def _forgotten_afterwards() -> Iterator[None]:
    yield
    remember(RunSettings())


def plant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value = f"https://hooks.example/services/T0/{PLANTED}" if name == "alarm.webhook" else PLANTED
    monkeypatch.setenv(variable(name), value)


@pytest.mark.red("config-shows-password")
def test_no_secret_setting_shows_in_config_log_trace_or_library_records(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    planted = list(secret_settings())
    assert {"web.secret", "mail.password", "bounces.mailgun_key", "summarize.key"} <= set(planted)
    for name in planted:
        plant(name, monkeypatch)
    monkeypatch.setenv("DIGEST_DATABASE__URL", f"postgresql://u:{PLANTED}%40@127.0.0.1/x?password={PLANTED}")
    monkeypatch.setenv("DIGEST_COLLECT__IMAP_PASSWORDS", json.dumps({"u@imap.example": PLANTED}))
    monkeypatch.setenv(
        "DIGEST_MAIL__SERVERS", json.dumps([{"host": "a", "username": "u", "password": PLANTED}])
    )
    monkeypatch.setenv("DIGEST_SUMMARIZE__URL", f"https://u:{PLANTED}@llm.example/v1")
    loaded = load()
    shown = "\n".join(row.value for row in loaded.rows())
    assert PLANTED not in shown + repr(loaded.settings.mail)
    assert f"postgresql://u:{MARK}@127.0.0.1/x?password={MARK}" in shown
    configure_logging(RunSettings(log_format="json"))
    error = RuntimeError(f"connection to {loaded.settings.database.url} failed, {PLANTED} refused")
    structlog.get_logger().error("broken", reason=str(error), about=[PLANTED], exc_info=error)
    record = logging.getLogger("library").makeRecord(
        "library", logging.ERROR, "", 0, "cannot log in with %s", (PLANTED,), (type(error), error, None)
    )
    said = capsys.readouterr().err + logging.Formatter().format(record) + redacted_traceback(error)
    assert "broken" in said
    assert "cannot log in" in said
    assert PLANTED not in said


@pytest.mark.red("config-shows-password")
@given(
    password=st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=6, max_size=30)
)
@example("p@ss/wörd:?#[]".encode("ascii", "ignore").decode())
def test_whatever_the_secret_looks_like_it_is_hidden(password: str):
    remember(Settings.model_validate({"mail": {"password": password}}))
    assert password not in redacted(f"535 the login <{password}> was refused").replace(MARK, "")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://user:Pl4nted-sEcret@host/db",
        "postgresql://user:Pl4nted/sEcret@host/db".replace("/s", "-s"),
        "cannot open https://u:Pl4nted-sEcret@host/feed, sorry",
        "GET https://host/feed?a=1&api_key=Pl4nted-sEcret&b=2",
        "GET https://host/feed?token=Pl4nted-sEcret",
        "host=db user=u password='Pl4nted-sEcret' dbname=x",
        "redis://:Pl4nted-sEcret@host",
    ],
)
def test_what_looks_like_a_secret_is_hidden_though_no_setting_names_it(text: str):
    assert PLANTED not in redacted(text)
    assert "host" in redacted(text)


@pytest.mark.red("config-shows-password")
@pytest.mark.parametrize("url", [f"nonsense {PLANTED}", f"postgres:/u:{PLANTED}@h//", f"u:{PLANTED}@h/x"])
def test_an_address_of_a_database_that_is_none_is_hidden_whole(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", url)
    loaded = load()
    assert PLANTED not in "\n".join(row.value for row in loaded.rows()) + redacted(f"cannot open {url}")


@pytest.mark.parametrize(
    ("variable_", "value", "words"),
    [
        ("COLLECT__ALLOW_HOSTS", "a", ["collect.allow_hosts 'a'", "a list of texts", '\'["a", "b"]\'']),
        ("COLLECT__ALLOW_HOSTS", '{"a": 1}', ["collect.allow_hosts", "a list of texts"]),
        ("MAIL__RETRY_MINUTES", "5", ["mail.retry_minutes", "a list of whole numbers", "[5, 15"]),
        ("MAIL__RETRY_MINUTES", '["b"]', ["mail.retry_minutes.0 'b'", "a whole number"]),
        ("MAIL__PORT", "x", ["mail.port 'x'", "a whole number from 1 to 65535", "DIGEST_MAIL__PORT=587"]),
        ("MAIL__TLS", "maybe", ["starttls, implicit, none or opportunistic"]),
        ("MAIL__PIPELINING", "perhaps", ["true or false"]),
        ("PACING__QUIET_FROM", "25:00", ["a time of day, HH:MM"]),
        ("RUN__TICK_SECONDS", "0", ["run.tick_seconds '0'", "a number above 0"]),
        ("BOUNCES__MOST_BOUNCED", "2", ["above 0, at most 1"]),
        ("MAIL__SERVERS", '[{"host": "a", "prt": 1}]', ["mail.servers.0.prt", "Did you mean port?"]),
        ("MAIL__SERVERS", '[{"port": 1}]', ["mail.servers.0.host", "missing"]),
        ("WEB__SECRET", "a", ["web.secret", "1 letter", "12 or more", "digest keys remember"]),
        ("COLLECT__IMAP_PASSWORDS", "x", ["a table of texts"]),
    ],
)
def test_a_wrong_variable_is_one_sentence_with_what_is_expected_and_an_example(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable_: str, value: str, words: list[str]
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"DIGEST_{variable_}", value)
    with pytest.raises(ConfigError) as caught:
        load()
    said = str(caught.value)
    for word in [f"DIGEST_{variable_}", *words]:
        assert word in said
    for foreign in ("Input should", "EnvSettingsSource", "parsing", "Value error", "validation"):
        assert foreign not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "[collect]\nallow_hosts = 'a'\n",
            ["collect.allow_hosts 'a'", 'allow_hosts = ["a", "b"] below [collect]'],
        ),
        ("mail = 3\n", ["mail", "no table", "[mail]"]),
        ("[mail]\nport = 'x'\n", ["mail.port 'x'", "port = 587 below [mail]"]),
        ("[[mail.servers]]\nhost = 'a'\nprt = 1\n", ["mail.servers.0.prt", "port"]),
    ],
)
def test_a_wrong_file_is_one_sentence_with_what_is_expected_and_an_example(
    tmp_path: Path, content: str, words: list[str]
):
    file = tmp_path / "digest.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(file)
    for word in [str(file), *words]:
        assert word in str(caught.value)
    assert "Input should" not in str(caught.value)


@pytest.mark.red("config-shows-password")
@pytest.mark.parametrize(
    "content",
    [
        f"[mail]\nhost = 'a'\npassword = '{PLANTED}'\n[[mail.servers]]\nhost = 'b'\npassword = '{PLANTED}'\n",
        f"[mail]\nservers = '{PLANTED}'\n",
        f"[[mail.servers]]\npassword = '{PLANTED}'\n",
        f"[mail]\npassword = ['{PLANTED}']\n",
        f"[collect.imap_passwords]\na = ['{PLANTED}']\n",
        f"[database]\nurl = ['{PLANTED}']\n",
        f"[web]\nsecret = ['{PLANTED}']\n",
        f"database = 'postgresql://u:{PLANTED}@h/x'\n",
        f"[alarm]\nwebhook = ['https://x/{PLANTED}']\n",
    ],
)
def test_a_complaint_about_a_setting_repeats_no_secret(tmp_path: Path, content: str):
    file = tmp_path / "digest.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(file)
    assert PLANTED not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_secret_in_a_file_that_is_no_utf8_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "password"
    file.write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("DIGEST_MAIL__PASSWORD_FILE", str(file))
    with pytest.raises(ConfigError, match="not in UTF-8"):
        load()


def test_a_log_line_holds_nothing_that_steers_a_terminal_and_is_one_line(capsys: pytest.CaptureFixture[str]):
    configure_logging(RunSettings())
    structlog.get_logger().warning("edition.paused", reason="\x1b]0;owned\x07 a\nb \x9b2J \u202egnp.exe")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert not set("\x1b\x07\x9b\u202e") & set(said)
    assert "x1b]0;owned" in said
