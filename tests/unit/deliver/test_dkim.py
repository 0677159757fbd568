"""Signatures, as dkimpy sees them."""

import os
import re
from pathlib import Path

import dkim as dkimpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.dkim import keys
from digest.deliver.dkim.canonical import relaxed_body
from digest.deliver.dkim.signer import Signer, from_settings
from digest.errors import ConfigError, InputError
from digest.settings import DkimSettings

HEADER = (
    b"MIME-Version: 1.0\r\nDate: Mon, 05 Jan 2026 07:00:00 +0300\r\nFrom: =?utf-8?b?2YXZiNis2LI=?=\r\n <digest@news.mujaz.example>\r\n"
    b"Subject:  =?utf-8?b?2YXZiNis2LI=?=  \r\nTo: amal@example.org\r\nMessage-ID: <1@mujaz.example>\r\n"
    b"List-Unsubscribe: <https://mujaz.example/u/1>,\r\n\t<mailto:leave@mujaz.example>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nFeedback-ID: 1:daily:1:mujaz\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
)
BODY = "أخبار  اليوم \r\n\tنص\r\n\r\nالخاتمة\r\n\r\n\r\n".encode()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> dict[str, keys.PrivateKey]:
    folder = tmp_path_factory.mktemp("keys")
    return {kind: keys.make(kind, folder / kind) for kind in ("rsa", "ed25519")}


def signer(pair: dict[str, keys.PrivateKey]) -> Signer:
    return Signer("mujaz.example", [(pair["rsa"], "one"), (pair["ed25519"], "two")])


def verified(message: bytes, pair: dict[str, keys.PrivateKey], index: int = 0) -> bool:
    """Ask dkimpy about the RSA signature."""
    record = keys.record_value(pair["rsa"]).encode()
    try:
        return bool(dkimpy.DKIM(message).verify(idx=index, dnsfunc=lambda *_, **__: record))
    except dkimpy.ValidationError:
        return False


class _Public:
    """What dkimpy asks of PyNaCl's key, by the library that is here anyway."""

    def __init__(self, key: keys.PrivateKey) -> None:
        self._key = key.public_key()

    def verify(self, digest: bytes, signature: bytes) -> None:
        self._key.verify(signature, digest)  # type: ignore[call-arg, arg-type]


def ed25519_holds(message: bytes, pair: dict[str, keys.PrivateKey], index: int) -> bool:
    """Let dkimpy hash what the Ed25519 signature at this place covers, and check the signature."""
    asked = dkimpy.DKIM(message)
    field = [one for one in asked.headers if one[0].lower() == b"dkim-signature"][index]
    tags = dkimpy.parse_tag_value(field[1])
    asked.pk, asked.keysize, asked.ktag, asked.seqtlsrpt = _Public(pair["ed25519"]), 256, b"ed25519", False
    signed = [name.lower() for name in re.split(rb"\s*:\s*", tags[b"h"].strip())]
    return bool(asked.verify_sig_process(tags, signed, field, None))


def test_both_signatures_hold(pair: dict[str, keys.PrivateKey]) -> None:
    message = signer(pair).sign(HEADER + b"\r\n" + BODY)
    assert message.count(b"DKIM-Signature:") == 2
    assert b"a=rsa-sha256" in message
    assert b"a=ed25519-sha256" in message
    assert verified(message, pair)
    assert ed25519_holds(message, pair, 1)
    assert all(len(line) <= 78 for line in message.partition(b"MIME-Version")[0].split(b"\r\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"amal@example.org", b"other@example.org"),
        (b"One-Click", b"No-Click"),
        (b"Feedback-ID: 1", b"Feedback-ID: 2"),
        (b"https://mujaz.example/u/1", b"https://evil.example/u/1"),
        ("الخاتمة".encode(), "خاتمة".encode()),
        (b"MIME-Version: 1.0", b"From: other@evil.example\r\nMIME-Version: 1.0"),
        (b"MIME-Version: 1.0", b"Subject: other\r\nMIME-Version: 1.0"),
    ],
)
def test_what_is_signed_cannot_be_changed_or_added_to(
    pair: dict[str, keys.PrivateKey], old: bytes, new: bytes
) -> None:
    message = signer(pair).sign(HEADER + b"\r\n" + BODY)
    assert not verified(message.replace(old, new, 1), pair)


