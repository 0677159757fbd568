"""One request of a program: who calls, about which list, with what."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from digest.entrypoints.api.v1.problems import ProblemError
from digest.entrypoints.security import CLIENT
from digest.model import MailingList, Scope
from digest.services.app import App
from digest.services.audit import Actor
from digest.services.programs.keys import Caller

LARGEST_ID = 2**31 - 1
"""That both databases keep in a column."""


@dataclass(slots=True, kw_only=True)
class ApiCall:
    """What a route works with. One that changes something says so by `changed`; it is written down then.

    `query` and `body` are of the types that the route declares; the body of a file is its bytes. `seen` is
    the mark of what the program read before, when it said so by If-Match: the change itself asks for it.
    """

    request: Request
    app: App
    caller: Caller | None = None
    mailing_list: MailingList | None = None
    query: Any = None
    body: Any = None
    done: dict[str, Any] | None = None
    seen: str | None = None

    @property
    def here(self) -> MailingList:
        """The list that the address names."""
        assert self.mailing_list is not None, "only a route with a slug has one"
        return self.mailing_list

    @property
    def only_list(self) -> MailingList | None:
        """The one list that the key is for; None: all lists."""
        return self.caller.mailing_list if self.caller else None

    @property
    def actor(self) -> Actor:
        """Who acts, for the audit log."""
        return Actor(self.caller.name if self.caller else "api:", str(self.request.scope.get(CLIENT, "")))

    def may(self, scope: Scope) -> bool:
        """Say whether the key has a scope besides the one that let it in."""
        return self.caller is not None and scope in self.caller.scopes

    def word(self, name: str) -> str:
        """Return a word of the address."""
        return str(self.request.path_params[name])

    def number(self, name: str = "id") -> int:
        """Return a number of the address.

        Raises:
            ProblemError: 404, no row has such a number.
        """
        found = int(self.request.path_params[name])
        if not 1 <= found <= LARGEST_ID:
            raise ProblemError(404, "There is nothing of that number.")
        return found

    def changed(
        self,
        about: str = "",
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        list_slug: str = "",
    ) -> None:
        """Say what was changed, for the audit log."""
        self.done = {
            "about": about,
            "before": before or {},
            "after": after or {},
            "list_slug": list_slug or (self.mailing_list.slug if self.mailing_list else ""),
        }


def cursor_of(last: str | int) -> str:
    """Return what a program sends to go on behind a row."""
    return base64.urlsafe_b64encode(str(last).encode()).decode().rstrip("=")


def behind(cursor: str | None) -> str:
    """Return what a cursor stands for; empty for none.

    Raises:
        ProblemError: 422, it is none of ours.
    """
    if not cursor:
        return ""
    try:
        return base64.b64decode(
            (cursor + "=" * (-len(cursor) % 4)).encode(), altchars=b"-_", validate=True
        ).decode("ascii")
    except (binascii.Error, UnicodeError) as error:
        raise ProblemError(422, "The cursor is none that an answer gave.") from error


def behind_number(cursor: str | None) -> int | None:
    """Return the number that a cursor stands for; None for none.

    Raises:
        ProblemError: as `behind`.
    """
    found = behind(cursor)
    if not found:
        return None
    if not found.isdecimal() or len(found) > 10 or int(found) > LARGEST_ID:
        raise ProblemError(422, "The cursor is none that an answer gave.")
    return int(found)
