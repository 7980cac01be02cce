"""The pages of the bulletin: one a zone and quarter, in which every number has its proof, and which nobody can alter unseen."""

from __future__ import annotations

import base64
import html
import io
import json
import random
import re
import shutil
import stat
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pypdf
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.publish.bulletin_bars import draw_industries, draw_sectors
from flows.publish.bulletin_check import check_page
from flows.publish.bulletin_files import can_write_pdf, file_names
from flows.publish.bulletin_numbers import Accessor, TemplateLine, UnprovenError, plain
from flows.publish.bulletin_pages import (
    INDEX,
    PAGE,
    are_current,
    check_pages,
    place_of,
    write_pages,
)
from flows.publish.bulletin_parts import AUDIENCES, LANGUAGES
from flows.publish.bulletin_rows import Pages, read_pages
from flows.publish.bulletin_sql import FIGURE
from flows.publish.bulletin_text import render_text, text_environment
from flows.publish.signing import make_key, open_key, public_part, sign
from flows.publish.site import SITE_FOLDER
from flows.warehouse.database import write_to
from flows.warehouse.sandbox import Limits
from tests.browser import CHROMIUM, open_browser
from tests.pages import render_page

ZONE, NATION = ("150571", "2022Q3"), ("CN", "2022Q2")
PROOF = re.compile(r'(<script type="application/json" id="proof">)(.*?)(</script>)', re.S)
SEAL = re.compile(r'(<script type="application/json" id="seal">)(.*?)(</script>)', re.S)
BUTTON = re.compile(r'<button[^>]* data-n="(\d+)">([^<]*)</button>')


@pytest.fixture(scope="module")
def pages(readers: duckdb.DuckDBPyConnection) -> Pages:
    return read_pages(readers, [ZONE, NATION])


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home") / "key" / "k.pem"
    make_key(path)
    return path


@pytest.fixture(scope="module")
def signed(pages: Pages, key_file: Path) -> str:
    """The page of a quarter of China, signed."""
    rendered = render_page(pages, NATION, "internal", open_key(key_file))
    assert rendered
    return rendered[0].decode()


def proof_of(page: str) -> dict[str, Any]:
    found = PROOF.search(page)
    assert found
    return dict(json.loads(found[2]))


