"""The proof of a page's numbers: the cells that they were computed from, and the SQL that computed
them.

A proof is plain data that the page has with it. It has the rows of the files and of the reference
tables that its numbers need and no others, so that what is withheld is not in it, and the views of
`sql/` as they are. `flows.publish.bulletin_check` computes every number again from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flows.publish.bulletin_cells import take_rows
from flows.publish.bulletin_numbers import Accessor, Printed
from flows.publish.bulletin_proof_charts import (
    describe_chart,
    describe_ranking,
    describe_vintage,
)
from flows.publish.bulletin_rows import Pages, Place, Row, Spot, letter_of, table_of
from flows.publish.bulletin_shown_files import without_digests
from flows.publish.bulletin_sources import Sources
from flows.publish.bulletin_sql import (
    CHART,
    FIGURE,
    RANKING,
    REVISION,
    VINTAGE,
    relations_of,
)
from flows.warehouse.sql_file import Relation

FORMAT = "jibao bulletin proof 1"


def prove(pages: Pages, place: Place, accessor: Accessor, audience: str) -> Row:
    """The proof of all numbers that the accessor gave out for a page."""
    sources = Sources(pages, place)
    numbers = [_describe(printed, sources, pages) for printed in accessor.printed]
    views = list(dict.fromkeys(printed.source.view for printed in accessor.printed))
    parts = [relations_of(view) for view in views]
    tables = dict.fromkeys(name for _, _, names in parts for name in names)
    edition = pages.editions.get(place)
    files = _describe_files(pages, list(sources.spots), audience)
    is_compared = any(printed.source is VINTAGE for printed in accessor.printed)
    earlier = sources.cite_earlier(pages) if is_compared else []
    spots = list(sources.spots)
    proof = {
        "format": FORMAT,
        "zone": place[0],
        "period": place[1],
        "audience": audience,
        "edition": edition and {k: edition[k] for k in ("edition", "sha256", "frozen_at")},
        "numbers": numbers,
        "rows": [_describe_spot(pages, spot) for spot in spots],
        "earlier": earlier,
        "files": files,
        "rules": _describe_rules(pages, spots),
        "tables": {name: take_rows(pages, name, spots, accessor, audience) for name in tables},
        "macros": _listing(relation for macros, _, _ in parts for relation in macros),
        "views": _listing(relation for _, views, _ in parts for relation in views),
    }
    return without_digests(proof) if audience == "public" else proof


def _listing(relations: Iterable[Relation]) -> list[Row]:
    return [
        {"name": r.name, "sql": r.sql, "reads": list(r.reads)} for r in dict.fromkeys(relations)
    ]


_PACES = ("faster", "slower", "narrower", "wider")  # in points; others tell of growth before


def _parts(line: Row, column: str) -> tuple[str, ...]:
    """What a number of a line is computed from."""
    if column == "pace_number":
        return ("figure", "quarter before")
    kind = (line["growth_kind"] or "").split(" ")[0]
    if kind in ("", "rise", "fall", "flat", "plan", "index"):
        return ("figure",)
    return ("figure", "year earlier")


def _describe_change(printed: Printed, sources: Sources, pages: Pages) -> Row:
    """A number of what has changed: of a figure before it is in the edition, and in no file."""
    line, column = printed.row, printed.column
    is_revision = printed.source is REVISION
    if is_revision:
        place = line["submission"], line["sheet"], line["source_row"], line["item"]
        spots = [(table_of(line["form"]), *place)] if line["submission"] else []
        titles = line["title_zh"], line["title_en"]
        unit_column = "unit_en" if column.endswith("_en") else "unit_zh"
        unit = line[unit_column]
        fields = ["value" if line["measure"] == "value" else "growth_pct"]
    else:
        spots = _register_spots(pages, dict(line))
        is_project = line["register_change"] == "project new"
        titles = ("新增重点项目", "New key projects") if is_project else ("升规企业", "Enterprises")
        unit_column, unit, fields = None, ("个" if is_project else "家"), []
    rows = [sources.spots.setdefault(spot, len(sources.spots)) for spot in spots]
    return printed.describe(None, None) | {
        "unit": unit,
        "unit_column": unit_column if is_revision else None,
        "qualifier": "exact",
        "title_zh": titles[0],
        "title_en": titles[1],
        "status": _stands(line, column),
        "edition": line["edition"] if column.startswith("number_before") else None,
        "fields": fields,
        "rows": sorted(set(rows)),
    }


def _stands(line: Mapping[str, Any], column: str) -> str | None:
    """How a number of a change stands; a count of changes is of no edition."""
    if column.startswith("number_now"):
        return "revised" if line["move"] == "revised" else "preliminary"
    return "published" if column.startswith("number_before") else None


def _register_spots(pages: Pages, line: Row) -> list[Spot]:
    """The rows that show what is new in a register: both ledgers of projects as a whole; of
    enterprises those that rose, as they were and are, and one more of the register before.
    """
    both = (line["submission"], line["submission_before"])
    place = line["zone"], line["period"]
    rows = [(s, r) for s, of_spot in pages.rows.items() for r in of_spot if s[1] in both]
    if line["register_change"] == "project new":
        return [spot for spot, _ in rows]
    risen = {change["uscc"] for change in pages.register_changes[place]}
    witness = [spot for spot, _ in rows if spot[1] == both[1]][:1]
    return [spot for spot, row in rows if row["uscc"] in risen] + witness


def _describe(printed: Printed, sources: Sources, pages: Pages) -> Row:
    """A number, by the view that it was taken from."""
    if printed.source is FIGURE:
        return _describe_figure(printed, sources)
    if printed.source is CHART:
        return describe_chart(printed, sources)
    if printed.source is VINTAGE:
        return describe_vintage(printed, sources)
    if printed.source is RANKING:
        return describe_ranking(printed)
    return _describe_change(printed, sources, pages)


def _describe_figure(printed: Printed, sources: Sources) -> Row:
    line, column = printed.row, printed.column
    is_level = column.startswith("number_")
    fields = _fields(dict(line), column)
    rows, status = sources.cite(dict(line), _parts(dict(line), column), fields)
    asked = line["figure_has_open_query" if is_level else "growth_has_open_query"]
    value_column = "value" if is_level else "growth_pct" if column == "growth_number" else None
    value = line[value_column] if value_column else None
    is_pace = column == "pace_number" and line["pace_kind"] in _PACES
    points = is_pace or (column == "growth_number" and line["growth_kind"].startswith("points"))
    unit = ["unit_zh", "unit_en"][column == "number_en"]
    return printed.describe(value, value_column) | {
        "unit": line[unit] if is_level else ("百分点" if points else "%"),
        "unit_column": unit if is_level else None,
        "qualifier": line["qualifier" if is_level else "growth_qualifier"] or "exact",
        "title_zh": line["title_zh"] or line["phrase_zh"].replace("{value}", "…"),
        "title_en": line["title_en"] or line["phrase_en"].replace("{value}", "…"),
        "status": "under query" if asked else status,
        "fields": fields,
        "rows": rows,
    }


def _fields(line: Row, column: str) -> list[str]:
    """Which cells of its rows a number is computed from."""
    name = line["bulletin_line"].partition(".")[0]
    if name == "stage":
        return ["stage"]
    if column.startswith("number_"):
        return ["value", "growth_pct"] if name in ("pull", "drag") else ["value"]
    of_levels = "year earlier" in _parts(line, column) or line["growth_kind"].startswith("index")
    return ["value"] if of_levels and column == "growth_number" else ["growth_pct"]


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
    titles = {
        rule["check_name"]: [rule["title_zh"], rule["title_en"]]
        for submission in submissions
        for rule in pages.submissions[submission]["rules"]
        if rule["title_zh"]
    }
    return dict(sorted(titles.items()))
