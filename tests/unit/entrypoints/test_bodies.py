"""What programs post is refused before it is kept."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from starlette.requests import Request

from digest.entrypoints.api.body import Bodies, RefusedBodyError
from digest.entrypoints.api.ingest import _has_key


class Posting:
    """A request whose body comes in pieces; `taken` counts those that were asked for."""

    def __init__(self, *pieces: bytes, **headers: str) -> None:
        self.taken = 0
        self._pieces = list(pieces)
        raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
        self.request = Request({"type": "http", "method": "POST", "path": "/", "headers": raw}, self._receive)

    async def _receive(self) -> dict[str, object]:
        self.taken += 1
        return {"type": "http.request", "body": self._pieces.pop(0), "more_body": bool(self._pieces)}


async def test_a_body_that_says_it_is_too_long_is_not_read():
    posting = Posting(b"x" * 100, content_length="5000001")
    with pytest.raises(RefusedBodyError) as caught:
        async with Bodies().of(posting.request, 5_000_000):
            pass
    assert (caught.value.status, posting.taken) == (413, 0)


async def test_a_body_without_a_length_ends_at_the_limit():
    posting = Posting(*[b"x" * 10] * 100)
    bodies = Bodies()
    with pytest.raises(RefusedBodyError):
        async with bodies.of(posting.request, 35):
            pass
    assert (posting.taken, bodies.held) == (4, 0)


async def test_all_bodies_together_have_a_limit_and_give_it_back():
    bodies = Bodies(most_held=100)
    async with bodies.of(Posting(b"x" * 60).request, 100):
        with pytest.raises(RefusedBodyError) as caught:
            async with bodies.of(Posting(b"x" * 60).request, 100):
                pass
        assert (caught.value.status, bodies.held) == (503, 60)
    async with bodies.of(Posting(b"x" * 60).request, 100) as body:
        assert len(body) == 60


async def test_a_body_that_drips_ends_in_time():
    import asyncio

    async def drips() -> AsyncIterator[dict[str, object]]:
        while True:
            await asyncio.sleep(0.02)
            yield {"type": "http.request", "body": b"x", "more_body": True}

    pieces = drips()
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": []}, pieces.__anext__)
    with pytest.raises(RefusedBodyError) as caught:
        async with Bodies(seconds=0.2).of(request, 1000):
            pass
    assert caught.value.status == 408


@pytest.mark.red("ingest-empty-key")
@pytest.mark.parametrize(
    ("key", "given", "passes"),
    [
        ("the key", "Bearer the key", True),
        ("the key", "bearer  the key ", True),
        ("", "Bearer \xa0", False),
        ("", "Bearer ", False),
        ("  ", "Bearer  ", False),
        ("\xa0", "Bearer \xa0", False),
        (None, "Bearer None", False),
        ("the key", "Bearer \xa0the key", False),
        ("the key", "Basic the key", False),
        ("the key", "", False),
    ],
)
def test_an_empty_key_is_no_key(key: str | None, given: str, passes: bool):
    class App:
        class settings:  # noqa: N801
            class collect:  # noqa: N801
                ingest_key = None if key is None else SecretStr(key)

    assert _has_key(Posting(b"", authorization=given).request, App) is passes  # type: ignore[arg-type]
