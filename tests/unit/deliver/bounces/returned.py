"""Returned mails in the shape of those who write them."""

from dataclasses import dataclass

READER = "reader@mujaz.example"
OURS = "<0123456789abcdef@mujaz.example>"
RETURN_PATH = "b+7.42.0123456789abcdef@bounces.mujaz.example"

ORIGINAL = f"""\
From: =?utf-8?b?2YXZiNis2LI=?= <digest@mujaz.example>
To: {READER}
Message-ID: {OURS}
Subject: =?utf-8?b?2YXZiNis2LIg2KfZhNmK2YjZhQ==?=
"""


@dataclass(frozen=True)
class Shape:
    """How a receiver's reports look. `{}` fields are filled by `returned`."""

    sender: str
    subject: str
    words: str
    message_fields: str
    recipient: str = "Final-Recipient: rfc822; {reader}"
    original: str = "message/rfc822"
    diagnostic: str = "Diagnostic-Code: smtp; {diagnostic}"
    part: str = "message/delivery-status"


SHAPES = {
    "postfix": Shape(
        "MAILER-DAEMON@mx.mujaz.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.mujaz.example.\n\n<{reader}>: host mail.example said: {diagnostic}",
        "Reporting-MTA: dns; mx.mujaz.example\nX-Postfix-Queue-ID: 4XyZ\nX-Postfix-Sender: rfc822; {path}\n",
        "Final-Recipient: rfc822; {reader}\nOriginal-Recipient: rfc822;{reader}",
        "text/rfc822-headers",
    ),
    "postfix-utf8": Shape(
        "MAILER-DAEMON@mx.mujaz.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "<{reader}>: {diagnostic}",
        "Reporting-MTA: dns; mx.mujaz.example\n",
        "Final-Recipient: utf-8; {reader}",
        "message/global-headers",
        part="message/global-delivery-status",
    ),
    "gmail": Shape(
        "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
        "Delivery Status Notification (Failure)",
        "** Address not found **\n\nYour message wasn't delivered to {reader}\n\nThe response was:\n\n{diagnostic}",
        "Reporting-MTA: dns; googlemail.example\nReceived-From-MTA: dns; digest@mujaz.example\n"
        "Arrival-Date: Mon, 05 Jan 2026 04:00:00 -0800 (PST)\nX-Original-Message-ID: {ours}\n",
    ),
    "exchange-online": Shape(
        "postmaster@outlook.example",
        "Undeliverable: =?utf-8?b?2YXZiNis2LI=?=",
        "Delivery has failed to these recipients or groups:\n\n{reader}\n\n{diagnostic}",
        "Reporting-MTA: dns;DB9PR01.prod.example\nReceived-From-MTA: dns;VE1EUR01.mail.example\n",
        "Final-Recipient: rfc822;{reader}",
        diagnostic="Diagnostic-Code: smtp;{diagnostic}",
    ),
    "exim": Shape(
        "Mail Delivery System <Mailer-Daemon@exim.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\n  {reader}\n    {diagnostic}",
        "Reporting-MTA: dns; exim.example\n",
        diagnostic="Remote-MTA: dns; mail.example\nDiagnostic-Code: smtp; {diagnostic}",
    ),
    "sendmail": Shape(
        "Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example>",
        "Returned mail: see transcript for details",
        "   ----- The following addresses had permanent fatal errors -----\n<{reader}>\n    (reason: {diagnostic})",
        "Reporting-MTA: dns; sendmail.example\nReceived-From-MTA: DNS; mx.mujaz.example\n",
        "Final-Recipient: RFC822; {reader}",
        diagnostic="Diagnostic-Code: SMTP; {diagnostic}\nLast-Attempt-Date: Mon, 5 Jan 2026 12:00:00 GMT",
    ),
    "yahoo": Shape(
        "MAILER-DAEMON@yahoo.example",
        "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<{reader}>:\n{diagnostic}",
        "Reporting-MTA: dns; yahoo.example\n",
    ),
    "icloud": Shape(
        "Mail Delivery System <MAILER-DAEMON@mac.example>",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host icloud.example.\n\n<{reader}>: {diagnostic}",
        "Reporting-MTA: dns; icloud.example\n",
        "Final-Recipient: rfc822; {reader}",
        "text/rfc822-headers",
    ),
    "gmx": Shape(
        "GMX Mailer Daemon <mailer-daemon@gmx.example>",
        "Mail delivery failed: returning message to sender",
        "A message that you sent could not be delivered: {reader}: {diagnostic}",
        "Reporting-MTA: dns; gmx.example\nArrival-Date: Mon, 05 Jan 2026 13:00:00 +0100\n",
    ),
    "zoho": Shape(
        "mailer-daemon@mail.zoho.example",
        "Undelivered Mail Returned to Sender",
        "This message was created automatically by mail delivery software.\n{reader}, {diagnostic}",
        "Reporting-MTA: dns; mx.zoho.example\n",
        "Original-Recipient: rfc822; {reader}\nFinal-Recipient: rfc822; {reader}",
    ),
    "mail.ru": Shape(
        "mailer-daemon@corp.mail.example",
        "Mail failure.",
        "This message was created automatically by mail delivery software.\n{reader}\n{diagnostic}",
        "Reporting-MTA: dns; mx.mail.example\n",
    ),
    "orange": Shape(
        "MAILER-DAEMON@orange.example",
        "Message non distribue / Undelivered mail",
        "Votre message n'a pas pu etre distribue a {reader} : {diagnostic}",
        "Reporting-MTA: dns; orange.example\n",
    ),
    "ses": Shape(
        "MAILER-DAEMON@amazonses.example",
        "Delivery Status Notification (Failure)",
        "An error occurred while trying to deliver the mail to the following recipients:\n{reader}",
        "Reporting-MTA: dns; a1-2.smtp-out.amazonses.example\n",
    ),
    "arabic": Shape(
        "=?utf-8?b?2YbYuNin2YUg2KfZhNio2LHZitiv?= <mailer-daemon@isp.example>",
        "=?utf-8?b?2KrYudiw2ZHYsSDYqtiz2YTZitmFINix2LPYp9mE2KrZgw==?=",
        "تعذّر تسليم رسالتك إلى {reader}\n{diagnostic}",
        "Reporting-MTA: dns; isp.example\n",
    ),
}


