"""Whatever is put beside a figure of a clean submission is understood, or is a finding at the place."""

from __future__ import annotations

import csv
import io
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.forms.vocabulary import Context, read_remark
from flows.model.period import Period, parse_period
from flows.model.submission import letter_of
from flows.read.grid import open_grids
from flows.read.headings import names_of
from tests.conftest import Judged, judge

SAMPLES = Path(__file__).resolve().parents[1] / "forms"


@dataclass(frozen=True)
class Clean:
    """A good sample of a form under a title of ours, as cells."""

    form: Form
    period: Period
    rows: tuple[tuple[str, ...], ...]

    @property
    def figures(self) -> list[tuple[int, int, str]]:
        """Row and column, from 0, and field of every cell that holds a number."""
        names = {s: c for c in self.form.columns for s in c.spellings}
        found = []
        for index, heading in enumerate(self.rows[1]):
            column = names.get(heading.partition("（")[0].strip("*").lower())
            if column is None or not column.numeric:
                continue
            found += [
                (n, index, column.name)
                for n, row in enumerate(self.rows[2:], start=2)
                if row[index].replace(".", "").isdigit()
            ]
        return found


def clean_submissions() -> list[Clean]:
    """The first good text sample of every form."""
    found = []
    for code, form in load_catalogue().items():
        samples = tomllib.loads((SAMPLES / code / "expected.toml").read_text(encoding="utf-8"))["sample"]
        sample = next(s for s in samples if Path(s["file"]).name == "good.csv")
        period = parse_period(sample.get("period", "2022Q3"))
        [grid] = open_grids(SAMPLES / code / sample["file"])
        rows = [tuple(cell or "" for cell in row) for row in grid.head if any(row)]
        title = (f"{period.title_zh}{form.title.zh}", *[""] * (len(rows[0]) - 1))
        found.append(Clean(form, period, (title, *rows)))
    return found


CLEAN = clean_submissions()
RARE = "魑魅魍魉饕餮貔貅麒麟犄角旮旯氤氲缱绻踟蹰"
words = st.one_of(
    st.text(RARE, min_size=1, max_size=4),
    st.text("bcdfghjklmnqrstvwxz", min_size=4, max_size=8),
    st.sampled_from(["当季", "上年同期", "预计", "环比", "不变价", "两年平均", "限额以上", "不含街道", "全年计划", "单季", "暂估数", "去年"]),
)  # fmt: skip
brackets = st.sampled_from(["（{}）", "({})", "【{}】", "[{}]", "〔{}〕", "《{}》", "{{{}}}", "（{}，%）"])
marks = st.one_of(
    st.characters(categories=["No", "So", "Sk", "Sm", "Sc", "Po", "Pi", "Pf", "Lm"], exclude_characters=",.\"'\0"),
    st.sampled_from("①②⑴⒈❶¹²³₁ᵖ*†‡#§※☆"),
)  # fmt: skip


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
                f"{year}年", f"{year}年1-{end}月", f"{year}年{'一二三四'[asked.quarter - 1]}季度", f"{year}年度", f"{year}Q{asked.quarter}",
                f"Jan-{['Mar', 'Jun', 'Sep', 'Dec'][asked.quarter - 1]} {year}", f"{year}年前三季度", f"{year}年全年",
                f"{year - 10}-03-31" if year - 10 != asked.year else f"{year}年",
            ]
        )
    )  # fmt: skip
    return draw(st.sampled_from([same, other]))


def judged_of(clean: Clean, rows: list[list[str]], sheet: str | None = None) -> Judged:
    folder = Path(tempfile.mkdtemp(prefix="jibao-words-"))
    if sheet is None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        return judge(clean.form, text.getvalue(), str(clean.period), "150571", folder)
    workbook = openpyxl.Workbook()
    page: Any = workbook.active
    page.title = sheet
    for row in rows:
        page.append([cell or None for cell in row])
    path = folder / f"{clean.form.code}.xlsx"
    workbook.save(path)
    return judge(clean.form, path, str(clean.period), "150571", folder)


def figures_of(judged: Judged) -> list[dict[str, Any]]:
    kept = ("note", "submission", "sheet", "source_row", "obs_status")
    return [{k: v for k, v in row.items() if k not in kept} for row in judged.accepted]


_TRUE: dict[str, list[dict[str, Any]]] = {}


def true_figures(clean: Clean) -> list[dict[str, Any]]:
    if clean.form.code not in _TRUE:
        judged = judged_of(clean, [list(row) for row in clean.rows])
        assert not [f for f in judged.broken() if f.severity != "note"], clean.form.code
        _TRUE[clean.form.code] = figures_of(judged)
    return _TRUE[clean.form.code]


def found_at(judged: Judged, cell: str | None) -> list[str]:
    return [f.code for f in judged.broken() if f.severity != "note" and (f.cell == cell or cell is None)]


def heading_columns(clean: Clean) -> list[int]:
    return sorted({column for _, column, _ in clean.figures})


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[Clean, list[list[str]], str | None, str | None, str]:
    """A clean submission with one thing put beside a figure: its cell, the sheet's name, what it was."""
    clean = draw(st.sampled_from(CLEAN))
    rows = [list(row) for row in clean.rows]
    kind = draw(st.sampled_from(["word", "mark", "span"]))
    places = ["title", "heading"] + ["line"] * (clean.form.kind == "indicator") + ["sheet"]
    place = draw(st.sampled_from(places))
    if kind == "mark" or place == "cell":
        row, column, _ = draw(st.sampled_from(clean.figures))
        mark = draw(marks)
        before = draw(st.booleans())
        rows[row][column] = mark + rows[row][column] if before else rows[row][column] + mark
        return clean, rows, None, f"{letter_of(column)}{row + 1}", f"mark {mark!r}"
    said = draw(words if kind == "word" else foreign_spans(clean.period))
    text = draw(brackets).format(said)
    if kind == "word":
        asked = Context(clean.form, clean.period, "heading", names=names_of(clean.form))
        assume(any(r.is_doubtful for r in read_remark(said, asked)))
    if place == "sheet":
        assume(not any(c in text for c in "[]*?:/\\") and kind == "span")
        return clean, rows, f"表{text}", None, f"sheet {text}"
    if place == "title":
        rows[0][0] += text
        return clean, rows, None, "A1", f"title {text}"
    if place == "line":
        row = draw(st.sampled_from(range(2, len(rows))))
        rows[row][0] += text
        return clean, rows, None, f"A{row + 1}", f"line {text}"
    column = draw(st.sampled_from(heading_columns(clean)))
    rows[1][column] += text
    return clean, rows, None, f"{letter_of(column)}2", f"heading {text}"


def check_spoiled(case: tuple[Clean, list[list[str]], str | None, str | None, str]) -> None:
    clean, rows, sheet, cell, what = case
    right = true_figures(clean)
    judged = judged_of(clean, rows, sheet)
    if found_at(judged, cell):
        return
    is_mark = what.startswith("mark")
    assert is_mark and figures_of(judged) == right, (
        f"{clean.form.code}: {what} at {cell} drew {[(f.code, f.cell) for f in judged.broken()]}"
    )


@settings(max_examples=300)
@given(spoiled())
def test_nothing_beside_a_figure_is_read_over(case: Any) -> None:
    check_spoiled(case)


@pytest.mark.torture
@settings(max_examples=10_000)
@given(spoiled())
def test_nothing_beside_a_figure_is_read_over_at_length(case: Any) -> None:
    check_spoiled(case)
