"""What the zone published for 2022Q3, as tests give it to views and as it stands in a file."""

from __future__ import annotations

YI = 100_000_000  # 亿元 in 元
ZONE_2022Q3 = {
    "primary": (1.41, 4.1),
    "secondary": (39.12, 2.7),
    "tertiary": (67.39, 3.8),
    "total": (107.92, 3.4),
}
# the same, revised: services were verified
REVISED_2022Q3 = ZONE_2022Q3 | {"tertiary": (68.39, 4.0), "total": (108.92, 3.5)}

HEADINGS = "指标名称,计量单位,本年累计,同比增长\n"
GDP = (
    HEADINGS
    + "地区生产总值,亿元,107.92,3.4\n第一产业增加值,亿元,1.41,4.1\n第二产业增加值,亿元,39.12,2.7\n第三产业增加值,亿元,67.39,3.8\n"
)
