"""Not a test: texts that coverage leads to, by atheris (libFuzzer), in a process of its own.

`python -m tests.fuzz.guided -atheris_runs=20000 -seed=20221020` reads so many texts by every target of `mutating.py`. Which branches of
the readers a text reaches decides what is tried next. It ends with 77 and the text where an answer is not the product's own.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(
    include=["flows.model", "flows.forms", "flows.read", "flows.receive"]
):
    from tests.fuzz.mutating import SAID, read_all_ways

MOST_PIECES = 12


def text_of(data: bytes) -> str:
    """Words that people write and any character between them, as the bytes say."""
    source = atheris.FuzzedDataProvider(data)
    pieces = []
    while source.remaining_bytes() and len(pieces) < MOST_PIECES:
        number = source.ConsumeIntInRange(0, 2 * len(SAID))
        pieces.append(SAID[number] if number < len(SAID) else source.ConsumeUnicode(8))
    return "".join(pieces)


def read(data: bytes) -> None:
    """One execution."""
    text = text_of(data)
    wrong = read_all_ways(text)
    assert wrong == [], (text, wrong)


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
