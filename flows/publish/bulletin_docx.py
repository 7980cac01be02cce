"""A bulletin as DOCX, for the office to edit: headings, paragraphs and tables of Word's own."""

from __future__ import annotations

import copy
import functools
import html
import io
import zipfile
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from flows.publish.bulletin_document import Document, DocumentTable, Runs

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
_PROPERTIES = """<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<cp:coreProperties
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
><dc:title>{title}</dc:title><dc:creator>jibao</dc:creator></cp:coreProperties>"""


def write_docx(document: Document) -> bytes:
    """The file; equal documents give equal bytes."""
    word, entries = _empty(document.lang)
    for element in list(word.element.body)[:-1]:  # of the document before; the last is the section
        word.element.body.remove(element)
    _fill(word, document)
    title = html.escape(document.title, quote=False)
    written = {_BODY: word.part.blob, _CORE: _PROPERTIES.format(title=title).encode()}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (entries | written).items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return sink.getvalue()


def _fill(word: WordDocument, document: Document) -> None:
    _add(word, "Subtitle", document.kind)
    _add(word, "Title", document.title)
    _add(word, "Subtitle", "  ·  ".join(document.status))
    for table in document.tables:
        _add(word, "Heading1", table.heading)
        if table.titles == 2:
            for sentence in document.changes:
                _add_runs(word.add_paragraph(), sentence)
        _add_table(word, table)
    indent = Pt(21) if document.lang == "zh" else None
    for section in document.sections:
        _add(word, "Heading1", section.heading)
        for sentence in section.sentences:
            paragraph = word.add_paragraph()
            paragraph.paragraph_format.first_line_indent = indent
            _add_runs(paragraph, sentence)
    for note in document.notes:
        _add_runs(_add(word, "Caption"), note)
    _add(word, "Heading1", document.sources.heading)
    _add_table(word, document.sources)
    for line in document.verification:
        _add(word, "Caption", line)


@functools.cache
def _empty(lang: str) -> tuple[WordDocument, dict[str, bytes]]:
    """A document with the styles and without a word, and the entries of its file: to open and to
    write one takes longer than to fill it.
    """
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
        return word, {name: archive.read(name) for name in archive.namelist()}


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


def _add(word: WordDocument, style: str, text: str = "") -> Paragraph:
    """A paragraph of a style, by its id: a look for its name would take longer than all else."""
    paragraph = word.add_paragraph(text)
    paragraph._p.style = style
    return paragraph


def _add_runs(paragraph: Paragraph, runs: Runs) -> None:
    for text, is_above in runs:
        run = paragraph.add_run(text)
        if is_above:
            run.font.superscript = run.font.italic = True


def _add_table(word: WordDocument, table: DocumentTable) -> None:
    """A table with rules above, below and under its headings, which each page repeats."""
    made = word.add_table(rows=len(table.rows) + 1, cols=len(table.columns))
    made.autofit = True
    properties = made._tbl.tblPr
    borders = _element("w:tblBorders")
    for side, size in (("top", 8), ("insideH", 2), ("bottom", 8)):
        borders.append(_element(f"w:{side}", val="single", sz=str(size), space="0", color="5D6670"))
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    widths = [Cm(width) for width in _WIDTHS[len(table.columns), table.titles]]
    header = made.rows[0]._tr.get_or_add_trPr()
    header.append(_element("w:tblHeader"))
    heading: list[Runs] = [[(column, False)] for column in table.columns]
    written = [heading, *([cell.runs for cell in row] for row in table.rows)]
    for number, (line, element) in enumerate(zip(written, made._tbl.tr_lst, strict=True)):
        element.get_or_add_trPr().append(_element("w:cantSplit"))
        for at, (runs, cell) in enumerate(zip(line, element.tc_lst, strict=True)):
            cell.width = widths[at]
            paragraph = Paragraph(cell.p_lst[0], made)
            paragraph.paragraph_format.space_after = Pt(2)
            if at >= table.titles:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _add_runs(paragraph, runs)
            for run in paragraph.runs:
                run.font.size = Pt(7 if table.titles == len(table.columns) and at == 2 else 9)
                run.font.bold = True if number == 0 else None


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), value)
    return element
