"""Headings that are a year or a month and no more: `2022年`, `2022-09`, `202209`.

The year that is asked for is the year to date where the quarter ends it; before that, what the
figures reach to is not said. A month may be the last of those from January on, as in a row of
quarters side by side, or one by itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from flows.forms.vocabulary import QUARTER_FIGURE, QUARTER_GROWTH, Remark
from flows.forms.words import Text
from flows.model.period import Period
from flows.model.span import find_spans
from flows.model.text import clean
from flows.model.unit import find_unit
from flows.read.headings import QUARTER_ALONE, Head

_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?")
_MONTH = re.compile(r"(?:19|20)\d\d[-./]?(?:0?[1-9]|1[0-2])")
_OPEN_YEAR = Text(zh="只写了年份，没有写到哪个月", en="a year that does not say up to which month")
_MONTH_ALONE = Text(
    zh="月份，没有写明是自一月起累计还是这一个月",
    en="a month, of which it is not said whether figures count from January on",
)

_BRACKETED = re.compile(r"\(([^()]*)\)")
_NUMBER = re.compile("0?[1-9]|1[0-2]")
_LEVELS = ("", "总量", "绝对额", "绝对值", "绝对数", "绝对量")
_PERHAPS_MONTH = Text(zh="可能是月份", en="perhaps a month")


def settle_bare(heads: list[Head], asked: Period, *, has_figures: bool) -> list[Head]:
    """The headings of a table, with the one that is a year or a month by itself understood, or
    asked about. Several side by side are a history, and are left.
    """
    if not has_figures:
        return heads
    names = {head.name for head in heads}
    years = [head for head in heads if not head.name and _YEAR.fullmatch(clean(head.text or ""))]
    months = [head for head in heads if head.period and _MONTH.fullmatch(clean(head.text or ""))]
    if "value" not in names and len(years) == 1 and _year_of(years[0]) == asked.year:
        remarks = () if asked.quarter == 4 else (_ask(years[0], _OPEN_YEAR),)
        read = replace(years[0], name="value", period=asked, aside=None, remarks=remarks)
        return [read if head is years[0] else head for head in heads]
    heads = [_set_quarter_aside(head, heads, asked) for head in heads]
    heads = [_ask_quarter(_ask_growth(head, heads, asked), asked) for head in heads]
    if len(months) == 1 and months[0].name == "value" and asked.quarter != 1:
        asks = replace(months[0], remarks=(*months[0].remarks, _ask(months[0], _MONTH_ALONE)))
        return [asks if head is months[0] else head for head in heads]
    return heads


def _set_quarter_aside(head: Head, heads: list[Head], asked: Period) -> Head:
    """`3季度` beside 前三季度: that quarter alone."""
    is_beside = any(other.name == head.name and _is_to_date(other) for other in heads)
    if not head.name or asked.quarter == 1 or not _names_quarter(head) or not is_beside:
        return head
    return replace(head, name=None, aside=QUARTER_ALONE, remarks=())


def _is_to_date(head: Head) -> bool:
    """Whether a heading names the months from January on."""
    spans = find_spans(head.text or "")[0]
    return any(span.first == 1 and span.kind in ("first", "months") for span in spans)


def _ask_growth(head: Head, heads: list[Head], asked: Period) -> Head:
    """`三季度同比` beside figures of 本年累计: perhaps the growth of that quarter alone."""
    is_asked = any(remark.means == QUARTER_GROWTH for remark in head.remarks)
    if head.name != "growth_pct" or asked.quarter == 1 or is_asked or not _names_quarter(head):
        return head
    if any(other.name == "value" and _names_quarter(other) for other in heads):
        return head  # they say it of both
    return replace(head, remarks=(*head.remarks, _ask(head, QUARTER_GROWTH)))


def _ask_quarter(head: Head, asked: Period) -> Head:
    """`三季度` over figures, with no year to name it in full: perhaps that quarter alone."""
    spans, rest = find_spans(head.text or "")
    left = _BRACKETED.sub(lambda match: "" if find_unit(match[1]) else match[0], clean(rest))
    left = left.replace("\0", "").strip("()")
    is_bare = [span.kind for span in spans] == ["quarter"] and left in _LEVELS
    if head.name != "value" or asked.quarter == 1 or not is_bare or spans[0].year:
        return head
    return replace(head, remarks=(*head.remarks, _ask(head, QUARTER_FIGURE)))


def _names_quarter(head: Head) -> bool:
    """Whether a heading names a quarter, not the months up to its end."""
    text = head.text or ""
    return "累计" not in text and any(s.kind == "quarter" for s in find_spans(text)[0])


def ask_number(head: Head, columns: int, asked: Period) -> Head:
    """累计（8） where the table has no eighth column: no number of it, but perhaps a month."""
    doubtful = {
        remark.text
        for remark in head.remarks
        if remark.kind == "kept"
        and (match := _NUMBER.fullmatch(clean(remark.text)))
        and (int(match[0]) > columns or match[0].startswith("0"))
        and int(match[0]) != asked.quarter * 3
    }
    if head.name not in ("value", "growth_pct") or not doubtful:
        return head
    remarks = [
        replace(r, kind="unknown", means=_PERHAPS_MONTH) if r.text in doubtful else r
        for r in head.remarks
    ]
    return replace(head, remarks=tuple(remarks))


def _year_of(head: Head) -> int:
    match = _YEAR.match(clean(head.text or ""))
    assert match is not None  # only heads that are a year come here
    return int(match[1])


def _ask(head: Head, why: Text) -> Remark:
    return Remark(head.text or "", "unknown", why)
