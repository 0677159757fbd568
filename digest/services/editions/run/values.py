"""What a run by hand is asked, and what it did."""

from dataclasses import dataclass, field
from datetime import date

from digest.model import Edition, EditionContent, EditionKind, EditionSegment, MailingList
from digest.services.editions.preview import Preview
from digest.services.sources.polling import Visit
from digest.storage.ledger.deliveries import Balance
from digest.storage.ledger.progress import Waits


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a person asked for on the command line. `kind` None: the list's regular one; `story` is for an
    alert.
    """

    list_slug: str | None = None
    kind: EditionKind | None = None
    story: str | None = None
    segment: str | None = None
    day: date | None = None
    locations: tuple[str, ...] = ()
    dry_run: bool = False
    to: str | None = None
    demo: bool = False

    @property
    def mails_readers(self) -> bool:
        """Whether the edition is to go out, not only to be looked at."""
        return not (self.dry_run or self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What one run did."""

    mailing_list: MailingList
    content: EditionContent
    visits: tuple[Visit, ...] = ()
    articles: int = 0
    stories: int = 0
    edition: Edition | None = None
    balance: Balance | None = None
    already: bool = False
    waits: Waits | None = None
    stopped: str = ""
    """Why the edition was paused or held while it was sent; empty: it was not."""
    test_reply: str | None = None
    preview: Preview | None = None
    alert_readers: tuple[int, int] | None = None
    """Of an alert: how many chose alerts, of how many confirmed readers."""
    segment: EditionSegment | None = None
    """Whom alone it is for; None: whoever reads the list."""
    notes: tuple[str, ...] = field(default=())
