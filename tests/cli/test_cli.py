"""The command line: what it says, in two languages, and the codes a script can rely on."""

from __future__ import annotations

import csv
import io
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.zone import known_zones
from flows.read.recognise import recognise_form
from flows.receive.step import Selection, receive
from flows.validate import cast_indicators
from flows.warehouse.database import published_path
from flows.warehouse.failure import remember_failure
from tests.asking import wait_for

HEADINGS = "指标名称,计量单位,本年累计,同比增长\n"
GDP = (
    HEADINGS
    + "地区生产总值,亿元,107.92,3.4\n第一产业增加值,亿元,1.41,4.1\n第二产业增加值,亿元,39.12,2.7\n第三产业增加值,亿元,67.39,3.8\n"
)
BAD_CELL = GDP.replace("39.12", "39.l2")
BAD_SUM = GDP.replace("107.92", "117.92")
MISSING_LINE = GDP.replace("第二产业增加值,亿元,39.12,2.7\n", "")


# --- validate ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "words"), [("zh", "没有发现问题"), ("en", "nothing to mend")])
def test_a_sound_file_is_0(jibao: Callable, place: Callable, lang: str, words: str) -> None:
    result = jibao("validate", place(GDP), "--lang", lang)
    assert result.exit_code == 0
    assert words in result.stdout


def test_a_held_row_is_1_in_chinese_unless_asked(jibao: Callable, place: Callable) -> None:
    result = jibao("validate", place(BAD_CELL))
    assert result.exit_code == 1
    for words in (
        "处理",
        "单元格",
        "怎样改正",
        "本行扣留",
        "C4",
        "39.l2",
        "“39.l2”不是数字",
        "只写数字，如 107.92；没有数据请留空",
        "VALUE-NUMBER",
    ):
        assert words in result.stdout, words
    assert "gdp.csv：1 处必须改正" in result.stdout
    assert "is not a number" not in result.stdout


def test_a_held_row_is_1_in_english(jibao: Callable, place: Callable) -> None:
    result = jibao("validate", place(BAD_CELL), "--lang", "en")
    assert result.exit_code == 1
    for words in (
        "grade",
        "what is wrong",
        "Row held",
        "C4",
        "“39.l2” is not a number",
        "write the number alone, like 107.92",
        "1 finding to correct",
    ):
        assert words in result.stdout, words
    assert "本行扣留" not in result.stdout


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("整份退回", "地区生产总值报 117.92 亿元")),
        ("en", ("Rejected", "GDP is given as 117.92 亿元")),
    ],
)
def test_a_rejected_file_is_1(
    jibao: Callable, place: Callable, lang: str, words: tuple[str, ...]
) -> None:
    result = jibao("validate", place(BAD_SUM), "--lang", lang)
    assert result.exit_code == 1
    for part in (*words, "C2", "GDP-SUM"):
        assert part in result.stdout, part


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("请说明", "没有报“第二产业增加值”", "5 条规则未能核验")),
        (
            "en",
            (
                "Please explain",
                "“Secondary sector value added” was not reported",
                "5 rules unchecked",
            ),
        ),
    ],
)
def test_a_question_holds_nothing_back_and_is_0(
    jibao: Callable, place: Callable, lang: str, words: tuple[str, ...]
) -> None:
    result = jibao("validate", place(MISSING_LINE), "--lang", lang)
    assert result.exit_code == 0
    for part in words:
        assert part in result.stdout, part
    unchecked = result.stdout.partition("□")[2]
    for code in (
        "GDP-SUM ",
        "GDP-SUM-ROUNDING",
        "GDP-BRACKET",
        "GDP-WEIGHTED ",
        "GDP-WEIGHTED-FAR",
    ):
        assert unchecked.count(code) == 1, "what could not be checked is said, never passed over"
    assert result.stdout.count("→") <= 2, "and how it can be, once"


