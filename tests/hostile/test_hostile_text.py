"""What a sender puts into a cell stays text in everything that comes out, and nothing of it runs.

Formulas, HTML, Markdown and scripts stand in every text cell of submissions of every form, in names of files, folders,
senders and zones: in return workbooks, receipts, exports, the bulletin, each zone's pages with their DOCX, PDF and text, and Data Docs. Each output is read back by another library than the one that wrote it, and each page is opened in
headless Chromium, where a script that ran would have left a mark.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import markdown_it
import pyarrow
import pyarrow.parquet
import pypdf
import pytest
import python_calamine
from typer.testing import CliRunner

from flows.build.step import order_relations
from flows.cli import app
from flows.orchestration import report
from flows.orchestration.lineage import tell_lineage, trace
from flows.orchestration.markdown import block, code, plain_item, tabulate_rows
from flows.publish.bulletin_files import can_write_pdf
from flows.publish.bulletin_page import bulletin_script
from flows.publish.data_contract import CONTRACT_FILE
from flows.publish.data_package import PACKAGE_FILE, SCHEMA_FILE
from flows.publish.page import hash_of
from flows.publish.run_metrics import METRICS_FILE
from flows.publish.site_pages import site_scripts
from flows.publish.step import EXPORTS
from tests.hostile.markup import (
    FORMULAS,
    HOSTILE,
    PWNED,
    TAGS,
    TITLES,
    chromium,
    open_every_proof,
    seen_by_browser,
    texts_of,
    write_hostile,
)

pytestmark = pytest.mark.torture

# a cell of a CSV that a spreadsheet program would compute; a negative number is none
COMPUTED = re.compile(r"[=@\t\r]|[+-](?![\d.,]+%?$)")


@dataclass(frozen=True)
class Office:
    raw: Path
    warehouse: Path
    summary: Any


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, run_quarter: Callable[..., Any]) -> Office:
    base = tmp_path_factory.mktemp("hostile")
    raw = write_hostile(base / "raw")
    summary = run_quarter(raw, base / "warehouse", confirm=True, pages=True)
    assert summary.faults == [], "no hostile text is a fault of ours"
    return Office(raw, base / "warehouse", summary)


@pytest.fixture(scope="module")
def markdown(office: Office) -> dict[str, str]:
    """The artifacts of the run as Prefect would get them."""
    with duckdb.connect(str(office.warehouse / "jibao.duckdb"), read_only=True) as con:
        findings = report.fetch(
            con, "select message_zh, message_en, value from ledger.finding limit 500"
        )
        return {
            "run-summary": report.tell_run(con, office.summary, office.warehouse),
            "lineage": tell_lineage(trace(con, office.summary.run, order_relations())),
            "counts": report.tell_counts(office.summary),
            "table": tabulate_rows(findings),
            "table of the held": tabulate_rows(report.list_held(con, office.summary.run)),
            "list": "\n".join(f"- {plain_item(word)}\n- {code(word)}" for word in HOSTILE),
            "block": "\n\n".join(block(word) for word in HOSTILE),
        }


def pages_of(office: Office) -> list[Path]:
    return sorted(
        p
        for part in ("published", "replies", "data_docs")
        for p in (office.warehouse / part).rglob("*.html")
    )


def documents_of(office: Office, suffix: str) -> list[tuple[Path, str]]:
    """The files beside the pages of zones whose titles are hostile, for the office and for the public; and the title."""
    found = _of_zones(office, f"bulletin.*.{suffix}")
    assert len(found) == 2 * 2 * len(TITLES), "two languages, two audiences"
    return found


def pages_of_zones(office: Office) -> list[tuple[Path, str]]:
    """The pages of zones whose titles are hostile, and the title."""
    return _of_zones(office, "index.html")


def _of_zones(office: Office, pattern: str) -> list[tuple[Path, str]]:
    return [
        (path, TITLES[int(path.parts[-3][1:])])
        for path in sorted((office.warehouse / "published").rglob(pattern))
        if path.parts[-3].startswith("9")
    ]


def squeeze(text: str) -> str:
    """Without white space: a line is broken where it is full."""
    return re.sub(r"\s+", "", text)


def without_own_scripts(page: str) -> str:
    """A page of a bulletin or of the site without its scripts: data, and those of ours by their digests."""
    scripts = re.findall(r"<script([^>]*)>(.*?)</script", page, re.S)
    ours = {hash_of(script) for script in (bulletin_script(), *site_scripts())}
    assert scripts
    for attributes, content in scripts:
        if attributes:
            assert re.fullmatch(r' type="application/json" id="(proof|seal|index)"', attributes)
            assert "<" not in content
        else:
            assert hash_of(content) in ours
    return re.sub(r"<script[^>]*>.*?</script>", "", page, flags=re.S)


def assert_inert(page: str, ours: set[str]) -> None:
    """No tag or address that a hostile text would make; `ours` are the tags that a page may have itself."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag in {"script", "iframe", "img", "object", "embed", "form", "base"} - ours:
                found.append(f"<{tag}>")
            for name, value in attrs:
                runs = name.startswith("on") and (not ours or PWNED in (value or ""))
                if runs or re.match(r"\s*javascript:", value or "", re.I):
                    found.append(f"{tag} {name}={value}")
                if "attacker.invalid" in (value or "") and name in ("href", "src", "action"):
                    found.append(f"{tag} {name}={value}")

        handle_startendtag = handle_starttag

    Reader(convert_charrefs=True).feed(page)
    assert found == []


