"""The command line: `jibao COMMAND`. A command is a module of this folder, its function of the same
name.

What a person can mend is said in words and ends with a code fit for scripts: 0 all is well, 2 the
call or the warehouse is not as it should be. `validate` ends with 1 where findings hold something
back; for `run` a department's bad file is no failure of the run.
"""

from __future__ import annotations

import importlib
import pkgutil

import typer

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
for _module in pkgutil.iter_modules(__path__):
    if _module.name not in ("terminal", "file_server"):
        app.command(_module.name.replace("_", "-"))(
            getattr(importlib.import_module(f"{__name__}.{_module.name}"), _module.name)
        )


def main() -> None:
    """Entry point of the console script."""
    app()