def test_a_file_of_raw_is_pointed_at(
    jibao: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "raw/150571/2022Q3").mkdir(parents=True)
    (tmp_path / "raw/150571/2022Q3/gdp.csv").write_text(GDP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = jibao("validate", "150571/2022Q3/gdp.csv")
    assert result.exit_code == 2
    assert (
        "there is no file 150571/2022Q3/gdp.csv; is it raw/150571/2022Q3/gdp.csv?" in result.stderr
    )


@pytest.mark.torture
def test_of_several_files_the_worst_counts(jibao: Callable, place: Callable) -> None:
    good, bad = place(GDP, "150571/2022Q2/gdp.csv"), place(BAD_CELL)
    assert jibao("validate", good, bad).exit_code == 1
    assert jibao("validate", bad, good).exit_code == 1
    assert jibao("validate", good, good).exit_code == 0


def test_a_file_that_cannot_be_read_is_1_in_words(jibao: Callable, place: Callable) -> None:
    result = jibao(
        "validate",
        place(b"PK\x03\x04" + random.Random(3).randbytes(500), "150571/2022Q3/gdp.xlsx"),
        "--lang",
        "en",
    )
    assert result.exit_code == 1
    assert "it is not a sound workbook; the copy may be incomplete" in result.stdout
    assert "save it as .xlsx and send that" in result.stdout
    result = jibao("validate", place(b"", "somewhere/gdp.csv"))
    assert result.exit_code == 1
    assert "文件是空的（0 字节" in result.stdout


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("gdp.csv", (), "gdp.csv: which quarter is it for? say --period, e.g. --period 2022Q3"),
        (
            "gdp.csv",
            ("--form", "gpd", "--period", "2022Q3"),
            "没有报表 gpd；共 30 个，最接近的是：gdp 地区生产总值、",
        ),
        (
            "gdp.csv",
            ("--period", "2022Q9"),
            "“2022Q9” is not a period; write the year, Q and the quarter, e.g. 2022Q3",
        ),
        (
            "gdp.csv",
            ("--period", "2022Q3", "--zone", "999"),
            "there is no zone 999; known: 150571, CN",
        ),
    ],
)
def test_a_call_that_cannot_be_understood_is_2(
    jibao: Callable, place: Callable, name: str, arguments: tuple[str, ...], words: str
) -> None:
    result = jibao("validate", place(GDP, f"inbox/{name}"), *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_file_that_is_not_there_is_2(jibao: Callable, tmp_path: Path) -> None:
    path = tmp_path / "nowhere.csv"
    result = jibao("validate", path)
    assert result.exit_code == 2
    assert f"jibao: 没有文件 {path} · there is no file {path}" in result.stderr


def test_form_and_quarter_can_be_said_or_found(jibao: Callable, place: Callable) -> None:
    assert (
        jibao(
            "validate", place(GDP, "inbox/report.csv"), "--form", "gdp", "--period", "2022Q3"
        ).exit_code
        == 0
    )
    assert jibao("validate", place("2022年1-9月\n" + GDP, "inbox/gdp.csv")).exit_code == 0, (
        "the title says it"
    )
    result = jibao("validate", place("2022年1-6月\n" + GDP), "--lang", "en")
    assert result.exit_code == 1
    assert "the file says “2022年1-6月” (2022Q2) but was sent for 2022Q3" in result.stdout


def test_a_file_in_a_folder_of_ones_own_is_of_the_zone_that_it_names(
    jibao: Callable, place: Callable
) -> None:
    for folder in ("wang/gdp.csv", "home/wang/gdp.csv"):
        path = place("通辽经济技术开发区2022年1-9月地区生产总值\n" + GDP, folder)
        answer = jibao("validate", path)
        assert (answer.exit_code, "没有发现问题" in answer.stdout) == (0, True), answer.stdout
    placed = place("通辽经济技术开发区2022年1-9月地区生产总值\n" + GDP, "CN/2022Q3/gdp.csv")
    assert "FILE-ZONE" in jibao("validate", placed).stdout


def test_a_fault_of_ours_is_told_as_one_without_its_trace(
    jibao: Callable, place: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = cast_indicators.register_quantities

    def fail(con: duckdb.DuckDBPyConnection, texts: list[str], **how: Any) -> None:
        if texts:
            raise ZeroDivisionError("a defect of ours")
        real(con, texts, **how)

    monkeypatch.setattr(cast_indicators, "register_quantities", fail)
    result = jibao("validate", place(GDP), "--lang", "en", "--format", "json")
    assert result.exit_code == 1
    [answer] = json.loads(result.stdout)
    assert [finding["code"] for finding in answer["findings"]] == ["FILE-FAULT"]
    assert "Traceback" not in result.output


def test_validate_writes_nothing(
    jibao: Callable, place: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = place(BAD_SUM)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    jibao("validate", path)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gdp2021Q3.csv", "2021Q3"),
        ("2021年三季度gdp.csv", "2021Q3"),
        ("gdp草稿.csv", "草稿"),
        ("2022年三季度gdp.csv", None),
        ("gdp (1).csv", None),
        ("季报_GDP_2022Q3(终).csv", None),
    ],
)
def test_validate_says_of_a_name_what_a_run_says(
    jibao: Callable, place: Callable, name: str, said: str | None
) -> None:
    result = jibao("validate", place(GDP, f"150571/2022Q3/{name}"), "--format", "json")
    [answer] = json.loads(result.stdout)
    found = [f for f in answer["findings"] if f["code"] == "FILE-PATH"]
    assert (result.exit_code, len(found)) == ((1, 1) if said else (0, 0))
    assert not said or said in found[0]["message_zh"]


@pytest.mark.parametrize(
    ("path", "severity"),
    [
        ("150571/2022Q3/gdp (1).csv", "note"), ("150571/2022Q3/地区生产总值.csv", "note"), ("150571/2022Q3/季报_GDP_2022Q3(终).csv", "note"),
        ("150571/2022Q3/GDP.CSV", "note"), ("150571/2022q3/gdp.csv", "note"), ("150571/2022年三季度/gdp.csv", "note"), ("通辽经济技术开发区/2022Q3/gdp.csv", "note"),
        ("150571/2022Q3/gdp定稿张.csv", "query"), ("150571/2022Q3/table.csv", "query"), ("150571/2022Q3/gdp.r2.csv", None), ("150571/2022Q3/gdp.csv", None),
    ],
)  # fmt: skip
def test_validate_and_a_run_say_the_same_of_a_name(
    jibao: Callable, place: Callable, path: str, severity: str | None
) -> None:
    sent, catalogue = place(GDP, path), load_catalogue()
    [answer] = json.loads(jibao("validate", sent, "--format", "json").stdout)
    before = [f for f in answer["findings"] if f["code"].startswith("FILE-")]
    placed = receive(
        sent.parents[2],
        catalogue,
        known_zones(),
        {},
        recognise=partial(recognise_form, catalogue=catalogue),
    )
    run = [f for f in placed.findings if f.code.startswith("FILE-")]
    said = [(f.severity, f.code, f.zone, f.period, f.message_zh) for f in run]
    assert [
        (f["severity"], f["code"], f["zone"], f["period"], f["message_zh"]) for f in before
    ] == said
    assert [found[:2] for found in said] == ([(severity, "FILE-NAME")] if severity else [])


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gdp.csv", "it stands 1 below"),
        ("150571/gdp.csv", "it stands 2 below"),
        ("150571/2022Q3/old/gdp.csv", "it stands 4 below"),
        ("999999/2022Q3/gdp.csv", "there is no zone “999999”"),
        ("150571/2022Q7/gdp.csv", "“2022Q7” is not a period"),
    ],
)
def test_validate_says_of_a_place_below_raw_that_no_run_takes_it(
    jibao: Callable, place: Callable, path: str, said: str
) -> None:
    sent = place(GDP, f"raw/{path}")
    raw = next(folder for folder in sent.parents if folder.name == "raw")
    result = jibao(
        "validate", sent, "--raw", raw, "--zone", "150571", "--period", "2022Q3", "--format", "json"
    )
    [answer] = json.loads(result.stdout)
    assert result.exit_code == 1
    [found] = [f for f in answer["findings"] if f["code"] == "FILE-PATH"]
    assert said in found["message_en"]