def test_hostile_text_reaches_the_warehouse_as_it_was_sent(office: Office) -> None:
    """The test means something: the text is there, in findings, in held rows and in what was loaded."""
    with duckdb.connect(str(office.warehouse / "jibao.duckdb"), read_only=True) as con:
        for column, table in (
            ("value", "ledger.finding"),
            ("value", "quarantine.held_row"),
            ("message_zh", "ledger.finding"),
        ):
            found = con.execute(
                f"select count(*) from {table} where contains({column}, 'data-pwned')"
            ).fetchone()
            assert found and found[0] > 3, table
        [(loaded,)] = con.execute(
            "select count(*) from ledger.submission where status <> 'rejected'"
        ).fetchall()
        assert loaded > 10


def inert_texts_of(path: Path) -> set[str]:
    """The texts in the cells of a workbook that holds no formula, link or macro."""
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            text = parts.read(name).decode("utf-8", "replace")
            assert "<f>" not in text and "<f " not in text, (path, name)
            assert "ddeLink" not in text and "macro" not in name.lower(), (path, name)
            if name.endswith(".rels"):
                assert 'TargetMode="External"' not in text, (path, name)
    book = python_calamine.CalamineWorkbook.from_path(path)
    sheets = [book.get_sheet_by_name(sheet).to_python() for sheet in book.sheet_names]
    return {cell for rows in sheets for row in rows for cell in row if isinstance(cell, str)}


def test_return_workbooks_hold_no_formula(office: Office) -> None:
    books = sorted((office.warehouse / "replies").rglob("*.xlsx"))
    assert len(books) > 20
    seen = {text for path in books for text in inert_texts_of(path)}
    for formula in FORMULAS[:4]:
        assert any(formula in cell for cell in seen), f"{formula} is quoted as text"


def test_workbooks_of_zones_hold_titles_as_text(office: Office) -> None:
    for number, title in enumerate(TITLES):
        zone = f"9{number:05}"
        texts = inert_texts_of(office.warehouse / "published/workbook" / f"{zone}.xlsx")
        assert squeeze(f"{zone} {title}") in map(squeeze, texts)


def test_structures_of_sdmx_hold_titles_as_text(office: Office) -> None:
    structures = sorted((office.warehouse / "published").rglob("structure-*.xml"))
    assert len(structures) == 2 * 2, "two versions, two audiences"
    for path in structures:
        elements = list(ElementTree.parse(path).iter())
        tags = {element.tag for element in elements}  # a `Ref` of 2.1 has no namespace
        assert [tag for tag in tags if "www.sdmx.org" not in tag and tag != "Ref"] == [], path
        names = {squeeze(element.text or "") for element in elements if element.tag.endswith("}Name")}  # fmt: skip
        assert {squeeze(title) for title in TITLES} <= names, path


RELATIONS = {"fact": "metrics.fact", "observation": "staging.observation"}  # by folder


