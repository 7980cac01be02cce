"""metrics.enterprise_*: the register of a quarter, added up, compared and watched; results worked out by hand."""

from __future__ import annotations

import pytest

from tests.sql.enterprises import MILLION, many, register

TOTAL = "level = 'total'"


def cells(given, columns, where="true", view="metrics.enterprise_industry"):
    return given.rows(view, f"level, industry, sector, {columns}", where)


# --- totals and ratios ------------------------------------------------------------------------


def test_divisions_decide_the_sector_and_not_the_sections_letter(given):
    """05 and 43 are services though their sections are agriculture and manufacturing; 2710 is of division 27."""
    register(given, "2022Q3", [
        {"name": n, "industry": i, "output_ytd_cny": v}
        for n, i, v in (("a", "01", 1), ("b", "05", 10), ("c", "2710", 100), ("d", "43", 1000), ("e", "5212", 10000))
    ])  # fmt: skip
    assert cells(given, "enterprises, output_ytd_cny") == [
        ("division", "01", "primary", 1, 1),
        ("division", "05", "tertiary", 1, 10),
        ("division", "27", "secondary", 1, 100),
        ("division", "43", "tertiary", 1, 1000),
        ("division", "52", "tertiary", 1, 10000),
        ("section", "A", "several", 2, 11),
        ("section", "C", "several", 2, 1100),
        ("section", "F", "tertiary", 1, 10000),
        ("sector", "primary", "primary", 1, 1),
        ("sector", "secondary", "secondary", 1, 100),
        ("sector", "tertiary", "tertiary", 3, 11010),
        ("sector_section", "A", "primary", 1, 1),
        ("sector_section", "A", "tertiary", 1, 10),
        ("sector_section", "C", "secondary", 1, 100),
        ("sector_section", "C", "tertiary", 1, 1000),
        ("sector_section", "F", "tertiary", 1, 10000),
        ("total", "total", "total", 5, 11111),
    ]


def test_a_ratio_has_the_same_enterprises_above_and_below(given):
    """b gives no profit: its revenue is no part of the margin. 10 / 100, not 10 / 400."""
    register(given, "2022Q3", [
        {"name": "a", "industry": "26", "revenue_ytd_cny": 100, "profit_ytd_cny": 10, "tax_ytd_cny": 4, "rnd_ytd_cny": 3, "employees": 5},
        {"name": "b", "industry": "26", "revenue_ytd_cny": 300, "tax_ytd_cny": 12, "employees": 0},
    ])  # fmt: skip
    row = given.one(
        "metrics.enterprise_industry",
        "revenue_ytd_cny, profit_margin_pct, tax_burden_pct, rnd_intensity_pct, revenue_per_head_cny, item_coverage_pct, employees",
        TOTAL,
    )
    assert row == {
        "revenue_ytd_cny": 400,
        "profit_margin_pct": pytest.approx(10),
        "tax_burden_pct": pytest.approx(4),
        "rnd_intensity_pct": pytest.approx(3),
        "revenue_per_head_cny": pytest.approx(80),
        "item_coverage_pct": 0,  # nobody gives output
        "employees": 5,
    }


def test_no_revenue_no_ratio(given):
    register(
        given,
        "2022Q3",
        [
            {
                "name": "a",
                "industry": "26",
                "revenue_ytd_cny": 0,
                "profit_ytd_cny": -5,
                "employees": 0,
            }
        ],
    )
    columns = "profit_margin_pct, profit_margin_reason, tax_burden_reason, rnd_intensity_reason, revenue_per_head_cny, revenue_per_head_reason"
    assert tuple(given.one("metrics.enterprise_industry", columns, TOTAL).values()) == (
        None,
        "no revenue with profit",
        "no revenue with tax",
        "no revenue with R&D",
        None,
        "no employees with revenue",
    )


