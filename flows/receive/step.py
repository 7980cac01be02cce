"""Stage: receive. Files in `raw/` become submissions; what is known by its bytes is left alone.

In: `raw/<zone>/<period>/<form>[.rN].<ext>`, `raw/manifest.csv`, and the submissions already judged.
Out: the new submissions, findings about files that cannot be placed, and the manifest with a line
for each file first seen now. The files themselves are never touched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from flows.forms.common_rules import make_finding
from flows.forms.form import Form
from flows.model.arrow_files import save_table
from flows.model.finding import Finding, findings_table
from flows.model.period import parse_period
from flows.model.submission import Submission, save_submissions
from flows.receive.arrivals import is_unfinished
from flows.receive.manifest import _is_time, _open_manifest

NOT_SUBMISSIONS = (
    "editions",
)  # folders of raw/ that hold what people decided, not what departments sent
_NAME = re.compile(r"(?P<form>[A-Za-z0-9_-]+?)(?:\.r(?P<revision>\d+))?\.(?P<ext>[A-Za-z0-9]+)")


@dataclass
class Received:
    """What stands in `raw/`, sorted by what has to be done with it."""

    new: list[Submission] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unchanged: int = 0
    chosen: int = 0  # files that stand where they should and that the selection takes
    missing: list[str] = field(default_factory=list)  # in the manifest, no longer in raw/
    present: list[str] = field(
        default_factory=list
    )  # every path, those that the selection leaves out too
    manifest_lines: list[dict[str, str]] = field(default_factory=list)  # for files first seen now


@dataclass(frozen=True)
class Selection:
    """Which submissions a run takes; an empty choice takes all."""

    zones: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    still_seconds: float = (
        0  # files that changed within so many seconds are left: they may still be on their way
    )

    @property
    def names_any(self) -> bool:
        """Whether a choice was made at all."""
        return bool(self.zones or self.periods or self.forms)

    def leaves(self, path: Path) -> bool:
        """Whether a file may still be on its way, and is left to the next run."""
        return self.still_seconds > 0 and path.stat().st_mtime > time.time() - self.still_seconds

    def takes(self, submission: Submission) -> bool:
        """Whether the submission is among those chosen."""
        return (
            (not self.zones or submission.zone in self.zones)
            and (not self.periods or submission.period in self.periods)
            and (not self.forms or submission.form in self.forms)
        )


def receive(
    raw: Path,
    catalogue: Mapping[str, Form],
    known_zones: set[str],
    judged: Mapping[str, tuple[str, str]],
    selection: Selection = Selection(),
) -> Received:
    """Sort the files of `raw/`. `judged` gives status and form fingerprint by submission id.

    A rejected or partly held submission is judged again when its form's declaration has changed.
    """
    received = Received()
    manifest = _open_manifest(raw)
    by_revision: dict[tuple[str, str, str, int], str] = {}
    by_content = {line["sha256"]: path for path, lines in manifest.items() for line in lines}
    seen: set[str] = set()
    files = _list_files(raw)
    for path in files:
        if selection.leaves(path):
            continue
        submission, problem = _place(raw, path, catalogue, known_zones)
        submission = _date(submission, manifest, received)
        if not problem and not selection.takes(submission):
            continue
        received.chosen += not problem
        if submission.submission in seen or _is_settled(submission, judged):
            received.unchanged += 1  # the same bytes twice change nothing
        else:
            received.new.append(submission)
            received.findings += _judge_arrival(submission, problem, manifest, by_content)
            other = by_revision.get(
                (submission.form, submission.zone, submission.period, submission.revision)
            )
            if other and not problem:
                received.findings.append(make_finding("FILE-TWICE", submission, other=other))
        seen.add(submission.submission)
        by_revision.setdefault(
            (submission.form, submission.zone, submission.period, submission.revision),
            submission.path,
        )
        by_content.setdefault(submission.sha256, submission.path)
    received.present = [_readable(path.relative_to(raw).as_posix()) for path in files]
    received.missing = sorted(set(manifest) - set(received.present))
    return received


def describe_file(
    raw: Path, path: Path, form: str, zone: str, period: str, revision: int = 1
) -> Submission:
    """The submission a file is, when its form, zone and period are given."""
    content = path.read_bytes()
    # a name that is no UTF-8 (a GBK archive unpacked) is kept readable; it fits no form and is told
    # so
    relative = _readable(path.relative_to(raw).as_posix())
    form, zone, period = (_readable(part) for part in (form, zone, period))
    return Submission(
        relative, form, zone, period, revision, hashlib.sha256(content).hexdigest(), len(content)
    )


def _readable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


def _list_files(raw: Path) -> list[Path]:
    """Submissions in order; lock files, hidden files, halves of downloads and the notes at the top
    are
    none.
    """
    return sorted(
        path
        for path in raw.rglob("*")
        if path.is_file()
        and path.parent != raw
        and path.relative_to(raw).parts[0] not in NOT_SUBMISSIONS
        and not any(part.startswith((".", "~$")) for part in path.relative_to(raw).parts)
        and path.name not in ("Thumbs.db", "desktop.ini")
        and not is_unfinished(path)
    )


def _place(
    raw: Path, path: Path, catalogue: Mapping[str, Form], zones: set[str]
) -> tuple[Submission, tuple[str, str] | None]:
    """The submission a path stands for, and the problem (zh, en) where it stands for none."""
    parts = path.relative_to(raw).parts
    match = _NAME.fullmatch(path.name)
    zone, period = (
        (parts[0], parts[1]) if len(parts) == 3 else (parts[0] if len(parts) > 1 else "", "")
    )
    form = match["form"] if match else path.name
    submission = describe_file(
        raw, path, form, zone, period, int(match["revision"] or 1) if match else 1
    )
    problem = _problem_of(parts, match is not None, submission, catalogue, zones)
    # a file that has no place is looked at again whenever any form or the list of zones changes
    of_all = hashlib.sha256(
        "".join([*sorted(zones), *(f.fingerprint for f in catalogue.values())]).encode()
    ).hexdigest()[:16]
    return replace(
        submission, fingerprint=of_all if problem else catalogue[form].fingerprint
    ), problem


def _problem_of(
    parts: tuple[str, ...],
    named: bool,
    submission: Submission,
    catalogue: Mapping[str, Form],
    zones: set[str],
) -> tuple[str, str] | None:
    """Why a path stands for no submission, in zh and en."""
    zone, period, form = submission.zone, submission.period, submission.form
    if len(parts) != 3:
        return (
            f"应在 raw/ 下第三层，现在第 {len(parts)} 层",
            f"it should stand three levels below raw/, it stands {len(parts)} below",
        )
    if zone not in zones:
        return (
            f"没有区划代码“{zone}”，已知：{'、'.join(sorted(zones))}",
            f"there is no zone “{zone}”; known: {', '.join(sorted(zones))}",
        )
    try:
        parse_period(period)
    except ValueError as error:
        return f"“{period}”不是报告期，应写作 2022Q3", str(error)
    if not named or form not in catalogue:
        return (
            f"没有报表“{form}”，已知：{'、'.join(sorted(catalogue))}",
            f"there is no form “{form}”; known: {', '.join(sorted(catalogue))}",
        )
    return None


def _date(
    submission: Submission, manifest: Mapping[str, list[dict[str, str]]], received: Received
) -> Submission:
    """Sender and date of arrival, from the manifest or, for a file first seen now, for the
    manifest.
    """
    for line in manifest.get(submission.path, []):
        if line["sha256"] == submission.sha256 and _is_time(line["received_at"]):
            return replace(submission, sender=line["sender"], received_at=line["received_at"])
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    received.manifest_lines.append(
        {
            "path": submission.path,
            "sha256": submission.sha256,
            "bytes": str(submission.bytes),
            "sender": "",
            "received_at": now,
        }
    )
    return replace(submission, received_at=now)


def _is_settled(submission: Submission, judged: Mapping[str, tuple[str, str]]) -> bool:
    if submission.submission not in judged:
        return False
    status, fingerprint = judged[submission.submission]
    return status == "accepted" or fingerprint == submission.fingerprint


def _judge_arrival(
    submission: Submission,
    problem: tuple[str, str] | None,
    manifest: Mapping[str, list[dict[str, str]]],
    by_content: Mapping[str, str],
) -> list[Finding]:
    if problem:
        return [make_finding("FILE-PATH", submission, problem_zh=problem[0], problem_en=problem[1])]
    findings = []
    arrived = dt.datetime.fromisoformat(submission.received_at)
    others = [
        line for line in manifest.get(submission.path, []) if line["sha256"] != submission.sha256
    ]
    # by the dates, not by what this run has just written: a run that was killed must find the same
    if any(
        _is_time(line["received_at"]) and dt.datetime.fromisoformat(line["received_at"]) <= arrived
        for line in others
    ):
        findings.append(make_finding("FILE-REPLACED", submission))
    if by_content.get(submission.sha256, submission.path) != submission.path:
        findings.append(make_finding("FILE-SAME", submission, other=by_content[submission.sha256]))
    return findings


UNPLACED = "_unplaced"  # the folder of files that belong to no form


def hand_over(received: Received, folder: Path) -> dict[str, Path]:
    """Write a folder a form for the next stages: `submissions.jsonl` and `arrival.arrow`.

    Files that cannot be placed are judged here, in a folder of their own, for there is no form to
    judge them by. Returns the folders by form code.
    """
    lost = {f.submission for f in received.findings if f.code == "FILE-PATH"}
    groups: dict[str, list[Submission]] = {}
    for submission in received.new:
        groups.setdefault(
            UNPLACED if submission.submission in lost else submission.form, []
        ).append(submission)
    folders = {}
    for code, submissions in sorted(groups.items()):
        folders[code] = folder / code
        folders[code].mkdir(parents=True, exist_ok=True)
        ids = {s.submission for s in submissions}
        findings = findings_table(f for f in received.findings if f.submission in ids)
        save_submissions(submissions, folders[code] / "submissions.jsonl")
        save_table(findings, folders[code] / "arrival.arrow")
        if code == UNPLACED:
            save_table(findings, folders[code] / "finding.arrow")
            rows = [
                {
                    "submission": i,
                    "status": "rejected",
                    "rows_read": 0,
                    "rows_accepted": 0,
                    "rows_held": 0,
                }
                for i in sorted(ids)
            ]
            save_table(pa.Table.from_pylist(rows), folders[code] / "judged.arrow")
    return folders
