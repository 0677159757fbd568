"""Headers: what receivers demand of a list's mail, and encodings that survive them."""

import re
from collections.abc import Iterator

from digest.render.checks.finding import LintFinding, found
from digest.render.checks.message import ENCODED_WORD, CheckedMessage, decoded
from digest.render.checks.page import HIDDEN, Page

NEEDED = ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version")
OF_LISTS = ("List-Id", "List-Unsubscribe")
ENCODINGS = ("base64", "8bit")
LONGEST_WORD, LONGEST_LINE = 75, 76
LONGEST_SUBJECT = 70
PREHEADER = range(40, 111)
CONTROLS = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
# Nobody else can open a link to one's own machine: such a mail is a trial, and https is not to be had there.
TRIAL = re.compile(r"<http://(?:127\.0\.0\.1|localhost|\[::1\])[:/]")
FILLING = re.compile("[\u034f\u200b-\u200f\u2007\ufeff\u00a0\u00ad\\s]+")


def check(message: CheckedMessage, page: Page) -> Iterator[LintFinding]:
    """Yield what is wrong with a mail's headers and encodings.

    Unless it says that a machine sent it to one person (Auto-Submitted, RFC 3834), it is a list's, with a way
    out.
    """
    for name in NEEDED if message.is_notice else (*NEEDED, *OF_LISTS):
        if message.header(name) is None:
            yield found("header-missing", name)
    if not message.is_notice:
        yield from _unsubscribe(message, page)
    yield from _lines(message)
    subject = message.subject or ""
    if not subject.strip() or CONTROLS.search(subject):
        yield found("subject", ascii(subject[:40]))
    if len(subject) > LONGEST_SUBJECT:
        yield found("subject-length", f"{len(subject)} characters")
    for kind, charset, encoding in message.encodings:
        if charset != "utf-8" or encoding not in ENCODINGS:
            yield found("encoding", f"{kind}: {charset or 'no charset'}, {encoding}")
    yield from _preheader(page, subject)


def _unsubscribe(message: CheckedMessage, page: Page) -> Iterator[LintFinding]:
    said = message.header("List-Unsubscribe") or ""
    one_click = (message.header("List-Unsubscribe-Post") or "").replace(" ", "")
    if said and not re.search(r"<https://[^>]+>", said) and not TRIAL.search(said):
        yield found("header-unsubscribe", f"no https link: {said[:60]}")
    elif said and one_click != "List-Unsubscribe=One-Click" and not TRIAL.search(said):
        yield found("header-unsubscribe", "List-Unsubscribe-Post is missing")
    linked = any("/unsubscribe/" in (link.get("href") or "") for link in page.elements("a"))
    if not linked or "/unsubscribe/" not in (message.text or ""):
        yield found("unsubscribe-link")


def _lines(message: CheckedMessage) -> Iterator[LintFinding]:
    for name, value in message.headers:
        # Addresses in angle brackets cannot be folded; only what is encoded can be kept short.
        if name.lower() in {"dkim-signature", "received", "list-unsubscribe", "authentication-results"}:
            continue
        lines = f"{name}: {value}".splitlines()
        long_word = any(len(match[0]) > LONGEST_WORD for match in ENCODED_WORD.finditer(value))
        long_line = any(len(line) > LONGEST_LINE and "=?" in line for line in lines)
        if long_word or long_line or not value.isascii() or "=?" in decoded(re.sub(r"\r?\n", "", value)):
            yield found("header-encoding", name)


def _preheader(page: Page, subject: str) -> Iterator[LintFinding]:
    for node in page.body.iter():
        if isinstance(node.tag, str) and HIDDEN.search((node.get("style") or "").replace(" ", "").lower()):
            said = FILLING.sub(" ", "".join(node.itertext())).strip()
            if len(said) not in PREHEADER or said == subject:
                yield found("preheader", f"{len(said)} characters")
            return
    yield found("preheader", "none")
