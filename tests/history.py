"""Files of several quarters in one run, judged by every rule: what the tests of history share."""

from __future__ import annotations

import csv
import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.forms.catalogue import load_catalogue
from flows.load.step import load_form, prepare
from flows.model.arrow_files import open_table
from flows.model.finding import Finding
from flows.model.submission import open_submissions
from flows.model.zone import known_zones
from flows.read.step import read_form
from flows.receive.step import hand_over, receive
from flows.validate.batch import FormBatch
from flows.validate.history_rule import load_history_rules
from flows.validate.step import compare_forms, validate_form
from flows.warehouse.database import published_path
from flows.warehouse.ledger import judged_submissions

CATALOGUE = load_catalogue()

ALPHABET, WEIGHTS = (
    "0123456789ABCDEFGHJKLMNPQRTUWXY",
    (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28),
)


def credit_code(number: int, office: str = "91999999") -> str:
    """A sound unified social credit code (GB 32100-2015), worked out here and not by the macro under test."""
    body = f"{office}{number:09d}"
    rest = sum(ALPHABET.index(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 31
    return body + ALPHABET[(31 - rest) % 31]


@dataclass(frozen=True)
class Compared:
    """What became of all files of one run, by path without zone and ending: `2022Q3/gdp`, `2022Q3/gdp.r2`."""

    findings: list[Finding]
    judged: dict[str, dict[str, Any]]
    accepted: dict[str, list[dict[str, Any]]]
    held: dict[str, list[dict[str, Any]]]
    results: dict[str, dict[str, tuple[int, int, int]]]  # path → code → holds, broken, unchecked

    def of(self, code: str) -> list[Finding]:
        return [f for f in self.findings if f.code == code]

    def only(self, code: str) -> Finding:
        found = self.of(code)
        assert len(found) == 1, [(f.path, f.code, f.message_en) for f in self.findings]
        return found[0]

    @property
    def codes(self) -> list[str]:
        """What rules across submissions found, gaps apart; what a form's own rules say is tested elsewhere."""
        asked = {c.check.code for c in load_history_rules()} - {
            "PERIOD-GAP"
        }  # tests leave quarters out
        return sorted(f.code for f in self.findings if f.code in asked)


def name_of(path: str) -> str:
    zone, period, file = path.split("/")
    return f"{'' if zone == '150571' else zone + '/'}{period}/{file.rpartition('.')[0]}"


def received_at(period: str, day: int = 10) -> str:
    year, quarter = int(period[:4]), int(period[5])
    return f"{year + quarter // 4}-{(quarter * 3) % 12 + 1:02}-{day:02}T09:00:00+08:00"


def write(raw: Path, files: dict[str, str], received: dict[str, str]) -> None:
    lines = []
    for name, text in files.items():
        path = raw / (name if name.count("/") == 2 else f"150571/{name}")
        path = path.with_name(path.name + ".csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        at = received.get(name) or received_at(path.parent.name, 10 + (".r" in path.name))
        lines.append(
            (
                path.relative_to(raw).as_posix(),
                hashlib.sha256(path.read_bytes()).hexdigest(),
                str(len(text)),
                "某部门",
                at,
            )
        )
    with (raw / "manifest.csv").open("w", encoding="utf-8", newline="") as sink:
        csv.writer(sink, lineterminator="\n").writerows(
            [("path", "sha256", "bytes", "sender", "received_at"), *lines]
        )


def judge_folder(
    raw: Path,
    work: Path,
    warehouse: Path | None = None,
    judge: Path | None = None,
    load: bool = False,
) -> Compared:
    """What is new in `raw` in one run: each form by its own rules, then all of them together; loaded where asked."""
    arrived = []
    judged = judged_submissions(warehouse) if warehouse else {}
    for code, folder in hand_over(receive(raw, CATALOGUE, known_zones(raw), judged), work).items():
        submissions = open_submissions(folder / "submissions.jsonl")
        read_form(CATALOGUE[code], submissions, raw, folder)
        validate_form(
            CATALOGUE[code], submissions, open_table(folder / "arrival.arrow"), folder, store=None
        )
        arrived.append(FormBatch(CATALOGUE[code], folder))
    compare_forms(arrived, warehouse, judge, raw)
    if warehouse and load:
        prepare(published_path(warehouse), CATALOGUE)
        for batch in arrived:
            load_form(batch.form, batch.folder, published_path(warehouse), "run")
    return gather(arrived)


def gather(arrived: list[FormBatch]) -> Compared:
    paths = {s.submission: name_of(s.path) for batch in arrived for s in batch.submissions}

    def rows(part: str) -> Iterator[dict[str, Any]]:
        return itertools.chain.from_iterable(
            open_table(batch.folder / f"{part}.arrow").to_pylist() for batch in arrived
        )

    def grouped(part: str) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {path: [] for path in paths.values()}
        for row in rows(part):
            found[paths[row["submission"]]].append(row)
        return found

    results: dict[str, dict[str, tuple[int, int, int]]] = {path: {} for path in paths.values()}
    for row in rows("result"):
        results[paths[row["submission"]]][row["code"]] = (
            row["holds"],
            row["broken"],
            row["unchecked"],
        )
    return Compared(
        [Finding(**row) for row in rows("finding")],
        {paths[r["submission"]]: r for r in rows("judged")},
        grouped("accepted"),
        grouped("held"),
        results,
    )
