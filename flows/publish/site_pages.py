"""The pages of a zone in the site: the zone, each of its series, its revisions, its reporting.

A page is bytes by its path below the zone's folder. With the pages goes a card: what the front
pages say of the zone, so that they need not read it again.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from flows.model.period import parse_period
from flows.publish.page import hash_of, open_page, script_of, write_data
from flows.publish.site_chart import draw_charts, draw_spark
from flows.publish.site_rows import Row, Series, ZonePages
from flows.publish.site_tables import Cell, Pair, Section, Table, TablePage, from_here, tell
from flows.publish.site_words import FRONT, MOVES, PRICES, QUALITY, REVISIONS, WAYS, WORDS

_GDP = "gdp"


def site_scripts() -> list[str]:
    """The scripts of the site's pages."""
    return [script_of(), script_of("site_search.js")]


def render(template: str, path: str, audience: str, script: str = "", **what: Any) -> bytes:
    """A page of the site, at its path."""
    page = open_page(template).render(
        path=path,
        root=from_here(path),
        audience=audience,
        nav=WAYS[audience],
        scripts=[script or script_of()],
        hash=hash_of,
        words=WORDS,
        **{"crumbs": [], **what},
    )
    return page.encode()


def render_tables(page: TablePage, audience: str) -> bytes:
    """A page of text and tables."""
    return render(
        "site_table.html.jinja",
        page.path,
        audience,
        title=page.title,
        lead=page.lead,
        sections=page.sections,
        crumbs=page.crumbs,
    )


def render_zone(
    pages: ZonePages,
    bulletins: Mapping[str, str | None],
    documents: Sequence[str],
    audience: str,
) -> tuple[dict[str, bytes], Row]:
    """The pages of a zone by their paths in its folder, and its card. `bulletins` are the
    quarters that have one, each with its newest edition, `documents` what files stand beside it.
    """
    zone = pages.zone["zone"]
    title = (pages.zone["title_zh"], pages.zone["title_en"])
    crumbs = [FRONT]
    at_zone = [*crumbs, (f"{zone}/index.html", title)]
    links = [REVISIONS, QUALITY] if audience == "internal" else []
    sections = _sections(pages)
    quarters = {
        period: _quarter(zone, period, bulletins[period], documents)
        for period in sorted(bulletins, reverse=True)
    }
    leading = _find_leading(pages, bulletins)
    files = {
        "index.html": render(
            "site_zone.html.jinja",
            f"{zone}/index.html",
            audience,
            title=title,
            crumbs=crumbs,
            links=links,
            quarters=list(quarters.values()),
            leading=quarters[leading] if leading else None,
            sections=sections,
            has_course=any(line["spark"] for part in sections for line in part["lines"]),
        )
    }
    for indicator, parts in pages.indicators.items():
        path = f"series/{indicator}.html"
        newest = parts[0].newest
        files[path] = render(
            "site_series.html.jinja",
            f"{zone}/{path}",
            audience,
            title=(newest["title_zh"], newest["title_en"]),
            zone=pages.zone,
            indicator=indicator,
            crumbs=at_zone,
            quarters=set(bulletins),
            parts=[
                {"series": part, "charts": draw_charts(part), "price_basis": _price_basis(part)}
                for part in parts
            ],
        )
    if audience == "internal":
        for page in (_revisions(pages, at_zone), _quality(pages, at_zone)):
            files[page.path.removeprefix(f"{zone}/")] = render_tables(page, audience)
    return files, _card(pages, bulletins)


def _find_leading(pages: ZonePages, bulletins: Collection[str]) -> str | None:
    """The quarter whose bulletin leads: the newest that has GDP, for the first file of a new
    quarter says little; the newest of all where none has.
    """
    gdp = pages.indicators.get(_GDP)
    with_gdp = {row["period"] for row in gdp[0].figures} if gdp else set()
    return max(with_gdp.intersection(bulletins), default=max(bulletins, default=None))


def _quarter(zone: str, period: str, edition: str | None, documents: Sequence[str]) -> Row:
    span = parse_period(period)
    return {
        "folder": f"../../{zone}/{period}/",
        "title": (span.title_zh, span.title_en),
        "edition": edition,
        "suffixes": sorted({name.rpartition(".")[2] for name in documents}, reverse=True),
    }


def _sections(pages: ZonePages) -> list[Row]:
    """Indicators by section of the bulletin, in its order."""
    lines: list[Row] = [
        {"newest": parts[0].newest, "spark": draw_spark(parts[0])}
        for parts in pages.indicators.values()
    ]
    by_section = itertools.groupby(
        lines, lambda line: (line["newest"]["section_zh"], line["newest"]["section_en"])
    )
    return [{"title": title, "lines": list(group)} for title, group in by_section]


def _price_basis(series: Series) -> tuple[str, str] | None:
    """At which prices all its growths are; None where they differ or do not say."""
    kinds = {row["price_basis"] for row in series.figures if row["growth_text"] is not None}
    return PRICES.get(kinds.pop()) if len(kinds) == 1 else None


