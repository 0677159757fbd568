"""The whole proof that no header is ever corrupt: a million subjects and a million display names."""

import sys
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from digest.render.message import headers
from tests.unit.render.message import independent
from tests.unit.render.message.invented_names import Inventor

MILLION = 1_000_000
SAMPLE = 20_000


def arrives(raw: bytes, text: str, *, display: bool = False) -> bool:
    """Say whether a field is read as what was written."""
    try:
        (field,) = independent.fields(raw)
        _, value = independent.unfolded(field)
        return (independent.mailbox(value)[0] if display else independent.shown(value)) == text
    except (independent.MalformedError, ValueError):
        return False


def by_the_standard_library(text: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = text
    return message.as_bytes().removesuffix(b"\r\n")


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_million_subjects_and_a_million_names_arrive_whole(capsys: pytest.CaptureFixture[str]) -> None:
    inventor = Inventor(seed=20260105)
    corrupt = corrupt_names = beyond = 0
    for _ in range(MILLION):
        text, name = inventor.line(), inventor.line()
        subject, sender = (
            headers.unstructured("Subject", text),
            headers.mailbox("From", name, "a@mujaz.example"),
        )
        corrupt += not arrives(subject, text)
        corrupt_names += not arrives(sender, name, display=True)
        beyond += not (independent.keeps_to_limits(subject) and independent.keeps_to_limits(sender))
    report = f"{MILLION:,} subjects: {corrupt} corrupt; {MILLION:,} names: {corrupt_names} corrupt; {beyond} beyond limits"
    theirs = [(text, by_the_standard_library(text)) for text in (inventor.arabic() for _ in range(SAMPLE))]
    lost = sum(not arrives(raw, text) for text, raw in theirs)
    long = sum(not independent.keeps_to_limits(raw) for _, raw in theirs)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{report}\nPython {sys.version.split()[0]}'s own folding of {SAMPLE:,} Arabic subjects: "
            f"{lost:,} corrupt, {long:,} beyond limits\n"
        )
    assert (corrupt, corrupt_names, beyond) == (0, 0, 0)
