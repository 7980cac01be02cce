"""Charts of a series: growth as a line with what earlier vintages said, levels as columns.

Across, places are in per cent of the width, so that letters keep their size on any screen; up and
down they are in pixels. The table below a chart has the numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.model.period import parse_period
from flows.publish.chart_scale import choose_ticks
from flows.publish.site_rows import Row, Series

_TOP, _BOTTOM = 22, 190  # pixels
_LEFT, _RIGHT = 9.0, 98.0  # per cent
_LABELS = 7  # years that are named along the axis
_MOST_POINTS = 60  # quarters that a chart shows: fifteen years
_SPARK = 24  # of a small chart


@dataclass(frozen=True)
class Chart:
    """A chart in places: `points` the figures that stand, `earlier` what vintages said before."""

    measure: str  # growth_text or number_text
    is_line: bool
    points: list[Row]
    strokes: list[tuple[Row, Row]]  # the points of each quarter and the next that both stand
    earlier: list[Row]
    ticks: list[Row]
    years: list[Row]
    zero: float
    column: float  # the width of one, in per cent
    bottom: int = _BOTTOM


def draw_charts(series: Series) -> list[Chart]:
    """Growth, then level: those of which there are two figures or more."""
    return [chart for m in ("growth_text", "number_text") if (chart := _draw(series, m))]


def _draw(series: Series, measure: str) -> Chart | None:
    figures = [row for row in series.figures if row[measure] is not None][-_MOST_POINTS:]
    if len(figures) < 2:
        return None
    slots = [slot_of(row) for row in figures]
    shown = set(slots)
    now = {row["period"]: row[measure] for row in figures}
    vintages = [
        row
        for period, versions in series.vintages.items()
        for row in versions
        if row[measure] is not None and row[measure] != now.get(period, row[measure])
    ]
    is_line = measure == "growth_text" or figures[0]["unit_zh"] == "%"
    earlier = vintages if is_line else []
    ticks = choose_ticks([float(row[measure]) for row in (*figures, *earlier)])
    width = (_RIGHT - _LEFT) / (slots[-1] - slots[0] + 1)

    def x(slot: int) -> float:
        return round(_LEFT + (slot - slots[0] + 0.5) * width, 2)

    def y(value: float) -> float:
        share = (value - ticks[0]) / (ticks[-1] - ticks[0])
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)

    zero = y(0)
    points = [
        {
            "x": x(slot),
            "y": y(float(row[measure])),
            "top": min(y(float(row[measure])), zero),
            "height": max(abs(y(float(row[measure])) - zero), 1),
            "text": row[measure],
            "period": row["period"],
            "is_year": row["basis"] == "ytd" and row["period"].endswith("4"),
            "is_asked": row["has_open_query"],
        }
        for slot, row in zip(slots, figures, strict=True)
    ]
    return Chart(
        measure,
        is_line,
        points,
        [
            pair
            for slot, pair in zip(slots[1:], itertools.pairwise(points), strict=True)
            if slot - 1 in shown
        ],
        [{"x": x(slot_of(row)), "y": y(float(row[measure]))} for row in earlier],
        [{"text": f"{v:,.10g}", "y": y(v)} for v in ticks],
        _label_years(slots, {slot: x(slot) for slot in range(slots[0], slots[-1] + 1)}),
        zero,
        round(width * 0.7, 2),
    )


def _label_years(slots: Sequence[int], places: Mapping[int, float]) -> list[Row]:
    """Years at their first quarter, or where the series begins; not more than have room."""
    years = sorted({slot // 4 for slot in range(slots[0], slots[-1] + 1)})
    every = -(-len(years) // _LABELS)
    return [{"text": str(y), "x": places[max(y * 4, slots[0])]} for y in years[::every]]


def slot_of(row: Row) -> int:
    """A quarter counted from year 0."""
    period = parse_period(row["period"])
    return period.year * 4 + period.quarter - 1


def draw_spark(series: Series) -> str:
    """The newest growth of a series, or its levels, as points of a line in a box of 100 by 24;
    empty where there are fewer than three.
    """
    for measure in ("growth_text", "number_text"):
        rows = [row for row in series.figures if row[measure] is not None][-_SPARK:]
        if len(rows) >= 3:
            values = [float(row[measure]) for row in rows]
            slots = [slot_of(row) for row in rows]
            low, height = min(values), (max(values) - min(values)) or 1
            return " ".join(
                f"{100 * (slot - slots[0]) / (slots[-1] - slots[0]):.1f},"
                f"{22 - 20 * (value - low) / height:.1f}"
                for slot, value in zip(slots, values, strict=True)
            )
    return ""
