"""Every error that Mujaz raises on purpose.

DigestError                     exit 1
├── ConfigError                 exit 2   a setting, option or template is wrong
├── InputError                  exit 2   what a person gave is wrong (address, file, name)
│   ├── NotFoundError                    … because nothing has that name, number or address
│   ├── ChoiceError                      … because a reader may not choose that; says what it is about
│   ├── PeopleFileError                  … a file of people or a row of it; `reason` as below
│   └── RefusedError                     … and `reason` says in a word why, for pages in any language
├── SourceError                 exit 3   a source cannot be read
│   ├── TemporarySourceError             … now; try again later
│   └── BlockedAddressError              … ever: the address is not public
├── NothingToSendError          exit 4   no articles in the window, or no subscribers
├── EditionHeldError            exit 5   the edition may not be sent as it is
├── StoreError                  exit 6   the database is locked, read-only, full or out of date
│   └── TemporaryStoreError              … now: locked, full or away; try again later
│       └── StoreConflictError           two wrote the same at once; do it again
├── DeliveryError               exit 7   SMTP
│   ├── TemporaryDeliveryError           4xx, connection lost: try again
│   └── PermanentDeliveryError           5xx: final
├── SummaryError                exit 8   a summarizer failed (callers fall back to extractive)
└── EditionStoppedError         exit 9   the edition was paused or held while it was sent

Each sentence says what happened and what to do. Handlers read the fields, not the sentence.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar


class DigestError(Exception):
    """Something went wrong that the reader of this sentence can act on."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ConfigError(DigestError, ValueError):
    """A setting, an option or a template is wrong."""

    exit_code = 2


class InputError(DigestError, ValueError):
    """What a person gave (an address, a file, a name) is wrong."""

    exit_code = 2


class NotFoundError(InputError):
    """What a person named does not exist: no list, edition, source or subscriber is called that."""


class ChoiceError(InputError):
    """A reader chose what is not to be chosen.

    `about` is sections, days, weekly, zone, hour, quiet, muted, digits, pause, address or ended, so that a
    page can say it in the reader's language.
    """

    def __init__(self, message: str, *, about: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.about = about


class RefusedError(InputError):
    """What a person asked for is not done. `reason` is a word for machines; the sentence is English."""

    def __init__(self, reason: str, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason


class PeopleFileError(InputError):
    """A file of people, or a row of it, is not taken.

    `reason` is a word for machines and `about` fills the sentence that a page has for it in its language; the
    sentence of the error itself is English.
    """

    def __init__(
        self, reason: str, message: str, *, remedy: str = "", about: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.reason = reason
        self.about = dict(about or {})


class SourceReason(StrEnum):
    """Why a source cannot be read; each has a sentence for editors, in Arabic and English
    (collect/failures.toml).
    """

    BLOCKED = "blocked"
    GONE = "gone"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    ROBOTS = "robots"
    ASKED_TO_WAIT = "asked_to_wait"
    TROUBLE = "trouble"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    CERTIFICATE = "certificate"
    PASSWORD = "password"  # noqa: S105 - a reason's name
    MISSING = "missing"
    TOO_LARGE = "too_large"
    TOO_COSTLY = "too_costly"
    UNREADABLE = "unreadable"
    SETTINGS = "settings"


_OF_STATUS = {
    401: SourceReason.FORBIDDEN,
    403: SourceReason.FORBIDDEN,
    404: SourceReason.NOT_FOUND,
    410: SourceReason.GONE,
    429: SourceReason.ASKED_TO_WAIT,
    451: SourceReason.FORBIDDEN,
    503: SourceReason.ASKED_TO_WAIT,
}


class SourceError(DigestError, OSError):
    """A source cannot be read. `reason` is never missing: without one it is that of the status, or the
    class's own.
    """

    exit_code = 3
    usual: ClassVar[SourceReason] = SourceReason.UNREADABLE

    def __init__(
        self,
        message: str,
        *,
        location: str = "",
        status: int | None = None,
        remedy: str = "",
        reason: SourceReason | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.location = location
        self.status = status
        self.reason: SourceReason = reason or _reason_of(status) or self.usual


def _reason_of(status: int | None) -> SourceReason | None:
    if status is None:
        return None
    return _OF_STATUS.get(status) or (SourceReason.TROUBLE if status >= 500 else SourceReason.REFUSED)


class TemporarySourceError(SourceError):
    """A source cannot be read now; it may be later. `retry_after` is in seconds."""

    usual = SourceReason.UNREACHABLE

    def __init__(
        self,
        message: str,
        *,
        location: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        remedy: str = "",
        reason: SourceReason | None = None,
    ) -> None:
        super().__init__(message, location=location, status=status, remedy=remedy, reason=reason)
        self.retry_after = retry_after


class BlockedAddressError(SourceError):
    """The address is private, local or otherwise not for a collector to visit."""

    usual = SourceReason.BLOCKED


class NothingToSendError(DigestError):
    """There is no news in the window, or nobody to send it to."""

    exit_code = 4


class EditionHeldError(DigestError):
    """The edition may not be sent as it is; the reason is in the message and in `Edition.held_reason`."""

    exit_code = 5


class StoreError(DigestError):
    """The database is locked, read-only, full, or its schema is not this version's."""

    exit_code = 6


class TemporaryStoreError(StoreError):
    """The database cannot be used now (locked, full, away); the same may go well later."""


class StoreConflictError(TemporaryStoreError):
    """Two processes wrote the same at the same moment; done again, it goes well."""


class DeliveryError(DigestError):
    """SMTP said no. `code` is the reply code or None when the connection was lost; `reply` its text."""

    exit_code = 7

    def __init__(
        self, message: str, *, code: int | None = None, reply: str = "", recipient: str = "", remedy: str = ""
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.code = code
        self.reply = reply
        self.recipient = recipient


class TemporaryDeliveryError(DeliveryError, ConnectionError):
    """Refused or interrupted for now (4xx, lost connection)."""


class PermanentDeliveryError(DeliveryError):
    """Refused for good (5xx)."""


class SummaryError(DigestError):
    """A summarizer failed; callers fall back to the extractive one."""

    exit_code = 8


class EditionStoppedError(DigestError):
    """The edition was paused or held while it was sent (the server objects, too many bounces); the rest
    waits.
    """

    exit_code = 9
