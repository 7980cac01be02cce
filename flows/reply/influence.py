"""How far each question of a run could move a published number, for the order in which replies ask.

In: the run's file, once its views stand (`metrics.query_influence`, F31 of the methodology). Out:
`influence.arrow` in the folder of each batch, from which its replies are put in order. Where
nothing is asked that could move a number there is no such file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from flows.model.arrow_files import open_table, save_table
from flows.model.finding import Finding, Influence
from flows.model.submission import Submission, open_batch
from flows.warehouse.database import read_run
from flows.warehouse.sql_text import one_of

_FILE = "influence.arrow"
_QUESTION = ("submission", "code", "sheet", "row", "column", "message_zh")


def weigh_questions(run_file: Path, folders: Sequence[Path]) -> None:
    """Write what the questions of these batches could move beside their findings."""
    sent = {folder: list(open_batch(folder)) for folder in folders}
    weighed = _ask(run_file, [s for submissions in sent.values() for s in submissions])
    for folder, submissions in sent.items():
        ids = pa.array([s.submission for s in submissions], pa.string())
        of_folder = weighed.filter(pc.is_in(weighed["submission"], value_set=ids))
        if of_folder.num_rows:
            save_table(of_folder, folder / _FILE)


def _ask(run_file: Path, submissions: Sequence[Submission]) -> pa.Table:
    """The open questions of the zones and quarters of these submissions, with their influence: no
    other zone's figures are read.
    """
    zones = one_of(s.zone for s in submissions)
    periods = one_of(s.period for s in submissions)
    where = f"q.zone {zones} and q.period {periods}"
    columns = ", ".join(f'q."{name}"' for name in _QUESTION)
    with read_run(run_file) as con:
        asked = con.execute(f"from staging.open_question as q where {where} limit 1").fetchall()
        return con.execute(f"""
            select {columns}, max(q.influence_pp) as influence_pp
            from metrics.query_influence as q
            where {where if asked else "false"} and q.influence_pp is not null
            group by all
        """).to_arrow_table()


def open_influence(folder: Path, findings: Sequence[Finding]) -> Influence:
    """What the findings of a batch could move, of those that are questions about a figure."""
    if not (folder / _FILE).exists():
        return {}
    weighed = {
        tuple(row[name] for name in _QUESTION): row["influence_pp"]
        for row in open_table(folder / _FILE).to_pylist()
    }
    return {
        finding: weighed[key]
        for finding in findings
        if (key := tuple(getattr(finding, name) for name in _QUESTION)) in weighed
        and finding.outcome == "broken"
    }
