"""Two judges that must agree, findings that name the cell, and a status that follows from them."""

from __future__ import annotations

import dataclasses
import io
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.arrow_files import open_table
from flows.model.errors import DisagreementError
from flows.model.finding import FINDING_SCHEMA, Finding, Severity, Status, findings_table, status_of
from flows.read.step import read_form
from flows.receive.step import describe_file
from flows.reply.places import cells_of, list_places
from flows.validate.expectations import write_data_docs
from tests.figures import GDP
from tests.history import credit_code
from tests.judging import judge_form

CATALOGUE = load_catalogue()
ENTERPRISE = "统一社会信用代码,单位详细名称,行业代码,是否规模以上,总产值本季,总产值本年累计,营业收入本年累计,利润总额本年累计,期末从业人员\n"


def sound_code(number: int) -> str:
    """A code of the zone's own office."""
    return credit_code(number, "91150500")


def enterprises(
    count: int, spoil: Callable[[int], tuple[int, str] | None] = lambda _: None, first: int = 0
) -> str:
    """A register of that many sound rows; `spoil(n)` gives a column and what to write there instead."""
    text = ENTERPRISE
    for n in range(count):
        row = [
            sound_code(first + n),
            f"虚构企业{first + n}",
            "3110",
            "是",
            "100",
            "300",
            "280",
            "12.5",
            "25",
        ]
        if change := spoil(n):
            row[change[0]] = change[1]
        text += ",".join(row) + "\n"
    return text


def judged_by_both(form: str, files: dict[str, str], folder: Path, judge: bool = True) -> Path:
    """Every file of a form in one run, Great Expectations judging unless told not to; the form's folder."""
    raw, work = folder / "raw", folder / "work"
    submissions = []
    for name, text in files.items():
        path = raw / "150571" / name / f"{form}.csv"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        submissions.append(describe_file(raw, path, form, "150571", name))
    read_form(CATALOGUE[form], submissions, raw, work)
    judge_form(
        CATALOGUE[form], submissions, findings_table([]), work, folder / "judge" if judge else None
    )
    return work


def verdicts(folder: Path) -> dict[str, tuple[list[int], dict]]:
    """What Great Expectations itself stored: the failing rows and the configuration, by check."""
    found = {}
    for path in (folder / "judge").rglob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        for result in content.get("results", []):
            config = result["expectation_config"]
            found[config["kwargs"]["column"]] = (
                result["result"].get("unexpected_index_list") or [],
                config,
            )
    return found


def broken_by_check(work: Path) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in open_table(work / "result.arrow").to_pylist():
        counts[row["check_name"]] += row["broken"]
    return dict(counts)


# --- the two judges ---------------------------------------------------------------------------


def spoil_some(n: int) -> tuple[int, str] | None:
    """Every kind of defect, as often as can be counted by hand: 10 rows of each kind in 600."""
    kinds = {
        0: (4, "12O"),
        1: (1, ""),
        2: (3, "也许"),
        3: (0, "91150500MA0N00001X"),
        4: (4, "301"),
        5: (8, "-3"),
        6: (7, "281"),
    }
    return kinds.get(n % 60)


def test_both_judges_name_the_same_rows(tmp_path: Path) -> None:
    work = judged_by_both(
        "enterprise_quarter",
        {"2022Q2": enterprises(300, spoil_some), "2022Q3": enterprises(300, spoil_some)},
        tmp_path,
    )
    stored = verdicts(tmp_path)
    counted = broken_by_check(work)
    for check in counted:
        assert len(stored[check][0]) == counted[check], check
    rows = {kind: [n for n in range(600) if n % 60 == kind] for kind in range(7)}
    assert stored["VALUE-NUMBER"][0] == rows[0], "by their row numbers, all of them"
    assert stored["VALUE-REQUIRED"][0] == rows[1]
    assert stored["VALUE-TYPE"][0] == sorted(rows[2] + rows[3]), (
        "a flag that is none, a code whose check character is wrong"
    )
    assert stored["ENT-OUTPUT-YTD:output_quarter_cny"][0] == rows[4]
    assert stored["VALUE-RANGE"][0] == rows[5]
    assert stored["ENT-PROFIT-REVENUE:profit_ytd_cny"][0] == rows[6]
    held = {(row["submission"], row["row"]) for row in open_table(work / "held.arrow").to_pylist()}
    assert len(held) == 60, "six kinds that hold a row, ten rows each"
    assert open_table(work / "accepted.arrow").num_rows == 540


