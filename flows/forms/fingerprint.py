"""The fingerprint of a form: which version of its declaration and rules judged a submission.

It covers the form's own declaration, the rules of every form, the rules across submissions that
apply to the form, and the reference tables that these rules read.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from flows import SQL_DIR

_FORMS_DIR = Path(__file__).resolve().parent
_OF_ALL = ("unit", "zone", "industry")


def fingerprint_form(text: str, code: str, kind: str) -> str:
    """16 hexadecimal digits over the text of a form's declaration and every rule that applies."""
    everything = _shared_text() + _rules_across(code, kind) + text
    return hashlib.sha256(everything.encode()).hexdigest()[:16]


def applies_to(forms: Sequence[str], code: str, kind: str) -> bool:
    """Whether a rule applies to a form: `forms` names codes or kinds of forms."""
    return code in forms or kind in forms


@functools.cache
def _shared_text() -> str:
    """The declarations, tables and views that every form shares: a change reopens what is held."""
    files = (
        _FORMS_DIR / "_rules.toml",
        _FORMS_DIR / "_indicator.toml",
        *(_reference(name) for name in _OF_ALL),
    )
    return "".join(
        path.read_text(encoding="utf-8")
        for path in (*files, *sorted((SQL_DIR / "known").glob("*.sql")))
    )


def _rules_across(code: str, kind: str) -> str:
    """The rules across submissions that apply to a form, with the reference tables they read."""
    return "".join(text for forms, text in _rules() if applies_to(forms, code, kind))


@functools.cache
def _rules() -> list[tuple[list[str], str]]:
    """The forms and the text of each rule across submissions, with the tables that it reads."""
    rules = []
    for path in sorted((SQL_DIR / "rules").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        if named := re.search(r"^-- forms: (.+)$", text, re.M):
            tables = sorted(set(re.findall(r"\bref\.(\w+)", text)) - set(_OF_ALL))
            read = [_reference(table).read_text(encoding="utf-8") for table in tables]
            rules.append((re.findall(r"\w+", named[1]), "".join((text, *read))))
    return rules


def _reference(table: str) -> Path:
    return SQL_DIR / "reference" / f"{table}.csv"
