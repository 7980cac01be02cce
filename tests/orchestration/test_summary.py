"""What a run says of the submissions that it read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from flows.forms.common_rules import make_finding
from flows.model.arrow_files import save_table
from flows.model.finding import findings_table
from flows.model.submission import HISTORY, Submission, save_parts, save_submissions
from flows.orchestration.summary import RunSummary


def test_a_quarter_of_a_file_of_many_is_named_by_path_and_quarter(tmp_path: Path) -> None:
    folder = tmp_path / "gdp"
    folder.mkdir()
    sent = Submission("CN/history/gdp.csv", "gdp", "CN", HISTORY, 1, "ab" * 32, 100)
    quarter = sent.part("2021Q2")
    save_submissions([sent], folder / "submissions.jsonl")
    save_parts([quarter], folder)
    judged = {
        "submission": quarter.submission,
        "status": "accepted",
        **{f"rows_{what}": 4 for what in ("read", "accepted", "held")},
    }
    save_table(pa.Table.from_pylist([judged]), folder / "judged.arrow")
    asked = make_finding("LINE-MISSING", quarter, expected_zh="工业", expected_en="Industry")
    save_table(findings_table([asked]), folder / "finding.arrow")
    summary = RunSummary("run-1")
    summary.count(folder)
    assert [(m.path, m.codes) for m in summary.to_mend] == [
        ("CN/history/gdp.csv 2021Q2", ("LINE-MISSING",))
    ]
