"""A picture of a run for the operator: what each sector adds to growth, as SVG."""

from __future__ import annotations

import duckdb

from flows.publish.chart_scale import place_pulls
from flows.publish.number_text import write_number, write_signed
from flows.warehouse.database import fetch_rows

_FILLS = ("#5a9367", "#3f6fa5", "#c58b2b")  # primary, secondary, tertiary


def draw_sectors(con: duckdb.DuckDBPyConnection, run: str) -> str | None:
    """The sectors of the newest quarter that the run touched, as SVG; None without figures.

    A bar is a sector's points of growth; its share and its real growth are percentages.
    """
    rows = fetch_rows(
        con,
        """
        select
            g.zone, g.period, g.sector, g.title_zh, g.title_en, g.share_pct, g.growth_ytd_real_pct,
            g.contribution_pp, z.title_zh as zone_zh, z.title_en as zone_en
        from metrics.sector_growth as g
        inner join ref.zone as z on g.zone = z.zone
        inner join ref.sector as s on g.sector = s.sector
        where g.contribution_pp is not null and g.sector <> 'total'
            and (g.zone, g.period) in (
                select (l.zone, l.period) from ledger.submission as l where l.run = ?
            )
        qualify dense_rank() over (order by z.kind = 'nation', g.period desc, g.zone) = 1
        order by s.ord
        """,
        [run],
    )
    if not rows:
        return None
    bars = []
    for number, row in enumerate(place_pulls(rows, 190, 520)):
        y = 74 + number * 44
        share, growth, pull = (
            write_number(row["share_pct"]),
            write_signed(row["growth_ytd_real_pct"]),
            write_signed(row["contribution_pp"], 2),
        )
        bars.append(
            f'<text x="16" y="{y + 14}" font-weight="600">{row["title_zh"]}</text>'
            f'<text x="16" y="{y + 30}" font-size="11" fill="#5b6770">{row["title_en"]}</text>'
            f'<rect x="{row["x"]}" y="{y}" width="{row["width"]}" height="26" rx="2"'
            f' fill="{_FILLS[number % 3]}"/>'
            f'<text x="{row["x"] + row["width"] + 8}" y="{y + 18}">{pull}</text>'
            f'<text x="600" y="{y + 12}" font-size="12">{growth} %</text>'
            f'<text x="600" y="{y + 27}" font-size="11" fill="#5b6770">占比 share {share} %</text>'
        )
    first = rows[0]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 220" width="720" height="220"'
        ' font-family="Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"'
        ' font-size="14" fill="#1f2a33">'
        '<rect width="720" height="220" fill="#ffffff"/>'
        f'<text x="16" y="26" font-size="16" font-weight="600">'
        f"{first['zone_zh']} {first['period']} 三次产业拉动（百分点）</text>"
        f'<text x="16" y="46" font-size="12" fill="#5b6770">'
        f"{first['zone_en']}: points of growth by sector;"
        " at the right real growth and share</text>"
        f"{''.join(bars)}</svg>"
    )
