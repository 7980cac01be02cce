"""Reading as a whole: no content of any file makes a run fail, loses a row, or touches another file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.forms.catalogue import load_catalogue
from flows.model.arrow_files import open_table
from flows.model.finding import findings_table
from flows.model.period import Period, find_period
from flows.model.unit import load_units
from flows.read.grid import open_grids
from flows.read.headings import Reader
from flows.read.step import read_form
from flows.read.table import find_layouts
from flows.receive.step import describe_file
from tests.judging import judge_form
from tests.sent import RAW

UGLY = Path(__file__).resolve().parents[1] / "ugly"
REAL = sorted(RAW.glob("150571/*/*.*")) + sorted(RAW.glob("CN/2024*/*.csv"))
GOOD = "指标名称,计量单位,本年累计,同比增长\n" + "".join(
    f"{name},亿元,{value},{growth}\n"
    for name, value, growth in (
        ("地区生产总值", "107.92", "3.4"),
        ("第一产业增加值", "1.41", "4.1"),
        ("第二产业增加值", "39.12", "2.7"),
        ("第三产业增加值", "67.39", "3.8"),
    )
)


@pytest.fixture(scope="module")
def judge_beside(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes, str], None]:
    """`judge_beside(form, bytes, extension)`: a file of any content read in one batch with a good one; both have to come out whole."""
    base = tmp_path_factory.mktemp("reading")
    seen = iter(range(10**6))

    def judge(code: str, content: bytes, extension: str) -> None:
        form = load_catalogue()[code]
        good = next(p for p in REAL if p.stem == code)
        raw = base / str(next(seen))
        paths = {
            "2022Q3": raw / "150571/2022Q3" / f"{code}{good.suffix}",
            "2022Q2": raw / "150571/2022Q2" / f"{code}.{extension}",
        }
        for path, bytes_ in zip(paths.values(), (good.read_bytes(), content), strict=True):
            path.parent.mkdir(parents=True)
            path.write_bytes(bytes_)
        submissions = [
            describe_file(raw, path, code, "150571", period) for period, path in paths.items()
        ]
        read_form(form, submissions, raw, raw / "work")
        judge_form(form, submissions, findings_table([]), raw / "work", store=None)
        verdicts = {
            row["submission"]: row for row in open_table(raw / "work/judged.arrow").to_pylist()
        }
        beside, spoiled = (verdicts[s.submission] for s in submissions)
        assert (beside["status"], beside["rows_held"]) == ("accepted", 0), (
            "the good file beside it is untouched"
        )
        assert spoiled["rows_read"] == spoiled["rows_accepted"] + spoiled["rows_held"], (
            "no row is lost"
        )
        held = (
            open_table(raw / "work/held.arrow").filter(_of(submissions[1].submission)).to_pylist()
        )
        assert len({(row["sheet"], row["row"]) for row in held}) == spoiled["rows_held"], (
            "what is held is held whole"
        )
        if spoiled["status"] == "rejected":
            assert spoiled["rows_accepted"] == 0
            broken = (
                open_table(raw / "work/finding.arrow")
                .filter(_of(submissions[1].submission))
                .to_pylist()
            )
            assert broken, "a file that is refused is told why"
            assert all(
                f["message_zh"] and f["message_en"] and f["mend_zh"] and f["mend_en"]
                for f in broken
            )

    return judge


def _of(submission: str) -> Any:
    import pyarrow.compute as pc

    return pc.field("submission") == submission


@pytest.mark.torture
@settings(max_examples=12)
@given(
    content=st.binary(max_size=600),
    code=st.sampled_from(["gdp", "enterprise_revival", "cultivation_pool"]),
    extension=st.sampled_from(["csv", "xlsx", "ods"]),
)
@example(content=b"PK\x03\x04", code="gdp", extension="xlsx")
@example(content=b"\xd0\xcf\x11\xe0" * 300, code="gdp", extension="xls")
@example(content=b'"' * 300_000, code="gdp", extension="csv")
@example(content=b'"a,\n' * 60_000, code="gdp", extension="csv")
@example(content=b"a,b\n" + b"1\r2\n" * 50, code="gdp", extension="csv")
@example(content=GOOD.replace("107.92", "1" * 400).encode(), code="gdp", extension="csv")
@example(content=GOOD.replace("107.92", "9e99999999").encode(), code="gdp", extension="csv")
@example(content=("指标名称,本年累计\n" * 300).encode(), code="gdp", extension="csv")
@example(content=("2022年1-9月,2022年1-6月\n" * 3).encode(), code="gdp", extension="csv")
def test_any_bytes_are_answered(
    judge_beside: Callable[[str, bytes, str], None], content: bytes, code: str, extension: str
) -> None:
    judge_beside(code, content, extension)


SCRAPS = [
    "", " ", "0", "-", "—", "…", "NaN", "#DIV/0!", "=1+1", "1,2,3", "107.92", "近1.5亿元", "下降2%", "2022年1-6月", "2022Q3",
    "指标名称", "本年累计", "单位：万元", "单位：箩筐", "合计", "注：", "地区生产总值", "第一产业", "（亿元）", "9" * 30, "'", '"',
    "\ufeff",
    "\u200b", "李𠮷", "1e400", "٣", "½", "１２", "填报单位：全国", "区划代码：999999", "数据库：季度数据", "上年同期", "_累计值(亿元)",
    "国内生产总值_当季值(亿元)",
]  # fmt: skip


@pytest.mark.torture
@settings(max_examples=40)
@given(st.data())
def test_a_real_file_with_cells_changed_is_answered(
    judge_beside: Callable[[str, bytes, str], None], data: st.DataObject
) -> None:
    """Cells, rows and columns of a real submission are changed, doubled and taken out."""
    path = data.draw(st.sampled_from([p for p in REAL if "150571" in p.parts]))
    [grid, *_] = open_grids(path)
    rows = [[cell or "" for cell in row] for row in grid.head]
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[0]) - 1))
        what = data.draw(
            st.sampled_from(["cell", "cell", "cell", "row twice", "row out", "column out", "noise"])
        )
        if what == "cell":
            rows[at][column:] = [data.draw(st.sampled_from(SCRAPS)), *rows[at][column + 1 :]]
        elif what == "noise":
            rows[at][column:] = [data.draw(st.text(max_size=8)), *rows[at][column + 1 :]]
        elif what == "row twice":
            rows.insert(at, list(rows[at]))
        elif what == "row out" and len(rows) > 1:
            del rows[at]
        elif len(rows[0]) > 1:
            rows = [row[:column] + row[column + 1 :] for row in rows]
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=data.draw(st.sampled_from(",\t;|"))).writerows(rows)
    encoding = data.draw(st.sampled_from(["utf-8", "gb18030", "utf-16"]))
    judge_beside(path.stem, sink.getvalue().encode(encoding, "replace"), "csv")


@pytest.mark.torture
@settings(max_examples=40)
@given(
    st.sampled_from(sorted(UGLY.glob("*.xls*")) + sorted(UGLY.glob("*.ods"))),
    st.integers(0, 10**6),
    st.binary(min_size=1, max_size=20),
)
def test_a_spoiled_workbook_is_answered(
    judge_beside: Callable[[str, bytes, str], None], path: Path, at: int, noise: bytes
) -> None:
    content = path.read_bytes()
    at %= len(content)
    judge_beside("gdp", content[:at] + noise + content[at + len(noise) :], path.suffix[1:])


# --- headings ---------------------------------------------------------------------------------

FORMS = load_catalogue()
indicator_forms = st.sampled_from(
    [f for f in FORMS.values() if f.kind == "indicator" and f.code != "plan_targets"]
)
periods = st.builds(Period, st.integers(1990, 2060), st.integers(1, 4))


@settings(max_examples=60)
@given(st.data(), st.sampled_from(sorted(FORMS)), periods)
def test_any_spelling_in_any_order_over_any_rows_names_its_column(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, code: str, asked: Period
) -> None:
    """The columns of a form in any order under any of their names, below any titles, beside blank columns."""
    form = FORMS[code]
    columns = data.draw(
        st.permutations(
            [c for c in form.columns if c.present] + [c for c in form.columns if not c.present][:3]
        )
    )
    names = [
        data.draw(
            st.sampled_from(
                sorted(
                    h for h in (c.title.zh, c.title.en, *c.headings) if not re.search(r"[\d,]", h)
                )
                or [c.title.zh]
            )
        )
        for c in columns
    ]
    titles = data.draw(st.lists(st.sampled_from(["某某表", "快报数", "", "表号：一"]), max_size=4))
    body = ["x"] * len(names)
    rows = [*[[t] for t in titles], names, body, body]
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter="\t").writerows(rows)
    path = tmp_path_factory.mktemp("head") / "a.tsv"
    path.write_text(sink.getvalue(), encoding="utf-8")
    [grid] = open_grids(path)
    heads = Reader(form, asked).read(grid, len(titles) + 1, len(titles) + 1)
    assert [h.name for h in heads[: len(names)]] == [c.name for c in columns]


@settings(max_examples=60)
@given(
    indicator_forms,
    periods,
    st.permutations(range(4)),
    st.sampled_from(
        [
            "{p}",
            "{y}年{n}季度",
            "{y}年1-{m}月",
            "{y}年1—{m}月累计",
            "{y}年第{n}季度（{u}）",
            "Q{q} {y}",
        ]
    ),
)
def test_of_quarters_across_the_one_that_is_asked_for_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    form: Any,
    asked: Period,
    order: list[int],
    spelling: str,
) -> None:
    """Wherever the quarter stands among its year's, its column is the value, and the others are said to be left aside."""
    line = form.indicators[0]
    quarters = [Period(asked.year, n + 1) for n in order]
    heads = [
        spelling.format(
            p=p,
            y=p.year,
            q=p.quarter,
            n="一二三四"[p.quarter - 1],
            m=p.quarter * 3,
            u=line.quoted_unit,
        )
        for p in quarters
    ]
    assert [find_period(h) for h in heads] == quarters
    path = tmp_path_factory.mktemp("wide") / "a.csv"
    lines = [
        ["指标", "计量单位", *heads],
        *[[i.title.zh, i.quoted_unit, "1", "2", "3", "4"] for i in form.indicators],
    ]
    path.write_text("\n".join("\t".join(row) for row in lines), encoding="utf-8")
    [grid] = open_grids(path)
    told: list[tuple[str, dict[str, Any]]] = []
    layouts, findings = find_layouts(
        form, grid, asked, lambda code, **words: told.append((code, words))
    )  # type: ignore[arg-type,return-value,func-returns-value]
    assert len(findings) == len(told)
    assert layouts[0].indexes["value"] == 2 + quarters.index(asked)
    assert layouts[0].kind == "wide"
    if all(
        i.basis == "plan" for i in form.indicators
    ):  # plans are of a year: a quarter is asked about
        told = [(code, words) for code, words in told if code != "WORDS-UNKNOWN"]
    [(code, words)] = told
    assert code == "LAYOUT-ASIDE"
    assert words["columns"].count("、") == 2


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(load_units())),
    st.sampled_from(["本年累计（{}）", "绝对量({})", "{}", "累计值【{}】", "数值（{}）（1-9月）"]),
)
def test_a_unit_in_a_heading_is_found(
    tmp_path_factory: pytest.TempPathFactory, unit: str, printed: str
) -> None:
    path = tmp_path_factory.mktemp("unit") / "a.tsv"
    over = printed.format(unit)
    rows = (
        [["指标名称", over], ["甲", "1"]]
        if printed != "{}"
        else [["指标名称", "数值"], ["", unit], ["甲", "1"]]
    )
    path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")
    [grid] = open_grids(path)
    layouts, _ = find_layouts(FORMS["gdp"], grid, Period(2022, 3), lambda *_, **__: None)  # type: ignore[arg-type,return-value]
    assert layouts[0].headings["value"].unit == unit
