"""What today's rules would change of what earlier ones have judged.

The version of the rules is the form's fingerprint (`ledger.submission.form_fingerprint`); `raw/`
keeps every file as it was sent, so that it can be judged again.
"""

from __future__ import annotations

import functools
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from flows.forms.catalogue import load_catalogue
from flows.model.arrow_files import open_table
from flows.model.finding import Finding
from flows.model.zone import known_zones
from flows.orchestration.judging import judge_batch
from flows.read.recognise import recognise_isolated
from flows.receive import step as receiving
from flows.validate import step as validating
from flows.validate.batch import FormBatch
from flows.warehouse.ledger import Standing, judged_submissions, standing_submissions


@dataclass(frozen=True)
class Change:
    """What today's rules make of a submission that earlier ones judged."""

    before: Standing
    status: str
    rows_accepted: int
    new_findings: tuple[Finding, ...]
    gone_findings: tuple[Finding, ...]  # those that are no more

    @property
    def is_none(self) -> bool:
        """Whether today's rules say the same."""
        same = (self.status, self.rows_accepted) == (self.before.status, self.before.rows_accepted)
        return same and not self.new_findings and not self.gone_findings

    def describe(self) -> str:
        """One line for a log or a screen."""
        before = self.before
        codes = [f"+{code} ({n})" for code, n in _count(self.new_findings)] + [
            f"-{code} ({n})" for code, n in _count(self.gone_findings)
        ]
        status = (
            before.status if before.status == self.status else f"{before.status} → {self.status}"
        )
        rows = (
            f"{before.rows_accepted}"
            if before.rows_accepted == self.rows_accepted
            else f"{before.rows_accepted} → {self.rows_accepted}"
        )
        return f"{before.path}: {status}; rows {rows}; {', '.join(codes) or 'the same findings'}"


def list_changes(raw: Path, warehouse: Path, selection: receiving.Selection) -> list[Change]:
    """Judge again, in a folder that is thrown away, what was judged by earlier rules.

    Writes nothing. Raises WarehouseError where there is no warehouse yet, FileNotFoundError where
    `raw` no longer has a file.
    """
    catalogue = load_catalogue()
    stale = standing_submissions(
        warehouse, {form.code: form.fingerprint for form in catalogue.values()}
    )
    files = {standing.received for standing in stale.values()}
    judged = {s: verdict for s, verdict in judged_submissions(warehouse).items() if s not in files}
    recognise = functools.partial(recognise_isolated, catalogue=catalogue)
    received = receiving.receive(raw, catalogue, known_zones(raw), judged, selection, recognise)
    received.new = [s for s in received.new if s.submission in files]
    _refuse_lost(raw, stale.values(), selection, {s.submission for s in received.new})
    changes = []
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        arrived = [
            FormBatch(catalogue[code], f)
            for code, f in receiving.hand_over(received, Path(folder)).items()
            if code in catalogue
        ]
        for batch in arrived:
            judge_batch(batch.form, batch.folder, raw, None, logging.getLogger(__name__))
        validating.compare_forms(arrived, warehouse, store=None, raw=raw)
        for batch in arrived:
            changes += _compare(batch, stale)
    return sorted(changes, key=lambda c: c.before.path)


def _refuse_lost(
    raw: Path, stale: Iterable[Standing], selection: receiving.Selection, there: set[str]
) -> None:
    """Raises FileNotFoundError for files that are gone from `raw` and from its archive: they cannot
    be judged again. `there` has the submissions that can.
    """
    lost = [
        s.path
        for s in stale
        if (not selection.zones or s.zone in selection.zones)
        and (not selection.periods or s.period in selection.periods)
        and (not selection.forms or s.form in selection.forms)
        and s.received not in there
    ]
    if lost:
        raise FileNotFoundError(
            f"{raw} 里已没有 {'、'.join(lost)}，请取回后再重审 · "
            f"{raw} no longer has {', '.join(lost)}; take the files back, "
            "they cannot be judged again without"
        )


def _compare(batch: FormBatch, stale: dict[str, Standing]) -> list[Change]:
    now: dict[str, list[Finding]] = {s.submission: [] for s in batch.submissions}
    for row in open_table(batch.folder / "finding.arrow").to_pylist():
        now[row["submission"]].append(Finding(**row))
    changes = []
    for row in open_table(batch.folder / "judged.arrow").to_pylist():
        before = stale.get(row["submission"])
        if before is None:  # a quarter of a history that was not read in it before
            continue
        was = {_place(f) for f in before.findings}
        is_ = {_place(f) for f in now[before.submission]}
        new_findings = tuple(f for f in now[before.submission] if _place(f) not in was)
        gone_findings = tuple(f for f in before.findings if _place(f) not in is_)
        changes.append(
            Change(before, row["status"], row["rows_accepted"], new_findings, gone_findings)
        )
    return changes


def _place(finding: Finding) -> tuple[object, ...]:
    """A finding by what it is about; new words for the same fault are no change."""
    names = {f.name for f in fields(Finding)} - {"explanation", "path", "heading", "value"}
    return tuple(
        getattr(finding, name) for name in sorted(names) if not name.endswith(("_zh", "_en"))
    )


def _count(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    codes = [f.code if f.outcome == "broken" else f"{f.code} unchecked" for f in findings]
    return sorted((code, codes.count(code)) for code in set(codes))
