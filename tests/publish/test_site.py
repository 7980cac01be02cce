"""The site: every link leads to a file, every number is the warehouse's, the public's has what everybody may see and no more,
and a run writes what changed."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import duckdb
import pypdf
import pytest

from flows.publish.bulletin_parts import AUDIENCES
from flows.publish.chart_scale import choose_ticks
from flows.publish.page import hash_of, style_of, write_data
from flows.publish.site import SITE_FOLDER, SITE_INDEX, check_site, write_site
from flows.publish.site_front import render_front
from flows.publish.site_pages import render_tables, render_zone, site_scripts, write_index
from flows.publish.site_ranking import rank_zones
from flows.publish.site_rows import ZonePages, read_zones
from flows.publish.site_words import WORDS
from flows.publish.step import PUBLIC_FOLDER
from flows.warehouse.database import write_to
from tests.browser import CHROMIUM, Browser, open_browser
from tests.conftest import Warehouse

VOID = {"meta", "link", "input"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def find(self, *tags: str) -> Iterator[Element]:
        for child in self.children:
            if child.tag in tags:
                yield child
            yield from child.find(*tags)

    def text(self, lang: str = "zh-CN") -> str:
        """What a reader of one language is shown, in the order of the page."""
        said = []
        for part in self.words:
            if part.startswith("\0"):
                child = self.children[int(part[1:])]
                if child.attributes.get("lang", lang) == lang and child.tag not in (
                    "script",
                    "title",
                ):
                    said.append(child.text(lang))
            else:
                said.append(part)
        return " ".join("".join(said).split())


class Reader(HTMLParser):
    """A page as a tree."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.top = self.at = Element("top", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        child = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.words.append(f"\0{len(self.at.children)}")
        self.at.children.append(child)
        if tag not in VOID:
            self.at = child

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"<{self.at.tag}> is closed by </{tag}>"
        assert self.at.parent
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.words.append(data)


def read(path: Path) -> Element:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    assert reader.at is reader.top, path
    return reader.top


def site_of(published: Path, audience: str) -> Path:
    return (published / PUBLIC_FOLDER if audience == "public" else published) / SITE_FOLDER


@pytest.fixture(scope="module")
def published_folder(warehouse: Path) -> Path:
    return warehouse.parent / "published"


@pytest.fixture(scope="module", params=AUDIENCES)
def site(request: pytest.FixtureRequest, published_folder: Path) -> Path:
    return site_of(published_folder, request.param)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Element]:
    found = {path: read(path) for path in sorted(site.rglob("*.html"))}
    assert len(found) > 40
    return found


# --- pages ----------------------------------------------------------------------------------------


