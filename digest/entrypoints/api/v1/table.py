"""What a route of the JSON interface declares, and what keeps it from starting when it does not."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from digest.entrypoints.api.v1.call import ApiCall
from digest.errors import ConfigError
from digest.model import Scope
from digest.model.programs.scopes import OF_ALL_LISTS

ROOT = "/api/v1"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class NoQuery(BaseModel):
    """The query of a route that takes none."""

    model_config = ConfigDict(extra="forbid")


class ApiAccess(StrEnum):
    """Who may call a route that asks for no scope."""

    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What a route answers; without a status the one that it declares.

    `mark` is the version (`version_of`) of what it shows, by which a change is refused if another came first.
    """

    body: BaseModel | None = None
    status: int | None = None
    location: str = ""
    mark: str | None = None


Handler = Callable[[ApiCall], Awaitable[ApiAnswer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoute:
    """One method of one address: who may call it, what it takes and answers, and what does it.

    With `{slug}` in its path it is of that list. One of no list is closed to keys for one list, unless it
    `narrows` its answer to theirs. `act` names what it changes in the audit log; a POST that changes nothing
    `only_asks`. `files` are the media types of a body that is a file.
    """

    method: str
    path: str
    does: Handler
    says: str
    needs: Scope | ApiAccess | None = None
    status: int = 200
    also: tuple[int, ...] = ()
    answer: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    files: tuple[str, ...] = ()
    query: type[BaseModel] = NoQuery
    act: str = ""
    only_asks: bool = False
    narrows: bool = False
    most: int = 262_144

    @property
    def of_a_list(self) -> bool:
        """Whether its address names a list."""
        return "{slug}" in self.path

    @property
    def name(self) -> str:
        """Its name in the description of the interface."""
        made: Any = self.does
        return str(made.__name__)

    @property
    def changes(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET" and not self.only_asks


def checked_routes(routes: Sequence[ApiRoute]) -> Sequence[ApiRoute]:
    """Return the routes, if each says what it needs.

    Raises:
        ConfigError: one declares no scope, or one that its address cannot be asked for; what it changes would
            not be written down; or a name, or an address with its method, stands twice.
    """
    seen = set[object]()
    for one in routes:
        for is_wrong, why in (
            (one.needs is None, "declares no scope"),
            (one.method not in METHODS, "has no method that is answered"),
            (not one.path.startswith(f"{ROOT}/"), f"is not below {ROOT}"),
            ((one.method, one.path) in seen or one.name in seen, "stands twice"),
            (one.changes and not one.act, "changes something under no name"),
            (not one.changes and bool(one.act), "names an act, and changes nothing"),
            (one.changes and str(one.needs).endswith(":read"), "changes what its scope may only read"),
            (one.changes and one.needs is ApiAccess.ANYBODY, "lets anybody change something"),
            (one.of_a_list and one.needs in OF_ALL_LISTS, "asks for a scope of all lists over one"),
            (one.of_a_list and one.needs is ApiAccess.ANYBODY, "shows a list to anybody"),
            (one.narrows and (one.of_a_list or one.changes), "has nothing to narrow"),
            (one.answer is None and one.status != 204, "answers nothing, and does not say so"),
        ):
            if is_wrong:
                raise ConfigError(f"The route {one.method} {one.path} {why}.")
        seen |= {(one.method, one.path), one.name}
    return routes
