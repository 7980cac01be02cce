"""What took effect with a run: revisions that stand now, acceptances, withdrawals, editions.

A person who decided something is told that the run has followed it, and what stands since.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from flows.warehouse.database import fetch_rows, read_run
from flows.warehouse.sql_text import one_of, quote


@dataclass(frozen=True)
class Effect:
    """One thing that took effect, in Chinese and English."""

    zh: str
    en: str

    @property
    def words(self) -> str:
        """Both languages, in one line."""
        return f"{self.zh} · {self.en}"


# as `Submission.name`: a file of many quarters with the one that is meant
_NAME = "concat_ws(' ', s.path, if(s.part_of is null, null, s.period)) as name"
# what a decision was about: a submission, and which one stands for its form, zone and quarter now
_DECIDED = """
with decided as (
    select a.submission, 'accept' as action, a.accepted_by as done_by
    from ledger.accepted_revision as a where a.run = {run}
    union all
    select t.submission, 'take back', t.withdrawn_by
    from ledger.withdrawn_acceptance as t where t.run = {run}
    union all
    select w.submission, 'withdraw', w.withdrawn_by
    from ledger.withdrawal as w where w.run = {run}
    union all
    -- of what this run brought, what takes the place of something
    select s.submission, 'revise', coalesce(nullif(s.sender, ''), '—')
    from ledger.submission as s
    where s.run = {run} and (s.revision > 1 or coalesce(s.replacement, 0) > 0)
)

select d.action, d.done_by, s.zone, s.period, s.form, s.status, s.submission,
    w.submission is not null as waits,
    {name}
from decided as d
inner join ledger.submission as s on d.submission = s.submission
left join staging.waiting_submission as w on d.submission = w.submission
order by array_position(['accept', 'take back', 'withdraw', 'revise'], d.action), s.path, s.period
"""
_STANDING = """
select s.zone, s.period, s.form, s.submission,
    {name}
from staging.current_submission as s
where s.zone {zones} and s.period {periods}
"""
_EDITIONS = (
    "select e.edition, e.frozen_by from ledger.edition as e where e.run = {run} order by all"
)


def tell_effects(run_file: Path, run: str) -> list[Effect]:
    """What took effect with a run, decisions first."""
    with read_run(run_file) as con:
        return _tell(con, quote(run))


def _tell(con: duckdb.DuckDBPyConnection, run: str) -> list[Effect]:
    decided = fetch_rows(con, _DECIDED.format(run=run, name=_NAME))
    effects = [
        Effect(f"发布版 {edition} 已载入（{by}）", f"edition {edition} ({by}) is in the warehouse")
        for edition, by in con.execute(_EDITIONS.format(run=run)).fetchall()
    ]
    if not decided:
        return effects
    asked = {
        "zones": one_of(d["zone"] for d in decided),
        "periods": one_of(d["period"] for d in decided),
    }
    standing = {
        (s["zone"], s["period"], s["form"]): s
        for s in fetch_rows(con, _STANDING.format(**asked, name=_NAME))
    }
    for d in decided:
        now = standing.get((d["zone"], d["period"], d["form"]))
        stands = now is not None and now["submission"] == d["submission"]
        effects.append(_word(d, now["name"] if now else "", stands))
    return effects


def _word(decided: dict[str, Any], current: str, stands: bool) -> Effect:
    path, by, action = decided["name"], decided["done_by"], decided["action"]
    zh, en = (
        (f"现行的是 {current}", f"{current} stands") if current else ("没有现行的", "none stands")
    )
    if stands:
        zh, en = "现行有效", "it stands"
    if action == "accept":
        return Effect(f"同意 {path}（{by}）已生效：{zh}", f"{path} is accepted ({by}): {en}")
    if action == "take back":
        return Effect(
            f"对 {path} 的同意已撤销（{by}）：{zh}",
            f"the acceptance of {path} is taken back ({by}): {en}",
        )
    if action == "withdraw":
        return Effect(f"{path} 已撤回（{by}）：{zh}", f"{path} is withdrawn ({by}): {en}")
    if stands:
        return Effect(f"更正 {path}（{by}）已生效", f"the correction {path} ({by}) stands")
    if decided["status"] == "rejected":
        return Effect(
            f"更正 {path}（{by}）被退回，未生效：{zh}",
            f"the correction {path} ({by}) is rejected and does not stand: {en}",
        )
    if decided["waits"]:
        return Effect(
            f"更正 {path}（{by}）改动已公布的数，待 jibao accept 同意：{zh}",
            f"the correction {path} ({by}) alters published figures and waits for "
            f"`jibao accept`: {en}",
        )
    return Effect(
        f"更正 {path}（{by}）未生效，已有更新的一份：{zh}",
        f"the correction {path} ({by}) does not stand, a newer one came: {en}",
    )
