"""DKIM in the product: what `digest run` mails is signed, and dkimpy agrees."""

import email
from email import policy
from pathlib import Path

import dkim as dkimpy

from digest.deliver.dkim import keys
from tests.acceptance.conftest import Command


def test_a_letter_of_a_run_with_keys_verifies(digest: Command, tmp_path: Path):
    rsa = keys.make("rsa", tmp_path / "rsa.pem")
    keys.make("ed25519", tmp_path / "ed25519.pem")
    named = {
        "DIGEST_DKIM__RSA_KEY": "rsa.pem",
        "DIGEST_DKIM__ED25519_KEY": "ed25519.pem",
        "DIGEST_WEB__PUBLIC_URL": "https://news.mujaz.example",
    }
    done = digest("run", "--demo", **named)
    assert done.returncode == 0, done.stderr
    record = keys.record_value(rsa).encode()
    kept = [path for path in (tmp_path / "out" / "mailbox").rglob("*") if path.is_file()]
    assert len(kept) == 3
    for path in kept:
        raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        letter = email.message_from_bytes(raw, policy=policy.default)
        signed = letter.get_all("DKIM-Signature")
        assert signed is not None
        assert [" a=rsa-sha256;" in f" {one}" for one in signed] == [True, False]
        assert all("List-Unsubscribe-Post".lower() in one.lower() for one in signed)
        assert "feedback-id" in signed[0]
        assert dkimpy.verify(raw, dnsfunc=lambda *_, **__: record)
        assert not dkimpy.verify(raw.replace(b"To: ", b"To: x"), dnsfunc=lambda *_, **__: record)


def test_a_key_that_others_can_read_stops_the_run(digest: Command, tmp_path: Path):
    keys.make("rsa", tmp_path / "rsa.pem")
    (tmp_path / "rsa.pem").chmod(0o644)
    done = digest("run", "--demo", DIGEST_DKIM__RSA_KEY="rsa.pem")
    assert done.returncode == 2
    assert "chmod 600" in done.stderr
