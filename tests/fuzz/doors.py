"""The doors to which others bring something: newsletters, returned mail, `POST /ingest`."""

import json
import re
from collections.abc import Iterator

from digest.collect.parse.feeds.handed import MOST_ARTICLES
from digest.collect.parse.mail import message_article, read_message
from digest.collect.readers.imap_location import list_name, mailbox_of
from digest.collect.sandbox import protocol
from digest.deliver.bounces.parse.fields import ABOUT_RECIPIENTS
from digest.deliver.bounces.parse.read import answer, examine, farewell, read
from digest.deliver.bounces.parse.read import answered as returned_mail
from digest.deliver.bounces.report import Event
from digest.errors import SourceError
from tests.fuzz.collecting import answered
from tests.fuzz.promises import NOW, has_words, is_article, is_clean, is_storable
from tests.unit.collect.pages import BODY, TITLE, a_page
from tests.unit.deliver.bounces.letters_back import LETTERS
from tests.unit.deliver.bounces.returned import SHAPES, complaint, plain, returned

READER = "salma@mujaz.example"
CODE = re.compile(r"(?:[245]\.\d{1,3}\.\d{1,3})?")


def newsletter_is_read(body: bytes) -> None:
    """A mail is an article or is refused with a sentence, and its list has a name or none."""
    is_clean(list_name(body[:300].decode("utf-8", "replace")))
    try:
        mailbox_of(body[:200].decode("utf-8", "replace"))
    except SourceError as error:
        has_words(error)
    try:
        letter = read_message(body)
        article = message_article(letter, NOW, zone="Asia/Riyadh")
    except SourceError as error:
        has_words(error)
        return
    article.guid = letter.message_id or None
    is_clean(list_name(letter.list_id))
    assert article.title
    is_article(article)


def newsletter_seeds() -> Iterator[bytes]:
    text = "\n\n".join(BODY)
    head = (
        "From: =?utf-8?b?2KfZhNmF2LHZgdij?= <news@marfa.example>\nSubject: {}\nDate: Sun, 04 Jan 2026 16:15:00 +0300\n"
        'List-Id: "Marfa" <news.marfa.example>\nMessage-ID: <7@marfa.example>\nMIME-Version: 1.0\n'
    ).format("=?utf-8?b?2KfZgdiq2KrYp9itINis2LPYsQ==?=")
    yield f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()
    yield f"{head}Content-Type: text/html; charset=windows-1256\n\n{a_page()}".encode("cp1256")
    yield (
        f"{head}Content-Type: multipart/alternative; boundary=cut\n\n--cut\nContent-Type: text/plain\n\nx\n--cut\n"
        f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<p>{'</p><p>'.join(BODY)}</p>\n--cut--\n"
    ).encode()
    yield f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n2KfZgdiq2KrYp9it\n".encode()
    yield f"{head}Content-Type: text/plain; charset=undefined\nContent-Transfer-Encoding: quoted-printable\n\n=D8=A7=ZZ".encode()
    yield b'"Marfa, daily" <news.marfa.example>'
    yield b"imaps://salma%40marfa.example@mail.example:993/News"


def returned_mail_is_judged(body: bytes) -> None:
    """A mail that comes back is a report about addresses, or none; it never raises."""
    wish = farewell(body, (READER,), lambda address: READER if address else None)
    for text in wish or ():
        is_storable(text)
    assert returned_mail(json.loads(json.dumps(answer(body)))) == examine(body)
    for reports in (read(body), read(body, (READER,), lambda address: READER if address else None)):
        assert len(reports) <= ABOUT_RECIPIENTS
        for one in reports:
            assert "@" in one.address or (one.event is Event.COMPLAINT and one.message_id)
            assert not re.search(r"\s", one.address)
            assert CODE.fullmatch(one.code)
            for text in (one.address, one.words, one.message_id):
                is_storable(text)
            assert len(one.words) <= 300


def returned_seeds() -> Iterator[bytes]:
    for shape in SHAPES:
        yield returned(shape, "5.1.1", "550 5.1.1 no such user")
    yield returned("gmail", "4.2.2", "452 4.2.2 mailbox full", "delayed")
    yield complaint()
    yield complaint("not-spam", fields=f"Original-Rcpt-To: {READER}\nUser-Agent: x/1")
    yield plain("failure notice", f"Hi. This is the qmail-send program.\n\n<{READER}>:\nno such user")
    for _, sender, subject, form, said, _ in LETTERS[::6]:
        yield plain(subject, form.format(reader=READER, said=said), sender=sender)
    yield plain("رد تلقائي", "أنا في إجازة", headers="Auto-Submitted: auto-replied\n")


def handed_in_is_taken(body: bytes) -> None:
    """What is handed in is of the agreed shape or refused; each article of it can be stored and shown."""
    try:
        told = answered(protocol.PostJob(url="POST /ingest", body=body))
    except SourceError as error:
        has_words(error)
        return
    assert isinstance(told, dict)
    assert 1 <= len(told["articles"]) <= MOST_ARTICLES
    is_storable(told["source"])
    for one in told["articles"]:
        job = protocol.HandedJob(url="POST /ingest", handed=one, source=(7, "x", None), now=NOW)
        is_article(protocol.article_from(answered(job)))  # type: ignore[arg-type]


def handed_seeds() -> Iterator[bytes]:
    whole = {
        "title": TITLE, "text": "<p>فقرة</p>\n" + "\n".join(BODY), "url": "https://marfa.example/news/7?utm_source=x", "id": "7",
        "published_at": "2026-01-04T16:15:00+03:00", "author": "ليلى <b>حداد</b>", "section": "اقتصاد", "image": "https://marfa.example/p.jpg",
        "rights": "جميع الحقوق محفوظة",
    }  # fmt: skip
    for article in (whole, {"title": "خبر"}, {**whole, "url": None, "published_at": 1767500000}):
        yield json.dumps({"source": "المرفأ", "articles": [article]}, ensure_ascii=False).encode()
    yield json.dumps({"source": "x", "articles": [whole, whole]}).encode()
