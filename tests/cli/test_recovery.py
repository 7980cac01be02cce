"""Withdraw, verify, backup, restore: as a person calls them."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from flows.cli.backup import backup
from flows.cli.restore import restore
from flows.cli.verify import verify
from flows.cli.withdraw import withdraw
from flows.model.access import open_to_all
from flows.publish.step import is_complete
from flows.receive.archive import archive_path
from tests.receive.office import Office
from tests.runs import GDP

SENT = "150571/2022Q3/gdp.csv"
COMMANDS = {"withdraw": withdraw, "verify": verify, "backup": backup, "restore": restore}


@pytest.fixture(scope="module")
def begun(empty_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small office after a run: accepted, revised, partly held, rejected. Copy it."""
    office = Office(tmp_path_factory.mktemp("office"), empty_build)
    office.put(SENT, GDP)
    office.put("150571/2022Q2/gdp.csv", GDP.replace("39.12", "39.l2"))
    office.put("150571/2022Q1/gdp.csv", GDP.replace("107.92", "208.92"))
    office.put("150571/2022Q3/nonsense.csv", "x,y\n1,2\n")
    office.run()
    return office.raw.parent


@pytest.fixture
def office(begun: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(begun, tmp_path / "office"))


def call(office: Path, name: str, *words: str, code: int = 0) -> str:
    """What a command answers; it ends with `code`."""
    app = typer.Typer()
    app.command()(COMMANDS[name])
    where = ["--raw", str(office / "raw"), "--warehouse", str(office / "warehouse")]
    answer = CliRunner().invoke(app, [*words, *where])
    assert answer.exit_code == code, answer.output
    return " ".join(answer.output.split())


# --- verify -----------------------------------------------------------------------------------


def test_where_all_agrees_verify_says_so(office: Path) -> None:
    assert call(office, "verify") == "全部相符，0 条提示"


@pytest.mark.torture
def test_verify_notes_what_people_did_to_files(office: Path) -> None:
    (office / "raw" / SENT).write_text("x")
    (office / "raw/150571/2022Q2/gdp.csv").unlink()
    said = call(office, "verify", "--lang", "en")
    assert f"raw {SENT}: was changed after it was received" in said
    assert "raw 150571/2022Q2/gdp.csv: was deleted from raw/ after it was received" in said
    assert said.endswith("all of it agrees; 3 notes"), "what replaced the one is not received yet"


# what is done to an office → what `verify` says of it
DAMAGES = {
    "rows": "the ledger says 4 rows were loaded, 3 are there",
    "held": "rows are held",
    "key": "its key (submission) is not unique",
    "lost": "is in the manifest and nowhere else",
    "archive": "the archive is damaged",
    "export": "is missing, or not what metrics.headline gives",
    "public": "is not what the view gives",
    "receipts": "the chain of receipts is broken",
    "manifest": "is in the ledger",
    "view": "metrics.growth: there is no such view",
    "view below": "metrics.growth: cannot be selected",
}
IN_THE_DATABASE = {
    "rows": "delete from core.observation where indicator = 'gdp' and period = '2022Q3'",
    "held": "delete from quarantine.held_row where path like '%2022Q2%'",
    "key": "insert into ledger.submission from ledger.submission limit 1",
    "view": "drop view metrics.growth",
    "view below": "drop view staging.current_submission",
}


def damage(office: Path, what: str, sha256: str) -> None:
    raw, warehouse = office / "raw", office / "warehouse"
    if what == "archive":
        archive_path(raw, sha256).write_bytes(b"not it")
    elif what == "lost":
        archive_path(raw, sha256).unlink()
        (raw / SENT).unlink()
    elif what == "manifest":
        lines = (raw / "manifest.csv").read_text().splitlines(keepends=True)
        (raw / "manifest.csv").write_text("".join(x for x in lines if SENT not in x))
        (raw / SENT).unlink()
    elif what == "export":
        (warehouse / "published" / "headline" / "150571.csv").write_text("zone\n")
    elif what == "public":
        with duckdb.connect(str(warehouse / "published" / "public" / "jibao_public.duckdb")) as con:
            con.execute("delete from public.headline")
    elif what == "receipts":
        path = warehouse / "replies" / "receipts.jsonl"
        path.write_text(path.read_text().replace("2022Q3", "2022Q4"))
    else:
        with duckdb.connect(str(warehouse / "jibao.duckdb")) as con:
            con.execute(IN_THE_DATABASE[what])