def with_proof(page: str, proof: dict[str, Any]) -> str:
    text = json.dumps(proof, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return PROOF.sub(lambda m: m[1] + text + m[3], page)


def visible(page: str) -> str:
    return html.unescape(
        re.sub(r"<[^>]+>", "", re.sub(r"<(script|style|title).*?</\1>", "", page, flags=re.S))
    )


# --- the pages of a run ---------------------------------------------------------------------------


@pytest.mark.torture
def test_a_run_writes_a_page_for_every_quarter_with_figures(
    warehouse: Path, readers: duckdb.DuckDBPyConnection
) -> None:
    published = warehouse.parent / "published"
    places = readers.execute("select distinct zone, period from metrics.bulletin_figure").fetchall()
    assert len(places) == 13
    for zone, period in places:
        for audience in AUDIENCES:
            folder = place_of(published, zone, period, audience)
            names = {PAGE, *file_names(can_write_pdf())}
            assert {p.name for p in folder.iterdir()} == names
            assert all((folder / name).stat().st_size > 400 for name in names)
    folder = place_of(published, *ZONE, "internal")
    for lang in LANGUAGES:
        said = (folder / f"bulletin.{lang}.txt").read_text(encoding="utf-8")
        assert said == render_text(readers, *ZONE, lang)
    assert not list(check_pages(published))


def test_a_page_needs_nothing_beside_itself_and_says_what_it_is(warehouse: Path) -> None:
    for audience in AUDIENCES:
        folder = place_of(warehouse.parent / "published", *ZONE, audience)
        page = (folder / PAGE).read_text(encoding="utf-8")
        bare = PROOF.sub("", page)
        assert not re.search(r"https?:|src=|@import|url\(|<link|<iframe|fetch\(", bare)
        shown = visible(page)
        assert ("内部" in shown) == (audience == "internal")
        assert (
            "初步数" in shown and "发展设施农业2000亩" in shown and "10.792 billion yuan" in shown
        )
        # of a register nothing is public, and nothing but the stage is in the proof
        assert ("项目台账列有项目22个" in shown) == (audience == "internal")
        rows = proof_of(page)["tables"]["core.project_ledger"]["rows"]
        assert len(rows) == (22 if audience == "internal" else 0)
        assert all(row[2] is None for row in rows), "a project's name"


def test_what_is_under_query_says_so_in_words_at_the_number(pages: Pages) -> None:
    rows = [
        {**r, "figure_has_open_query": True, "growth_has_open_query": True}
        for r in pages.figures[ZONE]
    ]
    asked = replace(pages, figures={**pages.figures, ZONE: rows})
    rendered = render_page(asked, ZONE, "internal")
    assert rendered
    page = PROOF.sub("", rendered[0].decode())
    numbers = re.split(r"(?=<button )", page)[1:]
    marked = [n for n in numbers if 'class="n under-query"' in n]
    assert len(marked) > 100
    for number in marked:
        until = re.split(r"</td>|</p>", number)[0]
        assert "待核实" in until or "under query" in until, number
        assert until.count("待核实") <= 1 and until.count("under query") <= 1, number
    assert "@media print" in page and not re.search(r"asked-words[^}]*display: none", page)


def test_equal_inputs_give_equal_bytes(
    readers: duckdb.DuckDBPyConnection, key_file: Path, signed: str
) -> None:
    again = read_pages(readers, [NATION, ZONE, ("CN", "2024Q4")])
    rendered = render_page(again, NATION, "internal", open_key(key_file))
    assert rendered and rendered[0].decode() == signed


@pytest.fixture
def run_file(warehouse: Path, tmp_path: Path) -> Path:
    """A run's file in a warehouse of its own, whose readers have all pages."""
    (tmp_path / "warehouse" / "work" / "published").mkdir(parents=True)
    shutil.copytree(warehouse.parent / "published", tmp_path / "warehouse" / "published")
    return Path(shutil.copy(warehouse, tmp_path / "warehouse" / "work" / "jibao.duckdb"))


@pytest.mark.torture
def test_a_run_writes_the_pages_that_changed_and_links_the_others(
    run_file: Path, key_file: Path
) -> None:
    folder = run_file.parents[1]
    published, beside = folder / "published", folder / "work" / "published"
    assert write_pages(run_file, folder) == 0
    for audience in AUDIENCES:
        page = place_of(published, *ZONE, audience) / PAGE
        assert page.samefile(place_of(beside, *ZONE, audience) / PAGE)
    with write_to(run_file) as con:
        con.execute(
            "insert into ledger.edition (edition, period, edition_number, edition_zones, frozen_at, cut_off_at, sha256)"
            " values ('2023Q1.1', '2023Q1', 1, 'CN', '2026-11-25', '2026-11-24', 'abc')"
        )
    assert (
        write_pages(run_file, folder) == 2 * 5
    )  # its own quarter, those after it in the year, a year later
    page = (place_of(beside, "CN", "2023Q1", "internal") / PAGE).read_text(encoding="utf-8")
    assert "发布版 2023Q1.1" in page and "已发布" in visible(page)
    assert {n["status"] for n in proof_of(page)["numbers"]} == {"published"}
    assert check_page(page.encode(), unsigned=True).discrepancies == []
    (published / INDEX).write_text("{}")
    assert write_pages(run_file, folder, key_file) == 26, "another key signs all of them"
    shutil.rmtree(published)
    beside.rename(published)
    assert not are_current(folder), "they are not signed by the key of this installation"
    (place_of(published, *ZONE, "public") / PAGE).write_bytes(b"<html>")
    assert [d.check for d in check_pages(published)] == ["bulletins"]
    office = place_of(published, *ZONE, "internal")
    files = sorted(path for path in office.iterdir() if path.name != PAGE)
    assert len(files) >= 4, "text and DOCX in two languages; PDF where there is a font"
    for number, path in enumerate(files):
        path.unlink() if number % 2 else path.write_bytes(path.read_bytes()[:-1] + b"!")
    told = {difference.subject for difference in check_pages(published)}
    assert told == {str(path) for path in (*files, place_of(published, *ZONE, "public") / PAGE)}


# --- what can be printed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("增长5%", "comes from no figure"),
        ("增长５%", "comes from no figure"),
        ("{{ 107.92 }}", "is no text"),
        ("{{ lines | length }}", "is no text"),
        ("{{ '1' ~ lines[0].number_zh }}", "comes from no figure"),
        ("{{ lines[0].number_zh | replace('.', '7.') }}", "never given out"),
        ("{{ lines[0].number_zh.digits }}", "comes from no figure"),
        ("{{ lines[0].period }}", "comes from no figure"),
        ("{{ lines[0].value }}", "no attribute|undefined|is no text"),
        ("{{ lines[0].growth_pct }}", "no attribute|undefined|is no text"),
        ("{{ lines[0] }}", "is no text"),
    ],
)
def test_a_number_that_is_not_in_the_warehouse_cannot_be_printed(
    pages: Pages, template: str, why: str
) -> None:
    accessor = Accessor()
    lines = [TemplateLine(accessor, FIGURE, row) for row in pages.figures[ZONE]]
    with pytest.raises(Exception, match=why):
        accessor.settle(text_environment().from_string(template).render(lines=lines))


