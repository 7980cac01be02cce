"""Every submission in raw/, spoiled in every way that people spoil them: who is told what, what is held, what loads.

The copies of all forms stand in one raw/ as revisions beside the genuine files, and go through the plain
functions of a run: receive, read, validate (all copies of a form at once) and load. What is expected
follows from the spoiled cell alone; nothing is taken from what the pipeline says.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.load import step as load
from flows.model.arrow_files import open_table
from flows.model.submission import letter_of, open_submissions
from flows.model.zone import known_zones
from flows.read import step as read
from flows.receive import step as receive
from tests.judging import judge_form
from tests.sent import RAW, SENT_PATHS, copy_sent

pytestmark = pytest.mark.torture  # one run over a thousand files

GENUINE = [*sorted((RAW / "150571" / "2022Q3").iterdir()), RAW / "CN" / "2022Q1" / "gdp.csv"]


# --- a file as cells ---------------------------------------------------------------------------


@dataclass
class Cells:
    """The first sheet of a file as text cells, to be changed and written back in its own format."""

    suffix: str
    rows: list[list[Any]]
    encoding: str = "utf-8"
    sheet: str | None = None

    @classmethod
    def open(cls, path: Path) -> Cells:
        if path.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path).worksheets[0]
            return cls(
                path.suffix,
                [list(row) for row in sheet.iter_rows(values_only=True)],
                sheet=sheet.title,
            )
        content = path.read_bytes()
        for encoding in (
            "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8",
            "gb18030",
        ):
            try:
                return cls(
                    path.suffix, list(csv.reader(io.StringIO(content.decode(encoding)))), encoding
                )
            except UnicodeDecodeError:
                continue
        raise AssertionError(f"{path} is in no encoding known here")

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.suffix == ".xlsx":
            workbook = openpyxl.Workbook()
            sheet = workbook.worksheets[0]
            sheet.title = self.sheet or "Sheet1"
            for row in self.rows:
                sheet.append(row)
            workbook.save(path)
            return
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(self.rows)
        path.write_bytes(text.getvalue().encode(self.encoding))

    def copy(self) -> Cells:
        return Cells(self.suffix, [list(row) for row in self.rows], self.encoding, self.sheet)


@dataclass
class Table:
    """Where the form's table stands in the cells: found by its headings, without the reader's help."""

    cells: Cells
    header: int  # index of the heading row
    columns: dict[str, int]
    first: int
    last: int  # index after the last row of data

    @classmethod
    def find(cls, form: Form, cells: Cells) -> Table:
        names = {heading: c.name for c in form.columns for heading in (c.title.zh, *c.headings)}
        for index, row in enumerate(cells.rows):
            known = {
                names[h]: n
                for n, cell in enumerate(row)
                if (h := str(cell or "").split("（")[0].split("(")[0]) in names
            }
            if len(known) >= 2:
                last = next(
                    (n for n in range(index + 1, len(cells.rows)) if cls._is_note(cells.rows[n])),
                    len(cells.rows),
                )
                return cls(cells, index, known, index + 1, last)
        raise AssertionError(f"no heading row in a submission of {form.code}")

    @staticmethod
    def _is_note(row: list[Any]) -> bool:
        return str(row[0] or "").startswith(("注", "填表人", "单位负责人"))

    def cell(self, row: int, column: str) -> str:
        return f"{letter_of(self.columns[column])}{row + 1}"

    def get(self, row: int, column: str) -> str:
        value = self.cells.rows[row][self.columns[column]]
        return "" if value is None else str(value)


# --- what is done to a copy, and what has to come of it -----------------------------------------


@dataclass(frozen=True)
class Blame:
    """A finding that there has to be."""

    code: str
    severity: str
    cell: str | None
    value: str | None
    words: tuple[str, ...]  # of the message: zh, en
    mends: tuple[str, ...]  # of what to do: zh, en


@dataclass
class Spoiled:
    """A copy with one thing wrong."""

    form: str
    genuine: Path
    what: str
    cells: Cells
    blames: list[Blame]
    held_rows: list[int] = field(
        default_factory=list
    )  # row numbers in the copy; all of them where `rejected`
    rejected: bool = False
    also: set[str] = field(default_factory=set)  # softer rules that the same mistake breaks
    path: str = ""

    @property
    def name(self) -> str:
        return f"{self.genuine.parent.parent.name}-{self.genuine.stem}-{self.what}"


def spoil(form: Form, genuine: Path) -> Iterator[Spoiled]:
    """Every way to spoil a submission that it gives room for."""
    cells = Cells.open(genuine)
    for way in (a_letter, a_column_left_out, a_unit, a_period, a_row_twice, a_sum):
        copy = cells.copy()
        table = Table.find(form, copy)
        yield from way(form, genuine, copy, table)


def a_letter(form: Form, genuine: Path, cells: Cells, table: Table) -> Iterator[Spoiled]:
    """A letter in a number; a register without numbers gets it in a code."""
    if form.kind == "indicator":
        column = "value"
        row = next(
            n
            for n in range(table.first, table.last)
            if any(c.isdigit() for c in table.get(n, column))
        )
    else:
        column = next(c.name for c in form.columns if c.codes)
        row = table.first
    sent = table.get(row, column) + "x"
    cells.rows[row][table.columns[column]] = sent
    if form.kind == "indicator":
        blame = Blame(
            "VALUE-NUMBER",
            "quarantine",
            table.cell(row, column),
            sent,
            (f"“{sent}”不是数字：", f"“{sent}” is not a number: "),
            ("只写数字，如 107.92", "write the number alone, like 107.92"),
        )
    else:
        codes = "、".join(t.zh for t in (form.column(column).codes or {}).values())
        blame = Blame(
            "VALUE-CODE",
            "quarantine",
            table.cell(row, column),
            sent,
            (f"“{sent}”不在代码表内", f"“{sent}” is not in the code list"),
            (f"只能填：{codes}", f"write one of: {codes}"),
        )
    yield Spoiled(form.code, genuine, "letter", cells, [blame], [row + 1])


def a_column_left_out(form: Form, genuine: Path, cells: Cells, table: Table) -> Iterator[Spoiled]:
    required = [c for c in form.columns if c.present and c.name in table.columns]
    column = required[-1]
    index = table.columns[column.name]
    for row in cells.rows:
        del row[index]
    headings = "、".join(str(h) for h in cells.rows[table.header] if h)
    title = column.title.zh
    blame = Blame(
        "LAYOUT-MISSING",
        "reject",
        None,
        None,
        (
            f"缺少“{title}”一栏；表头是：{headings}",
            f"the column “{title}” is missing; the headings are: {headings}",
        ),
        (f"加上“{title}”一栏", f"add the column “{title}”, or give its heading that name"),
    )
    # a unit line beside the table may have stood in the column that went
    yield Spoiled(form.code, genuine, "column", cells, [blame], rejected=True)


def a_unit(form: Form, genuine: Path, cells: Cells, table: Table) -> Iterator[Spoiled]:
    if "unit" in table.columns:
        row = next(n for n in range(table.first, table.last) if table.get(n, "unit"))
        cells.rows[row][table.columns["unit"]] = "箩筐"
        name = table.get(row, "indicator").strip()
        blame = Blame(
            "UNIT-UNKNOWN",
            "quarantine",
            table.cell(row, "unit"),
            "箩筐",
            ("不认得计量单位“箩筐”", "the unit “箩筐” is not known"),
            (f"“{name}”可以用：", f"for “{name}” use one of: "),
        )
        yield Spoiled(form.code, genuine, "unit", cells, [blame], [row + 1])
        return
    for row, line in enumerate(cells.rows[: table.header]):
        for index, cell in enumerate(line):
            if str(cell or "").startswith("单位："):
                cells.rows[row][index] = "单位：箩筐"
                blame = Blame(
                    "UNIT-UNKNOWN",
                    "reject",
                    f"{letter_of(index)}{row + 1}",
                    "箩筐",
                    ("不认得计量单位“箩筐”", "the unit “箩筐” is not known"),
                    ("", ""),
                )
                yield Spoiled(form.code, genuine, "unit_line", cells, [blame], rejected=True)
                return


def a_period(form: Form, genuine: Path, cells: Cells, table: Table) -> Iterator[Spoiled]:
    for row, line in enumerate(cells.rows[: table.header]):
        for index, cell in enumerate(line):
            said = str(cell or "").replace("1-9月", "1-6月").replace("前三季度", "上半年")
            if said != str(cell or ""):
                cells.rows[row][index] = said
                blame = Blame(
                    "FILE-PERIOD", "reject", f"{letter_of(index)}{row + 1}", said,
                    (f"表内写的是“{said}”（2022Q2），却按 2022Q3 报送", f"the file says “{said}” (2022Q2) but was sent for 2022Q3"),
                    ("若放错了文件夹，移到 2022Q2", "correct the period in the file, or send it under 2022Q2"),
                )  # fmt: skip
                yield Spoiled(form.code, genuine, "period", cells, [blame], rejected=True)
                return


def a_row_twice(form: Form, genuine: Path, cells: Cells, table: Table) -> Iterator[Spoiled]:
    row = table.first
    cells.rows.insert(table.last, list(cells.rows[row]))
    rows = (row + 1, table.last + 1)
    parts = ["indicator"] if form.kind == "indicator" else list(form.key)
    key = " · ".join(table.get(row, part).strip() for part in parts)
    yield Spoiled(
        form.code, genuine, "twice", cells,
        [
            Blame(
                "KEY-DUPLICATE", "quarantine", f"{letter_of(table.columns[parts[-1]])}{n}", table.get(row, parts[-1]).strip(),
                (f"“{key}”报了 2 行（第 {rows[0]}、{rows[1]} 行）", f"“{key}” is reported 2 times (rows {rows[0]}、{rows[1]})"),
                ("只保留一行", "keep one row and send the file again"),
            )
            for n in rows
        ],
        list(rows),
    )  # fmt: skip


def a_sum(form: Form, genuine: Path, cells: Cells, table: Table) -> Iterator[Spoiled]:
    if form.code != "gdp":
        return
    row = table.first
    total = float(table.get(row, "value"))
    wrong = f"{total + 10:.2f}" if genuine.suffix == ".csv" else total + 10
    cells.rows[row][table.columns["value"]] = wrong
    shown = wrong if isinstance(wrong, str) else format(wrong, ".15g")
    parts = [table.get(n, "value") for n in range(table.first + 1, table.first + 4)]
    listed = "、".join(f"{part} 亿元" for part in parts)
    blame = Blame(
        "GDP-SUM", "reject", table.cell(row, "value"), shown,
        (f"地区生产总值报 {shown} 亿元，三次产业之和为 ", f"GDP is given as {shown} 亿元, the three sectors add up to "),
        (f"核对地区生产总值与三次产业增加值（{listed}）", "correct the wrong one and send the form again"),
    )  # fmt: skip
    yield Spoiled(form.code, genuine, "sum", cells, [blame], rejected=True)


CASES = [case for genuine in GENUINE for case in spoil(load_catalogue()[genuine.stem], genuine)]
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


# --- one run without them, one run with them ----------------------------------------------------


@dataclass
class Outcome:
    """What a run left: rows of the warehouse as plain rows."""

    con: duckdb.DuckDBPyConnection
    submission: dict[str, str]  # by path

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        result = self.con.execute(query, list(values))
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def loaded(self, path: str) -> list[dict[str, Any]]:
        """The rows that a submission loaded, without what says whose they are."""
        form = path.split("/")[-1].split(".")[0]
        table = f"core.{form}" if load_catalogue()[form].kind == "register" else "core.observation"
        columns = "* exclude (submission)"
        return self.rows(
            f"select {columns} from {table} where submission = ? order by source_row",
            self.submission[path],
        )

    def findings(self, path: str, outcome: str = "broken") -> list[dict[str, Any]]:
        return self.rows(
            "select * from ledger.finding where submission = ? and outcome = ? order by row, cell",
            self.submission[path],
            outcome,
        )


def run(raw: Path, work: Path) -> Outcome:
    """A run by its plain functions, up to load: no Prefect, no Great Expectations."""
    catalogue = load_catalogue()
    received = receive.receive(raw, catalogue, known_zones(), {})
    run_file = work / "run.duckdb"
    folders = receive.hand_over(received, work)
    load.prepare(run_file, catalogue)
    for code, folder in folders.items():
        if code != receive.UNPLACED:
            submissions = open_submissions(folder / "submissions.jsonl")
            read.read_form(catalogue[code], submissions, raw, folder)
            judge_form(
                catalogue[code],
                submissions,
                open_table(folder / "arrival.arrow"),
                folder,
            )
        load.load_form(catalogue.get(code), folder, run_file, "run")
    con = duckdb.connect(str(run_file), read_only=True)
    return Outcome(con, {s.path: s.submission for s in received.new})


@pytest.fixture(scope="module")
def genuine(tmp_path_factory) -> Iterator[Outcome]:
    """The run over what is sent, as it is."""
    folder = tmp_path_factory.mktemp("genuine")
    copy_sent(folder / "raw")
    outcome = run(folder / "raw", folder / "work")
    yield outcome
    outcome.con.close()


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory) -> Iterator[Outcome]:
    """The run over raw/ with every spoiled copy in it: as a revision of the file it is a copy of."""
    folder = tmp_path_factory.mktemp("spoiled")
    raw = folder / "raw"
    copy_sent(raw)
    revisions: dict[Path, int] = {}
    for case in CASES:
        number = revisions[case.genuine] = revisions.get(case.genuine, 1) + 1
        case.path = f"{case.genuine.parent.relative_to(RAW).as_posix()}/{case.form}.r{number}{case.genuine.suffix}"
        case.cells.write(raw / case.path)
    for path in GENUINE:
        misplaced = raw / path.parent.parent.name / "2022Q5" / path.name
        misplaced.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, misplaced)
    outcome = run(raw, folder / "work")
    yield outcome
    outcome.con.close()


def genuine_path(case: Spoiled) -> str:
    return case.genuine.relative_to(RAW).as_posix()


@EVERY
def test_the_findings_name_the_cell_the_rule_and_the_mend(spoiled, case):
    found = [f for f in spoiled.findings(case.path) if f["severity"] in ("reject", "quarantine")]
    assert [(f["code"], f["severity"], f["cell"]) for f in found] == [
        (b.code, b.severity, b.cell) for b in case.blames
    ]
    for blame, finding in zip(case.blames, found, strict=True):
        for words, name in ((blame.words, "message"), (blame.mends, "mend")):
            for part, lang in zip(words, ("zh", "en"), strict=True):
                assert part in finding[f"{name}_{lang}"]
                assert finding[f"{name}_{lang}"]
        assert finding["sheet"] == case.cells.sheet
        if blame.value is not None:
            assert finding["value"].strip() == blame.value
        assert finding["rule_zh"]
        assert finding["rule_en"]


@EVERY
def test_nothing_else_is_blamed(spoiled, genuine, case):
    """Softer findings are those that the genuine file has as well."""
    before = {f["code"] for f in genuine.findings(genuine_path(case))}
    soft = {f["code"] for f in spoiled.findings(case.path) if f["severity"] in ("query", "note")}
    assert soft <= before | case.also, soft - before


@EVERY
def test_what_is_held_is_held_whole_and_the_rest_loads(spoiled, genuine, case):
    status = spoiled.rows(
        "select status, rows_read, rows_accepted, rows_held from ledger.submission where path = ?",
        case.path,
    )[0]
    held = spoiled.rows(
        "select * from quarantine.held_row where submission = ? order by row",
        spoiled.submission[case.path],
    )
    before = genuine.loaded(genuine_path(case))
    if case.rejected:
        assert (status["status"], status["rows_accepted"], spoiled.loaded(case.path)) == (
            "rejected",
            0,
            [],
        )
        assert status["rows_held"] == status["rows_read"] == len(held) > 0
        table = (
            Table.find(load_catalogue()[case.form], case.cells) if case.what != "column" else None
        )
        kept = {row["row"]: json.loads(row["data"]) for row in held}
        if table:
            assert set(range(table.first + 1, table.last + 1)) <= set(kept)
    else:
        rest = len(before) - 1
        assert status["status"] == ("partial" if rest else "rejected")
        assert status["rows_accepted"] == rest == status["rows_read"] - len(case.held_rows)
        kept = {row["row"]: json.loads(row["data"]) for row in held}
        assert sorted(kept) == case.held_rows
        # the first of the rows held stands where it stood in the genuine file; below it a copy may have moved rows
        assert same_figures(spoiled.loaded(case.path)) == same_figures(
            [r for r in before if r["source_row"] != case.held_rows[0]]
        )
    for row, data in kept.items():
        sent = [str(c).strip() for c in case.cells.rows[row - 1] if c not in (None, "")]
        assert {as_text(v) for v in data.values() if v is not None} >= {
            as_text(c) for c in sent
        } - numbering(case, row)
    assert {row["code"] for row in held} == {b.code for b in case.blames}
    assert all(row["mend_zh"] and row["mend_en"] and row["message_zh"] for row in held)


def same_figures(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without the row they stood on, which a copy may have moved."""
    return [{k: v for k, v in row.items() if k != "source_row"} for row in rows]


