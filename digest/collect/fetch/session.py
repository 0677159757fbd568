"""Configure aiohttp sessions and turn their errors into ours."""

from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver

from digest.collect.fetch.responses import host_of, refused
from digest.collect.fetch.ssrf import NAMED, guarded_socket, is_named
from digest.errors import BlockedAddressError, SourceError, SourceReason, TemporarySourceError
from digest.settings import CollectSettings

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"


def open_session(
    settings: CollectSettings, agent: str, resolver: AbstractResolver | None, allowed: Collection[str]
) -> aiohttp.ClientSession:
    """Open a session that dials public addresses, and those that are allowed, and keeps no cookies."""
    connector = aiohttp.TCPConnector(
        socket_factory=guarded_socket(allowed),
        limit=settings.at_once,
        resolver=resolver,
    )
    return aiohttp.ClientSession(
        connector=connector,
        trust_env=False,
        headers={"User-Agent": agent, "Accept": ACCEPT},
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=16_384,
        max_field_size=16_384,
    )


@asynccontextmanager
async def request(
    opened: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: Mapping[str, str],
    allowed: Collection[str],
    **more: Any,
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Send a request and lend its answer; redirects are not followed.

    Raises:
        BlockedAddressError: the address is not public.
        TemporarySourceError: unreachable, or its certificate is not right.
        SourceError: it is no address.
    """
    NAMED.set(is_named(url, allowed))
    try:
        async with opened.request(method, url, headers=headers, allow_redirects=False, **more) as answer:
            yield answer
    except SourceError:
        raise  # ours already, though it is an OSError as well
    except aiohttp.InvalidURL as error:
        raise refused(f"{url[:200]} is no address.", url) from error
    except aiohttp.ClientConnectorCertificateError as error:
        raise TemporarySourceError(
            f"{host_of(url)} shows a certificate that is not right: {_short(error.certificate_error)}.",
            location=url,
            reason=SourceReason.CERTIFICATE,
        ) from error
    except (aiohttp.ClientError, OSError) as error:
        blocked = _cause(error, BlockedAddressError)
        if blocked is not None:
            raise blocked from error
        if "is no public address" in str(error):  # of several addresses: aiohttp tells their errors in one
            raise BlockedAddressError(f"{host_of(url)} is no public address.", location=url) from error
        raise TemporarySourceError(
            f"{host_of(url)} cannot be reached: {_short(error)}.", location=url
        ) from error


def _short(error: BaseException) -> str:
    return " ".join((str(error) or type(error).__name__).split())[:160].rstrip(".")


def _cause(error: BaseException | None, kind: type[BlockedAddressError]) -> BlockedAddressError | None:
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None
