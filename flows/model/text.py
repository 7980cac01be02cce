"""Text as people type it, made comparable."""

from __future__ import annotations

import re
import unicodedata


def clean(text: str) -> str:
    """Full-width to half-width, every space removed, dashes and commas made plain."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\s\u200b\ufeff]+", "", text)
    return re.sub(r"[—–−‐―]+", "-", text).replace("、", ",").replace("﹣", "-")


def say_range(low: float | None, high: float | None) -> str:
    """A range as a person writes it, open on one side perhaps."""
    if low is not None and high is not None:
        return f"{low:g} … {high:g}"
    return f"≥ {low:g}" if low is not None else f"≤ {high:g}" if high is not None else ""


def lines_of(text: str) -> list[str]:
    """The lines that a program wrote, one after each newline. `splitlines` cuts at other marks too
    (U+2028, U+0085), which a name or a cell may hold.
    """
    return text.removesuffix("\n").split("\n") if text else []


MOST_QUOTED = 500  # characters of a cell that a sentence quotes; the finding's `value` has them all


def cut_quote(text: str) -> str:
    """Text as a sentence may quote it: its beginning, where it is long."""
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"


def show_control(text: str, keep: str = "") -> str:
    r"""Text as a terminal or a log may show it: what would move the cursor, colour, hide or turn
    round what stands beside it is written out (`\x1b`, `\n`, `\u202e`), but for those of `keep`.
    """
    if text.isprintable():  # of plain text, as nearly all is
        return text
    return "".join(
        c if c in keep or unicodedata.category(c) not in _UNSEEN else _write_out(c) for c in text
    )


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, formats, halves, separators


def _write_out(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
