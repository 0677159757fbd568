"""`digest keys` and its neighbours, as an operator types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from digest.__main__ import app as digest
from digest.errors import ConfigError, DigestError, InputError

FORMER = "the former secret of links"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    assert run("db", "upgrade").exit_code == 0


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(digest, arguments, input=given)


def states() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in json.loads(run("keys", "list", "--json").stdout):
        found.setdefault(one["purpose"], []).append(one["state"])
    return found


def test_an_operator_sees_the_keys_makes_a_new_one_and_remembers_a_former_one():
    purposes = ["links", "return-paths", "suppression", "sessions", "hubs"]
    assert states() == {one: ["in use"] for one in purposes}
    assert "it is used from" in run("keys", "rotate", "links").stdout
    new, old = states()["links"]
    assert new.startswith("in use from")
    assert old == "in use"
    done = run("keys", "remember", "-", given=f"{FORMER}\n")
    assert "is remembered" in done.stdout
    assert FORMER not in done.stdout + run("keys", "list").stdout
    assert states()["suppression"] == ["still compared with", "in use"]


def test_a_leaked_key_is_ended_only_when_asked_twice():
    assert "Go on?" in run("keys", "rotate", "links", "--leaked", given="n\n").stdout
    assert states()["links"] == ["in use"]
    run("keys", "rotate", "links", "--leaked", "--yes")
    assert states()["links"] == ["in use", "leaked; opens nothing"]


@pytest.mark.parametrize(
    ("command", "kind", "words"),
    [
        ("keys rotate suppression", InputError, "never be mailed"),
        ("keys remember nowhere", InputError, "cannot be read"),
        ("doctor --dns notanip", InputError, "'notanip' is no address of a DNS server"),
        ("doctor --dns 999.1.1.1", InputError, "no address of a DNS server"),
        ("dkim record -s a..b mujaz.example key.pem", InputError, "no name in DNS"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(command: str, kind: type[DigestError], words: str):
    done = run(*command.split())
    assert isinstance(done.exception, kind)
    assert words in str(done.exception)


def test_a_dkim_key_for_no_domain_is_not_made(tmp_path: Path):
    for domain in ("bad domain", "", "a..b", "x\ny.example", ".example"):
        done = run("dkim", "keygen", domain, "key.pem")
        assert isinstance(done.exception, InputError), domain
        assert not (tmp_path / "key.pem").exists()
    assert (
        "_domainkey.xn--mgb9awbf.example. IN TXT" in run("dkim", "keygen", "عمان.example.", "key.pem").stdout
    )


def test_a_key_of_links_that_the_settings_name_is_changed_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIGEST_WEB__SECRET", FORMER)
    done = run("keys", "rotate", "links")
    assert isinstance(done.exception, ConfigError)
    assert "web.secret is set" in str(done.exception)
