"""Who may call what: every request is refused that its route does not allow. The audit log is kept here,
too.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from digest.entrypoints.api.body import Bodies, RefusedBodyError
from digest.entrypoints.api.v1.call import ApiCall
from digest.entrypoints.api.v1.problems import ProblemError, invalid, problem_answer, problem_of
from digest.entrypoints.api.v1.repeats import answered_once
from digest.entrypoints.api.v1.table import ApiAccess, ApiAnswer, ApiRoute
from digest.entrypoints.security import CLIENT
from digest.errors import DigestError, NotFoundError, StoreError
from digest.model import MailingList
from digest.services import audit
from digest.services.app import App
from digest.services.audience import lists
from digest.services.programs import keys
from digest.services.programs.keys import Caller
from digest.text.addresses.slug import is_slug

log = structlog.get_logger()

JSON = "application/json"
WRONG_KEYS = 30
"""Calls with no key that holds, a minute, from one address; more are told to wait."""
LONGEST_KEY = 200


class CallMeter:
    """Counts calls by the minute: by key, and those without one by the address that they come from.

    One for a process: what it holds is forgotten when the minute is over.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = a_minute
        self._clock = clock
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def count(self, caller: Caller) -> None:
        """Count a call of a key.

        Raises:
            ProblemError: 429, there were too many.
        """
        self._count(f"key:{caller.key.id}", self._most)

    def count_wrong(self, address: str) -> None:
        """Count a call that brought no key that holds; as `count`."""
        self._count(f"from:{address}", WRONG_KEYS)

    def _count(self, name: str, most: int) -> None:
        self._begin_minute()
        if self._counts[name] >= most:
            raise _too_many()
        self._counts[name] += 1

    def _begin_minute(self) -> None:
        minute = int(self._clock() // 60)
        if minute != self._minute:
            self._minute, self._counts = minute, Counter()


def _too_many() -> ProblemError:
    return ProblemError(429, "Too many calls; wait a minute.", headers={"retry-after": "60"})


class Resource:
    """All methods of one address. An ASGI application, so that it sees methods that no route has."""

    def __init__(self, routes: Mapping[str, ApiRoute], meter: CallMeter, bodies: Bodies) -> None:
        self._routes = routes
        self._meter = meter
        self._bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; whatever goes wrong is told as a problem, never as a traceback."""
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except ProblemError as error:
            answer = problem_answer(error)
        except (DigestError, RefusedBodyError) as error:
            if isinstance(error, StoreError):
                log.warning("api.failed", path=scope["path"], reason=str(error))
            answer = problem_answer(problem_of(error))
        except ClientDisconnect:
            raise
        except Exception:
            log.exception("api.broken", path=scope["path"])
            answer = problem_answer(ProblemError(500, "Something of ours is broken; the log says what."))
        if request.method == "HEAD":
            answer.body = b""
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        route = self._routes.get("GET" if request.method == "HEAD" else request.method)
        if route is None:
            allowed = ", ".join([*self._routes, *(["HEAD"] if "GET" in self._routes else [])])
            raise ProblemError(405, f"This address answers {allowed}.", headers={"allow": allowed})
        app: App = request.app.state.app
        call = ApiCall(request=request, app=app)
        if route.needs is not ApiAccess.ANYBODY:
            call.caller = await self._caller(request, app)
            await _let_in(route, call)
        call.query = _query(route, request)
        raw = await self._raw(route, request)
        call.body = _body(route, raw)
        await _refuse_stale(self._routes.get("GET"), route, call)
        if route.method != "POST":
            return await _done(route, call)
        return await answered_once(call, raw, lambda: _done(route, call))

    async def _caller(self, request: Request, app: App) -> Caller:
        address = str(request.scope.get(CLIENT, ""))
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        key = given.strip()
        found = None
        if kind.lower() == "bearer" and key and key.isascii() and len(key) <= LONGEST_KEY:
            found = await keys.caller(app, key)
        if found is None:
            self._meter.count_wrong(address)
            raise ProblemError(
                401, "The key is missing, wrong, revoked or expired.", headers={"www-authenticate": "Bearer"}
            )
        self._meter.count(found)
        return found

    async def _raw(self, route: ApiRoute, request: Request) -> bytes:
        if route.body is None and not route.files:
            return b""
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        wanted = route.files or (JSON,)
        if given not in wanted:
            raise ProblemError(415, f"The body is to be {' or '.join(wanted)}.")
        async with self._bodies.of(request, route.most) as body:
            return body


async def _let_in(route: ApiRoute, call: ApiCall) -> None:
    """Refuse a key that its route does not allow.

    Raises:
        ProblemError: 403, it has no such scope; 404, the list is not there, or not for this key.
    """
    caller = call.caller
    assert caller is not None, "whoever has no key was refused before"
    if route.needs not in caller.scopes:
        raise ProblemError(403, f"The key has no scope {route.needs}.")
    if route.of_a_list:
        call.mailing_list = await _list(call, caller)
    elif caller.mailing_list is not None and not route.narrows:
        raise ProblemError(403, f"The key is for the list {caller.mailing_list.slug} alone.")


async def _list(call: ApiCall, caller: Caller) -> MailingList:
    slug = call.word("slug")
    is_mine = caller.mailing_list is None or caller.mailing_list.slug == slug
    if is_mine and is_slug(slug):
        with suppress(NotFoundError):
            return await lists.choose(call.app, slug)
    raise ProblemError(404, "There is no such list.")


def _query(route: ApiRoute, request: Request) -> BaseModel:
    given = dict(request.query_params)
    if any("\0" in value for value in given.values()):
        raise ProblemError(422, "No text may hold a NUL.")
    try:
        return route.query.model_validate(given)
    except ValidationError as error:
        raise invalid(error) from error


def _body(route: ApiRoute, raw: bytes) -> BaseModel | bytes | None:
    if route.body is None:
        return raw if route.files else None
    if b"\\u0000" in raw:
        raise ProblemError(422, "No text may hold a NUL.")
    try:
        return route.body.model_validate_json(raw)
    except ValidationError as error:
        raise invalid(error) from error


async def _refuse_stale(shows: ApiRoute | None, route: ApiRoute, call: ApiCall) -> None:
    """Refuse a change to what is not any more as the program saw it, and keep the mark of what it saw: the
    change asks for that once more, where nobody can come between.

    Raises:
        ProblemError: 412, what may be changed of it is another, or the address shows nothing to have read.
    """
    wanted = call.request.headers.get("if-match")
    if not wanted or not route.changes or route.method == "POST":
        return
    if shows is None:
        raise ProblemError(412, "This address shows nothing, so that nothing was read of it; omit If-Match.")
    call_to_see = ApiCall(
        request=call.request, app=call.app, caller=call.caller, mailing_list=call.mailing_list
    )
    call_to_see.query = shows.query()
    shown = await shows.does(call_to_see)
    if wanted.strip() == "*":
        return
    if _editable_part(etag_of(shown)) not in {_editable_part(one) for one in _tags(wanted)}:
        raise ProblemError(412, "It was changed since it was read; read it again.")
    call.seen = shown.mark


def _tags(named: str) -> set[str]:
    """The tags that a condition names. A server between that packs an answer weakens its tag."""
    return {one.strip().removeprefix("W/") for one in named.split(",")}


def _editable_part(etag: str) -> str:
    return etag.strip('"').partition(".")[0]


def etag_of(answer: ApiAnswer) -> str:
    """Return the ETag of an answer.

    Of what can be changed it has two parts, `"MARK.TEXT"`: If-Match asks for the first, so that nobody is
    refused because a reader came meanwhile; If-None-Match for both, so that no old count is kept.
    """
    text = hashlib.sha256(_text(answer).encode()).hexdigest()[:32]
    return f'"{answer.mark}.{text}"' if answer.mark is not None else f'"{text}"'


def _is_known(named: str, etag: str) -> bool:
    return named.strip() == "*" or etag in _tags(named)


def _text(answer: ApiAnswer) -> str:
    return answer.body.model_dump_json() if answer.body is not None else ""


async def _done(route: ApiRoute, call: ApiCall) -> Response:
    answer = await route.does(call)
    if route.changes and call.done is not None:
        await audit.record(call.app, call.actor, route.act, **call.done)
    text, status = _text(answer), answer.status or route.status
    headers = {"location": answer.location} if answer.location else {}
    if route.method == "GET" or answer.mark is not None:
        headers["etag"] = etag_of(answer)
    if route.method == "GET" and _is_known(call.request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers=headers)
    if status == 204:
        return Response(status_code=204, headers=headers)
    return Response(text, status_code=status, media_type=JSON, headers=headers)
