"""What the tests of forms share: many files of a form judged in one pass, as a run judges them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from flows.forms.form import Form
from flows.model.finding import Finding
from flows.model.submission import Submission
from tests.judging import judge_submissions


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
    return {
        j.submission.path: Verdict(j.status, j.findings, j.accepted, j.held)
        for j in judge_submissions(form, submissions, raw, work, arrival)
    }


@pytest.fixture(scope="session")
def judge_all() -> Callable[..., dict[str, Verdict]]:
    """`judge_all(form, submissions, raw, work)`: the verdicts by path."""
    return judge_together
