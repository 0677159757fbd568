"""The routes of the first-run guide."""

from digest.entrypoints.desk.guide import pages
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right

HOME = "/desk/guide"

GUIDE_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(path=HOME, needs=Right.SETTINGS, get=pages.guide_page, over_all_lists=True),
    *(
        DeskRoute(
            path=f"{HOME}/{name}",
            needs=Right.SETTINGS,
            post=handler,
            act=f"guide.{name}",
            over_all_lists=True,
        )
        for name, handler in (
            ("test", pages.test_mail),
            ("list", pages.make_list),
            ("leave", pages.leave),
            ("take-up", pages.take_up),
        )
    ),
)
