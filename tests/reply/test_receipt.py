"""Proof of what was sent, in a chain that shows any change, the same after a rebuild."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.reply.receipt import Facts, digest_of, find_break
from flows.reply.step import write_receipts
from flows.warehouse.own_faults import OwnFaults

GOOD = """指标名称,计量单位,本年累计,同比增长（%）
地区生产总值,亿元,100.00,5.0
第一产业增加值,亿元,10.00,3.0
第二产业增加值,亿元,40.00,5.0
第三产业增加值,亿元,50.00,5.4
"""
OFF = GOOD.replace("第三产业增加值,亿元,50.00", "第三产业增加值,亿元,60.00")
MANIFEST = "path,sha256,bytes,sender,received_at\n"
SENT = {  # path: content, sender, when
    "150571/2022Q3/gdp.csv": (GOOD, "统计部门", "2022-10-18T01:00:00+00:00"),
    "150571/2022Q3/gdp.r2.csv": (
        OFF,
        "统计部门",
        "2022-10-20T01:00:00+00:00",
    ),
    "150571/2022Q2/gdp.csv": (GOOD.replace("5.4", "5.5"), "", "2022-07-18T01:00:00+00:00"),
}


@pytest.fixture(scope="module")
def office(
    run_quarter: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Three submissions, received on three days, through the real flow: raw and warehouse."""
    base = tmp_path_factory.mktemp("receipts")
    raw, warehouse = base / "raw", base / "warehouse"
    manifest = MANIFEST
    for path, (text, sender, when) in SENT.items():
        (raw / path).parent.mkdir(parents=True, exist_ok=True)
        (raw / path).write_text(text, encoding="utf-8")
        manifest += f"{path},{hashlib.sha256(text.encode()).hexdigest()},{len(text.encode())},{sender},{when}\n"
    (raw / "manifest.csv").write_text(manifest, encoding="utf-8")
    run_quarter(raw, warehouse)
    return raw, warehouse


