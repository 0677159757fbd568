"""Reading the embedded mailbox."""

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

from digest.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message in the list."""

    key: str
    at: datetime
    sender: str
    recipient: str
    subject: str
    size: int


@dataclass(frozen=True, slots=True)
class StoredContent:
    """One message, opened."""

    stored_message: StoredMessage
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    source: bytes


def stored_messages(folder: Path) -> list[StoredMessage]:
    """Return the messages of a Maildir, newest first. A folder that is not there yet holds none."""
    found = [_message(path, path.read_bytes()) for path in _files(folder)]
    return sorted(found, key=lambda stored_message: (stored_message.at, stored_message.key), reverse=True)


def stored_message(folder: Path, key: str) -> StoredContent:
    """Return one message with its parts.

    Raises:
        InputError: there is none of that key.
    """
    # Looked up among the files that are there, never joined to a path: a key cannot lead out of the folder.
    path = next((path for path in _files(folder) if path.name == key), None)
    if path is None:
        raise NotFoundError("This message is not in the mailbox any more.")
    source = path.read_bytes()
    message = email.message_from_bytes(source, EmailMessage, policy=policy.default)
    return StoredContent(
        stored_message=_message(path, source),
        headers=tuple((name, str(value)) for name, value in message.items()),
        html=_part(message, "html"),
        text=_part(message, "plain"),
        source=source,
    )


def remove_of(folder: Path, address: str) -> int:
    """Remove the messages to a normalised address; returns how many."""
    gone = 0
    for path in _files(folder):
        to = {one.strip().lower() for one in _message(path, path.read_bytes()).recipient.split(",")}
        if address in to:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _files(folder: Path) -> list[Path]:
    return [path for part in ("new", "cur") if (folder / part).is_dir() for path in (folder / part).iterdir()]


def _message(path: Path, source: bytes) -> StoredMessage:
    message = email.message_from_bytes(source.partition(b"\r\n\r\n")[0], policy=policy.default)
    return StoredMessage(
        key=path.name,
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        sender=str(message["From"] or ""),
        recipient=str(message["Delivered-To"] or message["To"] or ""),
        subject=str(message["Subject"] or "(بلا عنوان)"),
        size=len(source),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def latest_senders(folder: Path, since: datetime, most: int) -> list[str]:
    """Return the return paths of the latest mails of a Maildir that came since, newest first."""
    files = [(path.stat().st_mtime, path) for path in _files(folder)]
    recent = sorted((one for one in files if one[0] >= since.timestamp()), reverse=True)[:most]
    return [_return_path(path) for _, path in recent]


def _return_path(path: Path) -> str:
    with path.open("rb") as opened:
        first = opened.readline(1000).decode(errors="replace")
    return first.partition(":")[2].strip() if first.lower().startswith("return-path:") else ""