def test_every_rule_is_an_expectation_with_its_severity(tmp_path: Path) -> None:
    judged_by_both("gdp", {"2022Q3": GDP}, tmp_path)
    stored = verdicts(tmp_path)
    codes = {config["meta"]["code"] for _, config in stored.values()}
    assert {r.code for r in CATALOGUE["gdp"].rules} <= codes
    assert {"VALUE-NUMBER", "UNIT-UNKNOWN", "LINE-MISSING", "KEY-DUPLICATE"} <= codes
    severities = {config["meta"]["code"]: config["severity"] for _, config in stored.values()}
    assert severities["GDP-SUM"] == severities["VALUE-NUMBER"] == "critical"
    assert severities["GDP-WEIGHTED"] == "warning"
    words = next(
        config["description"]
        for _, config in stored.values()
        if config["meta"]["code"] == "GDP-SUM"
    )
    assert words == "三次产业增加值之和等于地区生产总值 · the three sectors add up to GDP"


def patch_expectation(patch: pytest.MonkeyPatch, **changed: object) -> None:
    """Great Expectations is asked something else than what DuckDB was asked."""
    from flows.validate import expect_rule as module

    real = module.ExpectRuleToHold
    patch.setattr(module, "ExpectRuleToHold", lambda **asked: real(**(asked | changed)))


def test_a_different_count_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patch_expectation(monkeypatch, value_set=[99])
    with pytest.raises(
        DisagreementError, match="DuckDB and Great Expectations found different rows broken"
    ) as stopped:
        judged_by_both("enterprise_quarter", {"2022Q3": enterprises(60, spoil_some)}, tmp_path)
    assert "enterprise_quarter_rows" in str(stopped.value)
    assert not (tmp_path / "work" / "accepted.arrow").exists(), (
        "nothing is left that could be loaded"
    )


def test_the_same_count_of_other_rows_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import great_expectations as gx

    real = gx.ValidationDefinition.run

    def run_on_other_rows(self, batch_parameters, **more):
        frame = batch_parameters["dataframe"]
        return real(
            self, batch_parameters={"dataframe": frame.iloc[::-1].reset_index(drop=True)}, **more
        )

    monkeypatch.setattr(gx.ValidationDefinition, "run", run_on_other_rows)
    with pytest.raises(DisagreementError, match="found different rows broken"):
        judged_by_both("enterprise_quarter", {"2022Q3": enterprises(60, spoil_some)}, tmp_path)


def test_a_rule_without_a_verdict_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import great_expectations as gx

    real = gx.ValidationDefinition.run

    def run_short(self, **more):
        verdict = real(self, **more)
        verdict.results.pop()
        return verdict

    monkeypatch.setattr(gx.ValidationDefinition, "run", run_short)
    with pytest.raises(DisagreementError, match="Great Expectations gave no verdict on"):
        judged_by_both("gdp", {"2022Q3": GDP}, tmp_path)


def test_sound_data_and_no_data_agree_as_well(tmp_path: Path) -> None:
    work = judged_by_both("gdp", {"2022Q3": GDP, "2022Q2": "no,such\nform,here\n"}, tmp_path)
    assert not any(broken_by_check(work).values())
    statuses = {
        row["status"]: row["rows_accepted"] for row in open_table(work / "judged.arrow").to_pylist()
    }
    assert statuses == {"accepted": 4, "rejected": 0}
    empty = judged_by_both("gdp", {"2022Q3": "no,such\nform,here\n"}, tmp_path / "empty")
    assert open_table(empty / "accepted.arrow").num_rows == 0


def test_data_docs_show_the_run(tmp_path: Path) -> None:
    judged_by_both("gdp", {"2022Q3": GDP.replace("107.92", "108.92")}, tmp_path)
    write_data_docs(tmp_path / "judge", tmp_path / "docs")
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "docs").rglob("*.html")]
    assert (tmp_path / "docs" / "index.html").is_file()
    assert any("三次产业增加值之和等于地区生产总值" in page for page in pages)


# --- findings ---------------------------------------------------------------------------------


