"""An explanation: what a sender answers to a finding that asks for one.

In: the list of findings of a return workbook that came back as the next submission, or a line
`修订原因：…` above or below the figures of any file. Out: an `Explanation` for each finding that
was answered, and findings about answers that cannot be kept. An explanation answers the same
finding (rule, row and column) of the submission it came with, and only where that finding asks for
one: what has to be corrected is not explained away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import pyarrow as pa

from flows.model.finding import Finding, Severity
from flows.model.reason import LONG_ENOUGH, length_of
from flows.model.submission import Explanation, Submission, letter_of
from flows.read.grid import Grid
from flows.read.sheet_marks import EXTRACT, FINDINGS, find_mark

HEADING, NAME_LABEL = (
    "您的说明",
    "说明人",
)  # how the column of explanations and the line for a name begin
_CHUNK = 30_000  # characters of a key in one cell; a cell holds 32,767
_REVISION = "REVISION-REASON"  # the rule that a line of a revision's reason answers
_REASON = re.compile(
    r"^[\s（(]*(?:注\s*[:：]\s*)?(?:修订原因|修订说明|reason (?:of|for) (?:the )?revision)"
    r"\s*[:：]\s*(?P<text>.*?)[\s）)]*$",
    re.I,
)
_NOTHING = re.compile(r"[\s—–\-/…]*")  # a cell that was shut, or crossed out

MakeFinding = Callable[..., Finding]  # `make_finding` with the submission filled in


@dataclass(frozen=True)
class Key:
    """Which findings a line of the list is about, as its hidden cells carry it there and back."""

    code: str
    severity: str
    column: str | None
    sheet: str | None
    row_keys: tuple[str | None, ...]

    @classmethod
    def of(cls, findings: list[Finding]) -> Key:
        """The key of a line that lists these findings."""
        first = findings[0]
        grade = first.severity if first.outcome == "broken" else first.outcome
        return cls(
            first.code,
            grade,
            first.column,
            first.sheet,
            tuple(dict.fromkeys(f.row_key for f in findings)),
        )

    def write(self) -> list[str]:
        """The key as the texts of one or more cells."""
        key_text = json.dumps(
            [self.code, self.severity, self.column, self.sheet, *self.row_keys], ensure_ascii=False
        )
        return [key_text[start : start + _CHUNK] for start in range(0, len(key_text), _CHUNK)]

    @classmethod
    def read(cls, cells: list[str | None]) -> Key | None:
        """The key that `write` wrote; None where the cells hold none any more."""
        try:
            code, severity, column, sheet, *row_keys = json.loads(
                "".join(cell or "" for cell in cells)
            )
        except ValueError:
            return None
        return cls(code, severity, column, sheet, tuple(row_keys))


def set_aside(
    grids: list[Grid], submission: Submission, make: MakeFinding
) -> tuple[list[Grid], list[Explanation], list[Finding]]:
    """The sender's own sheets; what the others, ours, say; and what is wrong with it."""
    kinds = [(grid, find_mark(grid)) for grid in grids]
    own = [grid for grid, mark in kinds if mark is None]
    explanations: list[Explanation] = []
    findings: list[Finding] = []
    for grid, mark in kinds:
        if mark is not None and mark[0] == FINDINGS:
            given, problems = _read_list(grid, mark[1], mark[2], submission, make)
            explanations += given
            findings += problems
    if any(mark is not None and mark[0] == EXTRACT for _, mark in kinds) or (kinds and not own):
        findings.append(make("EXPLANATION-ALONE"))
    return own, explanations, findings


def find_reason(
    grids: list[Grid], submission: Submission, make: MakeFinding
) -> tuple[list[Explanation], list[Finding]]:
    """The reason of the revision where the file itself says it, and what is wrong with it."""
    for grid in grids:
        for number, cells in enumerate(grid.head, start=1):
            for index, cell in enumerate(cells):
                if not (cell and (match := _REASON.match(cell))):
                    continue
                text = match["text"]
                if length_of(text) < LONG_ENOUGH:
                    place = {"sheet": grid.sheet, "row": number, "letter": letter_of(index)}
                    short = make(
                        "EXPLANATION-SHORT",
                        length=length_of(text),
                        least=LONG_ENOUGH,
                        entry=_REVISION,
                        value=cell,
                        **place,
                    )
                    return [], [short]
                return [_explain_revision(submission, text)], []
    return [], []


