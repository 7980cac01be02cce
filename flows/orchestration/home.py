"""A worker's run works in the home of the installation (`flows.model.home`)."""

from __future__ import annotations

import os

from flows.model.home import find_home


def enter_home() -> dict[str, str]:
    """A pull step of `prefect.yaml`: the worker's run works in the installation's folder."""
    home = find_home()
    os.chdir(home)
    return {"directory": str(home)}