@pytest.mark.torture
# together stand damages of which none is the cause of what is said of another
@pytest.mark.parametrize(
    "damages",
    [
        ("rows", "held", "key", "lost"),
        ("archive", "export", "public", "receipts"),
        ("manifest", "view"),
        ("view below",),
    ],
    ids="+".join,
)
def test_verify_finds_each_damage(office: Path, damages: tuple[str, ...]) -> None:
    with duckdb.connect(str(office / "warehouse" / "jibao.duckdb"), read_only=True) as con:
        asked = "select sha256 from ledger.submission where path = ?"
        [(sha256,)] = con.execute(asked, [SENT]).fetchall()
    for what in damages:
        damage(office, what, sha256)
    said = call(office, "verify", "--lang", "en", code=1)
    assert [DAMAGES[what] for what in damages if DAMAGES[what] not in said] == [], said


def test_without_a_warehouse_or_with_a_damaged_one_verify_ends_with_2(office: Path) -> None:
    (office / "warehouse" / "jibao.duckdb").unlink()
    assert "there is no warehouse" in call(office, "verify", code=2)


@pytest.mark.torture
def test_a_damaged_public_copy_is_named_and_made_anew(office: Path, tmp_path: Path) -> None:
    """The readers' own copy is whole, and is not called damaged."""
    warehouse = office / "warehouse"
    public = warehouse / "published" / "public" / "jibao_public.duckdb"
    assert is_complete(warehouse)
    public.write_bytes(b"\0" * 4096 + public.read_bytes()[4096:])
    said = call(office, "verify", "--lang", "en", code=1)
    assert "jibao_public.duckdb: is damaged and cannot be opened; `jibao run` makes it" in said
    assert "--rebuild" not in said and "1 faults" in said
    assert not is_complete(warehouse), "so that the next run makes it"
    said = call(office, "backup", str(tmp_path / "a.tar.zst"))
    assert "warning: jibao_public.duckdb does not open" in said and "found whole" in said


def test_a_backup_of_a_damaged_warehouse_warns(office: Path, tmp_path: Path) -> None:
    published = office / "warehouse" / "jibao.duckdb"
    published.write_bytes(b"\0" * 4096 + published.read_bytes()[4096:])
    said = call(office, "backup", str(tmp_path / "a.tar.zst"))
    assert (
        "jibao.duckdb is damaged; `jibao run --rebuild`" in said
        and "so it is in the backup" in said
    )


# --- withdraw ---------------------------------------------------------------------------------


def test_a_withdrawal_is_a_line_with_who_when_and_why(office: Path) -> None:
    said = call(office, "withdraw", SENT, "--reason", "发错了文件，请以下一版为准", "--by", "王芳")
    assert f"{SENT} (" in said and "已撤回 withdrawn" in said
    head, line = (office / "raw/withdrawn.csv").read_text().splitlines()
    assert head == "submission,path,withdrawn_by,withdrawn_at,withdrawal_reason"
    assert line.endswith(",发错了文件，请以下一版为准") and f",{SENT},王芳," in line
    again = call(office, "withdraw", SENT, "--reason", "再撤回一次，以免遗漏", code=2)
    assert "has nothing left to withdraw" in again


@pytest.mark.parametrize(
    ("path", "reason", "said"),
    [
        (SENT, " ", "a withdrawal needs a reason in words"),
        (
            "150571/2023Q3/gdp.csv",
            "这一份发错了，请勿使用",
            "nothing was received at “150571/2023Q3/gdp.csv”",
        ),
    ],
)
def test_what_cannot_be_withdrawn_is_said(office: Path, path: str, reason: str, said: str) -> None:
    assert said in call(office, "withdraw", path, "--reason", reason, code=2)
    assert not (office / "raw/withdrawn.csv").exists()


def test_a_path_may_be_given_as_it_stands_on_the_disk(office: Path) -> None:
    call(
        office, "withdraw", str(office / "raw" / SENT), "--reason", "按路径撤回，名称照磁盘上的写法"
    )


# --- backup and restore -----------------------------------------------------------------------


def tree_of(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != ".lock"
    }