def test_a_first_quarter_is_its_year_to_date_and_a_later_one_what_is_given(given):
    register(given, "2022Q1", [{"name": "a", "industry": "26", "output_ytd_cny": 70}])
    register(
        given,
        "2022Q2",
        [
            {"name": "a", "industry": "26", "output_ytd_cny": 150, "output_quarter_cny": 80},
            {"name": "b", "industry": "26", "output_ytd_cny": 40},
        ],
    )
    assert given.rows(
        "metrics.enterprise_industry", "period, output_quarter_cny, quarter_reason", TOTAL
    ) == [
        ("2022Q1", 70, None),
        ("2022Q2", 80, "not every enterprise gives the quarter"),
    ]


def test_a_revised_register_replaces_the_first_and_rows_held_show(given):
    register(given, "2022Q3", many(3, "26", 10))
    submission = register(given, "2022Q3", many(2, "26", 10), revision=2, path="r2")
    given.con.execute(
        "update ledger.submission set rows_read = 4 where submission = ?", [submission]
    )
    row = given.one(
        "metrics.enterprise_industry", "enterprises, revenue_ytd_cny, row_coverage_pct", TOTAL
    )
    assert row == {"enterprises": 2, "revenue_ytd_cny": 20, "row_coverage_pct": 50}


def concentration(given, columns, variable="revenue_ytd_cny"):
    return given.rows(
        "metrics.enterprise_concentration", columns, f"{TOTAL} and variable = '{variable}'"
    )


def test_concentration(given):
    """Shares 50, 20, 10, 10, 5, 5 %: CR4 90 %, HHI 2500 + 400 + 2·100 + 2·25 = 3150."""
    register(
        given,
        "2022Q3",
        [
            {"name": f"e{n}", "industry": "26", "revenue_ytd_cny": v}
            for n, v in enumerate((50, 20, 10, 10, 5, 5))
        ],
    )
    assert concentration(given, "cr4_pct, cr10_pct, herfindahl_index, enterprises") == [
        (pytest.approx(90), pytest.approx(100), pytest.approx(3150), 6)
    ]
    assert concentration(given, "concentration_reason", "output_ytd_cny") == [("not reported",)]
    top = given.rows("metrics.enterprise_top", "rank, uscc, share_pct, share_cumulative_pct")
    assert top[0] == (1, "e0", 50, 50) and top[3] == (4, "e3", 10, 90), "the code settles a tie"


def test_the_ten_largest_of_a_whole_come_from_its_parts(given):
    register(given, "2022Q3", [*many(8, "26", 30, "a"), *many(8, "27", 20, "b")])
    # 120 and 240 + 40 of 400
    assert concentration(given, "cr4_pct, cr10_pct") == [(pytest.approx(30), pytest.approx(70))]


# --- growth -----------------------------------------------------------------------------------


def growth(given, where, period="2022Q3"):
    columns = "growth_pct, growth_like_for_like_pct, enterprises, enterprises_year_earlier, enterprises_in_both, like_for_like_note"
    return tuple(
        given.one(
            "metrics.enterprise_growth",
            columns,
            f"period = '{period}' and variable = 'revenue_ytd_cny' and {where}",
        ).values()
    )


def test_like_for_like_leaves_out_who_came_and_who_went(given):
    """All: 110 + 90 against 100 + 50, +33.3 %. In both: a alone, 110 against 100, +10 %."""
    register(
        given,
        "2021Q3",
        [
            {"name": "a", "industry": "26", "revenue_ytd_cny": 100},
            {"name": "gone", "industry": "26", "revenue_ytd_cny": 50},
        ],
    )
    register(
        given,
        "2022Q3",
        [
            {"name": "a", "industry": "26", "revenue_ytd_cny": 110},
            {"name": "new", "industry": "26", "revenue_ytd_cny": 90},
        ],
    )
    assert growth(given, TOTAL) == (pytest.approx(100 / 3), pytest.approx(10), 2, 2, 1, None)