def test_every_link_leads_to_a_file_and_none_outside(
    site: Path, pages: dict[Path, Element]
) -> None:
    linked = {site / "index.html"}
    for path, page in pages.items():
        for element in page.find("a", "link", "img", "iframe", "form", "script"):
            for name in ("href", "src", "action"):
                address = element.attributes.get(name)
                if address is None:
                    continue
                parts = urlsplit(address)
                assert not parts.scheme and not parts.netloc, (path, address)
                target = path.parent / unquote(parts.path) if parts.path else path
                assert target.resolve().is_file(), (path, address)
                linked.add(target.resolve())
                # the public's folder is given out alone
                assert target.resolve().is_relative_to(site.parent if "public" in site.parts else site.parents[1])  # fmt: skip
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|@import|url\(|fetch\(|<iframe|<img", text), path
    unread = {path.resolve() for path in pages} - linked
    assert not unread, "every page can be reached"


def test_a_page_has_languages_landmarks_and_headings(pages: dict[Path, Element]) -> None:
    """For who listens to a page: rules of WCAG that a machine can ask."""
    for path, page in pages.items():
        [html] = page.find("html")
        assert html.attributes["lang"] == "zh-CN"
        for landmark in ("header", "main", "footer"):
            assert len(list(page.find(landmark))) == 1, (path, landmark)
        named = [nav.attributes["aria-label"] for nav in page.find("nav")]
        assert len(set(named)) == len(named), "two landmarks of one kind are told apart"
        body = next(page.find("body"))
        assert body.children[0].tag == "a" and body.children[0].attributes["href"] == "#main"
        for lang in ("zh-CN", "en"):
            shown = [h for h in page.find("h1", "h2", "h3") if visible_in(h, lang)]
            levels = [int(h.tag[1]) for h in shown]
            assert levels.count(1) == 1 and levels[0] == 1, (path, levels)
            assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path
            assert all(h.text(lang) for h in shown), path
            assert all(a.text(lang) for a in page.find("a") if visible_in(a, lang)), path


def test_what_names_something_else_names_what_is_there(pages: dict[Path, Element]) -> None:
    for path, page in pages.items():
        elements = list(page.find(*every_tag(page)))
        ids = Counter(e.attributes["id"] for e in elements if "id" in e.attributes)
        assert set(ids.values()) == {1}, path
        for element in elements:
            for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                assert element.attributes.get(name, "main") in ids, (path, name)


def test_boxes_tables_and_charts_have_names(pages: dict[Path, Element]) -> None:
    for path, page in pages.items():
        labels = {label.attributes["for"] for label in page.find("label")}
        assert {box.attributes["id"] for box in page.find("input")} == labels, path
        for table in page.find("table"):
            assert all(th.attributes.get("scope") in ("col", "row") for th in table.find("th"))
            assert len({len(row.children) for row in table.find("tr")}) == 1, path
        for picture in page.find("svg"):
            assert picture.attributes.get("aria-hidden") == "true" or (
                picture.attributes.get("role") == "img" and picture.attributes["aria-label"]
            )
        for region in page.find("div", "pre"):
            if "tabindex" in region.attributes:
                assert region.attributes["role"] == "region" and region.attributes["aria-label"]


def every_tag(page: Element) -> set[str]:
    tags: set[str] = set()

    def visit(element: Element) -> None:
        tags.add(element.tag)
        for child in element.children:
            visit(child)

    visit(page)
    return tags


def visible_in(element: Element | None, lang: str) -> bool:
    while element is not None and element.tag != "html":
        if element.attributes.get("lang", lang) != lang:
            return False
        element = element.parent
    return True


def test_words_stand_out_from_the_paper() -> None:
    """4.5 to 1, as WCAG AA asks of text."""
    style = style_of("site.css")
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6}|#fff)\b", style))
    used = {colours[name] for name in ("ink", "quiet", "accent", "link")} | {"#8a5200"}
    assert "color: #8a5200" in style
    for colour in used:
        assert contrast(colour, "#ffffff") >= 4.5, colour
        assert contrast(colour, "#f5f6f7") >= 4.5, colour


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_page_lets_only_its_own_script_run(pages: dict[Path, Element]) -> None:
    hashes = {hash_of(script) for script in site_scripts()}
    for path, page in pages.items():
        [policy] = [
            m.attributes["content"]
            for m in page.find("meta")
            if m.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
        ran = [s for s in page.find("script") if "type" not in s.attributes]
        assert [hash_of("".join(s.words)) for s in ran] == re.findall(r"'(sha256-[^']+)'", policy)
        assert {hash_of("".join(s.words)) for s in ran} <= hashes, path
        for element in page.find(*every_tag(page)):
            assert not [n for n in element.attributes if n.startswith("on") or n == "style"], path


# --- numbers --------------------------------------------------------------------------------------

_STANDING = """
select o.indicator, o.industry, o.basis, o.period, o.value / u.factor as value,
    o.growth_reported_pct as growth, o.has_open_query
from staging.observation as o
inner join ref.indicator as i on o.indicator = i.indicator
inner join ref.unit as u on i.quoted_unit = u.unit
where o.zone = ?
"""
_PUBLIC = """
semi join (from public.indicator where conf_status = 'F') as p
    on o.zone = p.zone and o.period = p.period and o.indicator = p.indicator
        and o.industry is not distinct from p.industry and o.basis = p.basis
"""


def figures_of(page: Element) -> list[tuple[str, str, str, bool]]:
    """Quarter, level and growth of each row of the series of a page, and whether it says 待核实."""
    found = []
    for section in page.find("section"):
        table = next(t for t in section.children if t.tag == "table")
        for row in next(table.find("tbody")).find("tr"):
            period, level, growth = (cell.text() for cell in row.children)
            found.append((period.split()[0], level.split()[0], growth, "待核实" in period))
    return found


def told(value: object, printed: str) -> bool:
    """Whether a number is printed as it is in the warehouse, with as many decimals as it is printed with."""
    if value is None:
        return printed == "—"
    digits = Decimal(printed.replace("−", "-"))
    exponent = digits.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(digits - Decimal(str(value))) <= Decimal(1).scaleb(exponent) / 2


def compare_series(con: duckdb.DuckDBPyConnection, published: Path, audience: str) -> int:
    """Each series of the site against the warehouse; how many figures were compared."""
    site = site_of(published, audience)
    query = _STANDING.replace("where", _PUBLIC + "where") if audience == "public" else _STANDING
    zones = [z for (z,) in con.execute("select distinct zone from staging.observation").fetchall()]
    checked = 0
    for zone in zones:
        expected: dict[str, list[tuple[str, object, object, bool]]] = {}
        for indicator, _, _, period, *numbers in con.execute(query, [zone]).fetchall():
            expected.setdefault(indicator, []).append((period, *numbers))
        pages = {p.stem: p for p in (site / zone / "series").glob("*.html")}
        assert pages.keys() == expected.keys(), zone
        for indicator, path in pages.items():
            printed = sorted(figures_of(read(path)))
            stands = sorted(expected[indicator], key=str)
            assert sorted(p for p, *_ in printed) == sorted(p for p, *_ in stands)
            for period, value, growth, is_asked in stands:
                assert any(
                    p == period and told(value, v) and told(growth, g) and asked == is_asked
                    for p, v, g, asked in printed
                ), (path, period)
                checked += 1
    return checked


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_series_are_those_of_the_warehouse(
    published_folder: Path, readers: duckdb.DuckDBPyConnection, audience: str
) -> None:
    assert compare_series(readers, published_folder, audience) > 130
    site = site_of(published_folder, audience)
    text = (site / "150571/series/gdp.html").read_text(encoding="utf-8")
    assert "107.92" in text and "亿元" in text and "hundred million yuan" in text


@pytest.mark.torture
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_series_of_raw_is_that_of_the_warehouse(
    whole_warehouse: Warehouse, audience: str
) -> None:
    with duckdb.connect(str(whole_warehouse.path), read_only=True) as con:
        assert compare_series(con, whole_warehouse.folder / "published", audience) > 1_300


def test_the_public_sees_no_question_no_file_and_no_register(
    published_folder: Path, readers: duckdb.DuckDBPyConnection
) -> None:
    site = site_of(published_folder, "public")
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    names = [n for (n,) in readers.execute("select distinct project from core.project_ledger where project is not null").fetchall()]  # fmt: skip
    assert names
    figures = "".join(text for path, text in pages.items() if "dictionary" not in path.parts)
    assert 'class="asked' not in figures and "内部" not in figures
    assert not re.search(r"\.(xlsx|xls|ods|csv\.|history/)", figures), "no file of a sender"
    assert not [name for name in names if name in figures]
    index = json.loads(re.findall(r'id="index">(.*?)</script>', pages[site / "index.html"])[0])
    confidential = {c for (c,) in readers.execute("select indicator from ref.confidential_indicator").fetchall()}  # fmt: skip
    assert confidential and not confidential & {code for code, _, _ in index["indicators"]}
    assert not (site / "quality.html").exists() and not (site / "revisions.html").exists()


@pytest.mark.torture
def test_vintages_and_revisions_are_told_with_their_reason(whole_warehouse: Warehouse) -> None:
    site = site_of(whole_warehouse.folder / "published", "internal")
    with duckdb.connect(str(whole_warehouse.path), read_only=True) as con:
        revised = con.execute("""
            select zone, period, indicator, revision_reason from metrics.revision
            where revision_state = 'revised' and industry is null
        """).fetchall()
    assert len(revised) > 100
    for zone, period, indicator, reason in revised:
        page = read(site / zone / "series" / f"{indicator}.html")
        tables = [t for t in page.find("table") if t.attributes.get("class") == "vintages"]
        rows = [[c.text() for c in r.children] for table in tables for r in table.find("tr")]
        versions = [r for r in rows if r[0] == period]
        assert len(versions) > 1 and versions[0][2:4] != versions[-1][2:4]
        told_of = read(site / zone / "revisions.html").text()
        assert period in told_of and (not reason or " ".join(reason.split()) in told_of)
    shown = "".join(p.read_text(encoding="utf-8") for p in site.rglob("series/*.html"))
    assert 'class="asked' in shown


def test_the_search_finds_zones_and_series_by_either_language() -> None:
    cards = [
        {"zone": "A1", "title_zh": "甲", "title_en": "A", "indicators": [["gdp", "总值", "GDP"]]},
        {"zone": "B1", "title_zh": "乙</script>", "title_en": "B", "indicators": [["gdp", "总值", "GDP"], ["x", "x", "x"]]},
        {"zone": "CN", "title_zh": "丙", "title_en": "C", "indicators": [["gdp", "国内总值", "GDP"]]},
    ]  # fmt: skip
    written = write_index(cards, [])
    assert "</" not in written
    assert json.loads(written) == {
        "zones": [
            ["A1", "甲", "A", [0]],
            ["B1", "乙</script>", "B", [0, 1]],
            ["CN", "丙", "C", [[0, "国内总值", "GDP"]]],
        ],
        "indicators": [["gdp", "总值", "GDP"], ["x", "x", "x"]],
        "pages": [],
    }
    assert write_data("<!--") == '"\\u003c!--"'


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0, 7.4], [0, 2, 4, 6, 8]),
        ([-6.8, 18.3], [-10, -5, 0, 5, 10, 15, 20]),
        ([0.0], [0, 0.1]),
        ([1401879.2], [0, 500_000, 1_000_000, 1_500_000]),
        ([-0.25, -0.1], [-0.3, -0.2, -0.1, 0]),
    ],
)
def test_an_axis_has_round_ticks_around_zero(values: list[float], expected: list[float]) -> None:
    assert choose_ticks(values) == pytest.approx(expected)


