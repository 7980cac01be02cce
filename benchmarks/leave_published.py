"""What runs would have left beside a warehouse whose rows were put straight into its tables.

Receipts, the public's copy and the site are made whole. Exports are made for one zone, and stand
under the names of the others as links to those files; bulletins' pages are noted in their index as
made, without a file. So a run on the warehouse finds everything as it was but for what is new: what
it costs is measured, and not what the files of other zones hold.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest.mock import patch

from flows.publish import bulletin_pages, step
from flows.publish.exports import Zones, compare_zones, write_states
from flows.publish.site import write_site
from flows.reply.step import write_receipts
from flows.warehouse.database import published_path, read_only


def leave_published(raw: Path, warehouse: Path) -> None:
    """Receipts, exports and site of the warehouse's file, as if runs had brought all of it."""
    run_file, beside = published_path(warehouse), warehouse / "work" / "published"
    write_receipts(run_file, raw, warehouse / "replies")
    with read_only(run_file) as con:
        zones = compare_zones(con, warehouse / "published")
        made_by = bulletin_pages.made_by(None, bulletin_pages.can_write_pdf())
        inputs = bulletin_pages.digest_inputs(con, made_by)
    one = zones.changed[-1]
    with patch.object(step, "compare_zones", lambda *_: Zones({one: ""}, (), (one,), ())):
        step.write_exports(run_file, warehouse)
    for path in [*beside.rglob(f"{one}.*")]:
        for zone in zones.states.keys() - {one}:
            os.link(path, path.with_name(path.name.replace(one, zone)))
    write_states(zones, beside)
    pages = {
        f"{audience}/{zone}/{period}": {"inputs": digest, "sha256": None}
        for audience in bulletin_pages.AUDIENCES
        for (zone, period), digest in inputs.items()
    }
    index = json.dumps({"made_by": made_by, "pages": pages})
    (beside / bulletin_pages.INDEX).write_text(index, encoding="utf-8")
    write_site(run_file, warehouse)
    os.replace(beside, warehouse / "published")