def returned(
    shape: str,
    status: str,
    diagnostic: str,
    action: str = "failed",
    reader: str = READER,
    to: str = RETURN_PATH,
) -> bytes:
    """Write one returned mail."""
    form = SHAPES[shape]
    fill = {"reader": reader, "diagnostic": diagnostic, "path": to, "ours": OURS}
    text = f"""\
Return-Path: <>
From: {form.sender}
To: {to}
Subject: {form.subject}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{form.words.format(**fill)}

--cut
Content-Type: {form.part}

{form.message_fields.format(**fill)}
{form.recipient.format(**fill)}
Action: {action}
Status: {status}
{form.diagnostic.format(**fill)}

--cut
Content-Type: {form.original}

{ORIGINAL}
--cut--
"""
    return text.replace("\n", "\r\n").encode()


def complaint(kind: str = "abuse", *, original_to: str = READER, fields: str = "") -> bytes:
    """Write a report of somebody who pressed the spam button (RFC 5965)."""
    return f"""\
From: feedback@receiver.example
To: {RETURN_PATH}
Subject: FW: Earn
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="cut"

--cut
Content-Type: text/plain

This is an email abuse report.

--cut
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Feedback/1.0
Version: 1
{fields}
--cut
Content-Type: message/rfc822

{ORIGINAL.replace(READER, original_to)}
Text

--cut--
""".replace("\n", "\r\n").encode()


def plain(subject: str, body: str, sender: str = "MAILER-DAEMON@old.example", headers: str = "") -> bytes:
    """Write a mail of no standard form."""
    return f"From: {sender}\nTo: {RETURN_PATH}\nSubject: {subject}\n{headers}\n{body}\n".replace(
        "\n", "\r\n"
    ).encode()
