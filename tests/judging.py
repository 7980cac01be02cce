"""Files judged by the stages that a run takes, without Prefect, a judge or rules across submissions."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.forms.catalogue import load_catalogue
from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.finding import Finding, findings_table
from flows.model.submission import Submission, save_submissions
from flows.read.step import read_form
from flows.receive.step import describe_file
from flows.validate.batch import FormBatch
from flows.validate.step import validate_form
from flows.validate.verdict import reach_verdict


def judge_form(
    form: Form,
    submissions: list[Submission],
    arrival: pa.Table,
    folder: Path,
    store: Path | None = None,
) -> None:
    """Judge what was read into `folder`, and reach the verdict on each submission."""
    save_submissions(submissions, folder / "submissions.jsonl")
    validate_form(form, submissions, arrival, folder, store)
    reach_verdict(FormBatch(form, folder))


@dataclass(frozen=True)
class Judged:
    """What became of one file for its own quarter: every answer of the stages up to validate, as plain rows. The other
    quarters of a file that brings a history are left out.
    """

    submission: Submission
    status: str
    findings: list[Finding]
    accepted: list[dict[str, Any]]  # the rows that would load, in the order of the sheet
    held: list[dict[str, Any]]
    results: list[dict[str, Any]]  # outcomes by rule
    rows_read: int
    folder: Path

    def broken(self, code: str | None = None) -> list[Finding]:
        """Findings of broken rules, all or those of one code."""
        return [f for f in self.findings if f.outcome == "broken" and code in (None, f.code)]

    def unchecked(self, code: str | None = None) -> list[Finding]:
        """Findings that say a rule could not be checked, all or those of one code."""
        return [f for f in self.findings if f.outcome == "unchecked" and code in (None, f.code)]

    def only(self, code: str) -> Finding:
        """The one finding of a code; fails, listing what was found, where there is not exactly one."""
        found = self.broken(code)
        assert len(found) == 1, (
            f"{code} found {len(found)} times among {[(f.code, f.cell, f.message_en) for f in self.findings]}"
        )
        return found[0]

    @property
    def codes(self) -> list[str]:
        """The codes of the broken rules, sorted, as often as they were found."""
        return sorted(f.code for f in self.broken())


def judge(
    form: str | Form,
    file: bytes | str | Path,
    period: str,
    zone: str,
    folder: Path,
    name: str | None = None,
) -> Judged:
    """Read and check one file in `folder`, by the stages that a run takes, without Prefect or a judge."""
    declared = form if isinstance(form, Form) else load_catalogue()[form]
    name = name or (file.name if isinstance(file, Path) else f"{declared.code}.csv")
    return judge_files(declared, [(f"{zone}/{period}/{name}", file, period, zone)], folder)[0]


def judge_many(
    folder: Path,
    files: Iterable[bytes | str],
    form: str = "main_indicators",
    period: str = "2022Q3",
    zone: str = "150571",
) -> list[Judged]:
    """Judge workbooks and texts of one form, zone and quarter in one pass."""
    sent: list[tuple[str, bytes | str | Path, str, str]] = [
        (f"{n}/{period}/{form}.{'xlsx' if file[:2] == b'PK' else 'csv'}", file, period, zone)
        for n, file in enumerate(files)
    ]
    return judge_files(load_catalogue()[form], sent, folder)


def judge_files(
    form: Form, files: list[tuple[str, bytes | str | Path, str, str]], folder: Path
) -> list[Judged]:
    """The same of many files of a form in one pass, as a run takes them: `(path, file, period, zone)` each."""
    raw = Path(tempfile.mkdtemp(dir=folder))
    submissions = []
    for name, file, period, zone in files:
        path = raw / name
        path.parent.mkdir(parents=True)
        content = file.read_bytes() if isinstance(file, Path) else file
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        submissions.append(describe_file(raw, path, form.code, zone, period))
    return judge_submissions(form, submissions, raw, raw / "work")


def judge_submissions(
    form: Form,
    submissions: list[Submission],
    raw: Path,
    work: Path,
    arrival: pa.Table | None = None,
) -> list[Judged]:
    """The same of what is received already, with what receipt found of it."""
    read_form(form, submissions, raw, work)
    judge_form(form, submissions, findings_table([]) if arrival is None else arrival, work)
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for part in ("finding", "accepted", "held", "judged", "result"):
        for row in open_table(work / f"{part}.arrow").to_pylist():
            rows.setdefault(row["submission"], {}).setdefault(part, []).append(row)
    return [_judged_of(submission, rows[submission.submission], work) for submission in submissions]


def _judged_of(submission: Submission, rows: dict[str, list[dict[str, Any]]], work: Path) -> Judged:
    [verdict] = rows["judged"]
    return Judged(
        submission,
        verdict["status"],
        [Finding(**row) for row in rows.get("finding", [])],
        rows.get("accepted", []),
        rows.get("held", []),
        rows.get("result", []),
        verdict["rows_read"],
        work,
    )
