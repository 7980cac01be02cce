"""The commands of `jibao`: the module of each and its line of help, by whose work it is.

A command is a module of this folder, its function of the same name. The table stands apart from
them so that `jibao --help` and the choice of one command import none of the others.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

import typer

ROLES: dict[tuple[str, str], dict[str, tuple[str, str]]] = {
    ("报送人", "Who reports"): {
        "template": ("写一张空白报表", "write an empty form"),
        "validate": ("报送之前检查文件", "check files before they are sent"),
        "receipt": ("某个文件收到没有、结果如何", "what became of a file"),
    },
    ("统计人员", "Who uses the figures"): {
        "status": ("已报、迟报、未报，上次运行", "what came, what is late, the last run"),
        "catalogue": ("列出各视图及其行数", "list the views and their rows"),
        "sql": ("查询数据仓库（只读）", "query the warehouse, read-only"),
        "ui": ("在浏览器中查看和查询", "look and ask in the browser"),
        "bulletin": ("一个季度的公报：文字或网页", "a quarter's bulletin as text or page"),
        "verify-bulletin": ("凭公报页自身重算其中每个数", "compute a page's numbers again"),
        "freeze": ("把已发布的季度存为一版", "keep a quarter as it was published"),
        "accept": ("同意修订已发布的数", "accept a revision of published figures"),
        "withdraw": ("撤回收到的报送", "withdraw what was received"),
        "revalidate": ("按现行规则重审，列出不同", "what today's rules would change"),
        "dictionary": ("写出数据字典", "write the data dictionary"),
    },
    ("运维人员", "Who runs it"): {
        "run": ("处理新文件，更新数据仓库", "bring the warehouse up to date"),
        "up": ("启动服务器、工作进程和监视", "start server, worker and watcher"),
        "deploy": ("在 Prefect 服务器上部署", "deploy to a Prefect server"),
        "watch": ("监视新文件并通知服务器", "tell a Prefect server of new files"),
        "serve": ("在浏览器中查看文件", "show the documents in a browser"),
        "key": ("生成给公报签名的密钥", "make the key that signs bulletins"),
        "verify": ("核对档案、登记簿和发布文件", "hold archive, ledger and exports together"),
        "backup": ("全部备份为一个文件", "write everything into one file"),
        "restore": ("从备份恢复", "put a backup back in its place"),
        "lake": ("在 DuckLake 上的数据仓库", "the warehouse on DuckLake"),
        "synthesize": ("生成虚构的报送文件供试用", "make up submissions to try it on"),
        "score": ("对照答案检查找出了多少错误", "compare what was found with the key"),
    },
}
_MODULES = {name: name.replace("-", "_") for lines in ROLES.values() for name in lines}


class LazyCommands(MutableMapping[str, Any]):
    """The commands by name; each is imported when it is first asked for."""

    def __init__(self) -> None:
        self._imported: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The command. Raises KeyError where there is none of the name."""
        if name not in self._imported:
            module = _MODULES[name]
            function: Callable[..., Any] = getattr(
                importlib.import_module(f"flows.cli.{module}"), module
            )
            alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            alone.command(name)(function)
            self._imported[name] = typer.main.get_command(alone)
        return self._imported[name]

    def __setitem__(self, name: str, command: Any) -> None:
        """Put a command in another's place."""
        self._imported[name] = command

    def __delitem__(self, name: str) -> None:
        """Forget what was imported."""
        del self._imported[name]

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of the table."""
        return iter(_MODULES)

    def __len__(self) -> int:
        """How many there are."""
        return len(_MODULES)


def describe_commands() -> str:
    """The table as `jibao --help` prints it: a role, and below it a line for each command."""
    parts = []
    for (role_zh, role_en), lines in ROLES.items():
        parts.append(f"\n{role_zh} · {role_en}\n")
        parts += [f"  {name:<11} {zh} · {en}\n" for name, (zh, en) in lines.items()]
    return "".join(parts)
