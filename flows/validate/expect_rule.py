"""The expectation that a rule is to Great Expectations: no outcome of it is “broken”.

Beside `expectations.py` the only module that imports Great Expectations, and imported there when it
is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.core.expect_column_values_to_not_be_in_set import (
    ExpectColumnValuesToNotBeInSet,
)
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_value
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

from flows.validate.checks import BROKEN

_OUTCOME = "rule.outcome"


class RuleOutcome(MetricProvider):
    """What Great Expectations asks of a column of outcomes, read in one pass: a map expectation
    asks five metrics for it, which rest on a dozen others, each with a key that is a digest.
    """

    metric_name = _OUTCOME
    domain_keys = ("batch_id", "table", "column", "row_condition", "condition_parser")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805 - Great Expectations calls it with the class
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        **_: Any,
    ) -> dict[str, Any]:
        rows = execution_engine.get_domain_records(metric_domain_kwargs)
        outcomes = rows[metric_domain_kwargs["column"]]
        broken = outcomes[outcomes == BROKEN]
        metric = ExpectRuleToHold.map_metric
        return {
            "table.row_count": len(outcomes),
            "column_values.nonnull.unexpected_count": int(outcomes.isna().sum()),
            f"{metric}.unexpected_count": len(broken),
            f"{metric}.unexpected_values": broken.tolist(),
            f"{metric}.unexpected_index_list": broken.index.tolist(),
        }


class ExpectRuleToHold(ExpectColumnValuesToNotBeInSet):
    """Expect a rule to hold in every row or submission that it was asked about."""

    # Great Expectations asks an expectation for its settings a hundred times a run, and writes all
    # of them out anew for each that it reads: a third of its time. Here they are read where they
    # stand.

    def _get_domain_kwargs(self) -> dict[str, Any]:
        return self._read(self.domain_keys)

    def _get_success_kwargs(self) -> dict[str, Any]:
        return self._read((*self.success_keys, *self.domain_keys))

    def _get_success_kwarg(self, key: str, default: Any = None) -> Any:
        if key in self.__fields__:
            return getattr(self, key)
        return super()._get_success_kwarg(key, default)

    def __eq__(self, other: object) -> bool:
        """Whether it is the same: Great Expectations looks for each of a suite by comparing it with
        all before it, and writes both out to do so.
        """
        if getattr(other, "column", None) != self.column:
            return False
        return super().__eq__(other)

    __hash__ = ExpectColumnValuesToNotBeInSet.__hash__

    def get_validation_dependencies(self, *given: Any, **named: Any) -> ValidationDependencies:
        """One metric, from which `_validate` has what it asks for."""
        needed = super(ColumnMapExpectation, self).get_validation_dependencies(*given, **named)
        column = MetricConfiguration(
            metric_name=_OUTCOME, metric_domain_kwargs=self._get_domain_kwargs()
        )
        needed.set_metric_configuration(_OUTCOME, column)
        return needed

    def _validate(self, metrics: dict[str, Any], *given: Any, **named: Any) -> Any:
        return super()._validate(metrics[_OUTCOME], *given, **named)

    def _read(self, keys: Iterable[str]) -> dict[str, Any]:
        return {
            key: getattr(self, key) if key in self.__fields__ else self._get_default_value(key)
            for key in keys
        }
