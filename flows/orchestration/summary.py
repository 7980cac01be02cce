"""What a run did: the batches it works in, its numbers, and what is said of them at its end.

The name of the state that a run ends in comes from here: a department's bad file is a finding, and
no failure of the pipeline.
"""

from __future__ import annotations

import collections
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.model.arrow_files import open_table
from flows.model.submission import Submission, open_batch, open_submissions
from flows.orchestration.effects import Effect
from flows.warehouse.own_faults import OwnFault

NOTHING_NEW = "Nothing new"
WITH_FINDINGS = "Completed with findings"
WITH_FAULTS = "Completed with faults"
COMPLETED = "Completed"
_FEW_FILES, _FEW_FORMS = 3, 5  # that the name of a run lists

# by zone, period and indicator: the value as it is printed, and its growth in per cent
Headline = dict[tuple[str, str, str], tuple[str | None, Any]]


@dataclass(frozen=True)
class ToMend:
    """A submission whose sender has something to mend or to explain."""

    path: str
    status: str
    questions: int
    codes: tuple[str, ...]  # the rules that held something back, or ask

    @classmethod
    def of(cls, path: str, status: str, findings: list[dict[str, Any]]) -> ToMend | None:
        """Of a submission's findings that nobody has explained; None where there is nothing to
        do.
        """
        grave = [f for f in findings if f["severity"] in ("reject", "quarantine")]
        asked = [f for f in findings if f["severity"] == "query"]
        if status == "accepted" and not asked:
            return None
        codes = dict.fromkeys(f["code"] for f in grave or asked)
        return cls(path, status, len(asked), tuple(codes))


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
    taken: str = ""  # the new files, or their forms, for the run's name
    faults: list[OwnFault] = field(default_factory=list)  # files, pages … on which we failed
    forms: list[str] = field(default_factory=list)  # a line a form, for the log
    effects: list[Effect] = field(default_factory=list)  # decisions that it has followed
    to_mend: list[ToMend] = field(default_factory=list)  # submissions that their senders mend
    waiting: list[str] = field(default_factory=list)  # resubmissions that alter a published figure
    brought_up: str = ""  # from an earlier version of the program, in words
    committed: str = ""  # to a lake, in words
    lake_snapshot: int | None = None  # up to which it saw what other offices brought
    before: Headline = field(default_factory=dict)  # the headline figures that readers had

    def describe(self) -> str:
        """One line, as the end of a run says it."""
        parts = [f"{self.files} files, {self.unchanged} unchanged"]
        parts += [f"{n} {status}" for status, n in sorted(self.statuses.items())]
        if self.rows:
            parts.append(f"rows: {', '.join(f'{n} {what}' for what, n in self.rows.items())}")
        if self.findings:
            counts = (f"{n} {severity}" for severity, n in sorted(self.findings.items()))
            parts.append(f"findings: {', '.join(counts)}")
        if self.faults:
            parts.append(f"the pipeline failed on: {', '.join(f.path for f in self.faults)}")
        if self.waiting:
            parts.append(f"waiting to be accepted: {', '.join(self.waiting)}")
        if self.brought_up:
            parts.append(self.brought_up)
        if self.committed:
            parts.append(self.committed)
        return "; ".join(parts)

    @property
    def outcome(self) -> str:
        """The name of the state that the run ends in."""
        if not self.changed and not self.statuses:
            return NOTHING_NEW
        if self.faults:
            return WITH_FAULTS
        asked = any(self.findings.get(severity) for severity in ("reject", "quarantine", "query"))
        held = any(self.statuses.get(status) for status in ("partial", "rejected"))
        return WITH_FINDINGS if asked or held or self.waiting else COMPLETED

    def count(self, folder: Path) -> None:
        """Add what became of a batch, from its folder."""
        rows: collections.Counter[str] = collections.Counter(self.rows)
        statuses: collections.Counter[str] = collections.Counter(self.statuses)
        findings: collections.Counter[str] = collections.Counter(self.findings)
        here: collections.Counter[str] = collections.Counter()
        judgements = open_table(folder / "judged.arrow").to_pylist()
        for judged in judgements:
            statuses[judged["status"]] += 1
            for what in ("read", "accepted", "held"):
                here[what] += judged[f"rows_{what}"]
        questions = 0
        columns = ["submission", "code", "severity", "outcome", "explanation"]
        by_submission: dict[str, list[dict[str, Any]]] = collections.defaultdict(list)
        for finding in open_table(folder / "finding.arrow").select(columns).to_pylist():
            if finding["outcome"] == "unchecked":
                findings["unchecked"] += 1
                continue
            findings["explained" if finding["explanation"] else finding["severity"]] += 1
            if finding["severity"] != "query" or not finding["explanation"]:
                by_submission[finding["submission"]].append(finding)
                questions += finding["severity"] == "query"
        files = len(open_submissions(folder / "submissions.jsonl"))
        names = {s.submission: s.name for s in open_batch(folder)}
        for judged in judgements:
            one = judged["submission"]
            mend = ToMend.of(names[one], judged["status"], by_submission[one])
            self.to_mend += [mend] if mend else []
        self.forms.append(
            f"{folder.name}: {files} files, rows: {here['read']} read, "
            f"{here['accepted']} accepted, {here['held']} held; {questions} questions"
        )
        rows.update(here)
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


def describe_taken(submissions: Sequence[Submission]) -> str:
    """What a run takes: its files where they are few, else how many there are of each form."""
    if len(submissions) <= _FEW_FILES:
        return ", ".join(submission.path for submission in submissions)
    counted = collections.Counter(submission.form for submission in submissions)
    forms = [f"{n} {form}" for form, n in counted.most_common(_FEW_FORMS)]
    more = len(counted) - len(forms)
    return ", ".join(forms) + (f" and {more} more forms" if more else "")