def test_a_number_of_a_line_is_printed_and_remembered(pages: Pages) -> None:
    accessor = Accessor()
    lines = [TemplateLine(accessor, FIGURE, row) for row in pages.figures[ZONE]]
    text = "{{ lines[0].title_zh }}{{ lines[0].number_zh }}{{ lines[0].unit_zh }}，{{ lines[1].growth_number and '' }}"
    stream = accessor.settle(text_environment().from_string(text).render(lines=lines))
    assert plain(stream) == "地区生产总值107.92亿元，"
    assert [(p.column, p.digits) for p in accessor.printed] == [("number_zh", "107.92")]
    with pytest.raises(UnprovenError, match="never given out"):
        Accessor().settle(stream)


def test_a_bar_is_as_long_as_its_figure(pages: Pages) -> None:
    figures = pages.figures[ZONE]
    accessor = Accessor()
    table = draw_sectors(accessor, figures)
    assert table
    assert [row[0] for row in table.rows] == ["第一产业增加值", "第二产业增加值", "第三产业增加值"]
    shares = [row[3][0] for row in table.rows]
    assert [plain(bar.text) for bar in shares] == ["1.3", "36.2", "62.4"]
    assert [bar.width for bar in shares] == pytest.approx(
        [100 * 1.31 / 62.44, 100 * 36.25 / 62.44, 100], abs=0.02
    )
    assert [plain(row[3][1].text) for row in table.rows] == ["+4.1", "+2.7", "+3.8"]
    assert len(accessor.printed) == 9, "each number with its proof"

    fallen = [
        row | {"growth_pct": -2.7} if row["bulletin_line"] == "va_secondary" else row
        for row in figures
    ]
    table = draw_sectors(Accessor(), fallen)
    assert table
    rise, fall, _ = (row[3][1] for row in table.rows)
    assert plain(fall.text) == "−2.7"
    assert fall.x + fall.width == pytest.approx(fall.zero) == pytest.approx(rise.x), (
        "to the left of zero"
    )
    rounded = [
        row | {"value": 0.04, "number_zh": "0.0"} if row["bulletin_line"] == "pull.primary" else row
        for row in figures
    ]
    table = draw_sectors(Accessor(), rounded)
    assert table
    assert [plain(row[3][2].text) for row in table.rows] == ["0.0", "+1.0", "+2.4"], "as printed"
    assert (
        draw_sectors(Accessor(), [r for r in figures if r["bulletin_line"] != "va_primary"]) is None
    )
    assert draw_industries(Accessor(), figures) is None


# --- the proof ------------------------------------------------------------------------------------


