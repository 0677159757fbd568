"""What a page answers to an error."""

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from digest.entrypoints.web.pages import failed
from digest.errors import DigestError, InputError, NotFoundError, StoreError

REQUEST = Request({"type": "http", "method": "GET", "path": "/l/daily", "headers": []})


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("There is no list."), 404),
        (InputError("That is no date."), 422),
        (StoreError("The database is away."), 503),
        (DigestError("Something else."), 500),
        (HTTPException(404), 404),
        (HTTPException(405), 405),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else str(one),
)
async def test_what_is_not_there_is_told_from_what_was_asked_wrongly(error: Exception, status: int):
    answer = await failed(REQUEST, error)
    assert answer.status_code == status
    assert 'dir="rtl"' in bytes(answer.body).decode()
    assert str(getattr(error, "message", "no list")) not in bytes(answer.body).decode()
