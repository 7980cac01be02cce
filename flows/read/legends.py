"""Legends: notes that say what a mark means, read as if they stood at whatever bears the mark.

`①上年同期数` below a table says of `41.82①`, `本年累计①` or a line's name with ① what
`41.82（上年同期数）` would. A legend whose mark stands nowhere in the table is a note like others.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator

from flows.forms.form import Form, Indicator
from flows.forms.form_names import names_of
from flows.forms.note_clauses import find_meaning
from flows.forms.vocabulary import Context, Of, Where
from flows.forms.words import Text
from flows.model.finding import Finding, Severity
from flows.model.marks import SIGNS, drop_marks, key_of_mark, mark_characters, split_marks
from flows.model.name import read_name
from flows.model.period import Period
from flows.read.cell_facts import SheetFacts
from flows.read.cell_findings import CellTable
from flows.read.grid import Grid
from flows.read.layout import Layout, MakeFinding, say_meaning

_OPENING = re.compile(r"^[\s(（【]*(?:注|备注|说明|附注|notes?)\s*[:：]?\s*", re.I)
_SAYS = re.compile(r"^(?:表示|代表|指的?是?|为|是|系)?(?:的是)?")
# who or what a word of scope is said of: 限额以上单位
_OF_WHOM = re.compile(r"(?:法人)?(?:单位|企业|项目|商户|数据?|情况|合计|部分)$")
_OTHER_UNIT = Text(zh="另一个计量单位", en="another unit of measure")


@dataclasses.dataclass(frozen=True)
class _Legend:
    key: str
    mark: str
    words: str
    row: int  # from 1


@functools.cache
def _mark() -> str:
    special = mark_characters()
    return (
        rf"[{special}]|[{re.escape(SIGNS)}]+"
        rf"|[(（\[［【〔]\s*(?:注|note)?\s*(?:\d{{1,2}}|[a-zA-Z]|[{special}])\s*[)）\]］】〕]"
        r"|(?:\d{1,2}|[a-zA-Z])(?=[.．](?!\d)|[、)）:：\s])"
    )


@functools.cache
def _legend() -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|[;；。,，\s])\s*(?:[带标注]有?)?[“\"'‘]?(?P<mark>{_mark()})[”\"'’]?(?:号|标记)?(?:的|者)?"
        r"[\s:：.．、)）]*"
    )


@functools.cache
def _raised() -> re.Pattern[str]:
    return re.compile(rf"[{mark_characters()}]|[{re.escape(SIGNS)}]+|\d{{1,2}}|[a-zA-Z]")


def check_legends(
    form: Form, grid: Grid, layout: Layout, make: MakeFinding, asked: Period, told: set[int]
) -> list[Finding]:
    """What the legends of marks give another meaning; `told`: rows of notes that are asked about
    as they stand.
    """
    if form.kind != "indicator" or layout.kind == "nbs_export":
        return []
    facts = grid.facts or SheetFacts(grid.sheet or "")
    raised = {(f.row, f.column): f.detail for f in facts.cell_facts if f.code == "CELL-MARK"}
    legends = [legend for legend in _list_legends(layout, raised) if legend.row not in told]
    if not legends:
        return []
    table = CellTable(form, grid, layout, facts, make)
    marked = list(_list_marked(table, raised))
    findings = []
    for legend in legends:
        cells: dict[int, list[tuple[int, Text]]] = {}
        for row, column, keys in marked:
            if legend.key in keys and (means := _read(legend, table, row, column, asked)):
                cells.setdefault(column, []).append((row, means))
        for column, rows in cells.items():
            means = rows[0][1]
            words = f"{legend.mark} {legend.words}".replace("|", " ")
            detail = (
                f"{words}”（第 {legend.row} 行）是说：{means.zh}"
                f"|{words}” (row {legend.row}) says: {means.en}"
            )
            findings.append(table.finding("MARK-MEANING", column, [row for row, _ in rows], detail))
        findings += _check_titles(legend, table, asked)
    return findings


def _list_legends(layout: Layout, raised: dict[tuple[int, int], str]) -> Iterator[_Legend]:
    """The legends among the notes of a table and the cells above it."""
    texts: dict[int, list[str]] = {}
    for row, column, text in layout.note_cells:
        texts.setdefault(row, []).append(f"{raised.get((row - 1, column), '')} {text}".strip())
    for row, _, text in layout.titles:
        texts.setdefault(row, []).append(text)
    for row, cells in texts.items():
        text = _OPENING.sub("", " ".join(cells), count=1)
        matches = list(_legend().finditer(text))
        ends = [*(match.start() for match in matches[1:]), len(text)][: len(matches)]
        for match, end in zip(matches, ends, strict=True):
            words = _SAYS.sub("", text[match.end() : end].strip(" ;；。,，"), count=1)
            if words:
                yield _Legend(key_of_mark(match["mark"]), match["mark"], words, row)


def _list_marked(
    table: CellTable, raised: dict[tuple[int, int], str]
) -> Iterator[tuple[int, int, set[str]]]:
    """The cells of the table and of its headings that bear marks, with the keys of these."""
    notes = {row - 1 for row, *_ in table.layout.note_cells}
    for row in range(table.layout.first_header_row - 1, table.layout.last_row):
        if row in notes:
            continue
        for column in table.names:
            text = table.text_at(row, column) or ""
            marks = {*split_marks(text)[1], *drop_marks(text)[1]}
            marks |= set(_raised().findall(raised.get((row, column), "")))
            if marks:
                yield row, column, {key_of_mark(mark) for mark in marks}


def _read(legend: _Legend, table: CellTable, row: int, column: int, asked: Period) -> Text | None:
    """The other meaning, or unit, that a legend gives a marked cell."""
    name = table.names[column]
    is_heading = table.heads(row)
    line = None if is_heading else _line_at(table, row)
    of: Of = "growth" if name == "growth_pct" else "level"
    if line is not None and not line.level:
        of = "growth"
    where: Where = "heading" if is_heading else "line"
    context = Context(table.form, asked, where, of, line, names_of(table.form))
    for words in dict.fromkeys((legend.words, _OF_WHOM.sub("", legend.words))):
        remark = find_meaning(words, context) if words else None
        # 规模以上 at 规模以上工业增加值 is what the line is
        if remark and not (line and remark.text in (table.name_of(row) or "")):
            return remark.means
    at = column if name in table.figures else table.figures.get("value", column)
    return _OTHER_UNIT if table.is_of_another_unit(legend.words, row, at) else None


def _line_at(table: CellTable, row: int) -> Indicator | None:
    core = read_name(table.name_of(row) or "").core
    return next((line for line in table.form.indicators if core in line.spellings), None)


def _check_titles(legend: _Legend, table: CellTable, asked: Period) -> Iterator[Finding]:
    context = Context(table.form, asked, "title", names=names_of(table.form))
    for row, letter, text in table.layout.titles:
        keys = {key_of_mark(mark) for mark in split_marks(text)[1]}
        if row != legend.row and legend.key in keys:
            remark = find_meaning(legend.words, context)
            if remark:
                place = {"sheet": table.grid.sheet, "row": row, "letter": letter}
                yield say_meaning(table.make, text, remark, Severity.QUERY, **place)
