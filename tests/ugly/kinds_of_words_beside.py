"""Kinds of words that stand beside a name without brackets, and of stretches of time that are no months."""

from __future__ import annotations

from collections.abc import Iterator

from tests.ugly.kinds import (
    EVERYWHERE,
    GROWTH,
    GROWTH_HEAD,
    LEVEL,
    LEVEL_HEAD,
    NAME,
    NOTE,
    ROWS,
    Variation,
    at,
    coded,
    footed,
    titled,
)

RETAIL = ROWS[1][0]
KINDS = {
    "words beside a line's name": EVERYWHERE,
    "words beside a heading's name": EVERYWHERE,
    "raised signs": EVERYWHERE,
    "formats in white": ("xlsx", "xls"),
    "stretches that are no months": EVERYWHERE,
    "titles of another area or part": EVERYWHERE,
    "notes of doubts and other origins": EVERYWHERE,
}


def list_variations() -> Iterator[Variation]:
    """All of them."""
    lines = "words beside a line's name"
    yield from at(lines, NAME, "same", f"{RETAIL} 累计", f"累计{RETAIL}", f"{RETAIL}/亿元", f"{RETAIL}，亿元", f"1-9月{RETAIL}", f"·{RETAIL}")  # fmt: skip
    yield from at(lines, NAME, "ask", f"{RETAIL} 当月", f"{RETAIL}预计", f"预计{RETAIL}", f"{RETAIL}/万元", f"{RETAIL}/美元", f"8月累计{RETAIL}", f"{RETAIL}环比", f"{RETAIL}2", f"全市{RETAIL}")  # fmt: skip
    heads = "words beside a heading's name"
    yield from at(heads, LEVEL_HEAD, "same", "本年累计/亿元", "累计 亿元", "期末数", "绝对额，亿元")
    yield from at(heads, LEVEL_HEAD, "ask", "本年累计/美元", "本年累计 预计", "上年数值", "8月末累计", "年初预算", "排名", "本年累计2021", where="C1|B3|")  # fmt: skip
    yield from at(heads, LEVEL_HEAD, "ask", "本年累计/万元", "本年累计（人）", where="[BC][1-4]")
    yield from at(heads, GROWTH_HEAD, "same", "同比增长，%", "同比/%", "增速/%")
    yield from at(heads, GROWTH_HEAD, "ask", "Growth (m/m)", "9月增速", "上年增速", "增速（较上月）", "同比增长/万元", "计划增速")  # fmt: skip
    signs = "raised signs"
    yield from at(signs, GROWTH, ("4182000000", "-3.6"), "⁻3.6", "₋3.6")
    yield from at(signs, GROWTH, "same", "⁺3.6", "₊3.6", "⁺3.6%")
    white = "formats in white"
    yield from coded(white, LEVEL, "ask", *((41.82, code) for code in ("[White]0.00", "[白色]0.00", "[white]#,##0.00", "[白]0.00", "[Color2]0.00")), formats=("xlsx", "xls"))  # fmt: skip
    stretches = "stretches that are no months"
    yield from titled(stretches, "ask", "2022E主要指标", "TTM", "1H22", "9M21主要指标", "Aug-22", "YTD Aug 2022", "近12个月主要指标", "2022年第35周", "2022春节期间主要指标", "令和3年主要指标", "22.08主要指标", "十四五期间主要指标", "21Q3主要指标", "2022年1-9月折年数", "2022年1-9月模拟")  # fmt: skip
    scopes = "titles of another area or part"
    yield from titled(scopes, "ask", "2022年1-9月高新区主要指标", "高新区2022年前三季度经济运行情况", "综保区2022年1-9月主要指标", "2022年1-9月民营经济主要指标", "2022年1-9月农村主要经济指标", "2022年1-9月农村社会消费品零售总额")  # fmt: skip
    yield from titled(scopes, "same", "通辽经开区2022年1-9月主要指标", "经开区2022年前三季度主要经济指标", "开发区2022年1-9月主要指标", "2022年1-9月全区主要指标")  # fmt: skip
    notes = "notes of doubts and other origins"
    yield from footed(notes, "ask", "以上增速为2021年", "注：与二季度相比", "注：小数点错位", "注：零售额扩大10倍", "数据由2021年推算", "注：美元计价", "注：按新口径计算。", "注：采用调整后口径")  # fmt: skip
    yield from at(notes, NOTE, "ask", "截至8.31", "8月月报", "网上零售未计入", "负号漏了", "forecast only", "TBC", "last year's figure", "in USD")  # fmt: skip
    yield from at(notes, NOTE, "same", "9月月报", "截至9.30", "同比增速与上月持平")
