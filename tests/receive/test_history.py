"""A file that brings a history: every quarter is a submission of its own, known from when the file came.

China's GDP as the national statistics site exports it: six quarters side by side, newest first, quarters alone and years
to date by turns (figures of the series that was published in April 2025, 2021Q4 and 2022Q1 as they stand since).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from flows.receive.withdrawals import withdraw
from tests.receive.office import Office
from tests.receive.test_kept_for_ever import compare  # noqa: F401 - a fixture

LINES = ("国内生产总值", "第一产业增加值", "第二产业增加值", "第三产业增加值")
INDICATORS = ("gdp", "va_primary", "va_secondary", "va_tertiary")
# years to date in 亿元 and their growth in per cent, of the total and the three sectors
CHINA = {
    "2022Q1": (("277175.8", "4.8"), ("10920.7", "6.1"), ("102919.5", "4.0"), ("163335.6", "5.3")),
    "2021Q4": (("1173823.0", "8.6"), ("83216.5", "7.1"), ("447138.2", "8.2"), ("643468.4", "9.0")),
    "2021Q3": (("840996.2", "9.8"), ("51677.3", "7.4"), ("317565.8", "10.6"), ("471753.1", "9.5")),
    "2021Q2": (
        ("543034.4", "12.7"),
        ("28534.8", "7.8"),
        ("204557.8", "14.8"),
        ("309941.8", "11.8"),
    ),
    "2021Q1": (("255055.2", "18.3"), ("11369.3", "8.1"), ("91938.7", "24.4"), ("151747.2", "15.6")),
    "2020Q4": (("1034867.6", "2.3"), ("78030.9", "3.0"), ("381985.8", "2.6"), ("574850.9", "2.1")),
}
# of 2022Q1 as it was first sent for its own quarter, and of the fourth quarter alone
ALONE = ("277175.8", "332826.8", "297961.8", "287979.2", "255055.2", "301836.2")
EXPORT = "CN/2022Q1/gdp.r9.csv"
BACK = "CN/history/gdp.csv"


def export_rows(alone: tuple[str, ...] = ALONE) -> list[list[str]]:
    def of(line: int, part: int) -> list[str]:
        return [figures[line][part] for figures in CHINA.values()]

    rows = [["数据库：季度数据"], ["时间：最近6个季度"]]
    rows.append(["指标", *(f"{p[:4]}年第{'一二三四'[int(p[5]) - 1]}季度" for p in CHINA)])
    rows.append(["国内生产总值_当季值(亿元)", *alone])
    rows += [[f"{line}_累计值(亿元)", *of(n, 0)] for n, line in enumerate(LINES)]
    rows.append(["农林牧渔业增加值_累计值(亿元)", *["1"] * 6])
    for n, line in enumerate(LINES):
        index = [f"{100 + float(growth):.1f}" for growth in of(n, 1)]
        rows.append([f"{line}指数(上年同期=100)_累计值(%)", *index])
    rows += [["注：1. 2004年及以后的数据为年度核算数据衔接后的数据。"], ["数据来源：国家统计局"]]
    return rows


def as_csv(rows: list[list[str]]) -> bytes:
    return "".join(",".join(row) + "\r\n" for row in rows).encode("gb18030")


def as_xlsx(rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(c) if c.replace(".", "").isdigit() else c for c in row])
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def one_quarter(period: str, gdp: str | None = None) -> str:
    lines = ["指标,计量单位,本年累计,同比增长(%)"]
    for n, name in enumerate(("地区生产总值", *LINES[1:])):
        value, growth = CHINA[period][n]
        lines.append(f"{name},亿元,{gdp if gdp and n == 0 else value},{growth}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def begun(empty_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2021Q4 and 2022Q1 as they came one by one, 2021Q4 with another GDP than it has now."""
    office = Office(tmp_path_factory.mktemp("begun"), empty_build)
    office.put("CN/2021Q4/gdp.csv", one_quarter("2021Q4", "1173823.1"))
    office.put("CN/2022Q1/gdp.csv", one_quarter("2022Q1"))
    office.run()
    return office


@pytest.fixture
def office(begun: Office, tmp_path: Path) -> Office:
    """A copy of it."""
    return begun.copy(tmp_path)


