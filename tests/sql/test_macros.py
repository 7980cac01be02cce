"""sql/macros: the small functions that views and rules share."""

from __future__ import annotations

from decimal import Decimal

import pytest


def call(given, expression):
    return (given.con.execute(f"select {expression}").fetchone() or (None,))[0]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("period_previous('2022Q3')", "2022Q2"),
        ("period_previous('2022Q2')", "2022Q1"),
        ("period_previous('2022Q1')", None),  # a year starts anew
        ("period_year_earlier('2022Q3')", "2021Q3"),
        ("period_year_earlier('2000Q1')", "1999Q1"),
        ("growth_pct(105, 100)", pytest.approx(5)),
        ("growth_pct(0, 100)", -100),
        ("growth_pct(5, 0)", None),
        ("growth_pct(5, -1)", None),
        ("growth_pct(null, 100)", None),
        ("growth_pct(5, null)", None),
        ("why_no_growth(5, 100)", None),
        ("why_no_growth(null, null)", "no value"),
        ("why_no_growth(5, null)", "no base"),
        ("why_no_growth(5, 0)", "base zero"),
        ("why_no_growth(0, 0)", "0/0"),
        ("why_no_growth(5, -0.1)", "base negative"),
        ("why_no_growth(-5, 2)", "sign change"),
        ("growth_pct(-5, 2)", None),
        ("turn_zh(3, -2)", "由负转正"),
        ("turn_zh(-3, 2)", "由正转负"),
        ("turn_zh(-3, -2)", "亏损扩大"),
        ("turn_zh(-1, -2)", "亏损收窄"),
        ("turn_zh(-2, -2)", "亏损持平"),
        ("turn_zh(3, 2)", None),
        ("turn_zh(null, -2)", None),
        ("turn_en(3, -2)", "turned positive"),
        ("turn_en(-3, 2)", "turned negative"),
        ("turn_en(-3, -2)", "loss widened"),
        ("turn_en(-1, -2)", "loss narrowed"),
        ("turn_en(-2, -2)", "loss unchanged"),
        ("period_number('2022Q3') - period_number('2021Q4')", 3),
        ("compound_pct(121, 100, 2)", pytest.approx(10)),
        ("compound_pct(121, 100, 0)", None),
        ("compound_pct(121, 0, 2)", None),
        # F7: 206 less 105 over bases 206/1.03 less 105/1.05, so 101 over 100
        ("quarter_real_pct(206, 3, 105, 5)", pytest.approx(1)),
        ("quarter_real_pct(100, 3, 105, 5)", None),
        ("quarter_real_pct(206, -100, 105, 5)", None),
        ("quarter_real_bound_pp(206, 1, 105, 1)", pytest.approx(0.05 * (206 + 105) / 101 + 0.05)),
        (
            "quarter_real_bound_pp(206, 1, 105, 0)",
            pytest.approx((0.05 * 206 + 0.5 * 105) / 101 + 0.05),
        ),
        ("quarter_real_bound_pp(105, 1, 105, 1)", None),
        # 100 = 1 + 39 + 60: one of them sent so many times too small, or too large
        ("unit_slip([100, 1, 39, 0.006], 0.02)", {"n": 4, "factor": 10000}),
        ("unit_slip([10000, 1, 39, 60], 0.02)", {"n": 1, "factor": Decimal("0.01")}),
        ("unit_slip([100, 10, 39, 60], 0.02)", {"n": 2, "factor": Decimal("0.1")}),
        ("unit_slip([100, 1, 39, 60], 0.02)", None),
        ("unit_slip([100, 2, 39, 60], 0.02)", None),
        ("unit_slip([100, 0, 40, 60], 0.02)", None),
        ("unit_slip([100, null, 39, 60], 0.02)", None),
        ("unit_slip([100, 10, 10, 89], 0.02)", None),  # either of two: nobody is blamed
        (
            "say_slip_en(unit_slip([100, 1, 39, 0.006], 0.02), ['a', 'b', 'c', 'd'])[:20]",
            "“d” times 10000 woul",
        ),
        ("say_slip_zh(unit_slip([100, 1, 39, 60], 0.02), ['a', 'b', 'c', 'd'])", ""),
        ("each_true(false, null, true, true, null, null, 6)", [3, 4]),
        ("each_true(false, null, false, null, null, null, 6)", [6]),
        ("is_asked_about(null, null, 3)", False),  # no question about the submission
        ("is_asked_about(true, null, 3)", True),
        ("is_asked_about(false, [2, 3], 3)", True),
        ("is_asked_about(false, [2, 3], 4)", False),
        ("fixed(6, 1)", "6.0"),
        ("fixed(107.92, 2)", "107.92"),
        ("fixed(0.125, 2)", "0.13"),
        ("fixed(-0.125, 2)", "-0.13"),
        ("fixed(2.5, 0)", "3"),
        ("fixed(30000, -4)", "30000"),
        ("fixed(null, 1)", None),
        ("say(10792000000, 100000000, '亿元')", "107.92 亿元"),
        ("say(34125, 1, '元')", "34125 元"),
        ("say(98.8, 1, '%')", "98.8%"),
        ("say(null, 1, '元')", None),
        ("plain(107.920000)", "107.92"),
        ("plain(2000.00)", "2000"),
        ("plain(2000)", "2000"),
        ("plain(-0.50)", "-0.5"),
        ("plain('V2.0')", "V2.0"),  # words are given back as they were sent
        ("plain('2022.13.10')", "2022.13.10"),
        ("plain(null)", None),
    ],
)
def test_a_macro_by_hand(given, expression, expected):
    assert call(given, expression) == expected


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, n, 31) for n in range(17)]  # 1, 3, 9, 27, 19 … of GB 32100-2015


def with_check_character(body):
    return (
        body
        + ALPHABET[
            (31 - sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 31) % 31
        ]
    )


@pytest.mark.parametrize("authority", ["9", "1", "5", "A", "N", "Y"])
def test_a_credit_code_of_any_authority_is_valid(given, authority):
    code = with_check_character(f"{authority}115050012345678X")
    assert call(given, f"uscc_is_valid('{code}')") is True


def test_every_other_check_character_is_wrong(given):
    right = with_check_character("9115050012345678X")
    for character in ALPHABET:
        assert call(given, f"uscc_is_valid('{right[:17] + character}')") is (character == right[17])


@pytest.mark.parametrize(
    "code", ["", "91150500", "9115050012345678XI", "B115050012345678X0", "9115050O12345678X0"]
)
def test_what_is_no_credit_code_is_false_not_unknown(given, code):
    assert call(given, f"uscc_is_valid('{code}')") is False


def test_no_code_is_unknown(given):
    assert call(given, "uscc_is_valid(null)") is None
