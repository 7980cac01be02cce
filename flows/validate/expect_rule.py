"""The expectation that a rule is to Great Expectations: no outcome of it is “broken”.

Beside `expectations.py` the only module that imports Great Expectations, and imported there when it
is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from great_expectations.expectations.core.expect_column_values_to_not_be_in_set import (
    ExpectColumnValuesToNotBeInSet,
)
from great_expectations.validator.validator import ValidationDependencies


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
        """Without the query for failing rows, which is not shown: their places are."""
        needed = super().get_validation_dependencies(*given, **named)
        needed.remove_metric_configuration(f"{self.map_metric}.unexpected_index_query")
        return needed

    def _read(self, keys: Iterable[str]) -> dict[str, Any]:
        return {
            key: getattr(self, key) if key in self.__fields__ else self._get_default_value(key)
            for key in keys
        }
