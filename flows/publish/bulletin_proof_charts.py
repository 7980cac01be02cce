"""What the proof says of the numbers of a page's charts."""

from __future__ import annotations

from flows.publish.bulletin_numbers import Printed
from flows.publish.bulletin_rows import Row, table_of
from flows.publish.bulletin_sources import Sources

_CHART_PARTS = {
    "quarter": {"number_first": ("figure",)},
    "plan": {},
    "nation": {"number_first": ("figure",), "number_second": ("nation",)},
}
_ALL_PARTS = ("figure", "quarter before", "target", "nation")


def describe_chart(printed: Printed, sources: Sources) -> Row:
    """A number beside another: of the quarter, of a plan, of the nation."""
    line, column = dict(printed.row), printed.column
    parts = _CHART_PARTS[line["chart"]].get(column, _ALL_PARTS)
    is_level = line["chart"] == "plan"
    is_derived = line["chart"] == "quarter" and column != "number_first"
    fields = ["value"] if is_level else ["value", "growth_pct"] if is_derived else ["growth_pct"]
    rows, status = sources.cite(line, parts, fields)
    unit = "百分点" if column == "number_third" else "%"
    return _describe(printed, unit, fields, rows, status)


def describe_vintage(printed: Printed, sources: Sources) -> Row:
    """By how much a figure was revised: the row that was first sent, and the one that stands."""
    line = printed.row
    table = table_of(line["form"])
    rows = sources.cite_spots(
        (
            table,
            line[f"submission{which}"],
            line[f"sheet{which}"],
            line[f"source_row{which}"],
            line["item"],
        )
        for which in ("_first", "")
    )
    is_level = printed.column == "number_level"
    unit, field = ("%", "value") if is_level else ("百分点", "growth_pct")
    return _describe(printed, unit, [field], rows, "revised")


def describe_ranking(printed: Printed) -> Row:
    """Growth in an edition and its place among those of other zones: no file has it."""
    unit = {"number_growth": "%", "number_zones": "个"}.get(printed.column, "")
    described = _describe(printed, unit, [], [], "published")
    return described | {"edition": printed.row["edition"]}


def _describe(printed: Printed, unit: str, fields: list[str], rows: list[int], status: str) -> Row:
    line = printed.row
    size_column = printed.column.replace("number_", "") + "_size"
    value = line.get(size_column)
    return printed.describe(value, None if value is None else size_column) | {
        "unit": unit,
        "unit_column": None,
        "qualifier": "exact",
        "title_zh": line["title_zh"],
        "title_en": line["title_en"],
        "status": "under query" if line["has_open_query"] else status,
        "fields": fields,
        "rows": rows,
    }
