"""The proof of a page's numbers: the cells that they were computed from, and the SQL that computed
them.

A proof is plain data that the page has with it. It has the rows of the files and of the reference
tables that its numbers need and no others, so that what is withheld is not in it, and the views of
`sql/` as they are. `flows.publish.bulletin_check` computes every number again from it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

from flows import SQL_DIR
from flows.publish.bulletin_numbers import Accessor, Printed
from flows.publish.bulletin_rows import Pages, Place, Row, Spot, letter_of, table_of
from flows.warehouse.sql_file import Relation, open_relation

FORMAT = "jibao bulletin proof 1"
_VIEWS = ("metrics", "staging")
# of a submission that is cited, what the views ask of it; a file stands, or it would not be cited
_PLACED = ("form", "zone", "period", "submission")
_OF_SUBMISSION = (*_PLACED, "revision", "replacement", "status", "path", "received_at")
_OF_FINDING = (*_PLACED, "code", "severity", "outcome", "row", "column", "explanation")
# of a register a number needs no name
_OF_REGISTER = {
    "core.project_ledger": ("zone", "period", "stage", "submission", "sheet", "source_row"),
}
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
ORDER = ("revised", "preliminary", "published")  # of two rows the first says how a number stands


@functools.cache
def relations_of(view: str) -> tuple[tuple[Relation, ...], tuple[Relation, ...], tuple[str, ...]]:
    """The macros and the views that a view is made of, itself last, and the tables below them."""
    views: dict[str, Relation] = {}
    tables: dict[str, None] = {}

    def visit(name: str) -> None:
        schema, _, bare = name.partition(".")
        if schema not in _VIEWS:
            tables[name] = None
        elif name not in views:
            relation = open_relation(SQL_DIR / schema / f"{bare}.sql")
            for read in relation.reads:
                visit(read)
            views[name] = relation

    visit(view)
    macros: dict[str, Relation] = {}

    def call(text: str) -> None:
        for name in sorted(_macros().keys() & set(_CALL.findall(text))):
            if name not in macros:
                for read in _macros()[name].reads:
                    visit(read)
                call(_macros()[name].sql.partition(" as (")[2])
                macros[name] = _macros()[name]

    for relation in list(views.values()):
        call(relation.query)
    return tuple(macros.values()), tuple(views.values()), tuple(tables)


_CALL = re.compile(r"\b([a-z_0-9]+)\(")


@functools.cache
def _macros() -> dict[str, Relation]:
    return {p.stem: open_relation(p) for p in sorted((SQL_DIR / "macros").glob("*.sql"))}


def prove(pages: Pages, place: Place, accessor: Accessor, audience: str) -> Row:
    """The proof of all numbers that the accessor gave out for a page."""
    sources = _Sources(pages, place)
    numbers = [_describe(printed, sources) for printed in accessor.printed]
    views = list(dict.fromkeys(printed.source.view for printed in accessor.printed))
    parts = [relations_of(view) for view in views]
    tables = dict.fromkeys(name for _, _, names in parts for name in names)
    edition = pages.editions.get(place)
    spots = list(sources.spots)
    return {
        "format": FORMAT,
        "zone": place[0],
        "period": place[1],
        "audience": audience,
        "edition": edition and {k: edition[k] for k in ("edition", "sha256", "frozen_at")},
        "numbers": numbers,
        "rows": [_describe_spot(pages, spot) for spot in spots],
        "files": _describe_files(pages, spots, audience),
        "rules": _describe_rules(pages, spots),
        "tables": {name: _take(pages, name, spots, accessor, audience) for name in tables},
        "macros": _listing(relation for macros, _, _ in parts for relation in macros),
        "views": _listing(relation for _, views, _ in parts for relation in views),
    }


def _listing(relations: Iterable[Relation]) -> list[Row]:
    return [
        {"name": r.name, "sql": r.sql, "reads": list(r.reads)} for r in dict.fromkeys(relations)
    ]


class _Sources:
    """Which rows of files each line of the text rests on."""

    def __init__(self, pages: Pages, place: Place) -> None:
        self.spots: dict[Spot, int] = {}
        self._of: dict[tuple[Any, ...], list[Row]] = {}
        for row in pages.sources.get(place, []):
            key = row["bulletin_line"], row["industry"], row["basis"], row["bulletin_part"]
            self._of.setdefault(key, []).append(row)

    def cite(self, line: Row, parts: Iterable[str]) -> tuple[list[int], str]:
        """The places of these rows among those of the page, and how they stand."""
        key = line["bulletin_line"], line["industry"], line["basis"]
        rows = [row for part in parts for row in self._of.get((*key, part), [])]
        cited = []
        for row in rows:
            place = row["submission"], row["sheet"], row["source_row"], row["source_item"]
            spot = (table_of(row["form"]), *place)
            cited.append(self.spots.setdefault(spot, len(self.spots)))
        stands = {row["status"] for row in rows if row["is_own"]}
        return sorted(set(cited)), next((s for s in ORDER if s in stands), ORDER[-1])


def _parts(line: Row, column: str) -> tuple[str, ...]:
    """What a number of a line is computed from."""
    if column == "pace_number":
        return ("figure", "quarter before")
    kind = (line["growth_kind"] or "").split(" ")[0]
    if kind in ("", "rise", "fall", "flat", "plan"):
        return ("figure",)
    return ("figure", "year earlier")


def _describe(printed: Printed, sources: _Sources) -> Row:
    line, column = printed.row, printed.column
    is_level = column.startswith("number_")
    rows, status = sources.cite(dict(line), _parts(dict(line), column))
    asked = line["figure_has_open_query" if is_level else "growth_has_open_query"]
    value_column = "value" if is_level else "growth_pct" if column == "growth_number" else None
    value = line[value_column] if value_column else None
    points = column == "pace_number" or (line["growth_kind"] or "").startswith("points")
    unit = ["unit_zh", "unit_en"][column == "number_en"]
    return {
        "view": printed.source.view,
        "key": {name: line[name] for name in printed.source.key},
        "column": column,
        "text": printed.digits,
        "value": None if value is None else exact(value),
        "value_column": value_column,
        "unit": line[unit] if is_level else ("百分点" if points else "%"),
        "unit_column": unit if is_level else None,
        "qualifier": line["qualifier" if is_level else "growth_qualifier"] or "exact",
        "title_zh": line["title_zh"] or line["phrase_zh"].replace("{value}", "…"),
        "title_en": line["title_en"] or line["phrase_en"].replace("{value}", "…"),
        "status": "under query" if asked else status,
        "fields": _fields(dict(line), column),
        "rows": rows,
    }


def _fields(line: Row, column: str) -> list[str]:
    """Which cells of its rows a number is computed from."""
    name = line["bulletin_line"].partition(".")[0]
    if name == "stage":
        return ["stage"]
    if column.startswith("number_"):
        return ["value", "growth_pct"] if name in ("pull", "drag") else ["value"]
    return ["value"] if "year earlier" in _parts(line, column) else ["growth_pct"]


def exact(value: object) -> str:
    """A number with all its digits."""
    text = f"{value:f}" if hasattr(value, "as_tuple") else repr(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _describe_spot(pages: Pages, spot: Spot) -> Row:
    table, submission, sheet, row, _ = spot
    sent = pages.submissions[submission]
    fields = ("stage",) if table != "core.observation" else ("value", "growth_pct")
    letters = {field: letter_of(sent, sheet, row, field) for field in fields}
    return {
        "table": table,
        "file": submission,
        "sheet": sheet,
        "row": row,
        "cells": {field: f"{letter}{row}" for field, letter in letters.items() if letter},
    }


def _describe_files(pages: Pages, spots: list[Spot], audience: str) -> Row:
    rows_cited: dict[str, set[int]] = {}
    for _, submission, _, row, _ in spots:
        rows_cited.setdefault(submission, set()).add(row)
    files = {}
    for submission, rows in sorted(rows_cited.items()):
        sent = pages.submissions[submission]
        files[submission] = {
            name: sent[name]
            for name in ("path", "form", "period", "revision", "sha256", "received_at")
        }
        if audience == "internal":
            files[submission]["sender"] = sent["sender"]
        files[submission]["rules"] = [
            [rule["check_name"], rule["holds"], rule["broken"], rule["unchecked"]]
            for rule in sent["rules"]
        ]
        # a finding may quote its cell: of rows that no number here rests on there is none
        files[submission]["findings"] = [
            f for f in sent["findings"] if f["row"] in rows and audience == "internal"
        ]
    return files


def _describe_rules(pages: Pages, spots: list[Spot]) -> Row:
    submissions = {submission for _, submission, *_ in spots}
    return {
        rule["check_name"]: [rule["title_zh"], rule["title_en"]]
        for submission in sorted(submissions)
        for rule in pages.submissions[submission]["rules"]
        if rule["title_zh"]
    }


def _take(pages: Pages, table: str, spots: list[Spot], accessor: Accessor, audience: str) -> Row:
    """The rows of a table that the numbers need, each a list of texts."""
    columns = [name for name, _ in pages.columns[table]]
    keep: Iterable[str] = columns
    if table.startswith("core."):
        rows = [row for spot in spots if spot[0] == table for row in pages.rows[spot]]
        keep = _OF_REGISTER.get(table, [c for c in columns if c != "note"])
    elif table == "ledger.submission":
        rows = [r for r in pages.tables[table] if r["submission"] in {s[1] for s in spots}]
        keep = _OF_SUBMISSION
    elif table == "ledger.finding":
        # which figures are asked about; in what is shown to the public there are none
        cited = {s[1] for s in spots} if audience == "internal" else set()
        rows = [
            r for r in pages.tables[table] if r["submission"] in cited and r["severity"] == "query"
        ]
        keep = _OF_FINDING
    elif table in _OF_REFERENCE:
        rows = _referred(pages, table, spots, accessor)
    else:
        rows = pages.tables.get(table, [])
    kept = [[row[c] if c in keep else None for c in columns] for row in rows]
    return {"columns": pages.columns[table], "rows": kept}


def _referred(pages: Pages, table: str, spots: list[Spot], accessor: Accessor) -> list[Row]:
    observed = [row for s in spots if s[0] == "core.observation" for row in pages.rows[s]]
    column = _OF_REFERENCE[table]
    referred = {
        "indicator": {row["indicator"] for row in observed},
        "code": {row["industry"] for row in observed},
        "zone": {pages.submissions[s[1]]["zone"] for s in spots},
        "submission": {s[1] for s in spots},
        "bulletin_line": {p.row.get("bulletin_line") for p in accessor.printed},
    }
    return [row for row in pages.tables[table] if row[column] in referred[column]]
