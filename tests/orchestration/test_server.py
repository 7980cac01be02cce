"""Prefect is asked for its server only where something speaks of one, and then its own word counts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_ASK = """
import sys
from flows.orchestration.server import is_server_set
print(is_server_set(), "prefect" in sys.modules)
"""
URL = "http://127.0.0.1:9/api"


def ask(folder: Path, **environment: str) -> str:
    """Whether a server is set for who stands in `folder`, and whether Prefect was asked."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    clean |= {"PREFECT_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [sys.executable, "-c", _ASK],
        capture_output=True, text=True, check=True, timeout=120, cwd=folder, env=clean | environment,
    )  # fmt: skip
    return answer.stdout.strip()


def test_where_nothing_speaks_of_a_server_prefect_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('dependencies = ["prefect"]', encoding="utf-8")
    assert ask(tmp_path, PREFECT_LOGGING_LEVEL="ERROR") == "False False"


@pytest.mark.torture
@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("prefect.toml", f'[api]\nurl = "{URL}"\n'),
        ("pyproject.toml", f'[tool.prefect.api]\nurl = "{URL}"\n'),
        (".env", f"PREFECT_API_URL={URL}\n"),
        ("home/profiles.toml", f'active = "a"\n[profiles.a]\nPREFECT_API_URL = "{URL}"\n'),
    ],
)
def test_a_server_is_found_wherever_prefect_finds_it(
    tmp_path: Path, file: str, content: str
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / file).write_text(content, encoding="utf-8")
    assert ask(tmp_path) == "True True"


@pytest.mark.torture
def test_a_server_is_found_in_the_environment(tmp_path: Path) -> None:
    assert ask(tmp_path, PREFECT_API_URL=URL) == "True True"
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home/profiles.toml").write_text("[profiles.a]\n", encoding="utf-8")
    assert ask(tmp_path) == "False True", "a profile without a server"
