"""Not a test: an office's `raw/` and warehouse, and runs over them without Prefect or a judge."""

from __future__ import annotations

import csv
import functools
import shutil
from pathlib import Path

from flows.build.step import build, fingerprint
from flows.forms.catalogue import load_catalogue
from flows.load.step import load_form, prepare
from flows.model.arrow_files import open_table
from flows.model.clock import now_in_utc
from flows.model.zone import known_zones
from flows.publish.step import publish, write_exports
from flows.read.recognise import recognise_form
from flows.read.step import read_form
from flows.receive import step as receiving
from flows.receive.withdrawals import load_withdrawals
from flows.reply.step import write_receipts, write_replies
from flows.validate.batch import FormBatch
from flows.validate.step import compare_forms, validate_form
from flows.warehouse.copies import begin_copy, swap_in
from flows.warehouse.database import kept_open
from flows.warehouse.ledger import judged_submissions, note_run


class Office:
    """Files come at set times, so that their order is the one that a test means."""

    def __init__(self, base: Path, empty: Path) -> None:
        self.raw, self.warehouse, self.empty = base / "raw", base / "warehouse", empty
        self.raw.mkdir(parents=True)
        self.warehouse.mkdir()
        self.runs = 0

    def copy(self, base: Path) -> Office:
        """The same office once more, under another folder, to go on from."""
        copied = Office(base, self.empty)
        for folder, target in ((self.raw, copied.raw), (self.warehouse, copied.warehouse)):
            shutil.copytree(folder, target, dirs_exist_ok=True)
        copied.runs = self.runs
        return copied

    def put(self, path: str, content: str | bytes) -> Path:
        target = self.raw / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def run(
        self, rebuild: bool = False, warehouse: Path | None = None, exports: bool = True
    ) -> receiving.Received:
        """A run as the flow makes it, perhaps without what it writes beside the warehouse; what it received."""
        warehouse = warehouse or self.warehouse
        catalogue, self.runs = load_catalogue(), self.runs + 1
        run = f"202212{self.runs:02}T000000Z-aaaaaa"
        recognise = functools.partial(recognise_form, catalogue=catalogue)
        judged = {} if rebuild else judged_submissions(warehouse)
        receive = functools.partial(
            receiving.receive, self.raw, catalogue, known_zones(self.raw), judged
        )
        receiving.keep(receive(recognise=recognise))
        self._date_lines()
        received = receive(recognise=recognise)
        work = warehouse / "work" / run
        folders = receiving.hand_over(received, work)
        arrived = [FormBatch(catalogue[c], f) for c, f in folders.items() if c in catalogue]
        for batch in arrived:
            read_form(batch.form, batch.submissions, self.raw, batch.folder)
            arrival = open_table(batch.folder / "arrival.arrow")
            validate_form(batch.form, batch.submissions, arrival, batch.folder, store=None)
        compare_forms(arrived, None if rebuild else warehouse, store=None, raw=self.raw)
        for folder in folders.values():
            write_replies(folder, self.raw, warehouse / "replies")
        work.mkdir(parents=True, exist_ok=True)
        run_file = work / "run.duckdb"
        shutil.copy(self.empty, run_file)
        if not rebuild:
            begin_copy(warehouse, run_file)
        with kept_open(run_file):
            prepare(run_file, catalogue)
            load_withdrawals(self.raw, run_file, run)
            for code, folder in folders.items():
                load_form(catalogue.get(code), folder, run_file, run)
            note_run(run_file, run, now_in_utc(), {}, fingerprint(catalogue, self.raw))
            build(run_file, catalogue, self.raw)
            write_receipts(run_file, self.raw, warehouse / "replies")
            if exports:
                write_exports(run_file, warehouse)
        publish(run_file, warehouse) if exports else swap_in(warehouse, run_file)
        shutil.rmtree(warehouse / "work")
        return received

    def _date_lines(self) -> None:
        """What a run has received came on that run's day: a test's runs are less than a second
        apart.
        """
        path = self.raw / "manifest.csv"
        if not path.exists():
            return
        with path.open(encoding="utf-8", newline="") as source:
            lines = list(csv.DictReader(source))
        for line in lines:
            if not line["received_at"].startswith("2022-12"):
                line["received_at"] = f"2022-12-{self.runs:02}T09:00:00+08:00"
        with path.open("w", encoding="utf-8", newline="") as sink:
            writer = csv.DictWriter(sink, lines[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
