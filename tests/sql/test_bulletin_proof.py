"""What is withheld from the public is neither in the public's page nor in its proof."""

from __future__ import annotations

import json
import re

from flows.publish.bulletin_bars import draw_ranking
from flows.publish.bulletin_check import check_page
from flows.publish.bulletin_numbers import Accessor
from flows.publish.bulletin_rows import Pages, read_pages
from tests.pages import render_page

PLACE = ("Z1", "2023Q2")


SENT = {"sha256": "ab" * 32}


def checked(pages: Pages, place: tuple[str, str], audience: str) -> tuple[str, str]:
    """A page whose proof holds, and what a person reads of it."""
    rendered = render_page(pages, place, audience)
    assert rendered
    assert check_page(rendered[0], unsigned=True).discrepancies == []
    page = rendered[0].decode()
    return page, re.sub("<sup.*?</sup>|<[^>]*>|\n", "", page[: page.index("<footer")])


def test_what_is_asked_about_is_marked_inside_and_absent_outside(given):
    given.gdp(
        "2022Q2",
        {"total": (91.11, 1.0), "primary": (9, 1), "secondary": (41, 1), "tertiary": (41.11, 1)},
        **SENT,
    )
    asked = given.gdp(
        "2023Q2",
        {
            "total": (123.45, 5.0),
            "primary": (17.77, 1.9),
            "secondary": (44, 2.2),
            "tertiary": (61.68, 3),
        },
        **SENT,
    )
    given.con.execute(
        "update core.observation set source_row = 3 where submission = ? and indicator = 'va_primary'",
        [asked],
    )
    given.finding(
        asked,
        code="FIGURE-OUTLIER",
        severity="query",
        outcome="broken",
        row=3,
        **{'"column"': "value"},
        message_zh="17.77 偏离以往",
        message_en="17.77 is far from before",
    )
    before = given.submission("main_indicators", "2023Q2", **SENT)
    given.figure(before, "retail_sales", 20.01, growth=4.4)
    main = given.submission("main_indicators", "2023Q2", revision=2, **SENT)
    given.figure(main, "retail_sales", 20.02, growth=4.4)
    given.figure(main, "budget_revenue", 8.88, growth=2.5, source_row=4)
    given.row("ref.confidential_indicator", indicator="budget_revenue")
    by_industry = given.submission("value_added_by_industry", "2023Q2", **SENT)
    given.figure(by_industry, "value_added", 13.31, growth=5.1, industry="A")

    pages = read_pages(given.con, [PLACE])
    rendered = {a: render_page(pages, PLACE, a) for a in ("internal", "public")}
    inside, outside = (rendered[a][0].decode() for a in ("internal", "public"))
    for page in (inside, outside):
        verdict = check_page(page.encode(), unsigned=True)
        assert verdict.discrepancies == [] and verdict.numbers > 4
    read_inside, read_outside = (
        re.sub("<sup.*?</sup>|<[^>]*>", "", p[: p.index("<footer")]) for p in (inside, outside)
    )
    assert "17.77亿元（待核实）" in read_inside and "不得对外" in read_inside
    assert re.search('class="n revised"[^>]*>20.02<', inside) and not re.search(
        'class="n revised"[^>]*>4.4<', inside
    ), "the level was revised, its growth was not"
    assert 'class="n under-query"' in inside and 'class="n revised"' in inside
    assert "123.45亿元" in read_outside and "20.02亿元" in read_outside
    assert "拉动" in read_inside and "拉动" not in read_outside, "it follows from what is withheld"
    # not in the text, and not in the proof either; SQL and script speak of queries in general
    outside = re.sub(r'"sql":"(?:[^"\\]|\\.)*"|<script>.*</script>', "", outside, flags=re.S)
    for withheld in (
        "17.77",
        "1777000000",
        "8.88",
        "888000000",
        "13.31",
        "1331000000",
        "待核实",
        "FIGURE-OUTLIER",
    ):
        assert withheld in inside and withheld not in outside, withheld


def registers(given, period: str, projects: list[str], above: list[str], under: list[str]) -> None:
    """A ledger of projects and a register of enterprises."""
    ledger = given.submission("project_ledger", period, **SENT)
    for row, project in enumerate(projects, 2):
        given.row(
            "core.project_ledger",
            zone="Z1",
            period=period,
            project=project,
            stage="started",
            submission=ledger,
            source_row=row,
        )
    register = given.submission("enterprise_quarter", period, **SENT)
    for row, name in enumerate([*above, *under], 2):
        given.row(
            "core.enterprise_quarter",
            zone="Z1",
            period=period,
            uscc=f"9115{name}",
            enterprise=f"{name}公司",
            industry="26",
            above_threshold=name in above,
            submission=register,
            source_row=row,
        )


