"""The ledgers of projects and of contracts of a synthetic zone.

Entries move forward from quarter to quarter; what was signed starts anew with the year.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from flows.model.period import Period
from flows.synthetic.books import Book, Row, Step, day_of

_PATH = (
    ("planned", "拟建"),
    ("planned_start", "计划开工"),
    ("started", "开工"),
    ("main_structure_done", "主体完工"),
    ("acceptance", "即将验收移交"),
    ("completed", "完工"),
    ("in_operation", "运营"),
)
_DONE_PCT = (0.0, 0.0, 25.0, 65.0, 92.0, 100.0, 100.0)  # of the investment planned, at each stage
_DOMAINS = ("工业", "第三产业", "教育", "市政设施", "住房保障", "公共服务", "房地产")
_WORDS = (
    "光伏组件",
    "储能电池",
    "食品加工",
    "冷链物流",
    "铝材深加工",
    "智能装备",
    "数据中心",
    "生物医药",
    "仓储配送",
    "新型建材",
)
_FIRST_PROJECTS = 24


@dataclass
class _Project:
    name: str
    domain: str
    planned: int  # ten thousand yuan
    start: dt.date
    stage: int
    pause: int = 0  # 1 suspended, 2 resumed
    done: float = 0.0
    next_date: dt.date | None = None


@dataclass
class Projects:
    """The ledger of key projects: none is dropped, stages only move on, save for a stop and its
    resumption.
    """

    rng: np.random.Generator
    book: Book
    zone_number: int
    all: list[_Project] = field(default_factory=list)

    def step(self, period: Period) -> Step:
        """A quarter on: some move, a few are new."""
        for project in self.all:
            self._move(project, period)
        for _ in range(_FIRST_PROJECTS if not self.all else int(self.rng.integers(0, 3))):
            self._add(period, not self.book)
        education = sum(project.domain == "教育" for project in self.all)
        stated = {
            "key_projects": len(self.all),
            "key_projects_cleared": sum(project.stage > 0 for project in self.all),
            "school_projects": education,
            "school_projects_extension": education // 2,
        }
        return self.book, [self._row(project) for project in self.all], stated

    def _add(self, period: Period, is_first: bool) -> None:
        number = len(self.all) + 1
        stage = int(self.rng.integers(0, len(_PATH))) if is_first else 0
        name = f"合成{self.zone_number}区{self.rng.choice(_WORDS)}项目{number:03d}"
        domain = _DOMAINS[(number - 1) % len(_DOMAINS)]
        project = _Project(
            name,
            domain,
            int(self.rng.lognormal(9, 1)) // 100 * 100 + 500,
            day_of(self.rng, period, 2),
            stage,
        )
        if stage > 1:
            project.start = day_of(self.rng, Period(period.year - 1, period.quarter))
        project.done = _DONE_PCT[stage]
        project.next_date = day_of(self.rng, period, 2) if stage < len(_PATH) - 1 else None
        self.all.append(project)

    def _move(self, project: _Project, period: Period) -> None:
        chance = self.rng.random()
        if project.pause == 1:
            project.pause = 2
        elif project.stage == 2 and project.pause == 0 and chance > 0.93:
            project.pause = 1
        elif chance < 0.3 and project.stage < len(_PATH) - 1:
            project.stage, project.pause = project.stage + 1, 0
            if project.stage == 2:
                project.start = day_of(self.rng, period)
            project.next_date = (
                day_of(self.rng, period, 2) if project.stage < len(_PATH) - 1 else None
            )
        if project.pause != 1 and 1 < project.stage < 5:
            ceiling = _DONE_PCT[project.stage + 1]
            project.done = max(
                project.done,
                min(ceiling, project.done + float(self.rng.uniform(2, 10))),
                _DONE_PCT[project.stage],
            )
        elif project.stage >= 5:
            project.done = max(project.done, 100.0)

    def _row(self, project: _Project) -> Row:
        stage = ("", "停工", "复工")[project.pause] or _PATH[project.stage][1]
        last = project.stage == len(_PATH) - 1
        return {
            "project": project.name,
            "domain": project.domain,
            "stage": stage,
            "investment_planned_cny": str(project.planned),
            "investment_completed_cny": f"{project.planned * project.done / 100:.0f}",
            "start_date": project.start.isoformat(),
            "next_milestone": None if last else _PATH[project.stage + 1][1],
            "next_milestone_date": project.next_date.isoformat() if project.next_date else None,
            "note": None,
        }


@dataclass
class Contracts:
    """What was signed in the year and who is to sign; one who is to sign may sign in a later
    quarter.
    """

    rng: np.random.Generator
    book: Book
    zone_number: int
    signed: list[Row] = field(default_factory=list)
    to_sign: list[str] = field(default_factory=list)
    made: int = 0

    def step(self, period: Period) -> Step:
        """A quarter on: the funds of what is signed grow, some sign."""
        if period.quarter == 1:
            self.signed, self.to_sign = [], [self._name("投资公司") for _ in range(6)]
        for row in self.signed:
            amount, funds = int(row["amount_signed_cny"] or 0), int(row["funds_in_place_cny"] or 0)
            row["funds_in_place_cny"] = str(
                min(amount, funds + int(amount * self.rng.uniform(0, 0.15)) // 10 * 10)
            )
            row["started"] = "是" if row["started"] == "是" or self.rng.random() < 0.3 else "否"
        for _ in range((4, 5, 5, 4)[period.quarter - 1]):
            self.signed.append(self._sign(self._name(str(self.rng.choice(_WORDS))), "项目", period))
        if period.quarter > 1 and self.to_sign:
            self.signed.append(self._sign(self.to_sign.pop(0), "投资方", period))
        waiting: list[Row] = [
            {
                "party": name,
                "party_kind": "投资方",
                "stage": "推动签约",
                "tier": None,
                "signed_date": None,
                "amount_signed_cny": None,
                "funds_in_place_cny": None,
                "started": None,
                "note": None,
            }
            for name in self.to_sign
        ]
        amount = sum(int(row["amount_signed_cny"] or 0) for row in self.signed)
        funds = sum(int(row["funds_in_place_cny"] or 0) for row in self.signed)
        stated = {
            "contracts_signed": len(self.signed),
            "contract_value": amount / 10_000,
            "_funds": funds / 10_000,
        }
        return self.book, [dict(row) for row in [*self.signed, *waiting]], stated

    def _name(self, word: str) -> str:
        self.made += 1
        return f"合成{self.zone_number}区{word}{self.made:04d}号"

    def _sign(self, name: str, kind: str, period: Period) -> Row:
        amount = 10_000 + int(self.rng.lognormal(9.6, 0.2)) // 100 * 100
        return {
            "party": name,
            "party_kind": kind,
            "stage": "新签约",
            "tier": "亿元以上",
            "signed_date": day_of(self.rng, period).isoformat(),
            "amount_signed_cny": str(amount),
            "funds_in_place_cny": str(amount // 50 * 10 // 4),
            "started": "否",
            "note": None,
        }
