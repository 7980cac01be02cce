"""Noun: outcomes. Checks evaluated in SQL, and what follows from them: rows held and findings.

In: `typed`, `summary`, `sent`, `place`, `heading`, `submitted` in a scratch database. Out, there:
`row_outcome` and `form_outcome` (`key`, then `c0`, `c1`, …: one small integer a check), `held`
and `finding` (with `_rid` beside the columns of `findings.Finding`).
"""

from __future__ import annotations

import re

import duckdb

from flows.findings import Severity
from flows.forms import Form
from flows.rules import BROKEN, UNCHECKED, Check, quote, words_to_sql

_PLACES = {"value": "sent_value", "heading": "heading_text"}


def evaluate(con: duckdb.DuckDBPyConnection, checks: list[Check], relation: str, key: str, into: str) -> None:
    """One pass over `relation` gives `into`: a column of outcomes a check, in the order given."""
    columns = [f"coalesce(({_expand(c)})::tinyint, {UNCHECKED})::tinyint as c{n}" for n, c in enumerate(checks)]
    con.execute(f"create temp table {into} as select {', '.join([f'{key} as key', *columns])} from {relation}")


def _expand(check: Check) -> str:
    """The rule's expression, with the names that its `show` defines written out."""
    good = check.good
    for name, sql in check.show.items():
        good = re.sub(rf"\b{name}\b", f"({sql})", good)
    return good


def hold_rows(con: duckdb.DuckDBPyConnection, checks: list[Check]) -> None:
    """`held`: the rows that break a rule of severity quarantine or worse."""
    hard = [f"c{n} = {BROKEN}" for n, c in enumerate(checks) if c.severity in (Severity.QUARANTINE, Severity.REJECT)]
    con.execute(f"create temp table held as select key as _rid from row_outcome where {' or '.join(hard) or 'false'}")


def count_outcomes(con: duckdb.DuckDBPyConnection, relation: str, checks: list[Check]) -> list[tuple[int, int, int]]:
    """For each check: rows broken, the sum of their positions from 0, rows unchecked; counted by DuckDB."""
    if not checks:
        return []
    columns = ", ".join(
        f"count(*) filter (where c{n} = {BROKEN}), coalesce(sum(rowid) filter (where c{n} = {BROKEN}), 0)::bigint,"
        f" count(*) filter (where c{n} = {UNCHECKED})"
        for n in range(len(checks))
    )
    flat = con.execute(f"select {columns} from {relation}").fetchone() or ()
    return [tuple(flat[n : n + 3]) for n in range(0, len(flat), 3)]


def state_findings(con: duckdb.DuckDBPyConnection, form: Form, by_row: list[Check], by_submission: list[Check]) -> None:
    """`finding`: a sentence for each broken outcome, and one a submission for what a rule left unchecked."""
    for checks, relation in ((by_row, "row_outcome"), (by_submission, "form_outcome")):
        for number, (check, counts) in enumerate(zip(checks, count_outcomes(con, relation, checks), strict=True)):
            if counts[0]:
                con.execute(_broken_sql(form, check, number))
            if counts[2]:
                con.execute(_unchecked_sql(check, number))


def _broken_sql(form: Form, check: Check, number: int) -> str:
    """A finding for each broken outcome of a check, with the cell it points at and its words filled in."""
    show = _PLACES | check.show
    words = [
        f"{words_to_sql(getattr(text, lang), show)} as {name}_{lang}"
        for name, text in (("message", check.words.message), ("rule", check.words.title), ("mend", check.words.mend))
        for lang in ("zh", "en")
    ]
    target = quote(check.field) if check.field else "null"
    is_column = check.field in [c.name for c in form.columns]
    if check.per_submission:
        subject, known = "summary", "summary.* exclude (submission)"
        line = f"(select min(a._rid) from typed as a where a.submission = o.key and a.indicator = {quote(check.line or '')})"
        source = f"""
            form_outcome as o inner join summary on o.key = summary.submission
            inner join submitted as s on o.key = s.submission
            left join sent as t on t._rid = {line if check.line else "null::bigint"}
            left join place as p on t._block = p._block"""
    else:
        subject = "typed"
        known = "typed.* exclude (_rid, _block, _row, submission, zone, period)"
        source = """
            row_outcome as o inner join typed on o.key = typed._rid
            inner join sent as t on o.key = t._rid
            inner join place as p on t._block = p._block
            inner join submitted as s on p.submission = s.submission"""
    return f"""
        insert into finding by name
        with broken as (
            select
                {known}, s.submission, s.path, s.form, s.zone, s.period, p.sheet, t._row, t._rid,
                h.letter, h.text as heading_text, {_row_key(form)} as row_key,
                {f"t.{check.field}" if is_column else "null::varchar"} as sent_value
            from {source}
            left join heading as h on t._block = h._block and h.field = {target}
            where o.c{number} = {BROKEN}
        )
        select
            {subject}.submission, path, form, zone, period, {quote(check.code)} as code, {quote(check.severity)} as severity,
            {quote(check.stage)} as stage, 'broken' as outcome, sheet, _row as row, letter || _row as cell,
            {target} as column, heading_text as heading, row_key, sent_value as value,
            {", ".join(words)}, _rid
        from broken as {subject}
        order by _rid
    """


def _row_key(form: Form) -> str:
    """The words by which a person knows the row: the line, or the parts of the key."""
    return " || ' · ' || ".join(f"coalesce(t.{part}, '…')" for part in form.key)


def _unchecked_sql(check: Check, number: int) -> str:
    """One finding a submission: how often the rule could not be checked."""
    if check.per_submission:
        source = "form_outcome as o inner join submitted as s on o.key = s.submission"
    else:
        source = "row_outcome as o inner join typed as y on o.key = y._rid inner join submitted as s on y.submission = s.submission"
    title = check.words.title
    return f"""
        insert into finding by name
        select
            s.submission, s.path, s.form, s.zone, s.period, {quote(check.code)} as code, '{Severity.NOTE}' as severity,
            {quote(check.stage)} as stage, 'unchecked' as outcome, {quote(check.field or "")} as column,
            {quote(f"“{title.zh}”未能核验，因为所需的数值没有报（")} || count(*) || ' 处）' as message_zh,
            {quote(f"“{title.en}” could not be checked, because a value it needs is missing (")} || count(*) || ')' as message_en,
            {quote(title.zh)} as rule_zh, {quote(title.en)} as rule_en,
            '补报所缺的数值后即可核验' as mend_zh, 'report the missing value and it will be checked' as mend_en
        from {source}
        where o.c{number} = {UNCHECKED}
        group by s.submission, s.path, s.form, s.zone, s.period
    """
