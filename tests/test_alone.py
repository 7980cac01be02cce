"""The suite sees nothing of the clone that it stands in: neither its `warehouse/` nor the order of its modules."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kept import REPOSITORY


def test_a_test_works_in_a_folder_of_its_own(tmp_path: Path) -> None:
    assert Path.cwd() == tmp_path
    assert not list(tmp_path.iterdir())


@pytest.mark.torture
def test_a_poisoned_warehouse_beside_the_suite_changes_nothing(tmp_path: Path) -> None:
    """As after `make run`, and worse: a warehouse that is no database, and files in `raw/` that are none."""
    for name in ("flows", "sql", "tests", "docs", "pyproject.toml", "prefect.yaml"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    for name in ("warehouse/jibao.duckdb", "raw/150571/2022Q3/gdp.csv", "raw/manifest.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"poison" * 1000)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "JIBAO_"))}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "tests/cli/test_cli.py",
            "-k",
            "sound_file or same_finding or validate_writes_nothing",
        ],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
    assert sorted(p.name for p in (tmp_path / "warehouse").iterdir()) == ["jibao.duckdb"]
