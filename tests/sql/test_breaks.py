"""Breaks of series: what is compared across one says so, and linked levels stand beside the printed ones; worked by hand."""

from __future__ import annotations

import pytest

from flows import SQL_DIR
from tests.figures import YI

LINKED = "metrics.linked_series"
SINCE_YEAR = "break since a year earlier"


def give(given, figures, indicator="retail_sales", zone="Z1"):
    """Figures in 亿元 by quarter, each with the growth printed beside it or None."""
    form = given.declared(indicator)[0].code
    for period, (value, growth) in figures.items():
        submission = given.submission(form, period, zone=zone)
        given.figure(submission, indicator, value, growth=growth)


def break_in(given, period, indicator="retail_sales", zone="Z1", kind="scope", old=None, new=None):
    given.row(
        "ref.series_break", zone=zone, indicator=indicator, period=period, break_kind=kind, overlap_value_old=old,
        overlap_value_new=new, note_zh="范围扩大", note_en="a wider scope", break_source="test",
    )  # fmt: skip


def test_levels_before_a_break_are_scaled_by_the_overlap(given):
    """2021 is 100 on the old basis and 120 on the new one; 2022 is 132: printed 32 % more, linked 10 %."""
    give(given, {"2020Q4": (80, None), "2021Q4": (100, None), "2022Q4": (132, 10)})
    break_in(given, "2022Q1", old=100, new=120, kind="census")
    columns = "period, value, value_linked, link_ratio, growth_nominal_pct, growth_linked_nominal_pct, growth_flag, link_method"
    assert given.rows(LINKED, columns) == [
        ("2020Q4", 80 * YI, pytest.approx(96 * YI), pytest.approx(1.2), None, None, None, None),
        ("2021Q4", 100 * YI, pytest.approx(120 * YI), pytest.approx(1.2), pytest.approx(25), pytest.approx(25), None, None),
        ("2022Q4", 132 * YI, pytest.approx(132 * YI), 1, pytest.approx(32), pytest.approx(10), SINCE_YEAR, "overlap"),
    ]  # fmt: skip


def test_without_an_overlap_the_growth_on_the_comparable_basis_links(given):
    """240 grew by 20 % on one basis, so that the base was 200 and not 160; each quarter has its own ratio: 99 by 10 %, 90 for 75."""
    give(
        given,
        {"2021Q1": (75, None), "2021Q2": (160, None), "2022Q1": (99, 10), "2022Q2": (240, 20)},
    )
    break_in(given, "2022Q1")
    columns = "period, value_linked, link_ratio, growth_linked_nominal_pct, link_method, break_kind"
    approx = pytest.approx
    assert given.rows(LINKED, columns) == [
        ("2021Q1", approx(90 * YI), approx(1.2), None, None, None),
        ("2021Q2", approx(200 * YI), approx(1.25), None, None, None),
        ("2022Q1", approx(99 * YI), 1, approx(10), "growth on the comparable basis", "scope"),
        ("2022Q2", approx(240 * YI), 1, approx(20), "growth on the comparable basis", None),
    ]


def test_two_breaks_multiply_and_an_unlinked_one_leaves_all_before_it_unlinked(given):
    """1.5 in 2021 by the growth printed (66 / 1.1 = 60 for 40), 2 in 2022 by the overlap: 2020 is 120."""
    give(
        given,
        {"2019Q4": (30, None), "2020Q4": (40, None), "2021Q4": (66, 10), "2022Q4": (140, None)},
    )
    break_in(given, "2021Q1")
    break_in(given, "2022Q1", old=5, new=10)
    assert given.rows(LINKED, "period, link_ratio, value_linked") == [
        ("2019Q4", pytest.approx(3), pytest.approx(90 * YI)),
        ("2020Q4", pytest.approx(3), pytest.approx(120 * YI)),
        ("2021Q4", 2, pytest.approx(132 * YI)),
        ("2022Q4", 1, pytest.approx(140 * YI)),
    ]
    given.con.execute(
        "update ref.series_break set overlap_value_old = null, overlap_value_new = null"
    )
    reason = "no overlap and no growth on the comparable basis"
    assert given.rows(LINKED, "period, value_linked, linked_reason") == [
        ("2019Q4", None, reason),
        ("2020Q4", None, reason),
        ("2021Q4", None, reason),
        ("2022Q4", pytest.approx(140 * YI), None),
    ]


def test_growth_at_constant_prices_links_no_levels_at_current_ones(given):
    give(given, {"2021Q4": (100, 5), "2022Q4": (130, 5)}, indicator="gdp")
    break_in(given, "2022Q1", indicator="gdp", kind="census")
    reasons = dict(given.rows(LINKED, "period, linked_reason"))
    assert reasons == {
        "2021Q4": "no overlap and no growth on the comparable basis",
        "2022Q4": None,
    }


# year to date, a break in the third quarter of 2021
TO_DATE = {
    f"{year}Q{quarter}": (year - 2010 + 10 * quarter, None)
    for year in (2020, 2021, 2022, 2023)
    for quarter in (1, 2, 3, 4)
}
EARLIER = "break a year earlier"
BEFORE = "break since the quarter before"


