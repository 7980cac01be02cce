"""Data Docs for a closed network: Great Expectations' pages without what they fetch from elsewhere.

In: the pages that Great Expectations wrote, and its results beside them. Out: the same pages with
the styles of `data_docs.css` in place of those of public content networks, and an index that lists
each suite with its counts. Great Expectations' own index is a table that only a script from outside
can draw.
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
_CSS = Path(__file__).with_suffix(".css")
_INDEX = """\
<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>Data Docs</title>{style}</head>
<body><h1>审核规则与结果 · Data Docs</h1>
<p>最近一次有新文件的运行：每张报表的每条规则是 Great Expectations 的一个期望。
<br>The last run that judged anything: each rule of a form is an expectation of Great Expectations.
</p>
<table>
<tr>
<th>报表的规则 suite</th><th class="n">规则 expectations</th><th class="n">未通过 broken</th>
</tr>
{rows}
</table></body></html>
"""


def settle_pages(store: Path, docs: Path) -> None:
    """Make the pages in `docs` readable where nothing can be fetched; `store` has the results."""
    if not docs.is_dir():
        return
    style = f"<style>\n{_CSS.read_text(encoding='utf-8')}</style>"
    for path in docs.rglob("*.html"):
        page = _FOREIGN.sub("", path.read_text(encoding="utf-8"))
        path.write_text(page.replace(_HEAD_END, style + _HEAD_END, 1), encoding="utf-8")
    rows = "\n".join(_index_row(result, docs) for result in _open_results(store))
    index = _INDEX.format(style=style, rows=rows)
    (docs / "index.html").write_text(index, encoding="utf-8")


def _open_results(store: Path) -> list[dict[str, Any]]:
    """The newest result of each suite, by name."""
    newest: dict[str, dict[str, Any]] = {}
    for path in sorted(store.rglob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and "statistics" in content and "suite_name" in content:
            newest[content["suite_name"]] = content
    return [newest[name] for name in sorted(newest)]


def _index_row(result: dict[str, Any], docs: Path) -> str:
    """A suite with the number of its rules and of those that were broken, linked to its page."""
    name, counts = str(result["suite_name"]), result["statistics"]
    pages = sorted((docs / "validations" / name).rglob("*.html"))
    title = html.escape(name)
    if pages:
        title = f'<a href="{pages[-1].relative_to(docs).as_posix()}">{title}</a>'
    rules, broken = counts["evaluated_expectations"], int(counts["unsuccessful_expectations"])
    mark = "bad" if broken else "good"
    return f'<tr><td>{title}</td><td class="n">{rules}</td><td class="n {mark}">{broken}</td></tr>'
