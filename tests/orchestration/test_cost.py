"""A run costs what it changes, not what stands: counted by step, for the same files, on a small and on a long history."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.publish import bulletin_pages
from flows.publish.site import write_site
from flows.publish.step import write_exports
from flows.publish.verify import verify_published
from flows.reply.step import write_receipts
from flows.warehouse.database import read_only
from tests.counting import BETWEEN, Cost, count_steps
from tests.history import Compared, judge_folder, write
from tests.runs import GDP, write_raw

ZONES, QUARTERS = 14, 10
# the submissions of one quarter of the small set, again for every synthetic zone and for earlier quarters of the sender's own
_PLACES = f"""
create temp table place as
select z.zone, (2018 + q // 4)::varchar || 'Q' || (q % 4 + 1) as period
from (select 'SYN' || lpad(i::varchar, 3, '0') as zone from range({ZONES}) as r(i) union all select '150571') as z,
    range({QUARTERS}) as t(q)
"""


def _write_history(path: Path) -> int:
    """Synthetic rows straight into the tables of a published warehouse; how many."""
    added = 0
    with duckdb.connect(str(path)) as con:
        con.execute(_PLACES)
        con.execute("""
            insert into ref.zone by name
            select distinct p.zone, '合成区' as title_zh, 'Synthetic zone' as title_en, 'development_zone' as kind, 'CN' as parent
            from place as p where p.zone like 'SYN%'
        """)
        con.execute("""
            create temp table model as
            select submission from ledger.submission
            where status <> 'rejected' and zone = '150571' and period = '2022Q3' and revision = 1
        """)
        columns: dict[str, set[str]] = {}
        for table, column in con.execute("""
            select schema_name || '.' || table_name, column_name from duckdb_columns()
            where schema_name in ('core', 'ledger', 'quarantine') and not internal
        """).fetchall():
            columns.setdefault(table, set()).add(column)
        for table, names in columns.items():
            if "submission" not in names:
                continue
            made = {
                "submission": "t.submission || p.zone || p.period",
                "zone": "p.zone",
                "period": "p.period",
                "path": "p.zone || '/' || p.period || '/' || t.path",
                "received_at": "t.received_at - interval 1 year",
            }
            replaced = ", ".join(f"{made[n]} as {n}" for n in made if n in names)
            inserted = con.execute(f"""
                insert into {table}
                select t.* replace ({replaced})
                from {table} as t semi join model as m on t.submission = m.submission cross join place as p
            """).fetchone()
            added += inserted[0] if inserted else 0
    return added


def _note_pages(warehouse: Path) -> None:
    """As a run before would have written the bulletins' pages, without a file: there is nothing to write again."""
    with duckdb.connect(str(warehouse / "jibao.duckdb"), read_only=True) as con:
        maker = bulletin_pages.made_by(None, bulletin_pages.can_write_pdf())
        places = bulletin_pages.digest_inputs(con, maker)
    index = {
        f"{audience}/{zone}/{period}": {"inputs": digest, "sha256": None}
        for (zone, period), digest in places.items()
        for audience in ("internal", "public")
    }
    written = json.dumps({"made_by": maker, "pages": index})
    (warehouse / "published" / bulletin_pages.INDEX).write_text(written, encoding="utf-8")


def _write_site(warehouse: Path) -> None:
    """As a run before would have left it, of bulletins that have no page."""
    beside = warehouse / "work" / "published"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(warehouse / "published", beside)
    write_site(warehouse / "jibao.duckdb", warehouse)
    shutil.rmtree(warehouse / "published")
    beside.rename(warehouse / "published")


@dataclass(frozen=True)
class Measured:
    """The costs of a run by step, of one new file and of nothing new. `added`: the rows that the longer history has more."""

    one_file: dict[str, Cost]
    with_history: dict[str, Cost]
    nothing_new: dict[str, Cost]
    added: int


def _send_one(raw: Path) -> None:
    """A revision of two figures."""
    (raw / "150571/2022Q3/gdp.r3.csv").write_text(
        GDP.replace("107.92", "108.12").replace("39.12", "39.32"), encoding="utf-8"
    )


def measure(folder: Path, published: Path, run: Callable[[Path, Path], object]) -> Measured:
    raw, warehouse = write_raw(folder / "raw"), folder / "warehouse"
    shutil.copytree(published, warehouse)
    longer = Path(shutil.copytree(published, folder / "longer"))
    added = _write_history(longer / "jibao.duckdb")
    write_receipts(longer / "jibao.duckdb", raw, longer / "replies")
    write_exports(longer / "jibao.duckdb", longer)
    shutil.rmtree(longer / "published")
    (longer / "work/published").rename(longer / "published")
    for folder_of_readers in (warehouse, longer):
        _note_pages(folder_of_readers)
        _write_site(folder_of_readers)
    _send_one(raw)
    one_file = count_steps(raw, warehouse, lambda: run(raw, warehouse))
    with_history = count_steps(raw, longer, lambda: run(raw, longer))
    with read_only(longer / "jibao.duckdb") as con:
        assert verify_published(con, longer / "published") == [], "made by parts, and the same"
    nothing_new = count_steps(raw, longer, lambda: run(raw, longer))
    return Measured(one_file, with_history, nothing_new, added)


@pytest.fixture(scope="module")
def measured(
    tmp_path_factory: pytest.TempPathFactory, small_published: Path, run_quarter: Callable[..., Any]
) -> Measured:
    def run(raw: Path, warehouse: Path) -> object:
        return run_quarter(raw, warehouse, pages=True)

    return measure(tmp_path_factory.mktemp("cost"), small_published, run)


# how much of the rows that stand a step may read to take in one file, with the reason; a step that is not named reads none of them.
# A bound is a promise: lower it where a step reads less, and raise it only for a reason that can stand here
READS_OF_HISTORY = {
    # the list of submissions: the state of each zone, which questions wait for an answer, which revisions for
    # acceptance, and which revisions, acceptances and withdrawals took effect in this run
    BETWEEN: 0.4,
    "receive": 0.2,  # the list of submissions: what has been judged already
    "compare": 0.35,  # the list of submissions, and the figures that the new ones are compared with
    "load": 0.1,  # the list of submissions, in which the new ones must not stand
    "build": 0.9,  # the list of submissions: the state of each zone, and which figures a resubmission alters
    "weigh": 0.38,  # the list of submissions: which of them stand, once more for the sums of a register. Figures are those of the zone and quarter alone
    "write_receipts": 0.07,  # the chain of receipts, and which of the files at one path stands
    # known and not wanted: the bulletin is made whole in every run, which is more than half of it. Exports ask for the zones that
    # have changed; tables as small as these are one row group each, of which a scan reads all
    # SDMX asks for the standing figures of the zones that have changed, once for the office and once for everybody
    # dashboard and the long table are asked for the workbook of a zone that has changed
    "write_exports": 5.4,
    # outcomes of the rules that were asked of the files cited, and many times the list of submissions: once more for the charts
    "write_pages": 2.7,
    # the list of submissions: the state of each zone. The rest is asked of the zone that changed alone; tables as small as these
    # are one row group each, of which a scan reads all: figures twice for the office, and for everybody what is public of them
    "write_site": 1.9,
}
STATEMENTS = {
    BETWEEN: 21,
    "receive": 10,  # four of them ask which version wrote the warehouse
    "judge": 80,
    "compare": 245,
    "open_copy": 110,
    "load": 20,
    "build": 35,
    "weigh": 4,
    "write_receipts": 4,
    # seven exports and a workbook a zone, of nine views; four data packages, the numbers of the run
    "write_exports": 122,
    "write_pages": 60,  # of each zone and quarter the revisions and the places besides, each with its rows
    "write_site": 20,  # nine for each audience
}
# where few zones have changed, the public's copy that stands is opened, and closed again
AND_THE_STANDING_COPY = {"write_exports": 2}
# what is rewritten whole, in bytes for a submission that stands: the list of receipts, exports, the index of pages and the front page
BYTES_A_SUBMISSION = {
    "write_receipts": 800,
    "write_exports": 1_700,  # a zone's files hold its history: CSV, the long table, the workbook
    "write_pages": 1_000,
    "write_site": 500,
}
MB = 1_000_000


@pytest.mark.torture
def test_no_step_reads_more_of_the_history_than_it_must(measured: Measured) -> None:
    assert measured.added > 8_000
    reads = {
        step: (cost.rows_scanned - measured.one_file[step].rows_scanned) / measured.added
        for step, cost in measured.with_history.items()
    }
    assert {s: r for s, r in reads.items() if r > READS_OF_HISTORY.get(s, 0)} == {}


@pytest.mark.torture
def test_a_longer_history_asks_no_more_statements_and_opens_no_more_files(
    measured: Measured,
) -> None:
    for step, cost in measured.with_history.items():
        one = measured.one_file[step]
        assert cost.calls == one.calls, step
        assert cost.statements <= one.statements + AND_THE_STANDING_COPY.get(step, 0), step
        assert cost.files_opened <= one.files_opened, step


@pytest.mark.torture
def test_a_longer_history_is_not_written_again(measured: Measured) -> None:
    submissions = 2 * (ZONES + 1) * QUARTERS
    more = {
        step: cost.bytes_written - measured.one_file[step].bytes_written
        for step, cost in measured.with_history.items()
        if step not in ("open_copy", BETWEEN)  # the run's copy of the file, and its last checkpoint
    }
    allowed = {step: each * submissions for step, each in BYTES_A_SUBMISSION.items()}
    # a row more of the ledger may be a block of DuckDB's log more
    assert {s: m for s, m in more.items() if m > allowed.get(s, 4_096)} == {}


@pytest.mark.torture
def test_one_new_file_costs_so_many_statements_files_and_bytes(measured: Measured) -> None:
    cost = measured.one_file
    _assert_little_is_asked(cost)
    # the first run keeps a copy of everything that was sent, the second of the new file alone
    assert sum(c.files_opened for c in measured.with_history.values()) <= 25
    assert sum(c.bytes_written for c in cost.values()) < 60 * MB
    # of the file alone: what is read and judged of it, and what is sent back
    assert sum(cost[s].bytes_written for s in ("receive", "judge", "compare", "reply")) < 60_000


def test_a_run_costs_so_much_anew_for_one_file_and_for_none(
    tmp_path: Path, run_quarter: Callable[..., Any]
) -> None:
    """What `make test` has time for of this page: without pages, and without a longer history."""
    raw, warehouse, forms = write_raw(tmp_path / "raw"), tmp_path / "warehouse", 2

    def run() -> dict[str, Cost]:
        return count_steps(raw, warehouse, lambda: run_quarter(raw, warehouse))

    anew = run()
    assert anew["judge"].calls == forms
    assert anew["judge"].statements <= forms * STATEMENTS["judge"]
    assert anew["compare"].statements <= STATEMENTS["compare"] + 25 * (forms - 1)
    # what others read is made over stand-ins, gives way to one, and is put back: so each is bound once, and not with all below it
    assert anew["build"].statements <= 830, "every view is made"
    # all zones, the structures of SDMX and the data contract
    assert anew["write_exports"].statements <= STATEMENTS["write_exports"] + 20

    _send_one(raw)
    one_file = run()
    _assert_little_is_asked(one_file)
    assert sum(cost.bytes_written for cost in one_file.values()) < 60 * MB
    _assert_nothing_is_done(run())


def _assert_little_is_asked(one_file: dict[str, Cost]) -> None:
    asked = {step: cost.statements for step, cost in one_file.items()}
    assert {s: n for s, n in asked.items() if n > STATEMENTS.get(s, 0)} == {}
    assert {s: c.calls for s, c in one_file.items() if c.calls > 1} == {}, "one form, one batch"


def _assert_nothing_is_done(nothing_new: dict[str, Cost]) -> None:
    asked = {step: cost.statements for step, cost in nothing_new.items()}
    assert {s: n for s, n in asked.items() if n > STATEMENTS.get(s, 0)} == {}
    assert nothing_new.keys() == {BETWEEN, "receive", "compare"}
    assert nothing_new["compare"].statements == 0
    assert nothing_new["receive"].bytes_written == 0
    assert nothing_new[BETWEEN].bytes_written < 100  # the number of the process, in the lock


@pytest.mark.torture
def test_where_nothing_is_new_nothing_is_judged_built_or_written(measured: Measured) -> None:
    _assert_nothing_is_done(measured.nothing_new)


def test_more_quarters_are_compared_by_no_more_statements(tmp_path: Path) -> None:
    """Quarter after quarter of one form in one run: as long as nothing is held they are compared all at once."""

    def count(quarters: int) -> int:
        folder = tmp_path / str(quarters)
        raw = folder / "raw"
        raw.mkdir(parents=True)
        periods = [f"{2016 + n // 4}Q{n % 4 + 1}" for n in range(quarters)]
        write(raw, {f"{period}/gdp": GDP for period in periods}, {})
        judged: list[Compared] = []
        cost = count_steps(raw, folder, lambda: judged.append(judge_folder(raw, folder / "work")))
        assert {row["status"] for row in judged[0].judged.values()} == {"accepted"}
        return cost[BETWEEN].statements

    assert count(16) <= count(8) + 30  # one by one they would be 160
