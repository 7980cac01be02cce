"""A return workbook that comes back is data and answers, and each answer finds its finding."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from flows.model.finding import Finding
from flows.model.submission import save_submissions
from flows.read.explanations import Key
from flows.reply.findings_sheet import LISTING
from flows.reply.step import write_replies

ENTRY, MESSAGE, EXPLANATION, RULE = 1, 3, 9, 10
HEADING, NAME = 11, "B10"
GDP = """指标名称,计量单位,本年累计,同比增长（%）
地区生产总值,亿元,100.00,6.0
第一产业增加值,亿元,10.00,3.0
第二产业增加值,亿元,40.00,5.0
第三产业增加值,亿元,50.00,6.6
"""
WHY = "价格结构变化所致，已与核算科核对"


@pytest.fixture
def answer() -> Callable[..., Workbook]:
    """`answer(judged)`: the return workbook of a judged file, open for its sender to fill in."""

    def write(judged: object, sender: str = "") -> Workbook:
        submission = replace(
            judged.submission, sender=sender, received_at="2022-10-20T09:00:00+08:00"
        )
        save_submissions([submission], judged.folder / "submissions.jsonl")
        (path,) = write_replies(judged.folder, judged.folder.parent, judged.folder / "replies")
        return openpyxl.load_workbook(path)

    return write


def line_of(workbook: Workbook, code: str) -> int:
    sheet = workbook[LISTING]
    return next(
        n
        for n in range(HEADING + 1, sheet.max_row + 1)
        if str(sheet.cell(n, RULE).value).endswith(code)
    )


def explain(workbook: Workbook, code: str, text: str, name: str | None = "张三") -> None:
    workbook[LISTING].cell(line_of(workbook, code), EXPLANATION).value = text
    workbook[LISTING][NAME] = name


def bytes_of(workbook: Workbook, folder: Path) -> bytes:
    path = folder / "sent.xlsx"
    workbook.save(path)
    return path.read_bytes()


@pytest.fixture
def again(judge_file: Callable[..., object], tmp_path: Path) -> Callable[..., object]:
    """`again(workbook)`: the workbook, sent back as a revision of the form, judged."""
    return lambda workbook, form="gdp": judge_file(
        form, bytes_of(workbook, tmp_path), name=f"{form}.r2.xlsx"
    )


# --- read back ----------------------------------------------------------------------------------


def test_a_return_workbook_sent_back_is_the_same_data_and_its_explanation_settles_the_finding(
    judge_file, answer, again
):
    first = judge_file("gdp", GDP)
    assert first.codes == ["GDP-WEIGHTED"]
    workbook = answer(first)
    explain(workbook, "GDP-WEIGHTED", WHY)
    second = again(workbook)
    found = second.only("GDP-WEIGHTED")
    assert found.explanation == WHY and second.status == "accepted"
    figures = ("indicator", "value", "growth_reported_pct", "unit", "qualifier")
    assert [[row[f] for f in figures] for row in second.accepted] == [
        [row[f] for f in figures] for row in first.accepted
    ]


def test_without_an_answer_the_finding_is_found_again(judge_file, answer, again):
    found = again(answer(judge_file("gdp", GDP))).only("GDP-WEIGHTED")
    assert found.explanation is None


def test_a_correction_in_the_workbook_counts(judge_file, answer, again):
    workbook = answer(judge_file("gdp", GDP.replace("100.00,6.0", "1O0.00,6.0")))
    workbook["报送内容 As sent"]["C2"] = "100.00"
    workbook["报送内容 As sent"]["D2"] = 5.6
    assert again(workbook).findings == []


@pytest.mark.parametrize("change", ["renamed", "sorted", "moved"])
def test_the_list_is_known_by_its_marks_whatever_was_done_to_it(judge_file, answer, again, change):
    text = GDP.replace("第一产业增加值,亿元,10.00,3.0\n", "第一产业增加值,亿元,,3.0\n")
    workbook = answer(judge_file("gdp", text))
    explain(workbook, "LINE-LEVEL", WHY)
    sheet = workbook[LISTING]
    if change == "renamed":
        sheet.title = "Sheet9"
    elif change == "sorted":
        lines = [[c.value for c in row] for row in sheet.iter_rows(min_row=HEADING + 1)]
        for n, line in enumerate(reversed(lines), start=HEADING + 1):
            for index, value in enumerate(line, start=1):
                sheet.cell(n, index).value = value
    else:
        workbook.move_sheet(sheet, len(workbook.sheetnames))
    judged = again(workbook)
    assert judged.only("LINE-LEVEL").explanation == WHY and judged.rows_read == 4


def test_one_answer_to_many_rows_is_kept_for_each(judge_file, answer, again):
    text = "项目名称,项目领域,建设阶段,计划总投资（万元）\n" + "".join(
        f"项目{n},工业,开工,约100\n" for n in range(5)
    )
    workbook = answer(judge_file("project_ledger", text))
    assert workbook[LISTING].cell(line_of(workbook, "VALUE-BOUND"), 8).value == 5
    explain(workbook, "VALUE-BOUND", WHY)
    assert [(f.row_key, f.explanation) for f in again(workbook, "project_ledger").broken()] == [
        (f"项目{n}", WHY) for n in range(5)
    ]


# --- what is not kept ---------------------------------------------------------------------------


def test_a_short_explanation_is_told_and_does_not_count(judge_file, answer, again):
    workbook = answer(judge_file("gdp", GDP))
    explain(workbook, "GDP-WEIGHTED", "属 实 无 误")
    judged = again(workbook)
    found = judged.only("EXPLANATION-SHORT")
    assert (
        found.message_zh
        == "对“GDP-WEIGHTED 地区生产总值”的说明“属 实 无 误”只有 4 个字，不少于 10 个字才算说明"
    )
    assert found.cell == f"I{line_of(workbook, 'GDP-WEIGHTED')}" and found.sheet == LISTING
    assert judged.only("GDP-WEIGHTED").explanation is None and judged.status == "accepted"


def test_what_has_to_be_corrected_is_not_explained_away(judge_file, answer, again):
    workbook = answer(judge_file("gdp", GDP.replace("亿元,100.00", "亿元,200.00")))
    explain(workbook, "GDP-SUM", "就是这个数，请直接入库吧")
    judged = again(workbook)
    assert judged.status == "rejected" and judged.only("GDP-SUM").explanation is None
    assert "does not replace that" in judged.only("EXPLANATION-HARD").message_en


def test_an_explanation_without_a_name_asks_for_one_unless_the_sender_is_known(
    judge_file, answer, again
):
    workbook = answer(judge_file("gdp", GDP))
    explain(workbook, "GDP-WEIGHTED", WHY, name=None)
    judged = again(workbook)
    assert (
        judged.codes == ["EXPLANATION-UNNAMED", "GDP-WEIGHTED"]
        and judged.only("GDP-WEIGHTED").explanation == WHY
    )


def test_an_explanation_whose_key_is_gone_is_told(judge_file, answer, again):
    workbook = answer(judge_file("gdp", GDP))
    explain(workbook, "GDP-WEIGHTED", WHY)
    workbook[LISTING].cell(line_of(workbook, "GDP-WEIGHTED"), 11).value = None
    judged = again(workbook)
    assert (
        WHY in judged.only("EXPLANATION-LOST").message_zh
        and judged.only("GDP-WEIGHTED").explanation is None
    )


def test_the_list_alone_is_no_submission(judge_file, answer, again):
    workbook = answer(judge_file("gdp", GDP))
    explain(workbook, "GDP-WEIGHTED", WHY)
    del workbook["报送内容 As sent"]
    judged = again(workbook)
    assert judged.codes == ["EXPLANATION-ALONE"] and judged.status == "rejected"


def test_an_extract_does_not_pass_for_the_whole(judge_file, answer, again, monkeypatch):
    monkeypatch.setattr("flows.reply.sender_sheets.MAX_CELLS", 100)
    text = "项目名称,项目领域,建设阶段\n" + "".join(
        f"项目{n},{'第四产业' if n == 70 else '工业'},开工\n" for n in range(2, 100)
    )
    workbook = answer(judge_file("project_ledger", text))
    assert "不能直接报回" in workbook[LISTING]["A9"].value
    judged = again(workbook, "project_ledger")
    assert judged.status == "rejected" and [f.code for f in judged.broken()] == [
        "EXPLANATION-ALONE"
    ]


# --- the reply to a return workbook -------------------------------------------------------------


def test_the_reply_to_a_return_workbook_shows_the_explanation_and_only_what_is_wrong_now(
    judge_file, answer, again
):
    text = GDP.replace("第一产业增加值,亿元,10.00,3.0", "第一产业增加值,亿元,1O.00,3.0")
    workbook = answer(judge_file("gdp", text + "第三产业增加值,亿元,x,\n"))
    own = workbook["报送内容 As sent"]
    assert own["C3"].comment and own["C3"].fill.fill_type
    own["C3"] = "10.00"
    own.delete_rows(6)
    second = again(workbook)
    assert second.codes == ["GDP-WEIGHTED"]
    workbook = answer(second)
    assert workbook.sheetnames == [LISTING, "报送内容 As sent"]
    own = workbook["报送内容 As sent"]
    (left,) = own["C3"].comment.text.split("\n\n")
    assert left == own["D2"].comment.text, "what was wrong is off, what is asked is about it too"
    explain(workbook, "GDP-WEIGHTED", WHY)
    workbook = answer(again(workbook))
    line = workbook[LISTING][line_of(workbook, "GDP-WEIGHTED")]
    assert line[EXPLANATION - 1].value == WHY and line[6].value == "✓ 已说明\nExplained"
    assert (
        "1 处的说明已收到并保存" in workbook[LISTING]["A2"].value
        and "1 explanation kept" in workbook[LISTING]["A2"].value
    )
    assert (
        again(workbook).only("GDP-WEIGHTED").explanation == WHY
    )  # and it stays when this one is sent on


# --- keys ---------------------------------------------------------------------------------------

KEYS = st.lists(
    st.none() | st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30),
    min_size=1,
    max_size=400,
)


@given(keys=KEYS, column=st.none() | st.just("value"))
def test_a_key_reads_back_as_it_was_written(keys, column):
    key = Key("GDP-SUM", "query", column, "表 1", tuple(dict.fromkeys(keys)))
    cells = key.write()
    assert all(len(cell) <= 32_000 for cell in cells)
    assert Key.read([*cells, None, None]) == key


def test_a_key_of_very_many_rows_takes_more_cells():
    place = {
        "submission": "s",
        "path": "p",
        "form": "f",
        "zone": "z",
        "period": "2022Q3",
        "code": "A-B",
        "severity": "query",
        "stage": "record",
    }
    findings = [Finding(**place, row_key=f"911505{n:012}") for n in range(20_000)]
    cells = Key.of(findings).write()
    assert len(cells) > 10 and Key.read(list(cells)).row_keys[-1] == "911505000000019999"
    assert Key.read(cells[:-1]) is None


# --- through the real flow ----------------------------------------------------------------------


@pytest.mark.torture
def test_the_loop_from_the_spoiled_file_to_the_kept_explanation(run_quarter, tmp_path):
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    folder = raw / "150571" / "2022Q3"
    folder.mkdir(parents=True)
    (folder / "gdp.csv").write_text(GDP, encoding="utf-8")
    summary = run_quarter(raw, warehouse)
    assert summary.findings == {"query": 1}
    workbook = openpyxl.load_workbook(summary.replies[0])
    explain(workbook, "GDP-WEIGHTED", WHY, name="李四")
    workbook.save(folder / "gdp.r2.xlsx")

    summary = run_quarter(raw, warehouse)
    assert summary.statuses == {"accepted": 1} and summary.findings == {"explained": 1}
    asked = """
        select e.code, e.row_key, e."column", e.text, e.given_by, e.given_at = s.received_at, s.path, s.status, t.is_current,
            t.findings_query, t.findings_explained, f.explanation
        from ledger.explanation as e
        inner join ledger.submission as s on e.submission = s.submission
        inner join staging.submission_status as t on e.submission = t.submission
        inner join ledger.finding as f on e.submission = f.submission
    """
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        kept = con.execute(asked).fetchall()
        assert con.execute("select count(*) from core.observation").fetchone() == (8,)
    path = "150571/2022Q3/gdp.r2.xlsx"
    assert kept == [
        (
            "GDP-WEIGHTED",
            "地区生产总值",
            "growth_pct",
            WHY,
            "李四",
            True,
            path,
            "accepted",
            True,
            0,
            1,
            WHY,
        )
    ]

    assert run_quarter(raw, warehouse).unchanged == 2  # the same again changes nothing
    shutil.rmtree(warehouse)
    run_quarter(raw, warehouse)
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        assert con.execute(asked).fetchall() == kept