def test_parquet_holds_every_text_as_the_warehouse_has_it(office: Office) -> None:
    files = sorted((office.warehouse / "published").rglob("*.parquet"))
    assert len(files) > len(TITLES)
    with duckdb.connect(str(office.warehouse / "jibao.duckdb"), read_only=True) as con:
        for path in files:
            table = pyarrow.parquet.read_table(path)
            texts = [c.name for c in table.schema if c.type in (pyarrow.string(), pyarrow.large_string())]  # fmt: skip
            chosen = ", ".join(f'"{name}"' for name in texts)
            query = f"select {chosen} from {RELATIONS[path.parent.name]} where zone = ?"
            expected = con.execute(query, [path.stem]).fetchall()
            got = zip(*(table[name].to_pylist() for name in texts), strict=True)
            assert sorted(map(str, got)) == sorted(map(str, expected)), path


def test_what_describes_the_exports_and_the_run_has_no_word_of_a_sender(office: Office) -> None:
    published = office.warehouse / "published"
    described = [published / CONTRACT_FILE, published / METRICS_FILE]
    for name in (PACKAGE_FILE, SCHEMA_FILE):
        found = list(published.rglob(name))
        assert len(found) == len(EXPORTS)
        described += found
    words = {word.strip() for word in HOSTILE}
    for path in described:
        text = path.read_text(encoding="utf-8")
        told = texts_in(json.loads(text)) if path.suffix == ".json" else [text]
        assert [(w, t) for w in words for t in told if w in t or PWNED in t] == [], path
    number = r"-?[0-9.]+(e[+-]?[0-9]+)?"
    line = re.compile(rf'# (HELP|TYPE) jibao_\w+ .+|jibao_\w+(\{{\w+="\w+"\}})? {number}')
    lines = (published / METRICS_FILE).read_text(encoding="utf-8").splitlines()
    assert lines and [text for text in lines if not line.fullmatch(text)] == []


def texts_in(content: Any) -> list[str]:
    """Every text of a JSON document, names too."""
    if isinstance(content, dict):
        return [text for pair in content.items() for part in pair for text in texts_in(part)]
    if isinstance(content, list):
        return [text for part in content for text in texts_in(part)]
    return [content] if isinstance(content, str) else []


def test_exports_hold_no_cell_that_a_spreadsheet_computes(office: Office) -> None:
    exports = sorted((office.warehouse / "published").rglob("*.csv"))
    assert exports
    for path in exports:
        with path.open(encoding="utf-8-sig", newline="") as source:
            cells = [cell for row in csv.reader(source) for cell in row]
        assert [cell for cell in cells if COMPUTED.match(cell)] == [], path.name


def test_a_csv_of_a_query_holds_no_cell_that_a_spreadsheet_computes(
    office: Office, tmp_path: Path
) -> None:
    target = tmp_path / "answer.csv"
    query = "select value, message_zh, path, -1.5 as number, '-2.5' as text from ledger.finding"
    where = ["--format", "csv", "--output", str(target), "--warehouse", str(office.warehouse)]
    asked = CliRunner().invoke(app, ["sql", query, *where])
    assert asked.exit_code == 0, asked.output
    with target.open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    assert [cell for row in rows for cell in row if COMPUTED.match(cell)] == []
    assert any(cell.startswith("'=cmd|") for row in rows for cell in row), "it is quoted as text"
    assert {tuple(row[3:]) for row in rows[1:]} == {("-1.5", "-2.5")}, "numbers stay numbers"


def test_pages_hold_no_tag_of_a_sender(office: Office) -> None:
    pages = pages_of(office)
    assert {p.parts[len(office.warehouse.parts)] for p in pages} == {
        "published",
        "replies",
        "data_docs",
    }
    for path in pages:
        ours = (
            {"script", "img", "a", "button", "div", "input"} if "data_docs" in path.parts else set()
        )
        page = path.read_text(encoding="utf-8")
        is_of_site = "site" in path.parts
        if "published" in path.parts and (path.name == "index.html" or is_of_site):
            # the switch between the languages is all that a reader can fill in, and the search
            page = without_own_scripts(page)
            is_front = is_of_site and path.parent.name == "site"
            assert page.count("<input") == 2 + (is_front and path.name == "index.html")
        assert_inert(page, ours)
    assert len(pages_of_zones(office)) == 2 * len(TITLES), "for the office and for the public"
    for path, title in pages_of_zones(office):
        assert squeeze(title) in squeeze(texts_of(path.read_text(encoding="utf-8"))), path
    sites = sites_of(office)
    assert len(sites) == 2
    for site in sites:
        for zone, title in enumerate(TITLES):
            for page in (site / "index.html", site / f"9{zone:05}" / "index.html"):
                assert squeeze(title) in squeeze(texts_of(page.read_text(encoding="utf-8"))), page


