"""Hold the answer key against what a run found: which planted errors have their finding, by the
rule that should make it, at their cell.

A form that is missing or late is told by `metrics.submission_due`. A list and the count stated of
it stand in two forms, and either may carry the finding.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from flows.synthetic.kinds import KEY_FIELDS, LATE, MISSING

EVENTS = ("exit", "revision")  # of an ordinary quarter, to be explained


@dataclass(frozen=True)
class Answer:
    """A planted error, and whether it was told."""

    path: str
    kind: str
    rule: str
    cell: str
    is_known: bool  # whether the warehouse has the rule at all
    is_found: bool


def score(con: duckdb.DuckDBPyConnection, errors: Path) -> list[Answer]:
    """Every planted error of `errors`, the answer key, with what became of it."""
    with errors.open(encoding="utf-8", newline="") as source:
        lines = [
            {name: line[name] or None for name in KEY_FIELDS} for line in csv.DictReader(source)
        ]
    if not lines:
        return []
    con.register("planted", pa.Table.from_pylist(lines))
    rows = con.execute(f"""
        with placed as (
            select
                row_number() over () as number, p.*, split_part(p.path, '/', 1) as zone,
                split_part(p.path, '/', 2) as period,
                split_part(split_part(p.path, '/', 3), '.', 1) as form
            from planted as p
        ),
        told as (
            select distinct p.number
            from placed as p
            inner join ledger.finding as f
                on p.rule = f.code and f.outcome = 'broken'
                and (
                    (f.path = p.path and (p.cell is null or f.cell = p.cell))
                    or (p.rule = 'LIST-COUNT' and f.zone = p.zone and f.period = p.period)
                )
            union
            select p.number
            from placed as p
            inner join metrics.submission_due as d
                on p.zone = d.zone and p.period = d.period and p.form = d.form
            where
                (p.rule = '{MISSING}' and d.due_status = 'missing')
                or (p.rule = '{LATE}' and d.due_status = 'late')
        )
        select
            p.path, p.kind, p.rule, coalesce(p.cell, ''),
            p.rule in ('{MISSING}', '{LATE}') or starts_with(p.rule, 'FILE-')
            or starts_with(p.rule, 'LAYOUT-')
            or exists (select 1 from ref.rule as r where r.code = p.rule),
            p.number in (select t.number from told as t)
        from placed as p order by p.number
    """).fetchall()
    con.unregister("planted")
    return [Answer(*row) for row in rows]
