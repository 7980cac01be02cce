"""Noun: outcomes. Checks evaluated in SQL, and what follows from them: rows held and findings.

In: `typed`, `problem`, `summary`, `sent`, `place`, `heading`, `submitted` in a scratch database.
Out, there: `row_outcome` and `form_outcome` (`key`, `submission`, then `c0`, `c1`, …: one small
integer a check), `held`, `outcome_count` and `finding` (with `_rid` beside the columns of
`findings.Finding`). Words are made only for the rows that break a rule, so that a million good rows
cost one pass.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from flows.forms.form import Form
from flows.model.errors import CatalogueError
from flows.model.finding import Severity
from flows.validate.checks import BROKEN, HOLDS, UNCHECKED, Check, words_to_sql, write_out
from flows.warehouse.sql_text import quote

_PLACES = {"value": "sent_value", "heading": "heading_text"}


def evaluate(
    con: duckdb.DuckDBPyConnection, checks: list[Check], relation: str, key: str, into: str
) -> None:
    """One pass over `relation` gives `into`: a column of outcomes a check, in the order given."""
    listed = {code for (code,) in con.execute("select distinct code from problem").fetchall()}
    columns = [
        f"{_outcome_sql(check, listed)}::tinyint as c{number}"
        for number, check in enumerate(checks)
    ]
    try:
        con.execute(
            f"create temp table {into} as select {', '.join([f'{key} as key', 'submission', *columns])} from {relation}"
        )
    except duckdb.Error as error:
        raise CatalogueError(_name_culprit(con, checks, columns, relation)) from error


def _name_culprit(
    con: duckdb.DuckDBPyConnection, checks: list[Check], columns: list[str], relation: str
) -> str:
    """Which rule it is that DuckDB cannot evaluate."""
    for check, column in zip(checks, columns, strict=True):
        try:
            con.execute(f"select {column} from {relation}")
        except duckdb.Error as error:
            return f"rule {check.code} cannot be evaluated, mend its declaration: {error}"
    return "the rules cannot be evaluated together"


def _outcome_sql(check: Check, listed: set[str]) -> str:
    """The rule's expression as an outcome, with the names that its `show` defines written out."""
    if not check.good:
        among = f"select p._rid from problem as p where p.code = {quote(check.code)}"
        return f"if(_rid in ({among}), {BROKEN}, {HOLDS})" if check.code in listed else str(HOLDS)
    return f"coalesce(({write_out(check.good, check.show)})::tinyint, {UNCHECKED})"


def hold_rows(con: duckdb.DuckDBPyConnection, checks: list[Check]) -> None:
    """`held`: the rows that break a rule of severity quarantine or worse."""
    hard = [
        f"c{n} = {BROKEN}"
        for n, c in enumerate(checks)
        if c.severity in (Severity.QUARANTINE, Severity.REJECT)
    ]
    con.execute(
        f"create temp table held as select key as _rid from row_outcome where {' or '.join(hard) or 'false'}"
    )


def count_outcomes(con: duckdb.DuckDBPyConnection, relation: str, checks: list[Check]) -> None:
    """Add to `outcome_count` a row a submission and check: holds, broken, unchecked, `positions`.

    `positions` sums the places, from 0, of the broken rows: with their number, the fingerprint that
    Great Expectations' list of rows has to match. A rule that holds throughout costs no second
    look.
    """
    con.execute(
        "create temp table if not exists outcome_count (relation varchar, number integer, submission varchar, code varchar,"
        " check_name varchar, holds bigint, broken bigint, unchecked bigint, positions bigint)"
    )
    if not checks:
        return
    spans = (
        con.execute(
            f"select {', '.join(f'min(c{n}), max(c{n})' for n in range(len(checks)))} from {relation}"
        ).fetchone()
        or ()
    )
    doubtful = [
        n for n in range(len(checks)) if spans[2 * n] == BROKEN or spans[2 * n + 1] == UNCHECKED
    ]
    aside = " union all ".join(
        f"select {n} as number, submission, count(*) filter (where c{n} = {BROKEN}) as broken,"
        f" count(*) filter (where c{n} = {UNCHECKED}) as unchecked,"
        f" coalesce(sum(rowid) filter (where c{n} = {BROKEN}), 0)::bigint as positions"
        f" from {relation} where c{n} in ({BROKEN}, {UNCHECKED}) group by submission"
        for n in doubtful
    )
    named = ", ".join(f"({n}, {quote(c.code)}, {quote(c.name)})" for n, c in enumerate(checks))
    con.execute(f"""
        insert into outcome_count
        with subject as (select submission, count(*) as rows from {relation} group by submission),
        aside as ({aside or "select 0 as number, '' as submission, 0 as broken, 0 as unchecked, 0 as positions where false"})
        select
            '{relation}', k.number, s.submission, k.code, k.name, s.rows - coalesce(a.broken, 0) - coalesce(a.unchecked, 0),
            coalesce(a.broken, 0), coalesce(a.unchecked, 0), coalesce(a.positions, 0)
        from subject as s cross join (values {named}) as k (number, code, name)
        left join aside as a on s.submission = a.submission and k.number = a.number
    """)