def test_an_enterprise_that_changes_industry_counts_where_it_was_and_where_it_is(given):
    """b moves from 26 to 51 and grows from 40 to 60. 26: 110 / (100 + 40), 51: (30 + 60) / 20, all: 200 / 160."""
    register(
        given,
        "2021Q3",
        [
            {"name": "a", "industry": "26", "revenue_ytd_cny": 100},
            {"name": "b", "industry": "2614", "revenue_ytd_cny": 40},
            {"name": "c", "industry": "51", "revenue_ytd_cny": 20},
        ],
    )
    register(
        given,
        "2022Q3",
        [
            {"name": "a", "industry": "26", "revenue_ytd_cny": 110},
            {"name": "b", "industry": "5169", "revenue_ytd_cny": 60},
            {"name": "c", "industry": "51", "revenue_ytd_cny": 30},
        ],
    )
    note = "虚构企业b (2614 → 5169)"
    assert growth(given, "industry = '26'") == (
        pytest.approx(-300 / 14),
        pytest.approx(-300 / 14),
        1,
        2,
        1,
        note,
    )
    assert growth(given, "industry = '51'") == (
        pytest.approx(350),
        pytest.approx(350),
        2,
        1,
        2,
        note,
    )
    assert growth(given, "level = 'sector' and industry = 'tertiary'")[-1] == note
    assert growth(given, TOTAL) == (pytest.approx(25), pytest.approx(25), 3, 3, 3, None), (
        "inside the whole nobody moved"
    )


def test_a_change_of_class_inside_a_division_is_no_move(given):
    register(given, "2021Q3", [{"name": "a", "industry": "2614", "revenue_ytd_cny": 100}])
    register(given, "2022Q3", [{"name": "a", "industry": "2651", "revenue_ytd_cny": 110}])
    assert growth(given, "industry = '26'") == (pytest.approx(10), pytest.approx(10), 1, 1, 1, None)


def test_growth_of_what_enterprises_give_for_both_years_needs_no_register_a_year_earlier(given):
    register(given, "2022Q3", [
        {"name": "a", "industry": "26", "revenue_ytd_cny": 110, "revenue_ytd_year_earlier_cny": 100},
        {"name": "b", "industry": "26", "revenue_ytd_cny": 90},
    ])  # fmt: skip
    columns = "growth_pct, growth_reason, growth_like_for_like_reason, growth_as_reported_pct"
    row = given.one(
        "metrics.enterprise_growth", columns, f"{TOTAL} and variable = 'revenue_ytd_cny'"
    )
    assert tuple(row.values()) == (
        None,
        "no register a year earlier",
        "no register a year earlier",
        pytest.approx(10),
    )


@pytest.mark.parametrize(
    ("base", "reason"), [(0, "base zero"), (-20, "base negative"), (None, "no base")]
)
def test_a_base_that_is_not_positive(given, base, reason):
    register(given, "2021Q3", [{"name": "a", "industry": "26", "profit_ytd_cny": base}])
    register(given, "2022Q3", [{"name": "a", "industry": "26", "profit_ytd_cny": 10}])
    columns = "growth_pct, growth_reason, growth_like_for_like_pct"
    row = given.one(
        "metrics.enterprise_growth",
        columns,
        f"{TOTAL} and variable = 'profit_ytd_cny' and period = '2022Q3'",
    )
    assert tuple(row.values()) == (None, reason, None)


def contributions(given, where="level in ('division', 'total')", variable="revenue_ytd_cny"):
    columns = "level, industry, share_of_total_pct, contribution_pp, contribution_rate_pct, contribution_reason"
    return given.rows(
        "metrics.enterprise_growth",
        columns,
        f"period = '2022Q3' and variable = '{variable}' and {where}",
    )


