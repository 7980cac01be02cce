"""dbt builds the models of `dbt/`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
from columns import SENT, arguments, tell

PROJECT = Path(__file__).parent / "dbt"


def main() -> None:
    """Read, check and keep; what the driver compares is told."""
    file, target, _ = arguments()
    rules = json.loads((target / "rules.json").read_text(encoding="utf-8"))
    values = {
        "file": str(file),
        "names": json.dumps(SENT).replace('"', "'"),
        "macro": rules["macro"],
        "typed": rules["typed"],
        "rules": rules["rules"],
        "hard": json.dumps(rules["hard"]).replace('"', "'"),
    }
    environment = os.environ | {"PEER_DUCKDB": str(target / "peer.duckdb"), "DO_NOT_TRACK": "1"}
    command = [
        Path(sys.executable).with_name("dbt"),
        "build",
        "--quiet",
        "--vars",
        json.dumps(values),
    ]
    folders = [
        "--project-dir",
        PROJECT,
        "--profiles-dir",
        PROJECT,
        "--target-path",
        target / "target",
        "--log-path",
        target,
    ]
    subprocess.run([*command, *folders], env=environment, check=True)
    with duckdb.connect(str(target / "peer.duckdb"), read_only=True) as con:
        counts = con.execute(
            "select (select count(*) from enterprise_quarter), (select count(*) from held), (select sum(len(rules)) from broken)"
        ).fetchone()
    tell(target, *map(int, counts))


if __name__ == "__main__":
    main()
