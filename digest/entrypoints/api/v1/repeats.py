"""Requests with an Idempotency-Key: asked twice, they are done once, and answered the same."""

import hashlib
from collections.abc import Awaitable, Callable

from starlette.responses import Response

from digest.entrypoints.api.v1.call import ApiCall
from digest.entrypoints.api.v1.problems import PROBLEM_JSON, ProblemError, problem_answer, problem_of
from digest.errors import DigestError
from digest.model import KeptAnswer
from digest.model.rows import row_id
from digest.services.programs import once
from digest.services.programs.once import Asked

HEADER = "Idempotency-Key"
LONGEST = 200


async def answered_once(call: ApiCall, raw: bytes, work: Callable[[], Awaitable[Response]]) -> Response:
    """Do the work, unless it was done for the same key within a day: then answer what was answered then.

    Raises:
        ProblemError: 409, the first is still worked on; 422, the key is none, or came with another request.
    """
    key = call.request.headers.get(HEADER)
    if key is None or call.caller is None:
        return await work()
    if not 0 < len(key) <= LONGEST or not (key.isascii() and key.isprintable()):
        raise ProblemError(422, f"An {HEADER} has 1 to {LONGEST} printable ASCII characters.")
    key_id = row_id(call.caller.key)
    where = f"{call.request.method} {call.request.url.path}?{call.request.url.query}\n"
    claim = await once.begin(call.app, key_id, key, hashlib.sha256(where.encode() + raw).hexdigest())
    if claim.asked is Asked.BUSY:
        raise ProblemError(409, "The same request is being worked on.", headers={"retry-after": "5"})
    if claim.asked is Asked.OTHER:
        raise ProblemError(422, f"This {HEADER} was used for another request.")
    if claim.answer is not None:
        return _again(claim.answer)
    status = 500
    answer = None
    try:
        answer = await _worked(work)
        status = answer.status_code
    finally:
        body = bytes(answer.body).decode() if answer is not None else ""
        location = answer.headers.get("location", "") if answer is not None else ""
        await once.end(call.app, key_id, key, status=status, body=body, location=location)
    return answer


async def _worked(work: Callable[[], Awaitable[Response]]) -> Response:
    """Do the work; what is refused is kept as well."""
    try:
        return await work()
    except ProblemError as error:
        return problem_answer(error)
    except DigestError as error:
        return problem_answer(problem_of(error))


def _again(kept: KeptAnswer) -> Response:
    headers = {"idempotency-replayed": "true"} | ({"location": kept.location} if kept.location else {})
    if kept.status == 204:
        return Response(status_code=204, headers=headers)
    kind = PROBLEM_JSON if kept.status >= 400 else "application/json"
    return Response(kept.body, status_code=kept.status, media_type=kind, headers=headers)