def test_an_axis_without_zero_lies_close_around_the_values() -> None:
    assert choose_ticks([100.2, 101.5], least=0, has_zero=False) == [100, 100.5, 101, 101.5]
    assert choose_ticks([0.00021, 0.00029], least=0) == pytest.approx(
        [0, 5e-5, 1e-4, 15e-5, 2e-4, 25e-5, 3e-4]
    )
    assert choose_ticks([-1e300, 1e300], least=0) == [-1e300, -5e299, 0, 5e299, 1e300]


def test_words_of_a_number_that_is_not_exact_stand_beside_it_alone() -> None:
    assert WORDS["qualifiers"] == {
        "about": ("约", "about"),
        "nearly": ("近", "nearly"),
        "over": ("以上", "more than"),
        "under": ("不足", "less than"),
        "band": ("以上（区间下限）", "at least"),
    }


# --- what a run writes ----------------------------------------------------------------------------


@pytest.fixture
def run_file(warehouse: Path, tmp_path: Path) -> Path:
    """A run's file in a warehouse of its own, whose readers have the whole site."""
    work = tmp_path / "warehouse" / "work"
    shutil.copytree(warehouse.parent / "published", tmp_path / "warehouse" / "published")
    shutil.copytree(warehouse.parent / "published", work / "published", ignore=shutil.ignore_patterns("site*"))  # fmt: skip
    return Path(shutil.copy(warehouse, work / "jibao.duckdb"))