def test_every_growth_across_a_break_is_marked(given):
    give(given, TO_DATE)
    break_in(given, "2021Q3")
    marked = given.rows(
        "metrics.growth",
        "period, quarter_flag, growth_flag",
        "period between '2021Q2' and '2022Q4'",
    )
    assert marked == [
        ("2021Q2", None, None),
        ("2021Q3", "break", SINCE_YEAR),  # new to date less old to date
        ("2021Q4", BEFORE, SINCE_YEAR),  # over a third quarter that is none
        ("2022Q1", None, SINCE_YEAR),
        ("2022Q2", None, SINCE_YEAR),
        ("2022Q3", EARLIER, None),
        ("2022Q4", None, None),
    ]
    flags = dict(given.rows("metrics.indicator_growth", "period, growth_flag"))
    assert {p for p, flag in flags.items() if flag} == {"2021Q3", "2021Q4", "2022Q1", "2022Q2"}
    assert flags == dict(given.rows("public.indicator", "period, growth_flag"))
    assert dict(given.rows("metrics.annual", "year, growth_flag")) == {
        2020: None,
        2021: SINCE_YEAR,
        2022: None,
        2023: None,
    }
    seasonal = dict(given.rows("metrics.seasonal_adjustment", "period, growth_qoq_flag"))
    assert (seasonal["2021Q3"], seasonal["2021Q4"], seasonal["2022Q1"]) == ("break", BEFORE, None)
    facts = given.rows(
        "metrics.fact",
        "measure, flag",
        "period = '2021Q3' and flag is not null and value is not null",
    )
    assert facts == [
        ("growth_nominal_pct", SINCE_YEAR),
        ("growth_quarter_nominal_pct", "break"),
        ("value_quarter", "break"),
    ]
    crossed = given.rows(
        "metrics.compound_growth",
        "period, years",
        "compound_nominal_flag is not null and right(period, 1) = '4'",
    )
    assert crossed == [("2021Q4", 1), ("2022Q4", 2), ("2023Q4", 3)]


def test_the_first_quarter_after_a_break_is_not_compared_unmarked_with_the_fourth(given):
    give(given, TO_DATE)
    break_in(given, "2022Q1")
    flags = dict(given.rows("metrics.growth", "period, quarter_flag"))
    assert {p: flag for p, flag in flags.items() if flag} == {"2022Q1": BEFORE}


def test_a_break_of_every_zone_and_of_one(given):
    for zone in ("Z1", "Z2"):
        give(given, {"2021Q4": (100, None), "2022Q4": (110, 10)}, zone=zone)
    break_in(given, "2022Q1")
    assert given.rows("metrics.growth", "zone", "growth_flag is not null") == [("Z1",)]
    given.con.execute("update ref.series_break set zone = '*' where zone = 'Z1'")
    assert given.rows("metrics.growth", "zone", "growth_flag is not null") == [("Z1",), ("Z2",)]


def test_output_of_sectors_is_marked(given):
    for period in ("2021Q1", "2022Q1"):
        given.gdp(period, {"total": (100, 5)})
    break_in(given, "2022Q1", indicator="gdp", kind="census")
    assert given.rows("metrics.sector_growth", "period, growth_flag", "sector = 'total'") == [
        ("2021Q1", None),
        ("2022Q1", SINCE_YEAR),
    ]
    assert dict(given.rows("metrics.dashboard", "period, growth_flag")) == {
        "2021Q1": None,
        "2022Q1": SINCE_YEAR,
    }
    assert given.rows("metrics.chain_index", "period, deflator_flag") == [
        ("2021Q1", None),
        ("2022Q1", "break since the base"),
    ]


def test_an_estimate_and_a_leading_indicator_are_marked(given):
    give(given, {p: v for p, v in TO_DATE.items() if p < "2022Q1"})
    break_in(given, "2021Q3")
    # nothing is sent of 2022Q1: it is estimated from the year before
    assert given.rows("metrics.nowcast", "period, growth_flag") == [("2022Q1", SINCE_YEAR)]
    give(given, {"2021Q1": (10, None), "2022Q1": (11, None)}, indicator="leading_electricity")
    break_in(given, "2022Q1", indicator="leading_electricity")
    board = given.rows(
        "metrics.leading_board", "period, growth_flag", "indicator = 'leading_electricity'"
    )
    assert board == [("2021Q1", None), ("2022Q1", SINCE_YEAR)]


CHECK = "series_break_is_sound"


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2022"},
        {"kind": "weather"},
        {"indicator": "no_such"},
        {"zone": "nobody"},
        {"old": 100},
        {"old": 0, "new": 1},
        {"zone": "*", "old": 100, "new": 120},  # levels are one zone's
    ],
)
def test_a_line_that_is_not_sound_fails_the_check(given, wrong):
    query = (SQL_DIR / "checks" / f"{CHECK}.sql").read_text(encoding="utf-8")
    break_in(given, "2022Q1")
    assert given.con.execute(query).fetchall() == []
    break_in(given, **({"period": "2021Q1"} | wrong))
    assert len(given.con.execute(query).fetchall()) == 1
