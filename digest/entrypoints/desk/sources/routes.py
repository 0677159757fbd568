"""The routes of the sources' pages."""

from digest.entrypoints.desk.sources import of_list, one, opml_pages, overview
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right
from digest.services.sources.opml_files import LARGEST

ONE = "/desk/sources/{id:int}"

SOURCES_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(path="/desk/sources", needs=Right.SEE, get=overview.sources_page),
    DeskRoute(path="/desk/sources.opml", needs=Right.SEE, get=opml_pages.export_opml),
    DeskRoute(
        path="/desk/sources/find",
        needs=Right.EDIT,
        post=overview.find,
        act="sources.find",
        over_all_lists=True,
    ),
    DeskRoute(
        path="/desk/sources/add", needs=Right.EDIT, post=overview.add, act="sources.add", over_all_lists=True
    ),
    DeskRoute(
        path="/desk/sources/import",
        needs=Right.EDIT,
        post=opml_pages.take,
        act="sources.import",
        over_all_lists=True,
    ),
    DeskRoute(
        path="/desk/uploads/sources",
        needs=Right.EDIT,
        post=opml_pages.look,
        act="sources.import",
        over_all_lists=True,
        takes_file=True,
        most=LARGEST,
    ),
    DeskRoute(
        path="/desk/uploads/sources/take",
        needs=Right.EDIT,
        post=opml_pages.take,
        act="sources.import",
        over_all_lists=True,
        takes_file=True,
        most=LARGEST,
    ),
    DeskRoute(path=ONE, needs=Right.SEE, get=one.source_page),
    *(
        DeskRoute(
            path=f"{ONE}/{name}", needs=Right.EDIT, post=handler, act=f"sources.{name}", over_all_lists=True
        )
        for name, handler in (
            ("set", one.set_source),
            ("pause", one.pause),
            ("resume", one.resume),
            ("visit", one.visit_now),
            ("remove", one.remove),
            ("clean", one.clean),
        )
    ),
    DeskRoute(path="/desk/lists/{slug}/sources", needs=Right.SEE, get=of_list.list_sources_page),
    DeskRoute(
        path="/desk/lists/{slug}/sources/set",
        needs=Right.EDIT,
        post=of_list.set_list_sources,
        act="lists.sources",
    ),
    DeskRoute(path="/desk/lists/{slug}/why", needs=Right.SEE, get=of_list.why_page),
)