def test_a_run_links_the_parts_that_did_not_change(run_file: Path) -> None:
    folder = run_file.parents[1]
    published, beside = folder / "published", folder / "work" / "published"
    assert list(check_site(published)) == []
    assert write_site(run_file, folder) == 0
    for audience in AUDIENCES:
        before, after = site_of(published, audience), site_of(beside, audience)
        assert {p.relative_to(before) for p in before.rglob("*")} == {p.relative_to(after) for p in after.rglob("*")}  # fmt: skip
        for part in ("150571/index.html", "CN/series/gdp.html", "dictionary/index.html"):
            assert (before / part).samefile(after / part)


@pytest.mark.torture
def test_a_zone_that_changed_is_written_again_and_what_was_altered_is_told(run_file: Path) -> None:
    folder = run_file.parents[1]
    published, beside = folder / "published", folder / "work" / "published"
    with write_to(run_file) as con:
        con.execute("""
            insert into ledger.finding by name
            select submission, zone, period, form, 'FIGURE-OUTLIER' as code, 'query' as severity, 'broken' as outcome,
                source_row as row, 'value' as column
            from core.observation where zone = '150571' and indicator = 'va_primary'
        """)
        con.execute("update ledger.submission set run = 'another' where zone = '150571'")
    shutil.rmtree(site_of(published, "internal") / "dictionary")
    assert write_site(run_file, folder) == 3, "a zone for two audiences, and what was lost"
    for audience in AUDIENCES:
        before, after = site_of(published, audience), site_of(beside, audience)
        assert not (before / "150571/index.html").samefile(after / "150571/index.html")
        assert (before / "CN/series/gdp.html").samefile(after / "CN/series/gdp.html")
        asked = after / "150571/series/va_primary.html"
        if audience == "public":
            assert not asked.exists() and (after / "150571/series/gdp.html").exists()
            assert "va_primary.html" not in (after / "150571/index.html").read_text(
                encoding="utf-8"
            )
        else:
            [(period, level, growth, is_asked)] = figures_of(read(asked))
            assert (period, level, growth, is_asked) == ("2022Q3", "1.41", "4.1", True)
    (published / SITE_INDEX).write_text("[]")
    assert write_site(run_file, folder) == 6, "all of it anew"
    shutil.rmtree(published)
    beside.rename(published)
    assert list(check_site(published)) == []
    altered = site_of(published, "public") / "CN/series/gdp.html"
    altered.unlink()
    altered.write_text("<html>")
    (site_of(published, "internal") / "site.css").unlink()
    [office, public] = check_site(published)
    assert office.subject == str(site_of(published, "internal")) and "missing" in office.en
    assert public.subject == str(site_of(published, "public") / "CN")


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with open_browser(tmp_path_factory.mktemp("browser") / "profile") as browser:
        yield browser


