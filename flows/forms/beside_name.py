"""Words and units beside a name without brackets: `累计社会消费品零售总额`, `投资/亿元`.

They are set apart where the vocabulary knows them, and read as if they stood in brackets; a text
with anything else in it is left as it stands, and is no name of the form.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from flows.forms.vocabulary import Context, RemarkKind, read_remark
from flows.model.name import read_name

HARMLESS: tuple[RemarkKind, ...] = ("kept", "unit", "span")
_SEPARATORS = "/,;、_-·.\\|"
# a number of a row or column is one in brackets alone: 投资2 may be anything
_NUMBER_LIKE = re.compile(r"[\da-z]{1,2}|[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸ivx]{1,4}")


def set_apart(
    text: str,
    names: Collection[str],
    context: Context,
    kinds: tuple[RemarkKind, ...] = HARMLESS,
) -> str | None:
    """`text` with what stands beside one of `names` in brackets, where each word of it is of one
    of the kinds; None where there is no such name, or other words. The longest name goes first.
    """
    named = read_name(text)
    behind = (*named.remarks, *([named.unit] if named.unit else []))
    for name, beside in _cut(named.core, names):
        if beside in names:
            continue  # two names in one heading
        remarks = read_remark(beside, context) if beside else []
        if all(r.kind in kinds and (r.kind == "unit" or not _is_number(r.text)) for r in remarks):
            return name + "".join(f"（{words}）" for words in (beside, *behind) if words)
    return None


def _cut(core: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Each name from which a stretch of the text has to be cut out, and the stretch."""
    for name in sorted(names, key=lambda n: (-len(n), n)):
        extra = len(core) - len(name)
        if extra < 1 or len(name) < 2:
            continue
        for at in range(len(name) + 1):
            if core[:at] == name[:at] and core[at + extra :] == name[at:]:
                yield name, core[at : at + extra].strip(_SEPARATORS)
                break


def _is_number(text: str) -> bool:
    return _NUMBER_LIKE.fullmatch(text) is not None
