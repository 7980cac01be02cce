"""Kinds of what words say of figures: spans of time, and words on headings, lines, notes and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.ugly.kinds import (
    EVERYWHERE,
    GROWTH_HEAD,
    LEVEL_HEAD,
    NAME,
    NOTE,
    ROWS,
    UNIT,
    WORKBOOKS,
    Variation,
    at,
    footed,
    marked,
    titled,
)

RETAIL = ROWS[1][0]
# words in brackets on a level's heading or a line: never as if they were not there
ON_LEVELS = {
    "of a quarter alone": ("当季", "三季度当季", "本季", "单季", "7-9月", "当季值"),
    "of a year earlier": ("上年同期", "去年同期", "上年数", "上年同期累计", "同期数", "2021年"),
    "at constant prices": ("2020年不变价", "不变价", "可比价", "按可比价格计算", "2020年价格"),
    "estimated": ("预计", "预计数", "估算", "预测值", "暂估", "推算数"),
    "planned": ("全年计划", "计划数", "年度目标", "任务数", "年初计划", "预期目标"),
    "of a month": ("9月", "9月份", "当月", "8月", "本月", "单月"),
}
ON_GROWTHS = {
    "against the quarter before": ("环比", "比上季", "较上季度", "季调后", "折年率", "比上月"),
    "of two years": ("两年平均", "两年平均增长", "三年平均", "年均", "平均增速"),
    "in points": ("百分点", "个百分点", "pp", "拉动点数", "拉动，百分点"),
    "of the quarter alone": ("当季", "当季同比", "7-9月", "第三季度", "9月"),
}
ON_LINES = {
    "of larger units": ("限额以上", "限上", "规模以上", "限额以下", "限上单位"),
    "leaving something out": ("不含河西街道", "不含房地产", "不包括农户", "剔除汽车", "扣除石油"),
    "a part of it": ("税收部分", "工业部分", "仅城镇", "只含批发业", "其中汽车类"),
    "of another year": ("2021年", "2020年", "2021年1-9月", "2023年", "2021年前三季度"),
    "of another area": ("全市", "市本级", "全区域", "属地", "含托管区"),
}
KINDS = {
    "spans in titles": EVERYWHERE,
    "spans in the sheet's name": WORKBOOKS,
    "spans on headings": EVERYWHERE,
    "spans on lines": EVERYWHERE,
    "quarters across under another year": EVERYWHERE,
    **{f"headings {what}": EVERYWHERE for what in ON_LEVELS},
    **{f"growth {what}": EVERYWHERE for what in ON_GROWTHS},
    "growth at current prices": EVERYWHERE,
    "growth per mille": EVERYWHERE,
    **{f"lines {what}": EVERYWHERE for what in ON_LEVELS},
    **{f"lines {what}": EVERYWHERE for what in ON_LINES},
    "lines that are medians": EVERYWHERE,
    "words beside units": EVERYWHERE,
    "headings and lines in other words": EVERYWHERE,
    "headers and footers of pages": WORKBOOKS,
    "prompts beside cells": WORKBOOKS,
    "notes at figures": EVERYWHERE,
    "notes of figures that were altered": EVERYWHERE,
    "notes of prices of growth": EVERYWHERE,
    "notes below and titles above": EVERYWHERE,
}


def list_variations() -> Iterator[Variation]:
    """All of them."""
    yield from _spans()
    for what, words in ON_LEVELS.items():
        yield from at(f"headings {what}", LEVEL_HEAD, "ask", *_bracketed("本年累计", words))
        yield from at(f"lines {what}", NAME, "ask", *_bracketed(RETAIL, words))
    for what, words in ON_LINES.items():
        yield from at(f"lines {what}", NAME, "ask", *_bracketed(RETAIL, words))
    for what, words in ON_GROWTHS.items():
        yield from at(f"growth {what}", GROWTH_HEAD, "ask", *_bracketed("同比增长", words))
    yield from _headings()
    yield from _lines()
    yield from _notes()


def _bracketed(name: str, words: Iterable[str]) -> Iterator[str]:
    return (f"{name}（{word}）" for word in words)


def _spans() -> Iterator[Variation]:
    span = "spans in titles"
    yield from titled(
        span, "ask", "2022年1-8月主要指标", "2022年7-9月", "2022年9月", "2022.06", "2022年第三季度当季", "2021年", "Jan-Aug 2022", "2022.7-2022.9",
        "2022年7月1日至9月30日", "2022/1/1-2022/8/31", "2021年10月-2022年9月", "2022年年报", "贰零贰壹年前三季度", "2 0 2 1 年1-9月", "2022-06-30",
    )  # fmt: skip
    yield from titled(
        span,
        "same",
        "2022年1月1日至9月30日",
        "2022/1/1-2022/9/30",
        "贰零贰贰年前三季度",
        "2022年1月—2022年9月",
    )
    sheets = "spans in the sheet's name"
    for name in (
        "2021年1-9月",
        "2022年1-8月",
        "7-9月",
        "2022.06",
        "2021",
        "第三季度当季",
        "Jan-Aug",
    ):
        yield marked(sheets, "ask", name, where="", name=name)
    for name in ("2022年1-9月", "2022Q3", "前三季度", "Sheet1"):
        yield marked(sheets, "same", name, name=name)
    heads = "spans on headings"
    yield from at(heads, LEVEL_HEAD, "ask", "Jan-Aug", "1-8月", "9月", "2022.9", "202209", "2022-09", "2022年", "2021年")  # fmt: skip
    yield from at(heads, LEVEL_HEAD, "ask", "上年同期", where="")  # the right column is missing
    yield from at(
        heads, LEVEL_HEAD, "same", "1-9月", "2022年1-9月", "一至三季度", "2022-09-30", "Jan-Sep"
    )
    lines = "spans on lines"
    yield from at(lines, NAME, "ask", *_bracketed(RETAIL, ("1-8月", "9月", "2022.06", "7-9月", "Jan-Aug", "2022-06-30", "上半年")), f"{RETAIL}1-8月", f"2021年{RETAIL}")  # fmt: skip
    yield from at(lines, NAME, "same", f"{RETAIL}（1-9月）", f"{RETAIL}（2022年前三季度）")
    wide = "quarters across under another year"
    heads = {(0, 2): "1-9月", (0, 3): "1-6月", (0, 4): "1-3月"}
    figures = {(row, 3): None for row in (1, 2, 3)} | {(2, 3): 27.9, (3, 3): 25.1, (2, 4): 14.0, (3, 4): 12.6}  # fmt: skip
    for title in ("2021年各季度主要指标", "2021年主要经济指标", "2020年分季度", "2021年度各季度", "二〇二一年各季度"):  # fmt: skip
        yield Variation(wide, title, "ask", heads | figures, title=title)


def _headings() -> Iterator[Variation]:
    # the only line of it whose growth is in real terms: 现价 is another for it
    prices = "growth at current prices"
    yield from at(prices, GROWTH_HEAD, "ask", *_bracketed("同比增长", ("现价", "名义", "按现价计算", "当年价格", "现价，%")))  # fmt: skip
    yield from at("growth per mille", GROWTH_HEAD, {"industry_va": (None, "-0.2"), "retail_sales": ("4182000000", "0.36"), "fixed_asset_investment": ("3766000000", "0.66")}, "同比增长（‰）", "同比增长‰", "增速(‰)", "同比（‰）", "增长速度（‰）")  # fmt: skip
    other = "headings and lines in other words"
    yield from at(other, GROWTH_HEAD, "same", "比上年同期±%", "同比增长（自然口径）", "累计同比（%）", "增长速度（%）", "y/y", "同比±%", "比上年同期增长%")  # fmt: skip
    yield from at(other, NAME, "same", f"{RETAIL}（快报）", f"二、{RETAIL}", f"其中：{RETAIL}", f"{RETAIL}（亿元）", "社零", "TOTAL RETAIL SALES OF CONSUMER GOODS", "total retail sales of Consumer Goods")  # fmt: skip
    heads = "headings of a quarter alone"
    yield from at(heads, GROWTH_HEAD, "ask", "三季度同比", "指数（上年=100）")
    yield from at("headings estimated", LEVEL_HEAD, "ask", "本年累计（人均）", "本年累计（测试数据）")  # fmt: skip


def _lines() -> Iterator[Variation]:
    name = "城镇常住居民人均可支配收入"
    yield from at("lines that are medians", (1, 0), "ask", *_bracketed(name, ("中位数", "中位", "median", "众数", "五等份中间组")), form="income")  # fmt: skip
    yield from at("words beside units", UNIT, "ask", "亿元（不变价）", "亿元（上年同期）", "亿元（预计）", "亿元（当季）", "亿元（含税）", "亿元（万元）")  # fmt: skip


def _notes() -> Iterator[Variation]:
    pages = "headers and footers of pages"
    for words in ("单位：万元", "2021年1-9月", "2022年1-8月", "预计数", "币种：美元", "上年同期"):
        yield marked(pages, "ask", f"footer {words}", where="", footer=words)
    yield marked(
        pages, "same", "footer of an office", footer="通辽经济技术开发区统计局 2022年1-9月"
    )

    notes = "notes at figures"
    yield from at(notes, NOTE, "ask", "上年同期数", "1-8月数", "预计数", "数据为估算", "不变价", "按2020年不变价", "增速单位为百分点", "先按预计数填报", "截至8月底", "不含房地产", "全市口径", "增速为环比", "作废", "人均")  # fmt: skip
    yield from at(notes, NOTE, "same", "现价", "预计四季度回升", "初步核算", "受疫情影响，比上年同期下降", "截至9月底", "同口径", "统计局反馈")  # fmt: skip
    altered = "notes of figures that were altered"
    yield from at(altered, NOTE, "ask", "系数0.9", "按系数调整", "改", "待更正", "已调整", "折算数", "按比例折算", "统计口径与上年不同", "口径有变化", "增速不可比")  # fmt: skip
    yield from footed(altered, "ask", "注：系数", "注：更正数", "注：统计口径与上年不同", "注：已换算")  # fmt: skip
    yield from at(altered, NOTE, "same", "修订数", "口径与上年一致", "口径没有变化", "折人民币")
    prices = "notes of prices of growth"  # retail sales grow in nominal terms, industry in real
    yield from at(prices, NOTE, "ask", "同比为不变价增速", "实际增速", "增速按可比价计算", "增速已扣除价格因素", "增速为实际增速")  # fmt: skip
    yield from at(prices, (1, 4), "ask", "名义增速", "增速按现价计算", "同比为现价增速")
    yield from at(prices, (1, 4), "same", "实际增速", "增速按可比价计算", "同比为不变价增速")
    yield from at(prices, NOTE, "same", "名义增速", "剔除价格因素实际增长1.5%")
    yield from footed(prices, "ask", "注：同比为不变价增速", "注：增速为实际增速")
    yield from footed(prices, "same", "注：规模以上工业增加值增速按可比价计算", "注：增速按可比价计算", "注：地区生产总值绝对额按现价计算，增长速度按不变价计算。")  # fmt: skip
    prompts = "prompts beside cells"
    for words in ("以万元填写", "单位：万元", "请填上年同期数", "1-8月累计", "请填写当季数", "不含房地产"):  # fmt: skip
        yield marked(prompts, "ask", words, where="C[234]", prompt=("C2:C4", words))
    for words in ("请输入数字", "保留两位小数", "单位：亿元", "填到1-9月"):
        yield marked(prompts, "same", words, prompt=("C2:C4", words))
    around = "notes below and titles above"
    yield from footed(around, "ask", "注：此表为7-9月数据", "注：本表数据截至2022年8月31日", "注：含托管区", "草稿", "测试数据", "作废", "注：以上为预计数")  # fmt: skip
    yield from footed(around, "same", "填表人：张三", "注：本表数据为2022年1-9月累计数")
    yield from titled(around, "ask", "分季度主要经济指标", "2022年1-9月数据未扣除重复", "2022年1-9月人均", "作废", "按2020年价格", "2022年1-9月主要经济指标计划表")  # fmt: skip
