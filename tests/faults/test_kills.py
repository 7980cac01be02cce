"""Killed anywhere: the readers' copy is the old or the new one whole, and the next run gives what is due."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import pytest

from tests.faults.cases import IS_LONG, Case, History, chance, few_or_many

pytestmark = pytest.mark.torture

TASKS = (
    "receive",
    "judge",
    "compare",
    "open_copy",
    "load",
    "build",
    "weigh",
    "write_receipts",
    "write_exports",
    "write_pages",
    "reply",
    "write_site",
    "publish",
)
MOMENTS = int(os.environ.get("JIBAO_FAULTS_MOMENTS", "100"))  # of each kind, in the long form
BOUNDARIES = [f"flows.orchestration.steps:{task}:after" for task in TASKS]
WITHIN = [  # inside a task: in a transaction, between two renames
    "flows.receive.handover:keep_contents:after",
    "flows.load.step:_insert_held:after",
    "flows.build.step:_audit:after",
    "flows.publish.step:swap_in:after",
]


CHAINS = {place.split(":")[1]: [place] for place in (*BOUNDARIES, *WITHIN)}


@pytest.mark.parametrize(
    "places",
    CHAINS.values() if IS_LONG else [BOUNDARIES, WITHIN],
    ids=CHAINS if IS_LONG else ["between tasks", "within tasks"],
)
def test_killed_at_every_task_boundary(begin: Callable[..., Case], places: list[str]) -> None:
    """In the short form each upon what the kills before it have left; in the long form each alone."""
    case = begin()
    for place in places:
        assert case.run(kill=place) == -9, place
        is_out = place.endswith(("publish:after", "swap_in:after"))
        assert case.look() == ("new" if is_out else "old"), place
    case.recover()


def test_a_first_run_killed_leaves_nothing_that_could_be_read(begin: Callable[..., Case]) -> None:
    """Before there is a warehouse, a reader finds none, and never a half of one."""
    case = begin()
    shutil.rmtree(case.warehouse)
    for place in (
        "flows.receive.manifest:write_manifest:after",
        "flows.publish.step:swap_in:before",
    ):
        assert case.run(kill=place) == -9
        assert not (case.warehouse / "jibao.duckdb").exists()
    case.recover()


def test_a_run_knows_every_task_boundary() -> None:
    """A task that is added to the flow is killed as well."""
    from flows.orchestration import steps

    tasks = {
        name
        for name, made in vars(steps).items()
        if getattr(made, "__module__", "") == steps.__name__ and hasattr(made, "__wrapped__")
    }
    # Great Expectations confirms only where it is asked, and commits are to a lake (tests/warehouse/test_lake.py)
    assert tasks - {"confirm", "commit"} == set(TASKS)


def test_killed_at_random_moments(begin: Callable[..., Case], history: History) -> None:
    """By the clock, from outside, also in the middle of what DuckDB does."""
    source, ends = chance("moments by the clock"), {"old": 0, "new": 0}
    # then those of the last run: on a busy machine it takes five times as long
    seconds = history.seconds
    for _ in range(few_or_many(4, MOMENTS)):
        share = source.uniform(0.02, 1.1)
        after_s = share * seconds
        case = begin()
        case.run(kill_after_s=after_s)
        found = case.look()
        ends[found] += 1
        case.recover()
        seconds = case.seconds
        print(
            f"killed after {after_s:.2f} s, {share:.0%} of a run: readers had the {found} copy, and it recovered"
        )
    print(f"readers had the old copy {ends['old']} times, the new one {ends['new']} times")


def test_killed_at_random_files(begin: Callable[..., Case], history: History) -> None:
    """At the so-manieth file that is opened, made or renamed: the same places on every machine."""
    source, killed, ends = chance("moments by files"), 0, {"old": 0, "new": 0}
    for _ in range(few_or_many(4, MOMENTS)):
        event = source.randint(1, history.file_events)
        case = begin()
        was_killed = case.run(kill_at_event=event) == -9
        killed += was_killed
        found = case.look()
        ends[found] += 1
        case.recover()
        print(f"killed at file {event} ({was_killed}): readers had the {found} copy")
    print(
        f"{killed} runs were killed, of {history.file_events} files; readers had the old copy {ends['old']} times, "
        f"the new one {ends['new']} times"
    )
    assert killed, "the moments lie within a run"
