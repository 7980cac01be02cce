"""What is printed over and under the pages of an ODS: headers and footers of its master pages.

Fields (the name of the sheet, the number of the page, the day) are no words of the sender.
"""

from __future__ import annotations

_PRINTED = frozenset(
    f"{place}{pages}" for place in ("header", "footer") for pages in ("", "-left", "-first")
)
_WORDS = frozenset(("p", "span", "s", "a", "tab", "region-left", "region-center", "region-right"))


class OdsPages:
    """Follows the elements of styles, and answers for the pages of a table by its style."""

    def __init__(self) -> None:
        self.masters: dict[str, list[str]] = {}  # paragraphs by master page
        self.used: dict[str, str] = {}  # the master page of a style of tables
        self.paragraphs: list[str] | None = None  # of the master page being read
        self.is_printed = False
        self.field: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element of the styles opens."""
        if name == "style" and "master-page-name" in attributes:
            self.used[attributes.get("name", "")] = attributes["master-page-name"]
        elif name == "master-page":
            self.paragraphs = self.masters.setdefault(attributes.get("name", ""), [])
        elif self.paragraphs is None:
            return
        elif name in _PRINTED:
            self.is_printed = attributes.get("display") != "false"
        elif name == "p":
            self.paragraphs.append("")
        elif name not in _WORDS:
            self.field = self.field or name

    def say(self, text: str) -> None:
        """Characters within an element of the styles."""
        if self.paragraphs and self.is_printed and self.field is None:
            self.paragraphs[-1] += text

    def end(self, name: str) -> None:
        """An element of the styles closes."""
        if name == "master-page":
            self.paragraphs = None
        elif name in _PRINTED:
            self.is_printed = False
        elif name == self.field:
            self.field = None

    def printed(self, style: str | None) -> tuple[str, ...]:
        """What is printed over and under the pages of a table in a style."""
        paragraphs = self.masters.get(self.used.get(style or "", ""), [])
        return tuple(dict.fromkeys(text.strip() for text in paragraphs if text.strip()))
