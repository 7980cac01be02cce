"""The unit of every column, from its heading, the unit line, or a note; and where two disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa

from flows.forms.form import Form
from flows.model.finding import Finding, Severity
from flows.model.name import tidy_heading
from flows.model.submission import Heading, letter_of
from flows.model.unit import find_unit, load_units, units_for
from flows.read.grid import Grid
from flows.read.layout import Column, Layout, MakeFinding, UnitLine

# 填报单位, 报送单位 and 编制单位 name an office, not a unit
UNIT_LINE = re.compile(r"(?<![报送制])单位\s*[:：]\s*(?P<unit>[^\s)）】]+)")
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]")
# `单位：通辽市统计局` names the sender
_AN_OFFICE = re.compile(r"[局委部门办处会司心区院校站所队厂科室]$|.{7,}")
# how a unit ends; other words in the brackets of a heading (`含税`, `1-9月`, `现价`) are a remark
_LIKE_A_UNIT = re.compile(r"[元圆吨斤克米里亩顷人次家户套个项条件场辆台瓦％%‰]$|^[A-Za-z]{1,3}$")


def find_unit_line(above: list[list[str | None]], first: int) -> UnitLine | None:
    """The first line above a table that says a unit; `first` rows of the sheet lie above these."""
    for row, cells in enumerate(above, start=first + 1):
        for index, cell in enumerate(cells):
            match = UNIT_LINE.search(cell or "")
            if (
                cell
                and match
                and (find_unit(match["unit"]) or not _AN_OFFICE.search(match["unit"]))
            ):
                return UnitLine(cell, match["unit"], row, letter_of(index))
    return None


def settle_units(form: Form, grid: Grid, layout: Layout, make: MakeFinding) -> list[Finding]:
    """The unit over each measured column, from its heading or the unit line; one that is not known
    rejects.

    A unit line speaks for the columns that it fits: 千元 says nothing of persons. One that fits no
    column, or that nobody knows, leaves every figure without a size.
    """
    findings = []
    measured: dict[str, str | None] = {c.name: c.unit for c in form.columns if c.unit}
    measured = measured or {"value": None}
    waiting, settled = (
        [],
        [],
    )  # the columns whose heading names no unit, and those whose heading does
    for name, printed in measured.items():
        heading = layout.headings.get(name)
        if heading is None:
            continue
        said = _said_in_heading(heading.text)
        if said is None:
            waiting.append((name, printed))
        elif problem := _misfit(said, [printed]):
            place = {"sheet": grid.sheet, "row": layout.header_row, "letter": heading.letter}
            findings.append(
                make(
                    problem,
                    severity=Severity.REJECT,
                    value=said,
                    row_key=heading.text,
                    expected=_units_of([printed]),
                    **place,
                )
            )
        else:
            layout.headings[name] = Heading(heading.letter, heading.text, find_unit(said))
            settled.append((name, printed))
    _settle_growth(layout)
    line = layout.unit_line
    findings += _compare_units(grid, layout, settled, waiting, make)
    if line is None or not waiting or (form.kind == "indicator" and "unit" in layout.headings):
        return findings
    if problem := _misfit(line.unit, [printed for _, printed in waiting]):
        place = {"sheet": grid.sheet, "row": line.row, "letter": line.letter}
        expected = _units_of([printed for _, printed in waiting])
        return [
            *findings,
            make(
                problem,
                severity=Severity.REJECT,
                value=line.unit,
                row_key=line.text,
                expected=expected,
                **place,
            ),
        ]
    for name, printed in waiting:
        if not _misfit(line.unit, [printed]):
            heading = layout.headings[name]
            layout.headings[name] = Heading(heading.letter, heading.text, find_unit(line.unit))
    return findings


def _settle_growth(layout: Layout) -> None:
    """A growth in thousandths says so in its heading; any other is in per cent."""
    heading = layout.headings.get("growth_pct")
    if heading is not None and "‰" in heading.text:
        layout.headings["growth_pct"] = Heading(heading.letter, heading.text, "‰")


def _compare_units(
    grid: Grid, layout: Layout, settled: list[Column], waiting: list[Column], make: MakeFinding
) -> list[Finding]:
    """The heading's unit goes before a unit line that says another; where the line speaks for no
    other
    column, that is asked about.
    """
    line = layout.unit_line
    if (
        line is None
        or _misfit(line.unit, [None])
        or (waiting and not _misfit(line.unit, [printed for _, printed in waiting]))
    ):
        return []
    meant = load_units()[find_unit(line.unit) or ""]
    for name, _ in settled:
        heading = layout.headings[name]
        said = load_units()[heading.unit or ""]
        if said.base_unit == meant.base_unit and said.factor != meant.factor:
            place = {"sheet": grid.sheet, "row": line.row, "letter": line.letter}
            at = f"{heading.letter}{layout.header_row}"
            return [
                make(
                    "UNIT-LINE",
                    value=line.text,
                    heading=heading.text,
                    other=at,
                    line=meant.unit,
                    used=said.unit,
                    **place,
                )
            ]
    return []


def looks_like_unit(text: str) -> bool:
    """Whether the words in a heading's brackets end like a unit: whether it is one is said
    there.
    """
    return bool(_LIKE_A_UNIT.search(text))


def _said_in_heading(text: str) -> str | None:
    """The unit in a heading's brackets, known or not; None where they hold no unit
    (`（1-9月）`).
    """
    bracketed = [words.strip() for words in _BRACKETS.findall(text)]
    return next(
        (words for words in reversed(bracketed) if find_unit(words) or _LIKE_A_UNIT.search(words)),
        None,
    )


def _misfit(said: str, printed: list[str | None]) -> str | None:
    """The rule that a unit breaks where it fits none of the columns; None printed takes
    every unit.
    """
    unit = find_unit(said)
    if unit is None:
        return "UNIT-UNKNOWN"
    base = load_units()[unit].base_unit
    return (
        None
        if any(p is None or load_units()[p].base_unit == base for p in printed)
        else "UNIT-DIMENSION"
    )


def _units_of(printed: list[str | None]) -> str:
    return "、".join(
        dict.fromkeys(
            units_for(load_units()[p].base_unit) if p else "亿元、万元、元" for p in printed
        )
    )


# a sentence that says a unit: 单位为万元, 以万元为单位, 绝对数按万元计
_STATED = re.compile(
    r"单位(?:均|都)?(?:为|是|[:：])\s*(?P<unit>[^\s，。；,;、)）]+)|以\s*(?P<by>[^\s，。；,;为]{1,6})为(?:计量)?单位|按\s*(?P<at>[^\s，。；,;]{1,6})计(?!算)"
    r"|(?:in|unit is)\s+(?P<en>[^\s,;.]+)"
)


def check_statements(
    form: Form, grid: Grid, layout: Layout, piece: pa.Table, make: MakeFinding
) -> list[Finding]:
    """Every sentence above or below the table that says a unit must say one that the table uses.

    A unit of the same kind and another size leaves the size of every figure open. One that is said
    of a single line is asked about.
    """
    used: set[str | None] = {h.unit for h in layout.headings.values()}
    if form.kind == "indicator" and "unit" in layout.headings:
        used |= {find_unit(u) for u in set(piece["unit"].to_pylist()) if u}
    known = [load_units()[u] for u in used if u]
    lines = {s for i in form.indicators for s in i.spellings if len(s) > 1}
    findings = []
    for row, letter, text, said in _list_statements(layout):
        unit = load_units()[said]
        alike = [u for u in known if u.base_unit == unit.base_unit]
        if not alike or any(u.factor == unit.factor for u in alike):
            continue
        is_of_one = any(line in tidy_heading(text) for line in lines)
        others = "、".join(u.unit for u in alike)
        findings.append(
            make(
                "UNIT-CONFLICT",
                severity=Severity.QUERY if is_of_one else Severity.REJECT,
                sheet=grid.sheet,
                row=row,
                letter=letter,
                value=text,
                problem_zh=f"这里写“{said}”，表中用的是“{others}”",
                problem_en=f"it says {said} here, the table uses {others}",
            )
        )
    return findings


def _list_statements(layout: Layout) -> Iterator[tuple[int, str, str, str]]:
    """Row, letter, text and unit of every sentence around the table that says a known unit."""
    notes = [
        (int(row), "A", text)
        for row, _, text in (n.partition(": ") for n in layout.notes)
        if row.isdigit()
    ]
    line = layout.unit_line
    for row, letter, text in [*layout.titles, *notes]:
        if line is not None and (row, letter) == (line.row, line.letter):
            continue
        for match in _STATED.finditer(text):
            unit = _begin_of(next(part for part in match.groups() if part))
            if unit is not None:
                yield row, letter, text, unit


def _begin_of(text: str) -> str | None:
    """The unit that a text begins with, the longest one."""
    plain = text.strip("“”\"'（(")
    return max((u for u in load_units() if plain.startswith(u)), key=len, default=None)
