"""Workbooks whose cells say more than their text: the same sheet as XLSX, XLS and ODS, by hand.

A sheet is described once, cell by cell, and written in each format without any program, so that no
library stands between what is meant and what the file says.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

Look = tuple[str, bool, bool, bool]  # format code, struck through, white, raised


@dataclass(frozen=True)
class Cell:
    """A cell: what it stores, and how it is shown."""

    value: str | float | None
    code: str = "General"
    is_struck: bool = False
    is_white: bool = False
    is_raised: bool = False
    mark: str = ""  # raised behind its text
    struck: str = ""  # words before its text that are struck through
    unseen: str = ""  # words behind its text in white
    formula: str = ""
    shown: str = "…"  # of an ODS: the text that is kept beside a number
    kind: str = ""  # of an ODS: percentage, where its format does not say so

    @property
    def look(self) -> Look:
        """How it is shown."""
        return self.code, self.is_struck, self.is_white, self.is_raised


@dataclass
class Sheet:
    """A sheet: its cells, and what is merged or hidden (numbers of rows and columns from 0)."""

    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    conditional: tuple[str, str] | None = None  # area and format code, where it is above -1000
    rule_record: str = "CF"  # of an XLS: CF12, CFEx or CFEx+CF12 as Excel 2007 and later write them
    dimension: str = ""
    heights: dict[int, float] = field(default_factory=dict)  # of rows, in points
    footer: str = ""  # printed under its pages
    box: str = ""  # of text over the sheet
    drawn: tuple[str, str] | None = None  # area, and `dataBar` or `iconSet` without the number
    name: str = "表"
    prompt: tuple[str, str] | None = None  # area, and what is shown while it is filled in

    def cells(self) -> list[list[Cell]]:
        return [[c if isinstance(c, Cell) else Cell(c) for c in row] for row in self.rows]

    def styles(self) -> list[Look]:
        """Every look in use."""
        used = {c.look: None for row in self.cells() for c in row}
        return list({Cell(None).look: None, **used})


def zipped(parts: dict[str, str]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def letter(column: int) -> str:
    return chr(65 + column)


# --- XLSX -----------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_LINKS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def xlsx(sheet: Sheet, is_strict: bool = False, more_parts: dict[str, str] | None = None) -> bytes:
    main, links = (STRICT_MAIN, STRICT_LINKS) if is_strict else (MAIN, LINKS)
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name={quoteattr(sheet.name)} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{links}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": head + _xlsx_sheet(sheet, main),
        "xl/styles.xml": head + _xlsx_styles(sheet, main),
    }
    if sheet.box:
        drawing = "http://schemas.openxmlformats.org/drawingml/2006"
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
            f'{head}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{links}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
        )
        parts["xl/drawings/drawing1.xml"] = (
            f'{head}<xdr:wsDr xmlns:xdr="{drawing}/spreadsheetDrawing" xmlns:a="{drawing}/main"><xdr:oneCellAnchor><xdr:sp><xdr:txBody><a:p><a:r><a:t>{escape(sheet.box)}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:oneCellAnchor></xdr:wsDr>'
        )
    return zipped(parts | (more_parts or {}))


def _xlsx_styles(sheet: Sheet, main: str) -> str:
    styles = sheet.styles()
    codes = dict.fromkeys(code for code, *_ in styles if code != "General")
    number = {code: 164 + n for n, code in enumerate(codes)} | {"General": 0, "0%": 9, "0.00%": 10}
    formats = "".join(
        f'<numFmt numFmtId="{number[c]}" formatCode={quoteattr(c)}/>'
        for c in codes
        if number[c] > 163
    )
    fonts = [(s, w, False) for s in (False, True) for w in (False, True)]
    fonts += sorted({(s, w, r) for _, s, w, r in styles if r})
    font = "".join(
        "<font>"
        + "<strike/>" * s
        + '<sz val="11"/>'
        + '<color rgb="FFFFFFFF"/>' * w
        + '<name val="宋体"/>'
        + '<vertAlign val="superscript"/>' * r
        + "</font>"
        for s, w, r in fonts
    )
    xfs = "".join(
        f'<xf numFmtId="{number[c]}" fontId="{fonts.index((s, w, r))}" fillId="0" borderId="0" xfId="0"/>'
        for c, s, w, r in styles
    )
    dxf = (
        f'<dxfs count="1"><dxf><numFmt numFmtId="200" formatCode={quoteattr(sheet.conditional[1])}/></dxf></dxfs>'
        if sheet.conditional
        else ""
    )
    return (
        f'<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts><fonts>{font}</fonts>'
        '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders><border/></borders><cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f"<cellXfs>{xfs}</cellXfs>{dxf}</styleSheet>"
    )


def _xlsx_cell(place: str, style: int, cell: Cell) -> str:
    opening = f'<c r="{place}" s="{style}"'
    if cell.value is None:
        return f"{opening}/>"
    formula = f"<f>{escape(cell.formula)}</f>" if cell.formula else ""
    if cell.mark or cell.struck or cell.unseen:
        before = f"<r><rPr><strike/></rPr><t>{escape(cell.struck)}</t></r>" if cell.struck else ""
        behind = (
            f'<r><rPr><vertAlign val="superscript"/></rPr><t>{escape(cell.mark)}</t></r>'
            if cell.mark
            else ""
        )
        if cell.unseen:
            behind += f'<r><rPr><color rgb="FFFFFFFF"/></rPr><t>{escape(cell.unseen)}</t></r>'
        return f'{opening} t="inlineStr"><is>{before}<r><t>{escape(str(cell.value))}</t></r>{behind}</is></c>'
    if isinstance(cell.value, str):
        return f'{opening} t="inlineStr"><is><t>{escape(cell.value)}</t></is></c>'
    return f"{opening}>{formula}<v>{cell.value!r}</v></c>"


def _xlsx_sheet(sheet: Sheet, main: str) -> str:
    styles = sheet.styles()
    rows = "".join(
        f'<row r="{n + 1}"'
        + ' hidden="1"' * (n in sheet.hidden_rows)
        + (f' ht="{sheet.heights[n]}" customHeight="true"' if n in sheet.heights else "")
        + ">"
        + "".join(
            _xlsx_cell(f"{letter(i)}{n + 1}", styles.index(c.look), c) for i, c in enumerate(cells)
        )
        + "</row>"
        for n, cells in enumerate(sheet.cells())
    )
    columns = "".join(
        f'<col min="{n + 1}" max="{n + 1}" width="9" hidden="1"/>'
        for n in sorted(sheet.hidden_columns)
    )
    merged = "".join(
        f'<mergeCell ref="{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"/>'
        for top, left, bottom, right in sheet.merged
    )
    conditional = (
        f'<conditionalFormatting sqref="{sheet.conditional[0]}"><cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"><formula>-1000</formula></cfRule></conditionalFormatting>'
        if sheet.conditional
        else ""
    )
    return (
        f'<worksheet xmlns="{main}">'
        + (f'<dimension ref="{sheet.dimension}"/>' if sheet.dimension else "")
        + (f"<cols>{columns}</cols>" if columns else "")
        + f"<sheetData>{rows}</sheetData>"
        + (f"<mergeCells>{merged}</mergeCells>" if merged else "")
        + conditional
        + _xlsx_drawn(sheet)
        + _xlsx_prompt(sheet)
        + (
            f"<headerFooter><oddFooter>&amp;C{escape(sheet.footer)}</oddFooter></headerFooter>"
            if sheet.footer
            else ""
        )
        + "</worksheet>"
    )


def _xlsx_drawn(sheet: Sheet) -> str:
    if sheet.drawn is None:
        return ""
    area, kind = sheet.drawn
    icons = ' iconSet="3Arrows"' if kind == "iconSet" else ""
    rule = f'<{kind}{icons} showValue="0"><cfvo type="percent" val="0"/><cfvo type="percent" val="33"/><cfvo type="percent" val="67"/></{kind}>'
    return f'<conditionalFormatting sqref="{area}"><cfRule type="{kind}" priority="1">{rule}</cfRule></conditionalFormatting>'


def _xlsx_prompt(sheet: Sheet) -> str:
    if sheet.prompt is None:
        return ""
    area, text = sheet.prompt
    return f'<dataValidations count="1"><dataValidation type="decimal" showInputMessage="1" promptTitle="提示" prompt={quoteattr(text)} sqref="{area}"><formula1>-1000000</formula1><formula2>1000000</formula2></dataValidation></dataValidations>'


# --- XLS: BIFF8 records in a compound file ----------------------------------------------------------


def xls(sheet: Sheet) -> bytes:
    return _compound(_biff(sheet))


def _record(kind: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack("<HH", kind, len(body)) + body


def _wide(text: str, size: str = "<H") -> bytes:
    return struct.pack(size, len(text)) + b"\1" + text.encode("utf-16-le")


def _biff(sheet: Sheet) -> bytes:
    styles = sheet.styles()
    codes = list(dict.fromkeys(code for code, *_ in styles if code != "General"))
    fonts = [(s, w, 0) for s in (False, True) for w in (False, True)] + [
        (False, False, 1),
        (True, False, 0),
        (False, True, 0),
    ]
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0x41, 0x0606))
    head = start + _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, struct.pack("<H", 0))
    for struck, white, raised in fonts:
        colour = 9 if white else 0x7FFF
        head += _record(
            0x0031,
            struct.pack("<HHHHHBBBB", 220, 8 * struck, colour, 400, raised, 0, 0, 134, 0),
            _wide("宋体", "<B"),
        )
    for n, code in enumerate(codes):
        head += _record(0x041E, struct.pack("<H", 164 + n), _wide(code))
    for code, struck, white, is_raised in [Cell(None).look] * 16 + styles:
        font = 5 if is_raised else fonts.index((struck, white, 0))  # the fifth is never counted
        head += _record(
            0x00E0,
            struct.pack(
                "<HHHBBBBIIH", font, 164 + codes.index(code) if code in codes else 0,
                1, 0x20, 0, 0, 0xFC, 0, 0, 0x20C0,
            ),
        )  # fmt: skip
    name = _wide(sheet.name, "<B")
    bound = _record(0x0085, struct.pack("<IBB", 0, 0, 0), name)
    offset = len(head) + len(bound) + 4
    bound = _record(0x0085, struct.pack("<IBB", offset, 0, 0), name)
    return head + bound + _record(0x000A) + _biff_sheet(sheet, styles)


def _biff_sheet(sheet: Sheet, styles: list[Look]) -> bytes:
    rows = sheet.cells()
    width = max(map(len, rows))
    body = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0x41, 0x0606))
    if sheet.footer:
        body += _record(0x0015, _wide(f"&C{sheet.footer}"))
    for n in sorted(sheet.hidden_columns):
        body += _record(0x007D, struct.pack("<HHHHHH", n, n, 2304, 15, 1, 0))
    body += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for n in range(len(rows)):
        height = int(sheet.heights.get(n, 12.75) * 20)
        flags = 0x100 | (0x20 if n in sheet.hidden_rows else 0)
        body += _record(0x0208, struct.pack("<HHHHHHI", n, 0, width, height, 0, 0, flags))
    for n, cells in enumerate(rows):
        for i, cell in enumerate(cells):
            xf = 16 + styles.index(cell.look)
            body += _biff_cell(struct.pack("<HHH", n, i, xf), cell)
    if sheet.merged:
        areas = b"".join(struct.pack("<HHHH", t, b, left, r) for t, left, b, r in sheet.merged)
        body += _record(0x00E5, struct.pack("<H", len(sheet.merged)), areas)
    if sheet.conditional:
        body += _biff_condition(*sheet.conditional, sheet.rule_record)
    body += _biff_prompt(*sheet.prompt) if sheet.prompt else b""
    body += _biff_drawn(*sheet.drawn) if sheet.drawn else b""
    if sheet.box:
        body += _biff_object(6, sheet.box) + _biff_object(0x19, "2021年1-9月")
    return body + _record(0x000A)


def _biff_prompt(area: str, text: str) -> bytes:
    """A rule of validity that shows a message: any decimal, from 0 up."""
    letters, rows = zip(*((c[0], int(c[1:]) - 1) for c in area.split(":")), strict=True)
    where = struct.pack("<HHHHH", 1, *rows, *(ord(c) - 65 for c in letters))
    texts = b"".join(_wide(part) for part in ("提示", "\0", text, "\0"))
    formula = b"\x1e\0\0"
    formulas = struct.pack("<HH", len(formula), 0) + formula + struct.pack("<HH", 0, 0)
    lists = struct.pack("<HIIII", 4, 0, 0, 0xFFFFFFFF, 1)
    return _record(0x01B2, lists) + _record(0x01BE, struct.pack("<I", 0x6C0102), texts, formulas, where)  # fmt: skip


def _biff_object(kind: int, text: str) -> bytes:
    """An object of a kind (a box, or a comment that belongs to no cell) with its text in two pieces."""
    pieces = (text[:1], text[1:])
    return (
        _record(0x005D, struct.pack("<HHHHH12s", 0x15, 18, kind, 1, 0x6011, b""), bytes(4))
        + _record(0x01B6, struct.pack("<HH6sHHI", 0x0212, 0, b"", len(text), 16, 0))
        + b"".join(_record(0x003C, b"\1", piece.encode("utf-16-le")) for piece in pieces)
        + _record(0x003C, struct.pack("<HHIHHI", 0, 0, 0, len(text), 0, 0))
    )


def _biff_condition(area: str, code: str, record: str) -> bytes:
    """One rule, value > -1000, and what it does: a format code, `strike`, or `red`."""
    letters, rows = zip(*((c[0], int(c[1:]) - 1) for c in area.split(":")), strict=True)
    left, right = (ord(c) - 65 for c in letters)
    where = struct.pack("<HHHH", rows[0], rows[1], left, right)
    head = struct.pack("<HH", 1, 7 << 1 | 1) + where + struct.pack("<H", 1) + where
    if code in ("strike", "red"):
        font = bytearray(118)
        struct.pack_into("<i", font, 64, -1)
        struct.pack_into("<I", font, 68, 0x80 if code == "strike" else 0)
        struct.pack_into("<I", font, 80, 10 if code == "red" else 0xFFFFFFFF)
        struct.pack_into("<I", font, 88, 0 if code == "strike" else 0x80)
        flags, changed = (0x1 << 26, 0), bytes(font)
    else:
        text = _wide(code)
        flags, changed = (0x1 << 25, 1), struct.pack("<H", len(text) + 2) + text
    formula = b"\x1e\xe8\x03\x13"  # 1000, and the sign before it
    first, change = (
        struct.pack("<BBHH", 1, 5, len(formula), 0),
        struct.pack("<IH", *flags) + changed,
    )
    nothing = struct.pack("<IH", 0, 0)
    sized = struct.pack("<I", len(change)) + change
    active = struct.pack("<HBHHB", 0, 0, 1, 0, 0)  # no formula of its own, the first of the rules
    later = _future(0x087A, where, first, sized, formula, active)
    if record == "CF12":
        return _future(0x0879, where, head) + later
    plain = _record(0x01B0, head) + _record(0x01B1, first, nothing, formula)
    if record == "CFEx+CF12":  # a further rule of the same cells
        return plain + _future(0x087B, where, struct.pack("<IH", 1, 7)) + later
    if record == "CFEx":  # the same rule, with what it does
        about = struct.pack("<IHHBBHBB", 0, 7, 0, 5, 0, 1, 1, 1)
        return plain + _future(0x087B, where, about, sized, bytes(17))
    return _record(0x01B0, head) + _record(0x01B1, first, change, formula)


def _biff_drawn(area: str, kind: str) -> bytes:
    """A bar or an icon without the number, as Excel 2007 writes it."""
    letters, rows = zip(*((c[0], int(c[1:]) - 1) for c in area.split(":")), strict=True)
    left, right = (ord(c) - 65 for c in letters)
    where = struct.pack("<HHHH", rows[0], rows[1], left, right)
    head = struct.pack("<HH", 1, 9 << 1 | 1) + where + struct.pack("<H", 1) + where
    is_bar = kind == "dataBar"
    rule = struct.pack("<BBHH", 4 if is_bar else 6, 0, 0, 0) + struct.pack("<IH", 0, 0)
    rule += struct.pack("<HBHHB", 0, 0, 1, 0, 16) + bytes(16)
    drawn = bytes((0, 0, 0, 0, 10, 90)) if is_bar else bytes((0, 0, 0, 3, 0, 1))
    return _future(0x0879, where, head) + _future(0x087A, where, rule, drawn)


def _future(kind: int, where: bytes, *parts: bytes) -> bytes:
    """A record of Excel 2007 and later: its kind and its cells once more before what it says."""
    return _record(kind, struct.pack("<HH", kind, 1), where, *parts)


def _biff_cell(place: bytes, cell: Cell) -> bytes:
    if cell.value is None:
        return _record(0x0201, place)
    if cell.mark or cell.struck or cell.unseen:  # the fifth font is left out of the count
        text = f"{cell.struck}{cell.value}{cell.mark}{cell.unseen}"
        runs = [(0, 6), (len(cell.struck), 0)] if cell.struck else []
        runs += [(len(text) - len(cell.mark), 5)] if cell.mark else []
        runs += [(len(text) - len(cell.unseen), 7)] if cell.unseen else []
        packed = b"".join(struct.pack("<HH", at, font) for at, font in runs)
        return _record(0x00D6, place, _wide(text), struct.pack("<H", len(runs)), packed)
    if isinstance(cell.value, str):
        return _record(0x0204, place, _wide(cell.value))
    if cell.formula:
        return _record(0x0006, place, struct.pack("<dHIH", cell.value, 0, 0, 3), b"\x1e\1\0")
    return _record(0x0203, place, struct.pack("<d", cell.value))


def _compound(stream: bytes) -> bytes:
    """One stream `Workbook` in a compound file of sectors of 512 bytes."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % 512)
    sectors = len(stream) // 512
    assert sectors + 2 <= 128, "one sector holds the table"
    table = [*range(1, sectors), -2, -2, -3] + [-1] * (128 - sectors - 2)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack(
        "<HHHHH6sIIiIIiIiI", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, sectors, 0, 4096, -2, 0, -2, 0
    )
    head += struct.pack("<109i", sectors + 1, *[-1] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le") + b"\0\0"
        return coded.ljust(64, b"\0") + struct.pack(
            "<HBBiii16sIQQiQ",
            len(coded) if name else 0,
            kind,
            1,
            -1,
            -1,
            child,
            b"",
            0,
            0,
            0,
            start,
            size,
        )

    folder = (
        entry("Root Entry", 5, 1, -2, 0)
        + entry("Workbook", 2, -1, 0, len(stream))
        + entry("", 0, -1, 0, 0) * 2
    )
    return head + stream + folder + struct.pack("<128i", *table)


# --- ODS --------------------------------------------------------------------------------------------

SHUT = ' table:visibility="collapse"'
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
        ("fo", "xsl-fo-compatible"),
    )
)
DRAWS = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(sheet: Sheet) -> bytes:
    styles = sheet.styles()
    numbers = {code: f"N{n}" for n, code in enumerate(dict.fromkeys(code for code, *_ in styles))}
    automatic = "".join(
        _ods_number(name, code) for code, name in numbers.items() if code != "General"
    )
    for n, (code, struck, white, is_raised) in enumerate(styles):
        data = f' style:data-style-name="{numbers[code]}"' if code != "General" else ""
        line = ' style:text-line-through-style="solid"' if struck else ""
        colour = ' fo:color="#ffffff"' if white else ""
        colour += ' style:text-position="super 58%"' if is_raised else ""
        automatic += f'<style:style style:name="ce{n}" style:family="table-cell"{data}><style:text-properties{line}{colour}/></style:style>'
    automatic += '<style:style style:name="up" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    automatic += '<style:style style:name="line" style:family="text"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    for n, height in sheet.heights.items():
        automatic += f'<style:style style:name="ro{n}" style:family="table-row"><style:table-row-properties style:row-height="{height}pt"/></style:style>'
    if any(cell.unseen for row in sheet.cells() for cell in row):
        automatic += '<style:style style:name="pale" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style>'
    if sheet.conditional:
        automatic += _ods_number("NC", sheet.conditional[1])
        automatic += '<style:style style:name="condition" style:family="table-cell" style:data-style-name="NC"/>'
    owned = ' table:style-name="ta1"' if sheet.footer else ""
    if sheet.footer:
        automatic += (
            '<style:style style:name="ta1" style:family="table" style:master-page-name="own"/>'
        )
    width = max(map(len, sheet.rows))
    columns = "".join(
        "<table:table-column" + SHUT * (n in sheet.hidden_columns) + "/>" for n in range(width)
    )
    body = "".join(_ods_row(sheet, n, cells, styles) for n, cells in enumerate(sheet.cells()))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}{DRAWS * bool(sheet.drawn or sheet.conditional)} office:version="1.2"><office:automatic-styles>{automatic}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{_ods_validity(sheet)}<table:table table:name={quoteattr(sheet.name)}{owned}>{_ods_box(sheet)}{columns}{body}{_ods_rules(sheet)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    printed = f"<style:header><text:p><text:sheet-name>2021年</text:sheet-name></text:p></style:header><style:footer><style:region-center><text:p>{escape(sheet.footer)}</text:p></style:region-center></style:footer>"
    pages = f'<?xml version="1.0" encoding="UTF-8"?><office:document-styles {SPACES} office:version="1.2"><office:master-styles><style:master-page style:name="own" style:page-layout-name="pm1">{printed}<style:footer-left style:display="false"><text:p>单位：万元</text:p></style:footer-left></style:master-page></office:master-styles></office:document-styles>'
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    return zipped(parts | ({"styles.xml": pages} if sheet.footer else {}))


def _ods_box(sheet: Sheet) -> str:
    if not sheet.box:
        return ""
    return f'<table:shapes><draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><draw:text-box><text:p>{escape(sheet.box)}</text:p></draw:text-box></draw:frame></table:shapes>'


def _ods_rules(sheet: Sheet) -> str:
    rules = []
    if sheet.drawn:
        name = "data-bar" if sheet.drawn[1] == "dataBar" else "icon-set"
        rules.append((sheet.drawn[0], f'<calcext:{name} calcext:show-value="false"/>'))
    if sheet.conditional:
        rule = '<calcext:condition calcext:apply-style-name="condition" calcext:value="&gt;-1000"/>'
        rules.append((sheet.conditional[0], rule))
    made = ""
    for area, rule in rules:
        first, last = area.split(":")
        made += f'<calcext:conditional-format calcext:target-range-address="表.{first}:表.{last}">{rule}</calcext:conditional-format>'
    return f"<calcext:conditional-formats>{made}</calcext:conditional-formats>" if made else ""


def _ods_validity(sheet: Sheet) -> str:
    if sheet.prompt is None:
        return ""
    return f'<table:content-validations><table:content-validation table:name="val1"><table:help-message table:title="提示" table:display="true"><text:p>{escape(sheet.prompt[1])}</text:p></table:help-message></table:content-validation></table:content-validations>'


def _ods_is_prompted(sheet: Sheet, row: int, column: int) -> bool:
    if sheet.prompt is None:
        return False
    first, last = sheet.prompt[0].split(":")
    return first[0] <= letter(column) <= last[0] and int(first[1:]) <= row + 1 <= int(last[1:])


def _ods_row(sheet: Sheet, n: int, cells: list[Cell], styles: list[Look]) -> str:
    spans = {(t, left): (b - t + 1, r - left + 1) for t, left, b, r in sheet.merged}
    tiny = f' table:style-name="ro{n}"' * (n in sheet.heights)
    row = "<table:table-row" + tiny + SHUT * (n in sheet.hidden_rows) + ">"
    for i, cell in enumerate(cells):
        down, across = spans.get((n, i), (1, 1))
        span = (
            f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            if (down, across) != (1, 1)
            else ""
        )
        style = f' table:style-name="ce{styles.index(cell.look)}"{span}'
        style += ' table:content-validation-name="val1"' * _ods_is_prompted(sheet, n, i)
        if cell.value is None:
            row += f"<table:table-cell{style}/>"
        elif isinstance(cell.value, str) or cell.mark or cell.struck or cell.unseen:
            before = (
                f'<text:span text:style-name="line">{escape(cell.struck)}</text:span>'
                if cell.struck
                else ""
            )
            behind = (
                f'<text:span text:style-name="up">{escape(cell.mark)}</text:span>'
                if cell.mark
                else ""
            )
            if cell.unseen:
                behind += f'<text:span text:style-name="pale">{escape(cell.unseen)}</text:span>'
            row += f'<table:table-cell{style} office:value-type="string"><text:p>{before}{escape(str(cell.value))}{behind}</text:p></table:table-cell>'
        else:
            kind = cell.kind or ("percentage" if re.search(r"0%", cell.code) else "float")
            formula = f' table:formula="of:={escape(cell.formula)}"' if cell.formula else ""
            row += f'<table:table-cell{style}{formula} office:value-type="{kind}" office:value="{cell.value!r}"><text:p>{escape(cell.shown)}</text:p></table:table-cell>'
    return row + "</table:table-row>"


def _ods_number(name: str, code: str) -> str:
    """The style of a format code: sections become maps, as LibreOffice writes them."""
    sections = code.split(";")
    conditions = {1: [], 2: ["value()&gt;=0"], 3: ["value()&gt;0", "value()&lt;0"]}[
        min(len(sections), 3)
    ]
    maps = ""
    made = ""
    for n, condition in enumerate(conditions):
        made += _ods_section(f"{name}P{n}", sections[n], "")
        maps += f'<style:map style:condition="{condition}" style:apply-style-name="{name}P{n}"/>'
    return made + _ods_section(name, sections[len(conditions)], maps)


def _ods_section(name: str, section: str, maps: str) -> str:
    parts, kind = "", "percentage-style" if re.search(r"0%", section) else "number-style"
    for word, colour, places, percent, other in re.findall(
        r'"([^"]*)"|\[(Red|红色)\]|([0#.,]+)|(%)|\\?(.)', re.sub(r"_.", " ", section)
    ):
        if colour:
            parts += '<style:text-properties fo:color="#ff0000"/>'
        elif places:
            decimals = len(places.partition(".")[2].rstrip(","))
            factor = (
                f' number:display-factor="{1000 ** (len(places) - len(places.rstrip(",")))}"'
                if places.endswith(",")
                else ""
            )
            parts += f'<number:number number:decimal-places="{decimals}" number:min-decimal-places="{decimals}" number:min-integer-digits="1"{factor}/>'
        else:
            parts += f"<number:text>{escape(word or percent or other)}</number:text>"
    return f'<number:{kind} style:name="{name}">{parts}{maps}</number:{kind}>'


WRITERS: dict[str, Callable[[Sheet], bytes]] = {"xlsx": xlsx, "xls": xls, "ods": ods}
