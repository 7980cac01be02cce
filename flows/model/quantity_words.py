"""The words of quantities: marks for a missing figure, qualifiers, directions, words for a
growth.
"""

from __future__ import annotations

from decimal import Decimal

# A missing mark keeps its meaning as an SDMX observation status: L not collected, M cannot exist.
MISSING_MARKS = {
    "": "L",
    "…": "L",
    "...": "L",
    "......": "L",
    "……": "L",
    "缺": "L",
    "暂无": "L",
    "未报": "L",
    "不公布": "L",
    "不对外公布": "L",
    "不予公布": "L",
    "未公布": "L",
    "na": "L",
    "n/a": "L",
    "-": "M",
    "--": "M",
    "/": "M",
    "\\": "M",
    "无": "M",
    "不适用": "M",
}

# A qualifier makes the number a bound or an approximation (docs/methodology.md#qualifiers).
BEFORE = {
    "大约": "about",
    "约": "about",
    "近": "nearly",
    "将近": "nearly",
    "接近": "nearly",
    "超过": "over",
    "超": "over",
    "突破": "over",
    "多于": "over",
    "不足": "under",
    "不到": "under",
    ">": "over",
    "<": "under",
    "~": "about",
    "不低于": "over",
    "不少于": "over",
    "至少": "over",
    "高于": "over",
    "大于": "over",
    "≥": "over",
    "不高于": "under",
    "不超过": "under",
    "不多于": "under",
    "至多": "under",
    "低于": "under",
    "小于": "under",
    "≤": "under",
}
AFTER = {
    "余": "over",
    "多": "over",
    "以上": "over",
    "左右": "about",
    "上下": "about",
    "以下": "under",
    "以内": "under",
}
TRIANGLES = "▲△▼▽"  # an accountant's minus; what stands with them is said in a note
ARROWS = "↑↓"  # of a growth its sign, which is said in a note; of a level a change
FALL = (
    "下降",
    "下滑",
    "减少",
    "降低",
    "回落",
    "负增长",
    "下跌",
    "减",
    "降",
    "跌",
    "↓",
    "负",
    *TRIANGLES,
)
RISE = (
    "增长",
    "增速",
    "正增长",
    "上升",
    "提高",
    "增加",
    "上涨",
    "增",
    "升",
    "涨",
    "正",
    "↑",
)
# before a direction or a growth by itself: with what it is compared
COMPARED = ("同比", "较上年同期", "比上年同期", "较去年同期", "比去年同期")
# of a rate these say by how many points it moved, unless a % stands with them
OF_A_RATE = ("回落", "提高")
# these say the sign of a level as well as that of a change
SIGNS = ("负", "正", *TRIANGLES)
WORDS = {
    **dict.fromkeys(("持平", "基本持平", "同比持平", "零增长"), Decimal(0)),
    **dict.fromkeys(("与上年持平", "与去年持平", "与上年同期持平", "与去年同期持平"), Decimal(0)),
    **dict.fromkeys(("翻番", "翻一番", "翻了一番", "增长一倍", "增加一倍"), Decimal(100)),
    **dict.fromkeys(("翻两番", "翻了两番"), Decimal(300)),
}
# a growth from or to a loss has no rate (docs/methodology.md#growth); these words are a growth that
# cannot exist
NO_RATE = (
    "由负转正",
    "由正转负",
    "由盈转亏",
    "由亏转盈",
    "扭亏为盈",
    "扭亏",
    "转亏",
    "亏损扩大",
    "亏损收窄",
    "亏损增加",
    "亏损减少",
    "增亏",
    "减亏",
    "不可比",
)
# what programs write where they have no number; nobody meant to report it
ERRORS = (
    "#DIV/0!",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "ERR:",
)
NO_NUMBER = ("nan", "none", "null", "nil", "undefined", "nat", "<na>")
