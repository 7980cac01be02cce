"""A submission: one file that a department sent for one form, zone and quarter.

Beside it stands what reading it gives: a `Block` says how one table on a sheet was read, a
`Reading` gathers a form's blocks, findings and explanations. The text itself is `text.arrow`, a row
for each row of data, every cell still text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flows.model.finding import Finding


@dataclass(frozen=True)
class Submission:
    """A file as it was sent. Its identity is its form, zone, period and bytes."""

    path: str  # relative to raw/
    form: str
    zone: str
    period: str
    revision: int
    sha256: str
    bytes: int
    sender: str = ""
    received_at: str = ""  # ISO 8601 with offset; when it came, not when it was loaded
    fingerprint: str = ""  # of the form's declaration it is judged by
    replacement: int = 0  # how many other contents had come under this very path before it
    content: str = ""  # the run's own copy of what was sent, in the folder of its form

    def content_path(self, raw: Path, folder: Path) -> Path:
        """Where to read what was sent: the run's own copy in the form's folder, where one was
        taken, else the file below `raw`.
        """
        return folder / self.content if self.content else raw / self.path

    @property
    def submission(self) -> str:
        """Its identity: 16 hexadecimal digits over form, zone, period and content."""
        parts = "|".join((self.form, self.zone, self.period, self.sha256))
        return hashlib.sha256(parts.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Heading:
    """Where a field of the form stands on the sheet, and what was printed over it."""

    letter: str
    text: str
    unit: str | None = None  # the unit of the figures below, from the heading or the unit line


@dataclass(frozen=True)
class Block:
    """One table on one sheet, and every decision taken to read it."""

    block: int
    submission: str
    sheet: str | None
    layout: str  # `long`, `wide` or `nbs_export`
    first_header_row: int
    header_row: int
    headings: dict[str, Heading]
    rows: int
    period: str
    period_column: str | None = None  # the one that was read where quarters stand side by side
    unit: str | None = None  # of the figures, where they share one
    unit_from: str | None = None  # `heading`, `unit line`, `unit column`, `row name` or `form`
    encoding: str | None = None
    delimiter: str | None = None
    unit_line: str | None = None
    notes: tuple[str, ...] = ()
    understood: dict[str, Any] = field(
        default_factory=dict
    )  # what titles and headings were read as


@dataclass(frozen=True)
class Explanation:
    """A sender's answer to one finding, in a return workbook that came back as this submission."""

    submission: str
    code: str
    sheet: str | None
    row_key: str | None
    column: str | None
    text: str
    given_by: str
    given_at: str  # when the submission came


@dataclass
class Reading:
    """What reading a form's submissions gave: blocks here, their rows in `text.arrow` beside it."""

    form: str
    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows_read: dict[str, int] = field(default_factory=dict)  # by submission, rejected ones included
    explanations: list[Explanation] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write the reading beside its rows."""
        (folder / "reading.json").write_text(
            json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8"
        )

    @classmethod
    def open(cls, folder: Path) -> Reading:
        """The reading that `save` wrote."""
        data = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
        return cls(
            form=data["form"],
            blocks=[_open_block(block) for block in data["blocks"]],
            findings=[Finding(**finding) for finding in data["findings"]],
            rows_read=data["rows_read"],
            explanations=[Explanation(**explanation) for explanation in data["explanations"]],
        )


def _open_block(data: dict[str, Any]) -> Block:
    headings = {name: Heading(**heading) for name, heading in data["headings"].items()}
    return Block(**(data | {"headings": headings, "notes": tuple(data["notes"])}))


def letter_of(index: int) -> str:
    """Column letters as a spreadsheet prints them: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters: str) -> int:
    """The column of one to three capital letters: A is 0, AA is 26; the inverse of `letter_of`.

    Raises ValueError for what is no column of a sheet.
    """
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise ValueError(f"“{letters}” is no column: they are named A to ZZZ")
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def save_submissions(submissions: Iterable[Submission], path: Path) -> None:
    """Write submissions as JSON lines, so that tasks pass a path."""
    path.write_text(
        "".join(json.dumps(asdict(s), ensure_ascii=False) + "\n" for s in submissions),
        encoding="utf-8",
    )


def open_submissions(path: Path) -> list[Submission]:
    """The submissions that `save_submissions` wrote."""
    return [
        Submission(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()
    ]