def as_text(value: Any) -> str:
    text = str(value).strip()
    return text.removesuffix(".0")


def numbering(case: Spoiled, row: int) -> set[str]:
    """序号 is no data: a row that was understood does not keep it."""
    return (
        {as_text(case.cells.rows[row - 1][0])}
        if as_text(case.cells.rows[row - 1][0]).isdigit()
        else set()
    )


@pytest.mark.parametrize("path", SENT_PATHS)
def test_other_submissions_are_untouched(spoiled, genuine, path):
    assert spoiled.loaded(path) == genuine.loaded(path)
    assert spoiled.loaded(path)
    columns = "status, rows_read, rows_accepted, rows_held, sha256"
    for query in (
        f"select {columns} from ledger.submission where path = ?",
        "select * from quarantine.held_row where path = ?",
    ):
        assert spoiled.rows(query, path) == genuine.rows(query, path)
    assert spoiled.findings(path) == genuine.findings(path)
    assert spoiled.findings(path, "unchecked") == genuine.findings(path, "unchecked")


@pytest.mark.parametrize("path", GENUINE, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_folder_of_no_quarter_is_said_and_nothing_of_it_loads(spoiled, path):
    misplaced = f"{path.parent.parent.name}/2022Q5/{path.name}"
    (finding,) = spoiled.findings(misplaced)
    assert (finding["code"], finding["severity"]) == ("FILE-PATH", "reject")
    assert finding["message_zh"].startswith(
        f"路径“{misplaced}”无法识别：“2022Q5”不是报告期，应写作 2022Q3"
    )
    assert (
        f"the path “{misplaced}” cannot be placed: “2022Q5” is not a period"
        in finding["message_en"]
    )
    assert "存放" in finding["mend_zh"]
    assert "place it like raw/150571/2022Q3/gdp.xlsx" in finding["mend_en"]
    assert spoiled.rows(
        "select status, rows_accepted from ledger.submission where path = ?", misplaced
    ) == [{"status": "rejected", "rows_accepted": 0}]
    assert spoiled.loaded(misplaced) == []


def test_every_submission_was_spoiled_in_every_way_it_gives_room_for():
    ways: dict[str, set[str]] = {}
    for case in CASES:
        ways.setdefault(case.what, set()).add(case.form)
    everyone = {path.stem for path in GENUINE}
    assert ways["letter"] == ways["column"] == ways["twice"] == everyone
    assert ways["sum"] == {"gdp"}
    assert ways["unit_line"] == {"gdp", "income", "budget"}
    indicators = {form for form in everyone if load_catalogue()[form].kind == "indicator"}
    assert ways["unit"] | ways["unit_line"] == indicators - {
        "policy_payments"
    }  # its unit stands in the cell of the value
    assert len(ways["period"]) == 14
