"""Units that sentences, titles and the sheet's name say of a table, and where they contradict it.

A text may list several (`单位：亿元、%`). One that leaves rows their own (`除注明外`) contradicts
none of them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from flows.forms.form import Form
from flows.model.finding import Finding, Severity
from flows.model.name import tidy_heading
from flows.model.text import clean
from flows.model.unit import Unit, load_spellings, load_units, read_spelling
from flows.read.grid import Grid
from flows.read.layout import Layout, MakeFinding

_EXCEPT = re.compile(
    r"除[^,;()]{0,4}(?:注明|说明|标注|标明)[^,;()]{0,2}外|(?:注明|说明|标注)[者的]?除外"
)
_POINTS_AT = re.compile("^[此该本这上述]*[处格行栏数项据个]*[为是系]")  # 此数为万元
# amounts of foreign trade and investment are quoted in dollars, whatever the table is in
_ABROAD = re.compile("进口|出口|外贸|外资|外商|外汇|汇率")


@functools.cache
def _grammar() -> dict[str, re.Pattern[str]]:
    """How a unit is stated, on text that is made plain by `clean`."""
    named = [*load_units(), *(s for s in load_spellings() if not s.isascii())]
    unit = "|".join(sorted(map(re.escape, named), key=len, reverse=True))
    unit = rf"(?:人民币)?(?:{unit})(?:人民币)?"
    # a spelling in English has its spaces where it likes
    english = sorted((s for s in load_spellings() if s.isascii()), key=len, reverse=True)
    spellings = "|".join(r"\s*".join(map(re.escape, s)) for s in english)
    listed = rf"[“\"'「(]?(?P<units>{unit}(?:[,;/和及或]+{unit})*)[”\"'」)]?"
    ends = r"(?!\w)"
    what = "数据|数值|数字|数额|金额|绝对[数额量值]|总量|价值量|指标|币种|币别|货币|计价"
    every = "均|都|皆|统一|全部"
    said_as = "为(?:计量)?单位|计价|计|表示|列示|反映|填报|填列|填写|录入|输入|上报"
    sentences = (
        rf"(?<![报送制])单位(?:{every})?(?:为|是|以|:)?{listed}(?:{ends}|(?=\d|{said_as}))",
        rf"(?:以|按|用){listed}(?:{said_as})",
        rf"(?:填写?|填报|录入|输入){listed}(?:数|值|数值|金额)?{ends}",
        rf"(?:{what}|{every})(?:{every})?(?:为|是|系|以|按|用|:){listed}{ends}",
    )
    return {
        "sentence": re.compile("|".join(_number_groups(sentences))),
        "english": re.compile(
            rf"(?:\bin|\bunit is|\bunits?\s*:)\s*(?P<units>{spellings}|[^\s,;.]+)", re.I
        ),
        # 投资为万元, 零售额(万元): of one line, perhaps
        "of_line": re.compile(
            rf"^(?P<what>[^\W\d]{{2,12}})(?:(?:为|系)(?P<units>{unit})|\((?P<units2>{unit})\))$"
        ),
        "doubled": re.compile(rf"({unit})[(\[【]({unit})[)\]】]"),
        "brackets": re.compile(rf"[(\[【](?P<units>{unit}(?:[,;/]{unit})*)[)\]】]"),
    }


def _number_groups(patterns: tuple[str, ...]) -> Iterator[str]:
    for number, pattern in enumerate(patterns):
        yield pattern.replace("(?P<units>", f"(?P<units{number}>")


def list_stated_units(text: str, *, is_title: bool = False) -> list[list[Unit]]:
    """The units of every statement in a text, those of one statement together; a title states
    them in brackets as well (`（万元）`).
    """
    if _EXCEPT.search(clean(text)):
        return []
    grammar = _grammar()
    matches = list(grammar["sentence"].finditer(clean(text)))
    matches += grammar["english"].finditer(text)
    matches += grammar["brackets"].finditer(clean(text)) if is_title else ()
    stated = _list_title_units(text) if is_title else []
    for match in matches:
        words = next(part for part in match.groups() if part)
        units = _read_listed(words)
        stated.append([load_units()[unit] for unit in units if unit])
    return [units for units in stated if units]


def _list_title_units(title: str) -> list[list[Unit]]:
    """The units that stand in a title by themselves: `主要经济指标 万元`, `(RMB 10,000)`."""
    # words of English stand in a sentence: the yuan of `100 million yuan` is no unit by itself
    alone = [part for part in re.split(r"[\s_]+", title) if len(part) > 1 and not part.isascii()]
    return _read_alone([*alone, *re.findall(r"[(（]([^()（）]{2,})[)）]", title)])


def _list_line_units(note: str) -> list[list[Unit]]:
    """The units that clauses of a note give a line: `投资为万元`, `零售额(万元)`."""
    clauses = re.split(r"[,;。!]", re.sub(r"^(?:注|备注|说明):?", "", clean(note)))
    matches = (_grammar()["of_line"].match(clause) for clause in clauses)
    return _read_alone(match["units"] or match["units2"] for match in matches if match)


def _read_alone(texts: Iterable[str]) -> list[list[Unit]]:
    """The units that texts are by themselves, each a statement of its own."""
    return [[load_units()[unit]] for text in texts if (unit := read_spelling(clean(text)))]


def _read_listed(words: str) -> list[str | None]:
    """The units of `亿元、%`, or the one of `10,000 yuan`."""
    whole = read_spelling(clean(words))
    return [whole] if whole else [read_spelling(w) for w in re.split(r"[,;/和及或]+", words)]


def find_stated_unit(text: str | None) -> str | None:
    """The one unit that a text states (`数据为万元`, `单位 万元`); None of several or none."""
    if alone := read_spelling(_POINTS_AT.sub("", clean(text or ""))):
        return alone
    units = {unit.unit for stated in list_stated_units(text or "") for unit in stated}
    return units.pop() if len(units) == 1 else None


def unit_over_rows(line: str | None) -> str | None:
    """The unit that the text of a unit line gives rows with a unit of their own too; None where
    it leaves them theirs (`除注明外`, `单位：亿元、万元`).
    """
    units = [unit for stated in list_stated_units(line or "") for unit in stated]
    first = units[0] if units else None
    if first is None or any(
        unit.base_unit == first.base_unit or (unit.is_money and first.is_money)
        for unit in units[1:]
    ):
        return None
    return first.unit


def _list_sheet_units(name: str | None) -> list[list[Unit]]:
    """A sheet's name states a unit alone, in brackets, or as a part of its own (`GDP_万元`)."""
    parts = (part for part in re.split(r"[\s_\-·.]+", name or "") if len(part) > 1)
    return _read_alone(parts) + list_stated_units(name or "", is_title=True)


