"""Every message of the command line is in Chinese and English, obeys nothing that a file says, and is never a stack trace."""

from __future__ import annotations

import ast
import io
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.cli import terminal
from flows.model.candidates import name_nearest, say_unknown
from flows.model.reason import require_reason
from flows.model.text import show_control
from flows.orchestration.effects import Effect
from flows.orchestration.summary import RunSummary, ToMend
from flows.warehouse.database import published_path

CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2}")
FLOWS = Path(__file__).resolve().parents[2] / "flows"
TOLD = {"ValueError", "OSError", "FileNotFoundError", "FileExistsError", "IsADirectoryError", "TimeoutError", "ChildProcessError",
        "WarehouseError", "BackupError", "_RefusedError"}  # fmt: skip
# a form's declaration is told behind words in both languages; a page's proof is judged, not told
ELSEWHERE = ("forms/", "publish/bulletin_check.py")


def assert_both(text: str) -> None:
    assert CHINESE.search(text) and ENGLISH.search(text), text
    assert "Traceback" not in text


def test_every_error_is_worded_in_chinese_and_english() -> None:
    seen, lacking = 0, []
    for path in sorted(FLOWS.rglob("*.py")):
        name = path.relative_to(FLOWS).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
                continue
            if ast.unparse(node.exc.func).rpartition(".")[2] not in TOLD:
                continue
            words = "".join(c.value for a in node.exc.args for c in ast.walk(a)
                            if isinstance(c, ast.Constant) and isinstance(c.value, str))  # fmt: skip
            # without a letter of its own it passes on what a function has worded
            if not ENGLISH.search(words) or name.startswith(ELSEWHERE):
                continue
            seen += 1
            if not CHINESE.search(words):
                lacking.append(f"{name}:{node.lineno} {words[:60]}")
    assert seen > 60 and lacking == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("freeze",), "缺少 PERIOD · PERIOD is missing"),
        (("accept", "150571", "2022Q3", "gdp"), "缺少 --reason"),
        (("freeze", "2022Q3", "--zoen", "x"), "是不是 --zone"),
        (("freze",), "没有命令 freze，最接近的有 freeze"),
        (("status", "more"), "多出了参数 more"),
        (("status", "--day", "soon"), "--day 的值不对"),
        (("validate", "a.csv", "--lang", "fr"), "--lang 的值不对"),
        (("validate", "."), ". 是文件夹，不是文件"),
        (("freeze", "2022Q5"), "“2022Q5”不是报告期"),
        (("template", "gpd"), "最接近的是：gdp 地区生产总值"),
        (("accept", "150571", "2022Q3", "gdp", "--reason", "x"), "不少于 10 个字"),
        (("accept", "150571", "2022Q3", "gdp", "--reason", "xxxxxxxxxxxxxxx"), "不少于 10 个字"),
        (("withdraw", "gdp.csv", "--reason", "x"), "撤回要写明理由"),
        (("receipt", "--sha256", "12"), "至少写前 8 位"),
        (("sql", "select 1", "--format", "parquet"), "parquet 不是文本"),
        (("backup", "x.tar.zst", "--raw", "nowhere"), "没有文件夹"),
    ],
)
def test_a_call_that_is_wrong_is_told_in_both_languages(
    jibao: Callable, arguments: tuple[str, ...], words: str
) -> None:
    result = jibao(*arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    for line in result.stderr.splitlines():
        assert_both(line)


def test_a_fault_of_ours_is_told_in_words_and_its_trace_kept(
    jibao: Callable, small: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(_: Any) -> None:
        raise KeyError("no such thing")

    monkeypatch.setattr("flows.cli.status._print_completeness", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = jibao("status", "--warehouse", small)
    assert result.exit_code == terminal.FAULT
    assert_both(result.stderr)
    assert "程序自身出错" in result.stderr and "KeyError" in result.stderr
    [kept] = tmp_path.glob("jibao-fault-*.txt")
    assert kept.name in result.stderr and "Traceback" in kept.read_text(encoding="utf-8")


def test_a_log_on_the_screen_has_no_trace_and_no_control_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    lines = io.StringIO()
    log = logging.Logger("flows of a test")
    log.addHandler(logging.StreamHandler(lines))
    log.addFilter(terminal.WithoutTraces())
    try:
        raise ZeroDivisionError("a defect of ours")
    except ZeroDivisionError:
        log.exception("%s: the pipeline failed on this file", "gdp\x1b[31m.csv")
    [kept] = tmp_path.glob("jibao-fault-*.txt")
    assert lines.getvalue() == rf"gdp\x1b[31m.csv: the pipeline failed on this file ({kept})" + "\n"
    assert "ZeroDivisionError: a defect of ours" in kept.read_text(encoding="utf-8")


def test_what_is_not_known_gets_its_nearest_and_not_a_list_of_all() -> None:
    known = {str(code): f"地区{code}" for code in range(100_000, 100_150)} | {"TEDA": "泰达"}
    told = say_unknown(("地区", "zone"), ["TEDDA"], known)
    assert told.startswith("没有地区 TEDDA；共 151 个，最接近的是：TEDA 泰达")
    assert "there is no zone TEDDA; nearest of 151: TEDA" in told and len(told) < 300
    assert name_nearest("100149", known)[0] == "100149"
    assert name_nearest("x", ["b", "a"]) == ["a", "b"], "of a few all"


def test_a_reason_says_something() -> None:
    assert require_reason("  核实后更正 第二产业总量 ", "", "") == "核实后更正 第二产业总量"
    for empty in ("", " ", "x", "核实", "。。。。。。。。。。。。", "ababababababab"):
        with pytest.raises(ValueError, match="不少于 10 个字"):
            require_reason(empty, "同意", "an acceptance")


# --- what a file says is shown and does nothing ---------------------------------------------------

HOSTILE = "a\x1b[31mb\x07c\u202ed\x9bJ\re"
WRITTEN = r"a\x1b[31mb\x07c\u202ed\x9bJ\re"


def test_control_characters_are_written_out() -> None:
    assert show_control(HOSTILE) == WRITTEN
    assert show_control("第一行\n第二行　全角", keep="\n") == "第一行\n第二行　全角"
    assert show_control("\ud800") == r"\ud800"


def test_a_name_or_a_cell_moves_no_cursor(jibao: Callable, place: Callable) -> None:
    table = "指标名称,计量单位,本年累计,同比增长\n地区生产总值,亿元,10\x1b[2J7,3.4\n\x1b]0;x\x07行,亿元,1,2\n"
    for lang in ("zh", "en"):
        result = jibao("validate", place(table, "150571/2022Q3/gdp\x1b[31m.csv"), "--form", "gdp", "--lang", lang)  # fmt: skip
        assert result.exit_code == 1
        assert re.search(r"gdp(\\x1b|\ufffd)\[31m\.csv", result.output)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", result.output)
    result = jibao("validate", place(table, "150571/2022Q3/\x1b[1mx.csv"), "--zone", "\x1b[31mred", "--form", "gdp")  # fmt: skip
    assert "\x1b" not in result.output


def test_a_result_of_sql_moves_no_cursor(jibao: Callable, small: Path) -> None:
    query = "select chr(27) || '[31m' as \"a\x1b\", null as b, '' as c"
    result = jibao("sql", query, "--warehouse", small)
    assert result.exit_code == 0 and "\x1b" not in result.output
    assert r"\x1b[31m" in result.output and "NULL" in result.output


# --- what a run and the status say ----------------------------------------------------------------


def test_a_run_sums_up_replies_and_names_what_is_to_be_mended(
    jibao: Callable, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.orchestration import quarter

    summary = RunSummary("run-9", dry_run=True, files=220, statuses={"accepted": 218})
    summary.replies = [f"w/replies/CN/2022Q3/gdp.{n}.xlsx" for n in range(220)]
    asked = [{"severity": "query", "code": "GDP-SUM"}]
    mends = [ToMend.of(f"CN/{n}/gdp.csv", "accepted", asked) for n in range(100, 300)]
    mends.append(ToMend.of("CN/2022Q3/gdp.r2.csv", "rejected", [{"severity": "reject", "code": "FILE-EMPTY"}]))  # fmt: skip
    assert ToMend.of("CN/1/gdp.csv", "accepted", []) is None
    summary.to_mend = [mend for mend in mends if mend]
    summary.effects = [Effect("更正 x 已生效", "the correction x stands")] * 30
    monkeypatch.setattr(quarter, "run_quarter", lambda *_, **__: summary)
    said = jibao("run", "--raw", tmp_path, "--warehouse", small, "--dry-run").stdout
    lines = said.splitlines()
    assert len(lines) < 60 and "gdp.219.xlsx" not in said
    assert any("退回的工作簿 220 份" in line and "220 return workbooks" in line for line in lines)
    named = [line for line in lines if "gdp" in line and "CN/" in line]
    assert "退回 rejected CN/2022Q3/gdp.r2.csv" in named[0] and "FILE-EMPTY" in named[0]
    assert "请说明 to explain CN/100/gdp.csv" in named[1] and "GDP-SUM" in named[1]
    assert len(named) == 15 and "另有 186 份 · 186 more" in said
    assert said.count("✓ 更正 x 已生效 · the correction x stands") == 20 and "另有 10 项" in said


def test_status_names_a_correction_that_was_rejected(jibao: Callable, small: Path) -> None:
    with duckdb.connect(str(published_path(small))) as con:
        con.execute("""
            insert into ledger.submission
            select s.* replace (
                'bad' as submission, '150571/2022Q2/gdp.r2.csv' as path, 2 as revision, 'rejected' as status
            ) from ledger.submission as s where s.path = '150571/2022Q2/gdp.csv'
        """)
        con.execute("""
            insert into ledger.finding (submission, zone, period, form, code, severity, outcome)
            values ('bad', '150571', '2022Q2', 'gdp', 'FILE-EMPTY', 'reject', 'broken')
        """)
    said = jibao("status", "--warehouse", small).stdout
    [line] = [line for line in said.splitlines() if "150571/2022Q2/gdp.r2.csv" in line]
    assert "FILE-EMPTY" in line and "150571/2022Q2/gdp.csv stands" in line
    assert "Files sent back and not yet corrected" in said
