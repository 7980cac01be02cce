"""Words of notes, titles and foot notes as clerks write them: those that make a figure another are asked about, no others.

All files are judged in one pass.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judging import judge_many

Place = tuple[str, str]  # where, and the words

FOOT_NOTES = (
    "近三年", "FY22", "见上年", "货币单位：日元", "计价：万元", "计价单位：万元", "币别：美元", "单位：日元", "以日元计", "以日元为单位", "货币：USD", "计价货币：港币",
    "单位：USD 100 million", "零售额取自二季度", "本表为代拟稿", "零售总额采用旧口径", "数据未扣除外区", "增速一栏为指数减100后除以100", "计量单位均为“万”", "按1美元=7元折算",
    "9月数据未出", "以上不是累计数", "社零数据滞后一个月", "未包含个体户", "社零只含批零业", "数据覆盖旗县", "本表不全", "缺报两家", "为预报数", "初步测算", "数据为推断",
    "拟上报数", "暂时填报，待修改", "本稿为草拟", "缺一个月数据", "以上为三个月数", "数据截至二季度", "仅统计到8月", "扣除汽车类", "同比为上年同期数", "抄自二季度报表",
)  # fmt: skip
NOTES = (
    "近三年",
    "FY22",
    "见上年",
    "近三年平均",
    "2019年以来",
    "参考值",
    "仅供参考",
    "暂用",
    "同去年",
    "补报8月",
    "缺一个月",
    "系统自动填充",
    "先填着",
    "单位有错",
    "不是最终数",
    "与实际有出入",
    "大概数",
    "12个月",
    "一个季度",
    "21年",
    "城镇",
    "托管区",
    "市里数",
    "平均",
    "重复",
    "错",
    "数错了",
    "估摸",
    "随便填的",
    "照抄",
    "瞎填",
    "用去年的",
    "和去年一样",
    "取上季",
    "沿用上期",
    "待补",
    "待统计局核定",
    "统计局未核定",
    "老口径",
    "区外",
    "含代管",
    "来源：2021年报",
    "按比例推的",
    "猜的",
    "倒推",
    "合并数",
    "负数",
    "下降",
    "减少",
    "负增长",
    "最终以8月为准",
    "以8月份快报为准",
)
NUMBERS = ("2（预计）", "2（1-8月）", "2（上年同期）")  # fmt: skip
TITLES = (
    "近三年主要经济指标", "FY22主要经济指标", "主要经济指标（见上年）", "2022年前三季度主要经济指标与2019年对比", "2022年1-9月主要经济指标预安排", "主要经济指标（征求意见稿）",
)  # fmt: skip
ORDINARY: tuple[Place, ...] = tuple(
    [("foot", words) for words in (
        "注：本表数据为初步核算数", "注：规模以上工业增加值增速按可比价计算", "注：规模以上工业统计范围为年主营业务收入2000万元及以上的工业企业", "注：固定资产投资不含农户",
        "填表人：张三  联系电话：0475-8211234  填报日期：2022年10月12日", "说明：1.本表由统计部门填报。2.报送时间为季后15日前", "注：增速=（本期/上年同期-1）×100%",
        "注：社会消费品零售总额增速为名义增速", "注：部分数据因四舍五入存在总计与分项合计不等的情况", "以上数据为1-9月累计数", "注：数据以统计局最终核定为准", "注：单位：高新区",
        "注：2021年数据已按第七次人口普查修订", "注：本表统计范围为开发区全域", "注：社零增速系与上年同期相比", "注：近年来我区经济平稳", "注：仅供内部使用", "注：计价单位：亿元",
        "注：货币单位：人民币", "参考资料：统计年鉴", "资料来源：2022年前三季度统计快报", "本表由系统自动生成", "注：9个月数据",
    )]
    + [("note", words) for words in (
        "更正", "现价", "初步数", "已核实", "统计局反馈数", "与统计局一致", "企业停产", "受疫情影响下降", "同期基数有调整", "主要是汽车类下降", "新增企业2家", "1-9月", "累计数",
        "无", "/", "国家反馈", "市统计局核定数", "上年同期为40.37亿元", "基数40.37", "较上年同期增加1.45亿元", "完成年计划的75%", "占全市的20%", "居全市第2位",
        "高于全市平均2个百分点", "以统计局公布为准", "增长", "同上", "9个月数", "电话联系过统计局",
    )]
    + [("number", words) for words in ("2", "二", "（二）", "2.", "（2）", "2（1）", "A2")]
    + [("title", words) for words in (
        "通辽经济技术开发区主要经济指标", "2022年三季度主要经济指标统计表", "2022年1-9月主要经济指标与2021年对比", "附件1：主要经济指标", "2022年1-9月主要经济指标进度表",
    )]
)  # fmt: skip


def file_with(where: str, words: str) -> str:
    title = f'"{words}",,,,\n' if where == "title" else ""
    foot = f'"{words}",,,,\n' if where == "foot" else ""
    note = words if where == "note" else ""
    number = words if where == "number" else "2"
    return (
        f"{title}指标名称,计量单位,本年累计,同比增长（%）,备注,序号\n规模以上工业增加值,,—,-2.0,,1\n"
        f"社会消费品零售总额,亿元,41.82,3.6,{note},{number}\n固定资产投资,亿元,37.66,6.6,,3\n{foot}"
    )


def list_asked(places: list[Place], tmp_path: Path) -> set[Place]:
    """The places whose words are asked about, held or refused."""
    judged = judge_many(tmp_path, [file_with(*place) for place in places])
    return {
        place
        for place, one in zip(places, judged, strict=True)
        if any(f.severity != "note" for f in one.broken())
    }


def test_words_that_make_a_figure_another_are_asked_about(tmp_path: Path) -> None:
    places = [("foot", w) for w in FOOT_NOTES] + [("note", w) for w in NOTES]
    places += [("foot", f"注：{w}") for w in FOOT_NOTES] + [("title", w) for w in TITLES]
    places += [("number", w) for w in NUMBERS]
    assert set(places) - list_asked(places, tmp_path) == set()


def test_ordinary_words_draw_no_question(tmp_path: Path) -> None:
    assert list_asked(list(ORDINARY), tmp_path) == set()


@pytest.mark.parametrize(
    ("growth", "note", "is_asked"),
    [("3.6", "下降", True), ("-3.6", "下降", False), ("-3.6", "同比增长", True), ("3.6", "同比增长", False), ("0", "下降", False)],
)  # fmt: skip
def test_a_note_of_the_other_sign_than_the_growth_is_asked_about(
    tmp_path: Path, growth: str, note: str, is_asked: bool
) -> None:
    file = file_with("note", note).replace("41.82,3.6", f"41.82,{growth}")
    [judged] = judge_many(tmp_path, [file])
    assert bool(judged.broken("NOTE-MEANING")) == is_asked
