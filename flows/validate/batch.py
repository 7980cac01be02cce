"""A form's submissions of one run, and the folder by which the steps pass their work on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.forms.form import Form
from flows.model.submission import Submission, open_batch


@dataclass(frozen=True)
class FormBatch:
    """The submissions of a form in a run.

    `folder` holds `submissions.jsonl` and the files that each step adds.
    """

    form: Form
    folder: Path

    @property
    def submissions(self) -> list[Submission]:
        """Every submission of the batch, rejected ones and parts of histories included."""
        return open_batch(self.folder)
