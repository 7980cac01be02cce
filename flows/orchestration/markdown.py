"""Markdown that says what a file says, and obeys none of it: words of senders stay words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

# what begins a mark anywhere in a line: emphasis, a link, a tag, a code, a cell of a table
# (an underscore within a word marks nothing)
_MARKS = re.compile(r"[\\`*\[\]<>|~&@]|(?<![^\W_])_|_(?![^\W_])")
_ADDRESS = re.compile(r"://|\b(www)\.", re.I)  # renderers make a link of a bare address
_FIRST = re.compile(r"^(\s*)([#+=:-]|\d+(?=[.)]))")  # at the start of a line
_BREAKS = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+")


class Marked(str):
    """Markdown of ours, whose marks are meant."""


def plain(text: object) -> Marked:
    """Text on one line that is shown as it is; what is marked already stays so."""
    if isinstance(text, Marked):
        return text
    line = _MARKS.sub(r"\\\g<0>", _BREAKS.sub(" ", str(text)))
    return Marked(
        _ADDRESS.sub(lambda match: r"\:\/\/" if match[0] == "://" else rf"{match[1]}\.", line)
    )


def plain_item(text: object) -> Marked:
    """The same for the beginning of a line, where `# …` is no heading and `1. …` no list."""
    return Marked(_FIRST.sub(lambda match: f"{match[1]}{_unmark(match[2])}", plain(text)))


def _unmark(begin: str) -> str:
    return f"&#{ord(begin[0])};{begin[1:]}"


def code(text: object) -> Marked:
    """Text on one line as code: a name or a path. Its fence is longer than any within."""
    line = _BREAKS.sub(" ", str(text)).replace("|", "¦")  # in a table no fence holds a bar
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return Marked(f"{fence}{pad}{line}{pad}{fence}")


def block(text: str) -> Marked:
    """Text of several lines as code."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return Marked(f"{fence}\n{text}\n{fence}")


def tabulate(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    """A table; what its cells say is plain unless it is marked."""
    lines = [" | ".join(map(plain, row)) for row in rows]
    return "\n".join(
        [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *(f"| {line} |" for line in lines)]
    )


def tabulate_rows(rows: list[dict[str, Any]]) -> str:
    """Rows as a table under their own column names."""
    return tabulate(tuple(rows[0]), (tuple(row.values()) for row in rows)) if rows else ""