def test_brackets_in_names_and_cells_are_no_markup(jibao: Callable, place: Callable) -> None:
    path = place(GDP.replace("39.12", "[bold]x[/]"), "150571/2022Q3/gdp.[old].csv")
    result = jibao("validate", path, "--lang", "en")
    assert "gdp.[old].csv" in result.stdout
    assert "[bold]x[/]" in result.stdout
    assert "gdp.[old].csv" in jibao("validate", place(GDP, "150571/2022Q3/gdp.[old].csv")).stdout


LEDGER = "项目名称,项目领域,建设阶段,计划总投资（万元）\n" + "".join(
    f"项目{n},{'第四产业' if n % 2 else '工业'},开工,约{n}00\n" for n in range(2, 40)
)


def test_a_narrow_answer_is_read_from_top_to_bottom(
    jibao: Callable, place: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("flows.cli.terminal.out._width", 80)
    result = jibao("validate", place(BAD_CELL))
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert lines[1:4] == [
        "▲ 本行扣留  C4  第二产业增加值  39.l2  VALUE-NUMBER",
        "    “39.l2”不是数字：“39.l2”中的“.l2”既不是数字也不是计量单位",
        "    → 只写数字，如 107.92；没有数据请留空",
    ]


def test_the_same_finding_on_many_rows_is_said_once_with_its_first_cells(
    jibao: Callable, place: Callable
) -> None:
    result = jibao("validate", place(LEDGER, "150571/2022Q3/project_ledger.csv"), "--lang", "en")
    assert result.stdout.count("VALUE-CODE") == 1 and "B3, B5, B7, B9… (19 in all)" in result.stdout
    assert result.stdout.count("VALUE-BOUND") == 11, "ten lines of a rule and one for the rest"
    assert "28 more of the same" in result.stdout
    assert "project_ledger.csv: 19 findings to correct, 38 to explain" in result.stdout


@pytest.mark.parametrize("form", ["json", "csv"])
def test_findings_can_be_read_by_a_script(jibao: Callable, place: Callable, form: str) -> None:
    good, bad = place(GDP, "150571/2022Q2/gdp.csv"), place(BAD_SUM)
    result = jibao("validate", good, bad, "--format", form)
    assert result.exit_code == 1
    if form == "json":
        said = json.loads(result.stdout)
        assert [(answer["file"], len(answer["findings"])) for answer in said] == [
            (str(good), 0),
            (str(bad), 1),
        ]
        found = said[1]["findings"][0]
    else:
        (found,) = csv.DictReader(io.StringIO(result.stdout))
        assert found["file"] == str(bad)
    assert (found["code"], found["cell"], found["severity"]) == ("GDP-SUM", "C2", "reject")
    assert "117.92 亿元" in found["message_zh"] and "GDP is given as" in found["message_en"]


def test_a_file_that_cannot_be_placed_stops_no_other(jibao: Callable, place: Callable) -> None:
    result = jibao("validate", place("x,y\n1,2\n", "inbox/table.csv"), place(BAD_SUM))
    assert result.exit_code == 2
    assert "看不出“table”是哪张报表，可选：农牧业发展情况 agriculture、" in result.stderr
    assert "which form is “table”? it could be agriculture (Agriculture and" in result.stderr
    assert "GDP-SUM" in result.stdout


def test_the_form_is_known_by_title_or_by_content(jibao: Callable, place: Callable) -> None:
    for name in ("地区生产总值 (1).csv", "table.csv"):
        result = jibao("validate", place(GDP, f"inbox/{name}"), "--period", "2022Q3")
        assert result.exit_code == 0, result.output


def test_help_tells_the_exit_codes(jibao: Callable) -> None:
    said = jibao("validate", "--help").stdout
    assert "1  a row or a file would be held back" in said and "2  a file is not there" in said


# --- sql --------------------------------------------------------------------------------------

HEADLINE = "select zone, period, indicator, value_text from metrics.headline where period = '2022Q3' and indicator = 'gdp'"


def test_a_query_is_answered_as_a_table(jibao: Callable, small: Path) -> None:
    result = jibao("sql", HEADLINE, "--warehouse", small)
    assert result.exit_code == 0
    for words in ("zone", "value_text", "150571", "2022Q3", "108.02 亿元"):
        assert words in result.stdout, words


@pytest.mark.parametrize(
    "query", [HEADLINE, HEADLINE + ";", HEADLINE + "  -- the headline", HEADLINE + " ;\n\n"]
)
def test_csv_reads_back(jibao: Callable, small: Path, query: str) -> None:
    result = jibao("sql", query, "--warehouse", small, "--format", "csv")
    assert result.exit_code == 0
    assert list(csv.DictReader(io.StringIO(result.stdout))) == [
        {"zone": "150571", "period": "2022Q3", "indicator": "gdp", "value_text": "108.02 亿元"}
    ]


def test_json_reads_back(jibao: Callable, small: Path) -> None:
    result = jibao("sql", HEADLINE, "--warehouse", small, "--format", "json")
    assert json.loads(result.stdout) == [
        {"zone": "150571", "period": "2022Q3", "indicator": "gdp", "value_text": "108.02 亿元"}
    ]


def test_parquet_reads_back_and_has_to_be_told_where(
    jibao: Callable, small: Path, tmp_path: Path
) -> None:
    target = tmp_path / "head'line.parquet"
    result = jibao("sql", HEADLINE, "--warehouse", small, "--format", "parquet", "--output", target)
    assert (result.exit_code, result.stdout) == (0, "")
    with duckdb.connect() as con:
        assert con.execute("select value_text from read_parquet(?)", [str(target)]).fetchall() == [
            ("108.02 亿元",)
        ]
    result = jibao("sql", HEADLINE, "--warehouse", small, "--format", "parquet")
    assert result.exit_code == 2
    assert "parquet is not text: say where to write it with --output FILE" in result.stderr


def test_csv_can_go_to_a_file(jibao: Callable, small: Path, tmp_path: Path) -> None:
    assert (
        jibao(
            "sql",
            "select 1 as one",
            "--warehouse",
            small,
            "--format",
            "csv",
            "--output",
            tmp_path / "a.csv",
        ).exit_code
        == 0
    )
    assert (tmp_path / "a.csv").read_text() == "one\n1\n"


@pytest.mark.parametrize(
    "statement",
    [
        "create table core.mine (a int)",
        "delete from core.observation",
        "drop view metrics.headline",
        "update ledger.submission set status = 'accepted'",
    ],
)
@pytest.mark.parametrize("form", ["table", "csv"])
def test_a_write_is_refused(jibao: Callable, small: Path, statement: str, form: str) -> None:
    before = published_path(small).read_bytes()
    result = jibao("sql", statement, "--warehouse", small, "--format", form)
    assert result.exit_code == 2
    assert f"{statement.split()[0].upper()} is refused" in result.stderr
    assert "read-only" in result.stderr
    assert published_path(small).read_bytes() == before


@pytest.mark.parametrize(
    "query",
    ["selec 1", "from metrics.no_such_view", "select [/x]", "select nothing[0] from ref.unit"],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_a_mistake_in_sql_is_said_in_words(
    jibao: Callable, small: Path, query: str, form: str
) -> None:
    result = jibao("sql", query, "--warehouse", small, "--format", form)
    assert result.exit_code == 2
    assert "jibao: SQL 有误 · SQL: " in result.stderr
    assert "Error" in result.stderr


@pytest.mark.parametrize("command", [("sql", "select 1"), ("status",)])
def test_a_warehouse_that_is_not_there_is_said_in_words(
    jibao: Callable, tmp_path: Path, command: tuple[str, ...]
) -> None:
    result = jibao(*command, "--warehouse", tmp_path / "none")
    assert result.exit_code == 2
    assert (
        f"there is no warehouse at {tmp_path / 'none' / 'jibao.duckdb'} yet; run `jibao run` first"
        in result.stderr
    )
    assert not (tmp_path / "none").exists()


def test_nothing_is_shown_as_nothing_and_text_as_it_is(jibao: Callable, small: Path) -> None:
    result = jibao(
        "sql",
        "select null as a, '[red]x[/]' as b, 1.50::decimal(9,2) as c, 100::decimal(9,2) as d, 0.1::double as e",
        "--warehouse",
        small,
    )
    assert "None" not in result.stdout
    assert "[red]x[/]" in result.stdout
    row = next(line for line in result.stdout.splitlines() if "[red]" in line)
    assert row.split() == ["NULL", "[red]x[/]", "1.5", "100", "0.1000"]


def test_a_long_answer_says_that_it_is_cut(jibao: Callable, small: Path) -> None:
    result = jibao("sql", "select range as n from range(1500)", "--warehouse", small)
    assert "the first 1,000 rows; --format csv gives all" in result.stdout
    assert "1200" not in result.stdout
    result = jibao(
        "sql", "select range as n from range(1500)", "--warehouse", small, "--format", "csv"
    )
    assert len(result.stdout.splitlines()) == 1501


# --- status and run ---------------------------------------------------------------------------


def test_status_tells_submissions_what_is_late_missing_and_the_last_run(
    jibao: Callable, small: Path
) -> None:
    result = jibao("status", "--warehouse", small, "--day", "2022-11-01")
    assert result.exit_code == 0
    lines = {
        tuple(line.split()[:2]): line.split()[2:]
        for line in result.stdout.partition("待报")[0].splitlines()
        if "2022Q" in line
    }
    assert lines["150571", "2022Q3"][:5] == ["2", "2", "2", "0", "0"], (
        "due, came, late, rejected, missing: all came on 20 October"
    )
    assert lines["150571", "2022Q1"][:5] == ["1", "1", "0", "1", "0"], (
        "the other form was first sent for a later quarter"
    )
    assert lines["CN", "2022Q2"][:5] == ["1", "1", "1", "0", "0"]
    assert "last run run-1, 完成于 finished 20" in result.stdout
    assert "（北京时间 Beijing time）: 1 accepted" in result.stdout


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2022-11-01", ["reported: 2022Q3", "CN 2022Q3 2022-10-18 14 overdue 逾期 gdp", "150571 2022Q1 2022-04-18 197 overdue 逾期 gdp"]),
        ("2023-01-08", ["reported: 2022Q4", "CN 2022Q4 2023-01-19 11 left 剩余 gdp", "150571 2022Q4 2023-01-08 today 今天 contract_ledger"]),
        ("2023-11-01", ["no longer asked for, with the last quarter sent: CN (2022Q2)", "150571 2023Q3 2023-10-18 14 overdue 逾期 gdp"]),
        ("2026-11-24", ["nothing is due", "with the last quarter sent: 150571 (2022Q3)"]),
    ],
)  # fmt: skip
def test_status_tells_what_is_due_before_it_is_missed(
    jibao: Callable, small: Path, day: str, words: list[str]
) -> None:
    said = " ".join(jibao("status", "--warehouse", small, "--day", day).stdout.split())
    for part in words:
        assert part in said, said


