"""Files of several quarters: which are loaded, as what, and what is said of arrangements that are not read.

China's GDP as first published (2022Q1 to Q3 from the releases of that year); provinces' GDP as printed in their yearbooks.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.forms.catalogue import load_catalogue
from flows.model.arrow_files import open_table
from flows.model.finding import Finding, findings_table
from flows.model.period import Period
from flows.model.submission import HISTORY, Submission, open_batch, with_parts
from flows.read.history_file import _is_history
from flows.read.step import read_form
from flows.receive.step import describe_file
from tests.judging import judge_form

Answer = tuple[dict[str, str], dict[tuple[str, str], tuple[str, str | None]], list[Finding]]
# 亿元; growth of the total in per cent
CHINA = {
    "2022Q3": ("870269.0", "3.0", "54779.1", "350189.1", "465300.8"),
    "2022Q2": ("562641.6", "2.5", "29137.0", "228636.5", "304868.1"),
    "2022Q1": ("270178.0", "4.8", "10953.8", "106186.8", "153037.4"),
}
NAMES = ("地区生产总值", "第一产业", "第二产业", "第三产业")
SECTORS = ("gdp", "va_primary", "va_secondary", "va_tertiary")
ALL = {
    (p, code): (figures[0 if n == 0 else n + 1], figures[1] if n == 0 else None)
    for p, figures in CHINA.items()
    for n, code in enumerate(SECTORS)
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Answer]:
    """Status by quarter, value (亿元) and growth by quarter and indicator, and what is broken."""

    def read(text: str, period: str = HISTORY, form: str = "gdp") -> Answer:
        declared = load_catalogue()[form]
        path = tmp_path / "CN" / period / f"{form}.csv"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        submission, work = describe_file(tmp_path, path, form, "CN", period), tmp_path / "work"
        read_form(declared, [submission], tmp_path, work)
        judge_form(declared, [submission], findings_table([]), work)
        quarters = {s.submission: s.period for s in open_batch(work)}
        judged = open_table(work / "judged.arrow").to_pylist()
        figures = {
            (row["period"], row["indicator"]): (
                f"{row['value'] / 10**8:.1f}",
                None if row["growth_reported_pct"] is None else f"{row['growth_reported_pct']:.1f}",
            )
            for row in open_table(work / "accepted.arrow").to_pylist()
        }
        findings = [Finding(**row) for row in open_table(work / "finding.arrow").to_pylist()]
        broken = [f for f in findings if f.outcome == "broken"]
        return {quarters[row["submission"]]: row["status"] for row in judged}, figures, broken

    return read


SIDE_BY_SIDE = "时间,地区生产总值(亿元),地区生产总值同比增长(%),第一产业增加值(亿元),第二产业增加值(亿元),第三产业增加值(亿元)\n"


def lines_side_by_side(said: Callable[[str], str]) -> str:
    return SIDE_BY_SIDE + "".join(
        f"{said(p)},{','.join(figures)}\n" for p, figures in CHINA.items()
    )


@pytest.mark.parametrize(
    "said",
    [
        lambda p: f"2022年1-{int(p[5]) * 3}月",
        lambda p: f"2022年第{'一二三'[int(p[5]) - 1]}季度",
        lambda p: p,
        lambda p: f"2022-0{int(p[5]) * 3}-{'31' if p[5] == '1' else '30'}",
    ],
)
def test_quarters_down_the_rows_and_lines_side_by_side(
    read: Callable[..., Answer], said: Callable[[str], str]
) -> None:
    statuses, figures, broken = read(
        "全国地区生产总值\n" + lines_side_by_side(said) + "注：初步核算\n"
    )
    assert statuses == dict.fromkeys(CHINA, "accepted")
    assert figures == ALL
    assert [(f.period, f.code) for f in broken] == [("2022Q3", "LAYOUT-HISTORY")]


def test_quarters_alone_and_other_lines_beside(read: Callable[..., Answer]) -> None:
    rows = "季度,国内生产总值_累计值(亿元),国内生产总值_当季值(亿元),第一产业增加值,第二产业增加值,第三产业增加值,人均\n"
    for (period, f), alone in zip(CHINA.items(), ("307627.4", "292463.9", "270178.0"), strict=True):
        rows += f"{period},{f[0]},{alone},{','.join(f[2:])},1\n"
    statuses, figures, broken = read("单位：亿元\n" + rows, "2022Q3")
    assert statuses == dict.fromkeys(CHINA, "accepted")
    assert {key: value for key, (value, _) in figures.items()} == {
        k: v for k, (v, _) in ALL.items()
    }
    assert [(f.period, f.code, f.severity, f.cell) for f in broken] == [
        ("2022Q3", "LAYOUT-HISTORY", "note", None),
        ("2022Q3", "LAYOUT-OTHER", "note", None),
        ("2022Q2", "VALUE-QUARTER", "query", "C4"),
    ]
    assert "292463.6 (562641.6 (B4) − 270178.0 (B5))" in broken[2].message_en


def test_quarters_down_the_rows_and_a_line_a_row(read: Callable[..., Answer]) -> None:
    rows = "报告期,指标,计量单位,本年累计,同比增长(%)\n"
    for period, f in CHINA.items():
        for n, name in enumerate(
            NAMES
        ):  # a quarter that is merged over its rows stands in the first
            growth = f[1] if n == 0 else ""
            rows += f"{period if n == 0 else ''},{name},亿元,{f[0 if n == 0 else n + 1]},{growth}\n"
    statuses, figures, _ = read(rows, "2022Q1")
    assert statuses == dict.fromkeys(["2022Q1", "2022Q3", "2022Q2"], "accepted")
    assert figures == ALL
    assert next(iter(statuses)) == "2022Q1", "the folder's own quarter leads"


def across(heads: list[str], periods: list[str]) -> str:
    rows = ",".join(["指标", "计量单位", *heads]) + "\n"
    for n, name in enumerate(NAMES):
        rows += ",".join([name, "亿元", *(ALL[p, SECTORS[n]][0] for p in periods)]) + "\n"
    return rows


def test_a_year_over_its_quarters(read: Callable[..., Answer]) -> None:
    text = "指标,计量单位,2022年,,2021年\n,,1-3月,1-6月,1-12月\n"
    text += "地区生产总值,亿元,270178.0,562641.6,1143669.7\n"
    statuses, figures, _ = read(text, "2022Q2")
    assert list(statuses) == ["2022Q2", "2022Q1", "2021Q4"]
    assert {p: value for (p, _), (value, _) in figures.items()} == {
        "2022Q2": "562641.6",
        "2022Q1": "270178.0",
        "2021Q4": "1143669.7",
    }


def test_a_comparison_stays_one(read: Callable[..., Answer]) -> None:
    text = "指标,计量单位,2022年1-9月,2021年1-9月\n地区生产总值,亿元,870269.0,823131.3\n"
    statuses, _, broken = read(text, "2022Q3")
    assert list(statuses) == ["2022Q3"]
    assert [(f.code, f.cell) for f in broken if f.severity == "note"] == [("LAYOUT-ASIDE", "D1")]


def test_in_the_folder_of_histories_a_comparison_is_a_quarter(read: Callable[..., Answer]) -> None:
    text = "指标,计量单位,2022年1-9月,2021年1-9月\n地区生产总值,亿元,870269.0,823131.3\n"
    statuses, figures, _ = read(text)
    assert list(statuses) == ["2022Q3", "2021Q3"]
    assert figures["2021Q3", "gdp"] == ("823131.3", None)


def test_quarters_without_the_folder_s_own_are_refused(read: Callable[..., Answer]) -> None:
    statuses, _, broken = read(
        across(["2022年1-6月", "2022年1-3月"], ["2022Q2", "2022Q1"]), "2022Q3"
    )
    assert statuses == {"2022Q3": "rejected"}
    assert [(f.code, f.cell) for f in broken] == [("FILE-PERIOD", "C1")]


def test_headings_without_a_year_are_of_the_year_that_was_sent(read: Callable[..., Answer]) -> None:
    statuses, _, broken = read(across(["1-9月", "1-6月"], ["2022Q3", "2022Q2"]), "2022Q3")
    assert list(statuses) == ["2022Q3"]
    assert [f.code for f in broken] == ["LAYOUT-ASIDE"]


def test_years_of_the_annual_database_are_fourth_quarters(read: Callable[..., Answer]) -> None:
    text = "数据库：年度数据\n时间：最近3年\n指标,2022年,2021年,2020年\n国内生产总值(亿元),1234029.4,1173823.0,1034867.6\n"
    statuses, figures, _ = read(text, "2022Q4")
    assert list(statuses) == ["2022Q4", "2021Q4", "2020Q4"]
    assert figures["2020Q4", "gdp"] == ("1034867.6", None)


@pytest.mark.parametrize(
    ("text", "cell", "where", "how"),
    [
        (
            "指标,2020年,2021年,2022年\n地区生产总值,1013567.0,1149237.0,1204724.0\n第一产业,78030.9,83216.5,88345.1\n",
            "B1",
            ["years stand across B1:D1", "lines of the form stand down A2:A3"],
            "name the period of each column (or row) in full",
        ),
        (
            "地区,2021年,2022年\n北京,40269.6,41610.9\n天津,15695.0,16311.3\n河北,40391.3,42370.4\n",
            "A2",
            ["zones stand down A2:A4", "years stand across B1:C1"],
            "a file for each zone",
        ),
        (
            "指标,北京市,天津市,河北省\n地区生产总值,41610.9,16311.3,42370.4\n第一产业,111.5,273.2,4410.3\n",
            "B1",
            ["zones stand across B1:D1", "lines of the form stand down A2:A3"],
            "a file for each zone",
        ),
        (
            "季度,2021年,2022年\n一季度,249310,270178\n二季度,532167,562642\n三季度,823131,870269\n",
            "B1",
            ["years stand across B1:C1", "quarters stand down A2:A4"],
            "a file of many quarters goes under raw/CN/history/",
        ),
        (
            "年,季度,地区生产总值,第一产业增加值\n2022,3,870269,54779\n2022,2,562642,29137\n",
            "A2",
            [
                "years stand down A2:A3",
                "quarters stand down B2:B3",
                "lines of the form stand across C1:D1",
            ],
            "name the period of each column (or row) in full",
        ),
    ],
)
@pytest.mark.parametrize("period", ["2022Q4", HISTORY])
def test_another_arrangement_is_told_with_what_stands_where(
    read: Callable[..., Answer], text: str, cell: str, where: list[str], how: str, period: str
) -> None:
    statuses, _, broken = read(text, period)
    assert statuses == {period: "rejected"}
    [finding] = [f for f in broken if f.severity == "reject"]
    assert (finding.code, finding.cell) == ("LAYOUT-ARRANGED", cell)
    assert all(words in finding.message_en for words in where), finding.message_en
    assert how in finding.mend_en


@pytest.mark.parametrize("period", ["2022Q3", HISTORY])
def test_zones_beside_quarters_in_full_are_told_once(
    read: Callable[..., Answer], period: str
) -> None:
    text = "省份,2022年三季度,2022年二季度\n北京市,29926.5,19352.2\n天津市,11894.6,7620.6\n河北省,30704.3,19758.8\n"
    statuses, _, broken = read(text, period)
    assert statuses == {period: "rejected"}
    [finding] = broken
    assert (finding.code, finding.cell) == ("LAYOUT-ARRANGED", "A2")
    assert "zones stand down A2:A4" in finding.message_en
    assert "quarters stand across B1:C1" in finding.message_en
    assert "a file for each zone" in finding.mend_en


def test_a_history_without_a_quarter_is_refused(read: Callable[..., Answer]) -> None:
    statuses, _, broken = read("指标,计量单位,本年累计\n地区生产总值,亿元,870269.0\n")
    assert statuses == {HISTORY: "rejected"}
    assert [f.code for f in broken] == ["FILE-HISTORY"]


quarters = st.builds(Period, st.integers(2000, 2030), st.integers(1, 4))


@given(st.frozensets(quarters, min_size=1, max_size=8), quarters)
def test_only_a_file_of_its_own_quarter_and_another_is_a_history(
    there: frozenset[Period], own: Period
) -> None:
    is_history = _is_history(there, own, is_export=False)
    if is_history:
        assert own in there
        assert len(there) > 1
    elif own in there and len(there) > 1:
        assert len(there) <= 3
        assert {period.quarter for period in there} == {own.quarter}
    assert _is_history(there, None, is_export=False)


def test_a_part_takes_its_turn_above_what_was_revised_before(tmp_path: Path) -> None:
    file = Submission("a", "gdp", "CN", "2022Q1", 9, "0" * 64, 1, revised={"2021Q4": 3})
    parts = [file.part(period) for period in ("2022Q1", "2021Q4", "2021Q3")]
    assert [(p.revision, p.part_of, p.received) for p in parts] == [
        (9, "", file.submission),
        (3, file.submission, file.submission),
        (1, file.submission, file.submission),
    ]
    assert len({p.submission for p in parts}) == 3
    assert with_parts(parts, tmp_path) == parts
