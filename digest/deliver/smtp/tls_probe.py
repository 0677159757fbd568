"""How a connection to a server is secured, as it is seen from here."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime

from digest.deliver.smtp.connect import connect, quit_politely
from digest.deliver.smtp.timeouts import Timeouts
from digest.settings import MailServer

LONGEST_FAREWELL = 5.0


@dataclass(frozen=True, slots=True)
class TlsProbe:
    """`version` is TLS's, "" without TLS. `until` is when the server's certificate ends; None when it was not
    looked at.
    """

    version: str
    until: datetime | None


async def probe_tls(server: MailServer, timeouts: Timeouts) -> TlsProbe:
    """Connect, log in and quit; say how it was secured.

    Raises:
        DeliveryError: what failed, as `connect` says it.
    """
    client = await connect(server, timeouts)
    try:
        cipher, certificate = client.get_transport_info("cipher"), client.get_transport_info("peercert")
    finally:
        await quit_politely(client, LONGEST_FAREWELL)
    ends = certificate.get("notAfter") if certificate else None
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None
    return TlsProbe(cipher[1] if cipher else "", until)
