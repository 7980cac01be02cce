"""Files that vanish, change or grow while a run reads them, and a clock that is set back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.faults.cases import SENT, Case, chance, contents, few_or_many
from tests.forked_runs import meddle

pytestmark = pytest.mark.torture

MOMENTS = (
    "flows.receive.arrival:list_entries:after",  # listed, not yet digested
    "flows.receive.arrival:_digest_entries:after",  # digested, not yet archived
    "flows.receive.handover:keep_contents:after",  # archived, not yet in the manifest
    "flows.receive.manifest:write_manifest:after",  # received, not yet read
    "flows.orchestration.steps:receive:after",
    "flows.read.step:read_form:before",
)
HOWS = ("vanishes", "changes", "grows", "is a link now")
PAIRS = [(moment, how) for how in HOWS for moment in MOMENTS]


def test_files_that_vanish_change_and_grow(begin: Callable[..., Case], tmp_path: Path) -> None:
    """The file was received as it was before, or as it is afterwards; never a mixture, and the others load."""
    source = chance("files in motion")
    possible: dict[str, list[dict[str, Any]]] = {}
    for moment, how in source.sample(PAIRS, few_or_many(2, len(PAIRS))):
        case = begin()
        assert case.run(meddle=(moment, how, str(case.raw / SENT))) == 0, (moment, how)
        case.assert_alone()
        with duckdb.connect(str(case.warehouse / "jibao.duckdb"), read_only=True) as con:
            [(loaded,)] = con.execute(
                "select count(*) from ledger.submission where path like '%/gdp.r2.csv' and status <> 'rejected'"
            ).fetchall()
        assert loaded >= 2, f"the others load: {moment}, {how}"
        assert case.run() == 0
        found = contents(case.office)
        if how not in possible:
            possible[how] = undisturbed(begin, how, tmp_path)
        differing = [
            [part for part in other if other[part] != found[part]] for other in possible[how]
        ]
        assert [] in differing, (moment, how, differing)
        print(f"{how} at {moment}: survived", flush=True)


def undisturbed(begin: Callable[..., Case], how: str, tmp_path: Path) -> list[dict[str, Any]]:
    """What is left where the file was moved before the run, and where it was after it."""
    found = []
    for moved in ("before", "after"):
        case = begin(tmp_path / f"undisturbed-{moved}")
        if moved == "before":
            meddle(how, case.raw / SENT)
        assert case.run() == 0
        if moved == "after":
            meddle(how, case.raw / SENT)
            assert case.run() == 0
        found.append(contents(case.office))
        shutil.rmtree(case.office)
    return found


@pytest.mark.parametrize("off_s", [-366 * 86_400])
def test_a_clock_that_is_set_back(begin: Callable[..., Case], off_s: int) -> None:
    """A run of a year ago takes what is new, is the newest run, and publishes what belongs to it."""
    case = begin()
    assert case.run(clock_s=off_s, kill="flows.publish.step:swap_in:after") == -9
    assert case.look() == "new"
    case.recover()  # it sees that the exports are older than the warehouse
    with duckdb.connect(str(case.warehouse / "jibao.duckdb"), read_only=True) as con:
        runs = con.execute("select run, finished_at from ledger.run order by run").fetchall()
    note = (case.warehouse / "published" / "run.txt").read_text(encoding="utf-8")
    assert note == runs[-1][0], "the exports are of the newest run"
    assert all(finished for _, finished in runs), "each run finished"
