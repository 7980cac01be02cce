"""A query ends when its time is up or a signal meets it, whatever DuckDB's threads are doing."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from prefect.exceptions import TerminationSignal

from flows.warehouse.database import fetch_rows, read_only, scratch, shared_scratch, write_to
from flows.warehouse.deadline import deadline, interruptible

# hours of work: a nested loop, of which DuckDB gives each thread a part
ENDLESS = "select sum(a.i * b.i) from t as a, t as b where a.i % 7 <> b.i % 5"
SOON_S = 60.0  # the queries have no end: a busy machine may take its time to stop them


@contextlib.contextmanager
def ring_after(seconds: float, interrupt: BaseException) -> Iterator[Callable[..., None]]:
    """A signal after a while, whose handler raises, as Prefect's timeout does."""

    def ring(*_: object) -> None:
        raise interrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield ring
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create table t as select range as i from range(1_000_000)")
        yield connection


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize(
    "interrupt", [asyncio.CancelledError(), KeyboardInterrupt(), TerminationSignal(signal.SIGTERM)]
)
def test_a_signal_ends_the_query_it_meets_and_comes_out_as_what_it_is(
    con: duckdb.DuckDBPyConnection, threads: int, interrupt: BaseException
) -> None:
    con.execute(f"set threads = {threads}")
    began = time.monotonic()
    with ring_after(0.2, interrupt) as ring:
        with pytest.raises(type(interrupt)) as raised, interruptible(con):
            con.execute(ENDLESS)
        assert signal.getsignal(signal.SIGALRM) is ring, "whoever handled it does so again"
    assert raised.value is interrupt
    assert time.monotonic() - began < SOON_S
    assert con.execute("select count(*) from t").fetchall() == [(1_000_000,)], "it goes on"


def test_a_signal_outside_of_a_query_is_what_it_always_was(con: duckdb.DuckDBPyConnection) -> None:
    with ring_after(0.1, KeyboardInterrupt()), pytest.raises(KeyboardInterrupt), interruptible(con):
        time.sleep(SOON_S)
    with pytest.raises(RuntimeError, match="of our own"), interruptible(con):
        raise RuntimeError("of our own") from ValueError("its cause")


@pytest.mark.parametrize("opened", ["scratch", "shared", "file", "readers"])
def test_every_connection_of_the_warehouse_is_interruptible(opened: str, tmp_path: Path) -> None:
    with write_to(tmp_path / "a.duckdb") as con:
        con.execute("create table t (i integer)")
    ways = {
        "scratch": scratch,
        "shared": shared_scratch,
        "file": lambda: write_to(tmp_path / "a.duckdb"),
        "readers": lambda: read_only(tmp_path / "a.duckdb"),
    }
    with ring_after(0.3, KeyboardInterrupt()), pytest.raises(KeyboardInterrupt):  # noqa: SIM117
        with ways[opened]() as con:
            con.execute(
                "select sum(a.range * b.range) from range(1000000) as a, range(1000000) as b"
            )


def test_a_query_ends_when_its_time_is_up(con: duckdb.DuckDBPyConnection) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"longer than 0\.2 s"), deadline(con, 0.2):
        con.execute(ENDLESS)
    assert time.monotonic() - began < SOON_S
    with deadline(con, 60):
        assert con.execute("select count(*) from t").fetchall() == [(1_000_000,)]
    assert threading.active_count() < 20, "no thread waits on"


def test_time_that_is_up_between_two_queries_ends_the_second(
    con: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(TimeoutError), deadline(con, 0.1):
        time.sleep(0.3)
        con.execute(ENDLESS)


def test_in_another_thread_the_deadline_holds_as_well(con: duckdb.DuckDBPyConnection) -> None:
    ended: list[type[BaseException]] = []

    def ask() -> None:
        try:
            with interruptible(con), deadline(con, 0.2):
                con.execute(ENDLESS)
        except TimeoutError as error:
            ended.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join(SOON_S)
    assert ended == [TimeoutError]


def test_rows_come_by_the_names_of_their_columns(con: duckdb.DuckDBPyConnection) -> None:
    assert fetch_rows(con, "select i, i + ? as j from t where i < 2 order by i", [5]) == [
        {"i": 0, "j": 5},
        {"i": 1, "j": 6},
    ]
    assert fetch_rows(con, "from t where i < 0") == []
