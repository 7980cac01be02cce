"""Files as people name and place them: one answer is taken with a note, anything else is asked."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.forms.catalogue import load_catalogue
from flows.model.submission import open_submissions
from flows.receive.before_sending import find_misplacement
from flows.receive.listing import EntryKind, list_entries
from flows.receive.placement import Placer
from flows.receive.step import UNPLACED, hand_over, keep, list_warnings, receive

CATALOGUE = load_catalogue()
ZONES = {"150571": "通辽经济技术开发区", "CN": "全国"}
PLACER = Placer(CATALOGUE, ZONES)


def place(path: str, recognised: tuple[str, ...] = ()):
    return PLACER.place(path, EntryKind.FILE, lambda: recognised)


@pytest.mark.parametrize(
    ("path", "form", "period", "revision"),
    [
        ("150571/2022Q3/gdp (1).xlsx", "gdp", "2022Q3", 1),
        ("150571/2022Q3/gdp(2).xlsx", "gdp", "2022Q3", 1),
        ("150571/2022Q3/gdp - 副本.xlsx", "gdp", "2022Q3", 1),
        ("150571/2022Q3/Copy of gdp.xlsx", "gdp", "2022Q3", 1),
        ("150571/2022Q3/地区生产总值.xlsx", "gdp", "2022Q3", 1),
        ("150571/2022Q3/季报_GDP_2022Q3(终).xlsx", "gdp", "2022Q3", 1),
        ("150571/2022Q3/GDP.XLSX", "gdp", "2022Q3", 1),
        ("150571/2022Q3/ＧＤＰ.xlsx", "gdp", "2022Q3", 1),
        ("150571/2022Q3/gdp.R2.xlsx", "gdp", "2022Q3", 2),
        ("150571/2022Q3/地区生产总值.r3.xlsx", "gdp", "2022Q3", 3),
        ("150571/2022Q3/gdp_r2.xlsx", "gdp", "2022Q3", 2),
        ("150571/2022Q3/gdp", "gdp", "2022Q3", 1),
        ("150571/2022Q3/Main Indicators.csv", "main_indicators", "2022Q3", 1),
        ("150571/2022Q3/main-indicators.csv", "main_indicators", "2022Q3", 1),
        ("150571/2022Q3/附件2：居民收入情况（2022年前三季度）.et", "income", "2022Q3", 1),
        ("150571/2022Q3/重点项目台账20221012.xls", "project_ledger", "2022Q3", 1),
        ("150571/2022Q3/招商引资.ods", "investment_promotion", "2022Q3", 1),
        ("150571/2022Q3/通辽经济技术开发区就业情况.xlsx", "employment", "2022Q3", 1),
        ("150571/2022q3/gdp.xlsx", "gdp", "2022Q3", 1),
        ("150571/2022年三季度/gdp.xlsx", "gdp", "2022Q3", 1),
        ("150571/2022年1-9月/gdp.r2.csv", "gdp", "2022Q3", 2),
        ("150571/2022年前三季度季报/gdp.csv", "gdp", "2022Q3", 1),
        ("150571/２０２２Q3/gdp.csv", "gdp", "2022Q3", 1),
        ("150571/Q3 2022/gdp.csv", "gdp", "2022Q3", 1),
        ("150571/2022第三季度/gdp.csv", "gdp", "2022Q3", 1),
        ("150571/二〇二二年三季度/gdp.csv", "gdp", "2022Q3", 1),
        ("150571/22年三季度/gdp.csv", "gdp", "2022Q3", 1),
        ("150571/2022Q3/gdp.csv.txt", "gdp", "2022Q3", 1),
        ("cn/2022Q3/gdp.csv", "gdp", "2022Q3", 1),
        ("通辽经济技术开发区/2022Q3/gdp.csv", "gdp", "2022Q3", 1),
        ("150571 通辽经济技术开发区/2022Q3/gdp.csv", "gdp", "2022Q3", 1),
    ],
)
def test_one_answer_is_taken_with_a_note(path: str, form: str, period: str, revision: int) -> None:
    placed = place(path)
    assert placed.problem is None
    assert (placed.form, placed.period, placed.revision) == (form, period, revision)
    assert placed.zone in ZONES
    assert placed.remarks and placed.severity == "note"


@pytest.mark.parametrize(
    "path",
    ["150571/2022Q3/gdp.xlsx", "CN/2022Q3/gdp.r2.CSV", "CN/2022Q3/gdp.r999.csv"],
)
def test_what_is_written_as_agreed_is_taken_without_a_word(path: str) -> None:
    assert (place(path).problem, place(path).remarks) == (None, ())


def test_a_word_that_is_not_understood_is_asked_about() -> None:
    placed = place("150571/2022Q3/gdp 张三.xlsx")
    assert (placed.form, placed.severity) == ("gdp", "query")
    [(zh, en)] = placed.remarks
    assert zh == "文件名“gdp 张三.xlsx”读作“地区生产总值”（gdp，第 1 版）；其中“张三”不知何意"
    assert en.endswith("“张三” in it was not understood")


@pytest.mark.parametrize(("ending", "said"), [("old", "old"), ("bak", "bak"), ("draft", "draft")])
def test_an_ending_of_no_table_is_a_word_of_the_name(ending: str, said: str) -> None:
    placed = place(f"150571/2022Q3/gdp.xlsx.{ending}")
    assert placed.problem or placed.severity == "query"
    assert f"“{said}”" in (placed.problem or placed.remarks[0])[0]


def test_the_content_says_the_form_where_the_name_does_not() -> None:
    placed = place("150571/2022Q3/附件3.xlsx", ("income",))
    assert (placed.form, placed.severity, placed.problem) == ("income", "query", None)
    assert "by its content" in placed.remarks[0][1]
    placed = place("150571/2022Q3/新建 Microsoft Excel 工作表.xlsx", ("income",))
    assert (placed.form, placed.severity, placed.problem) == ("income", "query", None)
    placed = place("150571/2022Q3/地区生产总值分行业增加值.xlsx", ("value_added_by_industry",))
    assert (placed.form, placed.severity) == ("value_added_by_industry", "note")
    placed = place("150571/2022Q3/附件3.xlsx", ("gdp", "income"))
    assert placed.problem is not None
    assert (
        placed.problem[0] == "看不出“附件3”是哪张报表，可选：地区生产总值 gdp、居民收入情况 income"
    )


@given(
    st.text(
        st.characters(blacklist_characters="/\0\r\n", blacklist_categories=["Cs"]),
        min_size=1,
        max_size=20,
    )
)
@settings(max_examples=300)
def test_no_name_is_an_error(name: str) -> None:
    for path in (f"150571/2022Q3/{name}", f"150571/{name}/gdp.csv", f"{name}/2022Q3/gdp.csv"):
        placed = place(path)
        assert placed.problem or placed.form in CATALOGUE
        assert 1 <= placed.revision <= 999


@given(st.text("甲乙丙丁abcxyz不变价计划草稿", min_size=1, max_size=6))
@settings(max_examples=200)
def test_no_word_in_a_name_is_read_over(word: str) -> None:
    placed = place(f"150571/2022Q3/gdp({word}).csv")
    assert placed.problem or placed.severity == "query"


# --- what is no file --------------------------------------------------------------------------


def put(raw: Path, path: str, content: str = "x") -> Path:
    target = raw / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content)
    return target


def test_links_pipes_and_folders_get_a_finding_and_are_never_opened(tmp_path: Path) -> None:
    raw, secret = tmp_path / "raw", put(tmp_path, "outside/secret.csv", "机密,1\n")
    put(raw, "150571/2022Q3/gdp.csv")
    (raw / "150571/2022Q3/income.csv").symlink_to(secret)
    (raw / "150571/2022Q4").symlink_to(secret.parent)
    (raw / "dangling.csv").symlink_to("nowhere")
    os.mkfifo(raw / "150571/2022Q3/budget.csv")
    (raw / "150571/2022Q3/housing.xlsx").mkdir()
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(raw / "150571/2022Q3/s.csv"))
        received = receive(raw, CATALOGUE, set(ZONES), {})
    said = {f.path: f.code for f in received.findings}
    assert said == {
        "150571/2022Q3/income.csv": "FILE-LINK",
        "150571/2022Q4": "FILE-LINK",
        "dangling.csv": "FILE-LINK",
        "150571/2022Q3/budget.csv": "FILE-KIND",
        "150571/2022Q3/housing.xlsx": "FILE-KIND",
        "150571/2022Q3/s.csv": "FILE-KIND",
    }
    keep(received)
    folders = hand_over(received, tmp_path / "work")
    lost = open_submissions(folders[UNPLACED] / "submissions.jsonl")
    assert [s.content_path(raw, folders[UNPLACED]).read_bytes() for s in lost] == [b""] * 6
    assert not any(
        "机密".encode() in p.read_bytes() for p in (tmp_path / "work").rglob("*") if p.is_file()
    )
    assert len(list((raw / "archive").rglob("*.zst"))) == 1, "the file alone"
    again = receive(
        raw,
        CATALOGUE,
        set(ZONES),
        {s.submission: ("rejected", s.fingerprint) for s in received.new},
    )
    assert (again.new, again.findings) == ([], []), "told once"


def test_of_several_alike_that_have_no_place_each_has_its_finding(tmp_path: Path) -> None:
    """Known by what they are, form and quarter alone, the second link, pipe or folder was taken for the first."""
    raw = tmp_path / "raw"
    put(raw, "150571/2022Q3/gdp.csv")
    (raw / "150571/2022Q3/income.csv").symlink_to("nowhere")
    (raw / "150571/2022Q3/income.xlsx").symlink_to("elsewhere")
    (raw / "150571/2022Q3/sub").mkdir()
    (raw / "150571/2022Q3/sub/income.csv").symlink_to("nowhere")
    (raw / "150571/2022Q3/other").mkdir()
    (raw / "150571/2022Q3/other/income.csv").symlink_to("nowhere")
    for ending in ("csv", "xlsx"):
        os.mkfifo(raw / f"150571/2022Q3/budget.{ending}")
        (raw / f"150571/2022Q3/housing.{ending}").mkdir()
        put(raw, f"150571/2022Q3/{ending}/gdp.csv", "the same bytes")
    alike = sorted(
        p.relative_to(raw).as_posix()
        for p in raw.rglob("*.*")
        if p != raw / "150571/2022Q3/gdp.csv"
    )
    received = receive(raw, CATALOGUE, set(ZONES), {})
    assert sorted(f.path for f in received.findings) == alike
    assert len({f.submission for f in received.findings}) == len(alike) == 10
    keep(received)
    hand_over(received, tmp_path / "work")
    judged = {s.submission: ("rejected", s.fingerprint) for s in received.new}
    again = receive(raw, CATALOGUE, set(ZONES), judged)
    assert (again.new, again.findings) == ([], []), "each told once"


def test_nothing_is_passed_over_without_a_word(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for path in (
        "gdp.xlsx",
        "notes.docx",
        "150571/gdp.csv",
        "150571/2022Q3/old/gdp.csv",
        "2022Q3/gdp.csv",
        "README_GDP.xlsx",
        "readme.xlsx",
    ):
        put(raw, path, path)
    for own in ("zone.csv", "README.md", "readme.zh.md", "README.txt", "README", "errors.csv"):
        put(raw, own, "zone,title_zh,title_en\n")
    for left in (
        "gdp.xlsx.tmp",
        "150571/2022Q3/gdp.csv.part",
        "150571/2022Q3/.gdp.csv",
        ".old/a.csv",
    ):
        put(raw, left, left)
    for of_a_program in (".DS_Store", "150571/2022Q3/~$gdp.xlsx", "150571/2022Q3/.~lock.gdp.ods#"):
        put(raw, of_a_program, "")
    received = receive(raw, CATALOGUE, set(ZONES), {})
    assert {f.path: f.code for f in received.findings} == dict.fromkeys(
        (
            "gdp.xlsx",
            "notes.docx",
            "150571/gdp.csv",
            "150571/2022Q3/old/gdp.csv",
            "2022Q3/gdp.csv",
            "README_GDP.xlsx",
            "readme.xlsx",
        ),
        "FILE-PATH",
    )
    [words] = list_warnings(received)
    assert words.startswith(
        "没有读取：.old、150571/2022Q3/.gdp.csv、150571/2022Q3/gdp.csv.part、gdp.xlsx.tmp（共 4 份）"
    )


def test_files_that_vanish_or_change_meanwhile_are_left_to_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    gone, changed, stays = (put(raw, f"150571/2022Q{n}/gdp.csv", str(n)) for n in (1, 2, 3))
    entries = list_entries(raw)
    gone.unlink()  # listed, and gone before it is read
    monkeypatch.setattr("flows.receive.arrival.list_entries", lambda *_: entries)
    received = receive(raw, CATALOGUE, set(ZONES), {})
    assert [s.path for s in received.new] == ["150571/2022Q2/gdp.csv", "150571/2022Q3/gdp.csv"]
    changed.write_text("another")  # read, and changed before it is archived
    keep(received)
    assert [s.path for s in received.new] == ["150571/2022Q3/gdp.csv"]
    assert "2022Q2" not in (raw / "manifest.csv").read_text()
    stays.unlink()  # archived: the run goes on with what it has received
    folders = hand_over(received, tmp_path / "work")
    [taken] = open_submissions(folders["gdp"] / "submissions.jsonl")
    assert taken.content_path(raw, folders["gdp"]).read_text() == "3"


def test_a_file_that_cannot_be_read_is_told_and_stops_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    for n in (1, 2):
        put(raw, f"150571/2022Q{n}/gdp.csv", str(n))
    real = os.open

    def refuse(path, *more):
        if "2022Q1" in str(path):
            raise PermissionError(13, "Permission denied")
        return real(path, *more)

    monkeypatch.setattr("flows.model.plain_file.os.open", refuse)
    received = receive(raw, CATALOGUE, set(ZONES), {})
    assert [s.path for s in received.new] == ["150571/2022Q2/gdp.csv"]
    assert received.unread == {"150571/2022Q1/gdp.csv": "Permission denied"}


# --- the office's own tables ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "150571/2022Q3/gdp.csv,{sha},1,统计局,\n",
            r"manifest\.csv，第 2 行 line 2: received_at “”",
        ),
        (
            "150571/2022Q3/gdp.csv,{sha},1,统计局,44866.5\n",
            r"line 2: received_at “44866.5” 不是时间",
        ),
        ("150571/2022Q3/gdp.csv,1.23E+45,1,统计局,2022-10-20\n", r"line 2: sha256 “1.23E\+45”"),
        ("150571/2022Q3/gdp.csv,{sha},²,统计局,2022-10-20\n", r"line 2: bytes “²” 不是字节数"),
        (
            f"150571/2022Q3/gdp.csv,{{sha}},{'9' * 5000},统计局,2022-10-20\n",
            r"line 2: bytes “9+” 不是字节数",
        ),
        (",{sha},1,统计局,2022-10-20\n", r"line 2: path 为空 is empty"),
        ("a,{sha},1,统计局,2022-10-20,more\n", r"line 2 has more cells than the headings"),
    ],
)
def test_a_line_of_the_manifest_that_cannot_be_read_is_named(
    tmp_path: Path, line: str, said: str
) -> None:
    raw = tmp_path / "raw"
    put(raw, "150571/2022Q3/gdp.csv")
    put(raw, "manifest.csv", "path,sha256,bytes,sender,received_at\n" + line.format(sha="a" * 64))
    with pytest.raises(ValueError, match=said):
        receive(raw, CATALOGUE, set(ZONES), {})


def test_a_time_as_a_spreadsheet_saves_it_is_of_beijing(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    put(raw, "150571/2022Q3/gdp.csv")
    keep(receive(raw, CATALOGUE, set(ZONES), {}))
    text = (raw / "manifest.csv").read_text()
    when = text.strip().rpartition(",")[2]
    put(raw, "manifest.csv", text.replace(when, "2022/10/20 9:00"))
    [one] = receive(raw, CATALOGUE, set(ZONES), {}).new
    assert one.received_at == "2022-10-20T09:00:00+08:00"
    put(raw, "150571/2022Q4/gdp.csv", "another")
    keep(receive(raw, CATALOGUE, set(ZONES), {}))
    assert "2022/10/20 9:00" in (raw / "manifest.csv").read_text(), "a line is never changed"


def test_a_line_of_withdrawals_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    put(raw, "150571/2022Q3/gdp.csv")
    head = "submission,path,withdrawn_by,withdrawn_at,withdrawal_reason\n"
    put(raw, "withdrawn.csv", head + "a,b,c,soon,d\n")
    with pytest.raises(ValueError, match=r"withdrawn\.csv，第 2 行 line 2: .*“soon” is no moment"):
        receive(raw, CATALOGUE, set(ZONES), {})


def test_before_sending_a_name_that_no_run_reads_is_told(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    for name, is_read in (("gdp.csv", True), (".gdp.csv", False), ("gdp.csv.tmp", False)):
        path = put(raw, f"150571/2022Q3/{name}")
        placed = find_misplacement(path, raw, CATALOGUE, dict.fromkeys(ZONES, ""), lambda: ("gdp",))
        assert (placed is None) == is_read, name
        assert placed is None or "no run reads it" in placed.problem[1]
