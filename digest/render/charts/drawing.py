"""The SVG of charts: lines, columns and bars; pure.

Text is escaped, colours and fonts are classes of the page's style sheet: a strict policy allows no others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from digest.render.charts.chart import Chart, Series
from digest.render.charts.scale import Axis, Frame, axis_for, labelled

Draw = Callable[..., str]
"""Draws a chart; its `width` may be given."""
WIDE, NARROW = 560.0, 340.0
HEIGHT = 240.0
LABEL_ROOM = 88.0
GAP = 0.28
"""Of a slot, what stays free between two columns."""
ROW = 34.0
BAR = 12.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """A room with the numbers at its side."""

    frame: Frame
    axis: Axis

    def height(self, value: float) -> float:
        """Return where a value stands."""
        return self.frame.upright(self.axis.share(value))


def lines(chart: Chart, *, width: float = WIDE) -> str:
    """Draw series as lines over time; the first one's room below it is filled."""
    axis = axis_for([value for one in chart.series for value in one.values], from_zero=False)
    frame = Frame(width, HEIGHT, chart.rtl)
    marks = [
        _line(one, axis, frame, filled=place == 0) for place, one in reversed([*enumerate(chart.series)])
    ]
    return _svg(
        chart, frame, width, [*_grid(chart, axis, frame), *marks, *_times(chart, frame, centred=False)]
    )


def columns(chart: Chart, *, width: float = WIDE, stacked: bool = False) -> str:
    """Draw series as columns over time: side by side, or on top of each other. Negative values hang below."""
    sums = [sum(values) for values in zip(*(one.values for one in chart.series), strict=True)]
    every = sums if stacked else [value for one in chart.series for value in one.values]
    axis = axis_for(every)
    frame = Frame(width, HEIGHT, chart.rtl)
    marks = _stacked(chart, _Plot(frame, axis)) if stacked else _beside(chart, _Plot(frame, axis))
    return _svg(
        chart, frame, width, [*_grid(chart, axis, frame), *marks, *_times(chart, frame, centred=True)]
    )


def bars(chart: Chart, *, width: float = WIDE) -> str:
    """Draw the first series as bars along the line of writing, a label above each."""
    values = chart.series[0].values if chart.series else ()
    most = max(values, default=0.0) or 1.0
    height = max(ROW * len(values), ROW)
    frame = Frame(width, height, chart.rtl)
    marks = []
    for place, (label, value) in enumerate(zip(chart.labels, values, strict=True)):
        top, long = ROW * place, width * value / most
        start = width - long if chart.rtl else 0.0
        begin, end = (width, 0.0) if chart.rtl else (0.0, width)
        marks += [
            _text(begin, top + 14, label, "end" if chart.rtl else "start", "name"),
            _text(end, top + 14, chart.number(value), "start" if chart.rtl else "end", "value"),
            f'<rect class="track" x="0" y="{top + 19:g}" width="{width:g}" height="{BAR:g}" rx="2"/>',
            f'<rect class="mark a" x="{start:.2f}" y="{top + 19:g}" width="{long:.2f}" height="{BAR:g}" rx="2"/>',
        ]
    return _svg(chart, frame, width, marks)


def _svg(chart: Chart, frame: Frame, width: float, marks: list[str]) -> str:
    name = f"{chart.id}-{width:g}"
    size = "wide" if width > NARROW else "narrow"
    # Places are reckoned from the left: what the page's direction is must not turn a text's anchor round.
    return (
        f'<svg class="chart {size}" role="img" direction="ltr" viewBox="0 0 {width:g} {frame.height:g}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-says">'
        f'<title id="{escape(name)}-title">{escape(chart.title)}</title>'
        f'<desc id="{escape(name)}-says">{escape(chart.says)}</desc>{"".join(marks)}</svg>'
    )


def _grid(chart: Chart, axis: Axis, frame: Frame) -> list[str]:
    left, right = sorted((frame.begins, frame.ends))
    at, anchor = (frame.begins + 8, "start") if chart.rtl else (frame.begins - 8, "end")
    drawn = []
    for tick in axis.ticks:
        y = frame.upright(axis.share(tick))
        look = "zero" if tick == 0 else "grid-line"
        drawn.append(f'<path class="{look}" d="M{left:g} {y:.2f}H{right:g}"/>')
        drawn.append(_text(at, y + 4, chart.number(abs(tick)), anchor, "tick-label"))
    return drawn


def _times(chart: Chart, frame: Frame, *, centred: bool) -> list[str]:
    count = len(chart.labels)
    drawn = []
    for place in labelled(count, int(abs(frame.ends - frame.begins) // LABEL_ROOM)):
        share = (place + 0.5) / count if centred else place / max(count - 1, 1)
        x = frame.across(share)
        near_end, near_begin = share > 0.93, share < 0.07
        if near_end or near_begin:
            anchor = "start" if near_end == chart.rtl else "end"
        else:
            anchor = "middle"
        drawn.append(_text(x, frame.height - 8, chart.labels[place], anchor, "tick-label"))
    return drawn


def _line(one: Series, axis: Axis, frame: Frame, *, filled: bool) -> str:
    count = len(one.values)
    points = [
        (frame.across(place / max(count - 1, 1)), frame.upright(axis.share(value)))
        for place, value in enumerate(one.values)
    ]
    if not points:
        return ""
    path = "L".join(f"{x:.2f} {y:.2f}" for x, y in points)
    last = points[-1]
    room = (
        f'<path class="room {one.look}" d="M{points[0][0]:.2f} {frame.bottom:g}L{path}L{last[0]:.2f} {frame.bottom:g}Z"/>'
        if filled
        else ""
    )
    dot = f'<circle class="mark {one.look}" cx="{last[0]:.2f}" cy="{last[1]:.2f}" r="3.5"/>'
    return f'{room}<path class="line {one.look}" d="M{path}"/>{dot}'


def _column(plot: _Plot, slot: tuple[float, float], base: float, value: float, look: str) -> str:
    x, width = slot
    one, two = plot.height(base), plot.height(base + value)
    tall = abs(one - two)
    if not value:
        return ""
    return f'<rect class="mark {look}" x="{x:.2f}" y="{min(one, two):.2f}" width="{width:.2f}" height="{tall:.2f}"/>'


def _beside(chart: Chart, plot: _Plot) -> list[str]:
    hanging = all(all(value <= 0 for value in one.values) for one in chart.series[1:])
    many = 1 if hanging else len(chart.series)
    drawn = []
    for place in range(len(chart.labels)):
        left, width = plot.frame.slot(place, len(chart.labels))
        own = width * (1 - GAP) / many
        for nth, one in enumerate(chart.series):
            step = 0 if hanging else (many - 1 - nth if chart.rtl else nth)
            x = left + width * GAP / 2 + own * step
            drawn.append(_column(plot, (x, own), 0.0, one.values[place], one.look))
    return drawn


def _stacked(chart: Chart, plot: _Plot) -> list[str]:
    drawn = []
    for place in range(len(chart.labels)):
        left, width = plot.frame.slot(place, len(chart.labels))
        base = 0.0
        for one in chart.series:
            x, own = left + width * GAP / 2, width * (1 - GAP)
            drawn.append(_column(plot, (x, own), base, one.values[place], one.look))
            base += one.values[place]
    return drawn


def _text(x: float, y: float, words: str, anchor: str, look: str) -> str:
    return f'<text class="{look}" x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}">{escape(words)}</text>'
