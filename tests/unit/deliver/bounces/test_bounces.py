"""Returned mails of all shapes, and what they come to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.bounces.parse.classify import classify
from digest.deliver.bounces.parse.read import read
from digest.deliver.bounces.report import BounceReport, Event, Weight
from digest.deliver.bounces.score import (
    Rules,
    Score,
    Step,
    counted,
    faded,
    probe_bounced,
    refused_at_rcpt,
)
from tests.unit.deliver.bounces.returned import (
    OURS,
    READER,
    RETURN_PATH,
    SHAPES,
    complaint,
    plain,
    returned,
)

FATES = [
    ("5.1.1", "550 5.1.1 No such user here", "failed", Weight.HARD, "5.1.1"),
    ("5.2.2", "552 5.2.2 Mailbox full", "failed", Weight.SOFT, "5.2.2"),
    ("5.0.0", "550 5.7.1 Blocked by reputation", "failed", Weight.BLOCK, "5.7.1"),
    ("4.4.1", "connection timed out", "delayed", Weight.SOFT, "4.4.1"),
    ("5.4.4", "Host or domain name not found", "failed", Weight.HARD, "5.4.4"),
]
SPECIAL = [
    ("gmail", "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 gsmtp", "failed", Weight.HARD, "5.1.1"),
    ("gmail", "4.2.2", "452-4.2.2 The recipient's inbox is out of storage space. gsmtp", "failed", Weight.SOFT, "4.2.2"),
    ("gmail", "5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated.", "failed", Weight.BLOCK, "5.7.26"),
    ("gmail", "5.2.1", "550 5.2.1 The email account that you tried to reach is inactive.", "failed", Weight.UNKNOWN, "5.2.1"),
    ("exchange-online", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup", "failed", Weight.HARD, "5.1.10"),
    ("exchange-online", "5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "failed", Weight.HARD, "5.4.1"),
    ("exchange-online", "5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup", "failed", Weight.UNKNOWN, "5.7.133"),
    ("exchange-online", "5.7.515", "550 5.7.515 Access denied, sending domain does not meet the required authentication level", "failed", Weight.BLOCK, "5.7.515"),
    ("yahoo", "5.0.0", "554 delivery error: dd This user doesn't have a yahoo account [0]", "failed", Weight.HARD, "5.0.0"),
    ("yahoo", "5.0.0", "553 5.7.1 [BL21] Connections will not be accepted", "failed", Weight.BLOCK, "5.7.1"),
    ("icloud", "5.2.2", "552 5.2.2 Over quota", "failed", Weight.SOFT, "5.2.2"),
    ("icloud", "5.7.1", "550 5.7.1 [CS01] Message rejected due to local policy", "failed", Weight.BLOCK, "5.7.1"),
    ("gmx", "5.0.0", "550 Requested action not taken: mailbox unavailable", "failed", Weight.UNKNOWN, "5.0.0"),
    ("gmx", "5.0.0", "552 Requested mail action aborted: mailbox full", "failed", Weight.SOFT, "5.0.0"),
    ("orange", "5.1.1", "550 5.1.1 Adresse d au moins un destinataire invalide. OFR_416", "failed", Weight.HARD, "5.1.1"),
    ("zoho", "5.2.2", "552 5.2.2 Mailbox quota exceeded", "failed", Weight.SOFT, "5.2.2"),
    ("mail.ru", "5.0.0", "550 spam message rejected", "failed", Weight.BLOCK, "5.0.0"),
    ("mail.ru", "5.0.0", "550 invalid mailbox. User not found", "failed", Weight.HARD, "5.0.0"),
    ("postfix", "4.4.7", "delivery temporarily suspended: connect timed out", "failed", Weight.UNKNOWN, "4.4.7"),
    ("postfix", "5.3.4", "552 5.3.4 Message size exceeds fixed limit", "failed", Weight.BLOCK, "5.3.4"),
    ("postfix", "5.6.7", "SMTPUTF8 is required, but was not offered", "failed", Weight.BLOCK, "5.6.7"),
    ("sendmail", "5.1.2", "550 Host unknown (Name server: nowhere.example: host not found)", "failed", Weight.HARD, "5.1.2"),
    ("ses", "5.1.1", "550 5.1.1 user unknown", "failed", Weight.HARD, "5.1.1"),
    ("exim", "5.0.0", "550 Unrouteable address", "failed", Weight.HARD, "5.0.0"),
    ("arabic", "5.0.0", "552 صندوق البريد ممتلئ", "failed", Weight.SOFT, "5.0.0"),
    ("arabic", "5.0.0", "554 عنوانكم محظور", "failed", Weight.BLOCK, "5.0.0"),
]  # fmt: skip
CORPUS = [(shape, *fate) for shape in SHAPES for fate in FATES] + SPECIAL


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 60
    assert len({row[0] for row in CORPUS}) >= 12


@pytest.mark.parametrize(("shape", "status", "diagnostic", "action", "weight", "code"), CORPUS)
def test_a_returned_mail_is_read(
    shape: str, status: str, diagnostic: str, action: str, weight: Weight, code: str
) -> None:
    (report,) = read(returned(shape, status, diagnostic, action))
    assert (report.event, report.address) == (Event.BOUNCE, READER)
    assert (report.weight, report.code) == (weight, code)
    assert report.message_id == OURS
    assert report.read_by == "dsn"
    assert diagnostic[:40] in report.words


def test_the_return_path_says_whose_it_is_whatever_the_report_names() -> None:
    owner = {RETURN_PATH: "amal@mujaz.example"}.get
    content = returned("gmail", "5.1.1", "550 5.1.1 none", reader="forwarded@elsewhere.example")
    assert [one.address for one in read(content, owner=owner)] == ["amal@mujaz.example"]
    moved = returned("gmail", "5.1.1", "550 5.1.1 none", to="someone@else.example")
    assert [one.address for one in read(moved, [RETURN_PATH], owner)] == ["amal@mujaz.example"]
    assert [one.address for one in read(moved, owner=owner)] == [READER]


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_is_no_bounce(action: str) -> None:
    assert read(returned("postfix", "2.0.0", "250 ok", action)) == ()


def test_a_complaint_is_read() -> None:
    (report,) = read(complaint())
    assert (report.event, report.address, report.message_id) == (Event.COMPLAINT, READER, OURS)
    (named,) = read(complaint(original_to="redacted", fields="Original-Rcpt-To: <amal@mujaz.example>\n"))
    assert named.address == "amal@mujaz.example"
    (known,) = read(
        complaint(original_to="redacted"), owner=lambda address: READER if address == RETURN_PATH else None
    )
    assert known.address == READER


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_reports_that_are_no_complaints_are_left(kind: str) -> None:
    assert read(complaint(kind)) == ()


QMAIL = """\
Hi. This is the qmail-send program at old.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<reader@mujaz.example>:
192.0.2.9 does not like recipient.
Remote host said: 550 5.1.1 sorry, no mailbox here by that name
Giving up on 192.0.2.9.