def test_a_number_says_where_it_comes_from(pages: Pages) -> None:
    rendered = render_page(pages, ZONE, "internal")
    assert rendered
    page = rendered[0].decode()
    proof = proof_of(page)
    place = next(int(n) for n, text in BUTTON.findall(page) if text == "107.92")
    number = proof["numbers"][place]
    assert (number["value"], number["unit"], number["status"]) == (
        "10792000000",
        "亿元",
        "preliminary",
    )
    [row] = [proof["rows"][r] for r in number["rows"]]
    file = proof["files"][row["file"]]
    assert (file["path"], row["sheet"], row["cells"]["value"]) == (
        "150571/2022Q3/gdp.xlsx",
        "地区生产总值",
        "B4",
    )
    assert re.fullmatch("[0-9a-f]{64}", file["sha256"]) and len(file["rules"]) > 20
    assert number["view"] in {view["name"] for view in proof["views"]}
    pull = next(n for n in proof["numbers"] if n["key"]["bulletin_line"] == "pull.primary")
    cells = {c for r in pull["rows"] for c in proof["rows"][r]["cells"].values()}
    assert cells == {f"{letter}{row}" for letter in "BC" for row in (4, 5, 6, 7)}
    # whatever can be read as a number in the texts and the table is a button
    body = page[page.index("<main>") : page.index('class="sources"')]
    bare = re.sub(r"<[^>]*>", "", BUTTON.sub("", body))
    assert not re.search(r"\d", re.sub(r"AAAA|100 million|(?m:^\d+\. )", "", bare)), "no button"


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("place", "audience"), [(ZONE, "internal"), (ZONE, "public"), (NATION, "public")]
)
def test_every_number_follows_from_the_page_alone(
    pages: Pages, place: tuple[str, str], audience: str
) -> None:
    rendered = render_page(pages, place, audience)
    assert rendered
    verdict = check_page(rendered[0], unsigned=True)
    assert verdict.discrepancies == []
    assert verdict.numbers == len(proof_of(rendered[0].decode())["numbers"]) > 25
    assert [d.check for d in check_page(rendered[0]).discrepancies] == ["signature"]


@pytest.mark.torture
def test_every_page_of_the_build_verifies(whole_warehouse: Any) -> None:
    """Of all of raw/: back series, vintages and other zones too."""
    found = [
        page
        for page in sorted((whole_warehouse.folder / "published").rglob(PAGE))
        if SITE_FOLDER not in page.parts
    ]
    with duckdb.connect(str(whole_warehouse.path), read_only=True) as con:
        asked = "select count(distinct (zone, period)) from metrics.bulletin_figure"
        [(places,)] = con.execute(asked).fetchall()
    public = [page for page in found if "public" in page.parts]
    assert len(found) - len(public) == places, "the office's"
    assert (places, len(public)) == (132, 120), "of the others nothing is for everybody"
    run = whole_warehouse.summary.run
    for page in found:
        content = page.read_bytes()
        assert check_page(content, unsigned=True).discrepancies == [], page
        assert run.encode() not in content, f"{page} would be another in every build"


def mutate(page: str, kind: str, chance: random.Random) -> str:
    """The page with one thing altered: what can be read, the seal, or the proof."""
    if kind == "printed digit":
        chosen = chance.choice(list(BUTTON.finditer(page)))
        return page[: chosen.start(2)] + another(chosen[2], chance) + page[chosen.end(2) :]
    if kind == "signature":
        seal = SEAL.search(page)
        assert seal
        altered = json.loads(seal[2])
        field = chance.choice(["signature", "sha256", "public_key"])
        altered[field] = another(altered[field], chance)
        return page[: seal.start(2)] + json.dumps(altered) + page[seal.end(2) :]
    proof = proof_of(page)
    mutate_proof(proof, kind, chance)
    return with_proof(page, proof)


def another(text: str, chance: random.Random) -> str:
    """The text with one digit altered."""
    at = chance.choice([i for i, c in enumerate(text) if c in "0123456789"])
    return text[:at] + str((int(text[at]) + chance.randint(1, 9)) % 10) + text[at + 1 :]


def mutate_proof(proof: dict[str, Any], kind: str, chance: random.Random) -> None:
    if kind == "digit":
        number = chance.choice(proof["numbers"])
        number["text"] = another(number["text"], chance)
    elif kind == "unit":
        chance.choice([n for n in proof["numbers"] if n["unit_column"]])["unit"] = "万万元"
    elif kind == "row":
        chance.choice(proof["rows"])["row"] += chance.randint(1, 5)
    elif kind == "cell":
        table = proof["tables"]["core.observation"]
        at = [c for c, _ in table["columns"]].index("value")
        printed = {n["value"] for n in proof["numbers"] if n["value_column"] == "value"}
        row = chance.choice([r for r in table["rows"] if r[at] and r[at].split(".")[0] in printed])
        row[at] = another(row[at].split(".")[0], chance)
    elif kind == "rule":
        file = chance.choice(list(proof["files"].values()))
        chance.choice(file["rules"])[chance.choice([1, 2, 3])] += 1
    elif kind == "file":
        file = chance.choice(list(proof["files"].values()))
        file["sha256"] = another(file["sha256"], chance)
    else:
        chance.choice(proof["views"])["sql"] += " "


