"""The bulletin as DOCX and PDF, read back by libraries that did not write them."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pypdf
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.publish import bulletin_pdf
from flows.publish.bulletin_document import Document, arrange_document
from flows.publish.bulletin_docx import write_docx
from flows.publish.bulletin_files import can_write_pdf, file_names, render_file, write_documents
from flows.publish.bulletin_numbers import plain
from flows.publish.bulletin_parts import LANGUAGES, BulletinParts, arrange, compose
from flows.publish.bulletin_pdf import NoChineseFontError, write_pdf
from flows.publish.bulletin_rows import Pages, read_pages
from tests.office import HAS_WRITER, convert

ZONE = ("150571", "2022Q3")
KEY = "ab" * 32
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
with_font = pytest.mark.skipif(not can_write_pdf(), reason="no Chinese font here")


@pytest.fixture(scope="module")
def pages(readers: duckdb.DuckDBPyConnection) -> Pages:
    return read_pages(readers, [ZONE])


@pytest.fixture(scope="module")
def parts(pages: Pages) -> BulletinParts:
    composed = compose(pages, ZONE, "internal")
    assert composed
    return composed


def words_of(element: ElementTree.Element) -> str:
    return "".join(text.text or "" for text in element.iter(f"{W}t"))


def body_of(docx: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        assert archive.testzip() is None
        body = ElementTree.fromstring(archive.read("word/document.xml")).find(f"{W}body")
    assert body is not None
    return body


def pdf_text(pdf: bytes) -> str:
    """Without white space, for a line of a PDF ends where it is full, and without the foot of a page."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    text = "\n".join(page.extract_text() for page in reader.pages)
    text = re.sub(r"Page\s+\d+\s+of\s+\d+|第\s*\d+\s*页[,，/\s]*共\s*\d+\s*页", "", text)
    return re.sub(r"\s+", "", text)


def sentences_of(parts: BulletinParts, lang: str) -> list[str]:
    title, sections, notes = arrange(plain(parts.texts[lang]))
    return [title, *(s for heading, found in sections for s in (heading, *found)), *notes]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_docx_says_what_the_text_says_in_headings_paragraphs_and_tables(
    parts: BulletinParts, lang: str
) -> None:
    body = body_of(write_docx(arrange_document(parts, lang, KEY)))
    paragraphs = [(p.find(f"{W}pPr/{W}pStyle"), words_of(p)) for p in body if p.tag == f"{W}p"]
    told = [text for _, text in paragraphs]
    assert not [s for s in sentences_of(parts, lang) if s not in told]
    headings = [text for style, text in paragraphs if style is not None and style.get(f"{W}val") == "Heading1"]  # fmt: skip
    assert len(headings) == 4 + 16 + 1  # tables, sections, sources
    headline, sectors, nation, stages, sources = (
        [[words_of(cell) for cell in row.iter(f"{W}tc")] for row in table.iter(f"{W}tr")]
        for table in body.iter(f"{W}tbl")
    )
    gdp = (["地区生产总值", "107.92 亿元", "+3.4%"], ["Gross regional product (GDP)", "10.792 billion yuan", "+3.4%"])  # fmt: skip
    assert headline[1] == gdp[lang == "en"] and len(headline) == 11
    assert [row[1:] for row in sectors[1:]] == [["1.3", "+4.1", "+0.1"], ["36.2", "+2.7", "+1.0"], ["62.4", "+3.8", "+2.4"]]  # fmt: skip
    assert nation[1][1:] == ["+3.4", "+3.2", "+0.2"] and len(nation) > 4
    assert [row[1] for row in stages[1:]] == ["7", "4", "2", "2", "1", "1", "4", "1"]
    assert len(sources) >= 19 and all(len(row[2]) == 64 for row in sources[1:])
    assert KEY in told[-1]


@pytest.mark.torture
@pytest.mark.skipif(not HAS_WRITER, reason="LibreOffice Writer is not installed here")
def test_an_office_program_opens_a_docx_and_shows_every_sentence(
    parts: BulletinParts, tmp_path: Path
) -> None:
    for lang in LANGUAGES:
        docx = tmp_path / f"{lang}.docx"
        docx.write_bytes(write_docx(arrange_document(parts, lang, KEY)))
        shown = pdf_text(convert(docx, "pdf", tmp_path).read_bytes())
        sentences = ["".join(sentence.split()) for sentence in sentences_of(parts, lang)]
        assert len(sentences) > 16 and not [s for s in sentences if s not in shown]
        assert ("107.92亿元" if lang == "zh" else "10.792billionyuan") in shown


def test_a_docx_is_set_in_chinese_fonts_and_repeats_headings(parts: BulletinParts) -> None:
    made = write_docx(arrange_document(parts, "zh", None))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        styles = ElementTree.fromstring(archive.read("word/styles.xml"))
        properties = archive.read("docProps/core.xml").decode()
        footer = next(n for n in archive.namelist() if "footer" in n)
        assert "PAGE" in archive.read(footer).decode()
    fonts = {
        style.get(f"{W}styleId"): style.find(f"{W}rPr/{W}rFonts") for style in styles.iter(f"{W}style")
    }  # fmt: skip
    for style, font in (("Normal", "宋体"), ("Heading1", "黑体"), ("Title", "黑体")):
        found = fonts[style]
        assert found is not None and found.get(f"{W}eastAsia") == font
        assert found.get(f"{W}eastAsiaTheme") is None, "a font of the theme has precedence"
    assert "通辽经济技术开发区2022年1-9月" in properties
    assert len(list(body_of(made).iter(f"{W}tblHeader"))) == 5


