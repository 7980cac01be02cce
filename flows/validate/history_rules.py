"""The rules across submissions, evaluated: their outcomes, their findings, their counts.

In: the rules (`history_rule.py`) and schema `known` in a scratch database (`history.py`). Out,
there: `outcome_<n>` (a row for each subject of rule n, one small integer) and `broken_<n>` (what
the words of a broken one need); from these, the findings and counts of each form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from flows.model.arrow_files import open_table
from flows.model.errors import CatalogueError
from flows.model.finding import Severity, findings_table
from flows.model.submission import Reading
from flows.validate.batch import FormBatch
from flows.validate.cast import register_places
from flows.validate.checks import BROKEN, HOLDS, UNCHECKED
from flows.validate.findings import insert_findings, list_cells_sql
from flows.validate.history import (
    drop_held_rows,
    drop_submissions,
    find_emptied,
    focus_on,
    observe,
    observed_once,
)
from flows.validate.history_rule import HistoryRule
from flows.warehouse.database import bring_in

_RESULT_TYPES: dict[str, pa.DataType] = {
    "submission": pa.string(),
    "code": pa.string(),
    "check_name": pa.string(),
    "holds": pa.int64(),
    "broken": pa.int64(),
    "unchecked": pa.int64(),
}
RESULT_SCHEMA = pa.schema(_RESULT_TYPES)
_PADDING = 3  # fills a column of outcomes up to the length of the longest
_IN_FOCUS = "from {} where submission in (select f.submission from known.focus as f)"


def evaluate_history_rules(con: duckdb.DuckDBPyConnection, rules: Sequence[HistoryRule]) -> None:
    """Evaluate every rule: first those that hold something back, in the order of receipt.

    So a figure that is held is not among those that later ones are compared with, whether the
    quarters come one by one or all in one run. Raises CatalogueError naming a rule that DuckDB
    cannot evaluate.
    """
    holding = [r for r in rules if r.check.severity in (Severity.REJECT, Severity.QUARANTINE)]
    for rule in rules:
        con.execute(
            f"create temp table outcome_{rule.number} (submission varchar, outcome tinyint)"
        )
    with observed_once(con):
        for submissions in _rounds(con):
            focus_on(con, submissions)
            observe(con)
            for rule in holding:
                if _evaluate(con, rule):
                    _drop_broken(con, rule)
    new = con.execute("select distinct seen_by from known.standing").fetchall()
    focus_on(con, [submission for (submission,) in new])
    for rule in rules:
        if rule not in holding:
            _evaluate(con, rule)
    counted = results_sql(rules) if rules else "from no_result"
    con.register("no_result", RESULT_SCHEMA.empty_table())
    con.execute(f"create temp table history_result as {counted}")


def _rounds(con: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """The new submissions in groups, each after those of its form and zone that came before."""
    rows = con.execute("""
        select list(w.submission)
        from (
            select
                a.submission,
                row_number() over (
                    partition by a.form, a.zone
                    order by a.received_at, a.period, a.revision, a.submission
                ) as number
            from known.arrival as a
        ) as w
        group by w.number
        order by w.number
    """).fetchall()
    return [submissions for (submissions,) in rows]


def _evaluate(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> bool:
    """Add what a rule says of every subject in focus to its outcomes, and keep the rows that break
    it with what its words need. Returns whether there was any.
    """
    outcome, broken = f"outcome_{rule.number}", f"broken_{rule.number}"
    names = ", ".join(f"'{name}'" for name in rule.forms)
    rows = f"""
        from ({rule.sql}) as r
        inner join known.focus as f on r.submission = f.submission
        semi join (
            select a.submission
            from known.arrival as a
            where a.form in ({names}) or a.kind in ({names})
        ) as k on r.submission = k.submission
    """
    try:
        # words are made of broken rows alone: a register has a million that are not
        con.execute(f"""
            insert into {outcome}
            select r.submission, coalesce(r.holds::tinyint, {UNCHECKED}) {rows}
        """)
        if not con.execute(
            f"select 1 {_IN_FOCUS.format(outcome)} and outcome = {BROKEN} limit 1"
        ).fetchone():
            return False
        told = f"select r.* {rows} where not r.holds"
        con.execute(f"create temp table if not exists {broken} as {told} limit 0")
        con.execute(f"insert into {broken} {told}")
    except duckdb.Error as error:
        raise CatalogueError(
            f"rule {rule.check.code} cannot be evaluated, mend sql/rules/: {error}"
        ) from error
    return True


def _drop_broken(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> None:
    """Drop from `known` what a rule holds back of what is in focus: submissions or rows."""
    here = _IN_FOCUS.format(f"broken_{rule.number}")
    if rule.check.severity == Severity.REJECT:
        rejected = con.execute(f"select distinct submission {here}").fetchall()
        drop_submissions(con, [submission for (submission,) in rejected])
        return
    con.execute(f"""
        create or replace temp table held_here as select submission, sheet, source_row {here}
    """)
    tables = con.execute("""
        select distinct if(a.kind = 'register', '_' || a.form, 'figure')
        from held_here as h inner join known.arrival as a on h.submission = a.submission
    """).fetchall()
    for (table,) in tables:
        drop_held_rows(con, f"known.{table}")
        if table == "figure":
            drop_held_rows(con, "known.observation")
        if emptied := find_emptied(con, f"known.{table}"):
            drop_submissions(con, emptied)


def outcomes_of(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> tuple[int, int, int]:
    """How many subjects there are, how many are broken, and the sum of their places from 0."""
    is_broken = f"filter (where outcome = {BROKEN})"
    rows, broken, positions = con.execute(f"""
        select count(*), count(*) {is_broken}, coalesce(sum(rowid) {is_broken}, 0)
        from outcome_{rule.number}
    """).fetchone() or (0, 0, 0)
    return rows, broken, int(positions)


def results_sql(rules: Iterable[HistoryRule]) -> str:
    """A query that counts outcomes by submission and rule, for `ledger.result`."""
    parts = [
        f"""
        select
            o.submission, '{rule.check.code}' as code, '{rule.check.name}' as check_name,
            count(*) filter (where o.outcome = {HOLDS}) as holds,
            count(*) filter (where o.outcome = {BROKEN}) as broken,
            count(*) filter (where o.outcome = {UNCHECKED}) as unchecked
        from outcome_{rule.number} as o
        group by o.submission
        """
        for rule in rules
    ]
    return " union all by name ".join(parts)


def outcome_frame(con: duckdb.DuckDBPyConnection, rules: Sequence[HistoryRule]) -> pa.Table:
    """A column of outcomes for each rule, all filled up to the length of the longest."""
    columns = [
        con.execute(f"select outcome from outcome_{rule.number} order by rowid").fetchnumpy()
        for rule in rules
    ]
    length = max((len(column["outcome"]) for column in columns), default=0)
    frame = {}
    for rule, column in zip(rules, columns, strict=True):
        outcomes = np.full(length, _PADDING, dtype=np.int8)
        outcomes[: len(column["outcome"])] = column["outcome"]
        frame[rule.check.name] = outcomes
    return pa.table(frame)


def state_history(
    con: duckdb.DuckDBPyConnection, batch: FormBatch, rules: Sequence[HistoryRule]
) -> tuple[pa.Table, pa.Table]:
    """The findings of the rules about a batch's submissions, and their outcomes by submission."""
    rules = [rule for rule in rules if rule.applies_to(batch.form)]
    con.register("no_finding", findings_table([]))
    con.execute("create or replace temp table finding as from no_finding")
    if not rules:
        return findings_table([]), RESULT_SCHEMA.empty_table()
    register_places(con, Reading.open(batch.folder).blocks, batch.submissions)
    results = con.execute("""
        select r.* from history_result as r
        semi join submitted as s on r.submission = s.submission
        order by r.submission, r.code
    """).to_arrow_table()
    broken = {row["code"] for row in results.to_pylist() if row["broken"]}
    failing = [rule for rule in rules if rule.check.code in broken]
    if failing:
        _gather_failing(con, batch, failing)
        for rule in failing:
            insert_findings(con, batch.form, rule.check, _broken_rows(con, rule), "broken", {})
    return con.execute("from finding").to_arrow_table(), results.cast(RESULT_SCHEMA)


