"""Figures to charts, in the words, digits and direction of the account; by days, or by weeks where many."""

from collections.abc import Mapping, Sequence
from datetime import date

from digest.entrypoints.desk.visit import DeskVisit
from digest.render.charts.chart import Chart, Series
from digest.services.desk.figures import ChoiceFigures, DomainFigures, ListFigures
from digest.text.dates import calendar
from digest.text.direction.bidi import direction

MOST_DAYS = 62
"""More than these are shown by weeks."""
WEEK = 7


def weekly(span: Sequence[date]) -> bool:
    """Say whether so many days are shown by weeks."""
    return len(span) > MOST_DAYS


def slots(span: Sequence[date]) -> list[Sequence[int]]:
    """Return the places of the days that one mark stands for: each day, or seven that end with the newest."""
    if not weekly(span):
        return [(place,) for place in range(len(span))]
    first = len(span) % WEEK
    begins = [0, *range(first, len(span), WEEK)] if first else [*range(0, len(span), WEEK)]
    ends = [*begins[1:], len(span)]
    return [range(one, two) for one, two in zip(begins, ends, strict=True)]


def added(values: Sequence[int], span: Sequence[date]) -> tuple[float, ...]:
    """Return what happened in each slot."""
    return tuple(float(sum(values[place] for place in slot)) for slot in slots(span))


def standing(values: Sequence[int], span: Sequence[date]) -> tuple[float, ...]:
    """Return what there was at the end of each slot."""
    return tuple(float(values[slot[-1]]) for slot in slots(span))


def _chart(visit: DeskVisit, name: str, says: str, labels: Sequence[str], *series: Series) -> Chart:
    return Chart(
        id=f"chart-{name}",
        title=visit.words[f"chart_{name}"],
        says=says,
        labels=tuple(labels),
        series=series,
        rtl=direction(visit.language) == "rtl",
        number=lambda value: visit.number(round(value)),
    )


def _labels(visit: DeskVisit, span: Sequence[date]) -> list[str]:
    return [
        calendar.day_and_month(span[slot[-1]], visit.language, "default", visit.digits)
        for slot in slots(span)
    ]


def growth(visit: DeskVisit, found: ListFigures) -> Chart:
    """How many people there were."""
    people = standing(found.confirmed, found.span)
    says = visit.words["chart_growth_says"].format(
        first=visit.number(round(people[0])), last=visit.number(round(people[-1]))
    )
    series = Series(visit.words["people"], people)
    return _chart(visit, "growth", says, _labels(visit, found.span), series)


def coming(visit: DeskVisit, found: ListFigures) -> Chart:
    """Who came, upward, and who left, downward."""
    joined, gone = added(found.joined, found.span), added(found.gone, found.span)
    says = visit.words["chart_coming_says"].format(
        joined=visit.number(round(sum(joined))), gone=visit.number(round(sum(gone)))
    )
    return _chart(
        visit, "coming", says, _labels(visit, found.span),
        Series(visit.words["chart_joined"], joined, "good"),
        Series(visit.words["chart_gone"], tuple(-one for one in gone), "bad"),
    )  # fmt: skip


def delivered(visit: DeskVisit, found: ListFigures) -> Chart:
    """What became of the mail of each day's editions."""
    sums = {name: dict.fromkeys(found.span, 0) for name in ("sent", "bounced", "failed")}
    for one in found.editions:
        if one.day in sums["sent"]:
            for name, by_day in sums.items():
                by_day[one.day] += getattr(one, name)
    looks = {"sent": "a", "bounced": "bad", "failed": "b"}
    series = [
        Series(visit.words[f"books_{name}"], added(tuple(by_day.values()), found.span), looks[name])
        for name, by_day in sums.items()
    ]
    says = visit.words["chart_delivered_says"].format(
        **{name: visit.number(sum(by_day.values())) for name, by_day in sums.items()}
    )
    return _chart(visit, "delivered", says, _labels(visit, found.span), *series)


def returned(visit: DeskVisit, found: ListFigures, name: str) -> Chart:
    """Bounces, or complaints, of each day; `name` is bounced or complained."""
    values = added(getattr(found, name), found.span)
    says = visit.words[f"chart_{name}_says"].format(n=visit.number(round(sum(values))))
    return _chart(
        visit, name, says, _labels(visit, found.span), Series(visit.words[f"chart_{name}"], values, "bad")
    )


def opened(visit: DeskVisit, found: ListFigures, by_day: Mapping[date, int]) -> Chart:
    """How often links were opened on each day, by whomever."""
    values = added(tuple(by_day.get(day, 0) for day in found.span), found.span)
    says = visit.words["chart_opened_says"].format(n=visit.number(round(sum(values))))
    series = Series(visit.words["chart_opened"], values)
    return _chart(visit, "opened", says, _labels(visit, found.span), series)


def by_domain(visit: DeskVisit, found: Sequence[DomainFigures]) -> Chart:
    """To which domains the mail went, and what came back."""
    says = visit.words["chart_domains_says"]
    return _chart(
        visit, "domains", says, [one.domain for one in found],
        Series(visit.words["books_sent"], tuple(float(one.sent) for one in found)),
        Series(visit.words["books_bounced"], tuple(float(one.bounced) for one in found)),
        Series(visit.words["chart_complained"], tuple(float(one.complained) for one in found)),
    )  # fmt: skip


def by_section(visit: DeskVisit, found: Sequence[ChoiceFigures]) -> Chart:
    """How many read each section."""
    says = visit.words["chart_sections_says"]
    return _chart(
        visit, "sections", says, [one.title for one in found],
        Series(visit.words["chart_reading"], tuple(float(one.reading) for one in found)),
        Series(visit.words["chart_chosen"], tuple(float(one.chosen) for one in found)),
    )  # fmt: skip
