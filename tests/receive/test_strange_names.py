"""Names and folders that no office has: each file is received once, whatever it is called, and the next run reads what this one wrote."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from flows.model.submission import open_submissions
from flows.publish.step import list_unmade, note_faults
from flows.receive.listing import readable
from flows.receive.manifest import open_manifest
from flows.receive.step import Received, hand_over, keep, list_warnings, receive
from flows.receive.verify import verify_archive
from flows.warehouse.own_faults import OwnFault

CATALOGUE = load_catalogue()
QUARTER = "150571/2022Q3"


def take(raw: Path) -> Received:
    return receive(raw, CATALOGUE, {"150571"}, {})


def put(raw: Path, path: str | bytes, content: str = "x") -> None:
    """A file of any name that the disk takes, of no encoding perhaps."""
    place = os.path.join(os.fsencode(raw), os.fsencode(path))  # noqa: PTH118 - bytes are no Path
    os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120
    with open(place, "w", encoding="utf-8") as sink:  # noqa: PTH123
        sink.write(content)


@pytest.mark.parametrize(
    "name",
    [
        f"{QUARTER}/gdp\r.csv",
        f"{QUARTER}/gdp\r\n.csv",
        f"{QUARTER}/gdp\n.csv",
        f"{QUARTER}/gdp\x1b[31m.csv",
        f"{QUARTER}/gdp\x85.csv",
        f"{QUARTER}/gdp\u2028.csv",
        f"{QUARTER}/gdp\ufffe\uffff.csv",
        f"{QUARTER}/gdp.csv ",
        f"{QUARTER}/gdp.csv\u3000",
        f" {QUARTER}/gdp.csv",
        f'{QUARTER}/"gdp",.csv',
        f"{QUARTER}\r/gdp.csv",
        f"{QUARTER}/gdp\xff\x00".encode("latin-1")[:-1] + b".csv",
    ],
)
def test_whatever_its_name_a_file_is_received_once_and_the_manifest_reads(
    tmp_path: Path, name: str | bytes
) -> None:
    raw = tmp_path / "raw"
    put(raw, name)
    first = take(raw)
    [sent] = first.new
    assert readable(sent.path) == sent.path == sent.path.strip()
    keep(first)
    assert list(open_manifest(raw)) == [sent.path]
    again = take(raw)
    assert again.manifest_lines == [] and again.deleted == []
    assert [s.path for s in again.new] == [sent.path], "nothing judged it yet"
    assert list_warnings(again) == []
    assert [d for d in verify_archive(raw, []) if d.is_fault] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{QUARTER}/gdp\r.csv", f"{QUARTER}/gdp\t.csv"),
        (f"{QUARTER}/gdp.csv", f"{QUARTER}/gdp.csv "),
        (f"{QUARTER}/附件gdp.csv", f"{QUARTER}/附件gdp.csv".encode("gb18030")),
        (f"{QUARTER}/gdp".encode() + b"\xff.csv", f"{QUARTER}/gdp".encode() + b"\xfe.csv"),
    ],
)
def test_two_files_whose_names_read_alike_are_both_received(
    tmp_path: Path, one: str | bytes, other: str | bytes
) -> None:
    """The second was lost without a word."""
    raw = tmp_path / "raw"
    put(raw, one, "1")
    put(raw, other, "2")
    received = take(raw)
    assert len({s.path for s in received.new}) == 1
    assert "FILE-REPLACED" in {f.code for f in received.findings}, "and it is asked about"
    keep(received)
    folders = hand_over(received, tmp_path / "work")
    contents = {
        s.content_path(raw, folder).read_text(encoding="utf-8")
        for folder in folders.values()
        for s in open_submissions(folder / "submissions.jsonl")
    }
    assert contents == {"1", "2"}
    again = take(raw)
    assert again.manifest_lines == [] and list_warnings(again) == []


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Path]:
    """`raw` with a file, and with folders in folders in which another lies, farther down than a path may say."""
    raw = tmp_path / "raw"
    put(raw, f"{QUARTER}/gdp.csv")
    here = os.getcwd()  # noqa: PTH109
    try:
        os.chdir(raw)
        for _ in range(2_500):
            os.mkdir("d")  # noqa: PTH102 - a path could not say it
            os.chdir("d")
        Path("gdp.csv").write_text("x")
    finally:
        os.chdir(here)
    yield raw
    # as deep as Python goes no more
    subprocess.run(["rm", "-rf", raw], check=True)


def test_folders_within_folders_without_end_stop_no_run(deep: Path) -> None:
    """The run failed, and every run after it: RecursionError, or ENAMETOOLONG."""
    received = take(deep)
    assert [s.path for s in received.new] == [f"{QUARTER}/gdp.csv"]
    [(path, why)] = received.unread.items()
    assert path.startswith("d/d/d/") and "too long" in why
    assert len(list_warnings(received)) == 1


def test_a_folder_that_cannot_be_looked_into_is_told_and_what_came_from_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    put(raw, "CN/2022Q3/gdp.csv", "1")
    put(raw, f"{QUARTER}/gdp.csv", "2")
    keep(take(raw))
    real = os.scandir

    def refuse(folder):
        if str(folder).endswith(QUARTER):
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr("flows.receive.listing.os.scandir", refuse)
    received = take(raw)
    assert received.unread == {QUARTER: "Permission denied"}
    assert received.deleted == [] and received.missing == []
    assert {s.path for s in received.new} == {"CN/2022Q3/gdp.csv", f"{QUARTER}/gdp.csv"}


def test_words_that_hold_an_end_of_line_of_another_kind_go_from_step_to_step(
    tmp_path: Path,
) -> None:
    """A sender named with U+2028 made every run fail: the line of a submission was cut there."""
    raw = tmp_path / "raw"
    put(raw, f"{QUARTER}/gdp.csv")
    first = take(raw)
    keep(first)
    manifest = (raw / "manifest.csv").read_text(encoding="utf-8")
    sender = "统计局\u2028二科\x85 甲"
    (raw / "manifest.csv").write_text(manifest.replace(",1,,", f",1,{sender},"), encoding="utf-8")
    folders = hand_over(take(raw), tmp_path / "work")
    [sent] = open_submissions(folders["gdp"] / "submissions.jsonl")
    assert sent.sender == sender
    fault = OwnFault(f"a\u2028b{sender}", "ValueError")
    (tmp_path / "work" / "published").mkdir()
    note_faults(tmp_path, [fault])
    (tmp_path / "work" / "published").rename(tmp_path / "published")
    assert list_unmade(tmp_path) == [fault]
