"""Great Expectations in a process of its own: it is imported there, says the same, and ends with the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BESIDE = """
import os, sys, time
from pathlib import Path
import pyarrow as pa
from flows.forms.catalogue import load_catalogue
from flows.validate.checks import checks_of
from flows.validate import confirming as confirming_module
from flows.validate.confirming import ask, await_verdicts, begin_pages, confirming, put_pages

def main():
    store, asked = Path("work/gx"), sys.argv[1]
    checks = checks_of(load_catalogue()["gdp"])[:3]
    outcomes = pa.table({c.name: pa.array([1, 0, 2], pa.int8()) for c in checks})
    counts = {c.name: (1, 1) for c in checks}
    with confirming(store):
        ask(store, "gdp_rows", checks, outcomes, counts)
        assert "great_expectations" not in sys.modules, "we do not wait for its import"
        if asked == "killed":
            await_verdicts(store)
            confirming_module._BESIDE[store].call(time.sleep, 600)
            time.sleep(0.5)  # it is in the midst of that
            os.kill(os.getpid(), 9)
        begin_pages(store)
        await_verdicts(store)
        put_pages(store, Path("docs"))
        print(len(list(Path("docs").rglob("validations/**/*.html"))), "pages", flush=True)
        assert "great_expectations" not in sys.modules
        ask(store, "gdp_rows", checks, outcomes, {c.name: (1, 2) for c in checks})
        await_verdicts(store)

if __name__ == "__main__":
    main()
"""


def confirm(folder: Path, asked: str) -> subprocess.CompletedProcess[str]:
    path = folder / "beside.py"
    path.write_text(_BESIDE, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(path), asked],
        env={"PYTHONPATH": str(ROOT), "GX_ANALYTICS_ENABLED": "false", "PATH": ""},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_verdicts_are_awaited_and_a_disagreement_is_raised_in_the_run(tmp_path: Path) -> None:
    ended = confirm(tmp_path, "first the same rows, then others")
    assert (ended.returncode, ended.stdout) == (1, "1 pages\n")
    assert ended.stderr.count("Traceback") <= 2, "the process itself has nothing to complain of"
    assert "DisagreementError: gdp_rows" in ended.stderr


def test_the_process_ends_with_a_run_that_is_killed(tmp_path: Path) -> None:
    """At once, or it would write where the next run works. Its output is a pipe that it shares: `run`
    waits until nobody holds that any more."""
    assert confirm(tmp_path, "killed").returncode == -9
