"""Facts about the cells of an XLSX, from the XML of its sheets, in one pass and little memory."""

from __future__ import annotations

import posixpath
import zipfile
from xml.etree import ElementTree
from xml.parsers import expat

from flows.model.submission import index_of
from flows.read import limits
from flows.read.cell_facts import WIDTH, SheetFacts, Style, TextRun, is_too_small, keep_odd
from flows.read.colours import WHITE
from flows.read.once import check_once
from flows.read.xlsx_conditions import ALL_COLUMNS, XlsxConditions, read_range
from flows.read.xlsx_notes import plain_header, read_boxes, read_comments, read_prompts
from flows.read.xlsx_styles import (
    RunReader,
    Styles,
    feed,
    is_true,
    local_name,
    read_rich_texts,
    read_styles,
)

_PRINTED = frozenset(
    f"{pages}{place}" for pages in ("odd", "even", "first") for place in ("Header", "Footer")
)
_DIGITS = "0123456789"
_NUMERIC = (None, "n")
_POINTS_OF_A_LETTER = 5  # in which the width of a column is counted


def read_xlsx_facts(parts: zipfile.ZipFile) -> dict[str, SheetFacts]:
    """The facts of every sheet by its name. Raises UnreadableError where a sheet is too large."""
    names = set(parts.namelist())
    styles, texts = read_styles(parts), read_rich_texts(parts)
    facts = {}
    for title, part in list_parts(parts).items():
        if part in names:
            facts[title] = _Scanner(title, styles, texts).scan(parts, part)
            facts[title].comments = read_comments(parts, part)
            facts[title].page_headers += read_boxes(parts, part)
        else:
            facts[title] = SheetFacts(title, is_unread=True)
    return facts