def _explain_revision(submission: Submission, text: str) -> Explanation:
    return Explanation(
        submission.submission,
        _REVISION,
        None,
        None,
        None,
        text,
        submission.sender,
        submission.received_at,
    )


def _read_list(
    grid: Grid, heading_row: int, key_column: int, submission: Submission, make: MakeFinding
) -> tuple[list[Explanation], list[Finding]]:
    """The answers on one list of findings, and what is wrong with them."""
    answers_at = next(
        (n for n, cell in enumerate(grid.head[heading_row]) if cell and cell.startswith(HEADING)),
        None,
    )
    if answers_at is None:
        return [], []
    given_by = _find_name(grid, heading_row) or submission.sender
    explanations: list[Explanation] = []
    findings: list[Finding] = []
    for number, text, key in _answers(grid, heading_row, answers_at, key_column):
        place = {
            "sheet": grid.sheet,
            "row": number,
            "letter": letter_of(answers_at),
            "value": text,
        }
        if problem := _problem_of(text, key):
            findings.append(
                make(
                    problem,
                    length=length_of(text),
                    least=LONG_ENOUGH,
                    entry=_entry_of(key),
                    **place,
                )
            )
        elif key is not None:
            explanations += [
                Explanation(
                    submission.submission,
                    key.code,
                    key.sheet,
                    row_key,
                    key.column,
                    text,
                    given_by,
                    submission.received_at,
                )
                for row_key in key.row_keys
            ]
    if explanations and not given_by:
        findings.append(make("EXPLANATION-UNNAMED", sheet=grid.sheet))
    return explanations, findings


def _answers(
    grid: Grid, heading_row: int, answers_at: int, key_column: int
) -> Iterator[tuple[int, str, Key | None]]:
    """Row number, text and key of each line that was answered."""
    body = grid.table.slice(heading_row + 1)
    for number, text in enumerate(body.column(str(answers_at)).to_pylist(), start=heading_row + 2):
        if text and not _NOTHING.fullmatch(text):
            cells = [
                grid.table.column(str(n))[number - 1].as_py()
                for n in range(key_column, grid.table.num_columns)
            ]
            yield number, text, Key.read(cells)


def _problem_of(text: str, key: Key | None) -> str | None:
    """The rule that an answer breaks."""
    if key is None:
        return "EXPLANATION-LOST"
    if key.severity in (Severity.REJECT, Severity.QUARANTINE):
        return "EXPLANATION-HARD"
    return "EXPLANATION-SHORT" if length_of(text) < LONG_ENOUGH else None


def _entry_of(key: Key | None) -> str:
    """The finding that an answer is to: its rule, and the rows it is about."""
    if key is None:
        return ""
    return " ".join([key.code, "、".join(k for k in key.row_keys[:3] if k)]).strip()


def _find_name(grid: Grid, heading_row: int) -> str:
    """The name on the line that asks for one: the next cell that holds anything."""
    for row in grid.head[:heading_row]:
        for column, cell in enumerate(row):
            if cell and cell.startswith(NAME_LABEL):
                return next(
                    (c for c in row[column + 1 : column + 4] if c and not _NOTHING.fullmatch(c)), ""
                )
    return ""


def tabulate_explanations(explanations: list[Explanation]) -> pa.Table:
    """Explanations as an Arrow table, one a finding: of two to the same finding, the first."""
    rows = list(
        {(e.submission, e.code, e.row_key, e.column): e for e in reversed(explanations)}.values()
    )[::-1]
    return pa.table(
        {
            f.name: pa.array([getattr(row, f.name) for row in rows], pa.string())
            for f in fields(Explanation)
        }
    )
