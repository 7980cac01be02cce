"""How templates are opened: they fail at what they are not given, and print no blank lines of
their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2


def open_environment(
    folder: Path, *, autoescape: bool = True, **settings: Any
) -> jinja2.Environment:
    """Where the templates of a folder are read; `settings` are jinja's. Without `autoescape` they
    write plain text.
    """
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=autoescape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **settings,
    )