def list_parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive in which each sheet of an XLSX stands."""
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= set(parts.namelist()):
        return {}
    targets = {
        r.get("Id"): r.get("Target", "")
        for r in ElementTree.fromstring(limits.read_part(parts, "xl/_rels/workbook.xml.rels"))
    }
    listed = {}
    for sheet in ElementTree.fromstring(limits.read_part(parts, "xl/workbook.xml")).iter():
        if local_name(sheet.tag) == "sheet":
            link = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
            target = targets.get(link, "")
            base = "/" if target.startswith("xl/") else "/xl"  # some programs count from the root
            path = posixpath.normpath(posixpath.join(base, target))
            listed[sheet.get("name", "")] = path.lstrip("/")
    return listed


class _Scanner:
    """One pass over the XML of a sheet. Only cells of which there is something to say cost time."""

    def __init__(self, name: str, styles: Styles, texts: dict[str, tuple[TextRun, ...]]) -> None:
        self.facts = SheetFacts(name)
        self.styles, self.texts = styles, texts
        self.telling: dict[str, Style] = {
            str(n): style for n, style in enumerate(styles.cells) if not style.is_plain
        }
        self.letters: dict[str, int] = {}
        self.names: dict[str, str] = {}
        self.row, self.column = -1, -1
        self.kind: str | None = None
        self.style: Style | None = None
        self.formula: str | None = None
        self.value: str | None = None  # text of the cell's value, where it is needed
        self.has_cell = self.is_filled = False  # within a cell, and one that holds something
        self.is_open = False  # texts of the cell were collected
        self.header = ""  # text of the page's header being read
        self.into = ""  # `f`, `v` or `header` while its text is collected
        self.runs: RunReader | None = None
        self.conditions = XlsxConditions(self.facts, styles.conditional)
        self.height: str | None = None  # of rows that have none of their own
        self.is_narrow = False  # columns that have no width of their own
        self.wide: set[int] = set()  # columns that have one
        self.number = "0"  # of the cell's style
        self.last, self.is_disordered = -1, False  # the last cell, and any before the last
        self.places: set[int] | None = None  # those filled, in a second pass over such a sheet

    def scan(self, parts: zipfile.ZipFile, part: str) -> SheetFacts:
        """The facts of the sheet in a part of the archive."""
        self.walk(parts, part)
        facts = self.facts
        limits.check_extent(facts.name, facts.rows, facts.columns, facts.filled)
        if self.is_disordered:
            again = _Scanner(facts.name, self.styles, self.texts)
            again.places = set()
            again.walk(parts, part)
        if self.is_narrow:
            facts.hidden_columns |= set(range(facts.columns)) - self.wide
        facts.clip()
        return facts

    def walk(self, parts: zipfile.ZipFile, part: str) -> None:
        """Pass over all of the part."""
        self.parser = parser = expat.ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self.start
        feed(parser, parts, part)
        self.finish()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens: the commonest first."""
        name = self.names.get(tag)
        if name is None:
            name = self.names[tag] = local_name(tag)
        if self.runs is not None:
            self.runs.start(name, attributes)
        elif name == "c":
            self.open_cell(attributes)
        elif name == "v":
            self.open_value()
        elif name == "row":
            self.finish()
            self.open_row(attributes)
        elif name == "f" and self.has_cell:
            self.fill()
            self.formula = ""
            self.collect("f")
        elif name == "is":
            self.fill()
        elif name == "r" and self.has_cell:
            self.runs = RunReader()
            self.runs.start(name, attributes)
            self.parser.CharacterDataHandler = self.runs.say
            self.parser.EndElementHandler = self.end
        else:
            self.start_other(name, attributes)

    def start_other(self, name: str, attributes: dict[str, str]) -> None:
        """An element beside the cells."""
        facts = self.facts
        if name != "t":  # the cells are behind; `f` may be a formula of something else
            self.finish()
        if name == "col":
            self.open_column(attributes)
        elif name in ("dataValidation", "sheetFormatPr"):
            self.read_settings(name, attributes)
        elif name == "mergeCell":
            if area := read_range(attributes.get("ref", "")):
                facts.merged.append(area)
        elif name == "conditionalFormatting":
            self.conditions.open(attributes)
        elif self.conditions.start(name, attributes):
            if name == "sqref":
                self.collect(name)
        elif name in _PRINTED:
            self.header = ""
            self.collect("header")

    def open_column(self, attributes: dict[str, str]) -> None:
        """A column, or several alike."""
        is_shut = is_true(attributes.get("hidden")) or is_too_small(
            attributes.get("width"), _POINTS_OF_A_LETTER, is_extent=True
        )
        columns = self.facts.hidden_columns if is_shut else self.wide
        first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
        columns.update(range(first - 1, min(last, ALL_COLUMNS)))

    def read_settings(self, name: str, attributes: dict[str, str]) -> None:
        """What cells show while they are filled in; the height and width of rows and columns that
        have none of their own.
        """
        if name == "dataValidation":
            self.facts.prompts += read_prompts(attributes)
            return
        if is_true(attributes.get("customHeight")):
            self.height = attributes.get("defaultRowHeight")
        width = attributes.get("defaultColWidth")
        self.is_narrow = is_too_small(width, _POINTS_OF_A_LETTER, is_extent=True)

    def open_row(self, attributes: dict[str, str]) -> None:
        """A row opens; one without a number follows the last."""
        number = attributes.get("r")
        self.row = int(number) - 1 if number else self.row + 1
        self.column = -1
        height = attributes.get("ht", self.height)
        if is_true(attributes.get("hidden")) or is_too_small(height, is_extent=True):
            self.facts.hidden_rows.add(self.row)

    def open_cell(self, attributes: dict[str, str]) -> None:
        """A cell opens; one without a place follows the last."""
        if self.is_open:
            self.finish()
        self.has_cell, self.is_filled = True, False
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            letters = place.rstrip(_DIGITS)
            column = self.letters.get(letters)
            if column is None:
                column = self.letters[letters] = index_of(letters.upper())
            self.column = column
            self.row = int(place[len(letters) :]) - 1
        self.kind = attributes.get("t")
        self.number = attributes.get("s", "0")
        self.style = self.telling.get(self.number) if self.telling else None

    def open_value(self) -> None:
        """The value of a cell opens; its text is collected where the library may not tell it."""
        self.fill()
        kind = self.kind
        if kind == "e" or self.formula is not None or (kind == "s" and self.texts):
            self.value = ""
            self.collect("v")

    def fill(self) -> None:
        """The cell holds something: count it once, and keep its style."""
        if self.is_filled:
            return
        self.is_filled = True
        self.facts.reach(self.row, self.column)
        position = self.row * WIDTH + self.column
        self.is_disordered |= position <= self.last
        self.last = position
        if self.places is not None:
            check_once(self.facts.name, position, self.places)
        if self.style is not None:
            self.facts.add(position, self.style)

    def collect(self, into: str) -> None:
        """Take the text of an element until it closes."""
        self.into, self.is_open = into, True
        self.parser.CharacterDataHandler = self.say
        self.parser.EndElementHandler = self.end

    def say(self, text: str) -> None:
        """Characters of a formula or a value."""
        if self.into == "header":
            self.header += text
        elif self.into == "f":
            self.formula = (self.formula or "") + text
        else:
            self.value = (self.value or "") + text

    def end(self, tag: str) -> None:
        """An element closes whose text was collected."""
        name = local_name(tag)
        if self.runs is not None:
            self.runs.end(name)
            if name not in ("is", "c"):
                return
            self.keep_runs(self.row * WIDTH + self.column, self.runs.marked)
            self.runs = None
        elif self.into == "header":
            self.facts.page_headers += plain_header(self.header)
            self.is_open = False
        elif name == self.into == "sqref":
            self.conditions.close(self.value or "")
            self.value, self.is_open = None, False
        elif name != self.into:
            return
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

    def finish(self) -> None:
        """A cell whose texts were collected is complete: what it holds in place of a value."""
        self.has_cell = False
        if not self.is_open:
            return
        position = self.row * WIDTH + self.column
        value = (self.value or "").strip()
        if self.kind == "e" and value:
            self.facts.faults[position] = value
        elif self.formula is not None and self.kind != "str" and not value:
            # a formula that gives no text is blank, and means it
            self.facts.faults[position] = "=" + (self.formula.strip() or "…")
        elif self.kind == "s" and value in self.texts:
            self.keep_runs(position, self.texts[value])
        self.is_open = False
        self.formula = self.value = None

    def keep_runs(self, position: int, runs: tuple[TextRun, ...] | None) -> None:
        """Keep a text written in several ways, where there is something to say of one of them."""
        grounds, number = self.styles.grounds, int(self.number) if self.number.isdecimal() else 0
        ground = grounds[number] if number < len(grounds) else WHITE
        if odd := keep_odd(runs or (), ground):
            self.facts.runs[position] = odd