def freeze(given, *zones: str, number: int = 1) -> None:
    """An edition of 2023Q2 with what is published of these zones."""
    given.row(
        "ledger.edition",
        edition=f"2023Q2.{number}",
        period="2023Q2",
        edition_number=number,
        edition_zones=" ".join(zones),
        frozen_at=f"2023-07-{19 + number}",
        cut_off_at="2023-07-18",
        sha256="cd" * 32,
    )
    given.con.execute(
        f"insert into ledger.edition_figure select '2023Q2.{number}', f.zone, f.period, f.metric, f.item, f.measure,"
        " 'published', f.value, f.value_text, f.unit, f.form, f.submission from metrics.figure as f"
        " where f.period = '2023Q2' and f.zone in (select unnest(?))",
        [list(zones)],
    )


def test_what_has_changed_is_said_with_its_reason_and_proved(given):
    given.gdp("2023Q2", {"total": (100.5, 5.0), "primary": (10, 1)}, **SENT)
    freeze(given, "Z1")
    revised = given.gdp(
        "2023Q2",
        {"total": (101.25, 4.8), "primary": (10, 1)},
        revision=2,
        received_at="2023-08-01",
        **SENT,
    )
    given.row(
        "ledger.accepted_revision",
        submission=revised,
        accepted_at="2023-08-02",
        acceptance_reason="2家企业补报",
    )
    main = given.submission("main_indicators", "2023Q2", received_at="2023-08-01", **SENT)
    given.figure(main, "budget_revenue", 8.88)
    given.row("ref.confidential_indicator", indicator="budget_revenue")
    registers(given, "2023Q1", ["甲厂", "乙路"], ["A"], ["B", "C"])
    registers(given, "2023Q2", ["甲厂", "丙桥", "丁园"], ["A", "B", "D"], ["C"])

    pages = read_pages(given.con, [PLACE])
    rendered = {a: render_page(pages, PLACE, a) for a in ("internal", "public")}
    inside, outside = (rendered[a][0].decode() for a in ("internal", "public"))
    for page in (inside, outside):
        verdict = check_page(page.encode(), unsigned=True)
        assert verdict.discrepancies == [], verdict.discrepancies
    read_inside, read_outside = (
        re.sub("<sup.*?</sup>|<[^>]*>", "", p[: p.index("<footer")]) for p in (inside, outside)
    )
    for said in (
        "发布版2023Q2.1之后修订的数：地区生产总值由100.50亿元修订为101.25亿元（原因：2家企业补报）；"
        "地区生产总值增速由5.0%修订为4.8%（原因：2家企业补报）。",
        "Revised since edition 2023Q2.1: Gross regional product (GDP), from 10.050 to 10.125 billion yuan (reason: 2家企业补报); ",
        "发布版 2023Q2.1",
    ):
        assert said in read_inside and said in read_outside, said
    for said in (
        "发布版2023Q2.1之后新增的数：一般公共预算收入8.88亿元。",
        "与上季度台账相比，新增重点项目2个：丁园、丙桥。",
        "Key projects that are new since the ledger of the quarter before, 2 in all: 丁园; 丙桥.",
        "与上季度相比，2家企业达到规模以上标准：B公司、D公司。",
    ):
        assert said in read_inside and said not in read_outside, said
    assert re.search(r'class="n published"[^>]*>10.00<', inside), "sent again, and not altered"
    assert re.search(r'class="n revised"[^>]*>101.25<', inside)
    assert re.search(r'class="n preliminary"[^>]*>8.88<', inside), "not in the edition"
    assert "9115C" not in inside, "nor an enterprise that did not rise"
    for name in ("丁园", "甲厂", "公司", "9115", "888000000"):
        assert name not in outside, name