@pytest.mark.torture
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
@pytest.mark.parametrize("width", [1280, 360])
def test_the_site_in_a_browser(tab: Browser, site: Path, width: int) -> None:
    """Without a network and from the disk: one language at a time, no sideways scrolling, search by keyboard, print."""
    chosen = ["index.html", "CN/index.html", "CN/series/gdp.html", "CN/series/value_added.html", "150571/index.html",
              "dictionary/index.html", "dictionary/methodology.html", "dictionary/public.indicator.html", "downloads.html",
              "calendar.html"]  # fmt: skip
    if "public" not in site.parts:
        chosen += [
            "ranking.html",
            "revisions.html",
            "quality.html",
            "CN/revisions.html",
            "CN/quality.html",
        ]
    tab.resize(width)
    for name in chosen:
        tab.open((site / name).as_uri())
        assert tab.ask("document.documentElement.scrollWidth") <= width, name
        assert tab.ask("getComputedStyle(document.querySelector('header')).borderTopWidth") == "3px"
        assert (
            tab.ask("performance.timing.loadEventEnd - performance.timing.navigationStart") < 1000
        )
        seen = "[...document.querySelectorAll('main [lang]')].filter(e => e.checkVisibility()).map(e => e.lang)"
        assert set(tab.ask(seen)) == {"zh-CN"}, name
        tab.ask("document.getElementById('say-en').click()")
        assert set(tab.ask(seen)) == {"en"} and tab.ask("document.documentElement.lang") == "en"
        assert tab.ask("document.documentElement.scrollWidth") <= width, name
        links = "[...document.links].filter(l => l.pathname.endsWith('.html') && !l.getAttribute('href').startsWith('#')).map(l => l.hash)"
        assert set(tab.ask(links)) == {"#en"}, "the language goes along"
    tab.open((site / "index.html").as_uri())
    tab.press("Tab")
    assert tab.ask("document.activeElement.className") == "skip"
    tab.press("Enter")
    assert tab.ask("document.activeElement.id") == "main"
    tab.ask("document.getElementById('search').focus()")
    tab.call("Input.insertText", text="通辽 生产总值")
    found = "[...document.querySelectorAll('#found a')].map(a => [a.pathname, a.textContent])"
    assert [
        (site / "150571/series/gdp.html").as_posix(),
        "地区生产总值 · 通辽经济技术开发区",
    ] in tab.ask(found)
    assert re.fullmatch(
        r"找到 \d+ 项", tab.ask("document.getElementById('found-count').textContent")
    )
    tab.press("Tab")
    tab.press("Enter")
    tab.await_true(
        "location.pathname.includes('/150571/series/') && document.readyState === 'complete'"
    )
    printed = base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"])
    reader = pypdf.PdfReader(io.BytesIO(printed))
    # some fonts give a radical (⽣) for the character that looks the same
    shown = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in reader.pages))
    assert tab.ask("document.querySelector('h1').textContent") in "".join(shown.split())
    assert "English" not in shown, "paper has no switch"
    assert tab.errors == [] and tab.refused == []


