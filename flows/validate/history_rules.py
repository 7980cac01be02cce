"""Noun: a comparison, a rule across submissions: other forms of the quarter, earlier quarters,
other
zones.

In: `sql/rules/<code>.sql`, one file a rule: its header has the grade and the words, its body
    selects a
row for each thing that is checked. Out, in a scratch database with `known`: `outcome_<n>` (a row
a subject, one small integer) and `broken_<n>` (what the words of a broken one need).

A comparison selects `submission`, `sheet`, `source_row`, `field` (the cell pointed at; NULL where
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

from flows import SQL_DIR
from flows.forms.common_rules import Words
from flows.forms.fingerprint import applies_to
from flows.forms.form import Form
from flows.forms.words import Text
from flows.model.errors import CatalogueError
from flows.model.finding import Severity, Stage
from flows.validate.checks import BROKEN, HOLDS, UNCHECKED, Check, words_to_sql
from flows.validate.history import find_emptied, forget_rows, forget_submissions, look_at

NOT_ASKED = 3  # fills a column of outcomes up to the length of the longest
RULES_DIR = SQL_DIR / "rules"
_HEADER = re.compile(
    r"^-- (code|stage|severity|forms|subject|source|reads|version|(?:title|message|mend) (?:zh|en)): (.+)$",
    re.M,
)
_MUST = ("code", "stage", "severity", "forms", "subject", "source", "reads", "version")
SUBJECTS = ("figure", "row", "submission")


@dataclass(frozen=True)
class Comparison:
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
def load_comparisons(folder: Path = RULES_DIR) -> tuple[Comparison, ...]:
    """Every rule of `sql/rules/`. Raises CatalogueError where a header lacks a part or does not fit
    the file's name.
    """
    return tuple(
        _open_comparison(path, number) for number, path in enumerate(sorted(folder.glob("*.sql")))
    )


def _open_comparison(path: Path, number: int) -> Comparison:
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
    return Comparison(
        check, number, forms, header["subject"], header["version"], sql.strip().removesuffix(";")
    )


def evaluate_comparisons(con: duckdb.DuckDBPyConnection, comparisons: Sequence[Comparison]) -> None:
    """Ask every rule. Those that hold something back come first, by order of receipt within a form
    and
    zone.

    So a figure that is held is not among those that later ones are compared with, whether the
    quarters come one by one or all in one run.
    """
    hard = [c for c in comparisons if c.check.severity in (Severity.REJECT, Severity.QUARANTINE)]
    for comparison in comparisons:
        con.execute(
            f"create temp table outcome_{comparison.number} (submission varchar, outcome tinyint)"
        )
    for wave in _waves(con):
        look_at(con, wave)
        for comparison in hard:
            _ask(con, comparison)
            _forget(con, comparison)
    look_at(
        con, [s for (s,) in con.execute("select distinct seen_by from known.standing").fetchall()]
    )
    for comparison in comparisons:
        if comparison not in hard:
            _ask(con, comparison)


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


def _ask(con: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    """Add to a rule's outcomes, and keep the rows that break it; the words of the others are not
    made.
    """
    n = comparison.number
    asked = f"({comparison.sql}) as r inner join known.focus as f on r.submission = f.submission{_among(comparison)}"
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
            f"rule {comparison.check.code} cannot be evaluated, mend sql/rules/: {error}"
        ) from error


def _among(comparison: Comparison) -> str:
    """Only submissions of the forms that the rule is for."""
    named = ", ".join(f"'{f}'" for f in comparison.forms)
    among = f"select a.submission from known.arrival as a where a.form in ({named}) or a.kind in ({named})"
    return f" semi join ({among}) as k on r.submission = k.submission"


def _forget(con: duckdb.DuckDBPyConnection, comparison: Comparison) -> None:
    """What a rule holds back is not known any more."""
    broken = f"broken_{comparison.number}"
    if not con.execute(f"select 1 from {broken} limit 1").fetchone():
        return
    if comparison.check.severity == Severity.REJECT:
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


def outcomes_of(con: duckdb.DuckDBPyConnection, comparison: Comparison) -> tuple[int, int, int]:
    """How many subjects there are, how many are broken, and the sum of their places from 0."""
    asked = f"select count(*), count(*) filter (where outcome = {BROKEN}), coalesce(sum(rowid) filter (where outcome = {BROKEN}), 0)"
    rows, broken, positions = con.execute(
        f"{asked} from outcome_{comparison.number}"
    ).fetchone() or (0, 0, 0)
    return rows, broken, int(positions)


def results_sql(comparisons: Iterable[Comparison]) -> str:
    """Outcomes counted by submission and rule, for `ledger.result`."""
    parts = [
        f"select o.submission, '{c.check.code}' as code, '{c.check.name}' as check_name,"
        f" count(*) filter (where o.outcome = {HOLDS}) as holds,"
        f" count(*) filter (where o.outcome = {BROKEN}) as broken, count(*) filter (where o.outcome = {UNCHECKED}) as unchecked"
        f" from outcome_{c.number} as o group by o.submission"
        for c in comparisons
    ]
    return " union all by name ".join(parts)


def broken_sql(comparison: Comparison, form: Form) -> str:
    """The findings of a broken rule in a form's batch: its words filled in, and the cell it points
    at.
    """
    check = comparison.check
    words = [
        f"{words_to_sql(getattr(text, lang), {}, {})} as {name}_{lang}"
        for name, text in (
            ("message", check.words.message),
            ("rule", check.words.title),
            ("mend", check.words.mend),
        )
        for lang in ("zh", "en")
    ]
    sent = " ".join(f"when '{c.name}' then t.{c.name}" for c in form.columns)
    return f"""
        with broken as (
            select
                b.*, s.path as _path, s.form as _form, s.zone as _zone, s.period as _period,
                h.letter as _letter, h.text as _heading, case b.field {sent} end as _value
            from broken_{comparison.number} as b
            inner join submitted as s on b.submission = s.submission
            left join located as t
                on b.submission = t.submission and b.sheet is not distinct from t.sheet and b.source_row = t._row
            left join heading as h on t._block = h._block and b.field = h.field
        )
        select
            broken.submission, _path as path, _form as form, _zone as zone, _period as period, '{check.code}' as code,
            '{check.severity}' as severity, '{check.stage}' as stage, 'broken' as outcome, broken.sheet,
            broken.source_row::integer as row, _letter || broken.source_row as cell, broken.field::varchar as column,
            _heading as heading, broken.row_key::varchar as row_key, _value as value, {", ".join(words)}
        from broken
        order by broken.submission, broken.source_row, broken.field
    """
