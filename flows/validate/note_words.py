"""Notes of rows that give their figures another meaning: `上年同期数`, `1-8月数`, `预计数`.

In: `sent` and `place` in a scratch database. Out, there: rows of `problem`, a row a note.
"""

from __future__ import annotations

import duckdb

from flows.forms.form import Form
from flows.forms.form_names import names_of
from flows.forms.note_clauses import find_meaning
from flows.forms.vocabulary import Context
from flows.model.period import parse_period
from flows.validate.cast_values import tabulate_rows


def list_note_words(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Add to `problem` the notes that say another meaning of the figures beside them."""
    notes = con.execute("""
        select distinct t.note, p.period
        from sent as t inner join place as p on t._block = p._block
        where t.note is not null
    """).fetchall()
    meanings = []
    for text, period in notes:
        context = Context(form, parse_period(period), "line", names=names_of(form))
        remark = find_meaning(text, context)
        if remark is not None:
            meanings.append((text, period, remark.text, remark.means.zh, remark.means.en))
    names = "text period words problem_zh problem_en"
    con.register("note_meaning", tabulate_rows(meanings, names))
    con.execute("""
        insert into problem by name
        select 'NOTE-MEANING' as code, t._rid, 'note' as field, n.problem_zh, n.problem_en
        from sent as t inner join place as p on t._block = p._block
        inner join note_meaning as n on t.note = n.text and p.period = n.period
        -- 规模以上 beside 规模以上工业增加值 is what the line is
        where not coalesce(contains(t.indicator, n.words), false)
    """)
