"""The routes of the charts' pages."""

from digest.entrypoints.desk.charts import pages
from digest.entrypoints.desk.table import DeskRoute
from digest.model import Right

CHARTS_ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute(path="/desk/charts", needs=Right.SEE, get=pages.charts_page),
    DeskRoute(path="/desk/lists/{slug}/charts", needs=Right.SEE, get=pages.list_charts_page),
)
