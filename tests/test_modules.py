"""docs/modules.md: a line a module, as its docstring begins. `--update` writes the page anew."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "modules.md"
FLOWS = REPOSITORY / "flows"
HEAD = """# Modules 模块

A line a module, as its docstring begins; `make docs` writes this page. How they work together stands in
[architecture](architecture.md), whose layers are the order here.
"""
LAYERS = (
    "",
    "cli",
    "orchestration",
    "reply",
    "build",
    "load",
    "publish",
    "validate",
    "read",
    "receive",
    "forms",
    "warehouse",
    "model",
    "synthetic",
)


def first_sentence(path: Path) -> str:
    """The first paragraph of a module's docstring, up to its first full stop."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.split("\n\n")[0].split())
    return paragraph.split(". ")[0].rstrip(".")


def write_page() -> str:
    parts = [HEAD]
    for layer in LAYERS:
        lines = [
            f"| `{path.stem}` | {first_sentence(path)} |\n"
            for path in sorted((FLOWS / layer).glob("*.py"))
            if not path.stem.startswith("__")
        ]
        heading = f"{layer}/" if layer else "the flows"
        parts.append(f"\n## {heading}\n\n| Module | |\n| --- | --- |\n{''.join(lines)}")
    return "".join(parts)


def test_every_package_is_on_the_page() -> None:
    assert {path.parent.name for path in FLOWS.glob("*/__init__.py")} == {*LAYERS} - {""}


def test_the_page_says_what_the_modules_say(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        PAGE.write_text(write_page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == write_page()