--- Below this line is a copy of the message.

Message-ID: <x@mujaz.example>
"""


def test_forms_before_the_standard_are_read_too() -> None:
    (report,) = read(plain("failure notice", QMAIL))
    assert (report.address, report.weight, report.code) == (READER, Weight.HARD, "5.1.1")
    assert report.read_by == "letter"


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Out of Office: news", ""),
        ("Automatic reply: news", ""),
        ("رد تلقائي: خارج المكتب", ""),
        ("=?utf-8?b?2LHYryDYqtmE2YLYp9im2Yo=?=", ""),
        ("news", "Auto-Submitted: auto-replied\n"),
        ("news", "X-Autoreply: yes\n"),
        ("news", "Precedence: auto_reply\n"),
    ],
)
def test_a_vacation_answer_says_nothing(subject: str, headers: str) -> None:
    assert read(plain(subject, QMAIL, sender="amal@mujaz.example", headers=headers)) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: hello\r\n\r\nJust a letter about reader@mujaz.example",
        b"Content-Type: multipart/report; boundary=x\r\n\r\nnever begins",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\nFinal-Recipient: rfc822;\r\n",
        b"Subject: =?x-unknown?b?////?=\r\n\r\n",
    ],
)
def test_what_is_no_report_gives_nothing(content: bytes) -> None:
    assert read(content) == ()


@given(st.binary(max_size=300), st.integers(min_value=0, max_value=1500))
def test_a_damaged_report_never_raises(noise: bytes, place: int) -> None:
    whole = returned("postfix", "5.1.1", "550 5.1.1 none")
    for content in (noise, whole[:place] + noise + whole[place:], whole[:place]):
        for report in read(content):
            assert "@" in report.address


@pytest.mark.parametrize(
    ("status", "diagnostic", "weight"),
    [
        ("5.1.1", "", Weight.HARD),
        ("", "550 no such user", Weight.HARD),
        ("", "550 quota exceeded", Weight.SOFT),
        ("", "", Weight.UNKNOWN),
        ("4.2.2", "", Weight.SOFT),
        ("5.5.2", "", Weight.SOFT),
        ("5.3.0", "", Weight.SOFT),
    ],
)
def test_a_status_has_its_weight(status: str, diagnostic: str, weight: Weight) -> None:
    assert classify(status, diagnostic, "failed")[0] is weight


TODAY = date(2026, 1, 5)
RULES = Rules(threshold=3, stale=timedelta(days=7))


def bounced(weight: Weight = Weight.HARD) -> BounceReport:
    return BounceReport(event=Event.BOUNCE, address=READER, weight=weight)


def after(days: list[int], weight: Weight = Weight.HARD) -> tuple[Score, list[Step]]:
    score, steps = Score(), []
    for day in days:
        score, step = counted(score, bounced(weight), TODAY + timedelta(days=day), RULES)
        steps.append(step)
    return score, steps


def test_many_bounces_on_one_day_count_once() -> None:
    score, steps = after([0, 0, 0, 0, 0])
    assert score.points == 1
    assert set(steps) == {Step.NOTHING}


def test_a_probe_comes_before_the_end() -> None:
    score, steps = after([0, 1, 2])
    assert steps == [Step.NOTHING, Step.NOTHING, Step.PROBE]
    assert probe_bounced(score)[1] is Step.DISABLE
    assert after([0, 1, 2, 2])[1][-1] is Step.NOTHING
    assert after([0, 1, 2, 3])[1][-1] is Step.DISABLE


def test_an_old_bounce_is_forgotten() -> None:
    assert after([0, 1, 9])[0].points == 1
    assert after([0, 8, 16, 24, 32])[1] == [Step.NOTHING] * 5
    assert faded(after([0, 1])[0], TODAY + timedelta(days=9), RULES) == Score()


def test_a_late_report_of_an_old_day_changes_nothing() -> None:
    score, _ = after([0, 1])
    assert counted(score, bounced(), TODAY, RULES) == (score, Step.NOTHING)


@pytest.mark.parametrize("weight", [Weight.SOFT, Weight.BLOCK])
def test_what_is_not_the_addresss_fault_never_counts(weight: Weight) -> None:
    assert after(list(range(20)), weight)[0] == Score()


def test_a_complaint_ends_it_at_once() -> None:
    report = BounceReport(event=Event.COMPLAINT, address=READER)
    assert counted(Score(), report, TODAY, RULES)[1] is Step.SUPPRESS


def test_only_a_missing_address_at_rcpt_suppresses_at_once() -> None:
    assert refused_at_rcpt("5.1.1") is Step.SUPPRESS
    assert refused_at_rcpt("5.2.1") is Step.NOTHING
    assert refused_at_rcpt("") is Step.NOTHING


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(list(Weight))), max_size=60))
def test_points_never_grow_faster_than_days(rows: list[tuple[int, Weight]]) -> None:
    score, days = Score(), set()
    for day, weight in sorted(rows, key=lambda row: row[0]):
        days.add(day)
        score, _ = counted(score, bounced(weight), TODAY + timedelta(days=day), RULES)
        assert score.points <= len(days)
