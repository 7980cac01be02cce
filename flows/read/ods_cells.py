"""Facts about the cells of an ODS, from its `content.xml`, in one pass and in little memory."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from xml.parsers import expat

from flows.model.submission import index_of
from flows.read import limits
from flows.read.cell_facts import (
    BAR_ALONE,
    WIDTH,
    Fact,
    Range,
    SheetFacts,
    Style,
    TextRun,
    keep_odd,
    without_author,
)
from flows.read.ods_pages import OdsPages
from flows.read.ods_prompts import OdsPrompts
from flows.read.ods_styles import OdsStyles
from flows.read.shown_text import is_text_of
from flows.read.xlsx_styles import feed, local_name

_CELLS = ("table-cell", "covered-table-cell")
_BOXES = ("frame", "custom-shape")  # of text over the sheet
_SHUT = ("collapse", "filter")
_NUMBERS = ("float", "percentage", "currency")


def read_ods_facts(parts: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """The facts of every sheet by its name. Raises UnreadableError where a sheet is too large."""
    scanner = _Scanner()
    for part in ("styles.xml", "content.xml"):
        if part in parts.namelist():
            scanner.scan(parts, part)
    for facts in scanner.sheets.values():
        limits.check_extent(facts.name, facts.rows, facts.columns, facts.filled)
        facts.clip()
    return scanner.sheets


def _list_areas(addresses: str) -> list[Range]:
    """`表.D2:表.D4 表.F2` as rows and columns."""
    corners = re.findall(
        r"\.\$?([A-Z]{1,3})\$?(\d{1,7})(?::[^\s:]*?\.\$?([A-Z]{1,3})\$?(\d{1,7}))?", addresses
    )
    return [
        (int(top) - 1, index_of(left), int(bottom or top) - 1, index_of(right or left))
        for left, top, right, bottom in corners
    ]


class _Scanner:
    """Follows rows and cells, of which one may stand for many alike."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetFacts] = {}
        self.styles, self.pages, self.prompts = OdsStyles(), OdsPages(), OdsPrompts()
        self.around = (self.styles, self.pages, self.prompts)  # follow what stands around the cells
        self.facts: SheetFacts | None = None
        self.in_body = False
        self.row, self.rows = 0, 1  # the row being read, and how many it stands for
        self.column = 0
        self.row_style: str | None = None
        self.column_styles: list[tuple[int, str | None]] = []  # up to which column, and the style
        self.columns_seen = 0
        self.attributes: dict[str, str] = {}
        self.texts: list[str] = []
        self.spans: list[TextRun] = []  # how the text within is written
        self.runs: list[TextRun] = []
        self.collects = False
        self.comment: list[str] | None = None  # the paragraphs of the one being read
        self.box: list[str] | None = None  # the paragraphs of the one being read
        self.areas: list[Range] = []  # of the conditional format being read

    def scan(self, parts: zipfile.ZipFile, part: str) -> None:
        """Read one part of the archive."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.say
        feed(parser, parts, part)

    def start(self, tag: str, sent: dict[str, str]) -> None:
        """An element opens."""
        name = local_name(tag)
        attributes = {local_name(k): v for k, v in sent.items()}
        if name == "table" and self.in_body:
            title = attributes.get("name", "")
            self.facts = self.sheets.setdefault(title, SheetFacts(title))
            self.facts.page_headers = self.pages.printed(attributes.get("style-name"))
            self.row = self.columns_seen = 0
            self.column_styles = []
        elif name == "spreadsheet":
            self.in_body = True
        elif not self.in_body or self.facts is None:
            for part in self.around:
                part.start(name, attributes)
        elif name == "table-column":
            self.open_column(self.facts, attributes)
        elif name == "table-row":
            self.open_row(self.facts, attributes)
        elif name in _CELLS:
            self.open_cell(sent, attributes)
        else:
            self.start_within(self.facts, name, attributes)

    def start_within(self, facts: SheetFacts, name: str, attributes: dict[str, str]) -> None:
        """An element within a cell, or below the rows."""
        if name in _BOXES:
            self.box = []
        elif name == "p" and self.box is not None:
            self.box.append("")
        elif name == "annotation":
            self.comment = []
        elif name == "p" and self.comment is not None:
            self.comment.append("")
        elif name == "conditional-format":
            self.areas = _list_areas(attributes.get("target-range-address", ""))
        elif name in ("data-bar", "icon-set") and attributes.get("show-value") == "false":
            facts.conditional += [(area, BAR_ALONE) for area in self.areas]
        elif name == "condition" and self.areas:
            change = self.styles.change_of(attributes.get("apply-style-name"))
            facts.conditional += [(area, change) for area in self.areas if change]
        elif name == "span" and self.collects and self.attributes["value-type"] not in _NUMBERS:
            self.spans.append(self.styles.looks_of(attributes.get("style-name")))

    def open_column(self, facts: SheetFacts, attributes: dict[str, str]) -> None:
        """A column, or several alike."""
        count = int(attributes.get("number-columns-repeated", 1))
        is_shut = attributes.get("visibility") in _SHUT
        if is_shut or self.styles.hides(attributes.get("style-name")):
            last = min(self.columns_seen + count, WIDTH)
            facts.hidden_columns.update(range(self.columns_seen, last))
        self.columns_seen += count
        self.column_styles.append((self.columns_seen, attributes.get("default-cell-style-name")))

    def open_row(self, facts: SheetFacts, attributes: dict[str, str]) -> None:
        """A row, or several alike."""
        self.rows = int(attributes.get("number-rows-repeated", 1))
        self.column = 0
        self.row_style = attributes.get("default-cell-style-name")
        is_shut = attributes.get("visibility") in _SHUT
        if is_shut or self.styles.hides(attributes.get("style-name")):
            last = min(self.row + self.rows, limits.limit_of("rows"))
            facts.hidden_rows.update(range(self.row, last))

    def open_cell(self, sent: dict[str, str], attributes: dict[str, str]) -> None:
        """A cell, or several alike; what it holds is known when it closes."""
        self.attributes = attributes
        types = {v for k, v in sent.items() if local_name(k) == "value-type"}
        self.attributes["value-type"] = "error" if "error" in types else next(iter(types), "")
        kind = self.attributes["value-type"]
        self.collects = kind in ("error", *_NUMBERS) or (kind == "string" and self.styles.has_marks)
        self.texts, self.spans, self.runs = [], [], []

    def say(self, text: str) -> None:
        """Characters within an element."""
        if self.box is not None:
            if self.box:
                self.box[-1] += text
            return
        if self.comment is not None:
            if self.comment:  # the day and the author stand before the first paragraph
                self.comment[-1] += text
            return
        if not self.collects:
            for part in self.around:
                part.say(text)
            return
        self.texts.append(text)
        looks = self.spans[-1] if self.spans else TextRun("")
        self.runs.append(looks._replace(text=text))

    def end(self, tag: str) -> None:
        """An element closes."""
        name = local_name(tag)
        if not self.in_body or self.facts is None:
            for part in self.around:
                part.end(name)
        elif name in _BOXES and self.box is not None:
            self.facts.page_headers += tuple(text.strip() for text in self.box if text.strip())
            self.box = None
        elif name == "annotation":
            text = without_author("\n".join(self.comment or []))
            self.facts.comments.append(Fact("CELL-COMMENT", self.row, self.column, text))
            self.comment = None
        elif name in _CELLS:
            self.close_cell(self.facts)
        elif name == "span" and self.spans:
            self.spans.pop()
        elif name == "table-row":
            self.row += self.rows
        elif name == "table":
            self.facts = None

    def close_cell(self, facts: SheetFacts) -> None:
        """Keep what there is to say of a cell, at each place it stands for."""
        attributes, count = self.attributes, int(self.attributes.get("number-columns-repeated", 1))
        first, self.column = self.column, self.column + count
        self.collects = False
        down = int(attributes.get("number-rows-spanned", 1))
        across = int(attributes.get("number-columns-spanned", 1))
        if down > 1 or across > 1:
            facts.merged.append((self.row, first, self.row + down - 1, first + across - 1))
        if prompt := self.prompts.texts.get(attributes.get("content-validation-name", "")):
            facts.add_prompt((self.row, first, self.row + self.rows - 1, self.column - 1), prompt)
        kind = attributes["value-type"]
        if not kind:
            return
        facts.reach(self.row, first)
        facts.rows = max(facts.rows, self.row + self.rows)
        facts.columns = max(facts.columns, self.column)
        style_name = self.style_name_at(first)
        style, text = self.styles.style_of(style_name), "".join(self.texts).strip()
        if kind == "percentage" and "%" not in style.code:  # as programs show one without a format
            style = dataclasses.replace(style, code="0.00%")
        runs = self.odd_runs(style_name)
        is_other = (
            kind in _NUMBERS
            and bool(text)
            and not is_text_of(text, attributes.get("value", ""), style.code)
        )
        if style.is_plain and kind != "error" and not runs and not is_other:
            return
        # before many are written down, the sheet has to be of a size to be read
        limits.check_extent(facts.name, facts.rows, facts.columns, facts.filled)
        for row in range(self.row, self.row + self.rows):
            for column in range(first, self.column):
                self.keep(facts, row * WIDTH + column, style, text if kind == "error" else "", runs)
                if is_other:
                    facts.cell_facts.append(Fact("CELL-SHOWN", row, column, text))

    def keep(
        self,
        facts: SheetFacts,
        position: int,
        style: Style,
        error: str,
        runs: tuple[TextRun, ...] | None,
    ) -> None:
        """What there is to say of one place."""
        if not style.is_plain:
            facts.add(position, style)
        if error:
            facts.faults[position] = error
        elif runs:
            facts.runs[position] = runs

    def odd_runs(self, style_name: str | None) -> tuple[TextRun, ...] | None:
        """The stretches of the cell's text, where there is something to say of one of them."""
        if not any(run.is_odd or run.colour for run in self.runs):
            return None
        return keep_odd(self.runs, self.styles.ground_of(style_name))

    def style_name_at(self, column: int) -> str | None:
        """The cell's own style, or that of its row, or of its column."""
        own = self.attributes.get("style-name") or self.row_style
        if own is None:
            own = next((style for end, style in self.column_styles if column < end), None)
        return own
