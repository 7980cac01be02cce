"""Two units for one figure of an indicator form: both are named, and the figure is held.

In: `sent`, `typed`, `unit_known` in a scratch database. Out, there: `note_stated` (the unit that a
row's note states) and rows of `problem`, a row a cell and pair of units that disagree.
"""

from __future__ import annotations

import duckdb

from flows.read.unit_statements import find_stated_unit
from flows.validate.cast_values import tabulate_rows
from flows.warehouse.database import bring_in

# column of `typed`, and the place in the file that said it
_PLACES = {
    "cell_unit": ("单元格", "the cell"),
    "declared_unit": ("本栏或本行", "the column or row"),
    "name_unit": ("指标名称", "the name of the line"),
    "row_unit": ("计量单位栏", "the unit column"),
    "head_unit": ("表头或单位行", "the heading or unit line"),
    "line_unit": ("单位行", "the unit line"),
    "note_unit": ("备注", "the note"),
}
_OTHER_SIZE = "a.base_unit = b.base_unit and a.factor <> b.factor"
_ANOTHER = "(a.base_unit <> b.base_unit or a.factor <> b.factor) and t.value_reported is not null"
_MONEY = "('元', '美元')"
_OTHER_MONEY = (
    f"(a.base_unit <> b.base_unit and a.base_unit in {_MONEY} and b.base_unit in {_MONEY})"
)
# a heading in per cent leaves a level in 亿元 unsaid; one in 亿元 has lines in per cent below it
_PER_CENT = "b.base_unit = '%' and a.base_unit not in ('%', '百分点')"
# and so does one in persons or tonnes
_OTHER_KIND = f"a.base_unit in {_MONEY} and b.base_unit not in {_MONEY}"
_ROW_ALONE = "t.name_unit is distinct from t.row_unit"  # else the pair above says it
# dollars leave a level in 亿元 unsaid as well; 万美元 below 亿元 is a row of its own
_DOLLARS = "b.base_unit = '美元' and a.base_unit = '元'"
# a unit line speaks in general: rows that differ beside rows that agree with it are meant to
_NONE_AGREES = """t._block not in (
    select y._block from typed as y inner join unit_known as c on y.line_unit = c.text
    where y.unit_sent = c.unit and y.value_text is not null
)"""
_PAIRS = (
    ("value", "cell_unit", "declared_unit", _OTHER_SIZE),
    ("indicator", "name_unit", "row_unit", f"{_ANOTHER} or {_OTHER_SIZE}"),
    ("indicator", "name_unit", "head_unit", _OTHER_SIZE),
    (
        "unit",
        "row_unit",
        "head_unit",
        f"({_OTHER_SIZE} or {_PER_CENT} or {_DOLLARS} or {_OTHER_KIND}) and {_ROW_ALONE}",
    ),
    (
        "unit",
        "row_unit",
        "line_unit",
        f"({_OTHER_SIZE} or {_DOLLARS}) and t.head_unit is null and {_NONE_AGREES}",
    ),
    ("note", "note_unit", "declared_unit", f"{_OTHER_SIZE} or {_OTHER_MONEY}"),
)


def register_stated_units(con: duckdb.DuckDBPyConnection) -> None:
    """Make `note_stated`: the unit that a note states (`单位：万元`), by the note's text."""
    notes = con.execute("select distinct note from sent where note is not null").fetchall()
    stated = [(note, unit) for (note,) in notes if (unit := find_stated_unit(note))]
    bring_in(con, "note_stated", tabulate_rows(stated, "text unit"))


def list_unit_conflicts(con: duckdb.DuckDBPyConnection) -> None:
    """Add to `problem` every pair of units for one figure that disagree."""
    for field, one, other, condition in _PAIRS:
        (one_zh, one_en), (other_zh, other_en) = _PLACES[one], _PLACES[other]
        con.execute(f"""
            insert into problem by name
            select
                'UNIT-CONFLICT' as code, t._rid, '{field}' as field,
                '{one_zh}写“' || t.{one} || '”，{other_zh}是“' || t.{other} || '”' as problem_zh,
                '{one_en} says ' || t.{one} || ', {other_en} says ' || t.{other} as problem_en
            from typed as t inner join unit_known as a on t.{one} = a.text
            inner join unit_known as b on t.{other} = b.text
            where ({condition}) and t.value_text is not null
        """)
    con.execute("""
        insert into problem by name
        select
            'UNIT-CONFLICT' as code, t._rid, 'value' as field,
            '单元格写“' || if(t.scale = 10000, '万', '亿') || '”，本栏或本行是“'
                || t.declared_unit || '”' as problem_zh,
            'the cell says ' || if(t.scale = 10000, '万', '亿') || ', the column or row says '
                || t.declared_unit as problem_en
        from typed as t inner join unit_known as u on t.declared_unit = u.text
        where t.cell_unit is null and t.scale > 1 and u.prefix not in (1, t.scale)
    """)
