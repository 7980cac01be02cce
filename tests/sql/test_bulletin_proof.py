"""What is withheld from the public is neither in the public's page nor in its proof."""

from __future__ import annotations

import re

from flows.publish.bulletin_check import check_page
from flows.publish.bulletin_page import render_page
from flows.publish.bulletin_proof import relations_of
from flows.publish.bulletin_rows import read_pages
from flows.publish.bulletin_text import FIGURE

PLACE = ("Z1", "2023Q2")


SENT = {"sha256": "ab" * 32}


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
        asked, code="FIGURE-OUTLIER", severity="query", outcome="broken", row=3, **{'"column"': "value"},
        message_zh="17.77 偏离以往", message_en="17.77 is far from before",
    )  # fmt: skip
    main = given.submission("main_indicators", "2023Q2", revision=2, **SENT)
    given.figure(main, "retail_sales", 20.02, growth=4.4)
    given.figure(main, "budget_revenue", 8.88, growth=2.5, source_row=4)
    given.row("ref.confidential_indicator", indicator="budget_revenue")
    by_industry = given.submission("value_added_by_industry", "2023Q2", **SENT)
    given.figure(by_industry, "value_added", 13.31, growth=5.1, industry="A")

    tables = relations_of(FIGURE.view)[2]
    pages = read_pages(given.con, [PLACE], tables)
    rendered = {a: render_page(pages, PLACE, a) for a in ("internal", "public")}
    inside, outside = (rendered[a][0].decode() for a in ("internal", "public"))
    for page in (inside, outside):
        verdict = check_page(page.encode(), unsigned=True)
        assert verdict.discrepancies == [] and verdict.numbers > 4
    read_inside, read_outside = (
        re.sub("<sup.*?</sup>|<[^>]*>", "", p[: p.index("<footer")]) for p in (inside, outside)
    )
    assert "17.77亿元（待核实）" in read_inside and "不得对外" in read_inside
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
