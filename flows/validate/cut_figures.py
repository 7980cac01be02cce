"""Figures of an indicator form that their own comma cut in two, for want of quotes in a text file.

In: `typed`, `sent`, `place` and `heading` in a scratch database. Out, there: rows of `problem`, a
row a figure. Rows that are wider than their headings are seen when the file is read; here are those
that are as wide, for growth or the note behind them was empty.
"""

from __future__ import annotations

import duckdb

from flows.model.errors import NotAQuantityError
from flows.model.quantity import parse_quantity


def list_cuts(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `problem` the figures that were cut for certain, and those that seem to be. The round
    figures of a plan have no decimals to lose.
    """
    _list_shifts(con)
    _list_halves(con)


def _list_shifts(con: duckdb.DuckDBPyConnection) -> None:
    """`34,125,6.0` without quotes in a text file is 34, 125 and a note that says 6.0; `34,125`
    with no growth behind it is a level without decimals beside a growth of three figures.
    """
    rows = con.execute("""
        select s._rid, s.note, t.has_level and t.quoted_decimals > 0
            and t.unit_sent is not distinct from t.quoted_unit and p.encoding is not null
                as is_decimal_in_text
        from sent as s inner join typed as t on s._rid = t._rid
            inner join place as p on s._block = p._block
        where regexp_matches(s.value, '^[+-]?\\d{1,3}$')
            and regexp_matches(s.growth_pct, '^\\d{3}(\\.\\d+)?$')
    """).fetchall()
    shifted = [
        rid
        for rid, note, is_decimal_in_text in rows
        if (_is_quantity(note) if note else is_decimal_in_text)
    ]
    con.execute(
        """
        insert into problem by name
        select
            'VALUE-COMMA' as code, s._rid, 'value' as field,
            '像是“' || s.value || ',' || s.growth_pct
                || '”没有加引号，千分位逗号把它切成了两格，后面各栏都错了一格' as problem_zh,
            'it seems that “' || s.value || ',' || s.growth_pct
            || '” had no quotes: its comma cut it in two, and the cells behind it moved on by one'
                as problem_en
        from sent as s
        where list_contains(?, s._rid)
        """,
        [shifted],
    )


def _is_quantity(note: str) -> bool:
    """Whether a note is what stands in a cell of growth: a figure, or a dash for none."""
    try:
        parse_quantity(note)
    except NotAQuantityError:
        return False
    return True


def _list_halves(con: duckdb.DuckDBPyConnection) -> None:
    """Two neighbouring cells of a file cut by commas that are the halves of one figure. A note of
    three digits behind a figure of one to three is the rest of thousands; digits behind a figure
    that should have decimals and has none may be its decimals (`41,82`, `3,6`).
    """
    con.execute("""
        insert into problem by name
        with neighbour as (
            select a._block, a.field, b.field as behind
            from heading as a inner join heading as b on a._block = b._block
            inner join place as p on a._block = p._block
            where p.delimiter in (',', '，')
                and a.field in ('value', 'growth_pct') and b.field in ('growth_pct', 'note')
                and length(b.letter) = 1 and ascii(b.letter) = ascii(a.letter) + 1
        ),
        half as (
            select
                s._rid, n.field, n.behind, trim(if(n.field = 'value', s.value, s.growth_pct))
                    as head,
                trim(if(n.behind = 'note', s.note, s.growth_pct)) as rest,
                t.basis <> 'plan' and (n.field = 'growth_pct'
                    or (t.has_level and t.quoted_decimals > 0
                        and t.unit_sent is not distinct from t.quoted_unit)) as has_decimals,
                n.field = 'value' and regexp_matches(head, '^[+-]?[1-9]\\d{0,2}$')
                    and regexp_matches(rest, '^\\d{3}(\\.\\d+)?$') as is_grouped
            from sent as s inner join typed as t on s._rid = t._rid
            inner join neighbour as n on s._block = n._block
        )
        select
            if(h.is_grouped and h.behind = 'note', 'VALUE-COMMA', 'VALUE-CUT') as code,
            h._rid, h.field, h.head || ',' || h.rest as expected,
            '像是“' || h.head || ',' || h.rest || '”没有加引号，千分位逗号把它切成了两格'
                as problem_zh,
            'it seems that “' || h.head || ',' || h.rest
                || '” had no quotes and its comma cut it in two' as problem_en
        from half as h
        where h._rid not in (select p._rid from problem as p where p.code = 'VALUE-COMMA')
            and (h.is_grouped or (h.has_decimals and regexp_matches(h.head, '^[+-]?\\d+$')
                and regexp_matches(h.rest, '^\\d+%?$')))
    """)
