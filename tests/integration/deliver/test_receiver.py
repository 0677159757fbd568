"""The embedded mailbox: what is sent to it can be read in it."""

from pathlib import Path

import pytest

from digest.deliver.embedded.maildir import stored_message, stored_messages
from digest.deliver.embedded.server import EmbeddedMailer
from digest.deliver.outcome import Kind
from digest.errors import InputError, StoreError
from digest.settings import MailSettings
from tests.integration.deliver.letters import a_job, sent

MESSAGE = (
    b"From: =?utf-8?b?2YXZiNis2LI=?= <digest@mujaz.example>\r\nTo: amal@mujaz.example\r\n"
    b"Subject: =?utf-8?b?2YXZiNis2LI=?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\n" + "خبر اليوم\r\n.نقطة\r\n".encode()
)


async def test_a_letter_that_was_sent_lies_in_the_mailbox(tmp_path: Path) -> None:
    folder = tmp_path / "box"
    assert stored_messages(folder) == []
    async with EmbeddedMailer(MailSettings(), folder) as mailer:
        assert (await mailer.check()).startswith("250")
        outcomes = await sent(mailer, [a_job(1, "amal@mujaz.example", build=lambda: MESSAGE, ready=False)])
    assert outcomes.of(1).kind is Kind.ACCEPTED
    found = stored_messages(folder)
    assert [(one.subject, one.recipient) for one in found] == [("موجز", "amal@mujaz.example")]
    opened = stored_message(folder, found[0].key)
    assert opened.text.replace("\r\n", "\n") == "خبر اليوم\n.نقطة\n"
    assert dict(opened.headers)["Return-Path"] == "<b+1.x@bounces.mujaz.example>"
    assert opened.source.endswith(MESSAGE)


async def test_a_key_leads_out_of_no_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    async with EmbeddedMailer(MailSettings(), tmp_path / "box") as mailer:
        await sent(mailer, [a_job(1)])
    for key in ("../../secret", "/etc/passwd", "missing"):
        with pytest.raises(InputError):
            stored_message(tmp_path / "box", key)


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with EmbeddedMailer(MailSettings(), tmp_path / "file" / "box") as mailer:
        with pytest.raises(StoreError, match=r"mailbox\.folder"):
            await mailer.check()
