"""What the tests of forms share: many files of a form judged in one pass, as a run judges them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from flows.forms.form import Form
from flows.model.arrow_files import open_table
from flows.model.finding import Finding, findings_table
from flows.model.submission import Submission
from flows.read.step import read_form
from tests.judging import judge_form


@dataclass(frozen=True)
class Verdict:
    """What one of the files got: its own part of every answer."""

    status: str
    findings: list[Finding]
    accepted: list[dict[str, Any]]
    held: list[dict[str, Any]]

    @property
    def broken(self) -> list[Finding]:
        """What is wrong with the file, by place."""
        return sorted(
            (f for f in self.findings if f.outcome == "broken"),
            key=lambda f: (f.code, f.row or 0, f.cell or ""),
        )

    @property
    def unchecked(self) -> set[str]:
        """The rules that could not be checked."""
        return {f.code for f in self.findings if f.outcome == "unchecked"}


def judge_together(
    form: Form,
    submissions: list[Submission],
    raw: Path,
    work: Path,
    arrival: pa.Table | None = None,
) -> dict[str, Verdict]:
    """Read and check all submissions of a form at once; the verdicts by path."""
    assert len({s.submission for s in submissions}) == len(submissions), (
        "two samples hold the same bytes"
    )
    read_form(form, submissions, raw, work)
    judge_form(
        form, submissions, findings_table([]) if arrival is None else arrival, work, store=None
    )
    rows = {
        part: open_table(work / f"{part}.arrow").to_pylist()
        for part in ("judged", "finding", "accepted", "held")
    }

    def of(part: str, submission: Submission) -> list[dict[str, Any]]:
        return [row for row in rows[part] if row["submission"] == submission.submission]

    return {
        s.path: Verdict(
            of("judged", s)[0]["status"],
            [Finding(**f) for f in of("finding", s)],
            of("accepted", s),
            of("held", s),
        )
        for s in submissions
    }


@pytest.fixture(scope="session")
def judge_all() -> Callable[..., dict[str, Verdict]]:
    """`judge_all(form, submissions, raw, work)`: the verdicts by path."""
    return judge_together
