"""The names of lines as they were sent: which line each is, and what else it says.

In: `sent` and `place` in a scratch database. Out, there: `line_known` (a row a distinct name and
period: the line, the unit that the name gives, the words to keep) and rows of `problem` where a
name says another thing than the form's line, or one that is in no vocabulary.
"""

from __future__ import annotations

import re

import duckdb

from flows.forms.beside_name import set_apart
from flows.forms.form import Form, Indicator
from flows.forms.vocabulary import Context, Remark, read_remarks
from flows.model.name import read_name
from flows.model.period import parse_period
from flows.model.text import clean
from flows.model.unit import find_unit, load_units, read_spelling
from flows.validate.cast_values import tabulate_rows
from flows.warehouse.database import bring_in

_CODES = {"another": "LINE-MEANING", "unknown": "LINE-WORDS"}

_BRACKETS = re.compile(r"[(（【\[].*?[)）】\]]")
_SEPARATORS = re.compile(r"[,;、/]")


def register_line_names(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Make `line_known`, and list the problems of names. Grammar is read once a distinct name."""
    spellings = {s: i for i in form.indicators for s in i.spellings}
    sent = con.execute(
        "select distinct t.indicator, p.period"
        " from sent as t inner join place as p on t._block = p._block"
        " where t.indicator is not null"
    ).fetchall()
    lines_read: list[tuple[object, ...]] = []
    problems: list[tuple[object, ...]] = []
    for text, period in sent:
        name = read_name(text)
        line = spellings.get(name.core)
        whole = text
        if line is None and (apart := _set_apart(form, text, period, spellings)):
            line, whole = apart
        remarks = _remarks_of(form, line, whole, period) if line else []
        unit = next((r.text for r in remarks if r.kind == "unit"), name.unit)
        kept = [r.text for r in remarks if r.kind == "kept" and r.is_noted]
        note = "；".join(dict.fromkeys([*kept, *name.marks])) or None
        lines_read.append((text, period, line.code if line else None, unit, note))
        problems += [
            (text, period, _CODES[r.kind], r.text, r.means.zh, r.means.en)
            for r in remarks
            if r.kind in _CODES
        ]
    bring_in(con, "line_known", tabulate_rows(lines_read, "text period indicator unit note"))
    con.register(
        "name_problem", tabulate_rows(problems, "text period code words problem_zh problem_en")
    )
    con.execute("""
        insert into problem by name
        select n.code, t._rid, 'indicator' as field, n.problem_zh, n.problem_en, n.words as expected
        from sent as t inner join place as p on t._block = p._block
        inner join name_problem as n on t.indicator = n.text and p.period = n.period
    """)


def list_unit_words(con: duckdb.DuckDBPyConnection, form: Form) -> None:
    """Add to `problem` the unit cells that say more than one unit: `亿元（预计）`, `亿元、当季`."""
    sent = con.execute(r"""
        select distinct t.unit, p.period, t.value is not null as has_level
        from sent as t inner join place as p on t._block = p._block
        where regexp_matches(t.unit, '[(（【\[〔〈《{,，;；、/]')
            and coalesce(t.value, t.growth_pct) is not null
    """).fetchall()
    problems = [
        (text, period, has_level, _CODES[r.kind], r.text, r.means.zh, r.means.en)
        for text, period, has_level in sent
        if find_unit(text)
        for r in read_remarks(
            _in_brackets(text),
            Context(form, parse_period(period), "line", "level" if has_level else "growth"),
        )
        if r.kind in _CODES
    ]
    for text, period in {(text, period) for text, period, has_level in sent if has_level}:
        first, *others = _SEPARATORS.split(clean(_BRACKETS.sub("", text)))
        outside = read_spelling(first)
        money = [u for other in others if (u := read_spelling(other)) and load_units()[u].is_money]
        other = money[0] if money else find_unit(text)
        if outside and other and load_units()[outside].factor != load_units()[other].factor:
            problem = f"同一格写“{outside}”，又写“{other}”", f"it says {outside} and {other}"
            problems.append((text, period, True, "UNIT-CONFLICT", other, *problem))
    names = "text period has_level:bool_ code words problem_zh problem_en"
    con.register("unit_problem", tabulate_rows(problems, names))
    con.execute("""
        insert into problem by name
        select n.code, t._rid, 'unit' as field, n.problem_zh, n.problem_en, n.words as expected
        from sent as t inner join place as p on t._block = p._block
        inner join unit_problem as n on t.unit = n.text and p.period = n.period
            and (t.value is not null) = n.has_level
        where coalesce(t.value, t.growth_pct) is not null
    """)


def _set_apart(
    form: Form, text: str, period: str, spellings: dict[str, Indicator]
) -> tuple[Indicator, str] | None:
    """The line whose name has harmless words beside it, and the text with them in brackets."""
    context = Context(form, parse_period(period), "line", "other")
    apart = set_apart(text, spellings, context)
    return (spellings[read_name(apart).core], apart) if apart else None


def _in_brackets(text: str) -> str:
    """A unit cell with what is listed beside the unit in brackets: `亿元、当季` as `亿元(当季)`."""
    if _BRACKETS.search(text):
        return text
    first, *others = _SEPARATORS.split(clean(text))
    return first + "".join(f"({other})" for other in others if other and not read_spelling(other))


def _remarks_of(form: Form, line: Indicator, text: str, period: str) -> list[Remark]:
    names = frozenset(line.spellings | line.full_names)
    return read_remarks(
        text, Context(form, parse_period(period), "line", "other", line=line, names=names)
    )
