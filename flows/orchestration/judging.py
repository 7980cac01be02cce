"""A form's batch, read and asked by its own rules; a file on which we fail holds itself alone.

An unexpected error while a form's files are judged is ours. The files are then judged one by one to
find on which we fail: each of these is held whole with FILE-FAULT, the others are judged as ever.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.arrow_files import open_table, save_table
from flows.model.finding import findings_table
from flows.model.submission import Submission, open_submissions, save_submissions
from flows.read import step as reading
from flows.validate import step as validating
from flows.validate.batch import FormBatch
from flows.validate.step import compare_forms
from flows.warehouse.lake_history import Beside
from flows.warehouse.own_faults import OF_THE_RUN, Log, OwnFault, OwnFaults, word_fault


def judge_batch(
    form: Form, folder: Path, raw: Path, store: Path | None, log: Log, isolated: bool = True
) -> list[OwnFault]:
    """Read and validate the submissions of `folder`; returns those on which we failed.

    `store`: where Great Expectations keeps its results, None to leave it out. The trace of each
    fault goes to `log`. `isolated`: whether files are read in a worker process with limits. Raises
    what concerns the run as a whole.
    """
    submissions = open_submissions(folder / "submissions.jsonl")
    arrival = open_table(folder / "arrival.arrow")
    try:
        _judge(form, submissions, submissions, arrival, folder, raw, store, isolated)
    except OF_THE_RUN:
        raise
    except Exception as error:
        log.exception("%s: an unexpected error; its files are judged one by one", form.code)
        together = word_fault(error)
    else:
        return []
    faults = _find_faults(form, submissions, arrival, folder, raw, log)
    # each by itself can be judged: what fails is their being together
    faults = faults or {s.submission: together for s in submissions}
    return hold(form, faults, folder, raw, store, isolated)


def hold(
    form: Form,
    faults: Mapping[str, str],
    folder: Path,
    raw: Path,
    store: Path | None,
    isolated: bool = True,
) -> list[OwnFault]:
    """Hold the submissions on which we failed, each whole and with what went wrong, and judge the
    others of `folder`.
    """
    submissions = open_submissions(folder / "submissions.jsonl")
    arrival = open_table(folder / "arrival.arrow")
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
    return [OwnFault(s.path, faults[s.submission]) for s in submissions if s.submission in faults]


def compare_batches(
    batches: Sequence[FormBatch],
    raw: Path,
    warehouse: Path | None,
    store: Path | None,
    log: Log,
    beside: Beside | None = None,
) -> list[OwnFault]:
    """Ask the rules across submissions, and reach the verdicts. Returns the submissions on which we
    failed: those of a form that cannot be compared even alone are held.
    """
    try:
        compare_forms(batches, warehouse, store, raw, beside)
    except OF_THE_RUN:
        raise
    except Exception:
        log.exception("an unexpected error; forms are compared one by one")
    else:
        return []
    faults = []
    for batch in batches:
        own = OwnFaults(log)
        with own.spare(batch.form.code):
            compare_forms([batch], warehouse, None, raw, beside)
        for fault in own.listed:
            sent = open_submissions(batch.folder / "submissions.jsonl")
            problems = {s.submission: fault.problem for s in sent}
            faults += hold(batch.form, problems, batch.folder, raw, None)
    # where it fails again, it is the run's fault
    compare_forms(batches, warehouse, store, raw, beside)
    return faults


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
    own = OwnFaults(log)
    for submission in submissions:
        sent = str(submission.content_path(raw, folder).resolve())
        alone = [dataclasses.replace(submission, content=sent)]
        mine = arrival.filter(pc.field("submission") == submission.submission)
        with (
            tempfile.TemporaryDirectory(prefix="jibao-") as elsewhere,
            own.spare(submission.path, submission.submission),
        ):
            _judge(form, alone, alone, mine, Path(elsewhere), raw, None)
    return {fault.submission: fault.problem for fault in own.listed}
