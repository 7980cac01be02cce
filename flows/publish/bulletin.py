"""Noun: the bulletin, one page in Chinese and English about each zone's newest quarter.

In: a built warehouse. Out: HTML that needs nothing beside itself. Every figure comes from a view or
is said in the query that reads it; here is only how numbers are written and where a chart puts
them.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from flows.model.period import Period, parse_period

_TEMPLATE = Path(__file__).resolve().parent / "bulletin.html.jinja"
_QUARTERS = 16  # of the past that the chart shows
_LAST_MONTHS = ("March", "June", "September", "December")

Row = dict[str, Any]

# a zone's newest quarter that has figures; of a zone that has none, the newest it sent anything for
_ZONES = """
with sent as (
    select s.zone, s.period, false as has_figures from staging.submission_status as s
    union all
    select h.zone, h.period, true from metrics.headline as h
)
select
    s.zone, any_value(z.title_zh) as title_zh, any_value(z.title_en) as title_en,
    any_value(z.note_zh) as note_zh, any_value(z.note_en) as note_en,
    any_value(z.kind) = 'nation' as is_nation,
    coalesce(max(s.period) filter (where s.has_figures), max(s.period)) as period
from sent as s inner join ref.zone as z on s.zone = z.zone
where regexp_full_match(s.period, '\\d{4}Q[1-4]')
group by s.zone
order by is_nation, s.zone
"""

_HEADLINE = """
select
    h.ord, h.title_zh, h.title_en, h.value_text, h.value_reason, h.growth_pct, h.growth_basis_zh, h.growth_basis_en
from metrics.headline as h
where h.zone = ? and h.period = ? order by h.ord
"""

_SECTORS = """
select
    g.sector, g.title_zh, g.title_en, g.share_pct, g.growth_ytd_real_pct, g.contribution_pp, g.contribution_rate_pct,
    g.contribution_residual_pp, g.contribution_method, g.contribution_reason, g.quarter_flag,
    -- as many decimals as were printed
    fixed(g.value_ytd_cny / 100000000, if(o.unit_reported = '亿元', o.decimals_reported, 2)) as level_text
from metrics.sector_growth as g
left join staging.observation as o
    on g.zone = o.zone and g.period = o.period and g.sector = o.sector and o.basis = 'ytd' and o.industry is null
inner join ref.sector as s on g.sector = s.sector
where g.zone = ? and g.period = ? order by s.ord
"""

_IDENTITIES = """
with told as (
    select
        r.identity, r.title_zh, r.title_en, r.holds,
        case
            when r.difference is null then null
            when r.unit = '%' then fixed(r.difference, 2) || ' 个百分点 pp'
            when r.unit = '元' and abs(r.left_value) >= 100000000 then fixed(r.difference / 100000000, 2) || ' 亿元'
            else plain(round(r.difference, 2)) || ' ' || r.unit
        end as difference_text
    from metrics.reconciliation as r
    where r.zone = ? and r.period = ?
)
select
    t.title_zh, t.title_en, t.holds, count(*) as identities,
    string_agg(distinct t.difference_text, '；' order by t.difference_text) as difference_text
from told as t group by t.title_zh, t.title_en, t.holds
-- what does not hold first, then what is unchecked, then the sectors' sum
order by coalesce(t.holds::integer, 0.5), bool_or(t.identity = 'sector_sum') desc, min(t.identity)
"""

_IDENTITY_COUNTS = """
select
    count(*) filter (where holds) as holds, count(*) filter (where not holds) as broken,
    count(*) filter (where holds is null) as unchecked
from metrics.reconciliation where zone = ? and period = ?
"""

_GROWTH = """
select
    g.period, g.growth_ytd_real_pct as ytd, g.growth_quarter_real_derived_pct as quarter,
    g.growth_quarter_real_bound_pp as bound, g.quarter_flag as flag, b.reason_zh, b.reason_en
from metrics.sector_growth as g
left join ref.vintage_break as b on g.zone = b.zone and g.period = b.period and b.form = 'gdp'
where g.zone = ? and g.sector = 'total' and g.period <= ? order by g.period
"""

_SUBMISSIONS = """
select
    count(*) as files, count(*) filter (where s.status = 'accepted') as accepted,
    count(*) filter (where s.status = 'partial') as partial, count(*) filter (where s.status = 'rejected') as rejected,
    coalesce(sum(s.rows_read), 0)::bigint as rows_read, coalesce(sum(s.rows_accepted), 0)::bigint as rows_accepted,
    coalesce(sum(s.rows_held), 0)::bigint as rows_held,
    coalesce(sum(s.findings_query) filter (where s.is_current), 0)::bigint as queries,
    max(c.forms_due) as forms_due, max(c.forms_received) as forms_received
from staging.submission_status as s
left join metrics.completeness as c on s.zone = c.zone and s.period = c.period
where s.zone = ? and s.period = ?
"""

_OPEN = """
with later as (
    select s.submission
    from staging.submission_status as s
    inner join staging.submission_status as c
        on s.zone = c.zone and s.period = c.period and s.form = c.form and c.is_current
            and (c.revision > s.revision or c.received_at > s.received_at)
)
select
    coalesce(f.title_zh, s.form) as title_zh, coalesce(f.title_en, '') as title_en, s.status, s.rows_held,
    s.findings_query as queries, s.findings_reject + s.findings_quarantine as faults
from staging.submission_status as s left join ref.form as f on s.form = f.form
where
    s.zone = ? and s.period = ? and (s.status <> 'accepted' or s.findings_query > 0)
    and (s.is_current or s.status = 'rejected') and s.submission not in (select l.submission from later as l)
