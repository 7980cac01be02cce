"""The last run that failed is remembered until one ends well."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.warehouse.failure import last_failure, remember_failure


def test_a_failure_is_remembered_until_a_run_ends_well(tmp_path: Path) -> None:
    assert last_failure(tmp_path) is None
    with (
        pytest.raises(RuntimeError, match="the disk is full"),
        remember_failure(tmp_path, lambda: "quarterly · whatever is new"),
    ):
        raise RuntimeError("the disk is full\nin detail")
    failed = last_failure(tmp_path)
    assert failed is not None
    assert (failed.run, failed.problem) == (
        "quarterly · whatever is new",
        "RuntimeError: the disk is full",
    )
    with remember_failure(tmp_path, str):
        pass
    assert last_failure(tmp_path) is None


def test_what_cannot_be_read_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "failed_run.json").write_text("{")
    assert last_failure(tmp_path) is None