def _gather_failing(
    con: duckdb.DuckDBPyConnection, batch: FormBatch, rules: Sequence[HistoryRule]
) -> None:
    """Make `located`, the places of the rows that break rules, and `sent_failing`, their text."""
    sent = open_table(batch.folder / "text.arrow")
    bring_in(con, "sent_place", sent.select(["_rid", "_block", "_row"]))
    rows = " union ".join(
        f"select submission, sheet, source_row from broken_{rule.number}" for rule in rules
    )
    for rule in rules:
        if _tells_further(con, rule):
            rows += f"""
                union select submission, sheet, unnest(further).source_row
                from broken_{rule.number}
            """
    con.execute(f"""
        create or replace temp table located as
        select p.submission, p.sheet, t._row, t._rid, t._block
        from sent_place as t
        inner join place as p on t._block = p._block
        semi join ({rows}) as b
            on p.submission = b.submission and p.sheet is not distinct from b.sheet
            and t._row = b.source_row
    """)
    rids = con.execute("select _rid from located order by _rid").to_arrow_table()["_rid"]
    con.register("sent_failing", sent.take(rids))


def _tells_further(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> bool:
    """Whether a rule says which other cells it is about."""
    return "further" in con.table(f"broken_{rule.number}").columns


def _broken_rows(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> str:
    """A query for the rows that break a rule, and where they stand on the sheet."""
    further = "null::varchar"
    if _tells_further(con, rule):
        places = """
            select l._block, l._row, n.cell.field as field
            from (select unnest(b.further) as cell) as n
            inner join located as l
                on b.submission = l.submission and b.sheet is not distinct from l.sheet
                and n.cell.source_row = l._row
        """
        further = list_cells_sql(places, "b.sheet")
    return f"""
        select
            b.*, {further} as _further_cells, b.sheet as _sheet, b.source_row::integer as _row,
            b.field::varchar as _field, b.row_key::varchar as _row_key, l._rid,
            coalesce(l._block, c._block) as _block
        from broken_{rule.number} as b
        left join located as l
            on b.submission = l.submission and b.sheet is not distinct from l.sheet
            and b.source_row = l._row
        -- the first table of the sheet, where a whole column is meant
        left join (
            select submission, sheet, min(_block) as _block from place group by submission, sheet
        ) as c
            on b.source_row is null and b.submission = c.submission
            and b.sheet is not distinct from c.sheet
    """
