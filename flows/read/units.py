"""The unit of every column, from its heading, the unit line, or a note; and where two disagree."""

from __future__ import annotations

import re

from flows.forms.form import Form
from flows.forms.words import Text
from flows.model.finding import Finding, Severity
from flows.model.name import read_name
from flows.model.submission import Heading, letter_of
from flows.model.unit import find_unit, load_units, units_for
from flows.read.grid import Grid
from flows.read.layout import Column, Layout, MakeFinding, UnitLine
from flows.read.unit_statements import find_stated_unit, is_another

# 填报单位, 报送单位 and 编制单位 name an office, not a unit
UNIT_LINE = re.compile(r"(?<![报送制])单位\s*[:：]\s*[(（]?(?P<unit>[^\s(（)）】]+)")
_WITHOUT_COLON = re.compile(r"(?<![报送制])单位\s+(?P<unit>[^\s(（)）】]+)")  # of a known unit only
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]+)[)）\]】]")
# `单位：通辽市统计局` names the sender
_AN_OFFICE = re.compile(r"[局委部门办处会司心区院校站所队厂科室]$|.{7,}")
_SEPARATORS = re.compile(r"[/、,，;；]")
_OF_GROWTH = re.compile(r"^(?:同比)?(?:增[速长幅减]率?|增减)?[:：]?(?=[%％‰])")
_NO_UNIT = Text(zh="不认得的计量单位", en="a unit that is not known")
# how a unit ends; other words in the brackets of a heading (`含税`, `1-9月`, `现价`) are a remark
_LIKE_A_UNIT = re.compile(r"[元圆吨斤克米里亩顷人次家户套个项条件场辆台瓦％%‰]$|^[A-Za-z]{1,3}$")


def find_unit_line(above: list[list[str | None]], first: int) -> UnitLine | None:
    """The first line above a table that says a unit; `first` rows of the sheet lie above these."""
    for row, cells in enumerate(above, start=first + 1):
        for index, cell in enumerate(cells):
            if cell and (unit := _unit_on_line(cell)):
                return UnitLine(cell, unit, row, letter_of(index))
    return None


def _unit_on_line(text: str) -> str | None:
    if match := UNIT_LINE.search(text):
        return match["unit"] if find_unit(match["unit"]) or not _is_office(match["unit"]) else None
    match = _WITHOUT_COLON.search(text)
    return match["unit"] if match and find_unit(match["unit"]) else None


def _is_office(text: str) -> bool:
    return bool(_AN_OFFICE.search(text))


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
        unit_text = _unit_in_heading(heading.text)
        if unit_text is None:
            waiting.append((name, printed))
        elif problem := _misfit(unit_text, [printed]):
            place = {"sheet": grid.sheet, "row": layout.header_row, "letter": heading.letter}
            findings.append(
                make(
                    problem,
                    severity=Severity.REJECT,
                    value=unit_text,
                    row_key=heading.text,
                    expected=_units_of([printed]),
                    **place,
                )
            )
        else:
            layout.headings[name] = Heading(heading.letter, heading.text, find_unit(unit_text))
            settled.append((name, printed))
    _settle_growth(layout)
    line = layout.unit_line
    findings += _compare_units(grid, layout, settled, waiting, make)
    if line is None or not waiting:
        return findings
    place = {"sheet": grid.sheet, "row": line.row, "letter": line.letter}
    if form.kind == "indicator" and "unit" in layout.headings:
        why = {"why_zh": _NO_UNIT.zh, "why_en": _NO_UNIT.en}
        unread = _list_unread(line.unit) if find_unit(line.unit) else [line.unit]
        return findings + [
            make("WORDS-UNKNOWN", value=line.text, words=words, **why, **place)
            for words in unread[:1]
        ]
    if problem := _misfit(line.unit, [printed for _, printed in waiting]) or _several(line.unit):
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
        heading_unit = load_units()[heading.unit or ""]
        if is_another(heading_unit, meant):
            place = {"sheet": grid.sheet, "row": line.row, "letter": line.letter}
            at = f"{heading.letter}{layout.header_row}"
            return [
                make(
                    "UNIT-LINE",
                    value=line.text,
                    heading=heading.text,
                    other=at,
                    line=meant.unit,
                    used=heading_unit.unit,
                    **place,
                )
            ]
    return []


def looks_like_unit(text: str) -> bool:
    """Whether the words in a heading's brackets end like a unit: whether it is one is said
    there.
    """
    return bool(_LIKE_A_UNIT.search(text))


def _unit_in_heading(text: str) -> str | None:
    """The unit in a heading's brackets, known or not; None where they hold no unit
    (`（1-9月）`).
    """
    bracketed: list[str] = [words.strip() for words in _BRACKETS.findall(text)]
    for words in reversed(bracketed):
        if find_unit(words):
            return words
        if (stated := find_stated_unit(words)) or _LIKE_A_UNIT.search(words):
            return stated or words
    return read_name(text).unit  # 本年累计%


def _misfit(unit_text: str, printed: list[str | None]) -> str | None:
    """The rule that a unit breaks where it fits none of the columns; None printed takes
    every unit.
    """
    unit = find_unit(unit_text)
    if unit is None:
        return "UNIT-UNKNOWN"
    base = load_units()[unit].base_unit
    return (
        None
        if any(p is None or load_units()[p].base_unit == base for p in printed)
        else "UNIT-DIMENSION"
    )


def _several(unit_text: str) -> str | None:
    """The rule that a line of several units of money breaks, where no row says its own."""
    parts = [unit for part in _SEPARATORS.split(unit_text) if (unit := find_unit(part))]
    sizes = {load_units()[unit].factor for unit in parts if load_units()[unit].is_money}
    return "UNIT-UNKNOWN" if len(sizes) > 1 else None


def _list_unread(unit_text: str) -> list[str]:
    """The parts of `亿元、千分点` that are no unit; growth is named before its own (`增速%`)."""
    parts = (_OF_GROWTH.sub("", part) for part in _SEPARATORS.split(unit_text))
    return [part for part in parts if part and not find_unit(part)]


def _units_of(printed: list[str | None]) -> str:
    return "、".join(
        dict.fromkeys(
            units_for(load_units()[p].base_unit) if p else "亿元、万元、元" for p in printed
        )
    )
