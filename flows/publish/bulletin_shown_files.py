"""What a proof for the public says of files: their paths, when they came and how they were judged,
and no digest of theirs.

A file may hold figures that are withheld beside those that are shown. Whoever knows all of it but
one figure tries every value until the digest fits: so neither the digest nor the name of the
submission, which is made of it, is in what is for the public.
"""

from __future__ import annotations

import functools
from typing import Any

from flows.publish.bulletin_rows import Row

_DIGEST = "sha256"


def without_digests(proof: Row) -> Row:
    """The same proof, in which a submission is a number, and no digest of what was sent or frozen
    stands.
    """
    numbers = _number_submissions(proof)
    files = [(numbers[s], _without_digest(file)) for s, file in proof["files"].items()]
    return proof | {
        "edition": _without_digest(proof["edition"] or {}) or None,
        "rows": [row | {"file": numbers[row["file"]]} for row in proof["rows"]],
        "files": dict(sorted(files, key=lambda pair: int(pair[0]))),
        "tables": {name: _renumber(table, numbers) for name, table in proof["tables"].items()},
    }


def _without_digest(described: Row) -> Row:
    return {name: value for name, value in described.items() if name != _DIGEST}


def _number_submissions(proof: Row) -> dict[str, str]:
    """A number for each: first those that the page's numbers rest on, in the order of the page."""
    order = dict.fromkeys(row["file"] for row in proof["rows"])
    for table in proof["tables"].values():
        at = _columns_of(table)[0]
        for row in sorted(table["rows"], key=functools.partial(_blank, at)):
            order.update(dict.fromkeys(row[i] for i in at if row[i]))
    return {submission: str(number) for number, submission in enumerate(order, start=1)}


def _columns_of(table: Row) -> tuple[list[int], list[int]]:
    """Where a table names submissions, and where it has digests."""
    names = [name for name, _ in table["columns"]]
    places = range(len(names))
    return (
        [i for i in places if names[i] == "submission"],
        [i for i in places if names[i] == _DIGEST],
    )


def _blank(at: list[int], row: list[Any]) -> list[str]:
    return ["" if i in at else str(value) for i, value in enumerate(row)]


def _renumber(table: Row, numbers: dict[str, str]) -> Row:
    """The table with its rows in an order that tells nothing of digests either."""
    submissions, digests = _columns_of(table)
    rows = [
        [
            None if i in digests else numbers[value] if i in submissions and value else value
            for i, value in enumerate(row)
        ]
        for row in table["rows"]
    ]
    return {"columns": table["columns"], "rows": sorted(rows, key=functools.partial(_blank, []))}
