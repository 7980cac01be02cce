"""Every kind of the vocabulary in at least five variations and four formats: the figure is right, or is asked about."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from flows.receive.step import describe_file
from tests.forms.conftest import Verdict, judge_together
from tests.ugly import kinds_of_cells, kinds_of_figures, kinds_of_words, kinds_of_words_beside
from tests.ugly.kinds import WORKBOOKS, Variation

MODULES = (kinds_of_cells, kinds_of_figures, kinds_of_words, kinds_of_words_beside)
KINDS = {kind: formats for module in MODULES for kind, formats in module.KINDS.items()}
VARIATIONS = list(itertools.chain.from_iterable(m.list_variations() for m in MODULES))


def test_each_kind_has_five_variations_in_each_format() -> None:
    count = Counter((v.kind, ext) for v in VARIATIONS for ext in v.formats)
    few = {
        (kind, ext): count[kind, ext]
        for kind, formats in KINDS.items()
        for ext in formats
        if count[kind, ext] < 5
    }
    assert few == {}
    assert {v.kind for v in VARIATIONS} == set(KINDS)
    assert len(KINDS) >= 60
    assert len({(v.kind, v.form, v.what) for v in VARIATIONS}) == len(VARIATIONS)


@pytest.mark.parametrize(
    "ext", ["csv", *(pytest.param(ext, marks=pytest.mark.torture) for ext in (*WORKBOOKS, "et"))]
)
def test_every_variation_is_right_or_asked_about(ext: str, tmp_path: Path) -> None:
    wrong = []
    for form in sorted({v.form for v in VARIATIONS}):
        cases = [v for v in VARIATIONS if ext in v.formats and v.form == form]
        verdicts = judge_cases(cases, form, ext, tmp_path / form) if cases else []
        for case, verdict in zip(cases, verdicts, strict=True):
            if problem := find_problem(case, verdict):
                wrong.append((case.kind, case.what, problem))
    assert not wrong, "\n".join(map(str, wrong))


def judge_cases(cases: list[Variation], form: str, ext: str, folder: Path) -> list[Verdict]:
    """The verdict on each; two changes may be one file."""
    paths = [folder / str(n) / f"{form}.{ext}" for n in range(len(cases))]
    submissions = []
    for case, path in zip(cases, paths, strict=True):
        path.parent.mkdir(parents=True)
        path.write_bytes(case.write(ext))
        submissions.append(describe_file(folder, path, form, "150571", case.period))
    different = {s.submission: s for s in submissions}
    verdicts = judge_together(
        load_catalogue()[form], list(different.values()), folder, folder / "work"
    )
    return [verdicts[different[s.submission].path] for s in submissions]


def find_problem(case: Variation, verdict: Verdict) -> str | None:
    """What is not as the variation says; None where all is."""
    asked = [(f.code, f.cell or "") for f in verdict.broken if f.severity != "note"]
    if case.right == "ask":
        if not asked:
            return "read in silence"
        is_there = any(re.fullmatch(case.places(), cell) for _, cell in asked)
        return None if is_there else f"asked about elsewhere than at {case.places()}: {asked}"
    if asked:
        return f"asked about without need: {asked}"
    expected = {k: tuple(v and Decimal(v) for v in pair) for k, pair in case.expected().items()}
    read = {r["indicator"]: (r["value"], r["growth_reported_pct"]) for r in verdict.accepted}
    return None if read == expected else f"read as {read}"
