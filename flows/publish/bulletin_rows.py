"""What the pages of bulletins are made of, read for many zones and quarters at once.

To plan the query of figures takes DuckDB a fifth of a second, whatever it is asked for: so all
pages of a run share each query. Nothing is computed here.
"""

from __future__ import annotations

import functools
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from flows.publish.bulletin_page_queries import (
    CHARTS,
    EDITIONS,
    FIGURES,
    HEADS,
    RANKINGS,
    REGISTER_CHANGES,
    REGISTERS_BEFORE,
    REVISIONS,
    SENT_AGAIN,
    SOURCES,
    VINTAGES,
)
from flows.publish.bulletin_sql import (
    CHART,
    FIGURE,
    RANKING,
    REGISTER_CHANGE,
    REVISION,
    VINTAGE,
    relations_of,
)
from flows.warehouse.database import fetch_rows
from flows.warehouse.sql_text import one_of, quote_all

Row = dict[str, Any]
Place = tuple[str, str]  # a zone and a quarter
# (table, submission, sheet, row, figure): where a row of a file is kept; a row may give several
# figures, and some of them be withheld
Spot = tuple[str, str, str | None, int, str | None]

Figure = tuple[str, str, str | None]  # a zone, a quarter, and of what


@dataclass
class Pages:
    """The rows of several pages, by zone and quarter."""

    heads: dict[Place, Row] = field(default_factory=dict)
    figures: dict[Place, list[Row]] = field(default_factory=dict)
    charts: dict[Place, list[Row]] = field(default_factory=dict)
    sources: dict[Place, list[Row]] = field(default_factory=dict)
    editions: dict[Place, Row] = field(default_factory=dict)  # the newest
    revisions: dict[Place, list[Row]] = field(default_factory=dict)
    register_changes: dict[Place, list[Row]] = field(default_factory=dict)
    vintages: dict[Place, list[Row]] = field(default_factory=dict)
    rankings: dict[Place, list[Row]] = field(default_factory=dict)
    submissions: dict[str, Row] = field(default_factory=dict)
    rows: dict[Spot, list[Row]] = field(default_factory=dict)  # of core, every column as text
    tables: dict[str, list[Row]] = field(default_factory=dict)  # of ref, every column as text
    columns: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # and their types

    @functools.cached_property
    def spots_of_figure(self) -> dict[Figure, list[Spot]]:
        """Where each figure was sent, by whatever vintage."""
        spots: dict[Figure, list[Spot]] = defaultdict(list)
        for spot, rows in self.rows.items():
            spots[rows[0]["zone"], rows[0]["period"], spot[4]].append(spot)
        return spots


def table_of(form: str) -> str:
    """Where the rows of a form are kept, if they are no observations."""
    return f"core.{form}" if form in _REGISTERS else "core.observation"


_REGISTERS = ("project_ledger", "enterprise_quarter")


def read_pages(con: duckdb.DuckDBPyConnection, places: Sequence[Place]) -> Pages:
    """All that the pages of these zones and quarters say."""
    pages = Pages()
    if not places:
        return pages
    names = {
        "zones": one_of(zone for zone, _ in places),
        "periods": one_of(period for _, period in places),
    }

    def ask(query: str) -> list[Row]:
        return fetch_rows(con, query.format(**names))

    pages.heads = {(r.pop("zone"), r.pop("period")): r for r in ask(HEADS)}
    pages.figures = _by_place(ask(FIGURES))
    pages.charts = _by_place(ask(CHARTS))
    pages.sources = _by_place(ask(SOURCES))
    pages.editions = {(r["zone"], r["period"]): r for r in ask(EDITIONS)}
    views = [FIGURE.view, *([CHART.view] if pages.charts else [])]
    # to plan a query costs more than to ask whether there can be an answer
    if pages.editions:
        pages.revisions = _by_place(ask(REVISIONS))
        views += [REVISION.view] if pages.revisions else []
        pages.rankings = _by_place(ask(RANKINGS))
        views += [RANKING.view] if pages.rankings else []
    if ask(SENT_AGAIN):
        pages.vintages = _by_place(ask(VINTAGES))
        views += [VINTAGE.view] if pages.vintages else []
    if ask(REGISTERS_BEFORE):
        pages.register_changes = _by_place(ask(REGISTER_CHANGES))
        views += [REGISTER_CHANGE.view] if pages.register_changes else []
    _read_tables(con, pages, sorted({t for v in views for t in relations_of(v)[2]}))
    return pages