def state_findings(
    con: duckdb.DuckDBPyConnection,
    form: Form,
    sent: pa.Table,
    by_row: list[Check],
    by_submission: list[Check],
) -> None:
    """`finding`: a sentence for each broken outcome, and one a submission for what a rule left
    unchecked.
    """
    _gather_failing(con, sent, len(by_row))
    for checks, relation in ((by_row, "row_outcome"), (by_submission, "form_outcome")):
        counts = con.execute(
            "select number, sum(broken), sum(unchecked) from outcome_count"
            " where relation = ? and broken + unchecked > 0 group by number order by number",
            [relation],
        ).fetchall()
        for number, broken, unchecked in counts:
            if broken:
                con.execute(_broken_sql(form, checks[number], number))
            if unchecked:
                con.execute(_unchecked_sql(checks[number], number))


def _gather_failing(con: duckdb.DuckDBPyConnection, sent: pa.Table, checks: int) -> None:
    """The rows that break any rule, few beside the rest: their outcomes, typed values and text."""
    broken = " or ".join(f"c{n} = {BROKEN}" for n in range(checks))
    con.execute(f"create temp table failing as select * from row_outcome where {broken}")
    con.execute(
        "create temp table typed_failing as select t.* from typed as t where t._rid in (select f.key from failing as f)"
    )
    # `_rid` is the place of the row: taking it is a hundredth of a join over every column
    con.register(
        "sent_failing",
        sent.take(con.execute("select key from failing order by key").to_arrow_table()["key"]),
    )


def _broken_sql(form: Form, check: Check, number: int) -> str:
    """A finding for each broken outcome of a check, with the cell it points at and its words filled
    in.
    """
    words = [
        f"{words_to_sql(getattr(text, lang), check.show, _PLACES)} as {name}_{lang}"
        for name, text in (
            ("message", check.words.message),
            ("rule", check.words.title),
            ("mend", check.words.mend),
        )
        for lang in ("zh", "en")
    ]
    row_key = " || ' · ' || ".join(f"coalesce(t.{part}, '…')" for part in form.key)
    if check.line:  # a line that stands in no row is known by its title
        row_key = f"coalesce(t.indicator, {quote(next(i.title.zh for i in form.indicators if i.code == check.line))})"
    known, source, field = _of_submission(check) if check.per_submission else _of_row(check)
    subject = "summary" if check.per_submission else "typed"
    return f"""
        insert into finding by name
        with broken as (
            select
                {known}, s.submission, s.path, s.form, s.zone, s.period, p.sheet, t._row, t._rid,
                {field} as _field, h.letter, h.text as heading_sent, {row_key} as row_key,
                case {field} {" ".join(f"when '{c.name}' then t.{c.name}" for c in form.columns)} end as sent_value,
                coalesce(h.text, case {field} {" ".join(f"when '{c.name}' then {quote(c.title.zh)}" for c in form.columns)} end)
                    as heading_text
            from {source}
            left join place as p on t._block = p._block
            left join heading as h on t._block = h._block and h.field = {field}
            where o.c{number} = {BROKEN}
        )
        select
            {subject}.submission, path, form, zone, period, {quote(check.code)} as code, {quote(check.severity)} as severity,
            {quote(check.stage)} as stage, 'broken' as outcome, sheet, _row as row, letter || _row as cell,
            _field as column, heading_sent as heading, row_key, sent_value as value, {", ".join(words)}, _rid
        from broken as {subject}
        order by _rid, letter
    """


def _of_row(check: Check) -> tuple[str, str, str]:
    """What the words of a row's finding may name, where it comes from, and the field it points at."""
    known = "y.* exclude (_rid, _block, _row, submission, zone, period)"
    source = """
        failing as o inner join typed_failing as y on o.key = y._rid
        inner join sent_failing as t on o.key = t._rid
        inner join submitted as s on o.submission = s.submission"""
    if check.good:
        return known, source, quote(check.field or "")
    known += (
        ", m.problem_zh, m.problem_en, m.expected_zh, m.expected_en, m.expected, m.count, m.rows"
    )
    return (
        known,
        f"{source} inner join problem as m on o.key = m._rid and m.code = {quote(check.code)}",
        "m.field",
    )


def _of_submission(check: Check) -> tuple[str, str, str]:
    """The same for a rule of the whole form: its cell is that of the line it is about."""
    line = f"(select min(a._rid) from typed as a where a.submission = o.key and a.indicator = {quote(check.line or '')})"
    source = f"""
        form_outcome as o inner join summary as y on o.key = y.submission
        inner join submitted as s on o.key = s.submission
        left join sent as t on t._rid = {line if check.line else "null::bigint"}"""
    return "y.* exclude (submission)", source, f"nullif({quote(check.field or '')}, '')"


def _unchecked_sql(check: Check, number: int) -> str:
    """One finding a submission: how often the rule could not be checked."""
    title = check.words.title
    relation = "form_outcome" if check.per_submission else "row_outcome"
    return f"""
        insert into finding by name
        select
            s.submission, s.path, s.form, s.zone, s.period, {quote(check.code)} as code, '{Severity.NOTE}' as severity,
            {quote(check.stage)} as stage, 'unchecked' as outcome, {quote(check.field or "")} as column,
            {quote(f"“{title.zh}”未能核验，因为所需的数值缺失或未入库（")} || o.unchecked || ' 处）' as message_zh,
            {quote(f"“{title.en}” could not be checked, because a value it needs is missing or held (")}
            || o.unchecked || ')' as message_en,
            {quote(title.zh)} as rule_zh, {quote(title.en)} as rule_en,
            '补报或改正所缺的数值后即可核验' as mend_zh, 'report or mend the value and it will be checked' as mend_en
        from outcome_count as o inner join submitted as s on o.submission = s.submission
        where o.relation = '{relation}' and o.number = {number} and o.unchecked > 0
    """
