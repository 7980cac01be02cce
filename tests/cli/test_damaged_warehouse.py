"""A damaged `jibao.duckdb`: every command says so and names the way out, which works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.warehouse.database import published_path

pytestmark = pytest.mark.sampled
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "another file": lambda _: b"hello" * 10_000,
    "cut short": lambda content: content[: len(content) // 2],
    "head overwritten": lambda content: b"\0" * 4096 + content[4096:],
    "middle overwritten": lambda content: content[:8192] + b"\xff" * 200_000 + content[208_192:],
    "end overwritten": lambda content: (
        content[: len(content) // 3] + b"\xff" * (len(content) - len(content) // 3)
    ),
}
COMMANDS = [
    ["sql", "select count(*) from ledger.finding, core.observation, ledger.submission"],
    ["status"],
    ["receipt", "--sha256", "abcdef0123"],
    ["freeze", "2022Q3"],
    ["accept", "150571", "2022Q3", "gdp", "--reason", "年报核实后更正了总量"],
    ["revalidate"],
    ["run"],
]


@pytest.fixture
def raw(tmp_path: Path, write_raw: Callable[..., Path]) -> Path:
    """A folder of raw submissions."""
    return write_raw(tmp_path / "raw")


def damage(warehouse: Path, kind: str) -> None:
    path = published_path(warehouse)
    path.write_bytes(DAMAGES[kind](path.read_bytes()))


@pytest.mark.parametrize(
    ("command", "kind"),
    [(command, "middle overwritten") for command in COMMANDS]
    + [(COMMANDS[0], kind) for kind in DAMAGES],
)
def test_each_command_names_the_damage_and_the_way_out(
    jibao: Callable, small: Path, raw: Path, command: list[str], kind: str
) -> None:
    damage(small, kind)
    at = ["--warehouse", small]
    if command[0] in ("freeze", "accept", "revalidate", "run"):
        at += ["--raw", raw]
    result = jibao(*command, *at)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"jibao: 数据仓库 {published_path(small)} 已损坏")
    assert "`jibao run --rebuild` makes it anew from raw/" in result.stderr


def test_validate_tells_it_too(jibao: Callable, small: Path, raw: Path) -> None:
    damage(small, "middle overwritten")
    result = jibao("validate", raw / "150571/2022Q3/gdp.csv", "--warehouse", small)
    assert result.exit_code == 2
    assert "已损坏" in result.stderr and "jibao run --rebuild" in result.stderr


def test_a_file_that_another_program_writes_to_is_not_called_damaged(
    jibao: Callable, small: Path
) -> None:
    import subprocess
    import sys

    code = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(published_path(small))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "open\n"
        result = jibao("status", "--warehouse", small)
        writer.communicate("\n")
    assert result.exit_code == 2
    assert "open for writing in another program" in result.stderr
    assert "已损坏" not in result.stderr


@pytest.mark.torture
@pytest.mark.parametrize(
    "kind", [pytest.param("empty", marks=pytest.mark.torture), "middle overwritten"]
)
def test_a_rebuild_makes_it_anew(
    jibao: Callable, run_quarter: Callable[..., Any], raw: Path, tmp_path: Path, kind: str
) -> None:
    """The same figures as the warehouse that was damaged."""
    warehouse = tmp_path / "derived"
    query = "from metrics.headline order by all"
    run_quarter(raw, warehouse)
    before = jibao("sql", query, "--warehouse", warehouse, "--format", "csv").stdout
    assert before.count("\n") > 3
    damage(warehouse, kind)
    run_quarter(raw, warehouse, rebuild=True)
    assert jibao("sql", query, "--warehouse", warehouse, "--format", "csv").stdout == before
    with duckdb.connect(str(published_path(warehouse)), read_only=True) as con:
        assert con.execute("select count(*) from ledger.run").fetchone() == (1,)