def test_a_letter_in_a_number(judge_file: Callable) -> None:
    judged = judge_file("gdp", GDP.replace("39.12", "39.l2"))
    finding = judged.only("VALUE-NUMBER")
    assert (finding.cell, finding.row, finding.column, finding.heading, finding.value) == (
        "C4",
        4,
        "value",
        "本年累计",
        "39.l2",
    )
    assert finding.row_key == "第二产业增加值"
    assert (
        finding.message_en
        == "“39.l2” is not a number: in “39.l2”, “.l2” is neither a number nor a unit"
    )
    assert finding.message_zh == "“39.l2”不是数字：“39.l2”中的“.l2”既不是数字也不是计量单位"
    assert finding.rule_en == "a number's cell holds a number"
    assert (
        finding.mend_en == "write the number alone, like 107.92; leave it empty where there is none"
    )
    assert (finding.form, finding.zone, finding.period, finding.path) == (
        "gdp",
        "150571",
        "2022Q3",
        "150571/2022Q3/gdp.csv",
    )


def test_a_bad_number_is_told_once(judge_file: Callable) -> None:
    judged = judge_file("gdp", GDP.replace("39.12", "39.l2"))
    assert judged.codes == ["VALUE-NUMBER"], (
        "it has a value, an unreadable one, and it was reported"
    )


@pytest.mark.parametrize(
    "line",
    ["第二产业增加值,公顷,39.12,2.7", "第二产业增加值,,39.12,2.7", "第二产业增加值,亿圆,39.12,2.7"],
)
def test_a_held_line_is_not_said_to_be_missing(judge_file: Callable, line: str) -> None:
    judged = judge_file("gdp", GDP.replace("第二产业增加值,亿元,39.12,2.7", line))
    assert judged.status == "partial"
    assert "LINE-MISSING" not in judged.codes, "row 4 reports it; it is held"


def test_a_missing_line_is_asked_for(judge_file: Callable) -> None:
    judged = judge_file("gdp", GDP.replace("第二产业增加值,亿元,39.12,2.7\n", ""))
    finding = judged.only("LINE-MISSING")
    assert (finding.severity, finding.cell) == ("query", None)
    assert finding.message_zh == "没有报“第二产业增加值”"
    assert finding.message_en == "“Secondary sector value added” was not reported"
    assert judged.status == "accepted", "a query holds nothing back"


@pytest.mark.parametrize(
    ("line", "code", "cell", "words"),
    [
        ("第二产业增加值,亿圆,39.12,2.7", "UNIT-UNKNOWN", "B4", "the unit “亿圆” is not known"),
        (
            "第二产业增加值,公顷,39.12,2.7",
            "UNIT-DIMENSION",
            "B4",
            "“第二产业增加值” cannot be measured in “公顷”",
        ),
        (
            "第二产业增加值,,39.12,2.7",
            "UNIT-MISSING",
            "B4",
            "“第二产业增加值” has no unit; its size cannot be known",
        ),
        (
            "第二产业增加直,亿元,39.12,2.7",
            "LINE-UNKNOWN",
            "A4",
            "the form has no indicator “第二产业增加直”",
        ),
        ("第二产业增加值,亿元,-39.12,2.7", "VALUE-RANGE", "C4", "“-39.12” lies outside ≥ 0"),
        ("第二产业增加值,亿元,39.12,2.7个", "VALUE-NUMBER", "D4", "is not a number"),
    ],
)
def test_a_bad_cell_is_named_and_its_row_held(
    judge_file: Callable, line: str, code: str, cell: str, words: str
) -> None:
    judged = judge_file("gdp", GDP.replace("第二产业增加值,亿元,39.12,2.7", line))
    if code == "VALUE-NUMBER" and not judged.broken(code):
        pytest.fail("a growth of 2.7 个 has loaded as a percentage")
    finding = judged.only(code)
    assert (finding.cell, finding.severity) == (cell, "quarantine")
    assert words in finding.message_en
    assert finding.message_zh and finding.mend_zh and finding.mend_en
    assert judged.status == "partial"
    assert "va_secondary" not in [row["indicator"] for row in judged.accepted]
    assert len(judged.accepted) == 3, "the rest loads"


