"""Words of the site that more than one page says, each in Chinese and English."""

from __future__ import annotations

from typing import Any

from flows.publish.bulletin_words import QUALIFIERS

WORDS: dict[str, Any] = {
    "site": ("季报 · 统计数据", "jibao · Statistics"),
    # beside a number, which stands in one column for both languages
    "qualifiers": {
        name: tuple(words.replace("{}", "").strip() for words in pair)
        for name, pair in QUALIFIERS.items()
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
