"""Every kind of the vocabulary in at least five variations and four formats: the figure is right, or is asked about."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from flows.forms.catalogue import load_catalogue
from flows.receive.step import describe_file
from tests.forms.conftest import Verdict, judge_together
from tests.ugly.kinds import EVERYWHERE, RIGHT, WORKBOOKS, Variation, list_variations

VARIATIONS = list(list_variations())
OF_WORKBOOKS = {
    "percent cells",
    "formats that scale or reword",
    "merged, hidden and struck cells",
    "headers and footers of pages",
}
OF_TEXT = {"rows of a text file"}
FIGURES = tuple[Decimal | None, Decimal | None]


def test_each_kind_has_five_variations_in_each_format() -> None:
    count = Counter((v.kind, ext) for v in VARIATIONS for ext in v.formats)
    kinds = {v.kind for v in VARIATIONS}
    assert len(kinds) >= 12
    for kind in kinds:
        formats = WORKBOOKS if kind in OF_WORKBOOKS else ("csv",) if kind in OF_TEXT else EVERYWHERE
        assert all(count[kind, ext] >= 5 for ext in formats), (kind, count)
    assert len({(v.kind, v.what) for v in VARIATIONS}) == len(VARIATIONS) >= 150


@pytest.mark.parametrize(
    "ext", ["csv", *(pytest.param(ext, marks=pytest.mark.torture) for ext in WORKBOOKS)]
)
def test_every_variation_is_right_or_asked_about(ext: str, tmp_path: Path) -> None:
    form = load_catalogue()["main_indicators"]
    cases = [v for v in VARIATIONS if ext in v.formats]
    submissions = {}
    for n, case in enumerate(cases):
        path = tmp_path / str(n) / f"main_indicators.{ext}"
        path.parent.mkdir()
        path.write_bytes(case.write(ext))
        submissions[n] = describe_file(tmp_path, path, form.code, "150571", case.period)
    different = {s.submission: s for s in submissions.values()}  # two changes may be one file
    verdicts = judge_together(form, list(different.values()), tmp_path, tmp_path / "work")
    wrong = []
    for n, case in enumerate(cases):
        verdict = verdicts[different[submissions[n].submission].path]
        if problem := find_problem(case, verdict):
            wrong.append((case.kind, case.what, problem))
    assert not wrong, "\n".join(map(str, wrong))


def find_problem(case: Variation, verdict: Verdict) -> str | None:
    """What is not as the variation says; None where all is."""
    asked = [(f.code, f.cell) for f in verdict.broken if f.severity != "note"]
    if case.right == "ask":
        return None if asked else "read in silence"
    if asked:
        return f"asked about without need: {asked}"
    expected = {k: tuple(v and Decimal(v) for v in pair) for k, pair in RIGHT.items()}
    if isinstance(case.right, tuple):
        expected["retail_sales"] = tuple(v and Decimal(v) for v in case.right)
    read = {r["indicator"]: (r["value"], r["growth_reported_pct"]) for r in verdict.accepted}
    return None if read == expected else f"read as {read}"