def test_two_rows_of_one_line_are_both_held(judge_file: Callable) -> None:
    judged = judge_file("gdp", GDP + "第二产业,亿元,39.13,2.7\n")
    first, second = judged.broken("KEY-DUPLICATE")
    assert (first.cell, second.cell) == ("A4", "A6"), "the same line under another name"
    assert first.message_en == "“第二产业增加值” is reported 2 times (rows 4、6); which one counts?"
    assert first.message_zh == "“第二产业增加值”报了 2 行（第 4、6 行），不知以哪一行为准"
    assert [row["indicator"] for row in judged.accepted] == ["gdp", "va_primary", "va_tertiary"]


def test_a_line_in_another_unit_than_the_rest_is_named(judge_file: Callable) -> None:
    """万元 for 亿元: the sum is off, and the total is right."""
    judged = judge_file("gdp", GDP.replace("第三产业增加值,亿元", "第三产业增加值,万元"))
    finding = judged.only("GDP-SUM")
    assert finding.mend_zh.startswith(
        "“第三产业增加值”若是所报数的 10000 倍，两边即相符：先核对它的计量单位和小数点；核对"
    )
    assert finding.mend_en.startswith(
        "“value added of the tertiary sector” times 10000 would make it add up"
    )
    other = judge_file("gdp", GDP.replace("107.92", "208.92")).only("GDP-SUM")
    assert other.mend_zh.startswith("核对地区生产总值"), (
        "no word of units where a unit is no explanation"
    )


def test_a_sum_that_does_not_add_up_rejects_the_whole(judge_file: Callable) -> None:
    judged = judge_file("gdp", GDP.replace("107.92", "117.92"))
    finding = judged.only("GDP-SUM")
    assert (judged.status, judged.accepted) == ("rejected", [])
    assert (finding.cell, finding.value, finding.severity) == ("C2", "117.92", "reject")
    assert finding.further_cells == "C3, C4, C5", "the total and what adds up to it"
    assert "GDP is given as 117.92 亿元" in finding.message_en
    assert "107.92" in finding.message_en, "what the sectors add up to"
    assert finding.mend_en.startswith(
        "check GDP and the three sectors (1.41 亿元, 39.12 亿元, 67.39 亿元)"
    )
    assert {row["row"] for row in judged.held} == {2, 3, 4, 5}


def test_a_rule_points_at_every_cell_that_it_names(judge_file: Callable) -> None:
    judged = judge_file("gdp", GDP.replace("107.92,3.4", "107.92,9.4"))
    growth, weighted = judged.only("GDP-BRACKET"), judged.only("GDP-WEIGHTED-FAR")
    assert (growth.cell, growth.further_cells) == ("D2", "D3, D4, D5")
    assert (weighted.cell, weighted.further_cells) == ("D2", "C3, D3, C4, D4, C5, D5")
    spoiled = enterprises(3, lambda n: (8, "0") if n == 1 else None)
    of_row = judge_file("enterprise_quarter", spoiled).only("ENT-EMPLOYEES")
    assert (of_row.cell, of_row.further_cells) == ("I3", "F3"), "employees, and output"
    twice = "层级,企业,培育状态\n" + "小升规培育库,甲公司,在库\n" * 2
    shared = judge_file("cultivation_pool", twice).broken("KEY-DUPLICATE")
    assert [(f.cell, f.further_cells) for f in shared] == [("B2", "A2"), ("B3", "A3")]


def test_a_line_on_another_sheet_is_named_with_its_sheet(judge_file: Callable) -> None:
    name = "二表 B2, 'x"
    workbook = openpyxl.Workbook()
    one, other = workbook.active, workbook.create_sheet(name)
    rows = [line.split(",") for line in GDP.replace("107.92", "117.92").splitlines()]
    for row in rows[:3]:
        one.append(row)
    for row in (rows[0], *rows[3:]):
        other.append(row)
    workbook.save(sink := io.BytesIO())
    finding = judge_file("gdp", sink.getvalue(), name="gdp.xlsx").only("GDP-SUM")
    assert finding.further_cells == "C3, '二表 B2, ''x'!C2, '二表 B2, ''x'!C3"
    assert cells_of(finding) == [("Sheet", "C2"), ("Sheet", "C3"), (name, "C2"), (name, "C3")]
    assert list_places([finding]) == f"C2–C3、{name}!C2、{name}!C3"


