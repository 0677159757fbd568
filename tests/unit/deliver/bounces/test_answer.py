"""Whether an answer to the mail that asks for a confirmation says yes: what is not clear confirms nothing."""

import pytest

from digest.deliver.bounces.parse.answer import says_yes
from digest.deliver.bounces.parse.read import answer, answered

OURS = "إن لم تكن أنت فلا تفعل شيئًا: لن تصلك النشرة"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n> " + OURS,
        "نعم",
        "نَعَم، أؤكّد اشتراكي",
        "أوافق\n\nفي الأحد ٢٩ نوفمبر ٢٠٢٦، كتب موجز <digest@mujaz.example>:\n" + OURS,
        "Yes, please!\nSent from my phone",
        "بله",
        "ہاں",
        "כן\n\nבתאריך 29 בנוב׳ 2026 כתב:\n" + OURS,
        "ok\r\n\r\n-----Original Message-----\r\nFrom: x\r\n" + OURS,
        "YES\n\nOn Sun, 29 Nov 2026 at 06:30, Mujaz <digest@mujaz.example> wrote:\n" + OURS,
    ],
)
def test_an_answer_that_says_yes_or_nothing_confirms(text: str):
    assert says_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        "لا",
        "لا أريد، أوقفوا هذا",
        "لم أطلب ذلك، نعم أنتم مزعجون",
        "Please stop. Yes, I mean it.",
        "I did not ask for this",
        "UNSUBSCRIBE",
        "شكرًا",
        "Who are you?",
        "نه",
        "لا تفعل شيئًا\n" + OURS,
    ],
)
def test_an_answer_that_says_no_or_nothing_clear_confirms_nothing(text: str):
    assert not says_yes(text)


def test_only_a_persons_mail_says_yes():
    person = b"From: a@mujaz.example\r\nTo: c@x.example\r\nSubject: Re: x\r\n\r\nyes\r\n"
    assert answered(answer(person)).says_yes
    for header in (
        b"Auto-Submitted: auto-replied\r\n",
        b"X-Autoreply: yes\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n",
        b"Precedence: auto_reply\r\n",
    ):
        assert not answered(answer(header + person)).says_yes
    assert not answered(answer(person.replace(b"Re: x", b"Out of office"))).says_yes
