"""Noun: finished work, what a run that failed had already read and judged.

A batch's folder is named by what it was made of: its submissions, the form's declaration, the code
and the warehouse that it was judged beside. The next run takes over the folder of the same name,
and judges only what is left. A run that ends well leaves nothing: what it judged is in the
warehouse.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
from pathlib import Path

from flows.forms.form import Form

_MARK = "finished"
_CODE = Path(__file__).resolve().parent


@functools.cache
def _fingerprint_code() -> str:
    """Changes whenever the code or the SQL does: work of yesterday's rules is not today's."""
    digest = hashlib.sha256()
    for folder, pattern in (
        (_CODE, "*.py"),
        (_CODE.parent / "sql", "*.sql"),
        (_CODE.parent / "sql", "*.csv"),
    ):
        for path in sorted(folder.rglob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def key_of(folder: Path, form: Form | None, beside: str) -> str:
    """A name for a batch by its content; `beside` tells of the warehouse that it is judged beside."""
    digest = hashlib.sha256(
        f"{form.fingerprint if form else ''}|{beside}|{_fingerprint_code()}".encode()
    )
    for name in ("submissions.jsonl", "arrival.arrow"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:24]


def is_finished(folder: Path) -> bool:
    """Whether the work in a folder was brought to its end."""
    return (folder / _MARK).exists()


def mark_finished(folder: Path) -> None:
    """Say that the batch is read and judged by its form's rules; the last thing that is done to its
    folder.
    """
    (folder / _MARK).touch()


def branch_off(folder: Path, beside: Path) -> Path:
    """A second folder with the same files, linked where the disk can. What goes on there replaces
    files, and writes over none.
    """
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(folder, beside, copy_function=_link)
    return beside


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def clear_others(folder: Path, kept: set[str]) -> None:
    """Remove what belongs to no batch of this run."""
    for path in folder.iterdir() if folder.exists() else ():
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
