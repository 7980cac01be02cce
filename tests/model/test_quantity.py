"""Every printed number reads back exactly, and nothing else reads as a number in silence."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from flows.model.errors import NotAQuantityError
from flows.model.quantity import Quantity, parse_quantity
from flows.model.quantity_words import MISSING_MARKS
from flows.model.text import clean
from flows.model.unit import find_unit, load_units

# --- printing, by hands that do not know the reader -------------------------------------------

numbers = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.one_of(st.integers(-(10**15), 10**15), st.integers(-999, 999)),
    st.integers(0, 6),
)


def print_plain(value: Decimal) -> str:
    return format(value, "f")


def print_grouped(value: Decimal) -> str:
    return format(value, ",f")


def widen(text: str) -> str:
    """To full width, as a Chinese input method writes figures."""
    return "".join(
        "　" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    )


def places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


QUALIFIED = [
    ("{}", "exact"), ("近{}", "nearly"), ("将近{}", "nearly"), ("接近{}", "nearly"), ("约{}", "about"),
    ("大约{}", "about"), ("~{}", "about"),
    ("超过{}", "over"), ("超{}", "over"), ("突破{}", "over"), (">{}", "over"), ("不足{}", "under"), ("不到{}", "under"), ("<{}", "under"),
    ("{}余", "over"), ("{}多", "over"), ("{}以上", "over"), ("{}左右", "about"), ("{}以下", "under"),
]  # fmt: skip
qualifiers = st.sampled_from(QUALIFIED)
printers = st.sampled_from(
    [print_plain, print_grouped, lambda v: widen(print_plain(v)), lambda v: widen(print_grouped(v))]
)


@given(numbers, printers)
def test_printed_numbers_round_trip(value: Decimal, printer) -> None:
    read = parse_quantity(printer(value))
    assert read == Quantity(value, places(value), "exact", None, "A")
    assert str(read.value) == str(value) or value == 0, (
        "the digits as printed, trailing zeros included"
    )


@given(numbers.filter(lambda v: v >= 0), printers, qualifiers)
def test_qualifiers_round_trip(value: Decimal, printer, qualified: tuple[str, str]) -> None:
    template, qualifier = qualified
    read = parse_quantity(template.format(printer(value)))
    assert (read.value, read.decimals, read.qualifier, read.unit) == (
        value,
        places(value),
        qualifier,
        None,
    )


@given(
    numbers.filter(lambda v: v >= 0), printers, st.sampled_from(sorted(load_units())), qualifiers
)
def test_units_round_trip(value: Decimal, printer, unit: str, qualified: tuple[str, str]) -> None:
    template, qualifier = qualified
    read = parse_quantity(template.format(printer(value)) + unit)
    assert (read.value, read.decimals, read.qualifier, read.unit) == (
        value,
        places(value),
        qualifier,
        unit,
    )


@given(
    numbers.filter(lambda v: v > 0),
    printers,
    st.sampled_from(["下降", "同比下降", "下滑", "减少", "降低", "负增长", "减", "降"]),
    st.sampled_from(["增长", "同比增长", "同比", "增速", "上升", "增加", "增", "升", "正"]),
    st.sampled_from(["", "%"]),
)
def test_sign_words_round_trip(value: Decimal, printer, falls: str, rises: str, unit: str) -> None:
    assert parse_quantity(falls + printer(value) + unit) == Quantity(
        -value, places(value), "exact", unit or None
    )
    assert parse_quantity(rises + printer(value) + unit) == Quantity(
        value, places(value), "exact", unit or None
    )
    with pytest.raises(NotAQuantityError, match="negative twice; keep one sign"):
        parse_quantity(falls + printer(-value) + unit)


@given(
    numbers.filter(lambda v: v >= 0),
    st.text(" \t　\u200b\xa0\n", max_size=4),
    st.text(" \t　\xa0", max_size=4),
)
def test_spaces_do_not_count(value: Decimal, before: str, after: str) -> None:
    assert parse_quantity(before + print_plain(value) + after).value == value


@given(numbers.filter(lambda v: v > 0))
def test_a_loss_in_brackets_is_negative(value: Decimal) -> None:
    for printed in (
        f"({print_plain(value)})",
        f"（{print_grouped(value)}）",
        widen(f"({print_plain(value)})"),
    ):
        assert parse_quantity(printed) == Quantity(-value, places(value))


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("3万", "30000", -4),
        ("1.5亿", "150000000", -7),
        ("0.35亿", "35000000", -6),
        ("12.345万", "123450", -1),
        ("1.23456万", "12345.6", 1),
    ],
)
def test_a_myriad_moves_the_last_printed_digit(text: str, value: str, decimals: int) -> None:
    read = parse_quantity(text)
    assert (read.value, read.decimals, read.unit) == (Decimal(value), decimals, None)


@pytest.mark.parametrize(
    ("text", "value"), [("1.1E+08", "1.1E+8"), ("2e3", "2000"), ("5E-2", "0.05")]
)
def test_a_spreadsheets_exponent_is_a_number(text: str, value: str) -> None:
    assert parse_quantity(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("持平", Quantity(Decimal(0))),
        ("与上年持平", Quantity(Decimal(0), unit="%")),
        ("翻番", Quantity(Decimal(100), -2, unit="%")),
        ("近1.5亿元", Quantity(Decimal("1.5"), 1, "nearly", "亿元")),
        ("50余家", Quantity(Decimal(50), 0, "over", "家")),
        ("50家以上", Quantity(Decimal(50), 0, "over", "家")),
        ("下降2%", Quantity(Decimal(-2), 0, "exact", "%")),
        ("1,234.50", Quantity(Decimal("1234.50"), 2)),
        ("一百五十余", Quantity(Decimal(150), 0, "over")),
    ],
)
def test_words_of_the_office(text: str, quantity: Quantity) -> None:
    assert parse_quantity(text) == quantity


# --- Chinese numerals -------------------------------------------------------------------------

FIGURES = "零一二三四五六七八九"


def write_chinese(number: int) -> str:
    """0 … 999,999,999,999 as it is read aloud, written without looking at the reader."""
    if number == 0:
        return "零"
    said = ""
    for place, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, place)
        if part:
            gap = said and (part < 1000)
            said += ("零" if gap else "") + _write_section(part) + name
    return said


def _write_section(number: int) -> str:
    said, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            said += ("零" if gap and said else "") + FIGURES[digit] + name
            gap = False
        else:
            gap = True
    return said


def test_the_writer_writes_as_people_do() -> None:
    assert [write_chinese(n) for n in (0, 10, 11, 105, 150, 1005, 1050, 10000, 10005, 20300, 99999, 120_000_000)] == [
        "零", "一十", "一十一", "一百零五", "一百五十", "一千零五", "一千零五十", "一万", "一万零五",
        "二万零三百", "九万九千九百九十九", "一亿二千万",
    ]  # fmt: skip


def test_chinese_numerals_round_trip_to_99999() -> None:
    # from 20,000 on only the word before 万 differs: there a tenth of them will do
    numbers = [0, *range(2, 20_000), *range(20_000, 100_000, 11)]
    wrong = [n for n in numbers if parse_quantity(write_chinese(n)).value != n]
    assert not wrong, (
        f"{len(wrong)} misread, e.g. {[(n, write_chinese(n), parse_quantity(write_chinese(n)).value) for n in wrong[:5]]}"
    )


@given(st.integers(0, 10**12 - 1))
@example(120_000_000)
@example(300_000_001)
@example(123_456_789_012)
def test_chinese_numerals_round_trip_beyond(number: int) -> None:
    assume(number != 1)  # 一 alone may be a dash
    assert parse_quantity(write_chinese(number)).value == number


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_chinese_decimals_round_trip(whole: int, fraction: int) -> None:
    tail = f"{fraction:04d}".rstrip("0") or "0"
    read = parse_quantity(write_chinese(whole) + "点" + "".join(FIGURES[int(c)] for c in tail))
    assert (read.value, read.decimals) == (Decimal(f"{whole}.{tail}"), len(tail))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("两千", 2000),
        ("二〇二六", 2026),
        ("二〇〇", 200),
        ("壹佰贰拾", 120),
        ("三万亿", 3 * 10**12),
    ],
)
def test_other_spellings_of_chinese_numerals(text: str, value: int) -> None:
    assert parse_quantity(text).value == value


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("三点五", "3.5", 1),
        ("三点五万", "35000", -3),
        ("三万", "30000", -4),
        ("二亿", "200000000", -8),
    ],
)
def test_chinese_numerals_say_what_they_were_rounded_to(
    text: str, value: str, decimals: int
) -> None:
    read = parse_quantity(text)
    assert (read.value, read.decimals) == (Decimal(value), decimals)


@pytest.mark.parametrize(
    "text",
    [
        "一点",
        "三点",
        "点",
        "五三百",
        "二三百",
        "十十",
        "一百二千",
        "百千",
        "点五点五",
        "万",
        "亿",
        "百",
    ],
)
def test_numerals_out_of_order_are_no_number(text: str) -> None:
    with pytest.raises(NotAQuantityError, match="is not a number"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "spoken", "misread"),
    [("一百五", 150, 105), ("两千三", 2300, 2003), ("三万五", 35000, 30005)],
)
def test_clipped_numerals_are_never_read_by_their_figures(
    text: str, spoken: int, misread: int
) -> None:
    """`一百五` is 150 to whoever says it: read so, or not at all."""
    try:
        value = parse_quantity(text).value
    except NotAQuantityError:
        return
    assert value == spoken
    assert value != misread


# --- what is no number ------------------------------------------------------------------------


@pytest.mark.parametrize("unit", sorted(load_units()))
def test_a_unit_alone_is_not_a_number(unit: str) -> None:
    with pytest.raises(NotAQuantityError):
        parse_quantity(unit)


@given(numbers, st.characters(codec="ascii", categories=["Lu", "Ll"]), st.data())
def test_a_letter_never_reads_as_part_of_a_number(
    value: Decimal, letter: str, data: st.DataObject
) -> None:
    printed = print_plain(value)
    at = data.draw(st.integers(0, len(printed)))
    spoiled = printed[:at] + letter + printed[at:]
    assume(not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+", spoiled))
    assume(spoiled.lstrip("-0123456789.").upper() not in load_units())
    with pytest.raises(NotAQuantityError) as refused:
        parse_quantity(spoiled)
    zh, _, en = str(refused.value).partition("|")
    assert any(w in zh for w in ("不是数字", "既不是数字也不是计量单位", "不像程序写出的科学计数"))
    assert "is not a number" in en or "is neither a number nor a unit" in en


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12O.5", "in “12O.5”, “O.5” is neither a number nor a unit"),
        ("1l2", "in “1l2”, “l2” is neither a number nor a unit"),
        ("abc", "“abc” is not a number"),
        ("12亿斤", "in “12亿斤”, “亿斤” is neither a number nor a unit"),
        ("1.5.3", "in “1.5.3”, “.3” is neither a number nor a unit"),
        ("1,23", "in “1,23”, “,23” is neither a number nor a unit"),
        ("3.4和2.7", "is neither a number nor a unit"),
        ("107.92（预计）", "is neither a number nor a unit"),
        ("#REF!", "the formula has an error and gives no number"),
        ("#DIV/0!", "the formula has an error and gives no number"),
        ("0x1F", "is neither a number nor a unit"),
        ("2022-09-30", "is neither a number nor a unit"),
        ("infinity", "is not a number"),
        ("下降", "“下降” is not a number"),
        ("约", "“约” is not a number"),
        ("--5", "is not a number"),
        ("1_000", "in “1_000”, “_000” is neither a number nor a unit"),
    ],
)
def test_what_is_no_number_says_what_stands_there(text: str, words: str) -> None:
    with pytest.raises(NotAQuantityError) as refused:
        parse_quantity(text)
    zh, _, en = str(refused.value).partition("|")
    assert words in en
    assert zh and zh != en, "the words come in both languages"


@given(st.text(max_size=20))
@example("１e99999")
@example("1e999")
@example("点万")
@example("(.)")
@example("²")
@example("٣٫٤")
def test_any_text_reads_or_is_refused_in_words(text: str) -> None:
    try:
        read = parse_quantity(text)
    except NotAQuantityError as refused:
        assert "|" in str(refused)
        return
    assert (read.value is None) == (read.obs_status in ("L", "M"))
    assert read.value is None or read.value.is_finite()
    assert read.unit is None or read.unit in load_units()
    if read.value is not None:
        numeral = (
            any(c.isnumeric() for c in clean(text))
            or any(c in "十百千零〇两壹贰叁" for c in text)
            or "持平" in text
            or "番" in text
        )
        assert numeral, f"{text!r} holds no figure, yet reads as {read}"


@pytest.mark.parametrize(("text", "status"), sorted(MISSING_MARKS.items()))
def test_missing_marks_keep_their_meaning(text: str, status: str) -> None:
    for written in (text, text.upper(), widen(text), f" {text} "):
        read = parse_quantity(written)
        assert (read.value, read.obs_status) == (None, status), written


def test_nothing_is_missing_and_dashes_cannot_exist() -> None:
    assert parse_quantity(None) == Quantity(None, obs_status="L")
    for dash in ("-", "—", "——", "–", "−", "－"):
        assert parse_quantity(dash) == Quantity(None, obs_status="M"), dash
    assert parse_quantity("0") == Quantity(Decimal(0)), "nil is not missing"


# --- units ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("亿元", "亿元"), ("单位：亿元", "亿元"), ("单位:亿元、%", "亿元"), ("计量单位：万元", "万元"),
        ("金额（万元）", "万元"), ("增速(%)", "%"),
        ("同比增长（%）", "%"), ("（单位：吨）", "吨"), ("产量[万吨]", "万吨"), ("人民币亿元", "亿元"), (" 亿 元 ", "亿元"),
        ("面积（万亩）（亩）", "亩"),
    ],
)  # fmt: skip
def test_units_are_found_where_people_put_them(text: str, unit: str) -> None:
    assert find_unit(text) == unit


@pytest.mark.parametrize(
    "text",
    ["", "地区生产总值", "本年累计", "单位：", "（亿圆）", "第一产业（一产）", "单位负责人：张三"],
)
def test_what_names_no_unit_is_none(text: str) -> None:
    assert find_unit(text) is None


@given(st.text(max_size=30))
def test_find_unit_never_raises_and_never_invents(text: str) -> None:
    assert find_unit(text) is None or find_unit(text) in load_units()


def test_factors_are_exact_and_base_units_are_one() -> None:
    for unit in load_units().values():
        assert unit.factor > 0
        base = load_units()[unit.base_unit]
        assert (base.factor, base.base_unit) == (Decimal(1), unit.base_unit), (
            f"{unit.unit} has a base unit that is none"
        )
    assert load_units()["亿元"].factor == 10**8
    assert load_units()["万亩"].factor == 10**4
    assert load_units()["‰"].factor == Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("１，２３４．５", "1,234.5"),
        (" 亿　元\n", "亿元"),
        ("2022—2023", "2022-2023"),
        ("−5", "-5"),
        ("\ufeff指标\u200b", "指标"),
        ("（％）", "(%)"),
    ],
)
def test_clean_makes_plain(text: str, tidy: str) -> None:
    assert clean(text) == tidy
