"""Flow: revalidate. Today's rules over what was judged by earlier ones: what would change, and
nothing
changed.

In: the ledger and `raw/`, which keeps every file as it was sent. Out: a `Change` for each
    submission that
an earlier version of its form's rules judged. The version of the rules is the form's fingerprint
(`ledger.submission.form_fingerprint`). With `apply`, the quarterly flow judges these submissions
again and
replaces what it had loaded of them. A run that finds nothing to change says so in the state it ends
in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import cast

from prefect import State, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.states import Completed

from flows.forms.catalogue import load_catalogue
from flows.model.arrow_files import open_table
from flows.model.finding import Finding
from flows.model.submission import open_submissions
from flows.model.zone import known_zones
from flows.orchestration import artifacts as artifacts
from flows.orchestration.parameters import FormCode, PeriodCode, ZoneCode
from flows.orchestration.summary import NOTHING_NEW
from flows.quarterly import choose, quarterly
from flows.read import step as reading
from flows.receive import step as receiving
from flows.validate import step as validating
from flows.validate.batch import FormBatch
from flows.warehouse.ledger import Standing, judged_submissions, standing_submissions

WOULD_CHANGE = "Would change"


@dataclass(frozen=True)
class Change:
    """What today's rules make of a submission that earlier ones judged."""

    before: Standing
    status: str
    rows_accepted: int
    found: tuple[Finding, ...]  # new findings
    gone: tuple[Finding, ...]  # findings that are no more

    @property
    def is_none(self) -> bool:
        """Whether today's rules say the same."""
        same = (self.status, self.rows_accepted) == (self.before.status, self.before.rows_accepted)
        return same and not self.found and not self.gone

    def describe(self) -> str:
        """One line for a log or a screen."""
        before = self.before
        codes = [f"+{code} ({n})" for code, n in _count(self.found)] + [
            f"-{code} ({n})" for code, n in _count(self.gone)
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


@flow(
    name="revalidate",
    flow_run_name="revalidate {warehouse}",
    validate_parameters=True,
    timeout_seconds=6 * 3600,
    on_failure=[artifacts.explain_failure],
    on_crashed=[artifacts.explain_failure],
)
def revalidate(
    raw: Path = Path("raw"),
    warehouse: Path = Path("warehouse"),
    zones: list[ZoneCode] | None = None,
    periods: list[PeriodCode] | None = None,
    forms: list[FormCode] | None = None,
    apply: bool = False,
) -> list[str]:
    """List what today's rules would change, a line for each submission; with `apply`, judge them
    again.

    Args:
        raw: 报送文件所在的文件夹 · the folder of submissions, where each file still is as it was
            sent
        warehouse: 数据仓库文件夹 · the folder of everything derived
        zones: 只看这些地区，不选即全部 · look at these zones only; all where none are chosen
        periods: 只看这些季度，如 2022Q3，不填即全部 · look at these quarters only, e.g. 2022Q3; all
            where none are given
        forms: 只看这些报表，不选即全部 · look at these forms only; all where none are chosen
        apply: 按现行规则重新审核并入库；不选则只列出 · judge them again and load them; otherwise
            only list them


    """
    changes = list_changes(raw, warehouse, choose(zones, periods, forms, raw))
    lines = [change.describe() for change in changes]
    for line in lines:
        get_run_logger().info(line)
    told = _show(changes)
    name = NOTHING_NEW if all(change.is_none for change in changes) else WOULD_CHANGE
    if apply and changes:
        summary = quarterly(
            raw=raw, warehouse=warehouse, again=[c.before.submission for c in changes]
        )
        name, told = summary.outcome, summary.describe()
    state: State[list[str]] = Completed(name=name, message=told, data=lines)
    return cast(list[str], state)


def _show(changes: list[Change]) -> str:
    """The list as an artifact; says in a line what is in it."""
    other = [change for change in changes if not change.is_none]
    told = f"{len(changes)} submissions were judged by earlier rules; today's say otherwise of {len(other)}"
    parts = [
        "# 复审 · Revalidation",
        f"{len(changes)} 份报送由以前的规则审核；按现行规则有 {len(other)} 份不同 · {told}",
        *(
            f"## {heading}\n\n" + "\n".join(f"- {change.describe()}" for change in group)
            for heading, group in (
                ("不同 · Otherwise", other),
                ("相同 · The same", [c for c in changes if c.is_none]),
            )
            if group
        ),
    ]
    with artifacts.spared("the list"):
        create_markdown_artifact("\n\n".join(parts), key="revalidation", description=told)
    return told


def list_changes(raw: Path, warehouse: Path, selection: receiving.Selection) -> list[Change]:
    """Judge again, in a folder that is thrown away, what was judged by earlier rules. Writes
    nothing.

    Raises WarehouseError where there is no warehouse yet, FileNotFoundError where `raw` no longer
    has a file.
    """
    catalogue = load_catalogue()
    stale = standing_submissions(
        warehouse, {form.code: form.fingerprint for form in catalogue.values()}
    )
    judged = {s: verdict for s, verdict in judged_submissions(warehouse).items() if s not in stale}
    received = receiving.receive(raw, catalogue, known_zones(raw), judged, selection)
    received.new = [s for s in received.new if s.submission in stale]
    _refuse_lost(raw, stale.values(), selection)
    changes = []
    with tempfile.TemporaryDirectory(prefix="jibao-") as folder:
        arrived = [
            FormBatch(catalogue[code], f)
            for code, f in receiving.hand_over(received, Path(folder)).items()
            if code in catalogue
        ]
        for batch in arrived:
            reading.read_form(batch.form, batch.submissions, raw, batch.folder)
            arrival = open_table(batch.folder / "arrival.arrow")
            validating.validate_form(
                batch.form,
                open_submissions(batch.folder / "submissions.jsonl"),
                arrival,
                batch.folder,
                store=None,
            )
        validating.compare_forms(arrived, warehouse, store=None, raw=raw)
        for batch in arrived:
            changes += _compare(batch, stale)
    return sorted(changes, key=lambda c: c.before.path)


def _refuse_lost(raw: Path, stale: Iterable[Standing], selection: receiving.Selection) -> None:
    """A file that is gone cannot be judged again; better to say so than to leave it out in silence."""
    asked = (
        s for s in stale
        if (not selection.zones or s.zone in selection.zones)
        and (not selection.periods or s.period in selection.periods)
        and (not selection.forms or s.form in selection.forms)
    )  # fmt: skip
    lost = [s.path for s in asked if not (raw / s.path).is_file()]
    if lost:
        raise FileNotFoundError(
            f"{raw} no longer has {', '.join(lost)}; take the files back, they cannot be judged again without"
        )


def _compare(batch: FormBatch, stale: dict[str, Standing]) -> list[Change]:
    now: dict[str, list[Finding]] = {s.submission: [] for s in batch.submissions}
    for row in open_table(batch.folder / "finding.arrow").to_pylist():
        now[row["submission"]].append(Finding(**row))
    changes = []
    for row in open_table(batch.folder / "judged.arrow").to_pylist():
        before = stale[row["submission"]]
        was = {_place(f) for f in before.findings}
        is_ = {_place(f) for f in now[before.submission]}
        found = tuple(f for f in now[before.submission] if _place(f) not in was)
        gone = tuple(f for f in before.findings if _place(f) not in is_)
        changes.append(Change(before, row["status"], row["rows_accepted"], found, gone))
    return changes


def _place(finding: Finding) -> tuple[object, ...]:
    """A finding by what it is about; new words for the same fault are no change."""
    told = {f.name for f in fields(Finding)} - {"explanation", "path", "heading", "value"}
    return tuple(
        getattr(finding, name) for name in sorted(told) if not name.endswith(("_zh", "_en"))
    )


def _count(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    codes = [f.code if f.outcome == "broken" else f"{f.code} unchecked" for f in findings]
    return sorted((code, codes.count(code)) for code in set(codes))
