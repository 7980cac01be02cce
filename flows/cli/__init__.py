"""`jibao COMMAND`.

What a person can mend is said in words and ends with a code fit for scripts: 0 all is well, 2 the
call or the warehouse is not as it should be. `validate` ends with 1 where findings hold something
back; for `run` a department's bad file is no failure of the run.
"""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from flows.cli.commands import LazyCommands, describe_commands
from flows.model.access import keep_private

_USAGE = """用法 Usage: jibao COMMAND [选项 options]

季报：从报送的表格到数据仓库 · quarterly submissions, from spreadsheets to a warehouse.
"""
_MORE = """
jibao COMMAND --help 说明每个命令 · tells about a command.
退出码 Exit codes: 0 正常 all is well; 1 有内容被扣留 something is held back;
2 调用或数据仓库有问题 the call or the warehouse is not as it should be;
3 程序自身在某个文件上出错 the pipeline itself failed on a file.
"""


class CommandGroup(TyperGroup):
    """The commands, each imported when it is called: help does not wait for any of them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = LazyCommands()

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run a command; a call that is not as it should be is told in words, with code 2."""
        if not settings.pop("standalone_mode", True):
            return super().main(*arguments, **{**settings, "standalone_mode": False})
        try:
            code = super().main(*arguments, **{**settings, "standalone_mode": False})
        except typer.Abort:
            typer.echo("已中止 · stopped", err=True)
            sys.exit(1)
        except Exception as problem:
            _end(problem)
        sys.exit(code if isinstance(code, int) else 0)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  (typer calls it so)
        """Write the help of the whole program, in Chinese and English."""
        formatter.write(f"{_USAGE}{describe_commands()}{_MORE}")


def _end(problem: Exception) -> NoReturn:
    """Say what is wrong with the call, or that the program is at fault, and end."""
    from flows.cli.terminal import FAULT, say_fault, say_problem
    from flows.cli.usage import REFUSED, say_usage

    if isinstance(problem, REFUSED):
        say_problem(say_usage(problem))
        sys.exit(2)
    say_fault(problem)
    sys.exit(FAULT)


app = typer.Typer(cls=CommandGroup, add_completion=False, pretty_exceptions_enable=False)


@app.callback(invoke_without_command=True)
def _begin(ctx: typer.Context) -> None:
    """Print the help where no command is named."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
        raise typer.Exit(2)


def main() -> None:
    """Entry point of the console script."""
    keep_private()
    app(prog_name="jibao")
