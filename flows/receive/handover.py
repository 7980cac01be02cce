"""What was received, and its way to the next steps: into the archive, and a folder a form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import pyarrow as pa

from flows.model.arrow_files import save_table
from flows.model.finding import Finding, findings_table
from flows.model.submission import Submission, save_submissions
from flows.receive import manifest
from flows.receive.archive import ContentError, copy_content, keep_contents
from flows.receive.manifest import ManifestLine

UNPLACED = "_unplaced"  # the folder of files that belong to no form
_LOST = (
    "{}：raw/ 和档案中都没有了，数据仓库无法重建 · it is in the manifest and nowhere else: "
    "the warehouse could not be rebuilt"
)
_DELETED = (
    "{}：文件已从 raw/ 删除，收到的内容仍然有效，要作废请用 "
    "jibao withdraw · it was deleted from raw/; "
    "what was received stands until it is withdrawn"
)
_UNREAD = "{0}：这次读不出来，留待下次 · cannot be read, is left to the next run ({1})"
_PASSED_OVER = (
    "没有读取：{0}（共 {1} 份），是隐藏文件或按文件名还没有传完；是报送的，请改名 · "
    "not read: {1} that are hidden, or not whole by their names; rename what is meant to be sent"
)
_SENT = "sent"  # in a form's folder: the run's own copies


@dataclass
class Received:
    """What was received, sorted by what has to be done with it."""

    raw: Path
    new: list[Submission] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unplaced: set[str] = field(default_factory=set)  # of the new ones, those of no form
    empty: set[str] = field(default_factory=set)  # of the new ones, links and such
    unchanged: int = 0
    chosen: int = 0  # files that stand where they should and that the selection takes
    missing: list[str] = field(default_factory=list)  # in the manifest, and nowhere else
    deleted: list[str] = field(default_factory=list)  # gone from raw/; archived, and still standing
    unread: dict[str, str] = field(default_factory=dict)  # could not be read now, and why
    passed_over: list[str] = field(default_factory=list)  # hidden, or not whole by their names
    present: list[str] = field(default_factory=list)  # every path, whatever is selected
    periods: set[str] = field(default_factory=set)  # every quarter that something came for
    standing_paths: set[str] = field(default_factory=set)  # what stands in raw/ now
    places: dict[str, Path] = field(default_factory=dict)  # where contents stand in raw/
    manifest_lines: list[ManifestLine] = field(default_factory=list)  # for files first seen now

    def drop(self, contents: set[str]) -> None:
        """Leave contents to the next run: they changed or vanished while they were received."""
        self.new = [s for s in self.new if s.sha256 not in contents]
        there = {s.submission for s in self.new}
        self.findings = [f for f in self.findings if f.submission in there]
        self.manifest_lines = [m for m in self.manifest_lines if m.sha256 not in contents]


def list_warnings(received: Received) -> list[str]:
    """What the operator has to know of files that are not as they were received, in zh and en."""
    return [
        *_few([_LOST.format(path) for path in received.missing]),
        *_few([_DELETED.format(path) for path in received.deleted]),
        *_few([_UNREAD.format(path, why) for path, why in received.unread.items()]),
        *_say_passed_over(sorted(received.passed_over)),
    ]


def _say_passed_over(paths: list[str]) -> list[str]:
    named = "、".join(paths[:_FEW])
    return [_PASSED_OVER.format(named, len(paths))] if paths else []


_FEW = 5  # of a kind that are named; a folder that was not copied has hundreds


def _few(warnings: list[str]) -> list[str]:
    """The first of many that say the same of different files, and how many more there are."""
    more = len(warnings) - _FEW
    told = f"同样的还有 {more} 份，jibao verify 逐一列出 · {more} more like it: `jibao verify`"
    return warnings[:_FEW] + ([told] if more > 0 else [])


def keep(received: Received) -> None:
    """Archive every content that is not archived yet, then add the lines of the manifest."""
    received.drop(keep_contents(received.raw, received.places))
    manifest.write_manifest(received.raw, received.manifest_lines)


def hand_over(received: Received, folder: Path) -> dict[str, Path]:
    """Write a folder a form for the next steps: `submissions.jsonl`, `arrival.arrow`, and the run's
    own copy of every file, so that what is read is what was received, whatever happens in `raw/`.

    Files that cannot be placed are judged here, in a folder of their own, for there is no form to
    judge them by. Returns the folders by form code.
    """
    groups: dict[str, list[Submission]] = {}
    for submission in received.new:
        code = UNPLACED if submission.submission in received.unplaced else submission.form
        groups.setdefault(code, []).append(submission)
    folders = {}
    for code, submissions in sorted(groups.items()):
        place = folder / code
        copied = [s for s in (_copy(received, s, place) for s in submissions) if s]
        if not copied:
            continue
        folders[code] = place
        ids = {s.submission for s in copied}
        findings = findings_table(f for f in received.findings if f.submission in ids)
        save_submissions(copied, place / "submissions.jsonl")
        save_table(findings, place / "arrival.arrow")
        if code == UNPLACED:
            save_table(findings, place / "finding.arrow")
            save_table(_reject_all(ids), place / "judged.arrow")
    return folders


def _copy(received: Received, submission: Submission, folder: Path) -> Submission | None:
    """The submission with its copy in the folder; None where its content changed meanwhile or is
    damaged in the archive. A link or a pipe has an empty one.
    """
    suffix = PurePosixPath(submission.path).suffix
    content = f"{_SENT}/{submission.submission}{suffix if suffix.isascii() else ''}"
    target = folder / content
    target.parent.mkdir(parents=True, exist_ok=True)
    if submission.submission in received.empty:
        target.touch()
        return replace(submission, content=content)
    place = received.places.get(submission.sha256)
    try:
        copy_content(received.raw, submission.sha256, place, target)
    except ContentError as error:
        received.unread[submission.path] = str(error)
        return None
    return replace(submission, content=content)


def _reject_all(ids: set[str]) -> pa.Table:
    rows = [
        {"submission": i, "status": "rejected", "rows_read": 0, "rows_accepted": 0, "rows_held": 0}
        for i in sorted(ids)
    ]
    return pa.Table.from_pylist(rows)
