"""What was received is kept for ever: whatever becomes of a file, an incremental run and one that
begins from nothing give the same warehouse.
"""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.receive.archive import archive_path, read_archived
from flows.receive.withdrawals import withdraw
from tests.receive.office import Office
from tests.runs import GDP

_LONG = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
SENT = "150571/2022Q3/gdp.csv"
OTHER = GDP.replace("107.92", "108.02").replace("39.12", "39.22")
OWN_ZONE = "zone,title_zh,title_en\n990001,虚构开发区,Made-up zone\n"


@pytest.fixture(scope="module")
def begun(empty_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """2022Q2 and 2022Q3 received and run."""
    office = Office(tmp_path_factory.mktemp("begun"), empty_build)
    office.put("150571/2022Q2/gdp.csv", GDP.replace("107.92", "70.92").replace("39.12", "2.12"))
    office.put(SENT, GDP)
    office.run()
    return office


@pytest.fixture
def office(begun: Office, tmp_path: Path) -> Office:
    """A copy of it."""
    return begun.copy(tmp_path)


def value_of(warehouse: Path, zone: str = "150571", period: str = "2022Q3") -> list[float]:
    """GDP as it stands, in 亿元."""
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select value / 1e8 from staging.observation where indicator = 'gdp' and zone = ? and period = ?",
            [zone, period],
        ).fetchall()
    return [round(float(value), 2) for (value,) in rows]


@pytest.fixture
def compare(contents_of: Callable[[Path], dict[str, Any]]) -> Callable[[Office], None]:
    """That the office's warehouse is the one which a rebuild gives."""

    def compare(office: Office) -> None:
        again = office.raw.parent / "again"
        again.mkdir()
        office.run(rebuild=True, warehouse=again)
        there, rebuilt = contents_of(office.warehouse), contents_of(again)
        for contents in (there, rebuilt):  # the last digits of a sum of doubles, and the lock
            contents["left behind"] = [name for name in contents["left behind"] if name != ".lock"]
            for name, text in contents["exports"].items():
                contents["exports"][name] = _LONG.sub(lambda n: f"{float(n[0]):.9g}", text)
        for part in sorted({*there, *rebuilt}):
            assert there.get(part) == rebuilt.get(part), part

    return compare


@pytest.mark.torture
def test_content_is_archived_once_and_readable_by_its_owner_alone(office: Office) -> None:
    sha256 = (
        duckdb.connect(str(office.warehouse / "jibao.duckdb"), read_only=True)
        .execute("select sha256 from ledger.submission where path = ?", [SENT])
        .fetchall()[0][0]
    )
    path = archive_path(office.raw, sha256)
    assert b"".join(read_archived(office.raw, sha256)) == GDP.encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    before = path.stat()
    office.put("150571/2022Q3/gdp.r2.csv", OTHER)
    office.run()
    assert path.stat().st_mtime_ns == before.st_mtime_ns, "never rewritten"
    assert len(list((office.raw / "archive").rglob("*.zst"))) == 3


@pytest.mark.torture
def test_an_edited_file_is_told_and_what_was_received_stands(
    office: Office, compare: Callable[[Office], None]
) -> None:
    office.put(SENT, OTHER)
    received = office.run()
    assert [f.code for f in received.findings] == ["FILE-REPLACED"]
    assert value_of(office.warehouse) == [107.92]
    office.put(SENT, OTHER.replace("108.02", "108.03"))  # and once more
    office.run()
    assert value_of(office.warehouse) == [107.92]
    compare(office)


@pytest.mark.torture
def test_an_edited_file_stands_where_the_first_was_rejected(
    office: Office, compare: Callable[[Office], None]
) -> None:
    office.put("150571/2022Q1/gdp.csv", GDP.replace("107.92", "208.92"))
    office.run()
    assert value_of(office.warehouse, period="2022Q1") == []
    office.put(
        "150571/2022Q1/gdp.csv",
        GDP.replace("107.92", "36.52").replace("39.12", "1.12").replace("67.39", "33.99"),
    )
    office.run()
    assert value_of(office.warehouse, period="2022Q1") == [36.52], "to mend it in place is natural"
    compare(office)


