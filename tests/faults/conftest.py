"""The office that faults are let loose on, made once a module."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.cases import Case, History, make_history


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory, forked_run: Callable[..., int]) -> History:
    return make_history(tmp_path_factory.mktemp("history"), forked_run)


@pytest.fixture
def begin(history: History, forked_run: Callable[..., int], tmp_path: Path) -> Callable[..., Case]:
    """`begin(place=None)`: a fresh case, in a folder of its own or on a disk that the test has made."""

    def make(place: Path | None = None) -> Case:
        office = place or tmp_path / "office"
        if place is None:
            shutil.rmtree(office, ignore_errors=True)  # of the case before
        shutil.copytree(history.before, office, dirs_exist_ok=True)
        return Case(office, history, forked_run)

    return make