@pytest.mark.torture
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
def test_fifty_zones_of_forty_quarters_show_in_a_second(
    whole_warehouse: Warehouse, tab: Browser, tmp_path: Path
) -> None:
    """The front page with its search, and the page of a zone with some seventy indicators, from the disk."""
    with duckdb.connect(str(whole_warehouse.path), read_only=True) as con:
        nation = read_zones(con, ["CN"], "internal")["CN"]
        quarters = sorted({row["period"] for row in nation.indicators["gdp"][0].figures})
        many = {f"{name}_{n}": parts for n in range(4) for name, parts in nation.indicators.items()}
        assert len(many) > 60 and len(quarters) > 40
        whole = ZonePages(nation.zone, many, nation.revisions, nation.quality)
        files, card = render_zone(whole, dict.fromkeys(quarters), [], "internal")
        cards = [card | {"zone": f"Z{n:02}", "title_zh": f"第{n}区"} for n in range(50)]
        files |= {f"../{name}": page for name, page in render_front(con, cards, [], "internal", [], False).items()}  # fmt: skip
    for name, page in (files | {"../site.css": style_of("site.css").encode()}).items():
        path = tmp_path / "site" / "CN" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page)
    for name in ("index.html", "CN/index.html", "CN/series/value_added_0.html"):
        tab.open((tmp_path / "site" / name).as_uri())
        tab.await_true("performance.timing.loadEventEnd > 0")
        took = tab.ask("performance.timing.loadEventEnd - performance.timing.navigationStart")
        assert took < 1000, (name, took)
    tab.open((tmp_path / "site/index.html").as_uri())
    tab.ask("document.getElementById('search').focus()")
    tab.call("Input.insertText", text="value_added_3 Z49")
    assert tab.ask("document.getElementById('found').children.length") == 1
    find = "(() => { const s = performance.now(); document.getElementById('search').dispatchEvent(new Event('input')); return performance.now() - s; })()"
    assert tab.ask(find) < 200, "ms for 3,500 series"


def test_the_newest_quarter_with_gdp_leads_and_all_stay_reachable(given: Any) -> None:
    given.row("ref.zone", zone="A1", title_zh="甲区", title_en="Zone A1")
    given.gdp("2023Q1", {"total": (100, 5.0)}, zone="A1")
    pages = read_zones(given.con, ["A1"], "internal")["A1"]
    quarters: dict[str, str | None] = {"2022Q4": None, "2023Q1": None, "2023Q2": None}
    files, card = render_zone(pages, quarters, [], "internal")
    assert card["bulletin"] == "2023Q1", "of 2023Q2 the first file alone is here"
    links = re.findall(r'href="../../A1/(\w+)/index.html"', files["index.html"].decode())
    assert links[0] == "2023Q1" and set(links) == set(quarters)


def test_zones_are_ranked_by_growth_and_what_is_printed_alike_shares_its_places(given: Any) -> None:
    growth = {"A1": 5.0, "B1": -1.2, "C1": 5.0, "D1": 3.45}
    for zone, said in growth.items():
        given.row("ref.zone", zone=zone, title_zh=f"{zone}区", title_en=f"Zone {zone}")
        given.gdp("2023Q1", {"total": (100, said)}, zone=zone)
        if zone < "C":  # of two zones nothing is ranked
            given.gdp("2023Q2", {"total": (100, said)}, zone=zone)
    page = rank_zones(given.con, {"A1"})
    [section] = page.sections
    assert section.title == ("地区生产总值，2023Q1", "Gross regional product (GDP), 2023Q1")
    assert section.table is not None
    told = [(place.zh, zone.zh, zone.href, said.zh) for place, zone, said, _ in section.table.rows]
    assert told == [
        ("1–2", "A1区", "A1/series/gdp.html", "+5.0"),
        ("1–2", "C1区", None, "+5.0"),
        ("3", "D1区", None, "+3.45"),
        ("4", "B1区", None, "−1.2"),
    ]
    bars = [bar for *_, one in section.table.rows if (bar := one.bar)]
    assert [x + width for x, width, _ in bars[:2]] == pytest.approx([100, 100], abs=0.01)
    assert bars[3][0] == 0 and bars[3][0] + bars[3][1] == pytest.approx(bars[3][2], abs=0.02)
    html = render_tables(page, "internal").decode()
    assert html.count('<svg class="stick" aria-hidden="true"') == 4, "the table is read aloud"
    given.con.execute("delete from core.observation where zone in ('A1', 'B1')")
    assert rank_zones(given.con, set()).sections == []
