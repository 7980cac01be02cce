"""What the tests of the command line share: the command, a file to check, a small warehouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.warehouse.copies import swap_in
from flows.warehouse.ledger import note_finished


@pytest.fixture
def jibao() -> Callable[..., Result]:
    """`jibao("sql", "select 1")`: the command as a person types it; never with a stack trace."""

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(
            result.exception
        )
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., Path]:
    """`place(text)`: a file at 150571/2022Q3/gdp.csv, or where it is told."""

    def put(content: str | bytes, name: str = "150571/2022Q3/gdp.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


@pytest.fixture
def small(run_file: Path, tmp_path: Path) -> Path:
    """A folder with the small warehouse published in it."""
    folder = tmp_path / "warehouse"
    folder.mkdir()
    note_finished(run_file)
    swap_in(folder, run_file)
    return folder
