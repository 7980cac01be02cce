"""Noun: what a run did. The batches it works in, its numbers, and what is said of them at its end.

In: a run's batches as they are judged. Out: counts, one line of words, and the name of the state
    that
the run ends in: a department's bad file is a finding, and no failure of the pipeline.
"""

from __future__ import annotations

import collections
from dataclasses import dataclass, field
from pathlib import Path

from flows.model.arrow_files import open_table
from flows.model.submission import open_submissions

NOTHING_NEW = "Nothing new"
WITH_FINDINGS = "Completed with findings"
COMPLETED = "Completed"


@dataclass
class RunSummary:
    """What a run did, in numbers. `changed` says whether readers see a new warehouse."""

    run: str
    dry_run: bool = False
    files: int = 0
    unchanged: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    changed: bool = False
    replies: list[str] = field(default_factory=list)
    missing_files: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # resubmissions that alter a published figure

    def describe(self) -> str:
        """One line, as the end of a run says it."""
        said = [f"{self.files} files, {self.unchanged} unchanged"]
        said += [f"{n} {status}" for status, n in sorted(self.statuses.items())]
        said += (
            [f"rows: {', '.join(f'{n} {what}' for what, n in self.rows.items())}"]
            if self.rows
            else []
        )
        said += (
            [f"findings: {', '.join(f'{n} {grade}' for grade, n in sorted(self.findings.items()))}"]
            if self.findings
            else []
        )
        said += [f"waiting to be accepted: {', '.join(self.waiting)}"] if self.waiting else []
        return "; ".join(said)

    @property
    def outcome(self) -> str:
        """The name of the state that the run ends in."""
        if not self.changed and not self.statuses:
            return NOTHING_NEW
        asked = any(self.findings.get(grade) for grade in ("reject", "quarantine", "query"))
        held = any(self.statuses.get(status) for status in ("partial", "rejected"))
        return WITH_FINDINGS if asked or held or self.waiting else COMPLETED

    def count(self, folder: Path) -> None:
        """Add what became of a batch, from its folder."""
        rows: collections.Counter[str] = collections.Counter(self.rows)
        statuses: collections.Counter[str] = collections.Counter(self.statuses)
        findings: collections.Counter[str] = collections.Counter(self.findings)
        for judged in open_table(folder / "judged.arrow").to_pylist():
            statuses[judged["status"]] += 1
            for what in ("read", "accepted", "held"):
                rows[what] += judged[f"rows_{what}"]
        for found in (
            open_table(folder / "finding.arrow")
            .select(["severity", "outcome", "explanation"])
            .to_pylist()
        ):
            findings[
                "unchecked"
                if found["outcome"] == "unchecked"
                else "explained"
                if found["explanation"]
                else found["severity"]
            ] += 1
        self.rows, self.statuses, self.findings = dict(rows), dict(statuses), dict(findings)


@dataclass
class Batch:
    """A form's submissions in a run, as the tasks pass them: a folder, and a name for people."""

    code: str
    folder: Path
    span: str  # `2022Q3`, or `2022Q1–2024Q4 (12 files)`


def describe_batch(folder: Path) -> str:
    """The quarters and the number of files of a batch, for the names of its tasks."""
    submissions = open_submissions(folder / "submissions.jsonl")
    periods = sorted({s.period for s in submissions})
    span = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
    return span if len(submissions) == 1 else f"{span} ({len(submissions)} files)"
