"""The verdict: what explanations close, and what holds a row beside them, in a run and in `validate`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import openpyxl
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.model.finding import Finding, findings_table
from flows.model.submission import Explanation, Reading
from flows.receive.manifest import ManifestLine, write_manifest
from flows.reply.findings_sheet import LISTING
from flows.reply.step import write_replies
from flows.validate.batch import FormBatch
from flows.validate.verdict import explain_findings, reach_verdict
from tests.history import CATALOGUE, Compared, judge_folder, write

WHY = "价格结构变化所致，已与核算科核对"
HEADINGS = "指标名称,计量单位,本年累计,同比增长（%）\n"
RETAIL = HEADINGS + "社会消费品零售总额,亿元,{},3.6\n固定资产投资,亿元,{},6.6\n"
GDP = (
    HEADINGS + "地区生产总值,亿元,100.00,6.0\n第一产业增加值,亿元,10.00,3.0\n"
    "第二产业增加值,亿元,40.00,5.0\n第三产业增加值,亿元,50.00,6.6\n"
)
PROJECTS = "项目名称,项目领域,建设阶段,计划总投资（万元）\n"
# what a finding is about → the files that came, the one asked about last, and the rule that asks
ASKED = {
    "a row": ({"2022Q3/project_ledger": PROJECTS + "虚构项目,工业,开工,约100\n"}, "VALUE-BOUND"),
    "a submission": ({"2022Q3/gdp": GDP}, "GDP-WEIGHTED"),
    "a figure across quarters": (
        {
            "2022Q1/main_indicators": RETAIL.format("10.0", "30.0"),
            "2022Q2/main_indicators": RETAIL.format("9.5", "60.0"),
        },
        "FIGURE-YTD-FALLS",
    ),
    "a row across quarters": (
        {
            "2022Q2/project_ledger": PROJECTS + "虚构项目甲,工业,主体完工,100\n",
            "2022Q3/project_ledger": PROJECTS + "虚构项目甲,工业,开工,100\n",
        },
        "STAGE-BACK",
    ),
}


class Office:
    """A folder of submissions and its warehouse: files come, are answered, and come back."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.warehouse, self.runs = folder / "raw", folder / "warehouse", 0
        self.folder = folder
        self.warehouse.mkdir()
        self.work = folder

    def run(self) -> Compared:
        """One run by its plain functions, loaded into the warehouse."""
        self.runs += 1
        self.work = self.folder / f"work{self.runs}"
        return judge_folder(self.raw, self.work, self.warehouse, load=True)

    def answer(self, name: str, code: str, text: str, revision: int = 2) -> Path:
        """The return workbook of a file, a finding explained in it, saved as its next revision."""
        period, form = name.split("/")
        replies = write_replies(self.work / form.partition(".")[0], self.raw, self.work / "replies")
        (path,) = [p for p in replies if p.parent.name == period]
        workbook = openpyxl.load_workbook(path)
        sheet = workbook[LISTING]
        for row in range(12, sheet.max_row + 1):
            if str(sheet.cell(row, 10).value).endswith(code):
                sheet.cell(row, 9).value = text
        sheet["B10"] = "张三"
        target = self.raw / "150571" / period / f"{form.partition('.')[0]}.r{revision}.xlsx"
        workbook.save(target)
        self.receive(target, f"2022-11-0{revision}T09:00:00+08:00")
        return target

    def receive(self, path: Path, received_at: str) -> None:
        content = path.read_bytes()
        line = ManifestLine(
            path.relative_to(self.raw).as_posix(),
            hashlib.sha256(content).hexdigest(),
            str(len(content)),
            "某部门",
            received_at,
        )
        write_manifest(self.raw, [line])

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse / "jibao.duckdb"), read_only=True) as con:
            return con.execute(sql).fetchall()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def validate_at_the_desk(path: Path, warehouse: Path) -> tuple[int, list[dict]]:
    """What `jibao validate` answers: its exit code and the findings."""
    words = ["validate", str(path), "--format", "json", "--warehouse", str(warehouse)]
    answer = CliRunner().invoke(app, words)
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, json.loads(answer.stdout)[0]["findings"]


@pytest.mark.parametrize(
    "about",
    [
        "a row",
        "a figure across quarters",
        pytest.param("a submission", marks=pytest.mark.torture),
        pytest.param("a row across quarters", marks=pytest.mark.torture),
    ],
)
def test_an_explanation_closes_a_finding_about(about: str, office: Office) -> None:
    files, code = ASKED[about]
    write(office.raw, files, {})
    first = office.run()
    name = list(files)[-1]
    (asked,) = [f for f in first.of(code) if f.outcome == "broken"]
    assert asked.explanation is None and name in asked.path
    answered = office.answer(name, code, WHY)
    at_the_desk, findings = validate_at_the_desk(answered, office.warehouse)
    (of_desk,) = [f for f in findings if f["code"] == code and f["outcome"] == "broken"]
    assert (of_desk["explanation"], at_the_desk) == (WHY, 0)
    second = office.run()
    (closed,) = [f for f in second.of(code) if f.outcome == "broken" and ".r2." in f.path]
    assert closed.explanation == WHY
    assert second.judged[f"{name}.r2"]["status"] == "accepted"
    assert office.rows("select code, text, given_by from ledger.explanation") == [
        (code, WHY, "张三")
    ]


