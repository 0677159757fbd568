"""Charts: round numbers at the axis, time that runs as the language does, marks where the figures say."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from digest.render.charts import drawing
from digest.render.charts.chart import Chart, Series
from digest.render.charts.scale import Frame, axis_for, labelled

SVG = "{http://www.w3.org/2000/svg}"


def a_chart(*series: Series, labels: int = 0, rtl: bool = True, **more: str) -> Chart:
    count = labels or len(series[0].values)
    return Chart(
        id="growth",
        title=more.get("title", "النمو"),
        says="من ١ إلى ٩",
        labels=tuple(f"يوم {n}" for n in range(1, count + 1)),
        series=series,
        rtl=rtl,
        number=lambda value: f"{value:g}",
    )


def read(svg: str) -> ET.Element:
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def marks(svg: str, look: str) -> list[dict[str, float]]:
    names = ("x", "y", "width", "height")
    found = [one for one in read(svg).iter(f"{SVG}rect") if one.get("class") == f"mark {look}"]
    return [{name: float(one.get(name, "nan")) for name in names} for one in found]


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0, 7), (0, 2, 4, 6, 8)),
        ((0, 1), (0, 1)),
        ((), (0, 1)),
        ((0, 0, 0), (0, 1)),
        ((0, 1_000_000), (0, 250_000, 500_000, 750_000, 1_000_000)),
        ((-300, 900), (-500, 0, 500, 1000)),
        ((0, 37), (0, 10, 20, 30, 40)),
    ],
)
def test_an_axis_has_round_whole_numbers_around_all_values(
    values: tuple[float, ...], ticks: tuple[float, ...]
):
    assert axis_for(values).ticks == ticks


@pytest.mark.parametrize("most", [1, 2, 3, 9, 11, 99, 101, 12_345, 999_999, 1_000_001])
def test_no_value_stands_outside_its_axis_and_no_axis_is_crowded(most: int):
    axis = axis_for((0, most))
    assert 0 <= axis.share(0) < axis.share(most) <= 1
    assert 2 <= len(axis.ticks) <= 6
    assert all(tick == int(tick) for tick in axis.ticks)


def test_far_from_zero_a_line_has_an_axis_of_its_own():
    axis = axis_for((9_950, 10_010), from_zero=False)
    assert axis.low >= 9_900
    assert axis.high <= 10_100
    assert axis_for((9_950, 10_010)).low == 0


def test_time_runs_from_right_to_left_where_writing_does():
    rtl, ltr = Frame(560, 240, rtl=True), Frame(560, 240, rtl=False)
    assert rtl.across(0) > rtl.across(1)
    assert ltr.across(0) < ltr.across(1)
    for share in (0, 0.25, 0.5, 1):
        assert rtl.across(share) == 560 - ltr.across(share)
    assert rtl.slot(0, 4)[0] > rtl.slot(3, 4)[0]


@pytest.mark.parametrize(("count", "most"), [(30, 7), (30, 3), (1, 5), (7, 7), (52, 6), (2, 1)])
def test_labels_are_evenly_apart_and_the_newest_day_has_one(count: int, most: int):
    places = labelled(count, most)
    assert places[-1] == count - 1
    assert 1 <= len(places) <= most
    assert len({two - one for one, two in pairwise(places)}) <= 1


def test_no_label_is_asked_of_nothing():
    assert labelled(0, 5) == labelled(5, 0) == ()


@pytest.mark.parametrize("rtl", [True, False])
def test_a_column_is_as_tall_as_its_value_and_stands_on_zero(rtl: bool):
    found = marks(drawing.columns(a_chart(Series("وصل", (10.0, 20.0, 40.0)), rtl=rtl)), "a")
    assert len(found) == 3
    assert {round(one["y"] + one["height"], 2) for one in found} == {240 - 26}
    assert found[1]["height"] == pytest.approx(2 * found[0]["height"], abs=0.02)
    assert found[2]["height"] == pytest.approx(4 * found[0]["height"], abs=0.02)
    order = [one["x"] for one in found]
    assert order == sorted(order, reverse=rtl)


def test_who_left_hangs_below_zero_in_the_slot_of_who_joined():
    svg = drawing.columns(
        a_chart(Series("انضموا", (30.0, 10.0), "good"), Series("غادروا", (-15.0, -5.0), "bad"))
    )
    up, down = marks(svg, "good"), marks(svg, "bad")
    for joined, left in zip(up, down, strict=True):
        assert joined["x"] == left["x"]
        assert joined["y"] + joined["height"] == pytest.approx(left["y"], abs=0.02)
        assert left["height"] == pytest.approx(joined["height"] / 2, abs=0.02)


def test_stacked_columns_stand_on_each_other():
    svg = drawing.columns(
        a_chart(Series("وصل", (80.0,)), Series("ارتد", (15.0,), "bad"), Series("تعذر", (5.0,), "b")),
        stacked=True,
    )
    [sent], [bounced], [failed] = marks(svg, "a"), marks(svg, "bad"), marks(svg, "b")
    assert bounced["y"] + bounced["height"] == pytest.approx(sent["y"], abs=0.02)
    assert failed["y"] + failed["height"] == pytest.approx(bounced["y"], abs=0.02)
    assert sent["height"] == pytest.approx(16 * failed["height"], rel=0.01)


@pytest.mark.parametrize("rtl", [True, False])
def test_bars_begin_where_writing_does_and_the_longest_fills_the_width(rtl: bool):
    found = marks(drawing.bars(a_chart(Series("أُرسل", (400.0, 100.0)), rtl=rtl)), "a")
    assert found[0]["width"] == drawing.WIDE
    assert found[1]["width"] == drawing.WIDE / 4
    assert found[1]["x"] == (drawing.WIDE * 3 / 4 if rtl else 0)


def test_a_line_goes_through_its_values_in_the_order_of_time():
    svg = drawing.lines(a_chart(Series("المشتركون", (100.0, 150.0, 125.0))))
    path = next(one.get("d", "") for one in read(svg).iter(f"{SVG}path") if one.get("class") == "line a")
    points = [tuple(map(float, pair.split())) for pair in re.split("[ML]", path) if pair]
    assert [x for x, _ in points] == sorted((x for x, _ in points), reverse=True)
    low, high, middle = (y for _, y in points)
    assert low > middle > high
    assert middle == pytest.approx((low + high) / 2, abs=0.02)


@pytest.mark.parametrize("draw", [drawing.lines, drawing.columns, drawing.bars])
def test_a_chart_tells_what_it_shows_and_no_name_gets_out_of_its_text(draw: drawing.Draw):
    chart = a_chart(Series('"><script>alert(1)</script>', (1.0, 2.0)), title="</title><script>x</script>")
    root = read(draw(chart))
    named = (root.get("aria-labelledby") or "").split()
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == named  # type: ignore[union-attr]
    assert root.get("role") == "img"
    assert not list(root.iter(f"{SVG}script"))
    assert not re.search(r'\sstyle=|<style|\son\w+="', draw(chart))


@pytest.mark.parametrize("draw", [drawing.lines, drawing.columns, drawing.bars])
@pytest.mark.parametrize("width", [drawing.WIDE, drawing.NARROW])
def test_nothing_is_drawn_outside_of_the_chart(draw: drawing.Draw, width: float):
    series = [
        Series("أ", tuple(float(n % 7) for n in range(40))),
        Series("ب", tuple(-float(n % 3) for n in range(40))),
    ]
    root = read(draw(a_chart(*series), width=width))
    tall = float((root.get("viewBox") or "").split()[3])
    for one in root.iter():
        for name, most in (("x", width), ("y", tall), ("cx", width), ("cy", tall)):
            if one.get(name) is not None:
                assert -0.01 <= float(one.get(name, "0")) <= most + 0.01, (one.tag, name)


def test_both_widths_of_a_chart_have_names_of_their_own():
    chart = a_chart(Series("أ", (1.0, 2.0)))
    both = drawing.lines(chart) + drawing.lines(chart, width=drawing.NARROW)
    ids = re.findall(r' id="([^"]+)"', both)
    assert len(ids) == len(set(ids)) == 4


def test_the_table_beside_it_has_every_figure_as_it_is_written():
    chart = a_chart(Series("وصل", (1.0, 2.0)), Series("ارتد", (0.0, 5.0)))
    assert chart.rows == (("يوم 1", ("1", "0")), ("يوم 2", ("2", "5")))
    assert a_chart(Series("وصل", (0.0, 0.0))).is_empty
    assert not chart.is_empty