# --- unchecked --------------------------------------------------------------------------------


def test_what_cannot_be_checked_is_counted_and_stated(judge_file: Callable) -> None:
    judged = judge_file("gdp", GDP.replace("39.12,2.7", "39.12,"))
    said = judged.unchecked("GDP-BRACKET")
    assert len(said) == 1
    assert said[0].severity == "note"
    assert said[0].message_en == (
        "“growth of the total lies between the sectors' smallest and largest” could not be checked,"
        " because a value it needs is missing or held (1)"
    )
    assert (
        said[0].message_zh
        == "“总量增速介于三次产业增速的最小值与最大值之间”未能核验，因为所需的数值缺失或未入库（1 处）"
    )
    assert said[0].mend_en == "report or mend the value and it will be checked"
    assert not judged.broken("GDP-BRACKET")
    [result] = [r for r in judged.results if r["code"] == "GDP-BRACKET"]
    assert (result["holds"], result["broken"], result["unchecked"]) == (0, 0, 1), (
        "never taken for a pass"
    )
    assert judged.status == "accepted"


def test_unchecked_is_counted_row_by_row(judge_file: Callable) -> None:
    text = enterprises(30, lambda n: (5, "") if n % 3 == 0 else None)
    judged = judge_file("enterprise_quarter", text)
    [result] = [r for r in judged.results if r["code"] == "ENT-OUTPUT-YTD"]
    assert (result["holds"], result["broken"], result["unchecked"]) == (20, 0, 10)
    [said] = judged.unchecked("ENT-OUTPUT-YTD")
    assert said.message_en.endswith(
        "could not be checked, because a value it needs is missing or held (10)"
    )
    assert len(judged.accepted) == 30


def test_every_rule_is_answered_for_every_row(judge_file: Callable) -> None:
    """Holds, broken, unchecked and not-for-this-row are all there is."""
    chance = random.Random(4)
    text = enterprises(
        40,
        lambda _: (
            chance.randrange(9),
            chance.choice(["", "x", "-5", "0", "1e3", "是", "缺", "—", "近9"]),
        ),
    )
    judged = judge_file("enterprise_quarter", text)
    for result in judged.results:
        assert result["holds"] + result["broken"] + result["unchecked"] <= 40, result
        if result["code"].startswith("VALUE"):
            assert result["holds"] + result["broken"] == 40, (
                "a rule of the text itself can always be checked"
            )


# --- severity, status and what is held --------------------------------------------------------


@pytest.mark.parametrize(
    ("severities", "accepted", "status"),
    [
        ([], 4, Status.ACCEPTED),
        (["note"], 4, Status.ACCEPTED),
        (["query", "note"], 4, Status.ACCEPTED),
        (["quarantine"], 3, Status.PARTIAL),
        (["quarantine", "query"], 1, Status.PARTIAL),
        (["quarantine"], 0, Status.REJECTED),
        (["reject"], 4, Status.REJECTED),
        (["reject", "quarantine", "query", "note"], 3, Status.REJECTED),
        ([], 0, Status.REJECTED),
    ],
)
def test_the_status_follows_from_severities_and_rows(
    severities: Iterable[str], accepted: int, status: Status
) -> None:
    assert status_of(severities, accepted) is status


@pytest.mark.parametrize(
    ("severity", "status", "rows"),
    [
        ("note", "accepted", 4),
        ("query", "accepted", 4),
        ("quarantine", "partial", 3),
        ("reject", "rejected", 0),
    ],
)
def test_one_rule_in_four_severities(
    judge_file: Callable, severity: str, status: str, rows: int
) -> None:
    """The same rule, broken by the same row, holds back what its severity says and no more."""
    form = CATALOGUE["gdp"]
    rule = form.rules[0].model_copy(
        update={
            "code": "GDP-TEST",
            "stage": "record",
            "severity": Severity(severity),
            "target": "value",
            "good": "value < 10000000000",
            "show": {},
        }
    )
    words = type(rule.title)(zh="小于一百亿", en="below ten thousand million")
    rule = rule.model_copy(update={"title": words, "message": words, "mend": words})
    judged = judge_file(form.model_copy(update={"rules": (rule,)}), GDP)
    finding = judged.only("GDP-TEST")
    assert (finding.severity, finding.cell) == (severity, "C2")
    assert (judged.status, len(judged.accepted)) == (status, rows)
    assert len({row["row"] for row in judged.held}) == 4 - rows


