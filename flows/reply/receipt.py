"""The proof that a file was sent, when, and what became of it.

They stand in the order of arrival, each with the digest of the one before it, so that none can be
slipped in, taken out or altered without every later digest changing. The digest covers what was
received (bytes, path, form, zone, quarter, revision, sender, time) and not what was made of it,
which judging again may change; a warehouse rebuilt from `raw/` gives the same receipts, byte for
byte.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import jinja2

from flows.forms.catalogue import load_catalogue
from flows.model.clock import in_beijing
from flows.model.jinja_files import open_environment
from flows.reply.wording import EXPLAINED, GRADES, UNCHECKED

LEDGER = "receipts.jsonl"  # beside the replies: every receipt, a line each
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_FIRST = "0" * 64  # what the first receipt has before it
_TEMPLATE = Path(__file__).resolve().parent / "receipt.html.jinja"
# as a receipt counts findings: an explained one was explained by its sender or accepted by us
COUNTED = {
    grade: ("✓ 已说明或已同意", "Explained or accepted")
    if grade == EXPLAINED
    else (words.zh, words.en)
    for grade, words in GRADES.items()
}
_COUNTED = ("reject", "quarantine", "query", EXPLAINED, "note", UNCHECKED)


@dataclass(frozen=True)
class Facts:
    """What was received: the part of a receipt that never changes."""

    submission: str
    sha256: str
    bytes: int
    path: str
    form: str
    zone: str
    period: str
    revision: int
    sender: str
    received_at: str  # UTC


@dataclass(frozen=True)
class Standing:
    """Whether a submission's figures stand now, and if not, why: `kind` is one of `STANDINGS`."""

    kind: str
    other: str = ""  # the path of the one that stands, or who withdrew it
    detail: str = ""  # the edition whose figures it alters, or why it was withdrawn

    @property
    def words(self) -> tuple[str, str]:
        """In Chinese and English."""
        zh, en = STANDINGS[self.kind]
        given = {"other": self.other or "—", "detail": self.detail or "—"}
        return zh.format(**given), en.format(**given)


STANDINGS = {
    "stands": ("是，现行有效", "yes, its figures stand"),
    "waits": (
        "否，改动了发布版 {detail} 的数，待统计部门同意；现行的是 {other}",
        "no, it alters figures of edition {detail} and waits to be accepted; {other} stands",
    ),
    "withdrawn": (
        "否，已撤回（{detail}）；现行的是 {other}",
        "no, it was withdrawn ({detail}); {other} stands",
    ),
    "rejected": ("否，整份退回；现行的是 {other}", "no, it was rejected; {other} stands"),
    "superseded": ("否，已由 {other} 代替", "no, {other} took its place"),
    "none": ("否", "no"),
}


@dataclass(frozen=True)
class Receipt:
    """A receipt: what was received, its place in the chain, and what was made of it."""

    number: int
    facts: Facts
    previous: str
    digest: str
    status: str
    rows_read: int
    rows_accepted: int
    rows_held: int
    findings: dict[str, int]
    standing: Standing
    at_path: int = 1  # which of the contents that came at its path for this quarter
    of_path: int = 1  # how many these are

    @property
    def came(self) -> dt.datetime:
        """When it came, in Beijing time."""
        return in_beijing(self.facts.received_at)


