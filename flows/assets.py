"""Flow: lineage as Prefect's assets: a form in `raw/` → a table → a view → what is published.

In: the lineage of a run. Out: an event for each table and view that the run has made, with the
    assets it is
made from and its rows. Prefect Cloud draws a graph of them; the open server keeps them among its
events. One
asset a form, a table or a view, and never one a file.

Tables and views are told of when the run is published, not task by task: what a run that fails has
loaded is thrown away. They are told by hand, because a task that materializes says that each of its
assets comes from all it depends on, and a view comes from two or three of a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prefect.assets import Asset, AssetProperties
from prefect.context import AssetContext
from prefect.events import emit_event

from flows import SQL_DIR
from flows.forms.form import Form
from flows.orchestration.lineage import Lineage
from flows.publish.step import EXPORTS
from flows.warehouse.sql_file import Relation, open_relation

BY = "duckdb"


def key_of(relation: str) -> str:
    """`core.observation` is `jibao://core/observation`."""
    return f"jibao://{relation.replace('.', '/')}"


PUBLISHED = Asset(
    key="jibao://published",
    properties=AssetProperties(
        name="对外使用的文件 · What is given out",
        description="warehouse/published/：导出表、公报、可公开的数据库 · the exports, the bulletin and the database for the public",
    ),
)


# what the exports and the database for the public are made from
_EXPORTED = [f"metrics.{name}" for name in EXPORTS] + [
    f"public.{path.stem}" for path in sorted((SQL_DIR / "public").glob("*.sql"))
]
SHOWN: list[Asset | str] = [key_of(name) for name in _EXPORTED]


def tell(lineage: Lineage, catalogue: Mapping[str, Form], views: Iterable[Relation]) -> None:
    """Emit the events of a run that is published: its forms' tables first, then every view."""
    tables = [open_relation(path) for path in sorted((SQL_DIR / "tables").glob("*.sql"))]
    known = {
        relation.name: _asset_of(relation.name, relation.title_zh, relation.title_en)
        for relation in (*tables, *views)
    }
    for form in catalogue.values():
        known.setdefault(
            f"core.{form.code}", _asset_of(f"core.{form.code}", form.title.zh, form.title.en)
        )
    rows = {step.name: step.rows for step in lineage.steps}
    for table in sorted({arrival.table for arrival in lineage.arrivals if arrival.table}):
        came = [arrival for arrival in lineage.arrivals if arrival.table == table]
        sources = [_asset_of_raw(catalogue[arrival.form]) for arrival in came]
        for source in sources:  # nobody makes it, so that nothing else says its name
            emit_event("prefect.asset.referenced", resource=AssetContext.asset_as_resource(source))
        forms = {
            a.form: {
                "files": a.files,
                "read": a.rows_read,
                "held": a.rows_held,
                "accepted": a.rows_accepted,
            }
            for a in came
        }
        _emit(
            known[table],
            [source.key for source in sources],
            {"run": lineage.run, "rows": rows[table], "forms": forms},
        )
    for step in lineage.steps:
        if step.reads:
            _emit(
                known[step.name],
                [key_of(name) for name in step.reads],
                {"run": lineage.run, "rows": step.rows},
            )


def _asset_of(name: str, zh: str, en: str) -> Asset:
    return Asset(
        key=key_of(name), properties=AssetProperties(name=name, description=f"{zh}\n\n{en}")
    )


def _asset_of_raw(form: Form) -> Asset:
    words = f"raw/：{form.department.zh}报送的文件 · files as sent, {form.department.en}"
    properties = AssetProperties(name=f"{form.title.zh} · {form.title.en}", description=words)
    return Asset(key=f"jibao://raw/{form.code}", properties=properties)


def _emit(made: Asset, made_from: Iterable[str], facts: dict[str, object]) -> None:
    """The event that a task which materializes would emit."""
    emit_event(
        "prefect.asset.materialization.succeeded",
        resource=AssetContext.asset_as_resource(made),
        related=[
            *({"prefect.resource.id": key, "prefect.resource.role": "asset"} for key in made_from),
            {"prefect.resource.id": BY, "prefect.resource.role": "asset-materialized-by"},
        ],
        payload=facts,
    )