def test_blanks_may_change_on_the_way(pair: dict[str, keys.PrivateKey]) -> None:
    message = signer(pair).sign(HEADER + b"\r\n" + BODY)
    assert verified(message.replace(b"  \r\nTo:", b"\r\nTo:") + b"\r\n\r\n", pair)


@given(
    opening=st.text(alphabet="a \t\r\n", max_size=12),
    rest=st.text(alphabet="b \t\r\n", max_size=12),
)
def test_it_does_not_matter_where_the_constant_opening_ends(
    pair: dict[str, keys.PrivateKey], opening: str, rest: str
) -> None:
    # Whole lines only: a lone CR or LF never leaves the house.
    first = opening.replace("\r", "").replace("\n", "\r\n").encode()
    second = rest.replace("\r", "").replace("\n", "\r\n").encode() + b"\r\n"
    fields = Signer("mujaz.example", [(pair["rsa"], "one")]).header(HEADER, first, second)
    assert verified(fields + HEADER + b"\r\n" + first + second, pair)


@given(st.text(alphabet="ab \t\n", max_size=40))
def test_relaxing_twice_is_relaxing_once(text: str) -> None:
    once = relaxed_body(text.replace("\n", "\r\n").encode())
    assert relaxed_body(once) == once
    assert not once or once.endswith(b"\r\n")


def test_the_opening_of_another_edition_is_hashed_anew(pair: dict[str, keys.PrivateKey]) -> None:
    one = Signer("mujaz.example", [(pair["rsa"], "one")])
    for opening in (b"first\r\n", b"second\r\n", b"first\r\n"):
        fields = one.header(HEADER, opening, b"rest\r\n")
        assert verified(fields + HEADER + b"\r\n" + opening + b"rest\r\n", pair)


def test_a_key_is_made_for_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "key.pem"
    made = keys.make("ed25519", file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys.record_value(keys.load(file)) == keys.record_value(made)
    with pytest.raises(InputError, match="already"):
        keys.make("ed25519", file)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o620])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "key.pem"
    keys.make("ed25519", file)
    file.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        keys.load(file)


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key.pem"
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
    with pytest.raises(ConfigError, match="no RSA or Ed25519 key"):
        keys.load(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        keys.load(tmp_path / "missing.pem")


def test_the_dns_line_is_cut_into_strings(pair: dict[str, keys.PrivateKey]) -> None:
    line = keys.zone_line(pair["rsa"], "one", "mujaz.example")
    name, _, strings = line.partition(" IN TXT ")
    assert name == "one._domainkey.mujaz.example."
    pieces = [piece.strip('"') for piece in strings.split('" "')]
    assert all(len(piece) <= 255 for piece in pieces)
    assert "".join(pieces) == keys.record_value(pair["rsa"])


def test_settings_make_a_signer(tmp_path: Path) -> None:
    rsa, ed = tmp_path / "rsa", tmp_path / "ed"
    keys.make("rsa", rsa)
    keys.make("ed25519", ed)
    assert from_settings(DkimSettings(), "digest@mujaz.example") is None
    made = from_settings(DkimSettings(rsa_key=rsa, ed25519_key=ed), "digest@mujaz.example")
    assert made is not None
    assert made.sign(HEADER + b"\r\n" + BODY).count(b"d=mujaz.example") == 2
    with pytest.raises(ConfigError, match="alone"):
        from_settings(DkimSettings(ed25519_key=ed), "digest@mujaz.example")
    with pytest.raises(ConfigError, match="no such key"):
        from_settings(DkimSettings(rsa_key=ed), "digest@mujaz.example")
    with pytest.raises(ConfigError, match="would not count"):
        from_settings(DkimSettings(rsa_key=rsa, domain="other.example"), "digest@mujaz.example")
    assert from_settings(DkimSettings(rsa_key=rsa, domain="mujaz.example"), "digest@news.mujaz.example")


@pytest.mark.parametrize("name", ["", "a b.example", "x;y", "x\r\ny", "-a.example", "موجز.example"])
def test_a_name_that_cannot_stand_in_a_signature_is_refused(
    pair: dict[str, keys.PrivateKey], name: str
) -> None:
    with pytest.raises(ConfigError):
        Signer(name, [(pair["ed25519"], "two")])
    with pytest.raises(ConfigError):
        Signer("mujaz.example", [(pair["ed25519"], name)])
