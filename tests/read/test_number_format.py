"""Number formats: the text of a number is what a person sees, and what is not understood is said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.read.number_format import BUILT_IN, parse_format


def shown(code: str, number: str) -> str:
    seen = parse_format(code).show(Decimal(number))
    assert seen is not None and seen.unknown is None and not seen.is_unsigned
    return seen.text


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("0.0%", "0.034", "3.4%"),
        ("0.0%", "0.0341", "3.41%"),
        ("0.00%", "0.034", "3.40%"),
        ("0%", "-0.02", "-2%"),
        ("0.0 %", "0.034", "3.4%"),
        ("0.0%;[Red]-0.0%", "-0.034", "-3.4%"),
        ('0.0"%"', "3.4", "3.4%"),
        ("0.0\\%", "3.4", "3.4%"),
        ("0.0!%", "3.4", "3.4%"),
        ("0.0‰", "3.4", "3.4‰"),
        ("0.00,", "107920", "107.92"),
        ("#,##0,,", "3000000", "3"),
        ("0!.0000", "107920", "10.7920"),
        ("0\\.0000", "5", "0.0005"),
        ('0"."0000', "-12345", "-1.2345"),
        ('0!.0,"万"', "12345", "1.2345万"),
        ('0!.0000"万元"', "1079200", "107.9200万元"),
        ('[>=100000000]0.00,,"百万";[>=10000]0!.0000"万";0', "12345", "1.2345万"),
        ('[>=100000000]0.00,,"百万";[>=10000]0!.0000"万";0', "-3", "-3"),
        ('0.00"万元"', "107.92", "107.92万元"),
        ('General"元"', "3.456", "3.456元"),
        ('G/通用格式"户"', "12", "12户"),
        ('"下降"0.0', "2", "下降2.0"),
        ('"增长"0.0;"下降"0.0', "-2", "下降2.0"),
        ('[<0]"下降"0.0;"增长"0.0', "-3", "下降3.0"),
        ('0.0;-0.0;"持平"', "0", "持平"),
        ('"▲"0.0;"▼"0.0', "-2", "▼2.0"),
        ("0.0;(0.0)", "-2", "(2.0)"),
        ("+0.0;-0.0;0.0", "3", "+3.0"),
        ("000000", "12", "000012"),
        ("[$-804]0.0", "3.4", "3.4"),
        ("[DBNum1][$-804]General", "3", "3"),
        ("[$¥-804]#,##0.00", "107.92", "¥107.92"),
        ("# ?/?", "3.4", "3.4"),
        ("# ??/16", "3.4", "3.4"),
        ("[红色]0.0", "3.4", "3.4"),
        ("[颜色10]0.0", "3.4", "3.4"),
        ('_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', "0", "0"),
        ('_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', "-33902", "-33902.00"),
        ('0.0"①"', "3", "3.0①"),
        ("", "5", "5"),
    ],
)
def test_the_text_is_what_a_person_sees(code: str, number: str, text: str) -> None:
    assert shown(code, number) == text


@pytest.mark.parametrize(
    ("code", "number"),
    [(";;;", "3"), ("**;**;**", "3"), ("0.0;;0", "-3"), ('""', "3"), ("0;-0;;@", "0"), (" ", "2")],
)
def test_a_format_that_shows_nothing_hides(code: str, number: str) -> None:
    seen = parse_format(code).show(Decimal(number))
    assert seen is not None and seen.is_hidden and seen.text == ""


@pytest.mark.parametrize("code", ["0.0;0.0", "0.0;[Red]0.0", '0.0;0.0"%"', "0.00_ ;[红色]0.00 "])
def test_a_negative_without_its_sign_is_said_and_keeps_it(code: str) -> None:
    seen = parse_format(code).show(Decimal("-2"))
    assert seen is not None and seen.is_unsigned and seen.text.startswith("-2.0")


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ('0"0000"', "0000"),  # shows 5 as 50000
        ("000-0000", "-"),
        ("0.0 x", "x"),
        ("[blah]0", "[blah]"),
        ('0"万"0000', "万"),
        ('0.0"9"', "9"),
        ("0.0kg", "k"),
    ],
)
def test_what_is_not_understood_is_reported_and_the_figure_stays(code: str, part: str) -> None:
    seen = parse_format(code).show(Decimal("5.25"))
    assert seen is not None and seen.unknown is not None and part in seen.unknown
    assert seen.text == "5.25"


PLAIN = [
    "General", "0", "0.00", "#,##0", "#,##0.00", "# ?/?", "0.00E+00", "##0.0E+0", "@", "0.00_ ", "0.00_);(0.00)",
    "0.00_);[Red](0.00)", "0.00;[红色]-0.00", "0.0_ ;[Red]-0.0\\ ", "#,##0.00;-#,##0.00;0.00", "[$-804]0.0", "[Red]0",
    "_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "G/通用格式", "[>=0]0.0;-0.0",
]  # fmt: skip


@pytest.mark.parametrize("code", PLAIN)
def test_formats_that_only_round_and_colour_say_nothing(code: str) -> None:
    assert parse_format(code).is_plain
    assert parse_format(code).words_of_text is None


@pytest.mark.parametrize(
    "code", ["0%", "0.00,", ";;;", '0"元"', "0.0;0.0", '"下降"0.0', "0!.0", "000", "0 x", "+0"]
)
def test_formats_that_say_something_are_not_plain(code: str) -> None:
    assert not parse_format(code).is_plain


@pytest.mark.parametrize(
    "code",
    [
        "yyyy-mm-dd",
        'yyyy"年"m"月"',
        '[$-804]yyyy"年"m"月"d"日";@',
        "[h]:mm",
        "mmm-yy",
        "上午/下午h:mm",
        "hh:mm AM/PM",
        "aaaa",
    ],
)
def test_a_date_is_left_to_the_library(code: str) -> None:
    assert parse_format(code).show(Decimal("44805")) is None
    assert parse_format(code).is_plain


def test_every_built_in_format_is_understood() -> None:
    for code in BUILT_IN.values():
        seen = parse_format(code).show(Decimal("-2.5"))
        assert seen is None or (seen.unknown is None and not seen.is_unsigned and seen.text)


def test_words_of_a_text_section() -> None:
    assert parse_format('0;-0;0;@"元"').words_of_text == ("", "元")
    assert parse_format("0;-0;0;@").words_of_text is None


pieces = st.sampled_from(
    ["0", "#", "?", ".", ",", "%", "0.0", "#,##0", '"万元"', '"%"', "\\%", "!.", "_ ", "* ", ";", "[Red]", "[红色]", "[>100]",
     "[$-804]", "[$¥-804]", "@", "General", "E+00", "/", "-", "(", ")", "下降", "x", "Q", "[weird]", "yyyy", "h", '"', "\\", "!", "_", "*", "["]
)  # fmt: skip
numbers = st.decimals(-(10**9), 10**9, places=4, allow_nan=False)


@given(st.one_of(st.lists(pieces, max_size=8).map("".join), st.text(max_size=12)), numbers)
@example("", Decimal(0))
@example(";;;;;", Decimal(-1))
@example("\\", Decimal(1))
@example("_", Decimal(1))
def test_any_code_shows_something_or_says_why(code: str, number: Decimal) -> None:
    """The figure is right, or there is something to say; no code raises."""
    parsed = parse_format(code)
    seen = parsed.show(number)
    if seen is None:
        assert any(section.is_date for section in parsed.sections)
        return
    assert seen.text or seen.is_hidden
    if seen.unknown is not None:
        assert Decimal(seen.text) == number
    if parsed.is_plain and number and not parsed.sections[0].is_date:
        assert Decimal(seen.text.strip("()（）")).copy_abs() == number.copy_abs()


@given(
    st.sampled_from(["约", "②", "(p)", "万", "亿元", "以上", "kg", "§"]),
    st.sampled_from(['"{}"0.0', '0.0"{}"', '0.0\\ "{}"']),
    numbers,
)
def test_words_in_a_format_stand_in_the_text(words: str, pattern: str, number: Decimal) -> None:
    seen = parse_format(pattern.format(words)).show(number)
    assert seen is not None and words in (seen.unknown or seen.text)