order by array_position(['rejected', 'partial', 'accepted'], s.status), s.form, s.revision
"""

_MISSING = """
select f.title_zh, f.title_en
from metrics.completeness as c inner join ref.form as f on list_contains(string_split(c.forms_missing, ', '), f.form)
where c.zone = ? and c.period = ? order by f.form
"""


def render_bulletin(con: duckdb.DuckDBPyConnection) -> str:
    """The page. What is not known is said in words or left out; it is never an empty `None`."""
    zones = _rows(con, _ZONES)
    for zone in zones:
        at = [str(zone["zone"]), str(zone["period"])]
        sectors = {row["sector"]: row for row in _rows(con, _SECTORS, at)}
        zone |= {
            "span_zh": parse_period(at[1]).title_zh,
            "span_en": name_span(parse_period(at[1])),
            "headline": _rows(con, _HEADLINE, at),
            "total": sectors.pop("total", None),
            "sectors": list(sectors.values()),
            "shares": place_shares(sectors.values()),
            "pulls": place_pulls(sectors.values()),
            "growth": place_growth(_rows(con, _GROWTH, at)),
            "identities": _rows(con, _IDENTITIES, at),
            "identity_counts": _rows(con, _IDENTITY_COUNTS, at)[0],
            "submissions": _rows(con, _SUBMISSIONS, at)[0],
            "open": _rows(con, _OPEN, at),
            "missing": _rows(con, _MISSING, at),
        }
    built = _rows(
        con,
        "select run, strftime(finished_at + interval 8 hours, '%Y-%m-%d %H:%M') as at from ledger.run order by run desc limit 1",
    )
    return _template().render(zones=zones, built=built[0] if built else None)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"number": write_number, "signed": write_signed}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _rows(con: duckdb.DuckDBPyConnection, query: str, values: list[str] | None = None) -> list[Row]:
    result = con.execute(query, values or [])
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


# --- how numbers are written --------------------------------------------------------------------


def write_number(value: float | Decimal | None, decimals: int = 1) -> str:
    """With so many decimals, halves rounded away from zero, a real minus sign; a dash for what is
    not
    known.
    """
    if value is None or not math.isfinite(value):
        return "—"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded + 0 if rounded else abs(rounded):f}".replace("-", "−")


def write_signed(value: float | Decimal | None, decimals: int = 1) -> str:
    """As `write_number`, with a plus before what is greater than zero."""
    text = write_number(value, decimals)
    return f"+{text}" if text[0] not in "−—" and text.strip("0.") else text


def name_span(period: Period) -> str:
    """The months a year-to-date figure covers, in English."""
    return f"January to {_LAST_MONTHS[period.quarter - 1]} {period.year}"


# --- where a chart puts them --------------------------------------------------------------------


def place_shares(sectors: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Segments of a bar, in per cent of its width; none unless every share is known."""
    known = [row for row in sectors if row["share_pct"] is not None and row["share_pct"] >= 0]
    ends = list(itertools.accumulate(float(row["share_pct"]) for row in known))
    if len(known) != 3 or ends[-1] <= 0:
        return []
    starts = [0.0, *ends[:-1]]
    return [
        {
            **row,
            "x": round(100 * start / ends[-1], 2),
            "width": round(100 * (end - start) / ends[-1], 2),
        }
        for row, start, end in zip(known, starts, ends, strict=True)
    ]


def place_pulls(
    sectors: Iterable[Mapping[str, Any]], left: float = 0, right: float = 100
) -> list[Row]:
    """Bars to both sides of zero, between `left` and `right` per cent of the width."""
    known = [row for row in sectors if row["contribution_pp"] is not None]
    low = min([0.0, *(float(row["contribution_pp"]) for row in known)])
    high = max([0.0, *(float(row["contribution_pp"]) for row in known)])
    scale = (right - left) / ((high - low) or 1)
    zero = left - low * scale
    return [
        {
            **row,
            "x": round(zero + min(float(row["contribution_pp"]), 0) * scale, 2),
            "width": round(max(abs(float(row["contribution_pp"])) * scale, 0.4), 2),
            "zero": round(zero, 2),
        }
        for row in known
    ]


def place_growth(rows: list[Row], top: float = 26, bottom: float = 196) -> Row | None:
    """A line of year-to-date growth over columns of the quarters alone; None for a single quarter."""
    rows = [row for row in rows if row["ytd"] is not None][-_QUARTERS:]
    if len(rows) < 2:
        return None
    numbers = [float(v) for row in rows for v in (row["ytd"], *(_reach(row))) if v is not None]
    step = next(
        s
        for s in (1, 2, 5, 10, 20, 50, 100, 1000)
        if max(*numbers, 0) - min(*numbers, 0) <= 6 * s or s == 1000
    )
    low, high = (
        math.floor(min(*numbers, 0) / step) * step,
        math.ceil(max(*numbers, 0) / step) * step,
    )

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
        points.append(
            {
                **row, "column": column, "whisker": None if least is None else {"y1": y(most), "y2": y(least)},
                "x": round(6 + (number - slots[0] + 0.5) * slot, 2), "y": y(row["ytd"]), "follows": number - 1 in slots,
                "quarter_number": parse_period(row["period"]).quarter, "year": parse_period(row["period"]).year,
            }
        )  # fmt: skip
    ticks = [{"value": v, "y": y(v)} for v in range(low, high + 1, step)]
    mixed = [point for point in points if point["flag"]]
    return {
        "points": points,
        "ticks": ticks,
        "zero": y(0),
        "bottom": bottom,
        "slot": round(slot, 2),
        "mixed": mixed,
    }


def _reach(row: Mapping[str, Any]) -> tuple[Any, Any]:
    """The quarter's growth less and plus its bound."""
    if row["quarter"] is None or row["bound"] is None:
        return None, None
    return row["quarter"] - row["bound"], row["quarter"] + row["bound"]
