"""How views are asked about those zones alone of which anything has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flows.warehouse.sql_text import quote

EVERY_ZONE = ("true",)
# beyond so many zones it is quicker to read all of them at once
_ONE_BY_ONE = 10


def ask_zones(zones: Iterable[str]) -> tuple[str, ...]:
    """Conditions on a column `zone`, each for a query of its own, that together name the zones, or
    all of them: one name reaches every table through windows and joins, a list of them does not.
    """
    named = tuple(f"zone = {quote(zone)}" for zone in zones)
    return named if len(named) <= _ONE_BY_ONE else EVERY_ZONE


def ask_changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The same for the zones whose state (`ledger.zone_states`) is another one or has gone."""
    return ask_zones(zone for zone in sorted({*before, *now}) if before.get(zone) != now.get(zone))
