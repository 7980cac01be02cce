"""Whatever is sent, the readers answer with the product's own findings, in bounded time.

50,000 executions in the short form, 1,000,000 with `JIBAO_FUZZ_LONG`; `JIBAO_FUZZ_SEED` gives others. A file that was
found to end a reader otherwise is kept under `found/` and read in every `make test`.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from flows.read.isolation import CallLimits, Fault, call_isolated, open_pool
from tests.fuzz.mutating import (
    FACTOR,
    GRID,
    SEED,
    TARGETS,
    TEXT,
    mutated,
    read_all_ways,
    read_bytes,
    read_number,
)
from tests.kept import REPOSITORY

TEXTS = 3_000 * FACTOR  # each is read by every target
GRIDS = 800 * FACTOR
FILES = 1_500 * FACTOR
GUIDED = 5_000 * FACTOR  # texts besides, of atheris where it is installed
LIMITS = CallLimits(memory_bytes=3 << 30, seconds=60, cpu_seconds=60)
FOUND = Path(__file__).with_name("found")
KEPT_TEXTS = FOUND / "texts.txt"  # a Python literal a line


def many(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        derandomize=False,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
    )


def test_the_short_form_tries_50_000() -> None:
    assert TEXTS * len(TARGETS) + GRIDS + FILES >= 50_000 * FACTOR


@pytest.mark.torture
@hypothesis.seed(SEED)
@many(TEXTS)
@hypothesis.given(TEXT)
def test_numbers_periods_units_formats_titles_and_names(text: str) -> None:
    assert read_all_ways(text) == []


@pytest.mark.torture
def test_texts_that_coverage_leads_to() -> None:
    """atheris, where it is installed (`pip install atheris`): each text is read by every target."""
    pytest.importorskip("atheris", reason="an option: pip install atheris")
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz.guided",
            f"-atheris_runs={GUIDED}", f"-seed={SEED}", "-max_len=200", "-len_control=0",
        ],
        cwd=REPOSITORY, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, timeout=3600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {GUIDED} in" in done.stderr


@pytest.mark.torture
def test_headings_and_titles_in_a_sheet(tmp_path: Path) -> None:
    @hypothesis.seed(SEED)
    @many(GRIDS)
    @hypothesis.given(GRID)
    def read(rows: list[list[str]]) -> None:
        sink = io.StringIO()
        csv.writer(sink).writerows(rows)
        content = sink.getvalue().encode("utf-8", "surrogatepass")
        assert read_bytes("gdp.csv", content, tmp_path) == ""

    read()


@pytest.mark.torture
def test_files_of_every_kind_mutated(tmp_path: Path) -> None:
    """CSV, XLSX, XLS and ODS, in workers under limits, as a run reads them."""
    print(f"JIBAO_FUZZ_SEED={SEED}, files 0 to {FILES}")
    wrong: list[str] = []
    ended: list[str] = []  # their reader, which is a finding: FILE-CRASHED, FILE-LIMIT
    calls = [(n, tmp_path) for n in range(FILES)]
    with open_pool(LIMITS, workers=2) as pool:
        for (n, _), answer in zip(
            calls, call_isolated(pool, LIMITS, read_number, calls), strict=True
        ):
            if isinstance(answer, Fault):
                is_finding = answer.kind in ("crash", "memory_bytes")
                said = f"{n} ({mutated(n)[0]}): {answer.kind} {answer.detail}"
                (ended if is_finding else wrong).append(said)
            elif answer:
                wrong.append(answer)
    print(f"{FILES} files, {len(ended)} ended their reader: {ended[:20]}")
    assert wrong == []


def test_texts_that_were_found_before_are_answered_now() -> None:
    for line in KEPT_TEXTS.read_text(encoding="utf-8").splitlines():
        text = line.encode("ascii").decode("unicode_escape")
        assert read_all_ways(text) == [], line


@pytest.mark.torture
def test_files_that_were_found_before_are_findings_now(tmp_path: Path) -> None:
    """`endless_chain.xls`: a container whose chain of sectors never ends, now refused before the library reads it."""
    kept = [p for p in sorted(FOUND.iterdir()) if p != KEPT_TEXTS]
    calls = [(p.name, p.read_bytes(), tmp_path) for p in kept]
    with open_pool(LIMITS, workers=1) as pool:
        answers = list(call_isolated(pool, LIMITS, read_bytes, calls))
    for path, answer in zip(kept, answers, strict=True):
        is_finding = isinstance(answer, Fault) and answer.kind in ("crash", "memory_bytes")
        assert answer == "" or is_finding, (path.name, answer)