@with_font
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pdf_says_what_the_text_says(parts: BulletinParts, lang: str) -> None:
    pdf = write_pdf(arrange_document(parts, lang, KEY))
    text = pdf_text(pdf)
    assert not [s for s in sentences_of(parts, lang) if re.sub(r"\s+", "", s) not in text]
    assert ("107.92亿元+3.4%" if lang == "zh" else "10.792billionyuan+3.4%") in text
    assert "�" not in text and KEY in text
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata and reader.metadata.title == arrange_document(parts, lang, KEY).title
    assert 2 <= len(reader.pages) <= 4


def test_a_character_that_xml_cannot_hold_is_the_replacement_one(parts: BulletinParts) -> None:
    """A file with one in its name left the bulletin unmade, run after run."""
    document = arrange_document(parts, "zh", KEY)
    document.title = f"甲\x1b{document.title}"
    document.notes[0] = [("乙\uffff", False)]
    document.sources.rows[0][0] = dataclasses.replace(
        document.sources.rows[0][0], runs=[("丙\x01", False)]
    )
    word = zipfile.ZipFile(io.BytesIO(write_docx(document)))
    body = "".join(ElementTree.fromstring(word.read("word/document.xml")).itertext())
    assert all(f"{letter}\ufffd" in body for letter in "甲乙丙")
    ElementTree.fromstring(word.read("docProps/core.xml"))


@with_font
def test_equal_documents_give_equal_bytes(parts: BulletinParts) -> None:
    for write in (write_docx, write_pdf):
        first = write(arrange_document(parts, "zh", KEY))
        write(arrange_document(parts, "en", None))
        assert write(arrange_document(parts, "zh", KEY)) == first


def test_numbers_of_a_document_come_from_the_rows_alone(pages: Pages, parts: BulletinParts) -> None:
    """Another number in the row is another in the document, wherever it stands; and there is none besides."""
    figures = [
        row | {"number_zh": "777.77"} if row["bulletin_line"] == "gdp" else row
        for row in pages.figures[ZONE]
    ]
    altered = compose(dataclasses.replace(pages, figures={ZONE: figures}), ZONE, "internal")
    assert altered
    written = words_of(body_of(write_docx(arrange_document(altered, "zh", KEY))))
    assert written.count("777.77") == 2 and "107.92" not in written

    document = arrange_document(parts, "zh", None)
    said = Counter(NUMBER.findall("".join(_runs(document))))
    given = {printed.digits for printed in parts.accessor.printed}
    assert set(said) <= given | {"2022", "1", "9"}, "what was not given out, but for the span"


def _runs(document: Document) -> list[str]:
    cells = [cell.runs for table in document.tables for row in table.rows for cell in row]
    sentences = [runs for section in document.sections for runs in section.sentences]
    return [text for runs in (*cells, *sentences) for text, _ in runs]


def test_where_there_is_no_chinese_font_no_pdf_is_made_and_it_is_said(
    parts: BulletinParts, warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst

    bare = typst.Fonts(include_system_fonts=False)
    bulletin_pdf.chinese_font.cache_clear()
    monkeypatch.setattr(bulletin_pdf, "_fonts", lambda: bare)
    try:
        assert not can_write_pdf()
        with pytest.raises(NoChineseFontError, match="fonts-noto-cjk"):
            render_file(parts, "en", ".pdf", None)
        (tmp_path / "page").mkdir()
        jobs = [(arrange_document(parts, lang, None), tmp_path / "page") for lang in LANGUAGES]
        write_documents(jobs, with_pdf=False)
        made = {p.name for p in (tmp_path / "page").iterdir()}
        assert made == {n for n in file_names(False) if not n.endswith(".txt")}
        target = tmp_path / "x.pdf"
        refused = CliRunner().invoke(
            app, ["bulletin", *ZONE, "-o", str(target), "--warehouse", str(warehouse.parent)]
        )
        assert refused.exit_code == 2 and "没有中文字体" in refused.stderr and not target.exists()
    finally:
        bulletin_pdf.chinese_font.cache_clear()


@pytest.mark.torture
def test_the_command_writes_the_format_that_a_name_ends_in(
    warehouse: Path, pages: Pages, parts: BulletinParts, tmp_path: Path
) -> None:
    where = ["--warehouse", str(warehouse.parent)]
    target = tmp_path / "b.docx"
    ended = CliRunner().invoke(app, ["bulletin", *ZONE, "-o", str(target), *where])
    assert (ended.exit_code, ended.stdout) == (0, ""), ended.stderr
    assert target.read_bytes() == write_docx(arrange_document(parts, "zh", None))
    refused = CliRunner().invoke(app, ["bulletin", *ZONE, "-o", str(tmp_path / "b.odt"), *where])
    assert refused.exit_code == 2 and ".docx" in refused.stderr

    public = compose(pages, ZONE, "public")
    assert public
    markdown = render_file(public, "zh", ".md", None).decode()
    assert markdown.startswith("# 通辽经济技术开发区")
    assert "\n## 一、总体\n\n地区生产总值107.92" in markdown
    assert "项目台账" not in markdown, "of a register nothing is public"
    assert render_file(parts, "en", ".txt", None).decode() == plain(parts.texts["en"])


def test_the_documents_of_a_run_are_those_of_its_pages(
    warehouse: Path, parts: BulletinParts
) -> None:
    """Made by the run's workers, equal to what is made here."""
    folder = warehouse.parent / "published" / "150571" / "2022Q3"
    for lang in LANGUAGES:
        document = arrange_document(parts, lang, None)
        assert (folder / f"bulletin.{lang}.docx").read_bytes() == write_docx(document)
        if can_write_pdf():
            assert (folder / f"bulletin.{lang}.pdf").read_bytes() == write_pdf(document)
