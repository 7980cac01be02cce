"""A name that fits no form may be as long as a file system allows: what goes back has a shorter one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.receive.office import Office
from tests.runs import GDP

TITLE = "关于报送通辽经济技术开发区二〇二二年前三季度有关情况的说明" * 2
TITLED = f"150571/2022Q3/{TITLE[:76]}.csv"
TITLED_ALIKE = f"150571/2022Q3/{TITLE[:76]}二.csv"
LINK = f"150571/2022Q3/{'l' * 246}.csv"


def test_a_name_of_76_characters_and_a_link_of_250_bytes(tmp_path: Path, empty_build: Path) -> None:
    office = Office(tmp_path / "office", empty_build)
    office.put("150571/2022Q3/gdp.csv", GDP)
    for path in (TITLED, TITLED_ALIKE):
        office.put(path, "x,y\n1,2\n")
    (tmp_path / "secret.csv").write_text("x\n")
    (office.raw / LINK).symlink_to(tmp_path / "secret.csv")
    office.run(exports=False)
    replies = office.warehouse / "replies"
    lines = map(json.loads, (replies / "receipts.jsonl").read_text("utf-8").splitlines())
    status = {line["facts"]["path"]: line["outcome"]["status"] for line in lines}
    assert status.pop("150571/2022Q3/gdp.csv") == "accepted"
    assert status == dict.fromkeys((TITLED, TITLED_ALIKE, LINK), "rejected")
    names = sorted(path.name for path in (replies / "150571" / "2022Q3").iterdir())
    assert sum(name.endswith(".receipt.html") for name in names) == 4
    assert sum(name.endswith(".xlsx") for name in names) == 3
    assert sum(name.startswith(TITLE[:66]) for name in names) == 4
