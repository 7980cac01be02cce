"""What pages have in common: how templates are opened, style, script, and data in a page."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from flows.model.jinja_files import open_environment

_FOLDER = Path(__file__).resolve().parent


@functools.cache
def open_page(name: str, folder: Path = _FOLDER) -> jinja2.Template:
    """A template, beside this module or in another folder: it escapes what it is given, and fails
    at what it is not.
    """
    return _environment(folder).get_template(name)


_environment = functools.cache(open_environment)


def style_of(*names: str) -> Markup:
    """The style of a page: what all have in common, then its own."""
    return Markup("".join(_read(name) for name in ("page.css", *names)))


def script_of(*names: str) -> Markup:
    """The script of a page: the switch of languages, then its own."""
    return Markup("\n" + "".join(_read(name) for name in ("page.js", *names)))


def hash_of(script: str) -> str:
    """The source by which a Content-Security-Policy lets a page's script run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def write_data(value: Any) -> Markup:
    """JSON that may stand in a page: no `<` of it ends or begins an element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return Markup(text.replace("<", "\\u003c"))


@functools.cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
