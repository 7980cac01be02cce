"""A bulletin as DOCX, for the office to edit: headings, paragraphs and tables of Word's own.

python-docx makes the file with its styles, once a language; what a bulletin says is written as XML
between, in a tenth of the time that objects for each of its runs would take.
"""

from __future__ import annotations

import copy
import functools
import io
import math
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from flows.publish.bulletin_document import Document, DocumentTable, Runs
from flows.workbook.xml import write_text

# what every Chinese Word has; another program takes what it has in their place
_SERIF, _SANS, _LATIN = "宋体", "黑体", "Times New Roman"
_INK, _QUIET, _ACCENT = (RGBColor.from_string(c) for c in ("1D2126", "5D6670", "8C1D18"))
_STYLES = {  # of Word: font, size in points, above, below, colour
    "Normal": (_SERIF, 10.5, 0, 4, _INK),
    "Title": (_SANS, 20, 6, 4, _INK),
    "Heading 1": (_SANS, 14, 16, 6, _INK),
    "Subtitle": (_SANS, 9, 0, 6, _QUIET),
    "Caption": (_SERIF, 9, 0, 3, _QUIET),
}
_TWIPS = 1440 / 2.54  # in a cm
_WIDTH = round(21 * _TWIPS) - 2 * round(2.6 * _TWIPS)  # of the text
# of the columns in cm, by how many there are and how many of them are text
_WIDTHS = {
    (2, 1): (10.8, 5),
    (3, 1): (8.2, 4.6, 3),
    (3, 3): (6, 2.6, 7.2),
    (4, 1): (6.8, 3, 3, 3),
    (5, 1): (5.8, 2.5, 2.5, 2.5, 2.5),
    (5, 2): (2.2, 5.2, 2.4, 2.4, 3.6),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of each entry of the file: equal documents give equal bytes
_BODY, _CORE = "word/document.xml", "docProps/core.xml"
_SECTION = "<w:sectPr"  # the last of a body: the page
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="5D6670"/>'
    for side, size in (("top", 8), ("insideH", 2), ("bottom", 8))
)
_TABLE = (
    f'<w:tbl><w:tblPr><w:tblW w:type="auto" w:w="0"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
    '<w:tblLayout w:type="autofit"/><w:tblLook w:firstColumn="1" w:firstRow="1" w:lastColumn="0"'
    ' w:lastRow="0" w:noHBand="0" w:noVBand="1" w:val="04A0"/></w:tblPr>'
)
_PROPERTIES = """<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<cp:coreProperties
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
><dc:title>{title}</dc:title><dc:creator>jibao</dc:creator></cp:coreProperties>"""


def write_docx(document: Document) -> bytes:
    """The file; equal documents give equal bytes."""
    entries = _empty(document.lang)
    above, section, below = entries[_BODY].decode().partition(_SECTION)
    title = write_text(document.title)
    written = {
        _BODY: "".join((above, *_write_body(document), section, below)).encode(),
        _CORE: _PROPERTIES.format(title=title).encode(),
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (entries | written).items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return sink.getvalue()


def _write_body(document: Document) -> Iterator[str]:
    """The paragraphs and tables, one after the other."""
    yield _write_styled("Subtitle", document.kind)
    yield _write_styled("Title", document.title)
    yield _write_styled("Subtitle", "  ·  ".join(document.status))
    for table in document.tables:
        yield _write_styled("Heading1", table.heading)
        if table.titles == 2:
            for sentence in document.changes:
                yield _write_paragraph("", sentence)
        yield from _write_table(table)
    indent = f'<w:ind w:firstLine="{20 * 21}"/>' if document.lang == "zh" else ""
    for section in document.sections:
        yield _write_styled("Heading1", section.heading)
        for sentence in section.sentences:
            yield _write_paragraph(f"<w:pPr>{indent}</w:pPr>" if indent else "<w:pPr/>", sentence)
    for note in document.notes:
        yield _write_paragraph(_style("Caption"), note)
    yield _write_styled("Heading1", document.sources.heading)
    yield from _write_table(document.sources)
    for line in document.verification:
        yield _write_styled("Caption", line)


@functools.cache
def _empty(lang: str) -> dict[str, bytes]:
    """The entries of the file of a document with the styles and without a word."""
    word = docx.Document()
    for name, (font, size, above, below, colour) in _STYLES.items():
        style = word.styles[name]
        if not isinstance(style, ParagraphStyle):
            raise TypeError(f"{name} is no style of paragraphs")
        _set_font(style, font, size, colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = (
            Pt(above),
            Pt(below),
        )
        style.paragraph_format.keep_with_next = name.startswith("Heading")
    properties = word.styles["Normal"].element.get_or_add_rPr()
    properties.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.4)
    _number_pages(section.footer.paragraphs[0], lang)
    sink = io.BytesIO()
    word.save(sink)
    with zipfile.ZipFile(sink) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _set_font(style: ParagraphStyle, font: str, size: float, colour: RGBColor) -> None:
    style.font.name, style.font.size, style.font.color.rgb = _LATIN, Pt(size), colour
    style.font.italic, style.font.bold = False, font == _SANS and size > 10
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in list(fonts.attrib):  # a font of the theme would have precedence
        del fonts.attrib[name]
    for name, family in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), family)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:  # the blue line below Word's own title
        borders.getparent().remove(borders)


