"""Kinds of what a figure's own text and its unit say, of rows of text files, and of files out of their time."""

from __future__ import annotations

from collections.abc import Iterator

from tests.ugly.kinds import (
    EVERYWHERE,
    GROWTH,
    LEVEL,
    LEVEL_HEAD,
    NOTE,
    ROWS,
    UNIT,
    Variation,
    at,
    footed,
    in_text,
    titled,
)

KINDS = {
    "units in cells": EVERYWHERE,
    "another unit in cells": EVERYWHERE,
    "unit lines against units of rows": EVERYWHERE,
    "unit lines against headings": EVERYWHERE,
    "notes against the unit": EVERYWHERE,
    "units spelt otherwise": EVERYWHERE,
    "rows with more cells than headings": ("csv",),
    "commas of three places": ("csv",),
    "growth in points": EVERYWHERE,
    "numerals for a dash": EVERYWHERE,
    "growth as fractions": EVERYWHERE,
    "growth qualified": EVERYWHERE,
    "falls and rises in words and marks": EVERYWHERE,
    "growth that is none": EVERYWHERE,
    "plans with the unit %": EVERYWHERE,
    "a quarter to come": EVERYWHERE,
}
RETAIL = ROWS[1][0]
INCOMES = (
    "指标名称,计量单位,本年累计,同比增长（%）,备注\n农村常住居民人均可支配收入,元,18519,8.1,\n{}\n"
)


def list_variations() -> Iterator[Variation]:
    """All of them."""
    yield from _units()
    yield from _text_rows()
    yield from _growths()
    for quarter in ("2190Q1", "2190Q2", "2190Q3", "2191Q1", "2198Q4"):
        yield Variation("a quarter to come", quarter, "ask", period=quarter, where="")


def _units() -> Iterator[Variation]:
    yield from at("units in cells", LEVEL, "same", "41.82亿", "41.82亿元", "41.82 亿", "41亿8200万", "RMB41.82", "41.82億")  # fmt: skip
    yield from at("another unit in cells", LEVEL, "ask", "41.82万元", "41.82万", "418200万元", "41.82亿美元", "41.82%", "41.82元")  # fmt: skip
    yield from at("another unit in cells", UNIT, "ask", "亿元/月", "万美元", "亿股")
    lines = "unit lines against units of rows"
    yield from titled(lines, "ask", "单位：亿元（美元）", "单位：亿元（万元）", "万元", "Unit: RMB million", "Unit: 10 thousand yuan", "in million yuan")  # fmt: skip
    for title in ("单位：万元", "单位：百万"):  # held, each with both units named
        yield Variation(lines, title, "ask", title=title, where="B[45]")
    yield from titled(
        lines, "same", "单位：亿元", "亿元", "Unit: 100 million yuan", "单位：亿元、%"
    )
    yield from at(lines, LEVEL_HEAD, "ask", "本年累计（万元）", "本年累计（万美元）", where="[A-C][1-4]")  # fmt: skip
    heads = "unit lines against headings"
    cells = {LEVEL_HEAD: "本年累计（亿元）", (2, 1): None, (3, 1): None}
    for title in ("单位：万元", "单位：万美元", "单位：亿美元", "单位：百万元", "单位：元"):
        yield Variation(heads, title, "ask", cells, title=title, where="A1")
    yield Variation(heads, "单位：亿元", "same", cells, title="单位：亿元")
    notes = "notes against the unit"
    yield from at(
        notes, NOTE, "ask", "单位：万元", "万元", "数据为万元", "单位为万元", "按万元填报"
    )
    yield from footed(notes, "ask", "注：本表绝对数单位为万元", "以上数据均为万元", "注：金额单位：万元", "以“万元”计", "单位：元")  # fmt: skip
    yield from at(
        "units spelt otherwise",
        UNIT,
        "same",
        "億元",
        "亿",
        "100 million yuan",
        "RMB 100 million",
        "亿元人民币",
    )


def _text_rows() -> Iterator[Variation]:
    wide = "rows with more cells than headings"
    yield from in_text(wide, "ask", f"{RETAIL},亿元,4,182,3.6", f"{RETAIL},亿元,41,82,3.6", f"{RETAIL},亿元,41.82,3,6", f"{RETAIL},亿元,4,182.5,3.6", f"{RETAIL},亿元,41.82,3.6,1,9")  # fmt: skip
    yield from in_text(wide, "ask", "城镇常住居民人均可支配收入,元,34,125,6.0,", text=INCOMES)
    three = "commas of three places"
    yield from in_text(three, "ask", f'{RETAIL},亿元,"41,820",3.6', f'{RETAIL},亿元,"41,82",3.6', f"{RETAIL},亿元,34,125", f'{RETAIL},亿元,"1,418",3.6', f'{RETAIL},亿元,41.82,"3,600"', f'{RETAIL},亿元,"0,125",3.6')  # fmt: skip
    yield from in_text(three, "ask", f"{RETAIL},41.82,亿元,3.6")
    yield from in_text(three, ("104182000000", "3.6"), f'{RETAIL},亿元,"1,041.82",3.6')


def _growths() -> Iterator[Variation]:
    yield from at("growth in points", GROWTH, "ask", "提高0.5个百分点", "-0.5个百分点", "回落3.6", "增长3.4个百分点", "0.5pp", "3.6百分点")  # fmt: skip
    yield from at(
        "numerals for a dash", GROWTH, "ask", "一", "一一", "二", "三", "四", "十", "二十"
    )
    fractions = "growth as fractions"
    yield from at(fractions, GROWTH, "ask", "0.036", "0.0360", "0.036%", "1.036", "-0.036")
    yield Variation(fractions, "all", "ask", {(1, 3): -0.02, (2, 3): 0.036, (3, 3): 0.066})
    qualified = "growth qualified"
    yield from at(qualified, GROWTH, "same", "3.6%左右", "不低于3.6%", "3.6%以上", "约3.6", "3.6%以内", "≥3.6")  # fmt: skip
    yield from at(qualified, (2, 3), {"target_retail_sales": (None, "5")}, "5%左右", "5%以上", "不低于5%", "5%-6%", "5以上", form="plan_targets")  # fmt: skip
    falls = "falls and rises in words and marks"
    yield from at(falls, GROWTH, ("4182000000", "-3.6"), "↓3.6", "负3.6", "下降百分之三点六", "（3.6）", "同比下降3.6%", "−3.6")  # fmt: skip
    yield from at(falls, GROWTH, "same", "百分之三点六", "36‰", "增长3.6%", "+3.6")
    yield from at(falls, (1, 3), "same", "▲2.0", "△2.0", "负2.0", "▼2.0", "下滑2.0%")
    none = "growth that is none"
    yield from at(none, GROWTH, "ask", "▲3.6", "3.6亿", "3.6万", "3.6↓", "6%-7%", "3.6倍", "环比增长3.6%")  # fmt: skip
    yield from at(none, GROWTH, ("4182000000", None), "—", "不可比", "扭亏为盈")
    yield from at(none, LEVEL, "ask", "↑41.82", "41.82↓", "0", "0.00", "零")
    plans = "plans with the unit %"
    for unit in ("%", "％", "百分比", "％ ", "percent"):
        yield Variation(plans, unit, "same", {(1, 1): unit, (2, 1): unit}, form="plan_targets")
