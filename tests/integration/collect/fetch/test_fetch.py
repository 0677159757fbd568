"""Fetching: politely and within limits, against real servers."""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import brotli
import pytest
from aiohttp import web
from backports import zstd

from digest.collect.fetch.http import Http
from digest.errors import SourceError, TemporarySourceError
from digest.settings import CollectSettings
from tests.integration.collect.site import Site

MEGABYTE = 1_000_000


def quickly(body: bytes) -> bytes:
    return brotli.compress(body, quality=1)


async def test_a_body_comes_with_its_validators(site: Site, http: Http):
    url = site.publishes(
        "/feed", "خبر", ETag='"x"', Last_Modified="Thu, 23 Jun 2022 13:15:00 GMT", Cache_Control="max-age=600"
    )
    answer = await http.get(url)
    assert answer.body.decode() == "خبر"
    assert (answer.etag, answer.last_modified) == ('"x"', "Thu, 23 Jun 2022 13:15:00 GMT")
    assert answer.max_age == 600


async def test_validators_are_sent_exactly_as_they_came(site: Site, http: Http):
    url = site.publishes("/feed", "خبر", ETag='W/"x y"')
    answer = await http.get(url, etag='W/"x y"', last_modified="yesterday, roughly")
    assert answer.not_modified
    assert site.headers[-1]["if-none-match"] == 'W/"x y"'
    assert site.headers[-1]["if-modified-since"] == "yesterday, roughly"


async def test_validators_of_an_answer_that_expired_at_once_are_not_kept(site: Site, http: Http):
    answer = await http.get(site.publishes("/feed", "خبر", ETag='"x"', Expires="0"))
    assert (answer.etag, answer.last_modified) == (None, None)


async def test_the_collector_says_who_it_is_and_where_to_complain(site: Site, http: Http):
    await http.get(site.publishes("/feed", "x"))
    assert site.headers[-1]["user-agent"] == "Mujaz/1.0 (+https://mujaz.example/bot)"
    assert "cookie" not in site.headers[-1]


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("zstd", zstd.compress)],
)
async def test_packed_bodies_are_unpacked(site: Site, http: Http, encoding: str, packed):
    url = site.publishes("/feed", packed("خبر".encode() * 100), Content_Encoding=encoding)
    assert (await http.get(url)).body.decode() == "خبر" * 100


@pytest.mark.red("bombs")
@pytest.mark.parametrize(
    ("encoding", "packed"), [("gzip", gzip.compress), ("br", quickly), ("zstd", zstd.compress)]
)
async def test_a_bomb_is_given_up_at_the_limit(site: Site, limits: CollectSettings, encoding: str, packed):
    url = site.publishes("/bomb", packed(bytes(60 * MEGABYTE)), Content_Encoding=encoding)
    async with Http(limits, "1.0") as http:
        with pytest.raises(SourceError, match="more than"):
            await http.get(url)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_what_is_not_packed_as_it_says_is_a_failure(site: Site, http: Http, encoding: str):
    url = site.publishes("/broken", b"\x00not packed at all" * 50, Content_Encoding=encoding)
    with pytest.raises(SourceError):
        await http.get(url)


@pytest.mark.red("bombs")
async def test_an_endless_answer_is_given_up(site: Site, http: Http):
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"<item>" * 20_000)

    with pytest.raises(SourceError, match="more than"):
        await http.get(site.does("/endless", endless))


