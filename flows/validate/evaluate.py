"""A form's own checks, evaluated in SQL: one small integer for each row (or submission) and check.

In: `typed`, `problem`, `summary`, `sent`, `place`, `heading`, `submitted` in a scratch database.
Out, there: `row_outcome` and `form_outcome` (`key`, `submission`, then `c0`, `c1`, …),
`outcome_count`, and rows of `finding`. Words are made only for what breaks a rule, so that a
million good rows cost one pass.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from flows.forms.form import Form
from flows.model.errors import CatalogueError
from flows.validate.checks import BROKEN, HOLDS, UNCHECKED, Check, write_out
from flows.validate.findings import PLACES, insert_findings, insert_unchecked, list_cells_sql
from flows.warehouse.sql_text import quote


def evaluate(
    con: duckdb.DuckDBPyConnection, checks: list[Check], relation: str, key: str, into: str
) -> None:
    """Make the table `into` from `relation`: its key and a column of outcomes for each check.

    Raises CatalogueError naming the rule that DuckDB cannot evaluate.
    """
    listed = {code for (code,) in con.execute("select distinct code from problem").fetchall()}
    columns = [
        f"{_outcome_sql(check, listed)}::tinyint as c{number}"
        for number, check in enumerate(checks)
    ]
    try:
        con.execute(f"""
            create temp table {into} as
            select {", ".join([f"{key} as key", "submission", *columns])}
            from {relation}
        """)
    except duckdb.Error as error:
        raise CatalogueError(_name_culprit(con, checks, columns, relation)) from error


def _name_culprit(
    con: duckdb.DuckDBPyConnection, checks: list[Check], columns: list[str], relation: str
) -> str:
    """The message about the first rule that DuckDB cannot evaluate."""
    for check, column in zip(checks, columns, strict=True):
        try:
            con.execute(f"select {column} from {relation}")
        except duckdb.Error as error:
            return f"rule {check.code} cannot be evaluated, mend its declaration: {error}"
    return "the rules cannot be evaluated together"


def _outcome_sql(check: Check, listed: set[str]) -> str:
    """The rule's expression as an outcome, with the names that its `show` defines written out."""
    if not check.good:
        if check.code not in listed:
            return str(HOLDS)
        rows = f"select p._rid from problem as p where p.code = {quote(check.code)}"
        return f"if(_rid in ({rows}), {BROKEN}, {HOLDS})"
    return f"coalesce(({write_out(check.good, check.show)})::tinyint, {UNCHECKED})"


def count_outcomes(con: duckdb.DuckDBPyConnection, relation: str, checks: list[Check]) -> None:
    """Add to `outcome_count` how often each check held in each submission, broke, was unchecked.

    `positions` sums the places, from 0, of the broken rows. Together with their number it is what
    Great Expectations' list of rows has to agree with.
    """
    con.execute("""
        create temp table if not exists outcome_count (
            relation varchar, number integer, submission varchar, code varchar, check_name varchar,
            holds bigint, broken bigint, unchecked bigint, positions bigint
        )
    """)
    if not checks:
        return
    named = ", ".join(f"({n}, {quote(c.code)}, {quote(c.name)})" for n, c in enumerate(checks))
    con.execute(f"""
        insert into outcome_count
        with subject as (select submission, count(*) as rows from {relation} group by submission),
        failed as ({_count_failed(con, relation, len(checks))})
        select
            '{relation}', k.number, s.submission, k.code, k.name,
            s.rows - coalesce(f.broken, 0) - coalesce(f.unchecked, 0),
            coalesce(f.broken, 0), coalesce(f.unchecked, 0), coalesce(f.positions, 0)
        from subject as s
        cross join (values {named}) as k (number, code, name)
        left join failed as f on s.submission = f.submission and k.number = f.number
    """)


def _count_failed(con: duckdb.DuckDBPyConnection, relation: str, checks: int) -> str:
    """SQL that counts broken and unchecked outcomes; a check that holds throughout is left out."""
    spans = ", ".join(f"min(c{n}), max(c{n})" for n in range(checks))
    bounds = con.execute(f"select {spans} from {relation}").fetchone() or ()
    failed = [n for n in range(checks) if bounds[2 * n] == BROKEN or bounds[2 * n + 1] == UNCHECKED]
    if not failed:
        return """
            select
                0 as number, '' as submission, 0 as broken, 0 as unchecked, 0 as positions
            where false
        """
    return " union all ".join(
        f"""
        select
            {n} as number, submission,
            count(*) filter (where c{n} = {BROKEN}) as broken,
            count(*) filter (where c{n} = {UNCHECKED}) as unchecked,
            coalesce(sum(rowid) filter (where c{n} = {BROKEN}), 0)::bigint as positions
        from {relation}
        where c{n} in ({BROKEN}, {UNCHECKED})
        group by submission
        """
        for n in failed
    )


def state_row_findings(
    con: duckdb.DuckDBPyConnection, form: Form, sent: pa.Table, checks: list[Check]
) -> None:
    """Add to `finding` each broken outcome of a row, and one a submission and unchecked rule."""
    broken = " or ".join(f"c{n} = {BROKEN}" for n in range(len(checks)))
    con.execute(f"create temp table failing as select * from row_outcome where {broken}")
    con.execute("""
        create temp table typed_failing as
        select t.* from typed as t where t._rid in (select f.key from failing as f)
    """)
    _register_sent(con, sent, "select key from failing order by key")
    _state_findings(con, form, checks, "row_outcome")


