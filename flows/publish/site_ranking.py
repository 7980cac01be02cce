"""The page of the site that ranks zones by growth, each indicator in the newest quarter that three
zones or more have sent. It is the office's: a place tells of every other zone's figure.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import duckdb

from flows.publish.chart_scale import place_pulls
from flows.publish.number_text import write_signed
from flows.publish.site_rows import Row
from flows.publish.site_tables import Cell, Section, Table, TablePage
from flows.publish.site_words import RANKING
from flows.warehouse.database import fetch_rows

_RANKED = """
select
    r.zone, z.title_zh as zone_zh, z.title_en as zone_en, r.period, r.indicator, r.title_zh,
    r.title_en, r.growth_reported_pct as growth,
    greatest(length(split_part(plain(r.growth_reported_pct), '.', 2)), 1) as decimals,
    r.rank_growth as best, r.rank_growth_worst as worst, r.has_open_query
from metrics.zone_ranking as r
inner join ref.indicator as i on r.indicator = i.indicator
inner join ref.zone as z on r.zone = z.zone
where i.headline is not null and r.industry is null and r.basis = 'ytd'
    and r.growth_reported_pct is not null and r.zones_growth >= 3
qualify r.period = max(r.period) over (partition by r.indicator)
order by i.headline, r.indicator, r.rank_growth, r.zone
"""


def rank_zones(con: duckdb.DuckDBPyConnection, zones: set[str]) -> TablePage:
    """The page; links lead to those `zones` that the site has."""
    rows = fetch_rows(con, _RANKED)
    by_indicator = itertools.groupby(rows, lambda row: row["indicator"])
    sections = [_rank(list(group), zones) for _, group in by_indicator]
    lead = (
        "按报送的同比增速，取至少三个地区报送的最近一季。印出的数相同的，位次并列。",
        "By growth over a year earlier as sent, in the newest quarter that three zones or more "
        "have sent. Growth that is printed alike shares its places.",
    )
    if not sections:
        lead = (
            "还没有一个指标有三个地区在同一季报送增速。",
            "No indicator's growth was sent by three zones in one quarter.",
        )
    return TablePage(*RANKING, lead, sections)


def _rank(rows: Sequence[Row], zones: set[str]) -> Section:
    first = rows[0]
    bars = place_pulls([{"contribution_pp": row["growth"]} for row in rows])
    headings = [("位次", "Place"), ("地区", "Zone"), ("同比 %", "Growth, %"), ("图示", "Chart")]
    cells = [
        [
            Cell(_place(row)),
            Cell(
                row["zone_zh"],
                row["zone_en"],
                f"{row['zone']}/series/{row['indicator']}.html" if row["zone"] in zones else None,
            ),
            Cell(write_signed(row["growth"], row["decimals"]), is_asked=row["has_open_query"]),
            Cell("", bar=(bar["x"], bar["width"], bar["zero"])),
        ]
        for row, bar in zip(rows, bars, strict=True)
    ]
    title = f"{first['title_zh']}，{first['period']}", f"{first['title_en']}, {first['period']}"
    table = Table(headings, cells, frozenset({0, 2}))
    return Section(title, table=table, anchor=first["indicator"])


def _place(row: Row) -> str:
    return str(row["best"]) if row["best"] == row["worst"] else f"{row['best']}–{row['worst']}"