@pytest.fixture
def ask(office: Office) -> Iterator[Callable[..., list[Any]]]:
    def ask(sql: str, *values: Any) -> list[Any]:
        with duckdb.connect(str(office.warehouse / "jibao.duckdb"), read_only=True) as con:
            return con.execute(sql, values).fetchall()

    return ask


STANDING = """
    select period, round(value / 1e8, 1)::varchar, round(growth_reported_pct, 1)::varchar, path
    from staging.observation where indicator = ? and zone = 'CN' order by period desc
"""


def figures_of(line: int, path: str) -> list[tuple[str, ...]]:
    return [(p, *figures[line], path) for p, figures in CHINA.items()]


@pytest.mark.parametrize("suffix", [".csv", pytest.param(".xlsx", marks=pytest.mark.torture)])
def test_one_export_gives_all_its_quarters(
    office: Office, ask: Callable[..., list[Any]], suffix: str
) -> None:
    path = EXPORT.replace(".csv", suffix)
    office.put(path, as_csv(export_rows()) if suffix == ".csv" else as_xlsx(export_rows()))
    office.run(exports=False)
    for n, indicator in enumerate(INDICATORS):
        stands = [(*row[:3], row[3]) for row in ask(STANDING, indicator)]
        expected = figures_of(n, path)
        assert [(p, float(v), float(g), at) for p, v, g, at in stands] == [
            (p, float(v), float(g), at) for p, v, g, at in expected
        ]
    vintages = ask(
        "select period, vintage, revision, path, known_from::date::varchar from staging.vintage "
        "where zone = 'CN' and form = 'gdp' order by period, vintage"
    )
    day1, day2 = "2022-12-01", "2022-12-02"
    assert vintages == [
        ("2020Q4", 1, 1, path, day2),
        ("2021Q1", 1, 1, path, day2),
        ("2021Q2", 1, 1, path, day2),
        ("2021Q3", 1, 1, path, day2),
        ("2021Q4", 1, 1, "CN/2021Q4/gdp.csv", day1),
        ("2021Q4", 2, 1, path, day2),
        ("2022Q1", 1, 1, "CN/2022Q1/gdp.csv", day1),
        ("2022Q1", 2, 9, path, day2),
    ]
    before = ask(
        "select period, round(value / 1e8, 1)::double from staging.observation_as_of('2022-12-01 12:00:00') "
        "where indicator = 'gdp' order by period"
    )
    assert before == [("2021Q4", 1173823.1), ("2022Q1", 277175.8)]
    said = ask(
        "select period, code, severity, cell from ledger.finding "
        "where path = ? and outcome = 'broken' and severity <> 'query' order by period desc, code",
        path,
    )
    assert said == [
        ("2022Q1", "LAYOUT-HISTORY", "note", None),
        ("2022Q1", "LAYOUT-LINES", "note", "A4"),
        ("2022Q1", "LAYOUT-OTHER", "note", "A9"),
    ]
    assert ask("select count(*) from ledger.finding where code = 'VALUE-QUARTER'") == [(0,)]
    [(notes,)] = ask(
        "select notes from ledger.block as b inner join ledger.submission as s on b.submission = s.submission "
        "where s.path = ? and s.period = '2021Q2'",
        path,
    )
    assert "9: 农林牧渔业增加值_累计值(亿元) 1" in notes
    quarters = ask(
        "select period, round(value_quarter / 1e8, 1)::double from metrics.discrete_quarter "
        "where indicator = 'gdp' and zone = 'CN' order by period desc"
    )
    by_quarter = dict(quarters)
    assert [by_quarter[p] for p in list(CHINA)[:5]] == [float(v) for v in ALONE[:5]]


