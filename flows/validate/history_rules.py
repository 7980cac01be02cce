"""Noun: a rule, a rule across submissions: other forms of the quarter, earlier quarters,
other
zones.

In: `sql/rules/<code>.sql`, one file a rule: its header has the grade and the words, its body
    selects a
row for each thing that is checked. Out, in a scratch database with `known`: `outcome_<n>` (a row
a subject, one small integer) and `broken_<n>` (what the words of a broken one need).

A rule selects `submission`, `sheet`, `source_row`, `field` (the cell pointed at; NULL where
it is about the whole submission), `row_key`, `holds` (true, false, NULL where it cannot be
checked), then what the braces of its words name.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from flows import SQL_DIR
from flows.forms.common_rules import Words
from flows.forms.fingerprint import applies_to
from flows.forms.form import Form
from flows.forms.words import Text
from flows.model.arrow_files import open_table
from flows.model.errors import CatalogueError
from flows.model.finding import Severity, Stage, findings_table
from flows.model.submission import Reading
from flows.validate.batch import FormBatch
from flows.validate.cast import register_places
from flows.validate.checks import BROKEN, HOLDS, UNCHECKED, Check
from flows.validate.findings import insert_findings
from flows.validate.history import find_emptied, forget_rows, forget_submissions, look_at

NOT_ASKED = 3  # fills a column of outcomes up to the length of the longest
RULES_DIR = SQL_DIR / "rules"
_HEADER = re.compile(
    r"^-- (code|stage|severity|forms|subject|source|reads|version|(?:title|message|mend) (?:zh|en)): (.+)$",
    re.M,
)
_MUST = ("code", "stage", "severity", "forms", "subject", "source", "reads", "version")
SUBJECTS = ("figure", "row", "submission")
RESULT_SCHEMA = pa.schema(
    [
        ("submission", pa.string()),
        ("code", pa.string()),
        ("check_name", pa.string()),
        ("holds", pa.int64()),
        ("broken", pa.int64()),
        ("unchecked", pa.int64()),
    ]
)


@dataclass(frozen=True)
class HistoryRule:
    """One rule across submissions. `check` has its code, grade and words, as every other rule has
    them.
    """

    check: Check
    number: int
    forms: tuple[str, ...]  # `indicator`, `register`, or codes of forms
    subject: str  # what a row of it is about
    version: str
    sql: str

    def asks(self, form: Form) -> bool:
        """Whether submissions of a form are asked it."""
        return applies_to(self.forms, form.code, form.kind)


@functools.cache
def load_history_rules(folder: Path = RULES_DIR) -> tuple[HistoryRule, ...]:
    """Every rule of `sql/rules/`. Raises CatalogueError where a header lacks a part or does not fit
    the file's name.
    """
    return tuple(
        _open_history_rule(path, number) for number, path in enumerate(sorted(folder.glob("*.sql")))
    )


def _open_history_rule(path: Path, number: int) -> HistoryRule:
    sql = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(sql))
    spoken = [f"{part} {lang}" for part in ("title", "message", "mend") for lang in ("zh", "en")]
    if missing := [part for part in (*_MUST, *spoken) if part not in header]:
        raise CatalogueError(f"{path}: its header lacks {', '.join(missing)}")
    if header["code"].lower().replace("-", "_") != path.stem:
        raise CatalogueError(
            f"{path}: the rule's code is “{header['code']}”; name the file {header['code'].lower().replace('-', '_')}.sql"
        )
    if (
        header["subject"] not in SUBJECTS
        or header["stage"] not in set(Stage)
        or header["severity"] not in set(Severity)
    ):
        raise CatalogueError(f"{path}: subject, stage or severity is none of those there are")
    texts = {
        part: Text(zh=header[f"{part} zh"], en=header[f"{part} en"])
        for part in ("title", "message", "mend")
    }
    stage, severity = Stage(header["stage"]), Severity(header["severity"])
    words = Words(stage=stage, severity=severity, **texts)
    check = Check(header["code"], stage, severity, sql, words, source=header["source"])
    forms = tuple(f.strip() for f in header["forms"].split(","))
    return HistoryRule(
        check, number, forms, header["subject"], header["version"], sql.strip().removesuffix(";")
    )


def evaluate_history_rules(con: duckdb.DuckDBPyConnection, rules: Sequence[HistoryRule]) -> None:
    """Ask every rule. Those that hold something back come first, by order of receipt within a form
    and
    zone.

    So a figure that is held is not among those that later ones are compared with, whether the
    quarters come one by one or all in one run.
    """
    hard = [c for c in rules if c.check.severity in (Severity.REJECT, Severity.QUARANTINE)]
    for rule in rules:
        con.execute(
            f"create temp table outcome_{rule.number} (submission varchar, outcome tinyint)"
        )
    for wave in _waves(con):
        look_at(con, wave)
        for rule in hard:
            _ask(con, rule)
            _forget(con, rule)
    look_at(
        con, [s for (s,) in con.execute("select distinct seen_by from known.standing").fetchall()]
    )
    for rule in rules:
        if rule not in hard:
            _ask(con, rule)


def _waves(con: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """The new submissions in groups, each after those of its form and zone that came before."""
    rows = con.execute("""
        select list(w.submission) from (
            select a.submission, row_number() over (
                partition by a.form, a.zone order by a.received_at, a.period, a.revision, a.submission
            ) as wave
            from known.arrival as a
        ) as w group by w.wave order by w.wave
    """).fetchall()
    return [submissions for (submissions,) in rows]


def _ask(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> None:
    """Add to a rule's outcomes, and keep the rows that break it; the words of the others are not
    made.
    """
    n = rule.number
    asked = f"({rule.sql}) as r inner join known.focus as f on r.submission = f.submission{_among(rule)}"
    try:
        con.execute(
            f"insert into outcome_{n} select r.submission, coalesce(r.holds::tinyint, {UNCHECKED}) from {asked}"
        )
        con.execute(
            f"create temp table if not exists broken_{n} as select r.* from {asked} where false"
        )
        if con.execute(f"select 1 from outcome_{n} where outcome = {BROKEN} limit 1").fetchone():
            con.execute(f"insert into broken_{n} select r.* from {asked} where not r.holds")
    except duckdb.Error as error:
        raise CatalogueError(
            f"rule {rule.check.code} cannot be evaluated, mend sql/rules/: {error}"
        ) from error


def _among(rule: HistoryRule) -> str:
    """Only submissions of the forms that the rule is for."""
    named = ", ".join(f"'{f}'" for f in rule.forms)
    among = f"select a.submission from known.arrival as a where a.form in ({named}) or a.kind in ({named})"
    return f" semi join ({among}) as k on r.submission = k.submission"


def _forget(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> None:
    """What a rule holds back is not known any more."""
    broken = f"broken_{rule.number}"
    if not con.execute(f"select 1 from {broken} limit 1").fetchone():
        return
    if rule.check.severity == Severity.REJECT:
        forget_submissions(
            con, [s for (s,) in con.execute(f"select distinct submission from {broken}").fetchall()]
        )
        return
    con.execute(
        f"create or replace temp table held_here as select submission, sheet, source_row from {broken}"
    )
    tables = f"""
        select distinct if(a.kind = 'register', '_' || a.form, 'figure')
        from {broken} as b inner join known.arrival as a on b.submission = a.submission
    """
    for (table,) in con.execute(tables).fetchall():
        forget_rows(con, f"known.{table}")
        if emptied := find_emptied(con, f"known.{table}"):
            forget_submissions(con, emptied)


def outcomes_of(con: duckdb.DuckDBPyConnection, rule: HistoryRule) -> tuple[int, int, int]:
    """How many subjects there are, how many are broken, and the sum of their places from 0."""
    asked = f"select count(*), count(*) filter (where outcome = {BROKEN}), coalesce(sum(rowid) filter (where outcome = {BROKEN}), 0)"
    rows, broken, positions = con.execute(f"{asked} from outcome_{rule.number}").fetchone() or (
        0,
        0,
        0,
    )
    return rows, broken, int(positions)


def results_sql(rules: Iterable[HistoryRule]) -> str:
    """Outcomes counted by submission and rule, for `ledger.result`."""
    parts = [
        f"select o.submission, '{c.check.code}' as code, '{c.check.name}' as check_name,"
        f" count(*) filter (where o.outcome = {HOLDS}) as holds,"
        f" count(*) filter (where o.outcome = {BROKEN}) as broken, count(*) filter (where o.outcome = {UNCHECKED}) as unchecked"
        f" from outcome_{c.number} as o group by o.submission"
        for c in rules
    ]
    return " union all by name ".join(parts)


def outcome_frame(con: duckdb.DuckDBPyConnection, rules: Sequence[HistoryRule]) -> pa.Table:
    """A column of outcomes a rule, each filled up to the length of the longest with NOT_ASKED."""
    columns = [
        con.execute(f"select outcome from outcome_{rule.number} order by rowid").fetchnumpy()
        for rule in rules
    ]
    length = max((len(column["outcome"]) for column in columns), default=0)
    frame = {}
    for rule, column in zip(rules, columns, strict=True):
        outcomes = np.full(length, NOT_ASKED, dtype=np.int8)
        outcomes[: len(column["outcome"])] = column["outcome"]
        frame[rule.check.name] = outcomes
    return pa.table(frame)


def state_history(
    con: duckdb.DuckDBPyConnection, batch: FormBatch, rules: Sequence[HistoryRule]
) -> tuple[pa.Table, pa.Table]:
    """What the rules found about a batch's submissions: its findings, and outcomes by submission."""
    asked = [rule for rule in rules if rule.asks(batch.form)]
    con.register("no_finding", findings_table([]))
    con.execute("create or replace temp table finding as from no_finding")
    if not asked:
        return findings_table([]), RESULT_SCHEMA.empty_table()
    register_places(con, Reading.open(batch.folder).blocks, batch.submissions)
    results = con.execute(f"""
        select r.* from ({results_sql(asked)}) as r
        semi join submitted as s on r.submission = s.submission
        order by r.submission, r.code
    """).to_arrow_table()
    broken = {row["code"] for row in results.to_pylist() if row["broken"]}
    failing = [rule for rule in asked if rule.check.code in broken]
    if failing:
        _gather_failing(con, batch, failing)
        for rule in failing:
            insert_findings(con, batch.form, rule.check, _broken_rows(rule), "broken", {})
    return con.execute("from finding").to_arrow_table(), results.cast(RESULT_SCHEMA)


def _gather_failing(
    con: duckdb.DuckDBPyConnection, batch: FormBatch, rules: Sequence[HistoryRule]
) -> None:
    """`located`: where the rows stand that the rules point at; `sent_failing`: their text."""
    sent = open_table(batch.folder / "text.arrow")
    con.register("sent_place", sent.select(["_rid", "_block", "_row"]))
    rows = " union ".join(
        f"select submission, sheet, source_row from broken_{rule.number}" for rule in rules
    )
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


def _broken_rows(rule: HistoryRule) -> str:
    """The rows that break a rule, and where they stand on the sheet."""
    return f"""
        select
            b.*, b.sheet as _sheet, b.source_row::integer as _row, b.field::varchar as _field,
            b.row_key::varchar as _row_key, l._rid, l._block
        from broken_{rule.number} as b
        left join located as l
            on b.submission = l.submission and b.sheet is not distinct from l.sheet
            and b.source_row = l._row
    """
