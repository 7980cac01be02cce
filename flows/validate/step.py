"""Stage: validate. Text and a form's checks become typed rows, findings and a verdict.

In: a form's folder with `text.arrow`, `reading.json` and `unread.arrow`. Out, in the same folder:
`accepted.arrow`, `held.arrow`, `finding.arrow`, `result.arrow` (outcomes counted by submission and
rule) and `judged.arrow` (the status of each submission).

DuckDB evaluates every check in one pass and gives one small integer a row and rule; Great
Expectations judges those columns, and the two must name the same rows or the run stops. When every
form has passed its own rules, `compare_forms` holds them against each other and against what is
known. This is the only module that imports Great Expectations.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.model.arrow_files import open_table, save_table
from flows.model.errors import DisagreementError
from flows.model.finding import FINDING_SCHEMA, Severity, status_of, tabulate
from flows.model.submission import Reading, Submission
from flows.read.answers import explain_findings
from flows.validate.cast import load_columns, type_rows
from flows.validate.cast_indicators import summarise
from flows.validate.checks import BROKEN, Check, checks_of
from flows.validate.evaluate import count_outcomes, evaluate, hold_rows, state_findings
from flows.validate.history import Arrived, gather_known
from flows.validate.history_rules import (
    NOT_ASKED,
    Comparison,
    evaluate_comparisons,
    load_comparisons,
    outcomes_of,
)
from flows.validate.verdict import settle_batch
from flows.warehouse.database import attach_published, scratch, shared_scratch

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.data_context import EphemeralDataContext

_GX_SEVERITY = {
    Severity.REJECT: "critical",
    Severity.QUARANTINE: "critical",
    Severity.QUERY: "warning",
    Severity.NOTE: "info",
}

# a register's rows in a suite of their own: a few rules of a million rows, not all rules of a
# million
_ACROSS = {"across_figures": ("figure", "submission"), "across_rows": ("row",)}


def validate_form(
    form: Form, submissions: list[Submission], arrival: pa.Table, folder: Path, judge: Path | None
) -> None:
    """Check every submission of a form at once.

    `arrival`: the findings of receipt. `judge`: the folder in which Great Expectations keeps its
    suites and results; None leaves it out for a quick answer to one sender, with the same rules.
    Raises DisagreementError.
    """
    reading = Reading.open(folder)
    checks = checks_of(form)
    by_row = [c for c in checks if not c.per_submission]
    by_submission = [c for c in checks if c.per_submission]
    with shared_scratch() as con:
        sent = open_table(folder / "text.arrow")
        type_rows(con, form, sent, reading.blocks, submissions)
        con.register(
            "found_before",
            pa.concat_tables([arrival.cast(FINDING_SCHEMA), tabulate(reading.findings)]),
        )
        con.execute("create temp table finding as select *, null::bigint as _rid from found_before")
        evaluate(con, by_row, "typed", "_rid", "row_outcome")
        hold_rows(con, by_row)
        summarise(con, form)
        evaluate(con, by_submission, "summary", "submission", "form_outcome")
        count_outcomes(con, "row_outcome", by_row)
        count_outcomes(con, "form_outcome", by_submission)
        state_findings(con, form, sent, by_row, by_submission)
        if judge is not None:
            context = _open_context(judge)
            _judge_outcomes(context, con, f"{form.code}_rows", by_row, "row_outcome")
            _judge_outcomes(context, con, f"{form.code}_submissions", by_submission, "form_outcome")
        _save(con, form, submissions, reading, folder)


def compare_forms(
    arrived: Sequence[Arrived], warehouse: Path | None, judge: Path | None, raw: Path | None = None
) -> None:
    """Hold what a run's forms have let through against each other, earlier quarters and other
    zones.

    Adds to each batch's `finding.arrow` and `result.arrow`; what a rule holds back moves from
    `accepted.arrow` to `held.arrow`, and `judged.arrow` is settled again. `warehouse`: what stood
    before, where there is one; `raw` may bring zones of its own. Raises DisagreementError.
    """
    comparisons = [c for c in load_comparisons() if any(c.asks(batch.form) for batch in arrived)]
    with scratch() as con:
        attach_published(con, warehouse)
        gather_known(con, list(load_catalogue().values()), arrived, raw)
        evaluate_comparisons(con, comparisons)
        if judge is not None:
            context = _open_context(judge)
            for name, subjects in _ACROSS.items():
                asked = [c for c in comparisons if c.subject in subjects]
                counts = {c.check.name: outcomes_of(con, c) for c in asked}
                ours = {check: (broken, at) for check, (_, broken, at) in counts.items()}
                _judge(
                    context,
                    name,
                    [c.check for c in asked],
                    _frame_outcomes(con, asked, counts),
                    ours,
                )
        for batch in arrived:
            settle_batch(con, batch, comparisons)


def _frame_outcomes(
    con: duckdb.DuckDBPyConnection,
    comparisons: list[Comparison],
    counts: dict[str, tuple[int, int, int]],
) -> pa.Table:
    """A column of outcomes a rule, all filled up to the length of the longest with “not asked”."""
    import numpy as np

    length = max((rows for rows, _, _ in counts.values()), default=0)
    columns = {}
    for c in comparisons:
        column = np.full(length, NOT_ASKED, dtype=np.int8)
        column[: counts[c.check.name][0]] = con.execute(
            f"select outcome from outcome_{c.number} order by rowid"
        ).fetchnumpy()["outcome"]
        columns[c.check.name] = column
    return pa.table(columns)


def write_data_docs(judge: Path, docs: Path) -> None:
    """Great Expectations' own pages about the run, in `docs`; once a run, for all its forms."""
    _open_context(judge, docs).build_data_docs()