def check_statements(
    form: Form, grid: Grid, layout: Layout, piece: pa.Table, make: MakeFinding
) -> list[Finding]:
    """Every text around the table that states a unit must state one that the table uses.

    A unit of the same kind and another size leaves the size of every figure open. One that is said
    of a single line is asked about, and so is another currency.
    """
    used: set[str | None] = {h.unit for h in layout.headings.values()}
    if form.kind == "indicator" and "unit" in layout.headings:
        used |= {read_spelling(clean(u)) for u in set(piece["unit"].to_pylist()) if u}
    used |= {  # a register's column without a unit is in the form's
        c.unit
        for c in form.columns
        if c.name in layout.headings and not layout.headings[c.name].unit
    }
    used_units = [load_units()[u] for u in used if u]
    lines = {s for i in form.indicators for s in i.spellings if len(s) > 1}
    say = _conflicts(grid, make)
    findings = _find_doubled(grid, layout, make)
    for row, letter, text, stated, is_weak in _list_statements(grid, layout):
        others = [u for u in used_units if any(is_other_size(u, unit) for unit in stated)]
        moneys = [u for u in used_units if any(is_other_money(u, unit) for unit in stated)]
        pairs = [(u, s) for u in used_units for s in stated]
        if any((u.base_unit, u.factor) == (s.base_unit, s.factor) for u, s in pairs):
            continue
        if not others and (not moneys or _ABROAD.search(text)):
            continue
        is_of_one = is_weak or any(line in tidy_heading(text) for line in lines)
        stated_here = "、".join(unit.unit for unit in stated)
        table = "、".join(dict.fromkeys(u.unit for u in others or moneys))
        findings.append(
            say(
                (row, letter, text),
                Severity.QUERY if is_of_one or not others else Severity.REJECT,
                problem_zh=f"这里写“{stated_here}”，表中用的是“{table}”",
                problem_en=f"it says {stated_here} here, the table uses {table}",
            )
        )
    return findings


