"""Words of the site that more than one page says, each in Chinese and English."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, Any] = {
    "site": ("季报 · 统计数据", "jibao · Statistics"),
    "qualifiers": {
        "about": ("约", "about"),
        "nearly": ("近", "nearly"),
        "over": ("以上", "more than"),
        "under": ("不足", "less than"),
        "band": ("区间下限", "lower end of a band"),
    },
}
PRICES = {
    "constant_price": ("可比价", "constant prices"),
    "nominal": ("名义", "nominal"),
}
MOVES = {
    "revised": ("修订", "revised"),
    "added": ("新增", "added"),
    "withdrawn": ("撤回", "withdrawn"),
}
FRONT = ("index.html", ("首页", "Home"))
REVISIONS = ("revisions.html", ("修订", "Revisions"))
QUALITY = ("quality.html", ("报送质量", "Quality"))
CALENDAR = ("calendar.html", ("报送日历", "Calendar"))
DICTIONARY = ("dictionary/index.html", ("数据字典", "Dictionary"))
METHODOLOGY = ("dictionary/methodology.html", ("方法", "Methodology"))
DOWNLOADS = ("downloads.html", ("下载", "Downloads"))
# who reported when, and how well, is the office's affair
WAYS = {
    "internal": (FRONT, REVISIONS, QUALITY, CALENDAR, DICTIONARY, METHODOLOGY, DOWNLOADS),
    "public": (FRONT, CALENDAR, DICTIONARY, METHODOLOGY, DOWNLOADS),
}
