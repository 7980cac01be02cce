"""Noun: a fingerprint, which version of the rules a submission was judged by.

It covers a form's declaration and all that it is judged by besides: the rules of every form, the
rules across submissions that it is asked, and the reference tables that these read.
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
    """Of a form by the text of its declaration: 16 hexadecimal digits."""
    return hashlib.sha256((_shared_text() + _compared_by(code, kind) + text).encode()).hexdigest()[
        :16
    ]


def applies_to(forms: Sequence[str], code: str, kind: str) -> bool:
    """Whether a rule that names codes or kinds of forms is asked of a form."""
    return code in forms or kind in forms


@functools.cache
def _shared_text() -> str:
    """What every form is judged by as well: a change of it judges what was held once more."""
    files = (
        _FORMS_DIR / "_rules.toml",
        _FORMS_DIR / "_indicator.toml",
        *(_reference(name) for name in _OF_ALL),
    )
    return "".join(
        path.read_text(encoding="utf-8")
        for path in (*files, *sorted((SQL_DIR / "known").glob("*.sql")))
    )


@functools.cache
def _compared_by(code: str, kind: str) -> str:
    """The rules across submissions that a form is asked, with the reference tables that they read."""
    texts = []
    for path in sorted((SQL_DIR / "rules").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        named = re.search(r"^-- forms: (.+)$", text, re.M)
        if named and applies_to(re.findall(r"\w+", named[1]), code, kind):
            tables = sorted(set(re.findall(r"\bref\.(\w+)", text)) - set(_OF_ALL))
            texts += [text, *(_reference(table).read_text(encoding="utf-8") for table in tables)]
    return "".join(texts)


def _reference(table: str) -> Path:
    return SQL_DIR / "reference" / f"{table}.csv"