def test_held_rows_are_whole(judge_file: Callable) -> None:
    judged = judge_file(
        "gdp",
        "指标名称,计量单位,本年累计,同比增长,备注\n"
        + GDP.partition("\n")[2].replace("39.12,2.7", '39.l2,2.7,"他说""好"", 换\n行"'),
    )
    [row] = judged.held
    assert json.loads(row["data"]) == {
        "indicator": "第二产业增加值",
        "unit": "亿元",
        "value": "39.l2",
        "growth_pct": "2.7",
        "note": '他说"好", 换\n行',
    }
    assert (row["row"], row["cell"], row["column"], row["value"], row["code"]) == (
        4,
        "C4",
        "value",
        "39.l2",
        "VALUE-NUMBER",
    )
    assert row["message_zh"].startswith("“39.l2”不是数字")
    assert row["mend_en"].startswith("write the number alone")
    assert row["submission"] == judged.submission.submission


def test_a_row_is_held_once_for_each_rule_that_holds_it(judge_file: Callable) -> None:
    judged = judge_file(
        "enterprise_quarter",
        enterprises(5, lambda n: (4, "x") if n == 2 else None).replace("虚构企业2,3110", ",9999"),
    )
    assert {row["row"] for row in judged.held} == {4}
    assert sorted(row["code"] for row in judged.held) == [
        "VALUE-CODE",
        "VALUE-NUMBER",
        "VALUE-REQUIRED",
    ]
    assert len({row["data"] for row in judged.held}) == 1
    assert judged.status == "partial"
    assert judged.rows_read == 5


def test_a_sheet_that_is_not_understood_is_held_as_it_stood(judge_file: Callable) -> None:
    judged = judge_file("gdp", "甲,乙\n\n1,\n,丁\n")
    assert judged.status == "rejected"
    assert [(row["row"], json.loads(row["data"])) for row in judged.held] == [
        (1, {"A": "甲", "B": "乙"}),
        (3, {"A": "1"}),
        (4, {"B": "丁"}),
    ]
    assert {row["code"] for row in judged.held} == {"LAYOUT-HEADER"}


@pytest.mark.parametrize(
    "text",
    [
        GDP,
        GDP.replace("39.12", "39.l2"),
        GDP.replace("107.92", "117.92"),
        "甲,乙\n\n1,\n,丁\n",
        "标题\n\n" + GDP.replace("本年累计", "其他"),
        GDP.replace("39.12", "39.l2").replace("107.92", "x"),
        GDP + "第二产业,亿元,1,1\n" + "\n\n未知,亿元,1,1\n",
    ],
)
def test_rows_read_are_accepted_or_held_and_each_is_in_one_place(
    judge_file: Callable, text: str
) -> None:
    judged = judge_file("gdp", text)
    held = {(row["sheet"], row["row"]) for row in judged.held}
    loaded = {(row["sheet"], row["source_row"]) for row in judged.accepted}
    assert not held & loaded
    assert len(held) + len(loaded) == judged.rows_read, "every row read is in core or in quarantine"


def test_a_number_too_large_is_a_finding_and_stops_nobody(tmp_path: Path) -> None:
    """One impossible figure in one file of a form; its neighbour must not suffer."""
    for at, huge in ((1, "1" + "0" * 21), (1, "9" * 30), (1, "1e40"), (2, "9999999999999")):
        folder = tmp_path / f"{at}-{len(huge)}"
        line = ["107.92", "3.4"]
        line[at - 1] = huge
        work = judged_by_both(
            "gdp",
            {"2022Q3": GDP.replace("107.92,3.4", ",".join(line)), "2022Q2": GDP},
            folder,
            judge=False,
        )
        findings = [Finding(**row) for row in open_table(work / "finding.arrow").to_pylist()]
        assert {
            (f.period, f.severity) for f in findings if f.severity in ("quarantine", "reject")
        } == {("2022Q3", "quarantine")}, huge
        assert [f.cell for f in findings if f.severity == "quarantine"] == [
            "C2" if at == 1 else "D2"
        ]
        assert (
            sum(
                row["period"] == "2022Q2" for row in open_table(work / "accepted.arrow").to_pylist()
            )
            == 4
        )


