"""Addresses of the lists' pages, each with what it needs."""

from digest.entrypoints.desk.lists import settings_page
from digest.entrypoints.desk.lists.fields import ALL_PAGES
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right

SETTINGS = "/desk/lists/{slug}/settings"

LIST_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(
        path="/desk/lists/add",
        needs=Right.SETTINGS,
        over_all_lists=True,
        get=settings_page.add_page,
        post=settings_page.add,
        act="lists.add",
    ),
    DeskRoute(path=SETTINGS, needs=Right.SETTINGS, get=settings_page.settings_home),
    DeskRoute(path=f"{SETTINGS}/mail.html", needs=Right.SETTINGS, get=settings_page.look),
    *(
        DeskRoute(
            path=f"{SETTINGS}/{page}",
            needs=Right.SETTINGS,
            get=settings_page.settings_page(page),
            post=settings_page.settings_kept(page),
            act="lists.settings",
        )
        for page in ALL_PAGES
    ),
    DeskRoute(
        path="/desk/uploads/logo/{slug}",
        needs=Right.SETTINGS,
        post=settings_page.hand_in_logo,
        act="lists.logo",
        takes_file=True,
    ),
)
