"""A finding: what is wrong, where it stands, and how the sender mends it.

One type and one table (`ledger.finding`) serve the sender's return workbook, the operator's
summary and the analyst's SQL. docs/methodology.md#severity says what each severity holds back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

import pyarrow as pa


class Severity(StrEnum):
    """What a broken rule holds back."""

    REJECT = "reject"  # the whole submission
    QUARANTINE = "quarantine"  # this row
    QUERY = "query"  # nothing; the sender has to explain
    NOTE = "note"  # nothing


class Stage(StrEnum):
    """The stages of validation, in order: a later one sees only what an earlier one let through."""

    FILE = "file"
    LAYOUT = "layout"
    VALUE = "value"
    RECORD = "record"
    FORM = "form"
    CROSS = "cross"
    HISTORY = "history"


class Status(StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken (or unchecked) rule at one place of one submission. Words come in zh and en."""

    submission: str
    path: str
    form: str
    zone: str
    period: str
    code: str
    severity: str
    stage: str
    outcome: str = "broken"
    sheet: str | None = None
    row: int | None = None
    cell: str | None = None
    further_cells: str | None = None  # what else it is about: B3, C3, 'Sheet2'!B4
    column: str | None = None
    heading: str | None = None
    row_key: str | None = None
    value: str | None = None
    message_zh: str = ""
    message_en: str = ""
    rule_zh: str = ""
    rule_en: str = ""
    mend_zh: str = ""
    mend_en: str = ""
    explanation: str | None = None  # what the sender answered, where the finding asks for it

    def __hash__(self) -> int:
        """By what tells findings apart nearly always: of a register there are ten thousands."""
        return hash((self.submission, self.code, self.row, self.cell))


Influence = Mapping[Finding, float]  # in percentage points, of those findings that have one

FINDING_SCHEMA = pa.schema(
    [pa.field(f.name, pa.int32() if f.name == "row" else pa.string()) for f in fields(Finding)]
)


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """Findings as an Arrow table in the column order of `Finding`."""
    rows = list(findings)
    return pa.table(
        {name: [getattr(row, name) for row in rows] for name in FINDING_SCHEMA.names},
        schema=FINDING_SCHEMA,
    )


def list_findings(table: pa.Table) -> list[Finding]:
    """The findings of such a table."""
    columns = table.select(FINDING_SCHEMA.names).columns
    return list(map(Finding, *(column.to_pylist() for column in columns)))


def status_of(severities: Iterable[str], rows_accepted: int) -> Status:
    """The status of a submission, from the severities of its broken rules and its rows accepted."""
    broken = set(severities)
    if Severity.REJECT in broken or rows_accepted == 0:
        return Status.REJECTED
    return Status.PARTIAL if Severity.QUARANTINE in broken else Status.ACCEPTED