def test_an_explanation_beside_a_row_that_has_to_be_corrected(office: Office) -> None:
    """The question is closed, the row is held: one does not undo the other."""
    files = {
        "2022Q1/main_indicators": RETAIL.format("10.0", "30.0"),
        "2022Q2/main_indicators": RETAIL.format("9.5", "6o.0"),
    }
    write(office.raw, files, {})
    office.run()
    answered = office.answer("2022Q2/main_indicators", "FIGURE-YTD-FALLS", WHY)
    code, findings = validate_at_the_desk(answered, office.warehouse)
    assert code == 1, "a row is still held"
    assert {f["code"]: f["explanation"] for f in findings if f["outcome"] == "broken"} == {
        "VALUE-NUMBER": None,
        "LINE-MISSING": None,
        "FIGURE-YTD-FALLS": WHY,
    }
    second = office.run()
    assert second.judged["2022Q2/main_indicators.r2"]["status"] == "partial"
    (held,) = second.held["2022Q2/main_indicators.r2"]
    assert held["code"] == "VALUE-NUMBER" and "6o.0" in held["data"]
    assert [r["indicator"] for r in second.accepted["2022Q2/main_indicators.r2"]] == [
        "retail_sales"
    ]


@pytest.mark.torture
def test_one_file_with_an_explanation_stops_no_other(office: Office) -> None:
    files, code = ASKED["a figure across quarters"]
    write(office.raw, files, {})
    office.run()
    office.answer("2022Q2/main_indicators", code, WHY)
    new = office.raw / "150571/2022Q3/gdp.csv"
    new.parent.mkdir(parents=True)
    new.write_text(GDP, encoding="utf-8")
    office.receive(new, "2022-11-02T09:00:00+08:00")
    assert {path: row["status"] for path, row in office.run().judged.items()} == {
        "2022Q2/main_indicators.r2": "accepted",
        "2022Q3/gdp": "accepted",
    }


@pytest.mark.torture
def test_an_explanation_that_is_too_short_closes_nothing(office: Office) -> None:
    files, code = ASKED["a row across quarters"]
    write(office.raw, files, {})
    office.run()
    office.answer("2022Q3/project_ledger", code, "属实")
    second = office.run()
    (asked,) = [f for f in second.of(code) if ".r2." in f.path]
    assert asked.explanation is None
    assert second.of("EXPLANATION-SHORT")[0].value == "属实"
    assert office.rows("select count(*) from ledger.explanation") == [(0,)]


@pytest.mark.torture
def test_an_explanation_sent_twice_is_kept_with_each_submission_it_came_with(
    office: Office,
) -> None:
    files, code = ASKED["a figure across quarters"]
    write(office.raw, files, {})
    office.run()
    answered = office.answer("2022Q2/main_indicators", code, WHY)
    office.run()
    again = answered.with_name("main_indicators.r3.xlsx")
    again.write_bytes(answered.read_bytes())  # the same bytes once more
    office.receive(again, "2022-11-05T09:00:00+08:00")
    assert office.run().judged == {}, "the same bytes twice change nothing"
    other = office.folder / "other.xlsx"
    workbook = openpyxl.load_workbook(answered)
    workbook[LISTING]["B10"] = "李四"
    workbook.save(other)
    again.write_bytes(other.read_bytes())
    office.receive(again, "2022-11-06T09:00:00+08:00")
    third = office.run()
    (closed,) = [f for f in third.of(code) if ".r3." in f.path and f.outcome == "broken"]
    assert closed.explanation == WHY
    given = office.rows("select text, given_by from ledger.explanation order by given_at")
    assert given == [(WHY, "张三"), (WHY, "李四")]


def test_a_verdict_reached_again_is_the_same(office: Office) -> None:
    """A task that is tried again finds what it needs and writes the same bytes."""
    write(office.raw, {"2022Q2/main_indicators": RETAIL.format("9.5", "6o.0")}, {})
    office.run()
    folder = office.work / "main_indicators"
    batch = FormBatch(CATALOGUE["main_indicators"], folder)
    outputs = ("finding", "result", "accepted", "held", "judged")
    reach_verdict(batch)
    before = {name: (folder / f"{name}.arrow").read_bytes() for name in outputs}
    reach_verdict(batch)
    assert {name: (folder / f"{name}.arrow").read_bytes() for name in outputs} == before
    assert Reading.open(folder).rows_read and before["held"]


def test_one_answer_closes_the_question_in_every_cell_of_its_row_and_in_no_other() -> None:
    """FIGURE-LEVEL-GROWTH marks level and growth: whoever answers beside one of them has answered."""

    def asked(row_key: str, column: str, words: str, severity: str = "query") -> Finding:
        return Finding(
            "s1", "p", "main_indicators", "150571", "2022Q3", "FIGURE-LEVEL-GROWTH", severity, "history",
            row_key=row_key, column=column, message_zh=words,
        )  # fmt: skip

    findings = [
        asked("社零", "value", "三者必有一误"),
        asked("社零", "growth_pct", "三者必有一误"),
        asked("固投", "growth_pct", "三者必有一误"),
        asked("社零", "growth_pct", "另一个问题"),
        asked("社零", "growth_pct", "三者必有一误", "quarantine"),
    ]
    given = Explanation("s1", "FIGURE-LEVEL-GROWTH", None, "社零", "value", WHY, "张三", "")
    explained = explain_findings(findings_table(findings), [given])
    assert explained.column("explanation").to_pylist() == [WHY, WHY, None, None, None]
