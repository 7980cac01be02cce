"""Whatever is put beside a figure of a clean submission is understood, or is a finding at the place."""

from __future__ import annotations

import csv
import functools
import math
import tempfile
import tomllib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.model.finding import Finding
from flows.model.name import tidy_heading
from flows.model.period import Period, parse_period
from flows.model.submission import letter_of
from flows.read.grid import open_grids
from flows.read.headings import Reader
from flows.receive.step import describe_file
from tests.forms.conftest import Verdict, judge_together

SAMPLES = Path(__file__).resolve().parents[1] / "forms"


@dataclass(frozen=True, repr=False)
class Clean:
    """A good sample of a form under a title of ours, as cells."""

    form: Form
    period: Period
    rows: tuple[tuple[str, ...], ...]
    head: int  # the row of headings

    def asks_constant_prices(self, row: int, column: int) -> bool:
        """Whether all that stands under a heading or in a line is growth at constant prices."""
        if row == self.head:
            spellings = {s: c.name for c in self.form.columns for s in c.spellings}
            is_growth = spellings.get(tidy_heading(self.rows[row][column])) == "growth_pct"
            return is_growth and {i.price_basis for i in self.form.indicators} == {"constant_price"}
        name = self.rows[row][column]
        return any(
            not i.level and i.price_basis == "constant_price" and name in (i.title.zh, *i.synonyms)
            for i in self.form.indicators
        )

    @property
    def is_of_plans(self) -> bool:
        """Whether 全年计划 is what the form asks for."""
        return any(i.basis == "plan" for i in self.form.indicators)

    def cells_of(self, field: str, *, filled: bool = True) -> list[tuple[int, int]]:
        """The cells of a column that are filled, beside a figure."""
        names = {s: c.name for c in self.form.columns for s in c.spellings}
        of_figures = {row for row, *_ in self.figures}
        return [
            (row, index)
            for index, heading in enumerate(self.rows[self.head])
            if names.get(tidy_heading(heading)) == field
            for row in sorted(of_figures)
            if bool(self.rows[row][index]) or not filled
        ]

    @property
    def figures(self) -> list[tuple[int, int, str]]:
        """Row and column, from 0, and field of every cell that holds a number."""
        names = {s: c for c in self.form.columns for s in c.spellings}
        found = []
        for index, heading in enumerate(self.rows[self.head]):
            column = names.get(tidy_heading(heading))
            if column is None or not column.numeric:
                continue
            found += [
                (n, index, column.name)
                for n, row in enumerate(self.rows[self.head + 1 :], start=self.head + 1)
                if row[index].replace(".", "").isdigit()
            ]
        return found


def clean_submissions() -> list[Clean]:
    """The first good text sample of every form."""
    found = []
    for code, form in load_catalogue().items():
        samples = tomllib.loads((SAMPLES / code / "expected.toml").read_text(encoding="utf-8"))[
            "sample"
        ]
        sample = next(s for s in samples if Path(s["file"]).name == "good.csv")
        period = parse_period(sample.get("period", "2022Q3"))
        [grid] = open_grids(SAMPLES / code / sample["file"])
        rows = [tuple(cell or "" for cell in row) for row in grid.head]
        title = (f"{period.title_zh}{form.title.zh}", *[""] * (len(rows[0]) - 1))
        [(head, _)] = Reader(form, period).find_rows(grid)
        found.append(Clean(form, period, (title, *rows), head))
    return found


CLEAN = clean_submissions()
RARE = "魑魅魍魉饕餮貔貅麒麟犄角旮旯氤氲缱绻踟蹰"
MEANINGS = ["当季", "上年同期", "预计", "环比", "不变价", "两年平均", "限额以上", "不含街道", "全年计划", "单季", "暂估数", "去年"]  # fmt: skip
words = st.one_of(
    st.text(RARE, min_size=1, max_size=4),
    st.text("bcdfghjklmnqrstvwxz", min_size=4, max_size=8),
    st.sampled_from(MEANINGS),
)
# how a note says of what the figures are
noted = st.sampled_from(
    ["{}", "{}数", "数据为{}", "以上为{}数据", "{}数据", "本表为{}数", "为{}数，待改"]
)
brackets = st.sampled_from(
    ["（{}）", "({})", "【{}】", "[{}]", "〔{}〕", "《{}》", "{{{}}}", "（{}，%）"]
)
# but for those that are a minus sign at a growth, and are said to be
marks = st.one_of(
    st.characters(
        categories=["No", "So", "Sk", "Sm", "Sc", "Po", "Pi", "Pf", "Lm"],
        exclude_characters=",.\"'\0−＋▲△▼▽↓",
    ),
    st.sampled_from("①②⑴⒈❶¹²³₁ᵖ*†‡#§※☆"),
)

