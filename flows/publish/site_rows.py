"""What the pages of the site's zones say, read for several zones at once.

The office's pages have every vintage of a figure. Those for everybody have what `public.indicator`
shows, and of that the figures that stand: nothing that is withheld, asked about or replaced.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import duckdb

from flows.warehouse.database import fetch_rows
from flows.warehouse.sql_text import one_of

Row = dict[str, Any]

_ZONES = """
select z.zone, z.title_zh, z.title_en, z.kind = 'nation' as is_nation
from ref.zone as z where z.zone {zones} order by is_nation desc, z.zone
"""
_FIGURES = """
select
    s.zone, s.period, s.indicator, s.industry, s.basis, s.title_zh, s.title_en,
    n.title_zh as industry_zh, coalesce(n.title_en, n.code) as industry_en,
    c.title_zh as basis_zh, c.title_en as basis_en,
    s.number_text, s.unit_zh, s.unit_en, s.qualifier,
    s.growth_text, s.growth_qualifier, s.price_basis,
    strftime(in_beijing(s.known_from), '%Y-%m-%d') as known_on,
    s.known_until is null as is_standing, s.path, s.has_open_query,
    b.title_zh as section_zh, b.title_en as section_en, i.headline is not null as is_headline
from metrics.series_vintage as s
{public}
inner join ref.indicator as i on s.indicator = i.indicator
inner join ref.sdmx_code as c on c.codelist = 'CL_ACCUMULATION' and s.basis = c.code
left join ref.industry as n on s.industry = n.code
left join ref.bulletin_line as l
    on s.indicator || if(s.industry is null, '', '.industry') = l.bulletin_line
inner join ref.bulletin_section as b
    on coalesce(l.bulletin_section, 'other') = b.bulletin_section
where s.zone {zones}
order by
    s.zone, b.ord, min(l.ord) over (partition by s.indicator), s.indicator, c.ord,
    s.industry nulls first, s.period, s.vintage
"""
_PUBLIC = """
inner join public.indicator as p
    on s.zone = p.zone and s.period = p.period
        and same_series(s.indicator, s.industry, s.basis, p.indicator, p.industry, p.basis)
        and p.conf_status = 'F' and s.known_until is null
"""
_REVISIONS = """
select
    r.zone, r.period, r.indicator, r.industry, r.basis, r.revision_state,
    strftime(in_beijing(r.revised_at), '%Y-%m-%d') as revised_on,
    coalesce(r.revision_reason, a.acceptance_reason) as revision_reason
from metrics.revision as r
left join staging.acceptance as a on r.submission = a.submission
where r.zone {zones} and r.revision_state <> 'unrevised'
order by r.zone, revised_on desc, r.period desc, r.indicator, r.industry nulls first, r.basis
"""
_QUALITY = """
select
    q.zone, q.period, q.forms_due, q.forms_accepted,
    plain(q.completeness_pct) as completeness_pct, q.forms_late, q.rows_held, q.findings_hard,
    q.findings_soft, plain(q.explained_pct) as explained_pct, q.figures_revised, q.identities,
    q.identities_failed
from metrics.quality_report as q
where q.zone {zones} and q.form = 'all'
order by q.zone, q.period desc
"""


@dataclass(frozen=True)
class Series:
    """An indicator, of an industry and on a basis: the figures that stand, oldest first; and of
    each quarter the vintages that said something else than the one before.
    """

    figures: list[Row]
    vintages: dict[str, list[Row]]

    @property
    def newest(self) -> Row:
        """Its newest figure."""
        return self.figures[-1]


@dataclass
class ZonePages:
    """What the pages of a zone say."""

    zone: Row
    indicators: dict[str, list[Series]]  # in the order of the bulletin
    revisions: list[Row] = field(default_factory=list)
    quality: list[Row] = field(default_factory=list)


def read_zones(
    con: duckdb.DuckDBPyConnection, zones: Iterable[str], audience: str
) -> dict[str, ZonePages]:
    """What the pages of these zones say to an audience; a zone of which it may see no figure is
    not among them.
    """
    wanted = tuple(zones)
    asked = one_of(wanted)

    def ask(query: str) -> dict[str, list[Row]]:
        by_zone: dict[str, list[Row]] = defaultdict(list)
        public = _PUBLIC if audience == "public" else ""
        for row in fetch_rows(con, query.format(zones=asked, public=public)):
            by_zone[row["zone"]].append(row)
        return by_zone

    if not wanted:
        return {}
    figures = ask(_FIGURES)
    pages = {
        row["zone"]: ZonePages(row, _arrange(figures[row["zone"]]))
        for row in fetch_rows(con, _ZONES.format(zones=asked))
        if row["zone"] in figures
    }
    if audience != "public":
        revisions, quality = ask(_REVISIONS), ask(_QUALITY)
        for zone, of_zone in pages.items():
            of_zone.revisions, of_zone.quality = revisions[zone], quality[zone]
    return pages


def _arrange(rows: list[Row]) -> dict[str, list[Series]]:
    indicators: dict[str, list[Series]] = {}
    for (indicator, _, _), group in itertools.groupby(
        rows, lambda row: (row["indicator"], row["basis"], row["industry"])
    ):
        of_series = list(group)
        vintages: dict[str, list[Row]] = {}
        for period, versions in itertools.groupby(of_series, lambda row: row["period"]):
            told = [next(same) for _, same in itertools.groupby(versions, _said)]
            if len(told) > 1:
                vintages[period] = told
        figures = [row for row in of_series if row["is_standing"]]
        if figures:
            indicators.setdefault(indicator, []).append(Series(figures, vintages))
    return indicators


def _said(row: Row) -> tuple[Any, ...]:
    return row["number_text"], row["qualifier"], row["growth_text"], row["growth_qualifier"]
