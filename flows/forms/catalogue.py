"""The catalogue: every form by its code, read from `flows/forms/<form>.toml` and checked.

A mistake raises CatalogueError with the file, the line and what was expected there.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from flows.forms.fingerprint import fingerprint_form
from flows.forms.form import FORMS_DIR, Form
from flows.model.errors import CatalogueError


def load_form(path: Path) -> Form:
    """Read one declaration. Raises CatalogueError naming file and line."""
    text = path.read_text(encoding="utf-8")
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}") from error
    fingerprint = fingerprint_form(text, str(declared.get("code")), str(declared.get("kind")))
    try:
        form = Form.model_validate(declared | {"fingerprint": fingerprint})
    except ValidationError as error:
        mistakes = [
            f"{path}:{_line_of(text, problem['loc'])}:"
            f" {'.'.join(map(str, problem['loc']))}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise CatalogueError("\n".join(mistakes)) from error
    if form.code != path.stem:
        raise CatalogueError(
            f"{path}:{_line_of(text, ('code',))}: the form's code is “{form.code}”,"
            f" the file's name “{path.stem}”; make them equal"
        )
    return form


def _line_of(text: str, location: tuple[int | str, ...]) -> int:
    """The line a pydantic location stands on: the nth `[[table]]`, then its key."""
    lines = text.splitlines()
    start = 0
    if len(location) >= 2 and isinstance(location[1], int):
        headers = [n for n, line in enumerate(lines) if line.strip() == f"[[{location[0]}]]"]
        if location[1] < len(headers):
            start = headers[location[1]]
    key = next(
        (str(part) for part in location if isinstance(part, str) and part != location[0]),
        str(location[0]) if location else "",
    )
    for n in range(start, len(lines)):
        if n > start and lines[n].startswith("[["):
            break
        if re.match(rf"\s*{re.escape(key)}\s*=", lines[n]):
            return n + 1
    return start + 1


@functools.cache
def load_catalogue(folder: Path = FORMS_DIR) -> dict[str, Form]:
    """Every form by its code. Raises CatalogueError listing every mistake of every file."""
    forms: dict[str, Form] = {}
    mistakes: list[str] = []
    for path in sorted(folder.glob("[a-z]*.toml")):
        try:
            forms[path.stem] = load_form(path)
        except CatalogueError as error:
            mistakes.append(str(error))
    indicators = [(i.code, f.code) for f in forms.values() for i in f.indicators]
    for code in {c for c, _ in indicators}:
        owners = [form for c, form in indicators if c == code]
        if len(owners) > 1:
            mistakes.append(
                f"{folder}: indicator “{code}” is declared by {', '.join(owners)};"
                " give each its own code"
            )
    # a target is of a whole, never of a part
    wholes = {i.code for f in forms.values() for i in f.indicators if not i.of}
    mistakes += [
        f"{folder}/{f.code}.toml: {i.code} is the target of “{i.target_of}”, which no form has"
        for f in forms.values()
        for i in f.indicators
        if i.target_of and i.target_of not in wholes
    ]
    if mistakes:
        raise CatalogueError("\n".join(mistakes))
    return forms


def form_titles(catalogue: Mapping[str, Form]) -> dict[str, str]:
    """The Chinese name of every form, by code."""
    return {code: form.title.zh for code, form in catalogue.items()}
