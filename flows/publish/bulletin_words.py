"""Headings and short words of a bulletin's page and documents, each in Chinese and English."""

from __future__ import annotations

AUDIENCE_WORDS = {"internal": ("内部", "Internal"), "public": ("公开", "Public")}
STATUS_WORDS = {
    "preliminary": ("初步数", "preliminary"),
    "revised": ("修订数", "revised"),
    "published": ("已发布", "published"),
}
WORDS = {
    "kind": ("季度公报", "Quarterly bulletin"),
    "main_indicators": ("主要指标", "Main indicators"),
    "indicator": ("指标", "Indicator"),
    "level": ("本期", "This period"),
    "growth": ("同比", "On a year earlier"),
    "sector_bars": (
        "三次产业：比重、增速与拉动",
        "The three sectors: share, growth and contribution",
    ),
    "sector": ("产业", "Sector"),
    "share_pct": ("比重 %", "Share, %"),
    "growth_pct": ("增速 %", "Growth, %"),
    "contribution_pp": ("拉动 百分点", "Contribution, pp"),
    "industry_bars": ("分行业增加值增速", "Growth of value added by industry"),
    "industry": ("行业", "Industry"),
    "quarter_bars": (
        "累计与当季：按可比价格的增速",
        "Year to date and the quarter alone: growth at constant prices",
    ),
    "ytd_pct": ("累计 %", "Year to date, %"),
    "quarter_pct": ("当季 %", "Quarter, %"),
    "bound_pp": ("误差界 百分点", "Bound, pp"),
    "plan_bars": ("年度计划完成进度", "Progress of the year's plan"),
    "progress_pct": ("完成 %", "Done, %"),
    "time_pct": ("时间 %", "Time, %"),
    "gap_pp": ("相差 百分点", "Difference, pp"),
    "nation_bars": ("本地区与全国：增速", "The zone and the nation: growth"),
    "zone_pct": ("本地区 %", "Zone, %"),
    "nation_pct": ("全国 %", "Nation, %"),
    "stage_bars": ("项目台账：各建设阶段的项目数", "The project ledger: projects by stage"),
    "stage": ("建设阶段", "Stage"),
    "projects": ("项目 个", "Projects"),
    "changes": ("有何变动", "What has changed"),
    "change": ("变动", "Change"),
    "name": ("指标或名称", "Indicator or name"),
    "before": ("此前", "Before"),
    "now": ("现在", "Now"),
    "reason": ("原因", "Reason"),
    "sources": ("资料来源", "Sources"),
    "file": ("文件", "File"),
    "received": ("收到（北京时间）", "Received (Beijing time)"),
    "not_frozen": ("尚未封存为发布版", "Not yet frozen as an edition"),
    "under_query": ("含待核实的数，不得对外", "Has figures under query: not for release"),
}
