"""What there is to ask about the cells of a table: hidden, struck, merged, or in an odd format.

Facts about cells become findings, one for each kind and column, which name the cells.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Iterator

from flows.forms.form import Form
from flows.forms.note_clauses import find_meaning
from flows.forms.vocabulary import Context, Of
from flows.model.finding import Finding
from flows.model.period import Period
from flows.model.submission import letter_of
from flows.model.unit import find_unit, load_units
from flows.read.cell_facts import Range, SheetFacts
from flows.read.grid import Grid
from flows.read.layout import Layout, MakeFinding
from flows.read.merged_words import list_figures
from flows.read.unit_statements import find_stated_unit, is_another

_OF_PARTS = ("CELL-MARK", "CELL-STRUCK-PART", "CELL-HIDDEN-PART")  # of a text, which they quote
# asked of headings as well
_OF_HEADINGS = ("CELL-STRUCK", "CELL-STRUCK-PART", "CELL-HIDDEN", "CELL-HIDDEN-PART")
_OF_FIGURES = ("CELL-RAISED", "CELL-SHOWN", "CELL-WORDED")
_LISTED = 20  # cells that a finding names
_MARKED = 1_000  # and those that it is about


def find_cell_faults(
    form: Form, grid: Grid, layout: Layout, make: MakeFinding, asked: Period
) -> list[Finding]:
    """What there is to ask about the cells of one table of a workbook."""
    if grid.facts is None:
        return []
    table = CellTable(form, grid, layout, grid.facts, make)
    return [
        *table.ask_about_cells(),
        *table.ask_about_comments(asked),
        *table.ask_about_prompts(asked),
        *table.ask_about_merged(),
        *table.ask_about_rows(),
        *table.ask_about_columns(),
        *table.ask_about_conditions(),
    ]


@dataclasses.dataclass
class CellTable:
    """A table with what was gathered of its cells, and the findings about them."""

    form: Form
    grid: Grid
    layout: Layout
    facts: SheetFacts
    make: MakeFinding

    def __post_init__(self) -> None:
        """Which columns hold figures, and which field each is."""
        self.figures = list_figures(self.form, self.layout)
        self.names = {index: name for name, index in self.layout.indexes.items()}

    def ask_about_cells(self) -> Iterator[Finding]:
        """One finding for each kind and column."""
        groups: dict[tuple[str, int], list[tuple[int, str]]] = {}
        for code, row, column, detail in self.facts.cell_facts:
            if code == "CELL-UNREAD":
                yield self.make(code, sheet=self.grid.sheet)
            elif self.is_beside_the_point(code, column, detail):
                continue
            elif column in self.names and (
                self.holds(row) or (code in _OF_HEADINGS and self.heads(row))
            ):
                groups.setdefault((code, column), []).append((row, detail))
            elif code in ("CELL-STRUCK", "CELL-STRUCK-PART") and not self.heads(row):
                yield from self._ask_about_title(code, row, column, detail)
        for (code, column), cells in groups.items():
            if code == "CELL-MARK":
                self.layout.notes += [
                    f"{row + 1}: {letter_of(column)}{row + 1} {detail}" for row, detail in cells
                ]
            detail = cells[0][1]
            if code in _OF_PARTS:
                detail = "、".join(dict.fromkeys(mark for _, mark in cells[:_LISTED]))
            yield self.finding(code, column, [row for row, _ in cells], detail)

    def _ask_about_title(self, code: str, row: int, column: int, detail: str) -> Iterator[Finding]:
        """A title that is struck through: the table may be void, or of another span."""
        letter = letter_of(column)
        place = {"sheet": self.grid.sheet, "row": row + 1, "letter": letter}
        words = {"cells": f"{letter}{row + 1}", "detail_zh": detail, "detail_en": detail}
        for *at, text in self.layout.titles:
            if at == [row + 1, letter]:
                yield self.make(code, value=text, heading=text, **words, **place)

    def ask_about_comments(self, asked: Period) -> Iterator[Finding]:
        """Comments that give another meaning to what they stand at; others are kept as notes."""
        for _, row, column, text in self.facts.comments:
            if not text or column not in self.names or not (self.holds(row) or self.heads(row)):
                continue
            if self._says_otherwise(text, [row], column, asked):
                yield self.finding("CELL-COMMENT", column, [row], text)
            elif self.holds(row):
                self.layout.notes.append(f"{row + 1}: {letter_of(column)}{row + 1} {text}")

    def ask_about_prompts(self, asked: Period) -> Iterator[Finding]:
        """What is shown beside figures while they are filled in, where it gives them another
        meaning (`以万元填写`): once for each column.
        """
        for text in dict.fromkeys(text for _, text in self.facts.prompts):
            areas = [area for area, shown in self.facts.prompts if shown == text]
            for column in {
                c for c in self.figures.values() if any(a[1] <= c <= a[3] for a in areas)
            }:
                rows = [
                    row
                    for row in self.filled_rows(column)
                    if any(_is_within(area, row, column) for area in areas)
                ]
                if rows and self._says_otherwise(text, rows, column, asked):
                    yield self.finding("CELL-COMMENT", column, rows, text)

    def _says_otherwise(self, text: str, rows: list[int], column: int, asked: Period) -> bool:
        """Whether a comment or prompt gives what it stands at another meaning or unit."""
        of: Of = "growth" if self.names[column] == "growth_pct" else "level"
        beyond = self._beyond_the_form(text)
        meaning = find_meaning(beyond, Context(self.form, asked, "heading", of))
        at = self.layout.indexes.get("unit")
        by_unit = {self.text_at(row, at) if at is not None else None: row for row in rows}
        return bool(meaning) or any(
            self.is_of_another_unit(beyond, row, column) for row in by_unit.values()
        )

    def _beyond_the_form(self, comment: str) -> str:
        """A comment without what the form itself says of its lines, as our templates print it."""
        lines, columns = self.form.indicators, self.form.columns
        own = [(i.note, i.title) for i in lines] + [(c.note, c.title) for c in columns]
        words = {
            w for text in itertools.chain.from_iterable(own) if text for w in (text.zh, text.en)
        }
        for own_word in sorted(words, key=len, reverse=True):  # one may begin another
            comment = comment.replace(own_word, "")
        return comment

    def is_of_another_unit(self, comment: str, row: int, column: int) -> bool:
        """Whether a comment states a unit of the same kind as the figures', and is another."""
        stated = load_units().get(find_stated_unit(comment) or "")
        at = self.layout.indexes.get("unit")
        if stated is None or column not in (*self.figures.values(), at):
            return False
        rows = [row] if self.holds(row) else self.filled_rows(column)
        unit_texts = [self.text_at(r, at) for r in rows] if at is not None else []
        line = self.layout.unit_line
        unit_texts += [self.layout.headings[self.names[column]].unit, line.unit if line else None]
        used = [load_units()[unit] for text in unit_texts if text and (unit := find_unit(text))]
        differs = any(is_another(u, stated) for u in used)
        return differs and stated not in used

    def ask_about_merged(self) -> Iterator[Finding]:
        """Figures that stand in cells merged over rows, or over columns of figures."""
        columns = set(self.figures.values())
        for top, left, bottom, right in self.grid.merged:
            covered = [c for c in range(left, right + 1) if c in columns]
            if not covered or not self.holds(top) or self.text_at(top, left) is None:
                continue
            if bottom > top or len(covered) > 1:
                area = f"{letter_of(left)}{top + 1}:{letter_of(right)}{bottom + 1}"
                yield self.finding("CELL-MERGED", covered[0], [top], area, shown_at=left)

    def ask_about_rows(self) -> Iterator[Finding]:
        """Hidden rows that hold figures or their headings."""
        rows = [
            row
            for row in sorted(self.facts.hidden_rows)
            if self.heads(row)
            or (self.holds(row) and any(self.text_at(row, c) for c in self.figures.values()))
        ]
        if rows and self.figures:
            column = min(self.figures.values())
            listed = "、".join(str(row + 1) for row in rows[:_LISTED])
            detail = listed + ("…" if len(rows) > _LISTED else "")
            yield self.finding("ROW-HIDDEN", column, rows, detail)

    def ask_about_columns(self) -> Iterator[Finding]:
        """Hidden columns of figures, and of what says which they are and in what unit."""
        of_lines = self.form.kind == "indicator"
        telling = [c for n, c in self.layout.indexes.items() if n in ("indicator", "unit")]
        for column in [*self.figures.values(), *(telling if of_lines else ())]:
            if column in self.facts.hidden_columns:
                rows = self.filled_rows(column)
                if rows:
                    yield self.finding("COLUMN-HIDDEN", column, rows, letter_of(column))

    def ask_about_conditions(self) -> Iterator[Finding]:
        """Figures whose format depends on their value."""
        asked: set[tuple[int, str]] = set()
        for area, code in self.facts.conditional:
            for column in self.figures.values():
                rows = [r for r in self.filled_rows(column) if _is_within(area, r, column)]
                if rows and (column, code) not in asked:
                    asked.add((column, code))
                    yield self.finding("CELL-CONDITION", column, rows, code)

    def is_beside_the_point(self, code: str, column: int, detail: str) -> bool:
        """Whether a fact says nothing of this column: it holds no figures, or in the same unit."""
        if code == "CELL-UNIT":
            return not self.is_of_another_format(detail, column)
        return code in _OF_FIGURES and column not in self.figures.values()

    def is_of_another_format(self, shown: str, column: int) -> bool:
        """Whether a number format shows another unit than the heading of a register's column has;
        a figure of an indicator form with two units is held.
        """
        if self.form.kind != "register" or column not in self.figures.values():
            return False
        units, name = load_units(), self.names[column]
        unit = self.layout.headings[name].unit or self.form.column(name).unit
        heading_unit = units.get(unit or "")
        return heading_unit is not None and is_another(heading_unit, units[shown])

    def holds(self, row: int) -> bool:
        """Whether a row, counted from 0, is one of the table's data."""
        return self.layout.header_row <= row < self.layout.last_row

    def heads(self, row: int) -> bool:
        """Whether a row, counted from 0, is one of the table's headings."""
        return self.layout.first_header_row <= row + 1 <= self.layout.header_row

    def text_at(self, row: int, column: int) -> str | None:
        """What a cell shows."""
        table = self.grid.table
        if row >= table.num_rows or column >= table.num_columns:
            return None
        text: str | None = table.column(str(column))[row].as_py()
        return text

    def filled_rows(self, column: int) -> list[int]:
        """The rows of the table that are filled in a column."""
        start, length = self.layout.header_row, self.layout.last_row - self.layout.header_row
        below = self.grid.table.column(str(column)).slice(start, length)
        return [start + n for n, text in enumerate(below.to_pylist()) if text is not None]

    def finding(
        self,
        code: str,
        column: int,
        rows: list[int],
        detail: str,
        shown_at: int | None = None,
    ) -> Finding:
        """One finding about some cells of a column."""
        zh, _, en = detail.partition("|")
        at = column if shown_at is None else shown_at
        name, row = self.names[column], rows[0]
        heading = self.layout.headings[name].text
        made = self.make(
            code,
            sheet=self.grid.sheet,
            row=row + 1,
            letter=letter_of(at),
            value=self.text_at(row, at),
            heading=heading,
            cells=_list_cells(letter_of(at), rows),
            detail_zh=zh,
            detail_en=en or zh,
        )
        others = [f"{letter_of(at)}{other + 1}" for other in rows[1:_MARKED]]
        return dataclasses.replace(
            made,
            further_cells=", ".join(others) or None,
            column=name,
            heading=heading,
            row_key=self.name_of(row),
        )

    def name_of(self, row: int) -> str | None:
        """What a row is about, in the words of the sender."""
        parts = ["indicator"] if self.form.kind == "indicator" else self.form.key
        texts = [
            self.text_at(row, self.layout.indexes[part])
            for part in parts
            if part in self.layout.indexes
        ]
        return " · ".join(text or "…" for text in texts) or None


def _list_cells(letter: str, rows: Iterable[int]) -> str:
    cells = [f"{letter}{row + 1}" for row in rows]
    return "、".join(cells[:_LISTED]) + (f"…（{len(cells)}）" if len(cells) > _LISTED else "")


def _is_within(area: Range, row: int, column: int) -> bool:
    return area[0] <= row <= area[2] and area[1] <= column <= area[3]
