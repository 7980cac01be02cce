"""Years, quarters, zones and lines where the form has none of them: what stands where, in words."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.finding import Finding
from flows.model.name import tidy_heading
from flows.model.period import find_heading_period
from flows.model.submission import HISTORY, Submission, letter_of
from flows.model.text import clean
from flows.model.zone import Zones
from flows.read.grid import Grid
from flows.read.labels import read_label

# what only says that no table was found
_VAGUE = ("LAYOUT-HEADER", "LAYOUT-MISSING", "LAYOUT-UNKNOWN", "FILE-HISTORY")
_LOOKED_AT = 60  # rows and columns
_LONGEST = 24  # characters; a longer cell is no name
_PROVINCES = (
    "北京天津河北山西内蒙古辽宁吉林黑龙江上海江苏浙江安徽福建江西山东河南湖北湖南广东广西海南重庆"
    "四川贵州云南西藏陕西甘肃青海宁夏新疆台湾香港澳门"
)
_PROVINCE = re.compile(
    r"(?:内蒙古|黑龙江|[一-龥]{2})(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)?"
)
_PLACE = re.compile(r"[一-龥]{2,12}(?:省|市|县|旗|自治[区州县]|开发区|高新区|新区|街道|镇|苏木)")
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_QUARTER = re.compile(r"第?[一二三四1-4]季度|上半年|前[二三四两234]个?季度|全年|1-(?:[369]|12)月")
# a column of this name has a part of the period in each row, which by itself may be a bare 3
_PARTS = {"年": "year", "年份": "year", "年度": "year", "季": "quarter", "季度": "quarter"}
_PART = re.compile(r"(?:(?:19|20)\d\d年?度?|Q?[1-4]|[一二三四])", re.I)
_WORDS = {
    "zone": ("地区", "zones"),
    "year": ("年份", "years"),
    "quarter": ("季度", "quarters"),
    "line": ("指标", "lines of the form"),
}


@dataclass(frozen=True)
class Stretch:
    """Cells of one kind down a column or across a row: where, and the first and last of them."""

    kind: str
    is_across: bool
    first: tuple[int, int]  # row and column, from 0
    last: tuple[int, int]
    texts: tuple[str, str]
    count: int

    @property
    def area(self) -> str:
        """`B2:F2`."""
        return ":".join(f"{letter_of(column)}{row + 1}" for row, column in (self.first, self.last))

    def describe(self) -> tuple[str, str]:
        """Where it stands, zh and en."""
        zh, en = _WORDS[self.kind]
        examples = "、".join(dict.fromkeys(self.texts))
        across = ("横排在", "across") if self.is_across else ("竖排在", "down")
        return (
            f"{zh}{across[0]} {self.area}（{examples}…）",
            f"{en} stand {across[1]} {self.area} ({examples} …)",
        )


def explain_arrangement(
    form: Form, submission: Submission, grids: list[Grid], zones: Zones, findings: list[Finding]
) -> list[Finding]:
    """The findings with those that only say that a sheet has no table of the form replaced, where
    it holds years, quarters or zones in another arrangement, by what stands where.
    """
    vague = {f.sheet for f in findings if f.code in _VAGUE}
    if form.kind != "indicator" or not vague:
        return findings
    arranged: list[Finding] = []
    for grid in grids:
        runs = list_runs(form, grid, zones) if grid.sheet in vague else []
        if any(run.kind != "line" for run in runs):
            arranged.append(_say_runs(form, submission, grid, runs))
    answered = {f.sheet for f in arranged}
    kept = [f for f in findings if f.code not in _VAGUE or f.sheet not in answered]
    return arranged + kept


def has_zones(form: Form, grids: list[Grid], zones: Zones) -> bool:
    """Whether zones stand down or across a sheet."""
    return any(run.kind == "zone" for grid in grids for run in list_runs(form, grid, zones))


def list_runs(form: Form, grid: Grid, zones: Zones) -> list[Stretch]:
    """The longest run of zones, of years, of quarters and of lines on a sheet, where there are two
    or more of them (three zones, where there are no lines).
    """
    titles = {zone["title_zh"] for zone in zones.values()}
    lines = {s for line in form.indicators for s in line.spellings}
    kind_of = functools.partial(_kind_of, titles=titles, lines=lines)
    rows = [row[:_LOOKED_AT] for row in grid.head[:_LOOKED_AT]]
    best: dict[str, Stretch] = {}
    for run in [*_runs_across(rows, kind_of), *_runs_down(rows, kind_of)]:
        other = best.get(run.kind)
        if run.count > 1 and (other is None or run.count > other.count):
            best[run.kind] = run
    if "zone" in best and best["zone"].count < (2 if "line" in best else 3):
        del best["zone"]
    return [best[kind] for kind in _WORDS if kind in best]


def _runs_across(
    rows: list[list[str | None]], kind_of: Callable[[str], str | None]
) -> Iterator[Stretch]:
    for n, row in enumerate(rows):
        cells = [((n, i), cell) for i, cell in enumerate(row) if cell]
        yield from _runs_of(cells, kind_of, is_across=True)


def _runs_down(
    rows: list[list[str | None]], kind_of: Callable[[str], str | None]
) -> Iterator[Stretch]:
    for i in range(max(map(len, rows), default=0)):
        cells = [((n, i), cell) for n, row in enumerate(rows) if i < len(row) and (cell := row[i])]
        yield from _runs_of(cells, kind_of, is_across=False)
        for n, (_, text) in enumerate(cells):
            below = [cell for cell in cells[n + 1 :] if _PART.fullmatch(clean(cell[1]))]
            if below and (kind := _PARTS.get(clean(text))):
                yield _stretch(kind, below, is_across=False)


def _runs_of(
    cells: list[tuple[tuple[int, int], str]],
    kind_of: Callable[[str], str | None],
    *,
    is_across: bool,
) -> Iterator[Stretch]:
    kinds: dict[str, list[tuple[tuple[int, int], str]]] = {}
    for place, text in cells:
        if kind := kind_of(text):
            kinds.setdefault(kind, []).append((place, text))
    for kind, cells_of_kind in kinds.items():
        if len({text for _, text in cells_of_kind}) > 1:
            yield _stretch(kind, cells_of_kind, is_across=is_across)


def _stretch(kind: str, cells: list[tuple[tuple[int, int], str]], *, is_across: bool) -> Stretch:
    (first, start), (last, end) = cells[0], cells[-1]
    return Stretch(kind, is_across, first, last, (start, end), len(cells))


def _kind_of(text: str, titles: set[str], lines: set[str]) -> str | None:
    """What a cell names by itself."""
    plain = clean(text)
    if len(plain) > _LONGEST:
        return None
    if {tidy_heading(text), tidy_heading(read_label(text).line)} & lines:
        return "line"
    if _YEAR.fullmatch(plain):
        return "year"
    period, rest = find_heading_period(text)
    if (period is not None and not clean(rest)) or _QUARTER.fullmatch(plain):
        return "quarter"
    return "zone" if text in titles or _is_place(plain) else None


def _is_place(text: str) -> bool:
    province = _PROVINCE.fullmatch(text)
    return bool(_PLACE.fullmatch(text) or (province and text[:2] in _PROVINCES))


def _say_runs(form: Form, submission: Submission, grid: Grid, runs: list[Stretch]) -> Finding:
    described = [run.describe() for run in runs]
    first = next(run for run in runs if run.kind != "line")
    kinds = {run.kind for run in runs}
    row, column = first.first
    return make_finding(
        "LAYOUT-ARRANGED",
        submission,
        sheet=grid.sheet,
        row=row + 1,
        letter=letter_of(column),
        value=first.texts[0],
        where_zh="；".join(zh for zh, _ in described),
        where_en="; ".join(en for _, en in described),
        how_zh=_how_zh(form, submission, kinds),
        how_en=_how_en(form, submission, kinds),
    )


def _how_zh(form: Form, submission: Submission, kinds: set[str]) -> str:
    how = []
    if "zone" in kinds:
        how.append(f"每个地区一份文件，放在 raw/<区划代码>/<季度>/{form.code}.csv")
    if "year" in kinds:
        how.append("每一栏（或每一行）写全报告期：全年写作 2021年1-12月，前三季度写作 2021年1-9月")
    lines = "、".join(line.title.zh for line in form.indicators[:4])
    how.append(f"指标（{lines}等）竖排在第一栏，报告期横排；或报告期竖排、指标横排")
    if kinds & {"year", "quarter"}:
        how.append(f"一份文件有许多季度的，放在 raw/{submission.zone}/{HISTORY}/")
    return "；".join(how)


def _how_en(form: Form, submission: Submission, kinds: set[str]) -> str:
    how = []
    if "zone" in kinds:
        how.append(f"a file for each zone, under raw/<zone>/<quarter>/{form.code}.csv")
    if "year" in kinds:
        how.append(
            "name the period of each column (or row) in full: 2021年1-12月 for a whole year, "
            "2021年1-9月 for three quarters"
        )
    lines = ", ".join(line.title.en for line in form.indicators[:4])
    how.append(f"lines ({lines} …) down the first column and quarters across, or the other way")
    if kinds & {"year", "quarter"}:
        how.append(f"a file of many quarters goes under raw/{submission.zone}/{HISTORY}/")
    return "; ".join(how)
