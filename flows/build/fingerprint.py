"""The fingerprint of everything that views are made of; a run with nothing new asks for no more."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from flows import PACKAGE_DIR, SQL_DIR
from flows.forms.form import Form
from flows.forms.release_calendar import CALENDAR
from flows.model.zone import fingerprint_zones
from flows.warehouse.sql_file import QUESTIONS

# what decides how views look, beside the SQL: a change of any makes them anew
_MAKERS = (
    "build/fingerprint.py",
    "build/stand_in.py",
    "build/step.py",
    "build/as_of.py",
    "build/catalogue_tables.py",
    "build/comments.py",
    "forms/release_calendar.py",
    "warehouse/sql_file.py",
    "warehouse/version.py",
)


def fingerprint(catalogue: Mapping[str, Form], raw: Path | None = None) -> str:
    """Changes whenever the SQL, the reference tables, the office's own zones, a form's declaration
    or the making of views changes.
    """
    digest = hashlib.sha256(fingerprint_zones(raw).encode())
    for module in _MAKERS:
        digest.update((PACKAGE_DIR / module).read_bytes())
    for path in sorted(SQL_DIR.rglob("*.*")):
        if path.parent.name == QUESTIONS:  # which are asked of views, and no part of any
            continue
        digest.update(path.name.encode() + path.read_bytes())
    for form in catalogue.values():
        digest.update(form.fingerprint.encode())
    digest.update(CALENDAR.read_bytes())
    return digest.hexdigest()[:16]
