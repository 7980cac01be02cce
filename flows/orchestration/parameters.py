"""The parameters of a run, typed so that a form in the Prefect UI offers what there is.

What does not fit them is refused by the server before a run starts, and by `selection.choose` in
any case. Zones are not listed: an office adds its own beside its submissions, after the deployment
was made.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from flows.forms.catalogue import load_catalogue

ZoneCode = Annotated[
    str, Field(json_schema_extra={"pattern": "^[0-9A-Za-z]+$", "examples": ["150571"]})
]
FormCode = Annotated[str, Field(json_schema_extra={"enum": sorted(load_catalogue())})]
PeriodCode = Annotated[
    str, Field(json_schema_extra={"pattern": "^[0-9]{4}Q[1-4]$", "examples": ["2022Q3"]})
]