@pytest.mark.torture
def test_a_later_file_of_a_quarter_stands_and_a_rebuild_gives_the_same(
    office: Office,
    ask: Callable[..., list[Any]],
    compare: Callable[[Office], None],  # noqa: F811 - the fixture
) -> None:
    office.put("CN/2021Q4/gdp.r3.csv", one_quarter("2021Q4", "1173823.2"))
    office.run()
    office.put(BACK, as_csv(export_rows()))
    office.run()
    assert [(p, at) for p, *_, at in ask(STANDING, "gdp")] == [(p, BACK) for p in CHINA]
    assert ask(
        "select period, revision from ledger.submission where path = ? order by period desc", BACK
    ) == [(p, 3 if p == "2021Q4" else 1) for p in CHINA], "above what was revised before it"
    # one of its quarters is sent by itself for the first time, one is revised
    office.put("CN/2021Q3/gdp.csv", one_quarter("2021Q3", "840996.3"))
    office.put("CN/2021Q4/gdp.r4.csv", one_quarter("2021Q4", "1173823.3"))
    office.run()
    stands = {p: (float(v), at) for p, v, _, at in ask(STANDING, "gdp")}
    assert stands["2021Q3"] == (840996.3, "CN/2021Q3/gdp.csv")
    assert stands["2021Q4"] == (1173823.3, "CN/2021Q4/gdp.r4.csv")
    assert stands["2021Q2"] == (543034.4, BACK)
    received = office.run()
    assert (received.new, received.unchanged) == ([], 6)
    compare(office)


@pytest.mark.torture
def test_a_withdrawn_history_brings_back_what_stood_before(
    office: Office,
    ask: Callable[..., list[Any]],
    compare: Callable[[Office], None],  # noqa: F811 - the fixture
) -> None:
    office.put(BACK, as_csv(export_rows()))
    office.run()
    lines = withdraw(office.raw, office.warehouse, BACK, "王芳", "发错了文件，应报另一季度")
    assert len(lines) == 7, "the six quarters, and the file"
    office.run()
    assert [(p, float(v), at) for p, v, _, at in ask(STANDING, "gdp")] == [
        ("2022Q1", 277175.8, "CN/2022Q1/gdp.csv"),
        ("2021Q4", 1173823.1, "CN/2021Q4/gdp.csv"),
    ]
    (office.raw / BACK).unlink()
    assert office.run().deleted == []
    compare(office)


@pytest.mark.torture
def test_a_quarter_of_its_own_goes_before_a_history_that_came_with_it(
    empty_build: Path, tmp_path: Path
) -> None:
    office = Office(tmp_path, empty_build)
    office.put(BACK, as_csv(export_rows()))
    for period in CHINA:
        office.put(f"CN/{period}/gdp.csv", one_quarter(period))
    office.run()
    with duckdb.connect(str(office.warehouse / "jibao.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select distinct path from staging.current_submission order by path"
        ).fetchall()
    assert rows == [(f"CN/{period}/gdp.csv",) for period in sorted(CHINA)]


def test_a_quarter_alone_that_is_no_difference_is_asked_about(
    office: Office, ask: Callable[..., list[Any]]
) -> None:
    alone = (*ALONE[:2], "297961.9", "287979.4", *ALONE[4:])
    office.put(BACK, as_csv(export_rows(alone)))
    office.run(exports=False)
    rows = ask(
        "select period, severity, sheet, cell, value, message_en from ledger.finding where code = 'VALUE-QUARTER'"
    )
    assert rows == [
        (
            "2021Q2",
            "query",
            None,
            "E4",
            "287979.4",
            "“国内生产总值_当季值(亿元)” gives 287979.4, the years to date differ by 287979.2 "
            "(543034.4 (E5) − 255055.2 (F5)): more than rounding explains",
        )
    ], "297961.9 is within the rounding of 297961.8"


@pytest.mark.torture
def test_a_history_without_quarters_is_refused_and_read_again_when_mended(
    office: Office, ask: Callable[..., list[Any]]
) -> None:
    office.put(BACK, one_quarter("2021Q4"))
    office.run()
    assert ask("select period, status from ledger.submission where path = ?", BACK) == [
        ("history", "rejected")
    ]
    assert ask("select code, severity from ledger.finding where path = ?", BACK) == [
        ("FILE-HISTORY", "reject")
    ]
    office.put(BACK, "全国2021年1-9月地区生产总值\n" + one_quarter("2021Q3"))
    office.run()
    rows = ask("select period, status from ledger.submission where path = ? order by 1", BACK)
    assert rows == [("2021Q3", "accepted"), ("history", "rejected")]
