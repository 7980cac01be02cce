"""What somebody may have meant by a name that there is not: the nearest of those that there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

_FEW = 6  # that are named; of so few in all every one


def name_nearest(asked: str, choices: Mapping[str, str] | Iterable[str]) -> list[str]:
    """The codes nearest to the one asked for, the nearest first, six at most.

    `choices` maps codes to titles, or is codes alone; both are compared, in any case.
    """
    titles = choices if isinstance(choices, Mapping) else dict.fromkeys(choices, "")
    if len(titles) <= _FEW:
        return sorted(titles)
    wanted = asked.strip().lower()

    def likeness(code: str) -> float:
        return max(
            difflib.SequenceMatcher(None, wanted, text.lower()).ratio()
            + (text.lower().startswith(wanted[:2]) if text else 0) / 2
            for text in (code, titles[code])
        )

    return sorted(sorted(titles), key=likeness, reverse=True)[:_FEW]


def say_unknown(
    what: tuple[str, str], asked: Iterable[str], choices: Mapping[str, str] | Iterable[str]
) -> str:
    """That there is none of these, and which are nearest, in Chinese and English; `what` they are
    called, in both.
    """
    choices = choices if isinstance(choices, Mapping) else dict.fromkeys(choices, "")
    names = sorted(asked)
    codes = list(dict.fromkeys(n for name in names for n in name_nearest(name, choices)))
    titled = "、".join(f"{code} {choices[code]}".rstrip() for code in codes)
    (zh, en), listed = what, ", ".join(names)
    if not choices:
        return f"没有{zh} {listed} · there is no {en} {listed}"
    is_all = len(choices) <= _FEW
    near_zh, near_en = (
        ("有", "known") if is_all else (f"共 {len(choices)} 个，最接近的是", "nearest")
    )
    more = "" if is_all else f" of {len(choices)}"
    return (
        f"没有{zh} {listed}；{near_zh}：{titled} · "
        f"there is no {en} {listed}; {near_en}{more}: {', '.join(codes)}"
    )
