"""What a route of the desk declares, and what keeps the desk from starting when it does not."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from starlette.responses import Response

from digest.entrypoints.desk.visit import DeskVisit
from digest.errors import ConfigError
from digest.model import Right
from digest.model.accounts.roles import OF_THE_HOUSE

UPLOADS = "/desk/uploads/"
"""Below it alone bodies may be long."""
Handler = Callable[[DeskVisit], Awaitable[Response]]


class Access(StrEnum):
    """Who may call a route that asks for no right."""

    ANYBODY = "anybody"
    LOGGED_IN = "logged in"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoute:
    """One address of the desk: who may call it, and what answers.

    With `{slug}` in its path the right is asked for over that list; else over any list, or over all of them
    with `over_all_lists`: what it changes is shared by all. `act` names what a POST does in the audit log.
    `takes_file`: its form brings a file, which is measured while it is read, once the right was asked; `most`
    are the octets that it may have, None: those of `desk.upload_mb`.
    """

    path: str
    needs: Right | Access | None = None
    get: Handler | None = None
    post: Handler | None = None
    act: str = ""
    over_all_lists: bool = False
    takes_file: bool = False
    most: int | None = None

    @property
    def of_a_list(self) -> bool:
        """Whether its address names a list."""
        return "{slug}" in self.path

    @property
    def methods(self) -> list[str]:
        """The methods that it answers; HEAD comes with GET."""
        return (["GET"] if self.get else []) + (["POST"] if self.post else [])


def checked_table(routes: Sequence[DeskRoute]) -> Sequence[DeskRoute]:
    """Return the routes, if each says what it needs.

    Raises:
        ConfigError: one declares no permission, or one that its address cannot be asked for; what it changes
            would not be written down; or an address stands twice.
    """
    seen = set()
    for one in routes:
        for is_wrong, why in (
            (one.needs is None, "declares no permission"),
            (not one.methods, "answers nothing"),
            (not (one.path == "/desk" or one.path.startswith("/desk/")), "is not below /desk"),
            (one.path in seen, "stands twice"),
            (one.post is not None and not one.act, "changes something under no name"),
            (one.post is None and bool(one.act), "names an act, and takes no POST"),
            (one.post is not None and one.needs is Right.SEE, "lets people change what they may only see"),
            (
                one.takes_file != one.path.startswith(UPLOADS),
                "takes a file elsewhere than below /desk/uploads/",
            ),
            (one.of_a_list and one.needs in OF_THE_HOUSE, "asks for a right of the house over a list"),
            (one.of_a_list and one.over_all_lists, "is for one list, and for all"),
            (one.of_a_list and one.needs is Access.LOGGED_IN, "shows a list to who has no right over it"),
        ):
            if is_wrong:
                raise ConfigError(f"The desk's route {one.path} {why}.")
        seen.add(one.path)
    return routes
