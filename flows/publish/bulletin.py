"""The bulletin: one page in Chinese and English about each zone's newest quarter.

It is HTML that needs nothing beside itself. Every figure comes from a view or a query of
`flows.publish.bulletin_queries`; here is how numbers are written and where a chart puts them.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from markupsafe import Markup

from flows.model.period import parse_period
from flows.publish import bulletin_queries as queries
from flows.publish.chart_scale import choose_ticks
from flows.warehouse.database import fetch_rows

_TEMPLATE = Path(__file__).resolve().parent / "bulletin.html.jinja"
_QUARTERS = 16  # of the past that the chart shows

Row = dict[str, Any]


def render_bulletin(con: duckdb.DuckDBPyConnection) -> str:
    """The page. What is not known is said in words or left out; it is never an empty `None`."""
    sections = fetch_rows(con, queries.ZONES)
    places = [[str(s["zone"]) for s in sections], [str(s["period"]) for s in sections]]

    def ask(query: str) -> dict[tuple[str, str], list[Row]]:
        rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in fetch_rows(con, query, places):
            rows[row.pop("section_zone"), row.pop("section_period")].append(row)
        return rows

    headline, sectors, growth = ask(queries.HEADLINE), ask(queries.SECTORS), ask(queries.GROWTH)
    identities, submissions = ask(queries.IDENTITIES), ask(queries.SUBMISSIONS)
    questions, missing = ask(queries.OPEN), ask(queries.MISSING)
    for section in sections:
        at = (str(section["zone"]), str(section["period"]))
        by_sector = {row["sector"]: row for row in sectors[at]}
        section |= {
            "span_zh": parse_period(at[1]).title_zh,
            "span_en": parse_period(at[1]).title_en,
            "headline": headline[at],
            "total": by_sector.pop("total", None),
            "sectors": list(by_sector.values()),
            "shares": place_shares(by_sector.values()),
            "pulls": place_pulls(by_sector.values()),
            "growth": place_growth(growth[at]),
            "identities": identities[at],
            "submissions": submissions[at][0],
            "open": questions[at],
            "missing": missing[at],
        }
    built = fetch_rows(con, queries.BUILT)
    return _template().render(zones=sections, built=built[0] if built else None)


def _place_for_pages(zone: str) -> Markup:
    """Where `link_pages` puts the links of a zone; a comment until then."""
    return Markup(f"<!-- pages of {zone} -->")


def link_pages(html: str, pages: Mapping[str, Iterable[str]]) -> str:
    """The page with links to each zone's quarters, newest first: pages are written after it."""
    for zone, periods in pages.items():
        links = "".join(
            f'<a href="{zone}/{period}/index.html">{period}</a>'
            for period in sorted(periods, reverse=True)
        )
        html = html.replace(
            _place_for_pages(zone),
            '<nav class="quarters"><span class="zh">各季度公报，每个数可核验：</span> '
            f'<span class="en" lang="en">each quarter, every number with its proof:</span> '
            f"{links}</nav>",
        )
    return html


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"pages_of": _place_for_pages}
    environment.filters |= {"number": write_number, "signed": write_signed}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


# --- how numbers are written --------------------------------------------------------------------


def write_number(value: float | Decimal | None, decimals: int = 1) -> str:
    """With so many decimals, halves rounded away from zero, a real minus sign; a dash for what is
    not known.
    """
    if value is None or not math.isfinite(value):
        return "—"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded + 0 if rounded else abs(rounded):f}".replace("-", "−")


def write_signed(value: float | Decimal | None, decimals: int = 1) -> str:
    """As `write_number`, with a plus before what is greater than zero."""
    text = write_number(value, decimals)
    return f"+{text}" if text[0] not in "−—" and text.strip("0.") else text


# --- where a chart puts them --------------------------------------------------------------------


def place_shares(sectors: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Segments of a bar, in per cent of its width; none unless every share is known."""
    complete = [row for row in sectors if row["share_pct"] is not None and row["share_pct"] >= 0]
    ends = list(itertools.accumulate(float(row["share_pct"]) for row in complete))
    if len(complete) != 3 or ends[-1] <= 0:
        return []
    starts = [0.0, *ends[:-1]]
    return [
        {
            **row,
            "x": round(100 * start / ends[-1], 2),
            "width": round(100 * (end - start) / ends[-1], 2),
        }
        for row, start, end in zip(complete, starts, ends, strict=True)
    ]


def place_pulls(
    sectors: Iterable[Mapping[str, Any]], left: float = 0, right: float = 100
) -> list[Row]:
    """Bars to both sides of zero, between `left` and `right` per cent of the width."""
    complete = [row for row in sectors if row["contribution_pp"] is not None]
    low = min([0.0, *(float(row["contribution_pp"]) for row in complete)])
    high = max([0.0, *(float(row["contribution_pp"]) for row in complete)])
    scale = (right - left) / ((high - low) or 1)
    zero = left - low * scale
    return [
        {
            **row,
            "x": round(zero + min(float(row["contribution_pp"]), 0) * scale, 2),
            "width": round(max(abs(float(row["contribution_pp"])) * scale, 0.4), 2),
            "zero": round(zero, 2),
        }
        for row in complete
    ]


def place_growth(rows: list[Row], top: float = 26, bottom: float = 196) -> Row | None:
    """A line of year-to-date growth over columns of the quarters; None for a single quarter."""
    rows = [row for row in rows if row["ytd"] is not None][-_QUARTERS:]
    if len(rows) < 2:
        return None
    numbers = [float(v) for row in rows for v in (row["ytd"], *(_reach(row))) if v is not None]
    steps = choose_ticks(numbers, least=1)
    low, high = steps[0], steps[-1]

    def y(value: float) -> float:
        return round(bottom - (float(value) - low) / (high - low) * (bottom - top), 1)

    slots = [
        parse_period(row["period"]).year * 4 + parse_period(row["period"]).quarter for row in rows
    ]
    slot = 94 / (slots[-1] - slots[0] + 1)
    points: list[Row] = []
    for row, number in zip(rows, slots, strict=True):
        quarter, (least, most) = row["quarter"], _reach(row)
        column = None
        if quarter is not None:
            column = {"y": min(y(quarter), y(0)), "height": max(abs(y(quarter) - y(0)), 1)}
        period = parse_period(row["period"])
        points.append(
            {
                **row,
                "column": column,
                "whisker": None if least is None else {"y1": y(most), "y2": y(least)},
                "x": round(6 + (number - slots[0] + 0.5) * slot, 2),
                "y": y(row["ytd"]),
                "follows": number - 1 in slots,
                "quarter_number": period.quarter,
                "year": period.year,
            }
        )
    ticks = [{"value": int(v), "y": y(v)} for v in steps]
    mixed = [point for point in points if point["flag"]]
    return {
        "points": points,
        "ticks": ticks,
        "zero": y(0),
        "bottom": bottom,
        "slot": round(slot, 2),
        "mixed": mixed,
        "asked": any(p.get("ytd_has_open_query") or p.get("has_open_query") for p in points),
    }


def _reach(row: Mapping[str, Any]) -> tuple[Any, Any]:
    """The quarter's growth less and plus its bound."""
    if row["quarter"] is None or row["bound"] is None:
        return None, None
    return row["quarter"] - row["bound"], row["quarter"] + row["bound"]