# number formats, and at what size the same figure is stored: words before and behind the digits,
# letters that no format has, other sizes
codes = st.one_of(
    st.tuples(
        st.one_of(
            words.map(lambda word: f'"{word}"0.00##'),
            words.map(lambda word: f'0.00##"{word}"'),
            words.map(lambda word: f'General"（{word}）"'),
            words.map(lambda word: f'[>=0]0.00"{word}";-0.00'),
            st.text("cijkopqvwxzCIJKOPQVWXZ", min_size=1, max_size=3).map(lambda s: f"0.00 {s}"),
            st.sampled_from(["0.0‰", ";;;", '0.00"00"', "0.00##_ ", "#,##0.00##", "[红色]0.00##"]),
        ),
        st.just(1),
    ),
    st.sampled_from([("0.00##,", 1000), ("#,##0.00##,,", 10**6), ("0.00##%", 0.01)]),
)

# what these say before a figure is understood: it is a bound, or an approximation
QUALIFIERS = {">": "over", "≥": "over", "<": "under", "≤": "under", "~": "about"}


@st.composite
def foreign_spans(draw: st.DrawFn, asked: Period) -> str:
    """How an office writes a span that is not from January to the end of the quarter asked for."""
    year = draw(st.sampled_from([asked.year - 1, asked.year - 3, asked.year + 1]))
    end = asked.quarter * 3
    month = draw(st.integers(1, 12).filter(lambda m: m != end))
    same = draw(
        st.sampled_from(
            [
                f"{asked.year}年1-{month}月" if month > 1 else f"{asked.year}年1月",
                f"1-{month}月" if month > 1 else "1月",
                f"{asked.year}年{month}月",
                f"{asked.year}.{month:02}",
                f"{month}月份",
                f"{asked.year}年{end}月" if end > 3 else f"{asked.year}年2月",
                f"{asked.year}年第{'二三四一'[asked.quarter - 1]}季度",
                f"{asked.year}年{'一二三四'[asked.quarter - 1]}季度当季" if end > 3 else "4-6月",
                f"{asked.year}年{end - 2}-{end}月" if end > 3 else f"{asked.year}年2-3月",
            ]
        )
    )
    other = draw(
        st.sampled_from(
            [
                f"{year}年",
                f"{year}年1-{end}月",
                f"{year}年{'一二三四'[asked.quarter - 1]}季度",
                f"{year}年度",
                f"{year}Q{asked.quarter}",
                f"Jan-{['Mar', 'Jun', 'Sep', 'Dec'][asked.quarter - 1]} {year}",
                f"{year}年前三季度",
                f"{year}年全年",
                f"{year - 10}-03-31" if year - 10 != asked.year else f"{year}年",
            ]
        )
    )
    return draw(st.sampled_from([same, other]))


