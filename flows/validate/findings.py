"""Findings from broken outcomes: the rule's words filled in, the cell named.

Every rule's findings are made here, those of a form and those across submissions. In, in a scratch
database: a subject query (what a rule found broken) and `submitted`, `place`, `heading` and
`sent_failing`, which say where its rows were sent. Out: rows of `finding`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

from flows.forms.form import Form
from flows.model.finding import Severity
from flows.validate.checks import Check, words_to_sql
from flows.warehouse.sql_text import quote

# the braces of words that name a place, and the columns that fill them
PLACES = {"value": "_value", "heading": "_heading_or_title"}


def insert_findings(
    con: duckdb.DuckDBPyConnection,
    forms: Sequence[Form],
    check: Check,
    subject: str,
    alias: str,
    places: Mapping[str, str],
) -> None:
    """Add a finding for each row of `subject` to `finding`.

    `forms` are those whose submissions may stand in it, and `sent_failing` has their columns.
    `subject` is a query that gives `submission`, `_rid` (of the row in `sent_failing`; NULL where
    the finding is about no row), `_block`, `_sheet`, `_row`, `_field`, `_row_key` and
    `_further_cells` (what else it is about, as in `Finding`), and beside them whatever the braces
    of the rule's words name. `alias` is the relation's name in these words, `places` gives the
    columns for braces that the subject does not have.
    """
    columns = sorted({column.name for form in forms for column in form.columns})
    sent = " ".join(f"when '{name}' then t.{name}" for name in columns)
    words = [
        f"{words_to_sql(getattr(text, lang), check.show, places)} as {name}_{lang}"
        for name, text in (
            ("message", check.words.message),
            ("rule", check.words.title),
            ("mend", check.words.mend),
        )
        for lang in ("zh", "en")
    ]
    con.execute(f"""
        insert into finding by name
        with subject as ({subject}),
        broken as (
            select
                b.*, s.path as _path, s.form as _form, s.zone as _zone, s.period as _period,
                h.letter as _letter,
                -- a whole column is pointed at by its heading
                h.letter || coalesce(b._row, p.header_row) as _cell,
                h.text as _heading, case b._field {sent} end as _value,
                coalesce(h.text, {_titles_sql(forms)}) as _heading_or_title
            from subject as b
            inner join submitted as s on b.submission = s.submission
            left join place as p on b._block = p._block
            left join sent_failing as t on b._rid = t._rid
            left join heading as h on b._block = h._block and b._field = h.field
        )
        select
            {alias}.submission, _path as path, _form as form, _zone as zone, _period as period,
            {quote(check.code)} as code, {quote(check.severity)} as severity,
            {quote(check.stage)} as stage, 'broken' as outcome, _sheet as sheet, _row as row,
            _cell as cell, _further_cells as further_cells, _field as column,
            _heading as heading, _row_key as row_key, _value as value, {", ".join(words)}
        from broken as {alias}
        order by {alias}.submission, _rid, _row, _letter, _field
    """)


def _titles_sql(forms: Sequence[Form]) -> str:
    """SQL for the title of the column `b._field` of the form `s.form`."""
    by_title: dict[tuple[str, str], list[str]] = {}
    for form in forms:
        for column in form.columns:
            by_title.setdefault((column.name, column.title.zh), []).append(quote(form.code))
    cases = " ".join(
        f"when b._field = '{name}' and s.form in ({', '.join(codes)}) then {quote(title)}"
        for (name, title), codes in by_title.items()
    )
    return f"case {cases} end"


def list_cells_sql(places: str, own_sheet: str) -> str:
    """SQL for the addresses of `places`, a query with `_block`, `_row` and `field`; with the sheet
    where it is another than `own_sheet`.
    """
    name = "'''' || replace(pl.sheet, '''', '''''') || '''!'"
    return f"""
        (
            select string_agg(
                a.address, ', ' order by a._block, a._row, length(a.address), a.address
            )
            from (
                select
                    w._block, w._row,
                    if(pl.sheet is distinct from {own_sheet}, coalesce({name}, ''), '')
                    || h.letter || w._row as address
                from ({places}) as w
                inner join heading as h on w._block = h._block and w.field = h.field
                inner join place as pl on w._block = pl._block
            ) as a
        )
    """


def insert_unchecked(
    con: duckdb.DuckDBPyConnection, check: Check, relation: str, number: int
) -> None:
    """Add a finding to `finding` for each submission: how often a rule could not be checked."""
    title = check.words.title
    zh = f"“{title.zh}”未能核验，因为所需的数值缺失或未入库（"
    en = f"“{title.en}” could not be checked, because a value it needs is missing or held ("
    con.execute(f"""
        insert into finding by name
        select
            s.submission, s.path, s.form, s.zone, s.period, {quote(check.code)} as code,
            '{Severity.NOTE}' as severity, {quote(check.stage)} as stage, 'unchecked' as outcome,
            {quote(check.field or "")} as column,
            {quote(zh)} || o.unchecked || ' 处）' as message_zh,
            {quote(en)} || o.unchecked || ')' as message_en,
            {quote(title.zh)} as rule_zh, {quote(title.en)} as rule_en,
            '补报或改正所缺的数值后即可核验' as mend_zh,
            'report or mend the value and it will be checked' as mend_en
        from outcome_count as o inner join submitted as s on o.submission = s.submission
        where o.relation = '{relation}' and o.number = {number} and o.unchecked > 0
    """)
