"""The home of an installation: the folder with `prefect.yaml`, `flows/`, `sql/` and `raw/`.

`JIBAO_HOME` names it, or it is where this package stands. A worker's run works in that folder;
where it is none, an error says what to do: without it a run would end as Crashed and Prefect would
not say why.
"""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "JIBAO_HOME"


def find_home() -> Path:
    """The folder of the installation. Raises FileNotFoundError with the remedy where it is none."""
    named = os.environ.get(VARIABLE)
    home = Path(named).expanduser() if named else Path(__file__).parents[2]
    if not (home / "prefect.yaml").is_file():
        asked = f"{VARIABLE} is {named}, which" if named else f"{VARIABLE} is not set, and {home}"
        raise FileNotFoundError(
            f"{asked} 不是 jibao 的文件夹（没有 prefect.yaml），请在工作进程的环境中设置 "
            f"{VARIABLE} · "
            f"{asked} is no folder of jibao (it has no prefect.yaml): set {VARIABLE} to the folder "
            "that the deployments were made from, in the environment of the worker, "
            "and start the worker again"
        )
    return home
