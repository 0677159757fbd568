"""The domain of a mail address, and how it is written in ASCII."""

import re
from functools import lru_cache

from digest.errors import ConfigError

_DOMAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def domain_of(address: str) -> str:
    """Return what stands behind the last @ of a mail address, as it is written; all of it where there is
    none.
    """
    return address.rpartition("@")[2]


@lru_cache(maxsize=64)
def ascii_domain(domain: str) -> str:
    """Return a domain as it stands in headers and envelopes, in its ASCII form (RFC 5890).

    Raises:
        ConfigError: it is no domain.
    """
    if _DOMAIN.fullmatch(domain):
        return domain
    try:
        spelled = domain.encode("idna").decode()
    except UnicodeError:
        spelled = ""
    if not _DOMAIN.fullmatch(spelled):
        raise ConfigError(
            f"{domain!r} is no domain of a mail address.",
            remedy="Correct mail.from_address or mail.bounce_domain.",
        )
    return spelled
