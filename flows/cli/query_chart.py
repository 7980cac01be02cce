"""A picture of an answer: lines over time, or bars, a panel for each column of numbers.

It is drawn where a column names the rows. Every number stands in the
table below it, so that the picture need not be read aloud.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass

from flows.cli.query_answer import Answer
from flows.publish.chart_scale import choose_ticks

_MOST_PANELS, _MOST_BARS, _MOST_POINTS = 6, 40, 400
_WIDTH = 720
_SPAN = re.compile(r"([0-9]{4})(?:Q([1-4])|-([0-9]{2})-([0-9]{2}))?")
_MOST = 1e300  # beyond it the ends of an axis have no distance that is a number


@dataclass(frozen=True)
class Tick:
    """A line across or a mark below, with its words."""

    at: float
    text: str


@dataclass(frozen=True)
class Shape:
    """A bar, or a point of a line, with its words."""

    x: float
    y: float
    width: float
    text: str


@dataclass(frozen=True)
class Panel:
    """A column of numbers as a template draws it, in units of a picture `_WIDTH` wide."""

    title: str
    height: float
    zero: float | None
    ticks: list[Tick]
    labels: list[Tick]
    paths: list[str]
    shapes: list[Shape]

    @property
    def is_line(self) -> bool:
        """Over time, else bars."""
        return bool(self.paths)


def draw_answer(answer: Answer) -> list[Panel]:
    """A panel for each column of numbers; none where the rows cannot be drawn."""
    named = _find_labels(answer)
    if named is None:
        return []
    labels = [row[named] or "" for row in answer.rows]
    places = [_place_in_time(label) for label in labels]
    in_time = [place for place in places if place is not None]
    is_line = len(in_time) == len(labels) > 1 and len(set(map(len, labels))) == 1
    if len(labels) > (_MOST_POINTS if is_line else _MOST_BARS):
        return []
    panels = []
    for number, column in enumerate(answer.columns):
        if number == named or not column.is_number:
            continue
        values = [_to_float(row[number]) for row in answer.rows]
        if all(value is None for value in values):
            continue
        draw = _draw_line(column.name, labels, in_time, values) if is_line else None
        panels.append(draw or _draw_bars(column.name, labels, values))
    return panels[:_MOST_PANELS]


def _find_labels(answer: Answer) -> int | None:
    """The column that names the rows: the first of texts, or of years, that is another in each."""
    if answer.has_more or not answer.rows:
        return None
    for number, column in enumerate(answer.columns):
        labels = [row[number] or "" for row in answer.rows]
        if not all(labels) or len(set(labels)) < len(labels):
            continue
        if not column.is_number or all(re.fullmatch(r"(19|20)[0-9]{2}", label) for label in labels):
            return number
    return None


def _place_in_time(label: str) -> int | None:
    """Where a year, a quarter or a day lies: quarters and years that follow differ by one."""
    match = _SPAN.fullmatch(label)
    if not match:
        return None
    year, quarter, month, day = (int(part or 0) for part in match.groups())
    if quarter:
        return year * 4 + quarter
    if not month:
        return year
    try:
        return dt.date(year, month, day).toordinal()
    except ValueError:
        return None


def _to_float(text: str | None) -> float | None:
    value = math.nan if text is None else float(text)
    if not abs(value) < _MOST:  # nan too
        return None
    return 0.0 if abs(value) < 1 / _MOST else value


def _write(value: float) -> str:
    return f"{value:.10g}" if abs(value) < 1e9 else f"{value:.4g}"


def _draw_line(
    title: str, labels: list[str], places: list[int], values: list[float | None]
) -> Panel | None:
    """A line that breaks where a number is missing, or a quarter."""
    left, right, top, bottom = 84.0, _WIDTH - 24.0, 10.0, 180.0
    order = sorted(range(len(places)), key=places.__getitem__)
    numbers = [value for value in values if value is not None]
    steps = choose_ticks(numbers, least=0, has_zero=False)
    low, high = steps[0], steps[-1]
    begin, end = places[order[0]], places[order[-1]]
    is_by_day = "-" in labels[0]

    def x_of(place: int) -> float:
        return left + (right - left) * (place - begin) / (end - begin)

    def y_of(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    paths: list[list[str]] = [[]]
    shapes, before = [], begin
    for number in order:
        value, place = values[number], places[number]
        if value is None or (place - before > 1 and not is_by_day):
            paths.append([])
        before = place
        if value is not None:
            x, y = x_of(place), y_of(value)
            paths[-1].append(f"{x:.1f},{y:.1f}")
            shapes.append(Shape(round(x, 1), round(y, 1), 0, f"{labels[number]}: {_write(value)}"))
    every = max(1, math.ceil(len(order) / 8))
    marks = [Tick(round(x_of(places[n]), 1), labels[n]) for n in order[::every]]
    ticks = [Tick(round(y_of(step), 1), _write(step)) for step in steps]
    zero = round(y_of(0), 1) if low <= 0 <= high else None
    joined = [" ".join(points) for points in paths if points]
    return Panel(title, bottom + 26, zero, ticks, marks, joined, shapes)


def _draw_bars(title: str, labels: list[str], values: list[float | None]) -> Panel:
    """A bar a row, from zero, in the order of the answer."""
    left, right, row = 220.0, _WIDTH - 100.0, 24.0
    numbers = [value for value in values if value is not None]
    low, *_, high = choose_ticks(numbers, least=0)

    def x_of(value: float) -> float:
        return left + (right - left) * (value - low) / (high - low)

    shapes, marks = [], []
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = number * row + 4
        marks.append(Tick(y + row / 2, label if len(label) <= 16 else f"{label[:15]}…"))
        if value is not None:
            begin, end = sorted((x_of(0), x_of(value)))
            width = round(max(end - begin, 0.5), 1)
            shapes.append(Shape(round(begin, 1), y + 4, width, _write(value)))
    return Panel(title, len(labels) * row + 8, round(x_of(0), 1), [], marks, [], shapes)