def _card(pages: ZonePages, bulletins: Mapping[str, str | None]) -> Row:
    """What the front pages say of a zone. A figure of it is as in the zone's pages."""
    series = [one for parts in pages.indicators.values() for one in parts]
    periods = sorted({row["period"] for one in series for row in one.figures})
    gdp = pages.indicators.get(_GDP)
    return pages.zone | {
        "first": periods[0],
        "last": periods[-1],
        "series": len(series),
        "gdp": {name: gdp[0].newest[name] for name in _OF_GDP} if gdp else None,
        "bulletin": _find_leading(pages, bulletins),
        "indicators": [
            [code, parts[0].newest["title_zh"], parts[0].newest["title_en"]]
            for code, parts in pages.indicators.items()
        ],
        "revisions": len(pages.revisions),
        "revised_on": max((row["revised_on"] for row in pages.revisions), default=None),
        "quality": pages.quality[0] if pages.quality else None,
    }


_OF_GDP = ("period", "number_text", "qualifier", "growth_text", "has_open_query")


def _revisions(pages: ZonePages, crumbs: list[tuple[str, Pair]]) -> TablePage:
    """Every figure of the zone that was revised: what was said first, and what stands."""
    zone = pages.zone["zone"]
    series = {
        (indicator, part.newest["industry"], part.newest["basis"]): part
        for indicator, parts in pages.indicators.items()
        for part in parts
    }
    rows = [
        _revision(row, series.get((row["indicator"], row["industry"], row["basis"])))
        for row in pages.revisions
    ]
    headings = [
        ("指标", "Indicator"),
        ("季度", "Quarter"),
        ("此前", "First"),
        ("现在", "Now"),
        ("单位", "Unit"),
        ("同比，此前", "Growth, first"),
        ("同比，现在", "Growth, now"),
        ("变动", "Change"),
        ("日期", "On"),
        ("原因", "Reason"),
    ]
    return TablePage(
        f"{zone}/{REVISIONS[0]}",
        REVISIONS[1],
        (
            f"{pages.zone['title_zh']}：{len(rows)} 个数在首次报送或公布之后有变动。",
            f"{pages.zone['title_en']}: {len(rows)} figures have changed since they were first "
            "sent or published.",
        ),
        [Section(table=Table(headings, rows, frozenset({2, 3, 5, 6})))] if rows else [],
        crumbs,
    )


def _revision(row: Row, series: Series | None) -> list[Cell]:
    versions = series.vintages.get(row["period"], []) if series else []
    stands = row["revision_state"] != "withdrawn"
    first = versions[0] if versions and row["revision_state"] != "added" else {}
    now = versions[-1] if versions and stands else {}
    newest = series.newest if series else {}
    zh, en = (str(newest.get(f"title_{lang}", row["indicator"])) for lang in ("zh", "en"))
    if newest.get("industry"):
        zh, en = f"{zh}：{newest['industry_zh']}", f"{en}: {newest['industry_en']}"
    href = f"{row['zone']}/series/{row['indicator']}.html" if series else None
    return [
        Cell(zh, en, href),
        tell(row["period"]),
        *(_number(version, "number_text") for version in (first, now)),
        Cell(newest.get("unit_zh", ""), newest.get("unit_en", "")),
        *(_number(version, "growth_text") for version in (first, now)),
        Cell(*MOVES.get(row["revision_state"], (row["revision_state"],) * 2)),
        tell(row["revised_on"]),
        tell(row["revision_reason"]),
    ]


def _number(version: Mapping[str, Any], column: str) -> Cell:
    text = version.get(column)
    return Cell("—" if text is None else text.replace("-", "−"))


_QUALITY_COLUMNS = {
    "period": ("季度", "Quarter"),
    "forms_due": ("应报", "Forms due"),
    "forms_accepted": ("已入库", "Accepted"),
    "completeness_pct": ("完整率 %", "Complete, %"),
    "forms_late": ("迟报", "Late"),
    "rows_held": ("扣留行", "Rows held"),
    "findings_hard": ("差错", "Errors"),
    "findings_soft": ("询问", "Queries"),
    "explained_pct": ("已说明 %", "Explained, %"),
    "figures_revised": ("修订数", "Revised"),
    "identities": ("平衡关系", "Identities"),
    "identities_failed": ("不平衡", "Not holding"),
}
QUALITY_HEADINGS = list(_QUALITY_COLUMNS.values())


def tell_quality(row: Row) -> list[Cell]:
    """A quarter's reporting in the order of QUALITY_HEADINGS."""
    return [tell(row[name]) for name in _QUALITY_COLUMNS]


def _quality(pages: ZonePages, crumbs: list[tuple[str, Pair]]) -> TablePage:
    table = Table(
        QUALITY_HEADINGS, [tell_quality(row) for row in pages.quality], frozenset(range(1, 12))
    )
    title = (pages.zone["title_zh"], pages.zone["title_en"])
    path = f"{pages.zone['zone']}/{QUALITY[0]}"
    return TablePage(path, QUALITY_TITLE, title, [Section(table=table)], crumbs)


QUALITY_TITLE = ("报送质量", "Quality of reporting")


def write_index(cards: Sequence[Row], pages: Sequence[Sequence[str]]) -> str:
    """What the search looks through, small enough to stand in the front page: zones with the places
    of their indicators in one list; a zone that calls an indicator otherwise says how.
    """
    places: dict[str, int] = {}
    indicators: list[list[str]] = []
    zones = []
    for card in cards:
        listed: list[Any] = []
        for code, zh, en in card["indicators"]:
            if code not in places:
                places[code] = len(indicators)
                indicators.append([code, zh, en])
            place = places[code]
            is_same = indicators[place] == [code, zh, en]
            listed.append(place if is_same else [place, zh, en])
        zones.append([card["zone"], card["title_zh"], card["title_en"], listed])
    return write_data({"zones": zones, "indicators": indicators, "pages": pages})
