"""A discrepancy: two things that should agree, and do not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Discrepancy:
    """What was checked, of what, and what is wrong with it, in zh and en. Without `is_fault` it is
    only to be known: the next run mends it, or a person did it.
    """

    check: str
    subject: str
    zh: str
    en: str
    is_fault: bool = True
