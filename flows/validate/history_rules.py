"""The rules across submissions, evaluated: their outcomes and their counts.

In: the rules (`history_rule.py`) and schema `known` in a scratch database (`history.py`). Out,
there: `outcome_<n>` (a row for each subject of rule n, one small integer) and `broken_<n>` (what
the words of a broken one need); from these, `history_result`, the counts for the ledger, and what
`history_findings.py` tells of each form.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from flows.model.errors import CatalogueError
from flows.model.finding import Severity
from flows.validate.checks import BROKEN, HOLDS, UNCHECKED
from flows.validate.history import (
    drop_held_rows,
    drop_submissions,
    find_emptied,
    focus_on,
    observe,
    observed_once,
)
from flows.validate.history_rule import HistoryRule

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
        _hold_back(con, holding, _rounds(con))
    new = con.execute("select distinct seen_by from known.standing").fetchall()
    focus_on(con, [submission for (submission,) in new])
    for rule in rules:
        if rule not in holding:
            _evaluate(con, rule)
    counted = results_sql(rules) if rules else "from no_result"
    con.register("no_result", RESULT_SCHEMA.empty_table())
    con.execute(f"create temp table history_result as {counted}")


def _hold_back(
    con: duckdb.DuckDBPyConnection, holding: Sequence[HistoryRule], rounds: Sequence[Sequence[str]]
) -> None:
    """Evaluate the rules that hold something back on every round, each after those before it.

    As long as nothing is held nothing that a later round sees changes, so that twice as many are
    evaluated at once. Where something would be, one by one again.
    """
    at, many = 0, 1
    while at < len(rounds):
        together = rounds[at : at + many]
        focus_on(con, [submission for submissions in together for submission in submissions])
        observe(con)
        if len(together) == 1:
            is_held = False
            for rule in holding:
                if _evaluate(con, rule):
                    is_held = True
                    _drop_broken(con, rule)
        else:
            is_held = any(_would_break(con, rule) for rule in holding)
            if not is_held:
                for rule in holding:
                    con.execute(f"insert into outcome_{rule.number} from tried_{rule.number}")
        if len(together) == 1 or not is_held:
            at += len(together)
        many = 1 if is_held else 2 * many


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


def _subjects(rule: HistoryRule) -> str:
    """The rows that a rule gives of the submissions in focus, as the rest of a query."""
    names = ", ".join(f"'{name}'" for name in rule.forms)
    return f"""
        from ({rule.sql}) as r
        inner join known.focus as f on r.submission = f.submission
        semi join (
            select a.submission
            from known.arrival as a
            where a.form in ({names}) or a.kind in ({names})
        ) as k on r.submission = k.submission
    """


def _outcomes(rule: HistoryRule) -> str:
    """A query for what a rule says of each of its rows."""
    return f"""
        select r.submission, coalesce(r.holds::tinyint, {UNCHECKED})::tinyint as outcome
        {_subjects(rule)}
    """


def _is_broken(con: duckdb.DuckDBPyConnection, outcomes: str) -> bool:
    """Whether one of the outcomes in a relation is."""
    query = f"select 1 from {outcomes} as o where o.outcome = {BROKEN} limit 1"
    return con.execute(query).fetchone() is not None


@contextlib.contextmanager
def _naming(rule: HistoryRule) -> Iterator[None]:
    """Name the rule that DuckDB cannot evaluate."""
    try:
        yield
    except duckdb.Error as error:
        raise CatalogueError(
            f"rule {rule.check.code} cannot be evaluated, mend sql/rules/: {error}"
        ) from error


def _would_break(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> bool:
    """Whether a rule is broken by anything in focus; what it says of it is in `tried_<n>`."""
    tried = f"tried_{rule.number}"
    with _naming(rule):
        con.execute(f"create or replace temp table {tried} as {_outcomes(rule)}")
    return _is_broken(con, tried)


def _evaluate(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> bool:
    """Add what a rule says of every subject in focus to its outcomes, and keep the rows that break
    it with what its words need. Returns whether there was any.
    """
    outcome, broken = f"outcome_{rule.number}", f"broken_{rule.number}"
    with _naming(rule):
        # words are made of broken rows alone: a register has a million that are not
        con.execute(f"insert into {outcome} {_outcomes(rule)}")
        if not _is_broken(con, f"({_IN_FOCUS.format(outcome)})"):
            return False
        told = f"select r.* {_subjects(rule)} where not r.holds"
        con.execute(f"create temp table if not exists {broken} as {told} limit 0")
        con.execute(f"insert into {broken} {told}")
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