def test_cells_contribute_to_the_growth_of_the_register(given):
    """26: 100 + 50 to 110 + 90, 51: 50 to 40, 65: nobody to 20. All: 200 to 260, +30 %, of which +25, −5 and +10 points."""
    register(
        given,
        "2021Q3",
        [
            {"name": n, "industry": i, "revenue_ytd_cny": v}
            for n, i, v in (("a", "26", 100), ("gone", "26", 50), ("b", "51", 50))
        ],
    )
    register(
        given,
        "2022Q3",
        [
            {"name": n, "industry": i, "revenue_ytd_cny": v}
            for n, i, v in (("a", "26", 110), ("new", "26", 90), ("b", "51", 40), ("c", "65", 20))
        ],
    )
    found = contributions(given)
    assert found == [
        ("division", "26", *(pytest.approx(x) for x in (100 * 200 / 260, 25, 100 * 50 / 60)), None),
        ("division", "51", *(pytest.approx(x) for x in (100 * 40 / 260, -5, -100 * 10 / 60)), None),
        ("division", "65", *(pytest.approx(x) for x in (100 * 20 / 260, 10, 100 * 20 / 60)), None),
        ("total", "total", *(pytest.approx(x) for x in (100, 30, 100)), None),
    ]
    sectors = contributions(given, "level = 'sector'")
    assert [(row[1], row[3]) for row in sectors] == [
        ("secondary", pytest.approx(25)),
        ("tertiary", pytest.approx(5)),
    ]
    methods = given.rows(
        "metrics.enterprise_growth", "distinct contribution_method", "contribution_pp is not null"
    )
    assert methods == [("exact: nominal",)]


def test_what_an_industry_without_enterprises_took_away_is_missing_from_the_sum(given):
    """13 had 40 of 140 and has nobody: 26 gives +20 of 140, the whole lost 20."""
    register(
        given,
        "2021Q3",
        [
            {"name": "a", "industry": "26", "revenue_ytd_cny": 100},
            {"name": "gone", "industry": "13", "revenue_ytd_cny": 40},
        ],
    )
    register(given, "2022Q3", [{"name": "a", "industry": "26", "revenue_ytd_cny": 120}])
    found = {row[1]: row[3] for row in contributions(given)}
    assert found == {"26": pytest.approx(100 * 20 / 140), "total": pytest.approx(-100 * 20 / 140)}


@pytest.mark.parametrize(
    ("before", "now", "reason"),
    [
        ({"a": 100, "b": None}, {"a": 110, "b": 5}, "no base"),  # b was there and did not say
        ({"a": 100, "b": 5}, {"a": 110, "b": None}, "not reported"),
        ({"a": -20, "b": 5}, {"a": 10, "b": 5}, "total: base negative"),
        ({"a": -5, "b": 5}, {"a": 10, "b": 5}, "total: base zero"),
        ({"a": 20, "b": 5}, {"a": -30, "b": 5}, "total: sign change"),
        ({"a": 10, "b": 5}, {"a": 5, "b": 10}, "total growth is zero: points only, no rate"),
        (None, {"a": 10, "b": 5}, "no register a year earlier"),
    ],
)
def test_a_contribution_that_cannot_be_computed_says_why(given, before, now, reason):
    divisions = {"a": "26", "b": "51"}
    for period, profits in (("2021Q3", before), ("2022Q3", now)):
        if profits:
            register(
                given,
                period,
                [
                    {"name": n, "industry": divisions[n], "profit_ytd_cny": v}
                    for n, v in profits.items()
                ],
            )
    [(_, _, _, points, rate, said)] = contributions(given, "industry = '51'", "profit_ytd_cny")
    assert (said, rate) == (reason, None)
    assert (points is None) == (not reason.startswith("total growth"))


# --- entries, exits, thresholds ---------------------------------------------------------------


def test_events_are_counted_across_the_turn_of_the_year(given):
    register(
        given,
        "2021Q4",
        [
            {"name": "stays", "industry": "26", "above_threshold": True},
            {"name": "falls", "industry": "26", "above_threshold": True},
            {"name": "rises", "industry": "26", "above_threshold": False},
            {"name": "goes", "industry": "26", "above_threshold": True},
        ],
    )
    register(
        given,
        "2022Q1",
        [
            {"name": "stays", "industry": "51", "above_threshold": True},
            {"name": "falls", "industry": "26", "above_threshold": False},
            {"name": "rises", "industry": "26", "above_threshold": True},
            {"name": "new", "industry": "26", "above_threshold": True},
        ],
    )
    assert given.rows("metrics.enterprise_event", "uscc, event, industry_before, industry") == [
        ("falls", "fell", "26", "26"),
        ("goes", "left", "26", None),
        ("new", "entered", None, "26"),
        ("new", "rose", None, "26"),
        ("rises", "rose", "26", "26"),
        ("stays", "moved", "26", "51"),
    ]
    columns = (
        "period, enterprises, enterprises_above, enterprises_entered, enterprises_left, enterprises_rose, enterprises_fell,"
        " enterprises_moved, entry_rate_pct, demography_reason"
    )
    assert given.rows("metrics.enterprise_demography", columns) == [
        ("2021Q4", 4, 3, None, None, None, None, None, None, "no register of the quarter before"),
        ("2022Q1", 4, 3, 1, 1, 2, 1, 1, 25, None),
    ]


