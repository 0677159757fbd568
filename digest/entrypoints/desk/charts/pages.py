"""The charts of one list, and of all that somebody may see together."""

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup
from starlette.responses import Response

from digest.entrypoints.desk.charts import made
from digest.entrypoints.desk.pages import desk_page
from digest.entrypoints.desk.visit import DeskVisit
from digest.model import MailingList
from digest.model.rows import row_id
from digest.render.charts import drawing
from digest.render.charts.chart import Chart
from digest.services.desk import figures, home
from digest.services.editions import clicks

SPANS = (30, 90, 365)
DATED = {f"chart-{one}" for one in ("growth", "coming", "delivered", "opened", "bounced", "complained")}
Drawn = tuple[Chart, Markup]


async def list_charts_page(visit: DeskVisit) -> Response:
    """Show how a list grows and how its mail fares."""
    choices = await figures.choices_of(visit.app, visit.here)
    return await _page(visit, [visit.here], [_both(made.by_section(visit, choices), drawing.bars)])


async def charts_page(visit: DeskVisit) -> Response:
    """Show the same of all lists that somebody may see."""
    return await _page(visit, await home.visible_lists(visit.app, visit.who.roles), [])


async def _page(visit: DeskVisit, lists: Sequence[MailingList], more: list[Drawn]) -> Response:
    days = _days(visit)
    found = await figures.of_lists(visit.app, lists, days)
    charts = [
        _both(made.growth(visit, found), drawing.lines),
        _both(made.coming(visit, found), drawing.columns),
        _both(made.delivered(visit, found), partial(drawing.columns, stacked=True)),
        _both(made.returned(visit, found, "bounced"), drawing.columns),
        _both(made.returned(visit, found, "complained"), drawing.columns),
        _both(made.by_domain(visit, found.domains), drawing.bars),
        *more,
    ]
    counting = any(one.count_clicks for one in lists)
    by_day = await clicks.by_day(visit.app, [row_id(one) for one in lists], found.span[0])
    if counting or by_day:
        charts.insert(3, _both(made.opened(visit, found, by_day), drawing.columns))
    view = {
        "charts": charts,
        "days": days,
        "spans": SPANS,
        "lists": lists,
        "by_week": made.weekly(found.span),
        "dated": DATED,
        "counts_clicks": counting,
    }
    return desk_page(visit, "charts", view)


def _days(visit: DeskVisit) -> int:
    asked = visit.asked("days")
    return next((one for one in SPANS if str(one) == asked), SPANS[0])


def _both(chart: Chart, draw: "drawing.Draw") -> Drawn:
    """A chart in two widths, of which the style sheet shows the one that fits: text keeps its size."""
    return chart, Markup(draw(chart) + draw(chart, width=drawing.NARROW))  # noqa: S704 - escaped in drawing