def _conflicts(grid: Grid, make: MakeFinding) -> Callable[..., Finding]:
    """Makes the finding of two units for one, at a row, letter and text of a sheet."""

    def say(place: tuple[int | None, str | None, str], severity: Severity, **words: str) -> Finding:
        row, letter, text = place
        where = {"sheet": grid.sheet, "row": row, "letter": letter, "value": text}
        return make("UNIT-CONFLICT", severity=severity, **where, **words)

    return say


def _find_doubled(grid: Grid, layout: Layout, make: MakeFinding) -> list[Finding]:
    """`单位：亿元（美元）`: one unit of money, and another in brackets behind it."""
    places: list[tuple[int, str | None, str]] = list(layout.titles)
    places += [
        (int(number), "A", text)
        for number, _, text in (note.partition(": ") for note in layout.notes)
        if number.isdecimal()
    ]
    say = _conflicts(grid, make)
    findings = []
    for place in places:
        for match in _grammar()["doubled"].finditer(clean(place[2])):
            first, second = (load_units().get(read_spelling(w) or "") for w in match.groups())
            if not (first and second and first.is_money and second.is_money) or first == second:
                continue
            findings.append(
                say(
                    place,
                    Severity.QUERY,
                    problem_zh=f"这里写“{first.unit}”，括号里又写“{second.unit}”",
                    problem_en=f"it says {first.unit} and, in brackets, {second.unit}",
                )
            )
    return findings


def is_other_size(used: Unit, stated: Unit) -> bool:
    """Whether two units are of one base and of another size: 亿元 and 万元."""
    return used.base_unit == stated.base_unit and used.factor != stated.factor


def is_other_money(used: Unit, stated: Unit) -> bool:
    """Whether two units are of another currency."""
    return used.is_money and stated.is_money and used.base_unit != stated.base_unit


def is_another(used: Unit, stated: Unit) -> bool:
    """Whether two units of one kind differ, in size or in currency."""
    return is_other_size(used, stated) or is_other_money(used, stated)


def _list_statements(
    grid: Grid, layout: Layout
) -> Iterator[tuple[int | None, str | None, str, list[Unit], bool]]:
    """Row, letter, text and units of every statement around the table, and whether it only asks;
    the unit line is compared with headings and rows, figure by figure, and is none of them.
    """
    line = layout.unit_line
    for row, letter, text in layout.titles:
        if line is None or (row, letter) != (line.row, line.letter):
            for units in _list_around(text)[:1]:
                yield row, letter, text, units, False
    for text in grid.facts.page_headers if grid.facts else ():
        for units in _list_around(text)[:1]:
            yield None, None, text, units, True  # of an old edition, perhaps
    for number, _, text in (note.partition(": ") for note in layout.notes):
        for units, is_weak in _list_noted(text) if number.isdecimal() else ():
            yield int(number), "A", text, units, is_weak
    for units in _list_sheet_units(grid.sheet)[:1]:
        yield None, None, grid.sheet or "", units, False


def _list_noted(text: str) -> list[tuple[list[Unit], bool]]:
    """The units that a note states, or is; and whether it only asks."""
    stated = list_stated_units(text) + _read_alone([clean(text).strip("()[]")])
    if stated:
        return [(units, False) for units in stated]
    return [(units, True) for units in _list_line_units(text)]


def _list_around(text: str) -> list[list[Unit]]:
    """The units that a text above a table states; 万元 may stand at its corner alone."""
    return _read_alone([text]) or list_stated_units(text, is_title=True)