@dataclass(frozen=True, repr=False)
class Spoiled:
    """A clean submission with one thing put beside a figure, at a cell or in the sheet's name."""

    what: str
    rows: tuple[tuple[str, ...], ...]
    cell: str | None = None
    sheet: str | None = None
    qualifier: str | None = None  # of the figure, where the mark says one
    code: str | None = None  # the number format of the cell, which holds a number
    size: float = 1  # what the number is stored times

    def is_at(self, finding: Finding) -> bool:
        """Whether a finding is about the place; a unit is held with the figure beside it."""
        if self.cell is None or finding.cell == self.cell:
            return True
        row = int(self.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        return self.what.startswith(("unit", "note")) and finding.row == row

    def write(self, form: Form, folder: Path) -> Path:
        folder.mkdir(parents=True)
        if self.sheet is None and self.code is None:
            path = folder / f"{form.code}.csv"
            with path.open("w", encoding="utf-8", newline="") as target:
                csv.writer(target, lineterminator="\n").writerows(self.rows)
            return path
        workbook = openpyxl.Workbook()
        page: Any = workbook.active
        page.title = self.sheet or "表"
        for row in self.rows:
            page.append([cell or None for cell in row])
        if self.code is not None:
            page[self.cell].value = round(float(page[self.cell].value) * self.size, 8)
            page[self.cell].number_format = self.code
        path = folder / f"{form.code}.xlsx"
        workbook.save(path)
        return path


def judge_each(clean: Clean, cases: list[Spoiled]) -> list[Verdict]:
    """The verdicts on several files of a form, judged in one pass."""
    with tempfile.TemporaryDirectory(prefix="jibao-words-") as folder:
        raw = Path(folder)
        paths = [case.write(clean.form, raw / str(n)) for n, case in enumerate(cases)]
        submissions = [
            describe_file(raw, path, clean.form.code, "150571", str(clean.period)) for path in paths
        ]
        verdicts = judge_together(clean.form, submissions, raw, raw / "work")
        return [verdicts[s.path] for s in submissions]


def says(figures: list[dict[str, Any]], qualifier: str | None, right: list[dict[str, Any]]) -> bool:
    """Whether the figures are the right ones, and one of them has the qualifier where it is said."""
    if len(figures) != len(right):
        return False
    other = [
        (column, value)
        for row, expected in zip(figures, right, strict=True)
        for column, value in row.items()
        if value != expected[column]
    ]
    if qualifier is None:
        return not other
    return len(other) == 1 and other[0] in (
        ("qualifier", qualifier),
        ("growth_qualifier", qualifier),
    )


def figures_of(verdict: Verdict) -> list[dict[str, Any]]:
    beside = ("note", "submission", "sheet", "source_row", "obs_status")
    return [{k: v for k, v in row.items() if k not in beside} for row in verdict.accepted]


def numbers_of(figure: dict[str, Any]) -> list[Any]:
    """The numbers of a row, by whatever field, without what was rounded where."""
    printed = ("decimals_reported", "growth_decimals")
    return [v for k, v in sorted(figure.items()) if isinstance(v, Decimal) and k not in printed]


@functools.cache
def true_figures(code: str) -> list[dict[str, Any]]:
    clean = next(c for c in CLEAN if c.form.code == code)
    [verdict] = judge_each(clean, [Spoiled("nothing", clean.rows)])
    assert not [f for f in verdict.broken if f.severity != "note"], code
    return figures_of(verdict)


def heading_columns(clean: Clean) -> list[int]:
    return sorted({column for _, column, _ in clean.figures})


def places_of(clean: Clean, said: str, *, is_span: bool) -> dict[str, list[tuple[int, int]]]:
    """The cells at which such a word is put, by kind of place."""
    places: dict[str, list[tuple[int, int]]] = {"title": [(0, 0)], "sheet": [(0, 0)]}
    places["heading"] = [(clean.head, column) for column in heading_columns(clean)]
    if clean.form.kind == "indicator":
        places["line"] = [(row, 0) for row in range(clean.head + 1, len(clean.rows))]
        places["unit"] = clean.cells_of("unit")
        if is_span or (said in MEANINGS and said != "不变价"):  # any other word is its sender's own
            places["note"] = clean.cells_of("note", filled=False)
            places["foot"] = [(len(clean.rows), 0)]
    return places


def spoiled(clean: Clean) -> st.SearchStrategy[Spoiled]:
    """One thing put beside a figure of a clean submission."""

    @st.composite
    def draw_one(draw: st.DrawFn) -> Spoiled:
        rows = [list(row) for row in clean.rows]
        kinds = ["word", "word", "span", "span"] + ["mark", "format"] * bool(clean.figures)
        kind = draw(st.sampled_from(kinds))
        if kind == "format":
            row, column, _ = draw(st.sampled_from(clean.figures))
            code, size = draw(codes)
            cell = f"{letter_of(column)}{row + 1}"
            return Spoiled(f"format {code}", tuple(map(tuple, rows)), cell, code=code, size=size)
        if kind == "mark":
            row, column, _ = draw(st.sampled_from(clean.figures))
            mark, figure = draw(marks), rows[row][column]
            is_before = draw(st.booleans())
            rows[row][column] = mark + figure if is_before else figure + mark
            qualifier = QUALIFIERS.get(unicodedata.normalize("NFKC", mark)) if is_before else None
            return of(f"mark {mark!r}", rows, (row, column), qualifier=qualifier)
        said = draw(words if kind == "word" else foreign_spans(clean.period))
        if said == "全年计划" and clean.is_of_plans:
            said = "去年"  # it is a plan that the form asks for
        places = places_of(clean, said, is_span=kind == "span")
        place = draw(st.sampled_from(sorted(name for name, cells in places.items() if cells)))
        row, column = draw(st.sampled_from(places[place]))
        if place in ("note", "foot"):
            text = draw(noted).format(said.removesuffix("数"))
            rows += [["", *rows[0][1:]]] * (place == "foot")
            rows[row][column] = f"注：{text}" if place == "foot" else text
            return of(f"{place} {text}", rows, (row, column))
        text = draw(brackets).format(said)
        if place == "sheet":  # as a sheet may be named
            text = text.translate(str.maketrans("[]{}", "【】【】"))
            return of(f"sheet {text}", rows, None, sheet=f"表{text}"[:31])
        if said == "不变价" and place != "title" and clean.asks_constant_prices(row, column):
            said = text = "（去年）"  # 不变价 is what the form asks for there
        rows[row][column] += text
        return of(f"{place} {text}", rows, (row, column))

    def of(
        what: str,
        rows: list[list[str]],
        at: tuple[int, int] | None,
        sheet: str | None = None,
        qualifier: str | None = None,
    ) -> Spoiled:
        cell = at and f"{letter_of(at[1])}{at[0] + 1}"
        return Spoiled(what, tuple(map(tuple, rows)), cell, sheet, qualifier)

    return draw_one()


def batch_of(clean: Clean, files: int) -> st.SearchStrategy[list[Spoiled]]:
    """So many different files of a form: most of the time a judgement takes does not depend on how many."""
    return st.lists(
        spoiled(clean), min_size=files, max_size=files, unique_by=lambda c: (c.rows, c.sheet)
    )


# a batch takes a second and is not worth shrinking: the assertion names the file
QUICK: dict[str, Any] = {
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.generate),
    "report_multiple_bugs": False,
}


