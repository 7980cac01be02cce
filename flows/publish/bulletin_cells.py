"""The cells that a proof has with it: of each table the rows that the page's numbers are computed
from, and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flows.publish.bulletin_numbers import Accessor
from flows.publish.bulletin_rows import Pages, Row, Spot
from flows.publish.bulletin_sql import RANKING, REGISTER_CHANGE, REVISION, VINTAGE

# of a submission that is cited, what the views ask of it; a file stands, or it would not be cited
_PLACED = ("form", "zone", "period", "submission")
_OF_SUBMISSION = (*_PLACED, "revision", "replacement", "status", "path", "received_at")
# its words quote what the cells said; where it stands and what it asks about is enough
_WORDS_OF_FINDING = re.compile("(message|rule|mend)_.*|value|heading|row_key|path")
# of a register a number needs no name
_OF_REGISTER = {
    "core.project_ledger": ("zone", "period", "stage", "submission", "sheet", "source_row"),
    "core.enterprise_quarter": (
        "zone",
        "period",
        "uscc",
        "enterprise",
        "industry",
        "above_threshold",
        "submission",
        "sheet",
        "source_row",
    ),
}
# the run that loaded an edition or acceptance is another in each warehouse; who froze or accepted
# it, and with which program, concerns the office
_OF_THE_OFFICE = (
    "run",
    "published_run",
    "fingerprint",
    "commit_id",
    "frozen_by",
    "note",
    "accepted_by",
)
# the rows of a reference table that a page needs: its column, and what of the page is in it
_OF_REFERENCE = {
    "ref.indicator": "indicator",
    "ref.indicator_title": "indicator",
    "ref.series_break": "indicator",
    "ref.bulletin_line": "bulletin_line",
    "ref.industry": "code",
    "ref.zone": "zone",
    "ref.older_vintage": "submission",
}


def take_rows(
    pages: Pages, table: str, spots: list[Spot], accessor: Accessor, audience: str
) -> Row:
    """The rows of a table that the numbers need, each a list of texts."""
    columns = [name for name, _ in pages.columns[table]]
    keep: Iterable[str] = columns
    if table.startswith("core."):
        rows = [row for spot in spots if spot[0] == table for row in pages.rows[spot]]
        keep = _OF_REGISTER.get(table, [c for c in columns if c != "note"])
        if any(p.source is REGISTER_CHANGE for p in accessor.printed):  # whose are the new ones
            keep = (*keep, "project")
    elif table == "ledger.submission":
        rows = [r for r in pages.tables[table] if r["submission"] in {s[1] for s in spots}]
        keep = _OF_SUBMISSION
    elif table == "ledger.finding":
        # which figures are asked about; in what is shown to the public there are none
        cited = {s[1] for s in spots} if audience == "internal" else set()
        rows = [
            r for r in pages.tables[table] if r["submission"] in cited and r["severity"] == "query"
        ]
        keep = [c for c in columns if not _WORDS_OF_FINDING.fullmatch(c)]
    elif table in (*_OF_ACCEPTANCE, "ledger.edition", "ledger.edition_figure"):
        rows = _of_edition(pages, table, accessor)
        left_out = _OF_THE_OFFICE if audience == "public" else ("run",)
        keep = [c for c in columns if c not in left_out]
    elif table in _OF_REFERENCE:
        rows = _referred(pages, table, spots, accessor)
    else:
        rows = pages.tables.get(table, [])
    kept = [[row[c] if c in keep else None for c in columns] for row in rows]
    return {"columns": pages.columns[table], "rows": kept}


_OF_ACCEPTANCE = ("ledger.accepted_revision", "ledger.withdrawn_acceptance")


def _of_edition(pages: Pages, table: str, accessor: Accessor) -> list[Row]:
    """What the edition said of the figures that have changed since, and why they may; and what the
    editions of the quarter said of the growth that is ranked.
    """
    revised = [p.row for p in accessor.printed if p.source is REVISION]
    ranked = {(p.row["period"], p.row["item"]) for p in accessor.printed if p.source is RANKING}
    figures = {(r["edition"], r["zone"], r["period"], r["item"]) for r in revised}
    submissions = {r["submission"] for r in revised}
    editions = {edition for edition, *_ in figures}
    periods = {period for period, _ in ranked}

    def is_needed(row: Row) -> bool:
        if table in _OF_ACCEPTANCE:
            return row["submission"] in submissions
        if table == "ledger.edition":
            return row["edition"] in editions or row["period"] in periods
        of_growth = row["measure"] == "growth_reported_pct"
        return (row["edition"], row["zone"], row["period"], row["item"]) in figures or (
            of_growth and (row["period"], row["item"]) in ranked
        )

    return [row for row in pages.tables.get(table, []) if is_needed(row)]


_OF_AN_INDICATOR = (REVISION, RANKING, VINTAGE)


def _referred(pages: Pages, table: str, spots: list[Spot], accessor: Accessor) -> list[Row]:
    observed = [row for s in spots if s[0] == "core.observation" for row in pages.rows[s]]
    column = _OF_REFERENCE[table]
    referred = {
        # of a figure that was withdrawn nothing is left but the edition's
        "indicator": {row["indicator"] for row in observed}
        | {p.row["indicator"] for p in accessor.printed if p.source in _OF_AN_INDICATOR},
        "code": {row["industry"] for row in observed},
        "zone": {pages.submissions[s[1]]["zone"] for s in spots},
        "submission": {s[1] for s in spots},
        "bulletin_line": {p.row.get("bulletin_line") for p in accessor.printed},
    }
    return [row for row in pages.tables[table] if row[column] in referred[column]]