def state_form_findings(
    con: duckdb.DuckDBPyConnection, form: Form, sent: pa.Table, checks: list[Check]
) -> None:
    """The same of the rules of the whole form, each at the first row of its line."""
    places = [place for c in checks for place in ((c.line, c.field), *c.further)]
    lines = sorted({quote(line) for line, _ in places if line})
    con.execute(
        f"""
        create temp table line_row as
        select
            t.submission, t.indicator, min(t._rid) as _rid,
            arg_min(t._block, t._rid) as _block, arg_min(t._row, t._rid) as _row
        from typed as t
        where t.indicator in ({", ".join(lines)})
        group by t.submission, t.indicator
        """
        if lines
        else """
        create temp table line_row as
        select
            '' as submission, '' as indicator, 0::bigint as _rid, 0 as _block, 0 as _row
        where false
    """
    )
    _register_sent(con, sent, "select _rid from line_row order by _rid")
    _state_findings(con, form, checks, "form_outcome")


def _register_sent(con: duckdb.DuckDBPyConnection, sent: pa.Table, rids: str) -> None:
    """Register `sent_failing`: the text of the rows that findings point at.

    `_rid` is the place of the row: taking it is a hundredth of a join over every column.
    """
    con.register("sent_failing", sent.take(con.execute(rids).to_arrow_table()[0]))


def _state_findings(
    con: duckdb.DuckDBPyConnection, form: Form, checks: list[Check], relation: str
) -> None:
    counts = con.execute(
        """
        select number, sum(broken), sum(unchecked)
        from outcome_count
        where relation = ? and broken + unchecked > 0
        group by number
        order by number
        """,
        [relation],
    ).fetchall()
    for number, broken, unchecked in counts:
        check = checks[number]
        if broken:
            subject = _broken_submissions if check.per_submission else _broken_rows
            alias = "summary" if check.per_submission else "typed"
            insert_findings(con, [form], check, subject(form, check, number), alias, PLACES)
        if unchecked:
            insert_unchecked(con, check, relation, number)


def _broken_rows(form: Form, check: Check, number: int) -> str:
    """A query for the rows that break a check, with what its words may name."""
    values = "y.* exclude (_rid, _block, _row, submission, zone, period)"
    field, problems = quote(check.field or ""), ""
    if not check.good:
        values += """,
            m.problem_zh, m.problem_en, m.expected_zh, m.expected_en, m.expected, m.count, m.rows
        """
        problems = f"inner join problem as m on o.key = m._rid and m.code = {quote(check.code)}"
        field = "m.field"
    row_key = _row_key(form, check)
    joins = "".join(
        f"""
        left join heading as h{n} on t._block = h{n}._block and h{n}.field = {quote(part)}
        """
        for n, (_, part) in enumerate(check.further)
    )
    letters = ", ".join(f"h{n}.letter || t._row" for n in range(len(check.further)))
    further = f"nullif(concat_ws(', ', {letters}), '')" if letters else "null::varchar"
    return f"""
        select
            {values}, {_PLACE_COLUMNS}, {further} as _further_cells,
            {row_key} as row_key, {row_key} as _row_key, {field} as _field
        from failing as o
        inner join typed_failing as y on o.key = y._rid
        inner join sent_failing as t on o.key = t._rid
        inner join submitted as s on o.submission = s.submission
        left join place as p on t._block = p._block
        {joins}
        {problems}
        where o.c{number} = {BROKEN}
    """


def _broken_submissions(form: Form, check: Check, number: int) -> str:
    """A query for the submissions that break a rule of the whole form, with the row of its line."""
    row_key = _row_key(form, check)
    named = [f"({quote(line or '')}, {quote(part)})" for line, part in check.further]
    places = f"""
        select f._block, f._row, n.field
        from line_row as f
        inner join (values {", ".join(named)}) as n (line, field) on f.indicator = n.line
        where f.submission = o.key
    """
    further = list_cells_sql(places, "p.sheet") if named else "null::varchar"
    return f"""
        select
            y.* exclude (submission), {_PLACE_COLUMNS}, {further} as _further_cells,
            {row_key} as row_key, {row_key} as _row_key,
            nullif({quote(check.field or "")}, '') as _field
        from form_outcome as o
        inner join summary as y on o.key = y.submission
        inner join submitted as s on o.key = s.submission
        left join line_row as l
            on o.key = l.submission and l.indicator = {quote(check.line or "")}
        left join sent_failing as t on l._rid = t._rid
        left join place as p on t._block = p._block
        where o.c{number} = {BROKEN}
    """


# bare names for the words of a rule, the others for the finding
_PLACE_COLUMNS = (
    "s.submission, s.path, s.form, s.zone, s.period, p.sheet,"
    " p.sheet as _sheet, t._row, t._rid, t._block"
)


def _row_key(form: Form, check: Check) -> str:
    """What the row is about, as it was sent; a line that stands in no row is named by its title."""
    if check.line:
        title = next(i.title.zh for i in form.indicators if i.code == check.line)
        return f"coalesce(t.indicator, {quote(title)})"
    return " || ' · ' || ".join(f"coalesce(t.{part}, '…')" for part in form.key)