def watch(given, period="2022Q4"):
    return given.rows(
        "metrics.enterprise_threshold",
        "uscc, watch, revenue_annual_cny, annual_method",
        f"period = '{period}'",
    )


def test_who_is_near_the_threshold_and_who_fell_below(given):
    """Industry: CNY 20 million; near is 80 % of it."""
    given_rows = [
        ("at", 20, False),
        ("near", 16, False),
        ("far", 15.9, False),
        ("below", 19.9, True),
        ("in", 20, True),
    ]
    register(
        given,
        "2022Q4",
        [
            {"name": n, "industry": "26", "revenue_ytd_cny": v * MILLION, "above_threshold": above}
            for n, v, above in given_rows
        ],
    )
    assert watch(given) == [
        ("at", "uncounted", 20 * MILLION, "full year"),
        ("below", "may_leave", 19.9 * MILLION, "full year"),
        ("near", "candidate", 16 * MILLION, "full year"),
    ]


def test_a_year_is_the_last_four_quarters_where_they_are_known(given):
    """15 to September, 18 last year of which 12 to September: 21. In proportion it would be 20."""
    register(
        given,
        "2021Q3",
        [
            {
                "name": "a",
                "industry": "26",
                "revenue_ytd_cny": 12 * MILLION,
                "above_threshold": False,
            }
        ],
    )
    register(
        given,
        "2021Q4",
        [
            {
                "name": "a",
                "industry": "26",
                "revenue_ytd_cny": 18 * MILLION,
                "above_threshold": False,
            }
        ],
    )
    register(
        given,
        "2022Q3",
        [
            {"name": n, "industry": "26", "revenue_ytd_cny": 15 * MILLION, "above_threshold": False}
            for n in ("a", "b")
        ],
    )
    assert watch(given, "2022Q3") == [
        ("a", "candidate", 21 * MILLION, "last four quarters"),
        ("b", "candidate", 20 * MILLION, "year to date in proportion"),
    ]


def test_the_class_goes_before_the_section_and_some_industries_have_no_threshold(given):
    """Retail is CNY 5 million, property management 10; building (47) has no bound; services had none of ours before 2020."""
    rows = [
        ("retail", "5212", 5),
        ("property", "7020", 9),
        ("building", "47", 100),
        ("software", "65", 20),
    ]
    for period in ("2019Q4", "2022Q4"):
        register(
            given,
            period,
            [
                {"name": n, "industry": i, "revenue_ytd_cny": v * MILLION, "above_threshold": False}
                for n, i, v in rows
            ],
        )
    assert [w[:2] for w in watch(given)] == [
        ("property", "candidate"),
        ("retail", "uncounted"),
        ("software", "uncounted"),
    ]
    assert [w[:2] for w in watch(given, "2019Q4")] == [("retail", "uncounted")]


def test_the_pool_is_known_by_name_or_by_code(given):
    register(given, "2022Q4", many(3, "26", 17 * MILLION, above_threshold=False))
    submission = given.submission("cultivation_pool", "2022Q4")
    for name, uscc, status in (
        ("虚构企业m0", None, "in_pool"),
        ("别名", "m1", "in_pool"),
        ("虚构企业m2", None, "exited"),
    ):
        given.row("core.cultivation_pool", zone="Z1", period="2022Q4", tier="threshold_pool", enterprise=name, uscc=uscc, status=status,
                  submission=submission)  # fmt: skip
    assert given.rows("metrics.enterprise_threshold", "uscc, in_pool") == [
        ("m0", True),
        ("m1", True),
        ("m2", False),
    ]
