"""Great Expectations judges every rule as an expectation, and writes Data Docs.

DuckDB gives one small integer for each row and rule; Great Expectations judges those columns, and
both must name the same rows, or the run stops with DisagreementError. Only this module and
`expect_rule.py` import Great Expectations, and only when it is used.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from flows.model.errors import DisagreementError
from flows.model.finding import Severity
from flows.validate.checks import BROKEN, Check
from flows.validate.data_docs import settle_pages

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import (
        EphemeralDataContext,
    )

_GX_SEVERITY = {
    Severity.REJECT: "critical",
    Severity.QUARANTINE: "critical",
    Severity.QUERY: "warning",
    Severity.NOTE: "info",
}


def write_data_docs(store: Path, docs: Path) -> None:
    """Great Expectations' own pages about the run, in `docs`; once a run, for all its forms."""
    open_context(store, docs).build_data_docs()
    settle_pages(store, docs)


def open_context(store: Path, docs: Path | None = None) -> EphemeralDataContext:
    """A context without telemetry or progress bars that keeps suites and results in `store`."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        FilesystemStoreBackendDefaults,
        ProgressBarsConfig,
    )

    store = store.resolve()
    store.mkdir(parents=True, exist_ok=True)
    defaults = FilesystemStoreBackendDefaults(root_directory=str(store))
    if docs is not None:
        backend = {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(docs.resolve()),
        }
        defaults.data_docs_sites = {
            "run": {
                "class_name": "SiteBuilder",
                "store_backend": backend,
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        }
    config = DataContextConfig(
        store_backend_defaults=defaults,
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def judge(
    context: EphemeralDataContext,
    name: str,
    checks: list[Check],
    outcomes: pa.Table,
    counts: dict[str, tuple[int, int]],
) -> None:
    """Judge a frame of outcomes by a suite of one expectation a check, and compare with `counts`.

    `counts` has, by the name of the check, how many outcomes DuckDB found broken and the sum of
    their places from 0. Raises DisagreementError.
    """
    if not outcomes.num_rows:
        return
    import great_expectations as gx
    from great_expectations.expectations.metadata_types import FailureSeverity

    from flows.validate.expect_rule import ExpectRuleToHold

    expectations = [
        ExpectRuleToHold(
            column=check.name,
            value_set=[BROKEN],
            severity=FailureSeverity(_GX_SEVERITY[check.severity]),
            description=f"{check.words.title.zh} · {check.words.title.en}",
            notes=f"`{check.good or 'the text can be read as what it should be'}`",
            meta={"code": check.code, "stage": str(check.stage), "severity": str(check.severity)},
        )
        for check in checks
    ]
    # all at once: added one by one, each is compared with all before it
    suite = gx.ExpectationSuite(name=name, expectations=expectations)
    batch = (
        context.data_sources.add_or_update_pandas(name)
        .add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe("all")
    )
    definition = context.validation_definitions.add_or_update(  # and its suite
        gx.ValidationDefinition(name=name, data=batch, suite=suite)
    )
    verdict = definition.run(
        batch_parameters={"dataframe": outcomes.to_pandas()},
        result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False},
    )
    _compare(verdict, counts)


def _compare(verdict: ExpectationSuiteValidationResult, counts: dict[str, tuple[int, int]]) -> None:
    """Raise DisagreementError where Great Expectations names other rows than DuckDB counted."""
    remaining = dict(counts)
    for result in verdict.results:
        rows = result.result.get("unexpected_index_list") or []
        if result.expectation_config is None:
            raise DisagreementError(f"{verdict.suite_name}: a verdict names no expectation")
        name = result.expectation_config.kwargs["column"]
        if (len(rows), sum(rows)) != remaining.pop(name):
            raise DisagreementError(
                f"{verdict.suite_name}, {name}:"
                " DuckDB and Great Expectations found different rows broken"
            )
    if remaining:
        raise DisagreementError(
            f"{verdict.suite_name}: Great Expectations gave no verdict on {', '.join(remaining)}"
        )
