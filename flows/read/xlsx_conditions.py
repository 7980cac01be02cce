"""Conditional formats of an XLSX: where they apply, and what they make of a figure.

Only what makes a figure another than it is counts: a number format, letters that are struck through
or cannot be seen, and a bar or an icon that stands in place of the number. What Excel 2010 added
(`x14:conditionalFormatting`) names its cells behind its rules, and has their formats within.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from flows.model.submission import index_of
from flows.read.cell_facts import BAR_ALONE, Range, SheetFacts
from flows.read.xlsx_styles import change_of

ALL_COLUMNS = 1 << 14
_ALL_ROWS = 1 << 20
_DRAWN = ("dataBar", "iconSet")
_OFF = ("0", "false", "off")
_OF_FORMATS = ("dxf", "numFmt", "font", "fill", "patternFill", "bgColor", "fgColor", "color")


class XlsxConditions:
    """Follows the elements of conditional formats, and adds to the facts of a sheet."""

    def __init__(self, facts: SheetFacts, changes: tuple[str | None, ...]) -> None:
        self.facts = facts
        self.changes = changes  # what each of the workbook's formats for conditions shows otherwise
        self.areas: list[Range] = []  # of the format being read
        self.waiting: list[str] = []  # what it shows, until its cells are named
        self.format: list[ElementTree.Element] = []  # within a rule: the elements open

    def open(self, attributes: dict[str, str]) -> None:
        """A conditional format opens."""
        areas = map(read_range, attributes.get("sqref", "").split())
        self.areas, self.waiting, self.format = [area for area in areas if area], [], []

    def start(self, name: str, attributes: dict[str, str]) -> bool:
        """An element opens; whether it is one of a conditional format."""
        if name == "cfRule":
            number = attributes.get("dxfId", "")
            is_known = number.isdecimal() and int(number) < len(self.changes)
            self.add(self.changes[int(number)] if is_known else None)
        elif name in _DRAWN:
            self.add(BAR_ALONE if attributes.get("showValue", "1") in _OFF else None)
        elif name == "dxf":
            self.end_format()
            self.format = [ElementTree.Element(name)]
        elif self.format and name in (*_OF_FORMATS, "strike"):
            self.read_format(name, attributes)
        else:
            return name == "sqref"
        return True

    def read_format(self, name: str, attributes: dict[str, str]) -> None:
        """An element of a format within a rule: below the font, the fill, or what fills."""
        top = self.format[0]
        if name in ("numFmt", "font", "fill"):
            self.format = [top, ElementTree.SubElement(top, name, attributes)]
        elif len(self.format) > 1:
            parent = self.format[-1] if name != "patternFill" else self.format[1]
            made = ElementTree.SubElement(parent, name, attributes)
            self.format += [made] if name == "patternFill" else []

    def add(self, change: str | None) -> None:
        """Keep what a rule shows otherwise; where, is known now or when the format closes."""
        if change is None:
            return
        if self.areas:
            self.facts.conditional += [(area, change) for area in self.areas]
        else:
            self.waiting.append(change)

    def close(self, cells: str) -> None:
        """The cells of the format being read are named, behind its rules."""
        self.end_format()
        areas = [area for area in map(read_range, cells.split()) if area]
        self.facts.conditional += [(area, change) for area in areas for change in self.waiting]
        self.waiting = []

    def end_format(self) -> None:
        """What the format within a rule shows otherwise, once all of it is read."""
        if self.format and (change := change_of(self.format[0])):
            self.waiting.append(change)
        self.format = []


def read_range(text: str) -> Range | None:
    """`B2:C9`, `B2`, `B:C` or `2:9` as rows and columns from 0."""
    first, _, last = text.partition(":")
    ends = [_read_corner(first, 0, 0), _read_corner(last or first, _ALL_ROWS - 1, ALL_COLUMNS - 1)]
    if ends[0] is None or ends[1] is None:
        return None
    (top, left), (bottom, right) = ends[0], ends[1]
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _read_corner(text: str, row: int, column: int) -> tuple[int, int] | None:
    match = re.fullmatch(r"\$?([A-Za-z]{0,3})\$?(\d{0,7})", text)
    if match is None or not text:
        return None
    return (
        int(match[2]) - 1 if match[2] else row,
        index_of(match[1].upper()) if match[1] else column,
    )