@pytest.mark.parametrize(
    ("column", "huge"),
    [
        (4, "99999999999999"),
        (4, "1e20"),
        (8, "1e20"),
        (8, "99999999999999999999"),
        (7, "-99999999999999999"),
    ],
)
def test_a_number_too_large_in_a_register(judge_file: Callable, column: int, huge: str) -> None:
    judged = judge_file(
        "enterprise_quarter", enterprises(3, lambda n: (column, huge) if n == 1 else None)
    )
    told = [
        (f.row, f.severity)
        for f in judged.broken()
        if f.column in ("output_quarter_cny", "employees", "profit_ytd_cny")
    ]
    assert told[0] == (3, "quarantine")
    assert [row["source_row"] for row in judged.accepted] == [2, 4]


@pytest.mark.parametrize(
    ("written", "yuan"),
    [
        ("50", 50_000),
        ("5万元", 50_000),
        ("0.0005亿元", 50_000),
        ("50千元", 50_000),
        ("50000元", 50_000),
    ],
)
def test_a_unit_in_a_registers_cell_counts_or_is_refused(
    judge_file: Callable, written: str, yuan: int
) -> None:
    """The column is printed in 千元: what else a cell says is taken at its word, or held; never thrown away."""
    judged = judge_file("enterprise_quarter", enterprises(1, lambda _: (4, written)))
    if judged.accepted:
        assert judged.accepted[0]["output_quarter_cny"] == yuan
    else:
        assert judged.broken()[0].cell == "E2"


@pytest.mark.parametrize("written", ["12.5%", "12吨"])
def test_another_dimension_in_a_registers_cell_is_refused(
    judge_file: Callable, written: str
) -> None:
    judged = judge_file("enterprise_quarter", enterprises(1, lambda _: (4, written)))
    assert judged.accepted == []
    assert judged.broken()[0].cell == "E2"


def test_a_qualifier_in_a_register_is_not_lost_in_silence(judge_file: Callable) -> None:
    judged = judge_file("enterprise_quarter", enterprises(1, lambda _: (4, "近100")))
    assert [f.cell for f in judged.broken()] == ["E2"], (
        "an approximate figure is at least asked about"
    )


@pytest.mark.parametrize(("column", "written"), [(8, "12.00001"), (4, "0.00001"), (4, "1e-7")])
def test_digits_are_never_dropped_in_silence(
    judge_file: Callable, column: int, written: str
) -> None:
    judged = judge_file("enterprise_quarter", enterprises(1, lambda _: (column, written)))
    assert [f.cell for f in judged.broken()] == [f"{'ABCDEFGHI'[column]}2"]


def test_findings_tabulate_in_their_own_order() -> None:
    finding = Finding(
        "s",
        "p",
        "gdp",
        "CN",
        "2022Q3",
        "X-Y",
        "query",
        "value",
        row=7,
        message_zh="中",
        message_en="en",
    )
    table = findings_table([finding])
    assert table.schema == FINDING_SCHEMA
    assert table.column_names == [f.name for f in dataclasses.fields(Finding)]
    assert Finding(**table.to_pylist()[0]) == finding
    assert findings_table([]).schema == FINDING_SCHEMA


def test_a_register_in_a_unit_far_too_large_stops_no_run(judge_file):
    """The product with the unit needs more digits than the fast cast has: the slow one reads it, or says it is too large."""
    text = (
        Path(__file__).parents[1] / "forms" / "enterprise_quarter" / "synthetic" / "good.csv"
    ).read_text(encoding="utf-8")
    judged = judge_file(
        "enterprise_quarter",
        text.replace("单位：千元", "单位：亿元").replace("100,300,280", "1,1172,280"),
    )
    assert [row["output_ytd_cny"] for row in judged.accepted] == [117_200_000_000] * 3
    too_large = judge_file(
        "enterprise_quarter",
        text.replace("单位：千元", "单位：亿元").replace("100,300,280", "1,99999999999,280"),
    )
    assert too_large.codes == ["VALUE-NUMBER"] * 3
    assert "too large" in too_large.findings[0].message_en
