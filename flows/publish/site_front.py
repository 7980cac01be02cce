"""The pages of the site that are of all zones: the front page, revisions, quality, calendar and
downloads. They are made of the zones' cards, so that no zone has to be read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb

from flows.publish.page import script_of
from flows.publish.site_pages import (
    QUALITY_HEADINGS,
    QUALITY_TITLE,
    render,
    render_tables,
    tell_quality,
    write_index,
)
from flows.publish.site_ranking import rank_zones
from flows.publish.site_rows import Row
from flows.publish.site_tables import Cell, Pair, Section, Table, TablePage, tell
from flows.publish.site_words import CALENDAR, DOWNLOADS, FOLDERS, FRONT, QUALITY, REVISIONS, WAYS
from flows.publish.step import PUBLIC_FOLDER, SITE_FOLDER
from flows.warehouse.database import fetch_rows
from flows.warehouse.sql_text import quote

DATA_DOCS = "data_docs"
_QUARTERS_AHEAD = 4  # of the calendar, after the newest with figures
_CALENDAR = """
select f.form, f.title_zh, f.title_en, c.period, strftime(c.due_on, '%Y-%m-%d') as due_on
from ref.release_calendar as c inner join ref.form as f on c.form = f.form
where period_number(c.period) - period_number({newest}) between 0 and {ahead}
order by f.form, c.period
"""


def render_front(
    con: duckdb.DuckDBPyConnection,
    cards: Sequence[Row],
    views: Sequence[Row],
    audience: str,
    files: Sequence[Path],
    has_data_docs: bool,
) -> dict[str, bytes]:
    """The pages by their paths. `views` are those of the dictionary, `files` what can be
    downloaded, by its path beside the site.
    """
    pages = [_calendar(con, cards), _downloads(files, cards, views, audience, has_data_docs)]
    if audience == "internal":
        zones = {card["zone"] for card in cards}
        pages += [rank_zones(con, zones), _revisions(cards), _quality(cards)]
    return {
        FRONT[0]: _front(cards, views, audience),
        **{page.path: render_tables(page, audience) for page in pages},
    }


def _front(cards: Sequence[Row], views: Sequence[Row], audience: str) -> bytes:
    pages = [[href, *pair] for href, pair in WAYS[audience]]
    pages += [[f"dictionary/{v['view_name']}.html", v["title_zh"], v["title_en"]] for v in views]
    series = sum(card["series"] for card in cards)
    return render(
        "site_front.html.jinja",
        FRONT[0],
        audience,
        script_of("site_search.js"),
        title=("开发区季度统计", "Quarterly statistics of development zones"),
        lead=(
            f"{len(cards)} 个地区，{series} 条序列：每条序列的各季和走势，每季的公报。",
            f"{len(cards)} zones, {series} series over time, and the bulletin of each quarter.",
        ),
        cards=cards,
        index=write_index(cards, pages),
    )


def _zone(card: Row, page: str) -> Cell:
    return Cell(card["title_zh"], card["title_en"], f"{card['zone']}/{page}")


def _revisions(cards: Sequence[Row]) -> TablePage:
    rows = [
        [_zone(card, REVISIONS[0]), tell(card["revisions"]), tell(card["revised_on"])]
        for card in cards
    ]
    headings = [("地区", "Zone"), ("修订的数", "Figures revised"), ("最近一次", "Newest")]
    return TablePage(
        REVISIONS[0],
        REVISIONS[1],
        (
            "首次报送或公布之后变动过的数，各地区分列，附原因。",
            "Figures that have changed since they were first sent or published, zone by zone, with "
            "the reason.",
        ),
        [Section(table=Table(headings, rows, frozenset({1})))],
    )


def _quality(cards: Sequence[Row]) -> TablePage:
    rows = [
        [_zone(card, QUALITY[0]), *tell_quality(card["quality"])]
        for card in cards
        if card["quality"]
    ]
    table = Table([("地区", "Zone"), *QUALITY_HEADINGS], rows, frozenset(range(2, 13)))
    lead = (
        "各地区最近一季的报送：及时、完整、差错、修订。",
        "Each zone's newest quarter: timely, complete, errors, revisions.",
    )
    return TablePage(QUALITY[0], QUALITY_TITLE, lead, [Section(table=table)])


def _calendar(con: duckdb.DuckDBPyConnection, cards: Sequence[Row]) -> TablePage:
    """The days of the newest quarter with figures and of those that follow: none of today, so
    that equal inputs give equal pages.
    """
    newest = quote(max(card["last"] for card in cards)) if cards else "null"
    by_form: dict[tuple[str, Pair], dict[str, str]] = {}
    for row in fetch_rows(con, _CALENDAR.format(newest=newest, ahead=_QUARTERS_AHEAD)):
        form = (row["form"], (row["title_zh"], row["title_en"]))
        by_form.setdefault(form, {})[row["period"]] = row["due_on"]
    periods = sorted({period for days in by_form.values() for period in days})
    rows = [
        [Cell(*title), *(tell(days.get(period)) for period in periods)]
        for (_, title), days in by_form.items()
    ]
    return TablePage(
        CALENDAR[0],
        ("报送日历", "Release calendar"),
        ("各表应于何日报到（北京时间）。", "By the end of which day, Beijing time, a form is due."),
        [Section(table=Table([("报表", "Form"), *((p, p) for p in periods)], rows))],
    )


def list_files(published: Path, zones: set[str]) -> Iterator[Path]:
    """Files that can be downloaded, by their paths in `published`: exports, without the bulletins
    of the zones, the site, and what is for machines alone.
    """
    for top in sorted(published.iterdir()):
        if top.is_dir() and top.name not in {*zones, SITE_FOLDER, PUBLIC_FOLDER}:
            for path in sorted(top.rglob("*")):
                if path.is_file():
                    yield path.relative_to(published)
        elif top.is_file() and top.name.endswith((".duckdb", ".odcs.json")):
            yield top.relative_to(published)


def _downloads(
    files: Sequence[Path],
    cards: Sequence[Row],
    views: Sequence[Row],
    audience: str,
    has_data_docs: bool,
) -> TablePage:
    """Files by folder; one that is of a zone is told by its name."""
    told = {view["view_name"]: (view["title_zh"], view["title_en"]) for view in views}
    zones = {card["zone"]: card for card in cards}
    by_folder: dict[str, list[Path]] = {}
    for path in files:
        by_folder.setdefault(path.parts[0] if len(path.parts) > 1 else ".", []).append(path)
    sections = [
        Section(
            None if folder == "." else (folder, folder),
            told.get(f"metrics.{folder}", FOLDERS.get(folder)),
            links=[_file(path, zones) for path in paths],
        )
        for folder, paths in by_folder.items()
    ]
    if has_data_docs and audience == "internal":
        about = (
            "Great Expectations 对最近一次运行各条审核规则的核对结果。",
            "What Great Expectations found of the rules of the last run.",
        )
        link = Cell("index.html", None, f"../../{DATA_DOCS}/index.html")
        sections.append(Section(("审核文档", "Data Docs"), about, links=[link]))
    return TablePage(*DOWNLOADS, None, sections)


def _file(path: Path, zones: Mapping[str, Row]) -> Cell:
    """A link to a file; one that is of a zone has its name."""
    href = f"../{path.as_posix()}"
    card = zones.get(path.stem)
    if card is None:
        return Cell("/".join(path.parts[1:]) or path.name, None, href)
    kind = path.suffix[1:].upper()
    return Cell(f"{card['title_zh']} {kind}", f"{card['title_en']} {kind}", href)