@pytest.mark.torture
def test_a_backup_restored_is_what_was_there(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.tar.zst"
    (office / "raw/150571/2022Q3/link.csv").symlink_to("/etc/passwd")
    assert "read back and found whole" in call(office, "backup", str(file))
    assert oct(file.stat().st_mode)[-3:] == "600"
    (office / "raw/150571/2022Q3/link.csv").unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    call(elsewhere, "restore", str(file))
    for part in ("raw", "warehouse"):
        assert tree_of(elsewhere / part) == tree_of(office / part)
    assert call(elsewhere, "verify") == "全部相符，0 条提示"


def test_restore_overwrites_nothing_unless_told(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.tar.zst"
    call(office, "backup", str(file))
    (office / "raw/new.txt").write_text("came later")
    said = call(office, "restore", str(file), code=2)
    assert "is not empty" in said and "--overwrite" in said
    assert (office / "raw/new.txt").exists()
    said = call(office, "restore", str(file), "--overwrite")
    assert not (office / "raw/new.txt").exists()
    aside = office / "raw.before-restore-1"
    assert str(aside) in said and (aside / "new.txt").read_text() == "came later"


@pytest.mark.parametrize("damage", ["cut", "bit", "no backup"])
def test_a_damaged_backup_restores_nothing(office: Path, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "all.tar.zst"
    call(office, "backup", str(file))
    content = bytearray(file.read_bytes())
    if damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "bit":
        content[len(content) // 2] ^= 1
    else:
        content = bytearray(b"hello")
    file.write_bytes(content)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert "is no whole backup" in call(elsewhere, "restore", str(file), code=2)
    assert list(elsewhere.iterdir()) == [], "nothing is left behind"


def test_a_backup_that_names_a_place_outside_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.tar.zst"
    with (
        file.open("wb") as sink,
        pa.CompressedOutputStream(sink, "zstd") as stream,
        tarfile.open(fileobj=stream, mode="w|") as tar,
    ):
        tar.addfile(tarfile.TarInfo("raw/../../evil.txt"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert "is no part of a backup" in call(elsewhere, "restore", str(file), code=2)


@pytest.mark.parametrize(
    ("name", "mtime", "listing"),
    [
        ("", 0, b"{}"),
        (".", 0, b"{}"),
        ("raw/a", 1e300, b"{}"),
        ("raw/a", 0, b"[]"),
        ("raw/a", 0, b"[" * 100_000),
        ("raw/a", 0, b"{"),
    ],
)
def test_whatever_stands_in_it_what_is_no_backup_is_told_so(
    tmp_path: Path, name: str, mtime: float, listing: bytes
) -> None:
    """Some of these were told as a fault of ours."""
    file = tmp_path / "made.tar.zst"
    with (
        file.open("wb") as sink,
        pa.CompressedOutputStream(sink, "zstd") as stream,
        tarfile.open(fileobj=stream, mode="w|") as tar,
    ):
        member, last = tarfile.TarInfo(name), tarfile.TarInfo("backup.json")
        member.mtime = mtime
        last.size = len(listing)
        tar.addfile(member)
        tar.addfile(last, io.BytesIO(listing))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert "backup" in call(elsewhere, "restore", str(file), code=2)
    assert list(elsewhere.iterdir()) == [], "nothing is left behind"


def test_folders_of_any_depth_are_kept_and_come_back(office: Path, tmp_path: Path) -> None:
    """A sender made them: the backup failed, and `restore` would have."""
    file, here = tmp_path / "all.tar.zst", Path.cwd()
    try:
        os.chdir(office / "raw")
        for depth in range(2_500):  # the file's path is as long as a path may be, or nearly
            if depth == 1_200:
                Path("gdp.csv").write_text("x")
            os.mkdir("d")  # noqa: PTH102 - no path leads there
            os.chdir("d")
        os.chdir(here)
        call(office, "backup", str(file))
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        call(elsewhere, "restore", str(file))
        deep = "d/" * 1_200
        assert (elsewhere / "raw" / f"{deep}gdp.csv").read_text() == "x"
        assert (elsewhere / "raw" / SENT).exists()
    finally:
        os.chdir(here)
        # as deep as Python goes no more
        subprocess.run(["rm", "-rf", office / "raw" / "d", tmp_path / "elsewhere"], check=True)


def test_what_is_published_can_be_read_by_all_after_it_and_nothing_else(
    office: Path, tmp_path: Path
) -> None:
    for path in office.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (public,) = (office / "warehouse").rglob("jibao_public.duckdb")
    open_to_all(public, office / "warehouse")
    call(office, "backup", str(tmp_path / "all.tar.zst"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    call(elsewhere, "restore", str(tmp_path / "all.tar.zst"))
    published = elsewhere / public.relative_to(office)
    way = [p for p in published.parents if p.is_relative_to(elsewhere / "warehouse")]
    assert {oct(p.stat().st_mode)[-3:] for p in way} == {"711"}
    shut = {p for p in elsewhere.rglob("*") if not p.stat().st_mode & 0o077}
    assert shut == {*elsewhere.rglob("*")} - {published, *way}


def test_a_backup_inside_what_is_kept_is_refused(office: Path) -> None:
    said = call(office, "backup", str(office / "raw" / "all.tar.zst"), code=2)
    assert "lies within" in said