KINDS = ("printed digit", "digit", "unit", "row", "cell", "rule", "file", "SQL", "signature")


def test_100_mutations_are_found_by_the_signature(signed: str, key_file: Path) -> None:
    key = open_key(key_file)
    assert key
    public = public_part(key)
    assert check_page(signed.encode(), public).discrepancies == []
    chance = random.Random(17)
    for number in range(100):
        kind = KINDS[number % len(KINDS)]
        altered = mutate(signed, kind, chance)
        assert altered != signed
        assert check_page(altered.encode(), public, unsigned=True).discrepancies, kind
    stripped = SEAL.sub(
        lambda m: m[1] + '{"sha256":"","public_key":null,"signature":null}' + m[3], signed
    )
    assert check_page(stripped.encode(), public, unsigned=True).discrepancies


def reseal(page: str, key_file: Path) -> str:
    """As somebody else would sign an altered page."""
    from flows.publish.bulletin_check import digest_of

    key = open_key(key_file)
    assert key
    digest = digest_of(page.encode())
    seal = {"sha256": digest, "public_key": public_part(key), "signature": sign(key, digest)}
    return SEAL.sub(lambda m: m[1] + json.dumps(seal) + m[3], page)


@pytest.mark.sampled
@pytest.mark.parametrize("kind", ["printed digit", "digit", "unit", "row", "cell"])
def test_who_alters_a_number_and_signs_again_is_found_by_the_arithmetic(
    signed: str, tmp_path: Path, kind: str, key_file: Path
) -> None:
    make_key(tmp_path / "k" / "stranger.pem")
    altered = reseal(mutate(signed, kind, random.Random(4)), tmp_path / "k" / "stranger.pem")
    found = {d.check for d in check_page(altered.encode()).discrepancies}
    assert found & {"number", "row"} and "signature" not in found
    own = open_key(key_file)
    assert own
    told = check_page(reseal(signed, tmp_path / "k" / "stranger.pem").encode(), public_part(own))
    assert [d.check for d in told.discrepancies] == ["signature"], "right numbers, a stranger's key"


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to 'x.csv'",
        "attach 'x.duckdb'",
        "create view v as from read_csv('/etc/passwd')",
        "select 1",
    ],
)
def test_sql_of_a_strangers_page_reaches_nothing(signed: str, tmp_path: Path, sql: str) -> None:
    make_key(tmp_path / "k" / "stranger.pem")
    proof = proof_of(signed)
    proof["views"][0]["sql"] = sql
    altered = reseal(with_proof(signed, proof), tmp_path / "k" / "stranger.pem")
    assert [d.check for d in check_page(altered.encode()).discrepancies] == ["proof"]
    assert [p.name for p in tmp_path.iterdir()] == ["k"]


@pytest.mark.parametrize(
    ("sql", "memory"),
    [
        ("select levenshtein(repeat('a', 70000), repeat('b', 70000))", "1GB"),
        ("select repeat('x', 1000000) || i from range(5000) as r(i)", "100MB"),
    ],
)
def test_sql_of_a_strangers_page_takes_no_more_than_its_limits(
    signed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str, memory: str
) -> None:
    """Neither within a function, where no interrupt reaches it, nor in rows that are fetched."""
    monkeypatch.setattr("flows.publish.bulletin_check._LIMITS", Limits(memory, 0.3))
    make_key(tmp_path / "k" / "stranger.pem")
    proof = proof_of(signed)
    view = proof["numbers"][0]["view"]
    made = f"create view {view} as select zone, period, x from ({sql}) as t(x), core.observation"
    listed = [v for v in proof["views"] if v["name"] != view]
    proof["views"] = [*listed, {"name": view, "sql": made}]
    altered = reseal(with_proof(signed, proof), tmp_path / "k" / "stranger.pem")
    began = time.monotonic()
    [told] = check_page(altered.encode()).discrepancies
    assert time.monotonic() - began < 10
    assert told.check == "proof" and f"more than 0.3 s or more memory than {memory}" in told.en


