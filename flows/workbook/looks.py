"""How cells look: fonts, fills, borders, places, formats; and the part of a file that says so."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from flows.workbook.xml import HEAD, MAIN


class Font(NamedTuple):
    """A font; without a color it is the program's own."""

    name: str = "Calibri"
    size: float = 11
    is_bold: bool = False
    color: str = ""
    is_underlined: bool = False


class Side(NamedTuple):
    """A line of a border."""

    line: str
    color: str


class Border(NamedTuple):
    """The lines around a cell."""

    left: Side | None = None
    right: Side | None = None
    top: Side | None = None
    bottom: Side | None = None


class Place(NamedTuple):
    """Where a text stands in its cell."""

    horizontal: str = ""
    vertical: str = ""
    is_wrapped: bool = False
    indent: int = 0


class Style(NamedTuple):
    """All that is said of the looks of a cell. `is_quoted`: a program shows it as text, whatever it
    begins with.
    """

    font: Font = Font()
    fill: str = ""
    border: Border = Border()
    place: Place = Place()
    number_format: str = "General"
    is_quoted: bool = False


PLAIN = Style()
_FIRST_OWN_FORMAT = 164  # numbers below it are of formats that programs know
_KNOWN_FORMATS = {"General": 0, "@": 49}
_PATTERNS = {"": "none", "gray": "gray125"}  # which programs take the first two fills for
_BASE = 'fillId="0" borderId="0"'


class Styles:
    """The styles of a workbook, numbered as they are first asked for."""

    def __init__(self) -> None:
        self._numbers = {PLAIN: 0}

    def number_of(self, style: Style) -> int:
        """The number by which a cell names its style."""
        return self._numbers.setdefault(style, len(self._numbers))

    def write(self) -> str:
        """The part `xl/styles.xml`."""
        fonts, borders = {PLAIN.font: 0}, {PLAIN.border: 0}
        fills = {pattern: number for number, pattern in enumerate(_PATTERNS)}
        formats = dict(_KNOWN_FORMATS)
        cells = []
        for style in self._numbers:
            font = fonts.setdefault(style.font, len(fonts))
            fill = fills.setdefault(style.fill, len(fills))
            border = borders.setdefault(style.border, len(borders))
            own = _FIRST_OWN_FORMAT + len(formats) - len(_KNOWN_FORMATS)
            number = formats.setdefault(style.number_format, own)
            quoted = ' quotePrefix="1"' if style.is_quoted else ""
            cells.append(
                f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" '
                f'xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1"'
                f"{quoted}{_write_place(style.place)}"
            )
        own_formats = (
            f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
            for code, number in formats.items()
            if number >= _FIRST_OWN_FORMAT
        )
        parts = (
            _list("numFmts", own_formats),
            _list("fonts", map(_write_font, fonts)),
            _list("fills", map(_write_fill, fills)),
            _list("borders", map(_write_border, borders)),
            _list("cellStyleXfs", [f'<xf numFmtId="0" fontId="0" {_BASE}/>']),
            _list("cellXfs", cells),
            _list("cellStyles", ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
        )
        return f"{HEAD}<styleSheet {MAIN}>{''.join(parts)}</styleSheet>"


def _list(tag: str, items: Iterable[str]) -> str:
    listed = list(items)
    return f'<{tag} count="{len(listed)}">{"".join(listed)}</{tag}>' if listed else ""


def write_color(color: str) -> str:
    """A color of a font or a line."""
    return f'<color rgb="00{color}"/>' if color else ""


@functools.cache
def _write_font(font: Font) -> str:
    marks = ("<b/>" if font.is_bold else "") + ("<u/>" if font.is_underlined else "")
    size, color = f'<sz val="{font.size:g}"/>', write_color(font.color)
    return f'<font>{marks}{size}{color}<name val="{escape(font.name)}"/></font>'


@functools.cache
def _write_fill(color: str) -> str:
    if color in _PATTERNS:
        return f'<fill><patternFill patternType="{_PATTERNS[color]}"/></fill>'
    return f'<fill><patternFill patternType="solid"><fgColor rgb="00{color}"/></patternFill></fill>'


@functools.cache
def _write_border(border: Border) -> str:
    lines = (
        f'<{name} style="{side.line}">{write_color(side.color)}</{name}>' if side else f"<{name}/>"
        for name, side in zip(Border._fields, border, strict=True)
    )
    return f"<border>{''.join(lines)}<diagonal/></border>"


@functools.cache
def _write_place(place: Place) -> str:
    """The end of a cell's style."""
    if place == PLAIN.place:
        return "/>"
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in (
            ("horizontal", place.horizontal),
            ("vertical", place.vertical),
            ("wrapText", int(place.is_wrapped)),
            ("indent", place.indent),
        )
        if value
    )
    return f' applyAlignment="1"><alignment{attributes}/></xf>'
