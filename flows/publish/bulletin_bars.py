"""Tables of a page whose cells have bars: sectors' shares, growth and pull, industries' growth,
growth to date beside the quarter's, plan beside time, zone beside nation, projects by stage, by how
much figures were revised, a zone's place among the zones.

A bar is as long as its figure; the number beside it carries its proof like any other. The table is
read aloud as one, so that nothing has to be said twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.publish.bulletin_numbers import Accessor, Source, TemplateLine
from flows.publish.bulletin_rows import Row
from flows.publish.bulletin_sql import CHART, FIGURE, RANKING, VINTAGE
from flows.publish.chart_scale import place_pulls

_OF_A_WHOLE = ("share.", "stage.")
_SECTORS = ("primary", "secondary", "tertiary")


@dataclass(frozen=True)
class Bar:
    """A cell: its text with the marks of its number, and where its bar is, in per cent."""

    text: str
    x: float = 0
    width: float = 0
    zero: float = 0
    low: float = 0  # how far the figure may be off: both ends of a whisker, where they differ
    high: float = 0


@dataclass(frozen=True)
class BarTable:
    """A table by row: two titles, the colour's name, and a bar a column. Its title and its headings
    are among the words of `flows.publish.bulletin_words`.
    """

    name: str
    headings: tuple[str, ...]
    rows: list[tuple[str, str, str, list[Bar]]]


def draw_sectors(accessor: Accessor, figures: Sequence[Row]) -> BarTable | None:
    """The three sectors; None unless each has been sent with its growth."""
    rows_by_line = {row["bulletin_line"]: row for row in figures}
    sectors = [rows_by_line.get(f"va_{sector}") for sector in _SECTORS]
    if not all(row and row["growth_number"] for row in sectors):
        return None
    pulls = [rows_by_line.get(f"pull.{s}") or rows_by_line.get(f"drag.{s}") for s in _SECTORS]
    columns = [
        _column(accessor, [rows_by_line.get(f"share.{s}") for s in _SECTORS], "number_zh"),
        _column(accessor, sectors, "growth_number"),
        _column(accessor, pulls, "number_zh"),
    ]
    headings = ("sector", "share_pct", "growth_pct", "contribution_pp")
    rows = [row for row in sectors if row]
    return BarTable("sector_bars", headings, _rows(accessor, rows, columns, _SECTORS))


def draw_industries(accessor: Accessor, figures: Sequence[Row]) -> BarTable | None:
    """Industries by their growth, as they were sent; None where fewer than three were."""
    rows = [r for r in figures if r["industry"] is not None and r["growth_number"]]
    if len(rows) < 3:
        return None
    columns = [_column(accessor, rows, "growth_number")]
    named = [
        row | {"title_zh": row["industry_zh"]} | {"title_en": _capital(row["industry_en"])}
        for row in rows
    ]
    return _table(accessor, ("industry_bars", ("industry", "growth_pct")), named, columns)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


_CHARTS = {
    "quarter": ("quarter_bars", ("sector", "ytd_pct", "quarter_pct", "bound_pp")),
    "plan": ("plan_bars", ("indicator", "progress_pct", "time_pct", "gap_pp")),
    "nation": ("nation_bars", ("indicator", "zone_pct", "nation_pct", "gap_pp")),
}


def draw_charts(accessor: Accessor, charts: Sequence[Row]) -> list[BarTable]:
    """Two figures side by side on one scale, and in words how far they are apart, or the second may
    be off.
    """
    tables = []
    for chart, (name, headings) in _CHARTS.items():
        rows = [row for row in charts if row["chart"] == chart]
        if not rows:
            continue
        bars = _side_by_side(accessor, rows, has_bound=chart == "quarter")
        colours = ["secondary"] * len(rows)
        tables.append(BarTable(name, headings, _rows(accessor, rows, bars, colours)))
    return tables


def _side_by_side(accessor: Accessor, rows: list[Row], *, has_bound: bool) -> list[list[Bar]]:
    reach = [row["third_size"] if has_bound else 0 for row in rows]
    seconds = [row["second_size"] for row in rows]
    ends = [size + sign * off for sign in (-1, 1) for size, off in zip(seconds, reach, strict=True)]
    sizes = [*(row["first_size"] for row in rows), *seconds, *ends]
    placed = place_pulls([{"contribution_pp": size} for size in sizes])
    count = len(rows)

    def end_of(number: int) -> float:
        place = placed[number]
        return float(place["x"] if sizes[number] < 0 else place["x"] + place["width"])

    columns: list[list[Bar]] = [[], [], []]
    for at, row in enumerate(rows):
        line = TemplateLine(accessor, CHART, row)
        for column, name in enumerate(("first", "second")):
            place = placed[at + column * count]
            sign = _sign(row[f"{name}_size"], row[f"number_{name}"])
            text = accessor.settle(f"{sign}{getattr(line, f'number_{name}')}")
            is_reached = has_bound and column == 1
            low, high = (end_of(at + 2 * count), end_of(at + 3 * count)) if is_reached else (0, 0)
            columns[column].append(Bar(text, place["x"], place["width"], place["zero"], low, high))
        sign = "±" if has_bound else _sign(row["third_size"], row["number_third"])
        columns[2].append(Bar(accessor.settle(f"{sign}{line.number_third}")))
    return columns


def _sign(size: float | None, digits: str | None) -> str:
    """The sign of a number as it is printed: 0.0 has none, whatever was rounded away."""
    if not size or not (digits or "").strip("0."):
        return ""
    return "+" if size > 0 else "−"


def draw_stages(accessor: Accessor, figures: Sequence[Row]) -> BarTable | None:
    """Projects of the ledger by stage; None where there is no ledger."""
    stages = [r for r in figures if r["bulletin_line"].startswith("stage.")]
    stages = [row for row in stages if row["bulletin_line"] != "stage.all"]
    if not stages:
        return None
    titles = [
        row
        | {"title_zh": row["phrase_zh"].replace("{value}", "").removesuffix("的")}
        | {"title_en": row["phrase_en"].replace("{value}", "").strip().capitalize()}
        for row in stages
    ]
    column = _column(accessor, stages, "number_zh")
    colours = ["secondary"] * len(stages)
    return BarTable("stage_bars", ("stage", "projects"), _rows(accessor, titles, [column], colours))


def draw_vintages(accessor: Accessor, rows: Sequence[Row]) -> BarTable | None:
    """By how much figures that were sent again differ from what was first sent; None without."""
    headings, columns = ["indicator"], []
    for name, heading in (("level", "revision_pct"), ("growth", "revision_pp")):
        sizes = [row[f"{name}_size"] for row in rows]
        if any(size is not None for size in sizes):
            digits = [row[f"number_{name}"] for row in rows]
            signs = [_sign(*printed) for printed in zip(sizes, digits, strict=True)]
            headings.append(heading)
            columns.append(_draw(accessor, VINTAGE, rows, f"number_{name}", sizes, signs))
    return _table(accessor, ("vintage_bars", tuple(headings)), rows, columns)


def draw_ranking(accessor: Accessor, rows: Sequence[Row]) -> BarTable | None:
    """Places among the zones; None without. A bar is as long as the part of the other zones that
    is below: the first has all of the width.
    """
    lines = [TemplateLine(accessor, RANKING, row) for row in rows]
    columns = [
        [
            Bar(
                accessor.settle(
                    f"{_sign(row['growth_size'], row['number_growth'])}{line.number_growth}"
                )
            )
            for row, line in zip(rows, lines, strict=True)
        ],
        [
            Bar(accessor.settle(line.number_place), width=max(round(row["standing_size"], 2), 0.4))
            for row, line in zip(rows, lines, strict=True)
        ],
        [Bar(accessor.settle(line.number_zones)) for line in lines],
    ]
    return _table(
        accessor, ("ranking_bars", ("indicator", "growth_pct", "place", "zones")), rows, columns
    )


def _table(
    accessor: Accessor,
    named: tuple[str, tuple[str, ...]],
    rows: Sequence[Row],
    columns: list[list[Bar]],
) -> BarTable | None:
    """A table in one colour; None without rows."""
    colours = ["secondary"] * len(rows)
    return BarTable(*named, _rows(accessor, rows, columns, colours)) if rows else None


def _rows(
    accessor: Accessor, rows: Sequence[Row], columns: list[list[Bar]], colours: Sequence[str]
) -> list[tuple[str, str, str, list[Bar]]]:
    return [
        (
            accessor.settle(accessor.wording(row["title_zh"])),
            accessor.settle(accessor.wording(row["title_en"])),
            colour,
            [column[number] for column in columns],
        )
        for number, (row, colour) in enumerate(zip(rows, colours, strict=True))
    ]


def _column(accessor: Accessor, rows: Sequence[Row | None], column: str) -> list[Bar]:
    """Bars of figures."""
    sizes = [None if row is None else _size(row, column) for row in rows]
    signs = [
        "" if row is None or _is_of_a_whole(row, column) else _sign(size, row[column])
        for row, size in zip(rows, sizes, strict=True)
    ]
    return _draw(accessor, FIGURE, rows, column, sizes, signs)


def _is_of_a_whole(row: Row | None, column: str) -> bool:
    """Whether a figure is a part or a count, and no change that has a sign."""
    line = row["bulletin_line"] if row else ""
    return column != "growth_number" and line.startswith(_OF_A_WHOLE)


def _draw(
    accessor: Accessor,
    source: Source,
    rows: Sequence[Row | None],
    column: str,
    sizes: Sequence[float | None],
    signs: Sequence[str],
) -> list[Bar]:
    """Bars to both sides of zero, each beside its number; a dash for what is not known."""
    placed = iter(place_pulls([{"contribution_pp": size} for size in sizes]))
    bars = []
    for row, size, sign in zip(rows, sizes, signs, strict=True):
        if row is None or size is None:
            bars.append(Bar("—"))
            continue
        text = accessor.settle(f"{sign}{getattr(TemplateLine(accessor, source, row), column)}")
        place = next(placed)
        bars.append(Bar(text, place["x"], place["width"], place["zero"]))
    return bars


def _size(row: Row, column: str) -> float | None:
    size = row["growth_pct"] if column == "growth_number" else row["value"]
    if size is None:
        return None
    return -float(size) if row["bulletin_line"].startswith("drag.") else float(size)