def chain_receipts(con: duckdb.DuckDBPyConnection) -> list[Receipt]:
    """The receipt of every submission in the ledger, in the order of arrival."""
    counts = ", ".join(
        f"count(*) filter (where f.severity = '{grade}' and f.outcome = 'broken' "
        f"and not {'is_answered' if grade == 'query' else 'is_explained'}) as {grade}"
        for grade in ("reject", "quarantine", "query", "note")
    )
    rows = con.execute(f"""
        with told as (
            select f.submission, f.severity, f.outcome, f.explanation is not null as is_explained,
                -- by the sender, or by who accepted the submission as it is
                f.explanation is not null or (
                    f.severity = 'query' and f.outcome = 'broken' and a.submission is not null
                ) as is_answered
            from ledger.finding as f
            left join staging.acceptance as a on f.submission = a.submission
        ),

        counted as (
            select f.submission, {counts},
                count(*) filter (where f.is_answered) as {EXPLAINED},
                count(*) filter (where f.outcome = 'unchecked') as {UNCHECKED},
            from told as f group by f.submission
        )
        select s.submission, s.sha256, s.bytes, s.path, s.form, s.zone, s.period, s.revision,
            coalesce(s.sender, ''), strftime(s.received_at, '%Y-%m-%dT%H:%M:%S+00:00'),
            s.status, s.rows_read, s.rows_accepted, s.rows_held,
            case
                when w.submission is not null then 'withdrawn'
                when s.status = 'rejected' then 'rejected'
                when u.submission = s.submission then 'stands'
                when r.submission is not null then 'waits'
                when u.submission is not null then 'superseded'
                else 'none'
            end,
            coalesce(u.path, ''), coalesce(w.withdrawal_reason, r.edition, ''),
            row_number() over same_path, count(*) over (partition by s.path, s.form, s.period),
            {", ".join(f"coalesce(c.{grade}, 0)" for grade in _COUNTED)}
        from ledger.submission as s
        left join counted as c on s.submission = c.submission
        left join ledger.withdrawal as w on s.submission = w.submission
        left join staging.waiting_submission as r on s.submission = r.submission
        left join staging.current_submission as u
            on s.form = u.form and s.zone = u.zone and s.period = u.period
        window same_path as (
            partition by s.path, s.form, s.period order by s.received_at, s.submission
        )
        order by s.received_at, s.path, s.submission
    """).fetchall()
    receipts: list[Receipt] = []
    previous = _FIRST
    for number, row in enumerate(rows, start=1):
        facts = Facts(*row[:10])
        digest = digest_of(facts, previous)
        findings = {grade: n for grade, n in zip(_COUNTED, row[19:], strict=True) if n}
        status, rows_read, accepted, held = row[10:14]
        receipts.append(
            Receipt(
                number,
                facts,
                previous,
                digest,
                status,
                rows_read,
                accepted,
                held,
                findings,
                Standing(*row[14:17]),
                at_path=row[17],
                of_path=row[18],
            )
        )
        previous = digest
    return receipts


def digest_of(facts: Facts, previous: str) -> str:
    """SHA-256 over the digest before, a line feed, and the facts as JSON: keys in the order of
    `Facts`, no spaces, UTF-8.
    """
    line = _encode(vars(facts))  # of a hundred thousand: `asdict` takes as long as all the rest
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def line_of(receipt: Receipt) -> str:
    """A receipt as a line of the chain, to be read by a program."""
    outcome = {
        "status": receipt.status,
        "rows_read": receipt.rows_read,
        "rows_accepted": receipt.rows_accepted,
        "rows_held": receipt.rows_held,
        "standing": receipt.standing.kind,
    }
    chain = {"number": receipt.number, "previous": receipt.previous, "digest": receipt.digest}
    line = chain | {
        "facts": vars(receipt.facts),
        "outcome": outcome | {"findings": receipt.findings},
    }
    return _encode(line)


def find_break(lines: list[str]) -> int | None:
    """The number of the first line of a chain that does not follow from the one before it; None
    where all do.
    """
    previous = _FIRST
    for number, line in enumerate(lines, start=1):
        try:
            receipt = json.loads(line)
            follows = receipt["number"] == number and receipt["previous"] == previous
            if not follows or receipt["digest"] != digest_of(Facts(**receipt["facts"]), previous):
                return number
        except (ValueError, KeyError, TypeError):
            return number
        previous = receipt["digest"]
    return None


def render_receipt(receipt: Receipt, zone: str) -> str:
    """A receipt as one page that needs nothing beside itself, to be printed. `zone`: its name and
    code.
    """
    form = load_catalogue().get(receipt.facts.form)
    titles = (form.title.zh, form.title.en) if form else (receipt.facts.form, "")
    return _template().render(r=receipt, titles=titles, zone=zone, counted=COUNTED)


@functools.cache
def _template() -> jinja2.Template:
    return open_environment(_TEMPLATE.parent).get_template(_TEMPLATE.name)
