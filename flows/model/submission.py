"""A submission: one file that a department sent for one form, zone and quarter.

A file that brings a history (several quarters, each named in full) is a submission of each of its
quarters. Those that are not of the folder's own quarter are its parts: `part_of` names the file as
it was received, and they are known from when it was (decision 17).

Beside it stands what reading it gives: a `Block` says how one table on a sheet was read, a
`Reading` gathers a form's blocks, findings and explanations. The text itself is `text.arrow`, a row
for each row of data, every cell still text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from flows.model.finding import Finding
from flows.model.text import lines_of

# the folder of files whose quarters stand in their content alone, in the place of a period
HISTORY = "history"
_PARTS = "parts.jsonl"


@dataclass(frozen=True)
class Submission:
    """A file as it was sent. Its identity is its form, zone, period and bytes, and its path where
    another of the same has no place either.
    """

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
    part_of: str = ""  # of a part of a history: the identity of the file as it was received
    apart: str = ""  # its path, where something of the same bytes elsewhere has no place either
    # by quarter, the highest revision of the same form and zone that was received before this file;
    # quarters that were not revised before are left out
    revised: dict[str, int] = field(default_factory=dict, hash=False)

    def content_path(self, raw: Path, folder: Path) -> Path:
        """Where to read what was sent: the run's own copy in the form's folder, where one was
        taken, else the file below `raw`.
        """
        return folder / self.content if self.content else raw / self.path

    @property
    def submission(self) -> str:
        """Its identity: 16 hexadecimal digits over form, zone, period and content."""
        own = (self.form, self.zone, self.period, self.sha256, self.apart)
        parts = "|".join(own if self.apart else own[:-1])
        return hashlib.sha256(parts.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """Its path, with the quarter that is meant where the file has many."""
        return f"{self.path} {self.period}" if self.part_of else self.path

    @property
    def received(self) -> str:
        """The identity of the file as it was received, which its parts share."""
        return self.part_of or self.submission

    def part(self, period: str) -> Submission:
        """What the file is for another of its quarters: it takes its turn by receipt, above every
        revision that was received before it. For its own quarter it is itself.
        """
        if period == self.period:
            return self
        revision = self.revised.get(period, 1)
        return replace(self, period=period, revision=revision, part_of=self.submission)


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
    layout: str  # `long`, `wide`, `down` or `nbs_export`
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
        fields = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
        return cls(
            form=fields["form"],
            blocks=[_open_block(block) for block in fields["blocks"]],
            findings=[Finding(**finding) for finding in fields["findings"]],
            rows_read=fields["rows_read"],
            explanations=[Explanation(**explanation) for explanation in fields["explanations"]],
        )


def _open_block(fields: dict[str, Any]) -> Block:
    headings = {name: Heading(**heading) for name, heading in fields["headings"].items()}
    return Block(**(fields | {"headings": headings, "notes": tuple(fields["notes"])}))


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
        raise ValueError(f"没有“{letters}”列 · “{letters}” is no column: they are named A to ZZZ")
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
    lines = lines_of(path.read_text(encoding="utf-8"))
    return [Submission(**json.loads(line)) for line in lines]


def save_parts(parts: Iterable[Submission], folder: Path) -> None:
    """Write what files of several quarters are beside what they were received as; where there are
    none, no file is left.
    """
    listed = list(parts)
    (folder / _PARTS).unlink(missing_ok=True)
    if listed:
        save_submissions(listed, folder / _PARTS)


def with_parts(submissions: Iterable[Submission], folder: Path) -> list[Submission]:
    """Submissions with the parts that reading found in them, in their place; a file of no quarter
    of its own is there only as its parts.
    """
    path = folder / _PARTS
    parts: dict[str, list[Submission]] = {}
    for part in open_submissions(path) if path.exists() else []:
        parts.setdefault(part.part_of, []).append(part)
    listed: dict[str, Submission] = {}
    for submission in submissions:
        mine = parts.get(submission.submission, [])
        own = [submission] if submission.period != HISTORY or not mine else []
        listed |= {s.submission: s for s in (*own, *mine)}
    return list(listed.values())


def open_batch(folder: Path) -> list[Submission]:
    """The submissions of a form's folder, with the parts that reading found in them."""
    return with_parts(open_submissions(folder / "submissions.jsonl"), folder)


def restamp(finding: Finding, submission: Submission) -> Finding:
    """The same finding, of another quarter of the file."""
    return replace(finding, submission=submission.submission, period=submission.period)


def restamp_all(findings: Iterable[Finding], submissions: Iterable[Submission]) -> list[Finding]:
    """Findings on files as they were received, each on what the file was read as: a file of no
    quarter of its own has them on the first of its quarters.
    """
    listed = list(submissions)
    leads: dict[str, Submission] = {}
    for submission in listed:
        leads.setdefault(submission.received, submission)
    there = {submission.submission for submission in listed}
    return [f if f.submission in there else restamp(f, leads[f.submission]) for f in findings]
