"""Noun: Data Docs on a closed network. Great Expectations' pages without what they fetch from
elsewhere.

In: the pages that it wrote, and the results beside them. Out: the same pages with plain styles of
    our
own in place of those of public content networks, and an index that lists each suite with its
counts:
Great Expectations' own index is a table that a script from outside has to draw.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

_FOREIGN = re.compile(
    r"<script[^>]*\bsrc=\"https?://[^>]*>\s*</script>|<link[^>]*\bhref=\"https?://[^>]*>", re.S
)
_HEAD_END = "</head>"
_STYLES = """
*{box-sizing:border-box}body{font:15px/1.55 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif;color:#1f2a33;
margin:0 auto;max-width:1180px;padding:1.2rem;background:#fff}a{color:#1f5fa8}h1,h2,h3,h4,h5{line-height:1.25;margin:1.2rem 0 .5rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0}th,td{border-bottom:1px solid #dfe5ea;padding:.35rem .6rem;text-align:left;
vertical-align:top;overflow-wrap:anywhere}th{background:#f1f4f6}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.bad{color:#a32b1b;font-weight:600}.good{color:#2f7a3d}.badge{background:#e3e8ec;border-radius:3px;padding:0 .4em}
.alert{background:#f6f8f9;border-left:4px solid #9aa5b1;padding:.4rem .8rem;margin:.5rem 0}.alert-danger{border-color:#c0392b}
.alert-success{border-color:#2f7a3d}.d-none,.modal,.fa,.fas,nav.navbar img,.cta-footer,script{display:none!important}
ul.list-group,ol.breadcrumb,.navbar-nav{list-style:none;padding-left:0}ol.breadcrumb li{display:inline-block;margin-right:.8em}
pre,code{background:#f1f4f6;padding:0 .25em;overflow-x:auto}img{max-width:160px}.text-success{color:#2f7a3d}.text-danger{color:#a32b1b}
.collapse{display:block}button,.btn{display:none}
"""


def settle_pages(judge: Path, docs: Path) -> None:
    """Make the pages of a run readable where nothing can be fetched."""
    if not docs.is_dir():
        return
    style = f"<style>{_STYLES}</style>"
    for path in docs.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(
            _FOREIGN.sub("", page).replace(_HEAD_END, style + _HEAD_END, 1), encoding="utf-8"
        )
    (docs / "index.html").write_text(
        _write_index(_open_results(judge), docs, style), encoding="utf-8"
    )


def _open_results(judge: Path) -> list[dict[str, Any]]:
    """The newest result of each suite."""
    newest: dict[str, dict[str, Any]] = {}
    for path in sorted(judge.rglob("*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and "statistics" in found and "suite_name" in found:
            newest[found["suite_name"]] = found
    return [newest[name] for name in sorted(newest)]


def _write_index(results: list[dict[str, Any]], docs: Path, style: str) -> str:
    rows = []
    for result in results:
        name, counts = str(result["suite_name"]), result["statistics"]
        pages = sorted((docs / "validations" / name).rglob("*.html"))
        title = html.escape(name)
        link = f'<a href="{pages[-1].relative_to(docs).as_posix()}">{title}</a>' if pages else title
        failed = int(counts["unsuccessful_expectations"])
        mark = f'<td class="n bad">{failed}</td>' if failed else '<td class="n good">0</td>'
        rows.append(
            f'<tr><td>{link}</td><td class="n">{counts["evaluated_expectations"]}</td>{mark}</tr>'
        )
    head = "<tr><th>报表的规则 suite</th><th class='n'>规则 expectations</th><th class='n'>未通过 broken</th></tr>"
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>Data Docs</title>{style}</head><body>'
        "<h1>审核规则与结果 · Data Docs</h1><p>最近一次有新文件的运行：每张报表的每条规则是 Great Expectations 的一个期望。"
        "<br>The last run that judged anything: each rule of a form is an expectation of Great Expectations."
        f"</p><table>{head}{''.join(rows)}</table></body></html>\n"
    )