def _open_context(judge: Path, docs: Path | None = None) -> EphemeralDataContext:
    """A context without telemetry or progress bars; what it makes is kept in files under `judge`."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        FilesystemStoreBackendDefaults,
        ProgressBarsConfig,
    )

    judge = judge.resolve()
    judge.mkdir(parents=True, exist_ok=True)
    defaults = FilesystemStoreBackendDefaults(root_directory=str(judge))
    if docs is not None:
        backend = {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(docs.resolve()),
        }
        defaults.data_docs_sites = {
            "run": {
                "class_name": "SiteBuilder",
                "store_backend": backend,
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        }
    config = DataContextConfig(
        store_backend_defaults=defaults,
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _judge_outcomes(
    context: EphemeralDataContext,
    con: duckdb.DuckDBPyConnection,
    name: str,
    checks: list[Check],
    relation: str,
) -> None:
    """Have Great Expectations judge the outcomes of a form's checks, and compare with DuckDB's
    count.
    """
    if not checks:
        return
    frame = con.execute(
        f"select * exclude (key, submission) from {relation} order by rowid"
    ).to_arrow_table()
    frame = frame.rename_columns([check.name for check in checks])
    counted = "select check_name, sum(broken), sum(positions) from outcome_count where relation = ? group by check_name"
    _judge(
        context,
        name,
        checks,
        frame,
        {check: (broken, at) for check, broken, at in con.execute(counted, [relation]).fetchall()},
    )


def _judge(
    context: EphemeralDataContext,
    name: str,
    checks: list[Check],
    outcomes: pa.Table,
    ours: dict[str, tuple[int, int]],
) -> None:
    """A suite of one expectation a check over a frame of outcomes, and its verdict compared with
    ours.
    """
    if not outcomes.num_rows:
        return
    import great_expectations as gx
    import great_expectations.expectations as gxe

    expectations = [
        gxe.ExpectColumnValuesToNotBeInSet(
            column=check.name,
            value_set=[BROKEN],
            severity=_GX_SEVERITY[check.severity],
            description=f"{check.words.title.zh} · {check.words.title.en}",
            notes=f"`{check.good or 'the text can be read as what it should be'}`",
            meta={"code": check.code, "stage": str(check.stage), "severity": str(check.severity)},
        )
        for check in checks
    ]
    # all at once: added one by one, each is compared with all before it
    suite = gx.ExpectationSuite(name=name, expectations=expectations)
    context.suites.add_or_update(suite)
    batch = (
        context.data_sources.add_or_update_pandas(name)
        .add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe("all")
    )
    definition = context.validation_definitions.add_or_update(
        gx.ValidationDefinition(name=name, data=batch, suite=suite)
    )
    verdict = definition.run(
        batch_parameters={"dataframe": outcomes.to_pandas()},
        result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False},
    )
    _compare(verdict, ours)


def _compare(verdict: ExpectationSuiteValidationResult, ours: dict[str, tuple[int, int]]) -> None:
    """The rows that Great Expectations names must be the rows that DuckDB counted: how many, and
    which.
    """
    for result in verdict.results:
        rows = result.result.get("unexpected_index_list") or []
        name = result.expectation_config.kwargs["column"]
        if (len(rows), sum(rows)) != ours.pop(name):
            raise DisagreementError(
                f"{verdict.suite_name}, {name}: DuckDB and Great Expectations found different rows broken"
            )
    if ours:
        raise DisagreementError(
            f"{verdict.suite_name}: Great Expectations gave no verdict on {', '.join(ours)}"
        )


def _save(
    con: duckdb.DuckDBPyConnection,
    form: Form,
    submissions: list[Submission],
    reading: Reading,
    folder: Path,
) -> None:
    """Settle the status of each submission, and write what follows from it."""
    _judge_submissions(con, submissions, reading)
    con.register("unread", open_table(folder / "unread.arrow"))
    any_refused = bool(
        con.execute("select 1 from judged where status = 'rejected' limit 1").fetchone()
    )
    queries = {
        "judged": "select * from judged",
        "finding": "select * exclude (_rid) from finding",
        "accepted": f"""
            select {load_columns(form)}, t.submission, p.sheet, t._row as source_row
            from typed as t inner join place as p on t._block = p._block
            inner join judged as j on t.submission = j.submission
            where j.status <> 'rejected' and t._rid not in (select h._rid from held as h)""",
        "held": _held_sql(form, any_refused),
        "result": "select submission, code, check_name, holds, broken, unchecked from outcome_count",
    }
    for name, query in queries.items():
        table = con.execute(query).to_arrow_table()
        save_table(
            explain_findings(table, reading.explanations) if name == "finding" else table,
            folder / f"{name}.arrow",
        )


def _judge_submissions(
    con: duckdb.DuckDBPyConnection, submissions: list[Submission], reading: Reading
) -> None:
    """`judged`: the status of each submission and its rows read, accepted and held."""
    fit = dict(
        con.execute(
            "select submission, count(*) from typed where _rid not in (select _rid from held) group by all"
        ).fetchall()
    )
    broken: dict[str, set[str]] = {}
    for submission, severity in con.execute(
        "select distinct submission, severity from finding where outcome = 'broken'"
    ).fetchall():
        broken.setdefault(submission, set()).add(severity)
    rows = []
    for s in submissions:
        status = status_of(broken.get(s.submission, set()), fit.get(s.submission, 0))
        read = reading.rows_read.get(s.submission, 0)
        accepted = 0 if status == "rejected" else fit.get(s.submission, 0)
        rows.append((s.submission, str(status), read, accepted, read - accepted))
    names = ("submission", "status", "rows_read", "rows_accepted", "rows_held")
    con.register("judged", pa.table({n: [r[i] for r in rows] for i, n in enumerate(names)}))


def _held_sql(form: Form, any_refused: bool) -> str:
    """Each held row whole, once for each rule that holds it; what was never understood comes as it
    stood.
    """
    data = ", ".join(f"{c.name} := t.{c.name}" for c in form.columns)
    why = "f.cell, f.column, f.value, f.code, f.message_zh, f.message_en, f.mend_zh, f.mend_en"
    return f"""
        with refusal as (
            select f.* from finding as f where f.severity = 'reject' and f.outcome = 'broken'
            qualify row_number() over (partition by f.submission order by f.code, f.cell) = 1
        ),
        refused as (
            select j.submission from judged as j where j.status = 'rejected'
        )
        select p.submission, p.sheet, t._row as row, {why}, to_json(struct_pack({data}))::varchar as data
        from finding as f
        inner join sent_failing as t on f._rid = t._rid inner join place as p on t._block = p._block
        where f.severity in ('quarantine', 'reject') and f.outcome = 'broken' and f._rid in (select h._rid from held as h)
        union all by name
        select p.submission, p.sheet, t._row as row, {why}, to_json(struct_pack({data}))::varchar as data
        from sent as t inner join place as p on t._block = p._block
        inner join refused as r on p.submission = r.submission left join refusal as f on r.submission = f.submission
        where {any_refused} and t._rid not in (select h._rid from held as h)
        union all by name
        select u.submission, u.sheet, u.row, {why}, u.data
        from unread as u left join refusal as f on u.submission = f.submission
    """
