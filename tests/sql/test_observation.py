"""staging.observation: each figure as it stands now, with its words, its rounding and its source."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("indicator", "value", "unit", "decimals", "base", "rounding"),
    [
        ("gdp", 107.92, "亿元", 2, 10_792_000_000, 1_000_000),
        ("gdp", "277175.8", "亿元", 1, 27_717_580_000_000, 10_000_000),
        ("freight_volume", 39.58, "万吨", 2, 395_800, 100),
        ("sewers_dredged", 155, "公里", 0, 155_000, 1_000),
        ("insured_persons", 30000, "人", -4, 30_000, 10_000),  # sent as 3万
        ("chp_unit_capacity", 350, "MW", 0, 350_000, 1_000),
    ],
)
def test_rounding_is_the_size_of_the_last_printed_digit(
    given, indicator, value, unit, decimals, base, rounding
):
    form = given.declared(indicator)[0].code
    given.figure(given.submission(form, "2022Q3"), indicator, value, unit=unit, decimals=decimals)
    assert given.one("staging.observation", "value, rounding") == {
        "value": base,
        "rounding": rounding,
    }


def test_a_figure_knows_its_words_and_its_source(given):
    submission = given.submission("logistics", "2022Q3", path="Z1/2022Q3/logistics.xlsx")
    given.figure(
        submission,
        "express_outlets",
        75,
        decimals=0,
        sheet="物流",
        source_row=9,
        note="邮政管理部门提供",
    )
    columns = "title_zh, title_en, department_zh, flow_type, basis, path, sheet, source_row, note, submission"
    assert given.one("staging.observation", columns) == {
        "title_zh": "快递网点数",
        "title_en": "Express delivery outlets",
        "department_zh": "商务/邮政管理部门",
        "flow_type": "stock",
        "basis": "stock",
        "path": "Z1/2022Q3/logistics.xlsx",
        "sheet": "物流",
        "source_row": 9,
        "note": "邮政管理部门提供",
        "submission": submission,
    }


def test_only_the_submission_that_stands_is_seen_and_all_are_kept(given):
    given.figure(given.submission("gdp", "2022Q3"), "gdp", 107.92)
    given.figure(given.submission("gdp", "2022Q3", revision=2), "gdp", 108.5)
    assert given.rows("staging.observation", "value_reported::double") == [(108.5,)]
    assert given.rows("core.observation", "value_reported::double") == [
        (107.92,),
        (108.5,),
    ]  # every vintage


def test_growth_only_has_no_rounding(given):
    given.figure(given.submission("main_indicators", "2022Q3"), "industry_va", None, growth=-2)
    assert given.one("staging.observation", "value, rounding, growth_reported_pct") == {
        "value": None,
        "rounding": None,
        "growth_reported_pct": -2,
    }
