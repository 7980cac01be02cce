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
# folders of files that are of no view of schema metrics
FOLDERS = {
    "observation": (
        "现行的各个数，按报送的写法，附文件、工作表和行",
        "The figures that stand, as they were sent, each with file, sheet and row.",
    ),
    "sdmx": ("SDMX 观测值及其结构", "Observations in SDMX, and their structures."),
    "workbook": (
        "每个地区一个工作簿：目录、说明、单位、数字格式",
        "A workbook for each zone: contents, notes, units, number formats.",
    ),
}
FRONT = ("index.html", ("首页", "Home"))
REVISIONS = ("revisions.html", ("修订", "Revisions"))
RANKING = ("ranking.html", ("位次", "Ranking"))
QUALITY = ("quality.html", ("报送质量", "Quality"))
CALENDAR = ("calendar.html", ("报送日历", "Calendar"))
DICTIONARY = ("dictionary/index.html", ("数据字典", "Dictionary"))
METHODOLOGY = ("dictionary/methodology.html", ("方法", "Methodology"))
DOWNLOADS = ("downloads.html", ("下载", "Downloads"))
# where a server puts ways to what only it has
MORE = "</ul><!-- more -->"
# who reported when, and how well, is the office's affair; so are places among zones
WAYS = {
    "internal": (FRONT, RANKING, REVISIONS, QUALITY, CALENDAR, DICTIONARY, METHODOLOGY, DOWNLOADS),
    "public": (FRONT, CALENDAR, DICTIONARY, METHODOLOGY, DOWNLOADS),
}