def lines_of(warehouse: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for line in (warehouse / "replies" / "receipts.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    ]


def ask(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["receipt", *map(str, arguments)])
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_every_submission_has_a_receipt_in_the_order_of_arrival(office: tuple[Path, Path]) -> None:
    lines = lines_of(office[1])
    assert [
        (line["number"], line["facts"]["path"], line["outcome"]["status"]) for line in lines
    ] == [
        (1, "150571/2022Q2/gdp.csv", "accepted"),
        (2, "150571/2022Q3/gdp.csv", "accepted"),
        (3, "150571/2022Q3/gdp.r2.csv", "rejected"),
    ]
    facts = lines[1]["facts"]
    assert facts["sha256"] == hashlib.sha256(GOOD.encode()).hexdigest() and facts["bytes"] == len(
        GOOD.encode()
    )
    assert (facts["sender"], facts["received_at"], facts["revision"]) == (
        "统计部门",
        "2022-10-18T01:00:00+00:00",
        1,
    )
    assert lines[1]["outcome"] == {
        "status": "accepted",
        "rows_read": 4,
        "rows_accepted": 4,
        "rows_held": 0,
        "standing": "stands",
        "findings": {},
    }
    assert lines[2]["outcome"]["findings"]["reject"] == 1


def test_each_names_the_one_before_it(office: tuple[Path, Path]) -> None:
    lines = lines_of(office[1])
    assert [line["previous"] for line in lines] == [
        "0" * 64,
        lines[0]["digest"],
        lines[1]["digest"],
    ]
    said = json.dumps(lines[2]["facts"], ensure_ascii=False, separators=(",", ":"))
    assert (
        lines[2]["digest"] == hashlib.sha256(f"{lines[1]['digest']}\n{said}".encode()).hexdigest()
    )


def test_the_page_says_it_in_both_languages_and_needs_nothing_beside_itself(
    office: tuple[Path, Path],
) -> None:
    line = lines_of(office[1])[2]
    page = (
        office[1] / "replies/150571/2022Q3" / f"gdp.{line['facts']['submission']}.receipt.html"
    ).read_text(encoding="utf-8")
    for words in (
        "2022-10-20 09:00:00（北京时间）收到下列文件，退回",
        "rejected: nothing was loaded",
        "通辽经济技术开发区 150571",
        "150571/2022Q3/gdp.r2.csv",
        line["facts"]["sha256"],
        line["digest"],
        line["previous"],
        "读到 4，入库 0，未入库 4",
        "Receipt No. 3",
        "✕ 整份退回",
    ):
        assert words in page, words
    assert "http" not in page and "<script" not in page and "src=" not in page


@pytest.mark.torture
def test_a_rebuild_gives_the_same_receipts_to_the_byte(
    office: tuple[Path, Path], run_quarter: Callable[..., Any], tmp_path: Path
) -> None:
    raw, warehouse = office
    run_quarter(raw, tmp_path / "again")
    for folder in (warehouse, tmp_path / "again"):
        assert len(list(folder.glob("replies/**/*.receipt.html"))) == 3
    for path in [
        *warehouse.glob("replies/**/*.receipt.html"),
        warehouse / "replies" / "receipts.jsonl",
    ]:
        assert (tmp_path / "again" / path.relative_to(warehouse)).read_bytes() == path.read_bytes()


def test_a_file_that_was_sent_is_known_whatever_it_is_called(
    office: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "季报终稿.csv"
    shutil.copy(office[0] / "150571/2022Q3/gdp.csv", copy)
    code, said = ask(copy, "--warehouse", office[1])
    assert code == 0
    for words in (
        "入库 accepted",
        "2022-10-18 09:00:00",
        "统计部门",
        "150571/2022Q3/gdp.csv",
        "是，现行有效 · yes, its figures stand",
        "No. 2",
        "the chain of receipts holds: 3",
    ):
        assert words in said, words
    code, said = ask(
        "--sha256", hashlib.sha256(GOOD.encode()).hexdigest()[:12], "--warehouse", office[1]
    )
    assert code == 0 and "No. 2" in said
    assert (
        "no, it was rejected; 150571/2022Q3/gdp.csv stands"
        in ask(office[0] / "150571/2022Q3/gdp.r2.csv", "--warehouse", office[1])[1]
    )


def test_a_file_that_was_never_sent_is_1_and_one_that_is_not_there_2(
    office: tuple[Path, Path], tmp_path: Path
) -> None:
    other = tmp_path / "gdp.csv"
    other.write_text(GOOD + "\n", encoding="utf-8")
    code, said = ask(other, "--warehouse", office[1])
    assert code == 1 and "没有收到过 not received" in said
    assert ask(tmp_path / "nowhere.csv", "--warehouse", office[1])[0] == 2
    assert ask("--warehouse", tmp_path)[0] == 2


@pytest.mark.parametrize("change", ["time", "removed", "swapped", "outcome", "garbage"])
def test_any_change_of_the_chain_shows(
    office: tuple[Path, Path], tmp_path: Path, change: str
) -> None:
    warehouse = tmp_path / "warehouse"
    shutil.copytree(office[1], warehouse)
    path = warehouse / "replies" / "receipts.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    if change == "time":
        lines[1] = lines[1].replace("2022-10-18", "2022-10-15")
    elif change == "removed":
        del lines[1]
    elif change == "swapped":
        lines[0], lines[1] = lines[1], lines[0]
    elif change == "outcome":
        lines[2] = lines[2].replace('"status":"rejected"', '"status":"accepted"')
    else:
        lines[2] = "{"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, said = ask("--warehouse", warehouse)
    told = {
        "time": "at No. 2",
        "removed": "at No. 2",
        "swapped": "at No. 1",
        "outcome": "not what the warehouse gives",
        "garbage": "at No. 3",
    }
    assert code == 1 and told[change] in said


def test_a_chain_of_nothing_holds_and_digests_differ_by_every_fact() -> None:
    assert find_break([]) is None
    facts = Facts(
        "s", "a" * 64, 10, "p", "gdp", "150571", "2022Q3", 1, "", "2022-10-18T01:00:00+00:00"
    )
    others = [
        Facts(**{**facts.__dict__, name: value})
        for name, value in {
            "bytes": 11,
            "path": "q",
            "revision": 2,
            "sender": "甲",
            "received_at": "2022-10-18T01:00:01+00:00",
        }.items()
    ]
    digests = {
        digest_of(f, previous) for f in [facts, *others] for previous in ("0" * 64, "1" * 64)
    }
    assert len(digests) == 12


def test_of_a_thousand_receipts_those_are_rendered_that_say_something_else(
    tmp_path: Path, empty_build: Path
) -> None:
    run_file = Path(shutil.copy(empty_build, tmp_path / "jibao.duckdb"))
    with duckdb.connect(str(run_file)) as con:
        con.execute("""
            create table made as
            select
                printf('%016x', i) as submission, sha256(i::varchar) as sha256, '150571/2022Q3/gdp.r' || i || '.csv' as path,
                'gdp' as form, '150571' as zone, '2022Q3' as period, i::integer as revision, 100 as bytes,
                timestamp '2022-10-18' + interval (i) second as received_at,
                'accepted' as status, 4 as rows_read, 4 as rows_accepted, 0 as rows_held
            from range(-1, 1001) as t (i);
            insert into ledger.submission by name from made where revision between 0 and 999
        """)
    replies = tmp_path / "replies"

    def write(change: str = "") -> int:
        with duckdb.connect(str(run_file)) as con:
            con.execute(change)
        rendered = write_receipts(run_file, tmp_path, replies)
        lines = (replies / "receipts.jsonl").read_text(encoding="utf-8").splitlines()
        assert find_break(lines) is None
        assert {json.loads(line)["digest"] in page for line, page in zip(lines, read_pages(lines), strict=True)} == {True}  # fmt: skip
        return rendered

    def read_pages(lines: list[str]) -> list[str]:
        facts = [json.loads(line)["facts"] for line in lines]
        return [
            (replies / f["zone"] / f["period"] / f"gdp.{f['submission']}.receipt.html").read_text(
                encoding="utf-8"
            )
            for f in facts
        ]

    assert write() == 1000
    assert write() == 0, "all of them stand"
    next(replies.rglob("*.receipt.html")).unlink()
    assert write() == 1000, "the folder from which one is gone"
    other = "insert into ledger.submission by name select m.* replace ('CN' as zone) from made as m where revision = "
    assert write(other + "1000") == 1, "a zone's own"
    assert write("update ledger.submission set rows_held = 1 where zone = 'CN'") == 1
    assert write(other + "-1") == 1002, (
        "one that came first: the numbers of all after it are others"
    )
    # the last of all came at the path of one of the other zone, whose page tells how many came there
    path = "update ledger.submission set path = '150571/2022Q3/gdp.r999.csv' where revision = 1000"
    assert write(path) == 1002
    (replies / "receipts_made.json").write_text("{", encoding="utf-8")
    assert write() == 1002, "what is not known is made again"


def test_a_receipt_that_fails_is_made_by_the_next_run(
    office: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, warehouse = office
    replies = tmp_path / "replies"

    def fail(*_: object) -> str:
        raise RuntimeError("a fault of ours")

    faults = OwnFaults(logging.getLogger("test"))
    with monkeypatch.context() as patched:
        patched.setattr("flows.reply.receipt_pages.render_receipt", fail)
        write_receipts(warehouse / "jibao.duckdb", raw, replies, faults.spare)
    assert len(faults.listed) == 3 and not list(replies.rglob("*.receipt.html"))
    assert write_receipts(warehouse / "jibao.duckdb", raw, replies) == 3
    assert len(list(replies.rglob("*.receipt.html"))) == 3
