"""Own rules and verdict in one call, for tests that need no rule across submissions."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from flows.forms.form import Form
from flows.model.submission import Submission, save_submissions
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
