"""What somebody typed while the session ended: it comes back after the login."""

import json
import re

from starlette.responses import Response

from digest.entrypoints.desk.pages import desk_page, go_to
from digest.entrypoints.desk.visit import DeskVisit

NEVER_KEPT = re.compile(r"password|code|token|secret|kept|next", re.IGNORECASE)
"""Fields that are not written into a page again."""
_OURS = re.compile(r"/desk(?:/[\w.,/~%-]*)?(?:\?[\w.,/~%&=+-]*)?")


def own_path(path: str) -> str:
    """Return a path of the desk, "/desk" for whatever is none: nobody is led elsewhere."""
    return path if _OURS.fullmatch(path) and "//" not in path else "/desk"


def login_that_keeps(visit: DeskVisit, path: str) -> Response:
    """Ask for a login, with the form that was sent kept in the page."""
    kept = [(name, value) for name, value in visit.fields if not NEVER_KEPT.search(name)]
    # Without a text there is nothing to send again, and an address that only takes forms is no page.
    view = {
        "next": own_path(path) if kept else "/desk",
        "kept": json.dumps(kept, ensure_ascii=False) if kept else "",
        "email": "",
    }
    return desk_page(visit, "login", view, status=401, problem="refused_over")


def kept_in(visit: DeskVisit) -> dict[str, str]:
    """Return what a login's form carries on: where it leads, and what is kept."""
    return {"next": own_path(visit.field("next") or visit.asked("next")), "kept": visit.field("kept")}


def lead_on(visit: DeskVisit) -> Response:
    """Lead on after a login: to what was asked for, or to the text that was kept."""
    on = kept_in(visit)
    fields = _fields(on["kept"])
    if not fields:
        return go_to(on["next"])
    return desk_page(visit, "kept", {"action": on["next"], "fields": fields})


def _fields(kept: str) -> list[tuple[str, str]]:
    try:
        found = json.loads(kept) if kept else []
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    pairs = [one for one in found if isinstance(one, list) and len(one) == 2]
    return [(name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str)]