def check_spoiled(clean: Clean, cases: list[Spoiled]) -> None:
    right = true_figures(clean.form.code)
    wrong = []
    for case, verdict in zip(cases, judge_each(clean, cases), strict=True):
        asked = [f for f in verdict.broken if f.severity != "note"]
        at_place = [f for f in asked if case.is_at(f)]
        figures = figures_of(verdict)
        if case.code is not None:  # it may print more noughts
            is_right = [*map(numbers_of, figures)] == [*map(numbers_of, right)]
        else:
            is_right = case.what.startswith("mark") and says(figures, case.qualifier, right)
        if not at_place and not is_right:
            wrong.append((case.what, case.cell, [(f.code, f.cell) for f in asked]))
    assert not wrong, f"{clean.form.code}: {wrong}"


@pytest.mark.torture
@settings(max_examples=30, **QUICK)
@given(st.sampled_from(CLEAN).flatmap(lambda c: st.tuples(st.just(c), batch_of(c, 10))))
def test_nothing_beside_a_figure_is_read_over(batch: tuple[Clean, list[Spoiled]]) -> None:
    """300 spoiled files, ten of a form at a time."""
    check_spoiled(*batch)


EXAMPLES = 10_000  # over all forms
BATCH = 50


@pytest.mark.torture
@pytest.mark.parametrize("clean", CLEAN, ids=lambda c: c.form.code)
@settings(max_examples=math.ceil(EXAMPLES / len(CLEAN) / BATCH), **QUICK)
@given(st.data())
def test_nothing_beside_a_figure_is_read_over_at_length(clean: Clean, data: st.DataObject) -> None:
    """10,000 of them, as many of each form."""
    check_spoiled(clean, data.draw(batch_of(clean, BATCH)))
