"""The step `receive`: files in `raw/` become submissions, and what is settled is left alone.

In: `raw/<zone>/<period>/<form>[.rN].<ext>`, `raw/manifest.csv` with the archive, and what the
ledger has judged. Out: the new submissions, findings about how they were named and placed, and the
lines of the manifest for files first seen now.

What counts is what was received: every line of the manifest, whatever has become of the file since.
An incremental run and one that begins from nothing therefore take the same. Nothing is written
here; `keep` archives what is new, `hand_over` gives it to the next steps. The files themselves are
never touched.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flows.forms.common_rules import make_finding
from flows.forms.file_names import FILE_NAMES
from flows.forms.form import Form
from flows.model.finding import Finding
from flows.model.plain_file import digest_file
from flows.model.submission import HISTORY, Submission
from flows.model.zone import zone_titles
from flows.receive.archive import is_archived
from flows.receive.arrival import Arrival, RecogniseFile, list_arrivals, recognise_nothing
from flows.receive.handover import UNPLACED, Received, hand_over, keep, list_warnings
from flows.receive.listing import EntryKind, readable
from flows.receive.placement import Placement, Placer
from flows.receive.selection import EVERYTHING, Selection
from flows.receive.withdrawals import open_withdrawals

__all__ = [
    "UNPLACED",
    "Received",
    "Selection",
    "describe_file",
    "hand_over",
    "keep",
    "list_warnings",
    "receive",
]

Judged = Mapping[str, tuple[str, str]]  # status and fingerprint of the form, by submission


def receive(
    raw: Path,
    catalogue: Mapping[str, Form],
    known_zones: set[str],
    judged: Judged,
    selection: Selection = EVERYTHING,
    recognise: RecogniseFile = recognise_nothing,
) -> Received:
    """Sort what was received by what has to be done with it.

    `judged` gives status and form fingerprint by submission id; a rejected or partly held one is
    judged again when its form's declaration has changed, and any that has lost or found its place.
    `recognise` tells the forms that the content of a file fits, where its name does not say one.
    Raises ValueError where a table of `raw` cannot be read.
    """
    titles = zone_titles(raw)
    zones = {code: titles.get(code, code) for code in known_zones}
    sorting = _Sorting(raw, catalogue, zones, judged, selection, recognise)
    for arrival in list_arrivals(raw, selection, sorting.received):
        sorting.sort(arrival)
    sorting.note_deleted({line.submission for line in open_withdrawals(raw)})
    return sorting.received


class _Sorting:
    """Arrivals, one after the other in the order in which they came."""

    def __init__(
        self,
        raw: Path,
        catalogue: Mapping[str, Form],
        zones: Mapping[str, str],
        judged: Judged,
        selection: Selection,
        recognise: RecogniseFile,
    ) -> None:
        self.received = Received(raw)
        self._raw, self._catalogue, self._judged = raw, catalogue, judged
        self._selection, self._recognise = selection, recognise
        self._placer = Placer(catalogue, zones)
        self._by_revision: dict[tuple[str, str, str, int], str] = {}
        self._by_content: dict[str, str] = {}
        # of a form and zone: when a revision after the first came, its quarter and number
        self._revisions: dict[tuple[str, str], list[tuple[dt.datetime, str, int]]] = {}
        self._seen: dict[str, str] = {}  # identity and path
        self._absent: list[Submission] = []  # archived, and no longer where they were
        self._standing: set[str] = set()
        # a file that has no place is looked at again when any form, zone or word of names changes
        forms = (form.fingerprint for form in catalogue.values())
        words = FILE_NAMES.read_text(encoding="utf-8")
        of_all = "".join([*sorted(zones), *forms, words])
        self._of_all = hashlib.sha256(of_all.encode()).hexdigest()[:16]

    def sort(self, arrival: Arrival) -> None:
        """Decide on one arrival."""
        placement = self._placer.place(
            arrival.path, arrival.kind, lambda: arrival.recognise(self._raw, self._recognise)
        )
        submission = self._describe(arrival, placement)
        is_placed = placement.problem is None
        if not is_placed and self._seen.get(submission.submission, arrival.path) != arrival.path:
            submission = replace(submission, apart=arrival.path)  # each is answered for itself
        findings = self._judge_arrival(submission, placement)
        if is_placed:
            self._note_revision(arrival, submission)
            self.received.periods |= {submission.period} - {HISTORY}
            self._by_revision.setdefault(_revision_of(submission), submission.path)
            self._by_content.setdefault(submission.sha256, submission.path)
        if is_placed and not self._selection.takes(submission):
            return
        self.received.chosen += is_placed
        self._note_standing(arrival, submission, is_placed)
        if submission.submission in self._seen or self._is_settled(submission, is_placed):
            self.received.unchanged += arrival.stands  # the same bytes twice change nothing
        elif arrival.kind is EntryKind.FILE and not arrival.is_at_hand(self._raw):
            return  # the content is nowhere: it cannot be judged, and is told as missing
        else:
            self._take(arrival, submission, findings, is_placed)
        self._seen.setdefault(submission.submission, arrival.path)

    def _take(
        self, arrival: Arrival, submission: Submission, findings: list[Finding], is_placed: bool
    ) -> None:
        self.received.new.append(submission)
        self.received.findings += findings
        if not is_placed:
            self.received.unplaced.add(submission.submission)
        if arrival.kind is not EntryKind.FILE:
            self.received.empty.add(submission.submission)

    def _describe(self, arrival: Arrival, placement: Placement) -> Submission:
        is_placed = placement.problem is None
        return Submission(
            arrival.path,
            placement.form,
            placement.zone,
            placement.period,
            placement.revision,
            arrival.sha256,
            arrival.bytes,
            arrival.sender,
            arrival.received_at.isoformat(),
            self._catalogue[placement.form].fingerprint if is_placed else self._of_all,
            arrival.replacement,
            revised=self._list_revised(arrival, placement),
        )

    def _note_revision(self, arrival: Arrival, submission: Submission) -> None:
        if submission.revision > 1 and submission.period != HISTORY:
            revision = (arrival.received_at, submission.period, submission.revision)
            key = (submission.form, submission.zone)
            self._revisions.setdefault(key, []).append(revision)

    def _list_revised(self, arrival: Arrival, placement: Placement) -> dict[str, int]:
        """By quarter the highest revision that was there when something came."""
        revised: dict[str, int] = {}
        for at, period, number in self._revisions.get((placement.form, placement.zone), ()):
            if at < arrival.received_at:
                revised[period] = max(number, revised.get(period, 1))
        return revised

    def _is_settled(self, submission: Submission, is_placed: bool) -> bool:
        """Whether the ledger's verdict holds: what is loaded stays, unless its place is gone."""
        if submission.submission not in self._judged:
            return False
        status, fingerprint = self._judged[submission.submission]
        by_same_rules = fingerprint == submission.fingerprint
        return by_same_rules or (is_placed and status == "accepted")

    def _judge_arrival(self, submission: Submission, placement: Placement) -> list[Finding]:
        if placement.problem:
            zh, en = placement.problem
            return [make_finding(placement.code, submission, problem_zh=zh, problem_en=en)]
        findings = [say_reading(submission, placement)] if placement.remarks else []
        if submission.replacement:
            findings.append(make_finding("FILE-REPLACED", submission))
        same = self._by_content.get(submission.sha256, submission.path)
        if same != submission.path:
            findings.append(make_finding("FILE-SAME", submission, other=same))
        other = self._by_revision.get(_revision_of(submission), submission.path)
        if other != submission.path:
            findings.append(make_finding("FILE-TWICE", submission, other=other))
        return findings

    def _note_standing(self, arrival: Arrival, submission: Submission, is_placed: bool) -> None:
        """Remember what no longer stands where it was received, though it is archived."""
        if arrival.stands:
            self._standing.add(submission.submission)
        elif is_placed and is_archived(self._raw, submission.sha256):
            status, _ = self._judged.get(submission.submission, ("", ""))
            if status != "rejected":
                self._absent.append(submission)

    def note_deleted(self, withdrawn: set[str]) -> None:
        """Say which files were deleted though what was received of them still stands."""
        gone = {
            s.path
            for s in self._absent
            if s.submission not in self._standing | withdrawn
            and s.path not in self.received.standing_paths
        }
        self.received.deleted = sorted(gone)


def say_reading(submission: Submission, placement: Placement) -> Finding:
    """The finding that a file's name or folders were read in another way than they are written."""
    return make_finding(
        "FILE-NAME",
        submission,
        severity=placement.severity,
        zone=submission.zone,
        problem_zh="；".join(zh for zh, _ in placement.remarks),
        problem_en="; ".join(en for _, en in placement.remarks),
    )


def _revision_of(submission: Submission) -> tuple[str, str, str, int]:
    return (submission.form, submission.zone, submission.period, submission.revision)


def describe_file(
    raw: Path, path: Path, form: str, zone: str, period: str, revision: int = 1
) -> Submission:
    """The submission a file is, when its form, zone and period are given."""
    sha256, size = digest_file(path)
    relative = readable(path.relative_to(raw).as_posix())
    form, zone, period = (readable(part) for part in (form, zone, period))
    return Submission(relative, form, zone, period, revision, sha256, size)
