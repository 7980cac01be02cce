"""The verdict on a submission: its status, its accepted rows and its held ones.

It is reached once, after the form's own rules and the rules across submissions. What is held
follows from the findings alone (`holding.py`).

In, in the form's folder: `candidate.arrow` (the rows that the form's own rules let through),
`own_finding.arrow`, `own_result.arrow`, `text.arrow`, `unread.arrow` and `reading.json`; beside
them the findings and outcomes of the rules across submissions. Out, in the same folder:
`finding.arrow`, `result.arrow`, `accepted.arrow`, `held.arrow` and `judged.arrow` (the status of
each submission and its rows).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from flows.model.arrow_files import open_table, save_table
from flows.model.finding import FINDING_SCHEMA, Severity, findings_table, status_of
from flows.model.submission import Explanation, Reading
from flows.validate.batch import FormBatch
from flows.validate.cast import register_places
from flows.validate.history_rules import RESULT_SCHEMA
from flows.validate.holding import gather_held
from flows.warehouse.copies import link_or_copy
from flows.warehouse.database import bring_in, shared_scratch, suit_threads

_JUDGED_SCHEMA = pa.schema(
    [("submission", pa.string()), ("status", pa.string())]
    + [(name, pa.int64()) for name in ("rows_read", "rows_accepted", "rows_held")]
)


def reach_verdict(
    batch: FormBatch, across: pa.Table | None = None, across_results: pa.Table | None = None
) -> None:
    """Reach the verdict on every submission of a batch, and write its files into the folder.

    `across` and `across_results` are what `history_findings.state_history` gives; None where the
    rules across submissions were not evaluated.
    """
    folder = batch.folder
    reading = Reading.open(folder)
    own = open_table(folder / "own_finding.arrow")
    findings = pa.concat_tables([own, (across or findings_table([])).cast(FINDING_SCHEMA)])
    findings = explain_findings(findings, reading.explanations)
    results = [
        open_table(folder / "own_result.arrow"),
        across_results or RESULT_SCHEMA.empty_table(),
    ]
    candidate = open_table(folder / "candidate.arrow")
    with shared_scratch() as con:
        suit_threads(con, len(candidate))
        bring_in(con, "finding", findings)
        con.register("unread", open_table(folder / "unread.arrow"))
        register_places(con, reading.blocks, batch.submissions)
        accepted = _accept_rows(con, candidate)
        judged = _judge(con, batch, reading)
        con.register("judged", judged)
        held = _hold_rows(con, batch)
    save_table(findings, folder / "finding.arrow")
    save_table(
        pa.concat_tables([table.cast(RESULT_SCHEMA) for table in results]), folder / "result.arrow"
    )
    if accepted is candidate:  # nearly always: a register of a million rows is not written twice
        link_or_copy(folder / "candidate.arrow", folder / "accepted.arrow")
    else:
        save_table(accepted, folder / "accepted.arrow")
    save_table(held, folder / "held.arrow")
    save_table(judged, folder / "judged.arrow")


def explain_findings(findings: pa.Table, explanations: list[Explanation]) -> pa.Table:
    """The findings, each query with the explanation that came with its submission.

    What has to be corrected is not explained away: only a query is closed by an explanation. One
    question about several cells of a row, in the same words, is answered once.
    """
    texts = {(e.submission, e.code, e.row_key, e.column): e.text for e in reversed(explanations)}
    if not texts:
        return findings
    keys = ["submission", "code", "row_key", "column", "severity", "outcome", "message_zh"]
    rows = findings.select(keys).to_pylist()
    answers = [texts.get((f["submission"], f["code"], f["row_key"], f["column"])) for f in rows]
    questions = [(f["submission"], f["code"], f["row_key"], f["message_zh"]) for f in rows]
    shared = {q: answer for q, answer in zip(questions, answers, strict=True) if answer}
    column = [
        answer or shared.get(question)
        if (f["severity"], f["outcome"]) == (Severity.QUERY, "broken")
        else None
        for f, question, answer in zip(rows, questions, answers, strict=True)
    ]
    at = findings.schema.get_field_index("explanation")
    return findings.set_column(at, "explanation", pa.array(column, pa.string()))


def _accept_rows(con: duckdb.DuckDBPyConnection, candidate: pa.Table) -> pa.Table:
    """The candidates that no finding holds, in their order; registered as `accepted`."""
    places = candidate.select(["submission", "sheet", "source_row"])
    places = places.rename_columns(["submission", "sheet", "row"])
    con.register("candidate", places.append_column("_at", pa.array(np.arange(len(places)))))
    gather_held(con, "candidate", "_at")
    held = con.execute("""
        select h._at from held_row as h
        union
        select c._at from candidate as c semi join rejected as r on c.submission = r.submission
    """).fetchnumpy()["_at"]
    if len(held):
        keep = np.ones(len(candidate), dtype=bool)
        keep[held] = False
        candidate = candidate.filter(pa.array(keep))
    con.register("accepted", candidate)
    return candidate


def _judge(con: duckdb.DuckDBPyConnection, batch: FormBatch, reading: Reading) -> pa.Table:
    """The status of each submission and its rows read, accepted and held."""
    accepted = dict(
        con.execute("select submission, count(*) from accepted group by submission").fetchall()
    )
    severities: dict[str, set[str]] = {}
    for submission, severity in con.execute(
        "select distinct submission, severity from finding where outcome = 'broken'"
    ).fetchall():
        severities.setdefault(submission, set()).add(severity)
    rows = []
    for s in batch.submissions:
        rows_read = reading.rows_read.get(s.submission, 0)
        rows_accepted = accepted.get(s.submission, 0)
        rows.append(
            {
                "submission": s.submission,
                "status": str(status_of(severities.get(s.submission, ()), rows_accepted)),
                "rows_read": rows_read,
                "rows_accepted": rows_accepted,
                "rows_held": rows_read - rows_accepted,
            }
        )
    return pa.Table.from_pylist(rows, schema=_JUDGED_SCHEMA)


def _hold_rows(con: duckdb.DuckDBPyConnection, batch: FormBatch) -> pa.Table:
    """Each held row whole, with the finding that holds it; once for each, where there are several.

    A row that no finding of its own holds has the finding that rejects its submission. Rows that
    could not be read stand as they were sent.
    """
    sent = open_table(batch.folder / "text.arrow")
    bring_in(con, "sent_place", sent.select(["_rid", "_block", "_row"]))
    # three narrow columns say which rows are held: most submissions hold none
    con.execute("""
        create temp table held_place as
        with placed as (
            select p.submission, p.sheet, t._row as row, t._rid
            from sent_place as t
            inner join place as p on t._block = p._block
            semi join (
                select j.submission from judged as j where j.rows_held > 0 or j.status = 'rejected'
            ) as j on p.submission = j.submission
        )
        select p.* from placed as p
        anti join accepted as a
            on p.submission = a.submission and p.sheet is not distinct from a.sheet
            and p.row = a.source_row
    """)
    rids = con.execute("select _rid from held_place order by _rid").to_arrow_table()["_rid"]
    con.register("held_text", sent.take(rids))
    cells = ", ".join(f"{c.name} := t.{c.name}" for c in batch.form.columns)
    why = "f.cell, f.column, f.value, f.code, f.message_zh, f.message_en, f.mend_zh, f.mend_en"
    return con.execute(f"""
        with refusal as (
            select f.* from finding as f
            where f.severity = '{Severity.REJECT}' and f.outcome = 'broken'
            qualify row_number() over (
                partition by f.submission order by f.code, f.cell, f."column"
            ) = 1
        ),
        reason as (
            select f.* from finding as f
            semi join hold as h
                on f.submission = h.submission and f.severity = h.severity
            where f.outcome = 'broken' and f.row is not null
        ),
        held as (
            select
                h.submission, h.sheet, h.row, h._rid,
                to_json(struct_pack({cells}))::varchar as data
            from held_place as h inner join held_text as t on h._rid = t._rid
        )
        select h.submission, h.sheet, h.row, {why}, h.data
        from held as h
        inner join reason as f
            on h.submission = f.submission and h.sheet is not distinct from f.sheet
            and h.row = f.row
        union all
        select h.submission, h.sheet, h.row, {why}, h.data
        from held as h
        anti join reason as r
            on h.submission = r.submission and h.sheet is not distinct from r.sheet
            and h.row = r.row
        left join refusal as f on h.submission = f.submission
        union all
        select u.submission, u.sheet, u.row, {why}, u.data
        from unread as u left join refusal as f on u.submission = f.submission
        order by all
    """).to_arrow_table()