@pytest.mark.torture
def test_a_deleted_file_is_told_and_stands(
    office: Office, compare: Callable[[Office], None]
) -> None:
    (office.raw / SENT).unlink()
    received = office.run()
    assert (received.deleted, received.missing) == ([SENT], [])
    assert value_of(office.warehouse) == [107.92]
    shutil.rmtree(office.raw / "150571")
    compare(office)
    assert value_of(office.raw.parent / "again") == [107.92]


@pytest.mark.torture
def test_a_revision_supersedes_whatever_became_of_the_files(
    office: Office, compare: Callable[[Office], None]
) -> None:
    office.put(SENT, OTHER)
    office.run()
    (office.raw / SENT).rename(office.raw / "150571/2022Q3/gdp.r2.csv")
    office.run()
    compare(office)


@pytest.mark.torture
def test_a_withdrawal_takes_effect_and_can_be_taken_back(
    office: Office, compare: Callable[[Office], None]
) -> None:
    office.put("150571/2022Q3/gdp.r2.csv", OTHER)
    office.run()
    assert value_of(office.warehouse) == [108.02]
    [line] = withdraw(
        office.raw, office.warehouse, "150571/2022Q3/gdp.r2.csv", "王芳", "发错了文件，应报另一季度"
    )
    office.run()
    assert value_of(office.warehouse) == [107.92], "what stood before stands again"
    with duckdb.connect(str(office.warehouse / "jibao.duckdb"), read_only=True) as con:
        assert con.execute(
            "select submission, path, withdrawn_by, withdrawal_reason from ledger.withdrawal"
        ).fetchall() == [(line.submission, line.path, "王芳", "发错了文件，应报另一季度")]
        before = con.execute(
            "select value / 1e8 from staging.observation_as_of(?) where indicator = 'gdp' and period = '2022Q3'",
            ["2022-12-05 00:00:00"],
        ).fetchall()
        assert [round(float(v), 2) for (v,) in before] == [108.02], "as it was known then"
    withdraw(office.raw, office.warehouse, SENT, "王芳", "整期作废，由新报送代替")
    office.run()
    assert value_of(office.warehouse) == []
    compare(office)
    (office.raw / "withdrawn.csv").unlink()
    office.run()
    assert value_of(office.warehouse) == [108.02]


@pytest.mark.torture
def test_the_edited_content_stands_once_the_first_is_withdrawn(
    office: Office, compare: Callable[[Office], None]
) -> None:
    office.put(SENT, OTHER)
    office.run()
    withdraw(office.raw, office.warehouse, SENT, "王芳", "以改后的为准，原件作废")
    office.run()
    assert value_of(office.warehouse) == [108.02]
    compare(office)


@pytest.mark.torture
def test_a_zone_that_is_no_longer_listed_takes_its_figures_along_and_brings_them_back(
    office: Office, compare: Callable[[Office], None]
) -> None:
    office.put("zone.csv", OWN_ZONE)
    office.put("990001/2022Q3/gdp.csv", GDP + "\n")
    office.run()
    assert value_of(office.warehouse, zone="990001") == [107.92]
    (office.raw / "zone.csv").unlink()
    received = office.run()
    assert [f.code for f in received.findings] == ["FILE-PATH"]
    assert value_of(office.warehouse, zone="990001") == []
    compare(office)
    office.put("zone.csv", OWN_ZONE)
    office.run()
    assert value_of(office.warehouse, zone="990001") == [107.92]


@pytest.mark.torture
def test_files_named_as_people_do_are_the_same_in_both(
    office: Office, compare: Callable[[Office], None]
) -> None:
    for name in (
        "2022年四季度/季报_GDP_2022Q4(终).csv",
        "2023q1/地区生产总值.csv",
        "2023Q2/附件3.csv",
    ):
        office.put(f"150571/{name}", GDP + "\n" * len(name))
    (office.raw / "150571/2022Q3/income.csv").symlink_to(office.raw / SENT)
    office.run()
    assert [value_of(office.warehouse, period=p) for p in ("2022Q4", "2023Q1", "2023Q2")] == [
        [107.92]
    ] * 3
    (office.raw / "150571/2022Q3/income.csv").unlink()
    office.run()
    compare(office)