@pytest.mark.red("bombs")
async def test_an_answer_that_drips_is_given_up_at_the_deadline(site: Site):
    async def dripping(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(200):
            await answer.write(b"x")
            await asyncio.sleep(0.1)
        return answer

    url = site.does("/dripping", dripping)
    async with Http(CollectSettings(allow_hosts=(site.host,), total_seconds=0.7), "1.0") as http:
        started = time.monotonic()
        with pytest.raises(TemporarySourceError, match="within"):
            await http.get(url)
        assert time.monotonic() - started < 5


@asynccontextmanager
async def raw_server(answer: bytes, *, hold: bool = False) -> AsyncIterator[str]:
    """A server that says the same bytes to everybody, and may then keep the line open."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            if hold:
                await reader.read()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield f"{host}:{port}"
    finally:
        server.close()


def a_collector(host: str, **limits: float) -> Http:
    return Http(CollectSettings(allow_hosts=(host,), **limits), "1.0")


BROKEN = {
    "no http": b"hello\r\n\r\n",
    "nothing": b"",
    "cut off": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc",
    "endless header": b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 100_000,
    "bad chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
    "bad length": b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
    "bad status": b"HTTP/1.1 999999 OK\r\n\r\n",
    "nul header": b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\n",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_answer_is_a_failure_with_a_sentence(answer: bytes):
    async with raw_server(answer) as host, a_collector(host, total_seconds=3) as http:
        with pytest.raises(SourceError) as caught:
            await http.get(f"http://{host}/feed")
    assert host in str(caught.value)


async def test_a_host_that_says_nothing_is_given_up():
    async with raw_server(b"", hold=True) as host, a_collector(host, total_seconds=0.5) as http:
        with pytest.raises(TemporarySourceError):
            await http.get(f"http://{host}/feed")


async def test_no_more_than_two_visits_at_once_go_to_one_host(site: Site, http: Http):
    site.delay = 0.05
    urls = [site.publishes(f"/{n}", "x") for n in range(12)]
    await asyncio.gather(*(http.get(url) for url in urls))
    assert site.most_at_once == 2


@pytest.mark.parametrize("status", [429, 503])
async def test_a_host_that_asks_to_wait_is_left_alone_as_a_whole(site: Site, http: Http, status: int):
    site.publishes("/busy", "", status, Retry_After="3600")
    site.publishes("/other", "x")
    with pytest.raises(TemporarySourceError) as caught:
        await http.get(site.address("/busy"))
    assert caught.value.retry_after == 3600
    with pytest.raises(TemporarySourceError) as held:
        await http.get(site.address("/other"))
    assert held.value.retry_after is not None
    assert held.value.retry_after > 3500
    assert site.asked == ["/busy"]


async def test_a_retry_after_date_counts_from_the_servers_own_clock(site: Site, http: Http):
    async def busy(request: web.Request) -> web.StreamResponse:
        headers = {"Date": "Mon, 05 Jan 2015 12:00:00 GMT", "Retry-After": "Mon, 05 Jan 2015 12:30:00 GMT"}
        return web.Response(status=503, headers=headers)

    with pytest.raises(TemporarySourceError) as caught:
        await http.get(site.does("/busy", busy))
    assert caught.value.retry_after == 1800


@pytest.mark.parametrize(
    ("status", "moved"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
async def test_only_permanent_redirects_are_moves(site: Site, http: Http, status: int, moved: bool):
    site.publishes("/new", "خبر")
    site.publishes("/old", "", status, Location="/new")
    answer = await http.get(site.address("/old"))
    assert answer.body.decode() == "خبر"
    assert answer.moved_to == (site.address("/new") if moved else None)


async def test_a_permanent_redirect_behind_a_temporary_one_is_no_move(site: Site, http: Http):
    site.publishes("/c", "x")
    site.publishes("/b", "", 301, Location="/c")
    site.publishes("/a", "", 302, Location="/b")
    assert (await http.get(site.address("/a"))).moved_to is None


async def test_redirects_end_after_five(site: Site, http: Http):
    for n in range(9):
        site.publishes(f"/{n}", "x", 301, Location=f"/{n + 1}")
    with pytest.raises(SourceError, match="redirects more than 5 times"):
        await http.get(site.address("/0"))
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    "target",
    ["http://[", "ftp://x.example/", "javascript:alert(1)", "http://u:p@x.example/", "//", "http://"],
)
async def test_a_redirect_to_what_is_no_address_is_a_failure(site: Site, http: Http, target: str):
    with pytest.raises(SourceError):
        await http.get(site.publishes("/old", "", 301, Location=target))


async def test_robots_are_asked_for_pages_once_a_host(site: Site, http: Http):
    site.publishes("/robots.txt", "User-agent: *\nDisallow: /private/*.html\n")
    site.publishes("/open.html", "x")
    site.publishes("/private/a.html", "x")
    await http.get(site.address("/open.html"), robots=True)
    with pytest.raises(SourceError, match="robots"):
        await http.get(site.address("/private/a.html"), robots=True)
    await http.get(site.address("/private/a.html"))
    assert site.asked.count("/robots.txt") == 1


async def test_without_robots_everything_may_be_read_and_with_broken_ones_nothing(site: Site, http: Http):
    await http.get(site.publishes("/page", "x"), robots=True)
    async with Site() as other, Http(CollectSettings(allow_hosts=(other.host,)), "1.0") as second:
        other.publishes("/robots.txt", "", 500)
        other.publishes("/page", "x")
        with pytest.raises(TemporarySourceError):
            await second.get(other.address("/page"), robots=True)
        assert "/page" not in other.asked


async def test_proxies_of_the_environment_are_not_used(
    site: Site, limits: CollectSettings, monkeypatch: pytest.MonkeyPatch
):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with Http(limits, "1.0") as http:
        assert (await http.get(site.publishes("/feed", "x"))).body == b"x"


async def test_all_visits_have_one_session_which_opens_with_the_first_and_closes_at_the_end(
    site: Site, limits: CollectSettings
):
    url = site.publishes("/feed", "x")
    async with Http(limits, "1.0") as http:
        assert http._sessions == {}
        await asyncio.gather(http.get(url), http.get(url))
        (session,) = http._sessions.values()
        await http.get(url)
        assert [*http._sessions.values()] == [session]
    assert session.closed
    with pytest.raises(AssertionError):
        await http.get(url)
