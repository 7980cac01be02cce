"""Notes of rows that give their figures another meaning: `上年同期数`, `1-8月数`, `预计数`.

In: `sent` and `typed` in a scratch database. Out, there: rows of `problem`, a row a note.
"""

from __future__ import annotations

import duckdb

from flows.forms.form import Form
from flows.forms.form_names import names_of
from flows.forms.note_clauses import find_meaning
from flows.forms.vocabulary import Context, Of
from flows.model.period import parse_period
from flows.validate.cast_values import tabulate_rows


def list_note_words(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Add to `problem` the notes that say another meaning of the figures beside them."""
    notes = con.execute("""
        select distinct t.note, y.period, y.indicator, y.value_reported is not null as has_level
        from sent as t inner join typed as y on t._rid = y._rid
        where t.note is not null
    """).fetchall()
    lines = {line.code: line for line in form.indicators}
    meanings = []
    for text, period, code, has_level in notes:
        of: Of = "level" if has_level else "growth"  # which of them a basis of prices speaks of
        line = lines.get(code)
        context = Context(form, parse_period(period), "line", of, line, names_of(form))
        remark = find_meaning(text, context)
        if remark is not None:
            words = remark.text, remark.means.zh, remark.means.en
            meanings.append((text, period, code, has_level, *words))
    _list_signs(con)
    names = "text period indicator has_level:bool_ words problem_zh problem_en"
    con.register("note_meaning", tabulate_rows(meanings, names))
    con.execute("""
        insert into problem by name
        select 'NOTE-MEANING' as code, t._rid, 'note' as field, n.problem_zh, n.problem_en
        from sent as t inner join typed as y on t._rid = y._rid
        inner join note_meaning as n on t.note = n.text and y.period = n.period
            and y.indicator is not distinct from n.indicator
            and (y.value_reported is not null) = n.has_level
        -- 规模以上 beside 规模以上工业增加值 is what the line is
        where not coalesce(contains(t.indicator, n.words), false)
    """)


def _list_signs(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `problem` the notes that say a fall beside a growth above 0, or a rise beside one
    below.
    """
    con.execute("""
        insert into problem by name
        select 'NOTE-MEANING' as code, t._rid, 'note' as field,
            '与增速的正负相反' as problem_zh, 'has the other sign than the growth' as problem_en
        from sent as t inner join typed as y on t._rid = y._rid
        where regexp_full_match(
            trim(t.note),
            case
                when y.growth_pct > 0 then '(同比)?(下降|减少|负增长|负数?|降)'
                when y.growth_pct < 0 then '(同比)?(增长|增加|上升|正增长|正数?|升)'
            end
        )
    """)
