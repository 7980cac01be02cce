"""The plan of a synthetic set: which sheet gets which error. Made before any sheet is.

Errors are kept apart so that each can be found: a sheet that is held whole has no other, an
indicator form has one, and what an error is to be measured against (the quarter before, a year
earlier) is left as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from flows.forms.form import Form
from flows.model.period import Period, parse_period
from flows.synthetic.file_errors import FILE_KINDS, LATE_FILE
from flows.synthetic.kinds import ErrorKind
from flows.synthetic.line_errors import LINE_KINDS
from flows.synthetic.row_errors import ROW_KINDS
from flows.synthetic.sheets import Sheet

Slot = tuple[str, str, str]  # zone, period, form

_USUAL_ROWS = 25  # of a ledger
_REVISED = (
    "agriculture",
    "logistics",
    "urban_works",
    "housing",
)  # forms of which a few are sent twice


@dataclass
class Plan:
    """What befalls which sheet."""

    slots: list[Slot]
    file: dict[Slot, ErrorKind] = field(default_factory=dict)
    line: dict[Slot, ErrorKind] = field(default_factory=dict)
    rows: dict[Slot, Counter[ErrorKind]] = field(default_factory=dict)
    revised: set[Slot] = field(default_factory=set)
    kept: set[Slot] = field(default_factory=set)  # compared with: they stay as they are

    def late(self, sheet: Sheet) -> bool:
        """Whether a sheet is to come late."""
        return self.file.get(slot_of(sheet)) is LATE_FILE

    def is_spoiled(self, sheet: Sheet) -> bool:
        """Whether a sheet is held whole, or is to be."""
        kind = self.file.get(slot_of(sheet))
        return bool(kind and kind.rejects)

    def is_free(self, slot: Slot) -> bool:
        """Nothing is planned for a sheet and nothing is compared with it."""
        return (
            slot not in self.kept
            and slot not in self.file
            and slot not in self.line
            and slot not in self.revised
        )

    def is_known(self, slot: Slot, after: str) -> bool:
        """Whether what an error would be measured against is there, and sound."""
        if not after:
            return True
        before = self.base_of(slot, after)
        return bool(before) and all(
            base in self._there
            and base not in self.line
            and not (base in self.file and self.file[base].rejects)
            for base in before
        )

    def base_of(self, slot: Slot, after: str) -> list[Slot]:
        """The sheets that an error is measured against."""
        zone, period, form = slot
        at = parse_period(period)
        if not after or (after == "quarter" and at.quarter == 1):
            return []
        return [(zone, str(at.year_earlier() if after == "year" else at.previous()), form)]

    def __post_init__(self) -> None:
        """Look-ups by slot."""
        self._there = set(self.slots)


def slot_of(sheet: Sheet) -> Slot:
    """The slot that a sheet fills."""
    return sheet.zone, sheet.period, sheet.form


def make_plan(
    rng: np.random.Generator,
    catalogue: Mapping[str, Form],
    zones: Iterable[str],
    periods: Sequence[Period],
    share: float,
    enterprises: int,
) -> Plan:
    """Allot errors to sheets: of each kind the share asked for, and one at least where there is
    room.
    """
    plan = Plan(
        [
            (zone, str(p), form.code)
            for zone in zones
            for p in periods
            for form in catalogue.values()
            if p.quarter in form.due
        ]
    )
    indicator = [slot for slot in plan.slots if catalogue[slot[2]].kind == "indicator"]
    if share > 0:
        _allot_files(rng, plan, round(share * len(plan.slots)))
        lines = sum(len(catalogue[form].indicators) for _, _, form in indicator)
        _allot_lines(rng, plan, indicator, round(share * lines))
        _allot_rows(
            rng,
            plan,
            [slot for slot in plan.slots if catalogue[slot[2]].kind == "register"],
            share,
            enterprises,
        )
    free = [slot for slot in indicator if slot[2] in _REVISED and plan.is_free(slot)]
    for slot in _draw(rng, free, len(plan.slots) // 100):
        plan.revised.add(slot)
    return plan


def _draw(rng: np.random.Generator, slots: Sequence[Slot], count: int) -> list[Slot]:
    """Some of the slots, none twice."""
    return [slots[n] for n in rng.permutation(len(slots))[:count]]


def _counts(kinds: Sequence[ErrorKind], total: int) -> list[tuple[ErrorKind, int]]:
    """How many of each kind, one at least. Those that need history come first: they have fewest
    places.
    """
    in_order = sorted(
        kinds, key=lambda k: ({"year": 0, "quarter": 1, "any": 2, "": 3}[k.after], -bool(k.forms))
    )
    return [
        (kind, max(1, total // len(kinds) + (n < total % len(kinds))))
        for n, kind in enumerate(in_order)
    ]


def _fits(plan: Plan, kind: ErrorKind, slot: Slot) -> bool:
    return (not kind.forms or slot[2] in kind.forms) and plan.is_known(slot, kind.after)


def _allot_files(rng: np.random.Generator, plan: Plan, total: int) -> None:
    last = max(period for _, period, _ in plan.slots)
    most = len(plan.slots) // 4
    for kind, count in _counts(FILE_KINDS, total):
        # the newest quarter stays whole of them, so that there is something to look at
        for slot in _draw(rng, [s for s in plan.slots if s[1] < last], len(plan.slots)):
            if count and len(plan.file) < most and plan.is_free(slot) and _fits(plan, kind, slot):
                plan.file[slot] = kind
                plan.kept.update(plan.base_of(slot, kind.after))
                count -= 1


def _allot_lines(rng: np.random.Generator, plan: Plan, slots: list[Slot], total: int) -> None:
    for kind, count in _counts(LINE_KINDS, total):
        for slot in _draw(rng, slots, len(slots)):
            lists = (slot[0], slot[1], "cultivation_pool") if kind.name == "list_length" else None
            if (
                count
                and plan.is_free(slot)
                and _fits(plan, kind, slot)
                and not (lists and not plan.is_free(lists))
            ):
                plan.line[slot] = kind
                plan.kept.update(plan.base_of(slot, kind.after) + ([lists] if lists else []))
                count -= 1


def _allot_rows(
    rng: np.random.Generator, plan: Plan, slots: list[Slot], share: float, enterprises: int
) -> None:
    """Kinds take turns; those that need history are put where it is sound, and their base is not
    held
    whole: it was allotted before.
    """
    room = {
        slot: _rows_of(slot, enterprises)
        for slot in slots
        if slot not in plan.file and slot not in plan.kept
    }
    total = round(share * sum(room.values()))
    left = {slot: max(1, int(rows * max(share, 0.05) * 2)) for slot, rows in room.items()}
    for kind, count in _counts(ROW_KINDS, total):
        fit = [slot for slot in room if _fits(plan, kind, slot)]
        while count and fit:
            weights = np.array([room[slot] for slot in fit], float)
            for slot, some in zip(
                fit, rng.multinomial(count, weights / weights.sum()), strict=True
            ):
                given = min(int(some), left[slot])
                if given:
                    plan.rows.setdefault(slot, Counter())[kind] += given
                    left[slot] -= given
                    count -= given
            fit = [slot for slot in fit if left[slot]]


def _rows_of(slot: Slot, enterprises: int) -> int:
    return enterprises if slot[2] == "enterprise_quarter" else _USUAL_ROWS
