"""docs/cookbook/: every query is run over all of `raw/`, as who ran `make run` does, and its result compared, to the letter.
The queries are those of `sql/questions/`; `--update` writes them and the results anew.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.build.step import build, fingerprint
from flows.cli.questions import open_questions
from flows.forms.catalogue import load_catalogue
from flows.load.step import load_form, prepare
from flows.model.arrow_files import open_table
from flows.model.submission import open_submissions
from flows.model.zone import known_zones
from flows.publish.acceptances import accept
from flows.publish.decisions import load_decisions
from flows.publish.editions import freeze
from flows.read.step import read_form
from flows.receive.manifest import write_manifest
from flows.receive.step import hand_over, receive
from flows.warehouse.copies import begin_copy
from flows.warehouse.ledger import judged_submissions, note_run
from tests.judging import judge_form
from tests.runs import publish

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "cookbook"
PAGES = sorted(p for p in FOLDER.glob("*.md") if p.name != "README.md")
WORKED = re.compile(
    r"^## (?P<title>.+?)$(?P<words>.*?)^```sql\n(?P<sql>.*?)^```\n\n```text\n(?P<result>.*?)^```$",
    re.M | re.S,
)
ON_A_COPY = "revisions.md"  # is asked of the copy with made-up resubmissions

GDP = (
    "指标名称,计量单位,本年累计,同比增长\n地区生产总值,亿元,{},{}\n"
    "第一产业增加值,亿元,1.41,4.1\n第二产业增加值,亿元,39.12,2.7\n第三产业增加值,亿元,{},{}\n"
)
STEPS = (  # what is sent, when; the second is published first, so the third waits until it is accepted
    ("gdp.r2.csv", GDP.format("108.12", "3.6", "67.59", "4.1"), "2026-12-05T09:00:00+08:00", None),
    (
        "gdp.r3.csv",
        GDP.format("108.92", "4.3", "68.39", "5.3"),
        "2026-12-20T09:00:00+08:00",
        "2026-12-10T09:00:00+08:00",
    ),
    (
        "gdp.r4.csv",
        GDP.format("108.72", "4.1", "68.19", "5.0"),
        "2027-01-20T09:00:00+08:00",
        "2027-01-05T09:00:00+08:00",
    ),
)


@pytest.fixture(scope="session")
def revised(whole_warehouse: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real warehouse with three made-up resubmissions, an edition before the second and one acceptance."""
    base = tmp_path_factory.mktemp("revised")
    raw, warehouse = Path(shutil.copytree(whole_warehouse.raw, base / "raw")), base / "warehouse"
    (warehouse / "work").mkdir(parents=True)
    shutil.copy(whole_warehouse.path, warehouse)
    for number, (name, content, received_at, decided_at) in enumerate(STEPS, start=1):
        if number == 2 and decided_at:
            freeze(
                raw,
                warehouse,
                "2022Q3",
                ["150571"],
                "王芳",
                "",
                dt.datetime.fromisoformat(decided_at),
            )
        if number == 3 and decided_at:
            accept(
                raw,
                warehouse,
                "150571",
                "2022Q3",
                "gdp",
                "李强",
                "服务业年报核实后更正总量",
                dt.datetime.fromisoformat(decided_at),
            )
        (raw / "150571" / "2022Q3" / name).write_text(content)
        received = receive(raw, load_catalogue(), known_zones(raw), {})
        write_manifest(
            raw,
            [
                replace(line, received_at=received_at, sender="统计部门")
                for line in received.manifest_lines
            ],
        )
        _run(raw, warehouse, f"2099010{number}T000000Z-aaaaaa")
    return warehouse / "jibao.duckdb"


def _run(raw: Path, warehouse: Path, run: str) -> None:
    """What a run does, without Prefect or a judge."""
    catalogue, run_file = load_catalogue(), warehouse / "work" / "run.duckdb"
    begin_copy(warehouse, run_file)
    prepare(run_file, catalogue)
    load_decisions(raw, run_file, run)
    judged = judged_submissions(warehouse)
    for code, folder in hand_over(
        receive(raw, catalogue, known_zones(raw), judged), warehouse / "work" / run
    ).items():
        submissions = open_submissions(folder / "submissions.jsonl")
        read_form(catalogue[code], submissions, raw, folder)
        judge_form(
            catalogue[code], submissions, open_table(folder / "arrival.arrow"), folder, store=None
        )
        load_form(catalogue[code], folder, run_file, run)
    note_run(run_file, run, dt.datetime.now(dt.UTC), {}, fingerprint(catalogue))
    build(run_file, catalogue)
    publish(run_file, warehouse)


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def show(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The rows of a query as a page of text shows them; — is NULL."""
    result = con.execute(sql)
    heads = [d[0] for d in result.description]
    rows = [["—" if v is None else str(v) for v in row] for row in result.fetchall()]
    widths = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    numbers = [
        all(re.fullmatch(r"—|-?[\d.]+(e-?\d+)?", row[i]) for row in rows) for i in range(len(heads))
    ]

    def line(cells: list[str]) -> str:
        padded = [
            (" " * (w - width(c)) + c) if right else c + " " * (w - width(c))
            for c, w, right in zip(cells, widths, numbers, strict=True)
        ]
        return "  ".join(padded).rstrip()

    return "\n".join([line(heads), "  ".join("-" * w for w in widths), *map(line, rows)]) + "\n"


def worked() -> Iterator[tuple[Path, re.Match[str]]]:
    for page in PAGES:
        for match in WORKED.finditer(page.read_text(encoding="utf-8")):
            yield page, match


def test_every_question_has_its_number_its_query_and_its_result() -> None:
    titles = [
        title
        for page in PAGES
        for title in re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.M)
    ]
    assert [match["title"] for _, match in worked()] == titles, (
        "a question without a query and a result right after it"
    )
    for title in titles:
        assert re.match(r"\d+\. .*[\u4e00-\u9fff].* · .*[a-z]", title), f"{title}: number, zh · en"
    numbers = sorted(int(title.partition(".")[0]) for title in titles)
    assert numbers == list(range(1, len(titles) + 1)) and len(titles) >= 25
    saved = {f"{q.number}. {q.titles['zh']} · {q.titles['en']}": q.query for q in open_questions()}
    assert {match["title"]: match["sql"] for _, match in worked()} == saved, "as in sql/questions/"
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^- (\d+\. .+)$", index, re.M)) == sorted(titles)


@pytest.mark.torture
@pytest.mark.parametrize("number", range(len(list(worked()))))
def test_a_worked_question_gives_its_result(number: int, request: pytest.FixtureRequest) -> None:
    page, match = list(worked())[number]
    asked = next(q for q in open_questions() if match["title"].startswith(f"{q.number}. "))
    path = (
        request.getfixturevalue("revised")
        if page.name == ON_A_COPY
        else request.getfixturevalue("whole_warehouse").path
    )
    with duckdb.connect(str(path), read_only=True) as con:
        found = show(con, asked.query)
    if request.config.getoption("--update"):
        text = page.read_text(encoding="utf-8")
        before, between = text[: match.start("sql")], text[match.end("sql") : match.start("result")]
        page.write_text(
            f"{before}{asked.query}{between}{found}{text[match.end('result') :]}", encoding="utf-8"
        )
    else:
        assert match["result"] == found
