"""A call that is not as it should be, in words: what is missing, unknown or of the wrong kind.

The library that reads the command line says it in English alone; what it found is told here in
Chinese and English.
"""

from __future__ import annotations

from typing import Any

import typer

from flows.model.candidates import name_nearest

# the base of what the library raises; it has moved between packages, its subclass has not
REFUSED: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException"
)


def say_usage(problem: Any) -> str:
    """What is wrong with the call, in Chinese and English, and where its help stands."""
    context = getattr(problem, "ctx", None)
    called = " ".join(["jibao", *(context.command_path.split()[1:] if context else [])])
    words = _say(problem, context)
    return f"{words}\n  {called} --help 说明用法 · tells how to call it"


def _say(problem: Any, context: Any) -> str:
    kind, text = type(problem).__name__, str(problem.format_message())
    if kind == "MissingParameter":
        name = _name(problem)
        return f"缺少 {name} · {name} is missing"
    if kind == "NoSuchOption":
        near = ", ".join(problem.possibilities or ())
        zh, en = (f"，是不是 {near}", f"; did you mean {near}?") if near else ("", "")
        return f"没有选项 {problem.option_name}{zh} · no such option: {problem.option_name}{en}"
    if kind == "BadOptionUsage":
        name = problem.option_name
        return f"选项 {name} 用法不对 · {text}"
    if kind == "BadParameter":
        name = _name(problem)
        return f"{name} 的值不对 · invalid value for {name}: {problem.message}"
    if context is not None and text.startswith("No such command"):
        asked = text.split("'")[1]
        near = ", ".join(name_nearest(asked, list(context.command.commands)))
        return f"没有命令 {asked}，最接近的有 {near} · there is no command {asked}; nearest: {near}"
    if "unexpected extra argument" in text:
        extra = text.rsplit("(", 1)[-1].rstrip(").")
        return f"多出了参数 {extra} · one argument too many: {extra}"
    return f"调用不对 · {text}"


def _name(problem: Any) -> str:
    """The option or argument that it is about, as it is typed."""
    parameter = getattr(problem, "param", None)
    if parameter is None:
        return str(getattr(problem, "param_hint", None) or "")
    options = [o for o in parameter.opts if o.startswith("-")]
    return max(options, key=len) if options else str(parameter.name).upper()
