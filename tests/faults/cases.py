"""Not a test: an office with a published warehouse and new files, on which faults are let loose.

`History` has what stood before and what an undisturbed run makes of it. A `Case` is a copy of the state before; its
`look` asks whether readers have the old or the new copy whole, and `recover` runs again and compares everything.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tests.forked_runs import left_of
from tests.runs import FILES, GDP, contents_of, write_raw

IS_LONG = bool(os.environ.get("JIBAO_FAULTS_LONG"))
SEED = int(os.environ.get("JIBAO_FAULTS_SEED", "20221020"))
NEW = {
    "CN/2022Q2/gdp.r2.csv": FILES["CN/2022Q2/gdp.csv"].replace("1.8", "1.9"),
    "150571/2022Q4/gdp.csv": GDP.replace("3.4", "3.6"),
    "150571/2022Q1/gdp.r2.csv": GDP.replace("39.12", "39.l2"),  # a row is held
}
SENT = "150571/2022Q4/gdp.csv"  # the file that vanishes, changes or grows


def few_or_many(few: int, many: int) -> int:
    """How often something is tried: in the short form, or in the long one."""
    return many if IS_LONG else few


def chance(what: str) -> random.Random:
    """A source of chance that gives the same again; its seed is printed, for whoever has to see it fail again."""
    print(f"{what}: JIBAO_FAULTS_SEED={SEED}")
    return random.Random(f"{SEED} {what}")


@dataclass(frozen=True)
class History:
    """An office before and after a run that nobody disturbs."""

    before: Path  # `raw` and `warehouse`; copy it, never write to it
    old: dict[str, Any]
    new: dict[str, Any]
    seconds: float  # that the run took
    file_events: int  # opened, made or renamed, counted as the kills count them


def put_new(raw: Path) -> None:
    """What arrives after the first run."""
    for name, text in NEW.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make_history(base: Path, forked_run: Callable[..., int]) -> History:
    before, after = base / "before", base / "after"
    assert forked_run(write_raw(before / "raw"), before / "warehouse") == 0
    put_new(before / "raw")
    shutil.copytree(before, after)
    started = time.monotonic()
    assert forked_run(after / "raw", after / "warehouse", count_to=str(base / "events")) == 0
    took = time.monotonic() - started
    events = int((base / "events").read_text())
    history = History(before, contents(before), contents(after), took, events)
    for part in ("core.observation", "ledger.finding", "quarantine.held_row", "exports"):
        assert history.old[part] != history.new[part], f"the run changes {part}"
    return history


def contents(office: Path) -> dict[str, Any]:
    """Everything that readers have, and what the office keeps of what it received, times apart."""
    with (office / "raw" / "manifest.csv").open(encoding="utf-8", newline="") as source:
        lines = sorted((line["path"], line["sha256"]) for line in csv.DictReader(source))
    kept = sorted(p.name for p in (office / "raw" / "archive").rglob("*") if p.is_file())
    found = contents_of(office / "warehouse") | {"manifest": lines, "archive": kept}
    # Great Expectations confirms in a flow, and not in the plain body of one
    found["left behind"] = [name for name in found["left behind"] if name != "data_docs"]
    return found


@dataclass
class Case:
    """A copy of the office before the run, and a fault."""

    office: Path
    history: History
    order_run: Callable[..., int]
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    seconds: float = 0  # that the run after the fault took: how fast the machine is now

    @property
    def raw(self) -> Path:
        return self.office / "raw"

    @property
    def warehouse(self) -> Path:
        return self.office / "warehouse"

    def run(self, **fault: Any) -> int:
        return self.order_run(self.raw, self.warehouse, mark=self.mark, **fault)

    def look(self) -> str:
        """Whether readers have the old or the new copy; it fails where they have neither whole."""
        found = contents_of(self.warehouse)
        with duckdb.connect(str(self.warehouse / "jibao.duckdb"), read_only=True) as con:
            assert con.execute("from metrics.headline").fetchall(), "the views can be read"
        tables = {part: rows for part, rows in found.items() if "." in part}
        whole = {
            name
            for name, whole in (("old", self.history.old), ("new", self.history.new))
            if all(whole[part] == rows for part, rows in tables.items())
        }
        assert whole, "readers have neither the old copy nor the new one whole"
        known = [self.history.old["exports"], self.history.new["exports"]]
        assert found["exports"] in [*known, {}], "exports are those of a run, whole, or not there"
        return whole.pop()

    def recover(self, expected: dict[str, Any] | None = None) -> None:
        """The next run gives, table by table, what an undisturbed one gives; nobody is left behind."""
        self.assert_alone()
        began = time.monotonic()
        assert self.run() == 0
        self.seconds = time.monotonic() - began
        found = contents(self.office)
        for part, rows in (expected or self.history.new).items():
            assert found[part] == rows, f"{part} differs from that of an undisturbed run"

    def assert_alone(self, patience_s: float = 30) -> None:
        """No process of the run is left; one that has to notice its parent's death gets a moment."""
        until = time.monotonic() + patience_s
        while (left := left_of(self.mark)) and time.monotonic() < until:
            time.sleep(0.1)
        assert left == []