def _number_pages(paragraph: Paragraph, lang: str) -> None:
    before, between, after = ("第 ", " 页，共 ", " 页") if lang == "zh" else ("Page ", " of ", "")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, code in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        paragraph.add_run(text).font.size = Pt(9)
        if code:
            field = _element("w:fldSimple", instr=code)
            field.append(copy.deepcopy(paragraph.add_run("1").element))
            paragraph.runs[-1].element.getparent().replace(paragraph.runs[-1].element, field)


def _style(name: str) -> str:
    return f'<w:pPr><w:pStyle w:val="{name}"/></w:pPr>'


def _write_styled(style: str, text: str) -> str:
    """A paragraph of a style, by its id."""
    return _write_paragraph(_style(style), [(text, False)] if text else [])


def _write_paragraph(properties: str, runs: Runs, look: tuple[str, str] = ("", "")) -> str:
    """A paragraph; `look` is what all its runs look like, before and after what is above the
    line, for Word wants the properties of a run in their order.
    """
    return f"<w:p>{properties}{''.join(_write_run(*run, look) for run in runs)}</w:p>"


def _write_run(text: str, is_above: bool, look: tuple[str, str]) -> str:
    first, last = look
    if is_above:
        first, last = f"{first}<w:i/>", f'{last}<w:vertAlign w:val="superscript"/>'
    properties = f"<w:rPr>{first}{last}</w:rPr>" if first or last else ""
    space = ' xml:space="preserve"' if text.strip() != text else ""
    return f"<w:r>{properties}<w:t{space}>{write_text(text)}</w:t></w:r>"


def _write_table(table: DocumentTable) -> Iterator[str]:
    """A table with rules above, below and under its headings, which each page repeats."""
    count = len(table.columns)
    yield f"{_TABLE}<w:tblGrid>"
    yield f'<w:gridCol w:w="{math.ceil(_WIDTH / count - 0.5)}"/>' * count
    yield "</w:tblGrid>"
    heading: list[Runs] = [[(column, False)] for column in table.columns]
    yield from _write_row(table, heading, "<w:tblHeader/>", "<w:b/>")
    for row in table.rows:
        yield from _write_row(table, [cell.runs for cell in row], "", "")
    yield "</w:tbl>"


def _write_row(table: DocumentTable, line: list[Runs], kind: str, weight: str) -> Iterator[str]:
    count = len(table.columns)
    yield f"<w:tr><w:trPr>{kind}<w:cantSplit/></w:trPr>"
    for at, (runs, width) in enumerate(zip(line, _WIDTHS[count, table.titles], strict=True)):
        size = 7 if table.titles == count and at == 2 else 9
        side = '<w:jc w:val="right"/>' if at >= table.titles else ""
        yield f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{round(width * _TWIPS)}"/></w:tcPr>'
        yield _write_paragraph(
            f'<w:pPr><w:spacing w:after="40"/>{side}</w:pPr>',
            runs,
            (weight, f'<w:sz w:val="{2 * size}"/>'),
        )
        yield "</w:tc>"
    yield "</w:tr>"


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element
