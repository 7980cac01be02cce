"""What an ODS shows beside a cell that is being filled in: the messages of its validity rules."""

from __future__ import annotations

_MESSAGES = ("help-message", "error-message")


class OdsPrompts:
    """Follows the rules that stand before the sheets; cells name the one that they obey."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self._name = ""
        self._lines: list[str] | None = None  # of the message being read

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens; attributes by their names without a namespace."""
        if name == "content-validation":
            self._name = attributes.get("name", "")
        elif name in _MESSAGES:
            self._lines = [attributes.get("title", "")]
        elif name == "p" and self._lines is not None:
            self._lines.append("")

    def say(self, text: str) -> None:
        """Characters within an element; those of its first line are its title."""
        if self._lines is not None and len(self._lines) > 1:
            self._lines[-1] += text

    def end(self, name: str) -> None:
        """An element closes."""
        if name in _MESSAGES and self._lines is not None:
            lines = [self.texts.get(self._name, ""), *self._lines]
            self.texts[self._name] = "\n".join(line for line in lines if line)
            self._lines = None
