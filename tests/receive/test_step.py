"""What a file in raw/ is, whether it is known, and what the manifest remembers of it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.arrow_files import open_table
from flows.model.submission import Submission, open_submissions
from flows.receive.manifest import write_manifest
from flows.receive.step import UNPLACED, Received, Selection, describe_file, hand_over, receive

CATALOGUE = load_catalogue()
ZONES = {"150571", "CN"}
ALL = Selection()
GDP = "指标名称,计量单位,本年累计\n地区生产总值,亿元,107.92\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def put(raw: Path, path: str, content: str | bytes = GDP) -> Path:
    target = raw / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)
    return target


def take(
    raw: Path, judged: dict[str, tuple[str, str]] | None = None, selection: Selection = ALL, **more
) -> Received:
    return receive(
        raw, more.get("catalogue", CATALOGUE), more.get("zones", ZONES), judged or {}, selection
    )


def settle(received: Received, status: str = "accepted") -> dict[str, tuple[str, str]]:
    """The ledger after a run that judged what was received."""
    return {s.submission: (status, s.fingerprint) for s in received.new}


def manifest_of(raw: Path) -> list[dict[str, str]]:
    with (raw / "manifest.csv").open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def codes(received: Received) -> list[str]:
    return [f.code for f in received.findings]


# --- where a file stands ----------------------------------------------------------------------


def test_a_path_says_form_zone_period_and_revision(raw: Path) -> None:
    put(raw, "150571/2022Q3/gdp.xlsx", "a")
    put(raw, "150571/2022Q3/gdp.r2.csv", "b")
    put(raw, "CN/2024Q4/gdp.r13.CSV", "c")
    received = take(raw)
    assert [(s.path, s.zone, s.period, s.form, s.revision) for s in received.new] == [
        ("150571/2022Q3/gdp.r2.csv", "150571", "2022Q3", "gdp", 2),
        ("150571/2022Q3/gdp.xlsx", "150571", "2022Q3", "gdp", 1),
        ("CN/2024Q4/gdp.r13.CSV", "CN", "2024Q4", "gdp", 13),
    ]
    assert received.findings == []
    assert {s.fingerprint for s in received.new} == {CATALOGUE["gdp"].fingerprint}
    assert received.new[0].sha256 == hashlib.sha256(b"b").hexdigest()
    assert received.new[0].bytes == 1


OUT_OF_PLACE = """
999999/2022Q3/gdp.csv | 没有区划代码“999999”，已知：通辽经济技术开发区 150571、全国 CN | there is no zone “999999”; known: 150571, CN
150571/2022Q5/gdp.csv | “2022Q5”不是报告期 | “2022Q5” is not a period
150571/2022Q3/gpd.csv | 看不出“gpd”是哪张报表，可选：农牧业发展情况 agriculture、财政预算收入情况 budget、 | which form is “gpd”? it could be agriculture (Agriculture and animal husbandry), budget
150571/2022Q3/地区生产总值分行业增加值.xlsx | 看不出“地区生产总值分行业增加值”是哪张报表，可选：地区生产总值 gdp、分行业增加值 value_added_by_industry | it could be gdp (Gross regional product by sector), value_added_by_industry (Value added by
gdp.csv | 应在 raw/ 下第三层，现在第 1 层 | it stands 1 below
150571/2022Q3/gdp.r2147483648.csv | “gdp.r2147483648.csv”的修订号应在 1 至 999 之间 | the number of a revision lies between 1 and 999; the name is “gdp.r2147483648.csv”
150571/2022Q3/gdp.r0.csv | 修订号应在 1 至 999 之间 | lies between 1 and 999
150571/2022Q3/gdp.r1000.csv | 修订号应在 1 至 999 之间 | lies between 1 and 999
150571/2022年三季度当季/gdp.csv | “2022年三季度当季”不是报告期 | is not a period
150571/2022Q3-2022Q4/gdp.csv | “2022Q3-2022Q4”不是报告期 | is not a period
150571/2022Q3/gdp草稿.csv | “草稿”表示这不是本期的正式数据 | “草稿” in the name says that
150571/2022Q3/gdp(不变价).csv | “不变价”表示这不是本期的正式数据 | not the figures of
150571/2022Q3/gdp(修订).csv | 没有写第几次修订 | a revision, and not which one
150571/2022Q3/gdp_2022Q2.csv | 写的是 2022Q2，却放在 150571/2022Q3 的文件夹里 | says 2022Q2, the folder is 150571/2022Q3
150571/2022Q3/2021年gdp.csv | 写的是 2021，却放在 | says 2021, the folder is
150571/2022Q3/全国gdp.csv | 写的是 CN，却放在 | says CN, the folder is
150571/gdp.csv | 应在 raw/ 下第三层，现在第 2 层 | it should stand three levels below raw/, it stands 2 below
150571/2022Q3/附件/gdp.csv | 现在第 4 层 | it stands 4 below
"""


@pytest.mark.parametrize(
    ("path", "zh", "en"), [line.split(" | ") for line in OUT_OF_PLACE.strip().splitlines()]
)
def test_a_file_out_of_place_is_told_why(raw: Path, path: str, zh: str, en: str) -> None:
    put(raw, path)
    put(raw, "CN/2022Q3/gdp.csv", GDP + "x")
    received = take(raw)
    [finding] = received.findings
    assert (finding.code, finding.severity, finding.path) == ("FILE-PATH", "reject", path)
    assert zh in finding.message_zh
    assert en in finding.message_en
    assert finding.mend_en == "place it like raw/150571/2022Q3/gdp.xlsx; a revision is gdp.r2.xlsx"
    assert len(received.new) == 2, "its neighbour is taken"


def test_a_file_out_of_place_is_told_whatever_is_selected(raw: Path) -> None:
    put(raw, "150571/2022Q5/gdp.csv")
    received = take(raw, selection=Selection(periods=("2024Q1",)))
    assert codes(received) == ["FILE-PATH"], "nobody can say that it was not meant"


def test_lock_files_hidden_files_and_notes_are_no_submissions(raw: Path) -> None:
    for path in (
        "150571/2022Q3/~$gdp.xlsx",
        "150571/2022Q3/.gdp.xlsx.swp",
        "150571/.git/gdp.csv",
        ".DS_Store",
        "150571/2022Q3/.DS_Store",
        "150571/2022Q3/Thumbs.db",
        "150571/2022Q3/desktop.ini",
        "README.md",
        "manifest.csv",
    ):
        put(raw, path, "path,sha256,bytes,sender,received_at\n")
    received = take(raw)
    assert (received.new, received.findings, received.manifest_lines, received.unchanged) == (
        [],
        [],
        [],
        0,
    )


def test_a_name_that_is_no_unicode_stops_nothing(raw: Path, tmp_path: Path) -> None:
    """A zip made on Chinese Windows, unpacked on Linux, gives names in GBK bytes."""
    put(raw, "150571/2022Q3/gdp.csv")
    folder = os.fsencode(raw / "150571" / "2022Q3")
    with open(os.path.join(folder, "地区生产总值.csv".encode("gbk")), "w") as sink:  # noqa: PTH118, PTH123 - bytes are no Path
        sink.write("x")
    received = take(raw)
    write_manifest(raw, received.manifest_lines)
    hand_over(received, tmp_path / "work")
    assert codes(received) == ["FILE-NAME", "FILE-TWICE"]
    assert received.findings[0].path == "150571/2022Q3/地区生产总值.csv", "it can be read"
    taken = open_submissions(tmp_path / "work" / "gdp" / "submissions.jsonl")
    assert [s.form for s in taken] == ["gdp", "gdp"]
    assert [s.content_path(raw, tmp_path / "work/gdp").read_text() for s in taken] == [GDP, "x"]


# --- known by their bytes ---------------------------------------------------------------------


def test_the_same_bytes_twice_change_nothing(raw: Path) -> None:
    put(raw, "CN/2022Q3/gdp.csv")
    first = take(raw)
    assert (len(first.new), first.unchanged) == (1, 0)
    write_manifest(raw, first.manifest_lines)
    os.utime(raw / "CN/2022Q3/gdp.csv")
    again = take(raw, settle(first))
    assert (again.new, again.unchanged, again.findings, again.manifest_lines) == ([], 1, [], [])


def test_the_identity_is_form_zone_period_and_bytes_not_the_name(raw: Path) -> None:
    one = describe_file(raw, put(raw, "CN/2022Q3/gdp.csv"), "gdp", "CN", "2022Q3")
    same = describe_file(raw, put(raw, "CN/2022Q3/gdp.r2.csv"), "gdp", "CN", "2022Q3", 2)
    assert one.submission == same.submission
    others = [
        replace(one, form="income"),
        replace(one, zone="150571"),
        replace(one, period="2022Q4"),
        replace(one, sha256="0" * 64),
    ]
    assert len({one.submission, *(o.submission for o in others)}) == 5
    assert len(one.submission) == 16


def test_replaced_bytes_are_new_and_told(raw: Path) -> None:
    put(raw, "CN/2022Q3/gdp.csv", "first")
    first = take(raw)
    write_manifest(raw, first.manifest_lines)
    put(raw, "CN/2022Q3/gdp.csv", "second")
    second = take(raw, settle(first))
    [finding] = second.findings
    assert (finding.code, finding.severity) == ("FILE-REPLACED", "query")
    assert (
        finding.message_en
        == "the file was changed after it was received; what was received first is archived, and stands "
        "unless it was rejected or is withdrawn"
    )
    assert finding.mend_en.startswith("send a revision as gdp.r2.xlsx (r3 …); where the first was")
    assert second.new[0].replacement == 1, "the warehouse lets what came first stand"
    assert [s.sha256 for s in second.new] == [hashlib.sha256(b"second").hexdigest()]
    write_manifest(raw, second.manifest_lines)
    assert [line["sha256"] for line in manifest_of(raw)] == [
        hashlib.sha256(b).hexdigest() for b in (b"first", b"second")
    ], "both stay"


def test_replaced_bytes_are_told_after_a_run_that_was_killed(raw: Path) -> None:
    """The manifest is written early: a run killed after that must not make the replacement look received."""
    put(raw, "CN/2022Q3/gdp.csv", "first")
    first = take(raw)
    write_manifest(
        raw,
        [replace(line, received_at="2022-10-12T09:00:00+08:00") for line in first.manifest_lines],
    )
    put(raw, "CN/2022Q3/gdp.csv", "second")
    write_manifest(raw, take(raw, settle(first)).manifest_lines)  # … and killed here
    assert codes(take(raw, settle(first))) == ["FILE-REPLACED"]


@pytest.mark.parametrize(
    ("known", "new"),
    [("CN/2022Q2/gdp.csv", "CN/2022Q3/gdp.csv"), ("CN/2022Q3/gdp.csv", "CN/2022Q2/gdp.csv")],
)
def test_the_same_bytes_for_another_quarter_are_told(raw: Path, known: str, new: str) -> None:
    put(raw, known)
    first = take(raw)
    write_manifest(raw, first.manifest_lines)
    put(raw, new)
    second = take(raw, settle(first))
    [finding] = second.findings
    assert (finding.code, finding.severity, finding.path) == ("FILE-SAME", "query", new)
    assert finding.message_en == f"the content is the same, byte for byte, as “{known}”"


def test_two_files_of_one_revision_are_told(raw: Path) -> None:
    """`gdp.csv` and `gdp.xlsx` with other figures: one of them would stand, and nobody would know that there are two."""
    put(raw, "CN/2022Q3/gdp.csv", "first")
    first = take(raw)
    write_manifest(raw, first.manifest_lines)
    put(raw, "CN/2022Q3/gdp.xlsx", "second")
    [finding] = take(raw, settle(first)).findings
    assert (finding.severity, finding.stage, finding.path) == (
        "query",
        "file",
        "CN/2022Q3/gdp.xlsx",
    )
    assert "CN/2022Q3/gdp.csv" in finding.message_en and "CN/2022Q3/gdp.csv" in finding.message_zh
    (raw / "CN/2022Q3/gdp.xlsx").rename(raw / "CN/2022Q3/gdp.r2.xlsx")
    assert take(raw, settle(first)).findings == [], "a revision is what it should be"


def test_a_rejected_file_is_judged_again_when_its_form_changes(raw: Path) -> None:
    put(raw, "CN/2022Q3/gdp.csv")
    first = take(raw)
    write_manifest(raw, first.manifest_lines)
    changed = dict(CATALOGUE) | {
        "gdp": CATALOGUE["gdp"].model_copy(update={"fingerprint": "0" * 16})
    }
    for status, again in (("rejected", 1), ("partial", 1), ("accepted", 0)):
        judged = settle(first, status)
        assert len(take(raw, judged).new) == 0, f"{status}: settled while the form is the same"
        received = take(raw, judged, catalogue=changed)
        assert (len(received.new), received.unchanged) == (again, 1 - again), status
        assert [s.fingerprint for s in received.new] == ["0" * 16] * again


def test_a_file_of_an_unknown_zone_is_judged_again_when_the_zone_is_known(raw: Path) -> None:
    put(raw, "150572/2022Q3/gdp.csv")
    first = take(raw)
    assert codes(first) == ["FILE-PATH"]
    write_manifest(raw, first.manifest_lines)
    second = take(raw, settle(first, "rejected"), zones={*ZONES, "150572"})
    assert [s.zone for s in second.new] == ["150572"]
    assert second.findings == []


# --- what is taken ----------------------------------------------------------------------------


def test_a_selection_takes_only_what_it_names(raw: Path) -> None:
    for path in (
        "CN/2022Q2/gdp.csv",
        "CN/2022Q3/gdp.csv",
        "150571/2022Q3/gdp.csv",
        "150571/2022Q3/income.csv",
    ):
        put(raw, path, path)
    chosen = {
        Selection(): 4,
        Selection(zones=("CN",)): 2,
        Selection(periods=("2022Q3",)): 3,
        Selection(forms=("income",)): 1,
        Selection(zones=("150571",), periods=("2022Q3",), forms=("gdp",)): 1,
        Selection(zones=("CN",), forms=("income",)): 0,
    }
    for selection, count in chosen.items():
        assert len(take(raw, selection=selection).new) == count, selection
    assert len(take(raw, selection=Selection(zones=("CN",))).manifest_lines) == 4, (
        "arrival is noted for all"
    )


# --- the manifest -----------------------------------------------------------------------------


def test_a_file_first_seen_gets_a_line_that_never_changes(raw: Path) -> None:
    put(raw, "CN/2022Q3/gdp.csv")
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    received = take(raw)
    [line] = received.manifest_lines
    assert line.path == "CN/2022Q3/gdp.csv"
    assert line.sha256 == hashlib.sha256(GDP.encode()).hexdigest()
    assert line.bytes == str(len(GDP.encode()))
    arrived = dt.datetime.fromisoformat(line.received_at)
    assert before <= arrived <= dt.datetime.now(dt.UTC)
    assert received.new[0].received_at == line.received_at
    write_manifest(raw, received.manifest_lines)
    kept = (raw / "manifest.csv").read_bytes()
    for _ in range(2):
        again = take(raw)
        assert again.manifest_lines == []
        assert again.new[0].received_at == line.received_at, "the date of arrival, not of the run"
        write_manifest(raw, again.manifest_lines)
    assert (raw / "manifest.csv").read_bytes() == kept


def test_sender_and_date_come_from_the_manifest(raw: Path) -> None:
    path = put(raw, "CN/2022Q3/gdp.csv")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    line = f"CN/2022Q3/gdp.csv,{digest},{len(GDP.encode())},国家统计局,2022-10-24T10:00:00+08:00\n"
    put(raw, "manifest.csv", "path,sha256,bytes,sender,received_at\n" + line)
    received = take(raw)
    assert received.manifest_lines == []
    assert (received.new[0].sender, received.new[0].received_at) == (
        "国家统计局",
        "2022-10-24T10:00:00+08:00",
    )
    put(raw, "CN/2022Q4/gdp.csv", "other")
    write_manifest(raw, take(raw).manifest_lines)
    assert manifest_of(raw)[0] == {
        "path": "CN/2022Q3/gdp.csv",
        "sha256": digest,
        "bytes": str(len(GDP.encode())),
        "sender": "国家统计局",
        "received_at": "2022-10-24T10:00:00+08:00",
    }
    assert len(manifest_of(raw)) == 2


def test_a_manifest_saved_by_a_spreadsheet_still_reads(raw: Path) -> None:
    """Excel's “CSV UTF-8” begins with a mark and ends its lines with CR LF."""
    path = put(raw, "CN/2022Q3/gdp.csv")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    text = f"path,sha256,bytes,sender,received_at\r\nCN/2022Q3/gdp.csv,{digest},1,统计局,2022-10-24T10:00:00+08:00\r\n"
    put(raw, "manifest.csv", b"\xef\xbb\xbf" + text.encode())
    assert take(raw).new[0].sender == "统计局"
    put(raw, "CN/2022Q4/gdp.csv", "other")
    write_manifest(raw, take(raw).manifest_lines)
    assert [line["path"] for line in manifest_of(raw)] == ["CN/2022Q3/gdp.csv", "CN/2022Q4/gdp.csv"]


@pytest.mark.parametrize(
    "content",
    [b"path;sha256\nx;y\n", "路径,发件人\na,b\n".encode("gb18030")],
    ids=["other columns", "GB18030"],
)
def test_a_manifest_that_cannot_be_read_says_so(raw: Path, content: bytes) -> None:
    put(raw, "CN/2022Q3/gdp.csv")
    put(raw, "manifest.csv", content)
    with pytest.raises(Exception, match=r"manifest\.csv") as refused:
        take(raw)
    assert not isinstance(refused.value, KeyError)


def test_a_missing_raw_file_is_reported(raw: Path) -> None:
    for path in ("CN/2022Q2/gdp.csv", "CN/2022Q3/gdp.csv"):
        put(raw, path, path)
    first = take(raw)
    assert first.missing == []
    write_manifest(raw, first.manifest_lines)
    (raw / "CN/2022Q2/gdp.csv").unlink()
    second = take(raw, settle(first))
    assert second.missing == ["CN/2022Q2/gdp.csv"]
    assert take(raw, settle(first), Selection(periods=("2022Q3",))).missing == [
        "CN/2022Q2/gdp.csv"
    ], "whatever is selected"


# --- handed over ------------------------------------------------------------------------------


def test_files_are_handed_over_by_form_and_the_lost_apart(raw: Path, tmp_path: Path) -> None:
    for path in (
        "CN/2022Q2/gdp.csv",
        "CN/2022Q3/gdp.csv",
        "150571/2022Q3/income.csv",
        "150571/2022Q3/unknown.csv",
        "CN/Q3/gdp.csv",
    ):
        put(raw, path, path)
    folders = hand_over(take(raw), tmp_path / "work")
    assert sorted(folders) == [UNPLACED, "gdp", "income"]
    taken: list[Submission] = open_submissions(folders["gdp"] / "submissions.jsonl")
    assert [s.path for s in taken] == ["CN/2022Q2/gdp.csv", "CN/2022Q3/gdp.csv"]
    assert open_table(folders["gdp"] / "arrival.arrow").num_rows == 0
    lost = open_table(folders[UNPLACED] / "judged.arrow").to_pylist()
    assert [
        (row["status"], row["rows_read"], row["rows_accepted"], row["rows_held"]) for row in lost
    ] == [("rejected", 0, 0, 0)] * 2
    said = open_table(folders[UNPLACED] / "finding.arrow").to_pylist()
    assert sorted(f["path"] for f in said) == ["150571/2022Q3/unknown.csv", "CN/Q3/gdp.csv"]