def test_a_zone_that_is_no_longer_asked_is_not_overdue(jibao: Callable, small: Path) -> None:
    said = jibao("status", "--warehouse", small, "--day", "2023-11-01").stdout
    assert "no longer asked for, with the last quarter sent: CN (2022Q2)" in said
    assert not [line for line in said.splitlines() if "CN" in line and "overdue" in line]


def test_status_names_the_last_run_that_failed(jibao: Callable, small: Path) -> None:
    with pytest.raises(RuntimeError), remember_failure(small, lambda: "watch · gdp [red]2022Q3[/]"):
        raise RuntimeError("the disk is full :x:")
    try:
        said = jibao("status", "--warehouse", small).stdout
        assert "the last run failed: watch · gdp [red]2022Q3[/], 20" in said
        assert "RuntimeError: the disk is full :x:" in said, "nothing is markup or a picture"
    finally:
        (small / "failed_run.json").unlink()
    assert "failed" not in jibao("status", "--warehouse", small).stdout


def test_status_fits_a_terminal_of_80_columns(
    jibao: Callable, run_warehouse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.cli import terminal

    monkeypatch.setattr(terminal.out, "width", 80)
    said = jibao("status", "--warehouse", run_warehouse.folder, "--day", "2023-01-10").stdout
    assert max(map(len, said.partition("待报")[2].splitlines()[1:-2])) <= 80
    assert "rejected" in said and "missing" in said


def test_status_of_the_real_warehouse(jibao: Callable, run_warehouse: Any) -> None:
    result = jibao("status", "--warehouse", run_warehouse.folder)
    assert result.exit_code == 0
    assert len([line for line in result.stdout.splitlines() if "2022Q3" in line.split()[:2]]) == 2
    assert f"last run {run_warehouse.summary.run}" in result.stdout
    assert "35 accepted 入库, 0 partial 部分入库, 0 rejected 退回" in result.stdout
    [asked] = [line for line in result.stdout.splitlines() if "CON-STAGE" in line]
    assert "150571/2022Q3/contract_ledger" in asked and asked.split()[0] == "—", (
        "it moves no figure"
    )


@pytest.mark.torture
def test_the_catalogue_says_what_an_empty_view_waits_for(jibao: Callable, small: Path) -> None:
    said = jibao("catalogue", "--warehouse", small, "--empty")
    assert said.exit_code == 0
    [line] = [w for w in said.stdout.splitlines() if "metrics.enterprise_top" in w]
    assert line.split()[1] == "0"
    assert "enterprise_quarter" in said.stdout and "metrics.sector_growth " not in said.stdout


def test_a_run_with_nothing_to_do_is_quick_and_shows_the_headline(
    jibao: Callable, run_warehouse: Any
) -> None:
    before = run_warehouse.path.stat().st_mtime_ns
    result = jibao("run", "--raw", run_warehouse.raw, "--warehouse", run_warehouse.folder)
    assert result.exit_code == 0
    assert f"nothing new in {run_warehouse.raw}; the warehouse is current" in result.stdout
    for words in ("107.92 亿元", "3.4 %", "150571 2022Q3", "CN 2024Q4", "jibao status"):
        assert words in result.stdout, words
    assert run_warehouse.path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--zone", "150572"), "there is no zone 150572; known: 150571, CN"),
        (("--period", "2022Q7"), "“2022Q7” is not a period"),
        (("--form", "gpd"), "there is no form gpd; nearest of 30: gdp, "),
        (
            ("--raw", "no-such-folder"),
            "there is no folder no-such-folder; submissions are looked for there",
        ),
    ],
)
def test_a_run_that_is_asked_wrongly_is_2(
    jibao: Callable, run_warehouse: Any, arguments: tuple[str, ...], words: str
) -> None:
    result = jibao(
        "run", "--warehouse", run_warehouse.folder, "--raw", run_warehouse.raw, *arguments
    )
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_run_passes_on_what_it_was_asked(
    jibao: Callable, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.orchestration import quarter

    asked: list[tuple[Any, ...]] = []

    def remember(*arguments: Any, **more: Any) -> quarter.RunSummary:
        asked.append((*arguments, more))
        return quarter.RunSummary(
            "run-9",
            dry_run=True,
            files=3,
            unchanged=1,
            statuses={"accepted": 2},
            rows={"read": 8},
            findings={"query": 1},
        )

    monkeypatch.setattr(quarter, "run_quarter", remember)
    before = published_path(small).read_bytes()
    raw = tmp_path / "sent"
    (raw / "CN" / "2022Q3").mkdir(parents=True)
    (raw / "CN" / "2022Q3" / "gdp.csv").write_text("x", encoding="utf-8")
    result = jibao(
        "run",
        "--raw",
        raw,
        "--warehouse",
        small,
        "--zone",
        "CN",
        "--zone",
        "150571",
        "--form",
        "gdp",
        "--dry-run",
        "--rebuild",
    )
    assert result.exit_code == 0, result.output
    assert asked == [
        (raw, small, Selection(("CN", "150571"), (), ("gdp",)), {"dry_run": True, "rebuild": True})
    ]
    assert (
        "dry run: 3 files, 1 unchanged; 2 accepted; rows: 8 read; findings: 1 query"
        in result.stdout
    )
    assert published_path(small).read_bytes() == before, "a dry run never throws the warehouse away"


def test_a_run_that_failed_on_a_file_is_over_and_ends_with_3(
    jibao: Callable, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.orchestration import quarter
    from flows.warehouse.own_faults import OwnFault

    summary = quarter.RunSummary("run-9", dry_run=True, files=3, statuses={"accepted": 2})
    summary.faults.append(OwnFault("CN/2022Q3/gdp.csv", "ZeroDivisionError: division by zero"))
    monkeypatch.setattr(quarter, "run_quarter", lambda *_, **__: summary)
    result = jibao("run", "--raw", tmp_path, "--warehouse", small, "--dry-run")
    assert result.exit_code == 3
    assert "a fault of ours: CN/2022Q3/gdp.csv: ZeroDivisionError" in result.stdout
    assert summary.outcome == "Completed with faults"


def test_a_quarter_that_nobody_sent_is_told_before_the_flow_starts(
    jibao: Callable, small: Path, tmp_path: Path
) -> None:
    raw = tmp_path / "sent"
    (raw / "CN" / "2022Q3").mkdir(parents=True)
    (raw / "CN" / "2022Q3" / "gdp.csv").write_text("x", encoding="utf-8")
    result = jibao("run", "--raw", raw, "--warehouse", small, "--period", "2099Q1", "--dry-run")
    assert result.exit_code == 2
    assert "there is no submission for 2099Q1" in result.output and "CN/2022Q3" in result.output
    assert "Traceback" not in result.output and "starting the flow" not in result.output


def test_a_broken_pipeline_is_said_without_a_stack_trace(
    jibao: Callable, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.model.errors import BuildError, DisagreementError
    from flows.orchestration import quarter

    for problem in (
        BuildError("checks.x: not so"),
        DisagreementError("gdp_rows: different rows"),
        OSError("no space left on device"),
    ):

        def fail(*_: Any, _problem: Exception = problem, **__: Any) -> None:
            raise _problem

        monkeypatch.setattr(quarter, "run_quarter", fail)
        result = jibao("run", "--raw", tmp_path, "--warehouse", small, "--dry-run")
        assert result.exit_code == 2, "1 would say that the files have findings"
        assert str(problem) in result.stderr


# --- the program itself -----------------------------------------------------------------------


def test_a_question_that_takes_too_long_is_given_up_with_ctrl_c(small: Path) -> None:
    """Of both of its threads: DuckDB by itself waits for the other one, which would take hours."""
    endless = "select sum(a.i * b.i) from (select unnest(range(1000000)) as i) as a, range(9000000) as b(i)"
    root = Path(__file__).resolve().parents[2]
    asked = subprocess.Popen(
        [sys.executable, "-c", "from flows.cli import main; main()", "sql", endless, "--warehouse", str(small)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=root,
    )  # fmt: skip
    of_main = Path(f"/proc/{asked.pid}/task/{asked.pid}/children")
    opened = wait_for(
        "the question",
        lambda: [
            fd
            for child in of_main.read_text().split()
            for fd in Path(f"/proc/{child}/fd").iterdir()
            if "jibao" in str(fd.readlink())
        ],
        60,
    )
    assert opened
    time.sleep(1)
    asked.send_signal(signal.SIGINT)
    said, _ = asked.communicate(timeout=30)
    assert (asked.returncode, said.strip()) == (
        130,
        "",
    )  # as a shell expects of one that was interrupted


def test_help_names_the_commands(jibao: Callable) -> None:
    result = jibao("--help")
    assert result.exit_code == 0
    for command in ("run", "validate", "sql", "status"):
        assert command in result.stdout


def test_a_wide_result_is_read_line_by_line_on_a_narrow_screen(jibao, small, monkeypatch) -> None:
    monkeypatch.setattr("flows.cli.terminal.out._width", 80)
    result = jibao(
        "sql",
        "select 1.5 as a, null as b, '甲' as c, 2 as d, 3 as e, 4 as f, 5 as g, 6 as h, 7 as i",
        "--warehouse",
        small,
    )
    assert result.exit_code == 0
    assert [line.split() for line in result.output.splitlines()[:3]] == [
        ["a", "1.5"],
        ["b", "NULL"],
        ["c", "甲"],
    ]
    assert result.output.splitlines()[-1] == "1 行 · 1 row"


def test_a_receipt_of_a_file_that_is_not_there_is_told_in_words(jibao, small) -> None:
    result = jibao("receipt", "no/such.csv", "--warehouse", small)
    assert (result.exit_code, result.output.strip()) == (
        2,
        "jibao: 没有文件 no/such.csv · there is no file no/such.csv",
    )
