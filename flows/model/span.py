"""The spans of time that a text names: a quarter, months, a year, a date.

`find_spans` takes every one of them out of a title, a sheet's name, a heading or a row's name, so
that a span that is not the submission's is never read over. `flows.model.period` knows only the
quarter that a text stands for.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from flows.model.marks import drop_marks
from flows.model.numerals import read_small
from flows.model.period import Period, spell_years
from flows.model.span_spelling import ENGLISH_MONTHS, is_month_end, spell_parts

_NO_DIGIT = r"(?<!\d)"
_ANY_YEAR = 2023  # of 28 days in February
_SOON = 4  # months after the end of a quarter in which its table is written
_Y = rf"(?P<year>{_NO_DIGIT}(?:19(?:49|[5-9]\d)|20\d\d))"
_YEAR_BY = _Y.replace("year", "year_by")
_EARLIER = r"(?<![比较同与])(?P<earlier>去年|上一?年|前年)度?"
_YP = rf"(?:{_Y}(?:年度?|[._/-])?|{_EARLIER})?"
_M = r"(?:(?<!\d)1[0-2]|(?<!\d)0?[1-9](?!\d)|十[一二]?|(?<!十)[一二三四五六七八九])"
_EM = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_N = r"[一二三四1-4]"
_ALONE = r"(?P<alone>(?:\(?(?:当季|单季|本季度?|当期|only|alone)\)?)?)"
# behind a small number that counts things and is no month: 2022年3个项目
_COUNTED = r"月个号大项批家次户类期届件名人位天周日点亿万千百元条所座年、.+%A-Za-z"
_TO = r"(?:[-~至到]|to|through|until)"
_UP_TO = r"截[至止](?:日期|时间|时点)?[:为是]?到?"
_ANY_DAY = r"3[01]|[12]\d|0?[1-9]"
_DAY = rf"(?P<day>{_ANY_DAY})"

# (kind, pattern), the most telling first; each takes its text away from those below
_PATTERNS = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("number", r"[(\[〔【]\d{4}[)\]〕】]第?\d+号"),  # of a document
        ("base", rf"(?:按|以)?{_Y}年?(?:不变价格?|可比价格?|价格?|=100|为基期|基期|为100)"),
        (
            "across",  # from a day to a day
            rf"{_Y}(?:年|[./-])(?P<month>{_M})(?:月|[./-])(?:{_ANY_DAY})[日号]?{_TO}"
            rf"(?:(?P<until>20\d\d)(?:年|[./-]))?(?P<last>{_M})(?:月|[./-])(?:{_ANY_DAY})(?!\d)[日号]?",
        ),
        (
            "across",
            rf"(?P<month>{_M})月(?:{_ANY_DAY})[日号]{_TO}(?P<last>{_M})月(?:{_ANY_DAY})[日号]",
        ),
        ("cutoff", rf"{_UP_TO}(?P<by>{_M})[月./]{_DAY}(?:[日号]|(?!\d))(?:为?止)?"),
        ("cutoff", rf"(?P<by>{_M})月{_DAY}[日号]为?止"),
        ("date", rf"{_Y}年(?P<month>{_M})月{_DAY}[日号]"),
        ("date", rf"{_Y}(?P<sep>[./-])(?P<month>{_M})(?P=sep){_DAY}(?![\d月])(?:T?00:00:00)?"),
        (
            "date",
            r"(?P<year>(?<!\d)20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
        ),
        ("day", rf"(?P<month>{_M})月{_DAY}[日号]"),
        ("years", rf"{_Y}年?{_TO}(?P<until>20\d\d|19\d\d)(?:年度?|(?!\d))(?!\d*[月-])"),
        (
            "across",
            rf"{_Y}[年.](?P<month>{_M})月?份?{_TO}(?P<until>20\d\d)[年.](?P<last>{_M})月?份?",
        ),
        ("months", rf"{_YP}(?P<month>{_M})月?份?{_TO}(?P<last>{_M})月(?:份|底|末)?{_ALONE}"),
        ("months", rf"(?:{_Y},?)?(?P<from>{_EM}){_TO}(?P<name>{_EM}),?(?P<year_after>20\d\d)?"),
        ("months", rf"{_Y}[年./](?P<month>{_M}){_TO}(?P<last>{_M})(?![\d月日号./-])"),
        ("months", rf"(?<![\d./-])(?P<month>{_M})-(?P<last>{_M})[./]{_Y.replace(_NO_DIGIT, '')}"),
        ("first", rf"{_YP}(?:前|首)(?P<count>{_N}|两)个?季度?"),
        (
            "first",
            rf"(?:{_Y},?)?first(?P<count>two|three|four|[2-4])quarters(?:of|,)?(?P<year_after>20\d\d)?",
        ),
        ("first", rf"{_YP}前(?P<months>{_M}|两)个月"),
        (
            "first",  # 12个月数, 以上为三个月数, 一个季度
            rf"(?:^|(?<=[为是系]))(?:(?P<months>{_M})个月|(?P<count>{_N}|两)个季度)(?:的?数据?)?$",
        ),
        (
            "first",
            rf"(?:{_Y},?)?first(?P<months>two|three|six|nine|twelve)months(?:of)?(?P<year_after>20\d\d)?",
        ),
        (
            "quarters",
            rf"{_YP}(?:第?(?P<start>{_N})季?度?{_TO}第?(?P<end>{_N})季度?|Q(?P<qs>[1-4])-Q?(?P<qe>[1-4])(?!\d))",
        ),
        (
            "half",
            rf"{_YP}(?P<half>[上下])半年(?:度)?|(?P<h>[12])H[._/-]?(?P<year_of_h>20\d\d)"
            rf"|{_Y.replace('year', 'year_h')}年?[._/-]?H(?P<hh>[12])(?!\d)",
        ),
        (
            "half",
            r"(?P<half>first|second|1st|2nd)half(?:of|,)?(?P<year_after>20\d\d)"
            rf"|(?:half|mid)-?year(?:of|,)?(?P<year_m>20\d\d)|{_Y},?(?:half|mid)-?year",
        ),
        (
            "half",
            rf"{_YP}(?:(?<![上下])半年(?:度|报)?|中报)|{_Y.replace('year', 'year_m')}年?中期"
            rf"|{_Y.replace('year', 'year_mid')}年中(?![间央国部心学级等小外])",
        ),
        ("whole", rf"{_Y}年?度?(?:全年度?|年报)|(?:full|whole)year(?:of)?(?P<year_after>20\d\d)"),
        (
            "whole",
            r"(?<![年去前])全年度?(?=数|累计|主要(?!目标|任务|预期)|经济|指标|统计|情况)",
        ),
        (
            "trailing",
            rf"(?:year|(?:12|twelve)months)(?:ended|ending|to)(?P<by>{_EM}),?(?P<year_after>20\d\d)",
        ),
        ("quarter", rf"{_YP}第?(?P<count>{_N})季度(?:末|底)?{_ALONE}"),
        ("quarter", rf"{_Y}年度?第?(?P<count>{_N})季(?!报){_ALONE}"),
        (
            "quarter",
            rf"{_YP}Q(?P<count>[1-4])(?![\d-]){_ALONE}|(?<![A-Za-z])Q(?P<q>[1-4])[-_/.,]?(?P<year_of_q>20\d\d)|(?<![\dA-Za-z])(?P<qq>[1-4])Q[-_/.]?(?P<year_of_qq>20\d\d)",
        ),
        (
            "quarter",
            rf"(?:{_Y},?)?(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)-?quarter(?:of|,)?(?P<year_after>20\d\d)?",
        ),
        (
            "end",
            rf"{_YP}(?P<month>{_M})月(?:底|末)"
            rf"|截[至止]到?{_YEAR_BY}年(?P<by>{_M})月(?:份|底|末)?",
        ),
        (
            "end",
            rf"(?:报告期别?|填报期(?!间)|所属期|所属时期|统计期):?{_YEAR_BY}[年.-](?P<by>{_M})月?(?!\d)",
        ),
        (
            "end",
            rf"(?:asof|asat|ytd|end(?:ed|ing|of)?|to|until|till|through)-?(?P<by>{_EM}),?(?P<year_after>20\d\d)",
        ),
        ("month", rf"{_YP}(?P<month>{_M})月(?:份|当月)?(?!\d)"),
        ("month", rf"{_Y}年(?P<month>{_M})(?![\d{_COUNTED}])"),
        ("month", rf"{_Y}M(?P<month>0?[1-9]|1[0-2])(?!\d)"),
        ("month", rf"(?<![\d./-])(?P<month>0?[1-9]|1[0-2])[./-]{_Y.replace(_NO_DIGIT, '')}"),
        ("month", rf"{_Y}[./-](?P<month>0?[1-9]|1[0-2])(?![\d.月-])"),
        ("month", r"(?P<year>(?<!\d)20\d\d)(?P<month>0[1-9]|1[0-2])(?!\d)"),
        (
            "month",
            rf"(?:(?<![A-Za-z])|(?<=[io]n)|(?<=of)|(?<=for))(?P<name>{_EM}),?(?P<year_after>20\d\d)|{_Y},?(?P<name_after>{_EM})(?![A-Za-z])",
        ),
        ("year", rf"(?<![A-Za-z0-9./-]){_Y}(?:年度?|(?![\d号.]))"),
    )
)
# what a span not understood is likely to be made of; a run of numbers is read from its beginning
_SUSPECT = re.compile(
    r"(?:19|20)\d\d年|(?<!\d)\d+月|第?(?<![一二三四五六七八九十百\d])[一二三四五六七八九十百\d]+个?季度|[Qq]\d|FY(?:\d{2,4}|\0)|[上下]半年|第[一二三四五六七八九十\d]+[季月]"
    r"|财年|财政年度|会计年度|\0年?[春夏秋冬]季(?![学开招入造种作])|[一二三四1-4]季(?![报度稻青花如])|(?<![A-Za-z\d表])H[12](?![A-Za-z\d])"
    r"|(?<![\d第近])[12]\d年(?![来前内间期后限以])"
)
_SPREAD_YEAR = re.compile(r"(?<![\d])[12]\s+\d\s+\d\s+\d(?=\s*年)")  # `2 0 2 1 年`


@dataclass(frozen=True)
class Span:
    """A span of time as a text names it; `year` is None where it names none."""

    text: str
    kind: str
    year: int | None = None
    first: int = 1  # months
    last: int = 12
    until: int | None = None  # the last year of several
    is_alone: bool = False  # said to be the quarter alone
    is_earlier: bool = False  # 去年1-9月: of a year before, which is not named

    def fits(self, asked: Period) -> bool:
        """Whether it may stand over the figures from January to the end of the quarter
        asked for.
        """
        end = asked.quarter * 3
        if self.is_earlier:
            return False
        if self.kind in ("day", "date", "cutoff"):
            return self._is_day_after(asked.year, end)
        if self.kind == "years":
            return (self.year or 0) <= asked.year <= (self.until or 0)
        if self.kind == "across" and self.until not in (None, self.year):
            return False
        if self.year is not None and self.year != asked.year:
            return False
        if self.is_alone:
            return asked.quarter == 1 and self.last == end
        if self.kind == "year":
            return True
        if self.kind == "trailing":  # twelve months
            return asked.quarter == 4 and self.last == 12
        if self.kind in ("quarter", "end"):
            return self.last == end
        return (self.first, self.last) == (1, end)

    def _is_day_after(self, year: int, end: int) -> bool:
        """Whether it is in the last month asked for or later, when the table was written."""
        if self.kind == "cutoff":  # without its year
            return (self.last - end) % 12 <= _SOON
        is_later = ((self.year or 0), self.last) > (year, end)
        is_end = self.kind == "date" and self.last % 3 == 0
        return (self.year, self.last) == (year, end) or (is_later and not is_end)

    @property
    def title(self) -> tuple[str, str]:
        """The span in words, zh and en; its own text where it could not be understood."""
        if self.kind == "unreadable":
            return self.text, self.text
        year = "上年" if self.is_earlier else f"{self.year}年" if self.year else ""
        year_en = " of a year before" if self.is_earlier else f" {self.year}" if self.year else ""
        if self.kind == "cutoff":
            return self.text, f"up to a day in {ENGLISH_MONTHS[self.last - 1].title()}"
        months = f"{self.first}-{self.last}月" if self.first < self.last else f"{self.last}月"
        name = ENGLISH_MONTHS[self.first - 1].title(), ENGLISH_MONTHS[self.last - 1].title()
        months_en = "–".join(dict.fromkeys(name))
        if self.kind in ("year", "whole"):
            return f"{year}全年", f"the whole year{year_en}"
        if self.kind == "years":
            return f"{self.year}至{self.until}年", f"{self.year} to {self.until}"
        if self.kind == "across" and self.until not in (None, self.year):
            to_zh = f"{self.year}年{self.first}月至{self.until}年{self.last}月"
            return to_zh, f"{name[0]} {self.year} to {name[1]} {self.until}"
        if self.kind == "trailing":
            return f"截至{year}{self.last}月的十二个月", f"twelve months to {name[1]}{year_en}"
        if self.kind in ("end", "date"):
            return f"{year}{self.last}月末", f"the end of {name[1]}{year_en}"
        return f"{year}{months}", f"{months_en}{year_en}"


@functools.lru_cache(maxsize=4096)
def find_spans(text: str) -> tuple[tuple[Span, ...], str]:
    """The spans that a text names, and the text without them."""
    rest = _tidy(text)
    spans: list[Span] = []
    for kind, pattern in _PATTERNS:
        while matches := [*pattern.finditer(rest)]:  # taken away, one may uncover another
            if kind not in ("number", "base", "day"):
                spans += [_span_of(kind, match) for match in matches]
            rest = pattern.sub("\0", rest)
    return tuple(spans), rest


def find_suspect(rest: str) -> str | None:
    """What looks like a span of time in a text without its spans: it was not understood."""
    match = _SUSPECT.search(rest)
    return match[0].replace("\0", "") if match else None


def _span_of(kind: str, match: re.Match[str]) -> Span:
    part = {name: value for name, value in match.groupdict().items() if value}
    year = next((int(v) for name, v in part.items() if name.startswith("year")), None)
    until = int(part["until"]) if "until" in part else None
    first, last, is_alone = _months_of(kind, part)
    is_over_years = kind == "across" and until not in (None, year)
    if not 1 <= first <= last <= 12 and not is_over_years:
        return Span(match[0], "unreadable", year, 0, 0)
    if kind == "cutoff" and is_month_end(_ANY_YEAR, last, int(part["day"])):
        return Span(match[0], "end", None, last, last)  # 截至8月31日
    if kind == "date" and year and not is_month_end(year, last, int(part["day"])):
        return Span(match[0], "day", year, last, last)
    return Span(match[0], kind, year, first, last, until, is_alone, "earlier" in part)


def _months_of(kind: str, part: dict[str, str]) -> tuple[int, int, bool]:
    """First and last month, and whether the text says that the quarter stands alone."""
    is_alone = bool(part.get("alone"))
    if kind in ("year", "years", "whole"):
        return 1, 12, False
    if kind == "half":
        half = part.get("half", "").lower() or part.get("h") or part.get("hh")
        return (7, 12, False) if half in ("下", "2", "second", "2nd") else (1, 6, False)
    if kind == "first":
        return 1, _number(part["months"]) if "months" in part else _number(part["count"]) * 3, False
    if kind == "quarters":
        start, end = part.get("start") or part.get("qs", ""), part.get("end") or part.get("qe", "")
        return _number(start) * 3 - 2, _number(end) * 3, False
    if kind == "quarter":
        number = next(part[k] for k in ("count", "q", "qq", "ordinal") if k in part)
        quarter = _number(number)
        return quarter * 3 - 2, quarter * 3, is_alone
    last = next(part[k] for k in ("last", "name", "by", "name_after", "month") if k in part)
    first = part.get("from") or (part.get("month") if "last" in part else None) or last
    return _number(first), _number(last), is_alone


def _number(text: str) -> int:
    name = text[:3].lower()
    return ENGLISH_MONTHS.index(name) + 1 if name in ENGLISH_MONTHS else read_small(text)


def _tidy(text: str) -> str:
    """Half-width, without spaces or marks, dashes made plain, years in four digits."""
    text = unicodedata.normalize("NFKC", drop_marks(text)[0])
    text = _SPREAD_YEAR.sub(lambda year: re.sub(r"\s+", "", year[0]), text)
    text = re.sub(r"(?<=\d)\s+(?=\d)", "|", text)  # `表1 2022年` has two numbers
    text = re.sub(r"\s+", "", text)
    return spell_parts(spell_years(re.sub(r"[—–−‐―]+", "-", text)))
