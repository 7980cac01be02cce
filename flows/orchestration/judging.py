"""A form's batch, read and asked by its own rules; a file on which we fail holds itself alone.

An unexpected error while a form's files are judged is ours. The files are then judged one by one to
find on which we fail: each of these is held whole with FILE-FAULT, the others are judged as ever.
"""

from __future__ import annotations

import dataclasses
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.arrow_files import open_table, save_table
from flows.model.errors import CatalogueError, DisagreementError
from flows.model.finding import findings_table
from flows.model.submission import Submission, open_submissions, save_submissions
from flows.read import step as reading
from flows.validate import step as validating

Log = logging.Logger | logging.LoggerAdapter[Any]

# the pipeline itself is broken: no file is at fault, and no figure of the run can be trusted
_OF_THE_RUN = (CatalogueError, DisagreementError, TimeoutError, OSError)


@dataclass(frozen=True)
class FileFault:
    """A file on which the pipeline failed, and how."""

    path: str
    problem: str


def judge_batch(
    form: Form, folder: Path, raw: Path, store: Path | None, log: Log, isolated: bool = True
) -> list[FileFault]:
    """Read and validate the submissions of `folder`; returns those on which we failed.

    `store`: where Great Expectations keeps its results, None to leave it out. The trace of each
    fault goes to `log`. `isolated`: whether files are read in a worker process with limits. Raises
    what concerns the run as a whole.
    """
    submissions = open_submissions(folder / "submissions.jsonl")
    arrival = open_table(folder / "arrival.arrow")
    try:
        _judge(form, submissions, submissions, arrival, folder, raw, store, isolated)
    except _OF_THE_RUN:
        raise
    except Exception:
        log.exception("%s: an unexpected error; its files are judged one by one", form.code)
    else:
        return []
    faults = _find_faults(form, submissions, arrival, folder, raw, log)
    if not faults:  # each by itself can be judged: what fails is their being together
        raise RuntimeError(f"{form.code}: its files can be judged one by one and not together")
    held = [
        make_finding("FILE-FAULT", s, problem=faults[s.submission])
        for s in submissions
        if s.submission in faults
    ]
    # without a fingerprint it is judged again by the next run, whether or not a rule has changed
    submissions = [
        dataclasses.replace(s, fingerprint="") if s.submission in faults else s for s in submissions
    ]
    save_submissions(submissions, folder / "submissions.jsonl")
    arrival = pa.concat_tables([arrival, findings_table(held)])
    save_table(arrival, folder / "arrival.arrow")
    sound = [s for s in submissions if s.submission not in faults]
    _judge(form, sound, submissions, arrival, folder, raw, store, isolated)
    return [FileFault(s.path, faults[s.submission]) for s in submissions if s.submission in faults]


def _judge(
    form: Form,
    readable: list[Submission],
    submissions: list[Submission],
    arrival: pa.Table,
    folder: Path,
    raw: Path,
    store: Path | None,
    isolated: bool = True,
) -> None:
    reading.read_form(form, readable, raw, folder, isolated=isolated)
    validating.validate_form(form, submissions, arrival, folder, store)


def _find_faults(
    form: Form,
    submissions: list[Submission],
    arrival: pa.Table,
    folder: Path,
    raw: Path,
    log: Log,
) -> dict[str, str]:
    """The submissions that cannot be judged even alone, with what went wrong."""
    faults = {}
    for submission in submissions:
        sent = str(submission.content_path(raw, folder).resolve())
        alone = [dataclasses.replace(submission, content=sent)]
        mine = arrival.filter(pc.field("submission") == submission.submission)
        with tempfile.TemporaryDirectory(prefix="jibao-") as elsewhere:
            try:
                _judge(form, alone, alone, mine, Path(elsewhere), raw, None)
            except _OF_THE_RUN:
                raise
            except Exception as error:
                log.exception("%s: the pipeline failed on this file", submission.path)
                faults[submission.submission] = f"{type(error).__name__}: {error}"[:200]
    return faults
