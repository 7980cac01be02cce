"""What a command imports: seconds depend on the machine, modules do not."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = {"prefect", "great_expectations", "statsmodels", "openpyxl", "jinja2"}
# DuckDB imports pandas where a query has a parameter or reads an Arrow table
FRAMES = {"pandas", "numpy", "pyarrow"}
_IMPORTED = """
import json, sys
from flows.cli import main
try:
    main()
except SystemExit as end:
    sys.stderr.write(json.dumps([end.code, sorted({m.partition(".")[0] for m in sys.modules})]))
"""


def imported(*arguments: object) -> set[str]:
    """The packages that a command has imported when it ends well."""
    answer = subprocess.run(
        [sys.executable, "-c", _IMPORTED, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=120,
    )
    code, modules = json.loads(answer.stderr.splitlines()[-1])
    assert code in (0, None), answer.stderr
    return set(modules)


def test_help_imports_no_command_and_nothing_heavy() -> None:
    modules = imported("--help")
    assert not modules & (PIPELINE | FRAMES | {"duckdb"})


def test_a_query_needs_duckdb_alone(small: Path) -> None:
    modules = imported("sql", "select 1", "--warehouse", small)
    assert "duckdb" in modules
    assert not modules & (PIPELINE | FRAMES)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_as_text_needs_duckdb_alone(small: Path, form: str) -> None:
    query = "from metrics.headline"
    modules = imported("sql", query, "--warehouse", small, "--format", form)
    assert not modules & (PIPELINE | FRAMES)


def test_status_reads_no_form_and_no_workbook(small: Path) -> None:
    assert not imported("status", "--warehouse", small) & (PIPELINE | FRAMES)


def test_a_sender_waits_for_no_pipeline(tmp_path: Path) -> None:
    path = tmp_path / "150571/2022Q3/gdp.csv"
    path.parent.mkdir(parents=True)
    path.write_text(
        "指标名称,计量单位,本年累计,同比增长\n地区生产总值,亿元,107.92,3.4\n第一产业增加值,亿元,1.41,4.1\n"
        "第二产业增加值,亿元,39.12,2.7\n第三产业增加值,亿元,67.39,3.8\n",
        encoding="utf-8",
    )

    assert not imported("validate", path, "--warehouse", tmp_path / "none") & PIPELINE


def test_a_run_with_nothing_new_waits_for_no_pipeline(small_warehouse: tuple[Path, Path]) -> None:
    raw, warehouse = small_warehouse
    (raw / "150571/2022Q3/nonsense.csv").unlink()  # to see what form it may be of, it is read
    modules = imported("run", "--raw", raw, "--warehouse", warehouse)
    assert not modules & ((PIPELINE - {"jinja2"}) | {"pandas", "pebble"})


def test_a_run_without_a_server_imports_no_prefect() -> None:
    said = "import flows.orchestration.quarter, sys; print(sorted(sys.modules))"
    answer = subprocess.run(
        [sys.executable, "-c", said],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )
    modules = {name.partition(".")[0] for name in ast.literal_eval(answer.stdout)}
    assert "duckdb" in modules and not modules & {"prefect", "great_expectations"}


def test_each_command_of_the_table_is_there() -> None:
    from flows.cli.commands import LazyCommands

    commands = LazyCommands()
    assert len(commands) == len(set(commands))
    for name in commands:
        assert commands[name].name == name
    folder = ROOT / "flows" / "cli"
    assert {n.replace("-", "_") for n in commands} <= {p.stem for p in folder.glob("*.py")}


def test_the_letters_of_a_column_and_its_place_are_inverse() -> None:
    from flows.model.submission import index_of, letter_of

    assert all(index_of(letter_of(place)) == place for place in range(26 + 26**2 + 26**3))
    for letters in ("", "a", "AAAA", "A1", "Ａ"):
        with pytest.raises(ValueError, match="is no column"):
            index_of(letters)