def _read_tables(con: duckdb.DuckDBPyConnection, pages: Pages, tables: Iterable[str]) -> None:
    """The rows that proofs have with them."""
    cited = {
        row[column]
        for rows in (pages.sources, pages.revisions, pages.register_changes, pages.vintages)
        for of_place in rows.values()
        for row in of_place
        for column in ("submission", "submission_before", "submission_first")
        if row.get(column)
    }
    if pages.vintages:
        query = _EVER_STOOD.format(submissions=quote_all(cited))
        cited |= {submission for (submission,) in con.execute(query).fetchall()}
    submissions = quote_all(cited)
    pages.submissions = _read_submissions(con, submissions)
    editions = quote_all(edition["edition"] for edition in pages.editions.values())
    zones = one_of(zone for zone, _ in pages.heads)
    ranked = quote_all({row["item"] for rows in pages.rankings.values() for row in rows})
    conditions = {
        "ledger.finding": f"submission in ({submissions})",
        "ledger.submission": f"submission in ({submissions})",
        "ledger.edition": f"edition in ({editions})",
        # of other zones what these are ranked among
        "ledger.edition_figure": f"edition in ({editions}) and (zone {zones} or "
        f"measure = 'growth_reported_pct' and item in ({ranked}))",
        "ledger.accepted_revision": f"submission in ({submissions})",
        "ledger.withdrawn_acceptance": f"submission in ({submissions})",
    }
    for table in tables:
        if table == "ref.industry":  # of two thousand those that figures are of
            of_rows = (row.get("industry") for rows in pages.rows.values() for row in rows)
            conditions[table] = f"code in ({quote_all(code for code in of_rows if code)})"
        described = con.execute(f"describe {table}").fetchall()
        pages.columns[table] = [(name, kind) for name, kind, *_ in described]
        if table.startswith("core."):
            item = _ITEM if table == "core.observation" else ""
            for row in _as_text(con, table, f"submission in ({submissions})", item):
                place = row["submission"], row["sheet"], int(row["source_row"])
                spot = (table, *place, row.pop("source_item", None))
                pages.rows.setdefault(spot, []).append(row)
        elif table in conditions or table.startswith("ref."):
            pages.tables[table] = _as_text(con, table, conditions.get(table, "true"))


# whether two quarters are of one vintage is told by what was sent of each, one after another
_EVER_STOOD = """
select v.submission from staging.vintage as v
where (v.zone, v.form, v.period) in (
    select (s.zone, s.form, s.period) from ledger.submission as s
    where s.submission in ({submissions})
)
"""


def _read_submissions(con: duckdb.DuckDBPyConnection, submissions: str) -> dict[str, Row]:
    """The files, each with where its columns stand and which rules were asked of it."""
    files = {
        row["submission"]: row | {"headings": [], "rules": [], "findings": []}
        for row in fetch_rows(
            con,
            f"""
            select s.submission, s.path, s.form, s.zone, s.period, s.revision, s.sha256, s.sender,
                strftime(in_beijing(s.received_at), '%Y-%m-%d %H:%M UTC+8') as received_at,
                s.status
            from ledger.submission as s where s.submission in ({submissions})
            """,
        )
    }
    for row in fetch_rows(
        con,
        f"""
        select b.submission, b.sheet, b.header_row, b.headings from ledger.block as b
        where b.submission in ({submissions}) order by b.submission, b.block
        """,
    ):
        letters = {n: h["letter"] for n, h in json.loads(row["headings"] or "{}").items()}
        heading = [row["sheet"], row["header_row"], letters]
        files[row["submission"]]["headings"].append(heading)
    for row in fetch_rows(
        con,
        f"""
        select r.submission, r.check_name, r.holds, r.broken, r.unchecked, q.title_zh, q.title_en
        from ledger.result as r
        inner join ledger.submission as s on r.submission = s.submission
        left join ref.rule as q on s.form = q.form and r.check_name = q.check_name
        where r.submission in ({submissions})
        order by r.submission, r.broken > 0 desc, r.unchecked > 0 desc, r.check_name
        """,
    ):
        files[row.pop("submission")]["rules"].append(row)
    for row in fetch_rows(
        con,
        f"""
        select f.submission, f.code, f.severity, f.outcome, f.row, f.cell, f.message_zh,
            f.message_en, f.explanation
        from ledger.finding as f where f.submission in ({submissions}) and f.outcome = 'broken'
        order by all
        """,
    ):
        files[row.pop("submission")]["findings"].append(row)
    return files


_ITEM = ", figure_item(indicator, industry, basis) as source_item"


def _as_text(
    con: duckdb.DuckDBPyConnection, table: str, condition: str, more: str = ""
) -> list[Row]:
    query = f"select columns(*)::varchar{more} from {table} where {condition} order by all"
    return fetch_rows(con, query)


def _by_place(rows: list[Row]) -> dict[Place, list[Row]]:
    rows_by_place: dict[Place, list[Row]] = defaultdict(list)
    for row in rows:
        rows_by_place[row["zone"], row["period"]].append(row)
    return dict(rows_by_place)


def letter_of(submission: Row, sheet: str | None, row: int, column: str) -> str | None:
    """The letter of a column in the table that a row stands in; None where it is not known."""
    of_sheet = [
        letters for s, first, letters in submission["headings"] if s == sheet and first < row
    ]
    letter = of_sheet[-1].get(column) if of_sheet else None
    return None if letter is None else str(letter)


def for_the_public(figures: list[Row]) -> list[Row]:
    """The figures that anybody may see; a growth that is asked about is left out."""
    hidden = dict.fromkeys(("growth_kind", "growth_number", "pace_kind", "pace_number"))
    shown: Callable[[Row], Row] = lambda row: (  # noqa: E731
        row | hidden | {"growth_has_open_query": False} if row["growth_has_open_query"] else row
    )
    return [shown(row) for row in figures if row["is_public"]]
