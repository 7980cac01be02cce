"""What names a quarter is found, what does not is None, and nothing raises."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.model.period import Period, find_period, parse_period

periods = st.builds(Period, st.integers(1950, 2099), st.integers(1, 4))
NUMERALS = "一二三四"

# how offices write the third quarter, or the months from January to its end
SPELLINGS = (
    "{y}Q{q}", "{y}q{q}", "{y}-Q{q}", "{y}/Q{q}", "{y}_Q{q}", "{y} Q{q}", "{y}年Q{q}", "Q{q} {y}", "Q{q}/{y}", "Q{q}-{y}",
    "{y}年{n}季度", "{y}年第{n}季度", "{y}年{q}季度", "{y}年第{q}季度", "{y}年度第{n}季度", "{y} 年第 {n} 季度", "{y}年 第{n}季度",
    "{y}年1-{m}月", "{y}年1—{m}月", "{y}年1–{m}月", "{y}年1~{m}月", "{y}年1至{m}月", "{y}年1到{m}月", "{y}年1月-{m}月", "{y}年1月至{m}月",
    "{y}年１－{m}月", "{y}年1～{m}月", "{y}年度1-{m}月", "{y}年1-{m}月份", "{y} 年 1-{m} 月", "{y}年 1 - {m} 月", "{y}年1-{m} 月",
)  # fmt: skip
AROUND = (
    "{}",
    "通辽经济技术开发区{}主要经济指标",
    "{}（累计）",
    "报告期：{}",
    "表号 A-12 {} 单位：亿元",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_found(spelling: str) -> None:
    for quarter in (1, 2, 3, 4):
        written = spelling.format(y=2022, q=quarter, n=NUMERALS[quarter - 1], m=quarter * 3)
        for around in AROUND:
            assert find_period(around.format(written)) == Period(2022, quarter), around.format(
                written
            )


@pytest.mark.parametrize(
    ("written", "quarter"),
    [
        ("2022年前二季度", 2), ("2022年前三季度", 3), ("2022年前四季度", 4), ("2022年前三个季度", 3), ("2022年前3季度", 3),
        ("2022年1-3季度", 3), ("2022年一至三季度", 3), ("2022年上半年", 2), ("2022 年上半年", 2), ("2022年全年", 4), ("2022年1-12月", 4),
        ("2022年一季度", 1), ("2022第一季度", 1), ("2022第3季度", 3), ("2022三季度", 3), ("2022.1-9月", 3), ("2022年1月—9月", 3),
    ],
)  # fmt: skip
def test_spans_from_january_are_their_last_quarter(written: str, quarter: int) -> None:
    assert find_period(written) == Period(2022, quarter)


@pytest.mark.parametrize(
    "text",
    [
        "", "地区生产总值", "2022", "2022年", "107.92", "2022年11月", "2022年10-12月", "2022年7-9月", "2022年4-6月", "2022年1-5月",
        "2022Q5", "2022Q0", "2022Q33", "GB/T 4754-2017", "第3季度", "前三季度", "Q3", "3季度", "2022年第五季度",
        "1-9月", "12-2022", "2022年13季度", "20223季度",
    ],
)  # fmt: skip
def test_what_names_no_quarter_is_none(text: str) -> None:
    assert find_period(text) is None


@given(periods, st.sampled_from(SPELLINGS), st.booleans())
def test_spellings_hold_for_every_year_in_full_width_too(
    period: Period, spelling: str, wide: bool
) -> None:
    written = spelling.format(
        y=period.year, q=period.quarter, n=NUMERALS[period.quarter - 1], m=period.quarter * 3
    )
    if wide:
        written = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in written)
        assert unicodedata.normalize("NFKC", written) != written
    assert find_period(written) == period


@given(
    st.text(
        alphabet=st.one_of(
            st.characters(), st.sampled_from("0123456789年月季度第前至-—Qq一二三四全上半１９")
        ),
        max_size=40,
    )
)
@example("1900Q1")
@example("1948年第一季度")
@example("1900年1-9月")
@example("２０２２年Ｑ٣")
@example("20२२年1-9月")
def test_find_period_never_raises(text: str) -> None:
    found = find_period(text)
    assert found is None or isinstance(found, Period)


@given(periods)
def test_a_code_reads_back(period: Period) -> None:
    assert parse_period(str(period)) == period
    assert find_period(str(period)) == period
    assert find_period(period.title_zh) == period, (
        "the words printed on our own forms are understood"
    )


@pytest.mark.parametrize(
    "code",
    [
        "", "2022", "2022Q", "2022Q0", "2022Q5", "2022q3", "2022-Q3", " 2022Q3", "2022Q3 ", "2022Q3\n", "22Q3", "12022Q3", "2022年三季度",
        "２０２２Q3", "2022Q３", "٢٠٢٢Q3",
    ],
)  # fmt: skip
def test_a_code_has_one_form(code: str) -> None:
    with pytest.raises(
        ValueError, match=r"is not a period; write the year, Q and the quarter, e\.g\. 2022Q3"
    ):
        parse_period(code)


@pytest.mark.parametrize("code", ["0001Q1", "1900Q1", "1948Q4", "2200Q1", "9999Q4"])
def test_a_year_must_be_plausible(code: str) -> None:
    with pytest.raises(ValueError, match=r"is not a plausible year"):
        parse_period(code)


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="there is no quarter 5 in a year"):
        Period(2022, 5)


@given(periods.filter(lambda p: p.year > 1951))
def test_order_and_neighbours(period: Period) -> None:
    assert period.previous() < period
    assert period.year_earlier() < period
    four_back = period.previous().previous().previous().previous()
    assert four_back == period.year_earlier()
    assert sorted([period, four_back, period.previous()]) == [four_back, period.previous(), period]


def test_words_of_a_period() -> None:
    assert str(Period(2022, 3)) == "2022Q3"
    assert [Period(2022, q).title_zh for q in (1, 2, 3, 4)] == [
        "2022年1-3月",
        "2022年1-6月",
        "2022年1-9月",
        "2022年1-12月",
    ]
