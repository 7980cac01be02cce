"""What a note says of the figures it stands at, clause by clause: another span or meaning.

A clause that is such a word and no more (`上年同期数`), that says it of the figures (`数据为估算`,
`截至8月底`), or that leaves something out (`不含房地产`) counts. How a growth is computed, what a
word means and how a figure compares do not.
"""

from __future__ import annotations

import re
from dataclasses import replace

from flows.forms.outside_brackets import find_in_note, list_clauses
from flows.forms.vocabulary import (
    JUST_A_FIGURE,
    UNREAD_SPAN,
    Context,
    Remark,
    load_vocabulary,
    read_note,
    read_price,
    read_remark,
)
from flows.forms.words import Text
from flows.model.period import Period
from flows.model.span import Span, find_spans, find_suspect
from flows.model.unit import find_unit, read_spelling

# the figures are of, or reach to, or the line is labelled as their period
_OF_FIGURES = re.compile(
    r"^(?:(?:[本此该上]表|[本此该]数|[本此该]处|本期|以上|以下|上述|下列|表内|表中|各项|所有|全部)*(?:各项|主要)?(?:数据|指标|数字|数值|数)?(?:均|都|全)?(?:为|是|系|截[至止]到?)"
    r"|(?:数据|统计|资料|指标|报表|核算|调查|汇总|采集|取数|基准|截止|所属|报告|标准|提取|本表|本数|各项|的)+"
    r"(?:时间点?|时点|时期|期间?别?|日期?|时段|节点|口径|范围)|所属期|所属时期|填报期(?!间)|period"
    r"|(?:the|all)*(?:data|figures|numbers|values)(?:are|is)?(?:for|of|to|cover|through))",
    re.I,
)
# 社零为上半年数, 采用2021年数据代替: \0 is where the span stands
_SAYS_SPAN = re.compile(
    "(?:(?:为|是|系|用|按|取|截[至止]到?|[取摘抄引]自|沿用|^来源:?)\0"
    "(?:累计|完成)?(?:数|数据|数字|数值|值|情况|合计|之和|总和|报表|月报|季报|快报|年鉴|公报)?(?:填报|填列|代替|替代|报送|上报|填)?"
    "|^\0(?:以来(?:累计)?|报表|月报|季报|快报|年报|年鉴|公报))$"
)
# 以上增速为2021年
_OF_GROWTH = re.compile(
    "^(?:以上|上述|下列|表内|表中|所有|全部|[本此该]表|各项|主要|同比|累计)*增[速幅长]率?(?:均|都|全)?[为是系]\0(?:的?数据?)?$"
)
_REPORT = re.compile("\0(?:月报|快报|报表)$")
# 报送时间为2022年10月, 基期为2021年: no span of the figures
_OF_ELSE = re.compile("基期|时间|日期|会议|报送|上报|公布|发布|打印|工期")
# a unit is stated, and what it is nobody knows: 单位为万
_UNIT = re.compile(
    r"^(?:(?:计量|货币|金额|计价)?单位|(?:计价)?货币|币种|币别|计价)(?:均|都)?[为是:]"
    r"[“\"'‘]?([^:局委会室处科部司厂院所区县市旗园镇乡村校团队站心”\"'’]{1,20})[”\"'’]?$"
)
_NATIONAL = re.compile("人民币|本币|rmb|cny", re.I)
_UNKNOWN_UNIT = Text(zh="看不懂的计量单位", en="a unit that is not known")
_OF_SCOPE = re.compile("^(?:增[速长幅]|同比|统计|数据|口径|均|已)*(?:[为是按:]|采用)")
_COMPARES = re.compile("[增速比较价改订]|修正|调整")
# an outlook is none of the figure that it stands at: 预计四季度回升, 预计下月公布
_AHEAD = re.compile(
    r"^.{0,6}(?:[下明后]|将|可|会|能|有望|公布|发布|出台|年[底末]|全年(?!.*数)|.季度|\d+月)"
)


def _is_said(rest: str) -> bool:
    return bool(_SAYS_SPAN.search(rest)) and not _OF_ELSE.search(rest)


def find_wrong_span(clause: str, asked: Period) -> Span | None:
    """The span that a clause says the figures are of, where it is not that of the form."""
    spans, rest = find_spans(clause)
    if rest.strip("\0:()-、") in JUST_A_FIGURE:
        # a day by itself is when it was written; the end of another month is none
        spans = tuple(s for s in spans if s.kind != "day")
    elif not _OF_GROWTH.match(rest) and (
        not (_OF_FIGURES.match(clause) or _is_said(rest)) or _COMPARES.search(rest)
    ):
        return None
    if _REPORT.search(rest):  # the report of its last month has the months before it too
        spans = tuple(s for s in spans if (s.kind, s.last) != ("month", asked.quarter * 3))
    return next((s for s in spans if not s.fits(asked) and s.kind != "unreadable"), None)


def _find_scope(clause: str, context: Context) -> Remark | None:
    """`全市口径`; 同口径 and 自然口径 are said of a growth and are no other scope."""
    if not clause.endswith("口径"):
        return None
    of_growth = replace(context, of="growth")
    readings = [
        read_remark(text, of_growth) for text in (clause, _OF_SCOPE.sub("", clause, count=1))
    ]
    if any(r.kind != "another" for remarks in readings for r in remarks):
        return None
    return readings[0][0]


def _find_within(clause: str, context: Context) -> Remark | None:
    """`这个数是按预计报的`: said of the figure that the note stands at, however it is worded."""
    for entry in load_vocabulary():
        for word in entry.within:
            _, occurrence, behind = clause.partition(word)
            if occurrence and context.where in entry.where and not _AHEAD.match(behind):
                return Remark(clause, "another", entry.means, is_asked=True)
    return None


def _find_other_meaning(clause: str, context: Context) -> Remark | None:
    """The other meaning that the words of a clause give a figure."""
    if price := read_price(clause, context):
        return price if price.is_doubtful else None
    meaning = read_note(clause, context) or find_in_note(clause, context)
    return meaning or _find_scope(clause, context) or _find_within(clause, context)


def _has_unknown_unit(clause: str) -> bool:
    stated = _UNIT.match(clause)
    if stated is None:
        return False
    parts = re.split(r"[,/和及或、()\s]", stated[1])
    return not any(
        read_spelling(part) or find_unit(part) or _NATIONAL.fullmatch(part.strip())
        for part in parts
    )


def find_unread(clause: str) -> Remark | None:
    """What a clause says that states a unit nobody knows (货币单位：日元), or that looks like a
    span of time and is none (FY22).
    """
    if _has_unknown_unit(clause):
        return Remark(clause, "another", _UNKNOWN_UNIT, is_asked=True)
    rest = find_spans(clause)[1].strip("()[]:-,数据")
    suspect = find_suspect(rest)
    if suspect is not None and suspect == rest:
        return Remark(clause, "another", UNREAD_SPAN, is_asked=True)
    return None


def find_meaning(note: str, context: Context) -> Remark | None:
    """The other meaning that the note of one figure gives it; None where it gives none."""
    for clause in list_clauses(note):
        meaning = _find_other_meaning(clause, context)
        if meaning is not None:
            return meaning
        if unread := find_unread(clause):
            return unread
        if span := find_wrong_span(clause, context.asked):
            zh, en = span.title
            return Remark(clause, "another", Text(zh=zh, en=en), span)
    return None