def test_charts_set_two_figures_side_by_side_and_each_is_proved(given):
    """The zone has risen less than the nation, its plan is behind time, and a quarter is the difference of two."""
    given.gdp("2023Q1", {"total": (40, 4.0), "tertiary": (20, 3.0)}, **SENT)
    given.gdp("2023Q2", {"total": (100, 5.0), "tertiary": (50, -1.0)}, **SENT)
    given.gdp("2023Q2", {"total": (9000, 5.5), "primary": (700, 3.0)}, zone="CN", **SENT)
    plan = given.submission("plan_targets", "2023Q1", **SENT)
    given.figure(plan, "target_retail_sales", 50)
    main = given.submission("main_indicators", "2023Q2", **SENT)
    given.figure(main, "retail_sales", 21, growth=4.4)
    given.figure(main, "budget_revenue", 8, growth=2.5, source_row=4)
    given.row("ref.confidential_indicator", indicator="retail_sales")

    pages = read_pages(given.con, [PLACE])
    charts = {
        row["bulletin_line"]: tuple(row[f"number_{n}"] for n in ("first", "second", "third"))
        for row in pages.charts[PLACE]
    }
    assert charts == {
        "chart.quarter.total": ("5.0", "5.7", "0.2"),
        "chart.quarter.tertiary": ("1.0", "3.5", "0.2"),
        "chart.plan.retail_sales": ("42.0", "50.0", "8.0"),
        "chart.nation.gdp": ("5.0", "5.5", "0.5"),
    }
    rendered = {a: render_page(pages, PLACE, a) for a in ("internal", "public")}
    inside, outside = (rendered[a][0].decode() for a in ("internal", "public"))
    for page in (inside, outside):
        assert check_page(page.encode(), unsigned=True).discrepancies == []
        read = re.sub("<sup.*?</sup>|<[^>]*>", "", page[: page.index("<footer")])
        for told in (
            "累计与当季：按可比价格的增速",
            "−1.0−3.5±0.2",
            "本地区与全国：增速",
            "+5.0+5.5−0.5",
        ):
            assert told in read, told
        assert ("年度计划完成进度" in read) == (page is inside), "confidential"
    assert "+42.0+50.0−8.0" in re.sub("<sup.*?</sup>|<[^>]*>", "", inside)
    assert 'class="reach"' in inside
    assert "900000000000" in outside and "2100000000" not in outside

    proof = re.search('id="proof">(.*?)</script>', inside)
    cells = json.loads(proof[1])
    named = {number["key"]["bulletin_line"]: number for number in cells["numbers"] if number["column"] == "number_second"}  # fmt: skip
    files = {
        line: {cells["files"][cells["rows"][row]["file"]]["path"] for row in number["rows"]}
        for line, number in named.items()
    }
    assert files == {
        "chart.quarter.total": {"Z1/2023Q1/gdp.csv", "Z1/2023Q2/gdp.csv"},
        "chart.quarter.tertiary": {"Z1/2023Q1/gdp.csv", "Z1/2023Q2/gdp.csv"},
        "chart.plan.retail_sales": {"Z1/2023Q1/plan_targets.csv", "Z1/2023Q2/main_indicators.csv"},
        "chart.nation.gdp": {"Z1/2023Q2/gdp.csv"},
    }


def test_a_place_among_the_zones_is_that_of_the_editions_and_is_the_offices(given):
    """Before the quarter is frozen there is none; a file that comes afterwards moves none."""
    for zone, growth in (("Z1", 5.0), ("Z2", -6.3), ("Z3", 5.0), ("CN", 9.0)):
        given.gdp("2023Q2", {"total": (100, growth)}, zone=zone, **SENT)
    assert read_pages(given.con, [PLACE]).rankings == {}
    freeze(given, "Z1", "Z2")
    assert read_pages(given.con, [PLACE]).rankings == {}, "two are no ranking"
    freeze(given, "Z1", "Z2", "Z3", "CN", number=2)
    given.gdp("2023Q2", {"total": (100, 1.0)}, zone="Z3", revision=2, **SENT)

    places = [PLACE, ("Z2", "2023Q2")]
    pages = read_pages(given.con, places)
    told = {
        zone: [tuple(row[f"number_{n}"] for n in ("growth", "place", "zones")) for row in rows]
        for (zone, _), rows in pages.rankings.items()
    }
    assert told == {"Z1": [("5.0", "1–2", "3")], "Z2": [("6.3", "3", "3")]}
    table = draw_ranking(Accessor(), pages.rankings[PLACE])
    assert table and table.rows[0][3][1].width == 50, "of the two others one is below, one beside"
    for place, words in zip(places, ("+5.01–23", "−6.333"), strict=True):
        for audience in ("internal", "public"):
            page, read = checked(pages, place, audience)
            is_inside = audience == "internal"
            assert ("增速在各地区中的位次" in read) == is_inside
            assert (f"Gross regional product (GDP){words}" in read) == is_inside, read
            assert ('"-6.3' in page) == (is_inside or place[0] == "Z2"), "another zone's"


def test_by_how_much_figures_were_revised_is_drawn_for_the_office(given):
    """Of the three vintages of the quarter the first and the last; that of the quarter before is compared as well."""
    for period, revision, total, primary in (
        ("2023Q1", 1, (40, 4.0), (10, 2.0)),
        ("2023Q1", 2, (41, 4.0), (10, 2.0)),
        ("2023Q2", 1, (100, 5.0), (20, 2.0)),
        ("2023Q2", 2, (101, 5.1), (20, 2.0)),
        ("2023Q2", 3, (98.5, 4.8), (20, 2.0)),
    ):
        given.gdp(period, {"total": total, "primary": primary}, revision=revision, **SENT)
    main = given.submission("main_indicators", "2023Q2", **SENT)
    given.figure(main, "retail_sales", 21, growth=4.4)

    pages = read_pages(given.con, [PLACE])
    told = [
        (row["indicator"], row["number_level"], row["number_growth"])
        for row in pages.vintages[PLACE]
    ]
    assert told == [("gdp", "1.50", "0.2")], "what was sent again as it was is not revised"
    for audience in ("internal", "public"):
        page, read = checked(pages, PLACE, audience)
        is_inside = audience == "internal"
        assert ("Gross regional product (GDP)−1.50−0.2" in read) == is_inside, read
        assert ("101" in page) == is_inside, "what was replaced"
