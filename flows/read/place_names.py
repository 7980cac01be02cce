"""A place that a title names and that is no zone we know: 科尔沁区2022年前三季度.

Known places are compared in `titles.py`. Of any other, only that it is none of them can be told.
"""

from __future__ import annotations

import re

from flows.forms.form import Form
from flows.model.span import find_spans
from flows.model.text import clean

# a name of at least two characters at the head of a title or behind its span, and what follows
_PLACE = re.compile(
    r"(?:^|\0)[:,.-]*(?:关于|附件?\d*:?|表[\d一二三四五六七八九十]*[:.,-]?)?"
    r"(?P<place>[一-鿿]{2,10}?(?:自治[区州县旗]|[省市区县旗盟镇乡]|街道|苏木))"
    r"(?=[:,-]?(?:\0|本年|主要|重点|经济|国民经济|统计|指标|数据|$))"
)
# words of areas that are no name: 全区, 开发区, 示范区
_NO_NAME = re.compile(
    r"(?:[全本我各该辖城牧矿林农园片社地街]|开发|经开|高新|新|示范|保税|管理|自治)区$"
    r"|[全本我各该城超盟地旗乡村][市县旗盟省镇乡区]$|限额|规模|居民|企业"
)
# kinds of zones, each with what is in the name of a zone of the kind
_KINDS = {
    "高新区": "高新",
    "高新技术产业开发区": "高新",
    "经开区": "经",
    "经济技术开发区": "经济技术",
    "综保区": "保税",
    "综合保税区": "保税",
    "保税区": "保税",
    "自贸区": "自由贸易",
    "新区": "新区",
    "示范区": "示范",
}
_KIND = re.compile(
    rf"(?:^|\0|[年月度])(?P<kind>{'|'.join(_KINDS)})(?=$|\0|20|[一二三四\d]季|本年|上半年|前三季度|主要|经济|国民)"
)


def find_unknown_place(title: str, form: Form, zone_title: str) -> str | None:
    """The place that a title names, where it is neither the zone nor an area around it; None where
    the name of the zone itself is not known.
    """
    if not zone_title or clean(zone_title) in clean(title):
        return None
    tidy = clean(find_spans(title)[1])
    names = {clean(form.title.zh), *(s for i in form.indicators for s in i.full_names)}
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            tidy = tidy.replace(name, "\0")
    other = _KIND.search(tidy)
    if other and _KINDS[other["kind"]] not in zone_title:
        return other["kind"]
    match = _PLACE.search(tidy)
    if match is None or _NO_NAME.search(match["place"]):
        return None
    place = match["place"]
    # 通辽市 is around 通辽经济技术开发区
    return None if zone_title.startswith(place[:2]) else place
