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
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import jinja2

from flows.forms.catalogue import load_catalogue
from flows.model.clock import in_beijing
from flows.reply.wording import EXPLAINED, GRADES, UNCHECKED

LEDGER = "receipts.jsonl"  # beside the replies: every receipt, a line each
_FIRST = "0" * 64  # what the first receipt has before it
_TEMPLATE = Path(__file__).resolve().parent / "receipt.html.jinja"
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

    @property
    def came(self) -> dt.datetime:
        """When it came, in Beijing time."""
        return in_beijing(self.facts.received_at)


def chain_receipts(con: duckdb.DuckDBPyConnection) -> list[Receipt]:
    """The receipt of every submission in the ledger, in the order of arrival."""
    counts = ", ".join(
        f"count(*) filter (where f.severity = '{grade}' and f.outcome = 'broken' "
        f"and f.explanation is null) as {grade}"
        for grade in ("reject", "quarantine", "query", "note")
    )
    rows = con.execute(f"""
        with counted as (
            select f.submission, {counts},
                count(*) filter (where f.explanation is not null) as {EXPLAINED},
                count(*) filter (where f.outcome = 'unchecked') as {UNCHECKED},
            from ledger.finding as f group by f.submission
        )
        select s.submission, s.sha256, s.bytes, s.path, s.form, s.zone, s.period, s.revision,
            coalesce(s.sender, ''), strftime(s.received_at, '%Y-%m-%dT%H:%M:%S+00:00'),
            s.status, s.rows_read, s.rows_accepted, s.rows_held,
            {", ".join(f"coalesce(c.{grade}, 0)" for grade in _COUNTED)}
        from ledger.submission as s left join counted as c on s.submission = c.submission
        order by s.received_at, s.path, s.submission
    """).fetchall()
    receipts: list[Receipt] = []
    previous = _FIRST
    for number, row in enumerate(rows, start=1):
        facts = Facts(*row[:10])
        digest = digest_of(facts, previous)
        findings = {grade: n for grade, n in zip(_COUNTED, row[14:], strict=True) if n}
        status, rows_read, accepted, held = row[10:14]
        receipts.append(
            Receipt(number, facts, previous, digest, status, rows_read, accepted, held, findings)
        )
        previous = digest
    return receipts


def digest_of(facts: Facts, previous: str) -> str:
    """SHA-256 over the digest before, a line feed, and the facts as JSON: keys in the order of
    `Facts`, no spaces, UTF-8.
    """
    line = json.dumps(asdict(facts), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def line_of(receipt: Receipt) -> str:
    """A receipt as a line of the chain, to be read by a program."""
    outcome = {
        "status": receipt.status,
        "rows_read": receipt.rows_read,
        "rows_accepted": receipt.rows_accepted,
        "rows_held": receipt.rows_held,
    }
    chain = {"number": receipt.number, "previous": receipt.previous, "digest": receipt.digest}
    line = chain | {
        "facts": asdict(receipt.facts),
        "outcome": outcome | {"findings": receipt.findings},
    }
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"))


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
    return _template().render(r=receipt, titles=titles, zone=zone, grades=GRADES)


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