def sites_of(office: Office) -> list[Path]:
    published = office.warehouse / "published"
    return [folder for folder in (published / "site", published / "public/site") if folder.exists()]


def test_a_docx_of_a_bulletin_holds_text_and_no_field_link_or_macro(office: Office) -> None:
    for path, title in documents_of(office, "docx"):
        with zipfile.ZipFile(path) as parts:
            assert not [n for n in parts.namelist() if re.search("vba|macro|embed|ole", n, re.I)]
            links = [n for n in parts.namelist() if n.endswith(".rels")]
            assert not [n for n in links if b'TargetMode="External"' in parts.read(n)], path
            body = ElementTree.fromstring(parts.read("word/document.xml"))
        tags = {element.tag.rpartition("}")[2] for element in body.iter()}
        assert not tags & {"instrText", "fldSimple", "hyperlink", "altChunk", "object", "control"}
        shown = "".join(e.text or "" for e in body.iter() if e.tag.endswith("}t"))
        assert squeeze(title) in squeeze(shown), path


@pytest.mark.skipif(not can_write_pdf(), reason="no font for Chinese here")
def test_a_pdf_of_a_bulletin_holds_text_and_no_link_or_script(office: Office) -> None:
    for path, title in documents_of(office, "pdf"):
        reader = pypdf.PdfReader(path)
        keys = {
            key
            for number in range(1, len(reader.xref[0]) + 1)
            if isinstance(
                found := reader.get_object(pypdf.generic.IndirectObject(number, 0, reader)), dict
            )
            for key in found
        }
        assert not keys & {
            "/JS",
            "/JavaScript",
            "/OpenAction",
            "/AA",
            "/Launch",
            "/URI",
            "/EmbeddedFiles",
        }
        assert not [page for page in reader.pages if "/Annots" in page], path
        shown = "".join(page.extract_text() for page in reader.pages)
        assert squeeze(title) in squeeze(shown), path


def test_a_text_of_a_bulletin_begins_with_the_title_as_it_was_sent(office: Office) -> None:
    for path, title in documents_of(office, "txt"):
        assert squeeze(path.read_text(encoding="utf-8")).startswith(squeeze(title)), path


def test_markdown_of_artifacts_shows_text_as_it_was_sent(markdown: dict[str, str]) -> None:
    render = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").render
    for key, text in markdown.items():
        page = render(text)
        assert_inert(page, set())
        assert "<a " not in page, f"{key}: a link of a sender's"
    shown = texts_of(render(markdown["list"]))
    for word in HOSTILE:
        line = re.sub(r"[\r\n\t]+", " ", word).strip()
        assert line in shown, "what was sent can still be read"


def has_run(page: Path) -> bool:
    return re.search(rf"<html[^>]*\b{PWNED}=", seen_by_browser(page)) is not None


@pytest.mark.skipif(
    chromium() is None, reason="chromium is not installed: apt-get install chromium"
)
def test_no_script_runs_in_a_browser(
    office: Office, markdown: dict[str, str], tmp_path: Path
) -> None:
    render = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table").render
    proof = tmp_path / "proof.html"
    proof.write_text(f"<html><body>{TAGS[0]}</body></html>", encoding="utf-8")
    assert has_run(proof), "a script that may run leaves its mark"
    rendered = tmp_path / "artifacts.html"
    rendered.write_text(
        f"<html><meta charset=utf-8><body>{''.join(map(render, markdown.values()))}</body></html>",
        encoding="utf-8",
    )
    # of receipts, the longest; Data Docs of each kind
    pages = pages_of(office)
    of_zones = [path for path, _ in pages_of_zones(office)]
    internal = [p for p in of_zones if "public" not in p.parts][: len(TAGS)]
    chosen = [
        rendered,
        *(open_every_proof(p, tmp_path / f"{p.parts[-3]}.html") for p in internal),
        next(p for p in of_zones if "public" in p.parts),
        *(site / "index.html" for site in sites_of(office)),
        *(sites_of(office)[0] / f"9{zone:05}/index.html" for zone in range(len(TAGS))),
        *sorted((p for p in pages if "replies" in p.parts), key=lambda p: -p.stat().st_size)[:5],
        *sorted((p for p in pages if "data_docs" in p.parts), key=lambda p: -p.stat().st_size)[:4],
    ]
    for page in chosen:
        assert not has_run(page), page
