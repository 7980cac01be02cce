"""docs/modules/: a page a package, a line a module, as its docstring begins. `--update` writes them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = REPOSITORY / "docs" / "modules"
FLOWS = REPOSITORY / "flows"
HEAD = """# Modules 模块

A line a package, and on its page a line a module, as their docstrings begin; `make docs` writes these pages. How they work together
stands in [architecture](../architecture.md), whose layers are the order here.

| Package | |
| --- | --- |
"""
LAYERS = (
    "",  # the flows
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
    "workbook",
    "model",
    "synthetic",
)


def first_sentence(path: Path) -> str:
    """The first paragraph of a module's docstring, up to its first full stop."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.split("\n\n")[0].split())
    return paragraph.split(". ")[0].rstrip(".")


def write_pages() -> dict[str, str]:
    """The text of each page by the name of its file."""
    pages = {"README.md": HEAD}
    for layer in LAYERS:
        title, file = (f"{layer}/", f"{layer}.md") if layer else ("the flows", "flows.md")
        says = first_sentence(FLOWS / layer / "__init__.py")
        pages["README.md"] += f"| [{title}]({file}) | {says} |\n"
        lines = [
            f"| `{path.stem}` | {first_sentence(path)} |\n"
            for path in sorted((FLOWS / layer).glob("*.py"))
            if not path.stem.startswith("__")
        ]
        pages[file] = f"# {title}\n\n{says}.\n\n| Module | |\n| --- | --- |\n{''.join(lines)}"
    return pages


def test_every_package_has_a_page() -> None:
    assert {path.parent.name for path in FLOWS.glob("*/__init__.py")} == {*LAYERS} - {""}


def test_the_pages_say_what_the_modules_say(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        for name, text in write_pages().items():
            (PAGES / name).write_text(text, encoding="utf-8")
    standing = {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}
    assert standing == write_pages()