# --- in a browser ---------------------------------------------------------------------------------


@pytest.mark.torture
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
@pytest.mark.parametrize("width", [1280, 360])
def test_a_number_shows_its_proof_in_a_browser(warehouse: Path, tmp_path: Path, width: int) -> None:
    """Without a network: the page alone. A number is clicked, the language is switched, the page is printed."""
    page = place_of(warehouse.parent / "published", *ZONE, "internal") / PAGE
    place = next(
        n for n, text in BUTTON.findall(page.read_text(encoding="utf-8")) if text == "107.92"
    )
    with open_browser(tmp_path / "profile") as tab:
        tab.resize(width)
        tab.open(page.as_uri())
        assert tab.ask("document.documentElement.scrollWidth") <= width
        tab.click(f'button[data-n="{place}"]')
        tab.await_true("document.getElementById('panel').open")
        panel = tab.ask("document.getElementById('panel').textContent")
        for said in (
            "107.92",
            "10792000000",
            "150571/2022Q3/gdp.xlsx › 地区生产总值 › B4",
            "sha256",
            "GDP-",
            "create or replace view metrics.bulletin_figure",
        ):
            assert said in panel, said
        tab.click("#panel button")
        tab.await_true("!document.getElementById('panel').open")
        seen = "[...new Set([...document.querySelectorAll('main [lang]')].filter(e => e.checkVisibility()).map(e => e.lang))]"
        assert tab.ask(seen) == ["zh-CN"]
        tab.ask("document.getElementById('say-en').click()")
        assert tab.ask(seen) == ["en"] and tab.ask("document.documentElement.lang") == "en"
        assert tab.ask("document.documentElement.scrollWidth") <= width
        printed = base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        reader = pypdf.PdfReader(io.BytesIO(printed))
        shown = " ".join("".join(sheet.extract_text() for sheet in reader.pages).split())
        assert "10.792 billion yuan, up 3.4% year on year" in shown and "按可比价格" not in shown
        assert tab.refused == [] and tab.errors == []


# --- the commands ---------------------------------------------------------------------------------


def test_the_commands(
    warehouse: Path, signed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    call = CliRunner().invoke
    said = call(
        app, ["bulletin", *ZONE, "--open", "--lang", "en", "--warehouse", str(warehouse.parent)]
    )
    page = place_of(warehouse.parent / "published", *ZONE, "internal") / PAGE
    assert said.exit_code == 0 and opened == [f"{page.as_uri()}#en"]
    none = call(
        app, ["bulletin", "150571", "2031Q1", "--open", "--warehouse", str(warehouse.parent)]
    )
    assert none.exit_code == 2 and "jibao run" in none.stderr

    home = tmp_path / "home"
    home.mkdir()
    (home / "prefect.yaml").touch()
    monkeypatch.setenv("JIBAO_HOME", str(home))
    assert call(app, ["verify-bulletin", str(page), "--unsigned"]).exit_code == 0
    assert call(app, ["verify-bulletin", str(page)]).exit_code == 1, "nobody signed it"
    made = call(app, ["key"])
    assert made.exit_code == 0
    key = home / "key" / "bulletin_ed25519.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    public = made.stdout.strip().rsplit(" ", 1)[1]
    assert public in call(app, ["key"]).stdout and public == public_part(open_key(key))  # type: ignore[arg-type]

    (tmp_path / "own.html").write_text(reseal(signed, key), encoding="utf-8")
    (tmp_path / "other.html").write_text(signed, encoding="utf-8")
    ours = call(app, ["verify-bulletin", str(tmp_path / "own.html"), "--lang", "en"])
    assert ours.exit_code == 0 and "numbers follow from the cells in it; signed by" in ours.stdout
    theirs = call(app, ["verify-bulletin", str(tmp_path / "other.html"), "--lang", "en"])
    assert theirs.exit_code == 1 and f"not signed by {public}" in theirs.stdout
    assert call(app, ["verify-bulletin", str(tmp_path / "none.html")]).exit_code == 2
