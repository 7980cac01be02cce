"""What a run takes: the selection that was asked for, and what of it is new."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from flows.build.fingerprint import fingerprint
from flows.forms.catalogue import form_titles, load_catalogue
from flows.forms.form import Form
from flows.model.candidates import name_nearest, say_unknown
from flows.model.errors import WarehouseError
from flows.model.period import parse_period
from flows.model.text import show_control
from flows.model.zone import known_zones, load_zones, zone_titles
from flows.orchestration import run_log
from flows.publish import step as publishing
from flows.publish.acceptances import open_acceptances, open_withdrawn_acceptances
from flows.publish.bulletin_pages import are_current
from flows.publish.decisions import are_loaded
from flows.publish.editions import open_editions
from flows.receive import step as receiving
from flows.receive.listing import require_raw
from flows.receive.withdrawals import are_withdrawals_loaded, open_withdrawals
from flows.warehouse import lake_history
from flows.warehouse.database import kept_readable
from flows.warehouse.lake import LakeAddress
from flows.warehouse.lake_history import Beside
from flows.warehouse.ledger import judged_submissions, published_fingerprint


def choose(
    zones: Sequence[str] | None,
    periods: Sequence[str] | None,
    forms: Sequence[str] | None,
    raw: Path | None = None,
) -> receiving.Selection:
    """The selection asked for. Raises ValueError for a zone, period or form that does not exist."""
    for period in periods or []:
        parse_period(period)
    for what, asked, existing in (
        (("地区", "zone"), zones, zone_titles(raw)),
        (("报表", "form"), forms, form_titles(load_catalogue())),
    ):
        unknown = sorted(set(asked or []) - existing.keys())
        if unknown:
            raise ValueError(say_unknown(what, unknown, existing))
    return receiving.Selection(tuple(zones or ()), tuple(periods or ()), tuple(forms or ()))


def find_new(
    raw: Path,
    warehouse: Path,
    selection: receiving.Selection,
    rebuild: bool = False,
    again: Sequence[str] = (),
) -> receiving.Received:
    """What stands in `raw` and is not in the warehouse yet, or is to be judged again.

    `again` names submissions. Raises FileNotFoundError where there is no `raw`, and ValueError
    where a table in it cannot be read or the selection names what was never sent.
    """
    require_raw(raw)
    check_tables(raw)
    judged = {} if rebuild else judged_submissions(warehouse)
    asked_again = {*again, *(fault.submission for fault in publishing.list_unmade(warehouse))}
    judged = {s: verdict for s, verdict in judged.items() if s not in asked_again}
    catalogue = load_catalogue()
    recognise = functools.partial(_recognise, catalogue=catalogue)
    received = receiving.receive(raw, catalogue, known_zones(raw), judged, selection, recognise)
    if selection.names_any and not received.chosen:
        asked = ", ".join((*selection.zones, *selection.periods, *selection.forms))
        places = {"/".join(path.split("/")[:2]) for path in received.present}
        sent = ", ".join(name_nearest("/".join((*selection.zones, *selection.periods)), places))
        raise ValueError(
            f"{raw} 里没有 {asked} 的报送；最接近的有 {sent or '—'} · there is no submission for "
            f"{asked} in {raw}; there are submissions for {sent or '—'}"
        )
    return received


def look_beside(place: Path | LakeAddress, raw: Path) -> Beside | None:
    """What other offices have brought to the lake that a run works for; None where it works for
    none.

    Where the lake cannot be used the run judges without; the next one judges again what it missed.
    """
    if isinstance(place, Path):
        return None
    forms = [form.code for form in load_catalogue().values() if form.kind == "indicator"]
    zones = load_zones(raw)
    columns = {name: [zone[name] for zone in zones] for name in ("zone", "kind", "parent")}
    try:
        return lake_history.look_beside(place, pa.table(columns), forms)
    except WarehouseError as error:
        run_log.log().warning(show_control(str(error)))
        return None


def _recognise(path: Path, catalogue: Mapping[str, Form]) -> tuple[str, ...]:
    """The forms that a file may be; what reads files is imported where one is to be read."""
    from flows.read.recognise import recognise_isolated

    return recognise_isolated(path, catalogue)


def check_tables(raw: Path) -> None:
    """Look at what people keep in `raw` before a run begins.

    Raises ValueError naming the file and the line that cannot be read.
    """
    known_zones(raw)
    open_editions(raw)
    open_acceptances(raw)
    open_withdrawn_acceptances(raw)
    open_withdrawals(raw)


def is_published(warehouse: Path, raw: Path) -> bool:
    """Whether readers have all that today's SQL and forms make.

    Editions, acceptances, exports and bulletin are part of it.
    """
    with kept_readable(warehouse):
        if published_fingerprint(warehouse) != fingerprint(load_catalogue(), raw):
            return False  # perhaps of an earlier version, which has no tables of decisions
        decided = are_loaded(raw, warehouse) and are_withdrawals_loaded(raw, warehouse)
        return decided and publishing.is_complete(warehouse) and are_current(warehouse)
