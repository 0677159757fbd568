"""What went wrong, as programs read it: application/problem+json (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field, ValidationError
from starlette.responses import Response

from digest.entrypoints.api.body import RefusedBodyError
from digest.errors import (
    DeliveryError,
    DigestError,
    EditionHeldError,
    InputError,
    NotFoundError,
    RefusedError,
    SourceError,
    StoreError,
)

PROBLEM_JSON = "application/problem+json"
MOST_PLACES = 20
MEANWHILE = frozenset({"changed_since", "approved_already", "edited_meanwhile", "not_open", "move"})
"""Reasons of refusals that another person's act is behind, or how far the edition is."""


class ProblemPlace(BaseModel):
    """One thing that is wrong with what was sent: where it stands, and why."""

    at: str
    message: str


class Problem(BaseModel):
    """Why a request was not done. `status` is the answer's own; `detail` says in a sentence what to do."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: list[ProblemPlace] = Field(default_factory=list)


class ProblemError(Exception):
    """A request that is refused, with the answer that says so."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: list[ProblemPlace] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []
        self.headers = dict(headers or {})


def problem_answer(error: ProblemError) -> Response:
    """Return the answer that says why a request was not done."""
    title = HTTPStatus(error.status).phrase
    shown = Problem(title=title, status=error.status, detail=error.detail, errors=error.errors)
    return Response(
        shown.model_dump_json(exclude_defaults=False),
        status_code=error.status,
        media_type=PROBLEM_JSON,
        headers=error.headers,
    )


def problem_of(error: DigestError | RefusedBodyError) -> ProblemError:
    """Return what a program is answered when something of ours was raised."""
    if isinstance(error, RefusedBodyError):
        return ProblemError(error.status, error.words)
    if isinstance(error, NotFoundError):
        return ProblemError(404, str(error))
    if isinstance(error, RefusedError) and error.reason in MEANWHILE:
        return ProblemError(409, str(error))
    if isinstance(error, RefusedError) and error.reason == "changed_meanwhile":
        return ProblemError(412, str(error))
    if isinstance(error, InputError):
        return ProblemError(422, str(error))
    if isinstance(error, EditionHeldError):
        return ProblemError(409, str(error))
    if isinstance(error, StoreError):
        return ProblemError(
            503, "The database does not answer now. Try again later.", headers={"retry-after": "5"}
        )
    if isinstance(error, SourceError):
        # What the request asked to be visited could not be: the fault is there, not in this server.
        return ProblemError(422, str(error))
    if isinstance(error, DeliveryError):
        return ProblemError(503, "The mail server does not take it now. Try again later.")
    return ProblemError(422, str(error))


def invalid(error: ValidationError) -> ProblemError:
    """Return what a program is answered that sent what a route does not take."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    places = [
        ProblemPlace(at=".".join(str(part) for part in one["loc"])[:200], message=one["msg"][:300])
        for one in found[:MOST_PLACES]
    ]
    return ProblemError(422, "What was sent is not what the route takes.", errors=places)
