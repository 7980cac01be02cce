"""Chromium without a screen, driven through its own protocol: pages are opened, clicked and read as a person does."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium")


class Browser:
    """One page of one browser. Whatever it asks of another machine than this one fails, and is noted in `refused`; `errors` are
    of scripts, and of what a policy does not let be."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.refused: list[str] = []
        self.errors: list[str] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command of the protocol and its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=60))
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            if message.get("method") == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                if not url.startswith(("http://127.0.0.1", "file:", "data:", "about:", "blob:")):
                    self.refused.append(url)
            elif message.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.errors.append(str(message["params"]))

    def resize(self, width: int) -> None:
        """A window cannot be as narrow as a phone: the page is told that it is."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=900, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip

    def press(self, key: str) -> None:
        """Tab or Enter."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **text,
            )
            text = {}

    def ask(self, script: str) -> Any:
        """The value of an expression in the page."""
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.await_true("document.readyState === 'complete'")

    def click(self, selector: str) -> None:
        """Click the middle of an element with the mouse."""
        place = self.ask(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            "const r = e.getBoundingClientRect(); return [r.x + Math.min(r.width / 2, 40), r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind, x=place[0], y=place[1], button="left", clickCount=1,
            )  # fmt: skip

    def await_true(self, script: str, seconds: float = 30) -> None:
        """Until an expression is true, also where the page is being left for another."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with contextlib.suppress(AssertionError):
                if self.ask(script):
                    return
            time.sleep(0.05)
        raise AssertionError(f"never true: {script}\n{self.ask('document.body.innerText')[:2000]}")


@contextlib.contextmanager
def open_browser(profile: Path, width: int = 1280) -> Iterator[Browser]:
    """A browser with a profile of its own that finds no other machine."""
    command = [
        str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", f"--user-data-dir={profile}",
        f"--window-size={width},900", "--hide-scrollbars", "--remote-debugging-port=0", "about:blank",
    ]  # fmt: skip
    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)  # of a browser before
    with (profile.parent / "chromium.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while not (port_file.exists() and "\n" in port_file.read_text()):
            assert time.monotonic() < until and process.poll() is None, "chromium does not start"
            time.sleep(0.05)
        port = port_file.read_text().split("\n")[0]
        pages = _pages(f"http://127.0.0.1:{port}/json/list")
        with connect(pages[0]["webSocketDebuggerUrl"], max_size=None, proxy=None) as socket:
            browser = Browser(socket)
            browser.call("Page.enable")
            for domain in ("Network", "Runtime", "Log"):
                browser.call(f"{domain}.enable")
            browser.resize(width)
            yield browser
    finally:
        process.terminate()
        process.wait(30)


def _pages(address: str) -> list[dict[str, Any]]:
    import urllib.request

    until = time.monotonic() + 30
    while True:
        with urllib.request.urlopen(address, timeout=10) as answer:
            pages = [page for page in json.load(answer) if page["type"] == "page"]
        if pages or time.monotonic() > until:
            return pages
        time.sleep(0.05)
