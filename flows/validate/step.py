"""The step from text to typed rows, findings and one verdict a submission.

In: a form's folder with `text.arrow`, `reading.json` and `unread.arrow`. `validate_form` evaluates
the form's own rules, `compare_forms` those across submissions and then reaches the verdict
(`verdict.py`). Out, in the same folder: `accepted.arrow`, `held.arrow`, `finding.arrow`,
`result.arrow` (outcomes counted by submission and rule) and `judged.arrow` (the status of each
submission). Great Expectations judges the same outcomes (`confirming.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.model.arrow_files import CHUNK, open_table, save_batches
from flows.model.finding import FINDING_SCHEMA, findings_table, list_findings
from flows.model.submission import Reading, Submission, restamp_all, with_parts
from flows.validate.batch import FormBatch
from flows.validate.cast import load_columns, type_rows
from flows.validate.cast_indicators import summarise
from flows.validate.checks import Check, checks_of
from flows.validate.confirming import ask
from flows.validate.evaluate import (
    count_outcomes,
    evaluate,
    state_form_findings,
    state_row_findings,
)
from flows.validate.history import compared_zones, gather_history
from flows.validate.history_findings import state_history
from flows.validate.history_rule import HistoryRule, load_history_rules
from flows.validate.history_rules import (
    evaluate_history_rules,
    outcome_frame,
    outcomes_of,
)
from flows.validate.history_sources import entity_key
from flows.validate.holding import gather_held
from flows.validate.verdict import reach_verdict
from flows.warehouse.database import (
    attach_published,
    scratch,
    shared_scratch,
    suit_threads,
    suit_threads_to_file,
)
from flows.warehouse.lake_history import Beside, attach_both

# by the subject of their rules: those on a register's rows, of which there may be a million, have a
# suite of their own, so that the frame of the others is not filled up to that length
_SUITES = {"across_figures": ("figure", "submission"), "across_rows": ("row",)}


def validate_form(
    form: Form, submissions: list[Submission], arrival: pa.Table, folder: Path, store: Path | None
) -> None:
    """Evaluate a form's own rules on all its submissions at once.

    `arrival`: the findings of receipt. `store`: the folder in which Great Expectations keeps its
    suites and results; None leaves it out for a quick answer to one sender, with the same rules.
    Raises DisagreementError.
    """
    reading = Reading.open(folder)
    submissions = with_parts(submissions, folder)
    arrival = _place_findings(arrival, submissions)
    checks = checks_of(form)
    by_row = [c for c in checks if not c.per_submission]
    by_submission = [c for c in checks if c.per_submission]
    with shared_scratch() as con:
        sent = open_table(folder / "text.arrow")
        suit_threads(con, len(sent))
        type_rows(con, form, sent, reading.blocks, submissions)
        earlier = pa.concat_tables([arrival.cast(FINDING_SCHEMA), findings_table(reading.findings)])
        con.register("earlier_finding", earlier)
        con.execute("create temp table finding as select * from earlier_finding")
        con.execute("""
            create temp table sent_place as
            select t._rid, p.submission, p.sheet, t._row as row
            from sent as t left join place as p on t._block = p._block
        """)
        evaluate(con, by_row, "typed", "_rid", "row_outcome")
        count_outcomes(con, "row_outcome", by_row)
        state_row_findings(con, form, sent, by_row)
        gather_held(con, "sent_place", "_rid")
        summarise(con, form)
        evaluate(con, by_submission, "summary", "submission", "form_outcome")
        count_outcomes(con, "form_outcome", by_submission)
        state_form_findings(con, form, sent, by_submission)
        gather_held(con, "sent_place", "_rid")
        if store is not None:
            _ask_outcomes(con, store, f"{form.code}_rows", by_row, "row_outcome")
            _ask_outcomes(con, store, f"{form.code}_submissions", by_submission, "form_outcome")
        _save(con, form, folder)


def _ask_outcomes(
    con: duckdb.DuckDBPyConnection, store: Path, name: str, checks: list[Check], relation: str
) -> None:
    """Have Great Expectations judge the outcomes in `relation` as the suite `name`, and compare
    with `outcome_count`.
    """
    if not checks:
        return
    frame = con.execute(
        f"select * exclude (key, submission) from {relation} order by rowid"
    ).to_arrow_table()
    frame = frame.rename_columns([check.name for check in checks])
    rows = con.execute(
        """
        select check_name, sum(broken), sum(positions)
        from outcome_count
        where relation = ?
        group by check_name
        """,
        [relation],
    ).fetchall()
    counts = {check: (broken, positions) for check, broken, positions in rows}
    ask(store, name, checks, frame, counts)


def _place_findings(arrival: pa.Table, submissions: list[Submission]) -> pa.Table:
    """The findings of receipt, on what the files were read as."""
    if not any(submission.part_of for submission in submissions):
        return arrival
    return findings_table(restamp_all(list_findings(arrival), submissions))


def compare_forms(
    batches: Sequence[FormBatch],
    warehouse: Path | None,
    store: Path | None,
    raw: Path | None = None,
    beside: Beside | None = None,
) -> None:
    """Evaluate the rules across submissions on a run's forms, and reach the verdict on each file.

    `warehouse`: what was published before, where there is one; `raw` may bring zones of its own;
    `beside`: the lake whose other offices' zones they are compared with. Raises DisagreementError,
    and WarehouseError where that lake cannot be used.
    """
    if not batches:
        return
    rules = [r for r in load_history_rules() if any(r.applies_to(b.form) for b in batches)]
    with scratch() as con:
        if beside:
            attach_both(con, beside, warehouse, compared_zones(batches, raw))
        else:
            attach_published(con, warehouse)
        gather_history(con, list(load_catalogue().values()), batches, raw)
        suit_threads_to_file(con)
        evaluate_history_rules(con, rules)
        if store is not None:
            _judge_history(con, rules, store)
        con.execute("drop schema known cascade")  # of broken rows the words stand by themselves
        stated = state_history(con, batches, rules)
    # without what stood beside: a register of a million rows takes its memory twice
    for batch, across in zip(batches, stated, strict=True):
        reach_verdict(batch, *across)


def _judge_history(
    con: duckdb.DuckDBPyConnection, rules: Sequence[HistoryRule], store: Path
) -> None:
    """Have Great Expectations judge the rules across submissions, and compare with our counts."""
    for name, subjects in _SUITES.items():
        suite = [rule for rule in rules if rule.subject in subjects]
        counts = {rule.check.name: outcomes_of(con, rule)[1:] for rule in suite}
        ask(store, name, [rule.check for rule in suite], outcome_frame(con, suite), counts)


def _save(con: duckdb.DuckDBPyConnection, form: Form, folder: Path) -> None:
    """Save the rows that the form's own rules let through, their findings and their counts."""
    queries = {
        "own_finding": "from finding",
        "own_result": """
            select submission, code, check_name, holds, broken, unchecked from outcome_count
        """,
        "candidate": f"""
            select {load_columns(form)}, t.submission, p.sheet, t._row as source_row
            from typed as t
            inner join place as p on t._block = p._block
            where
                t._rid not in (select h._rid from held_row as h)
                and t.submission not in (select r.submission from rejected as r)
        """,
    }
    if form.kind == "register":  # a later list does not miss an entity whose row was held
        queries["held_entry"] = f"""
            select distinct p.submission, upper(trim(s.{entity_key(form)})) as entry_key
            from sent as s
            inner join place as p on s._block = p._block
            where
                s._rid in (select h._rid from held_row as h)
                or p.submission in (select r.submission from rejected as r)
        """
    for name, query in queries.items():
        save_batches(con.execute(query).to_arrow_reader(CHUNK), folder / f"{name}.arrow")
