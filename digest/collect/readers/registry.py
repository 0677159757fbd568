"""Which reader reads which kind of source."""

from collections.abc import Mapping
from datetime import datetime

from digest.collect.fetch.http import Http
from digest.collect.readers.folder import read_folder
from digest.collect.readers.imap import read_mailbox
from digest.collect.readers.protocol import SourceReader, VisitResult
from digest.collect.readers.web import WEB_READERS
from digest.model import Source, SourceKind
from digest.settings import CollectSettings


async def read_nothing(source: Source, http: Http, settings: CollectSettings, now: datetime) -> VisitResult:
    """Wait: what is handed in by others (POST /ingest) is not visited."""
    del source, http, settings, now
    return VisitResult(unchanged=True)


READERS: Mapping[SourceKind, SourceReader] = {
    **WEB_READERS,
    SourceKind.FOLDER: read_folder,
    SourceKind.IMAP: read_mailbox,
    SourceKind.WEBHOOK: read_nothing,
}


def reader_for(source: Source) -> SourceReader:
    """Return the reader of a source. A feed that is a file is read as a folder's file is."""
    is_path = "://" not in source.location and source.kind is not SourceKind.WEBHOOK
    return read_folder if is_path else READERS[source.kind]
