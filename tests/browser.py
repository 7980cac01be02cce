<<<<<<< HEAD
"""Chromium without a screen, driven through its own protocol: pages are opened, clicked and read as a person does."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
import subprocess
import time
=======
"""Headless Chromium as tests drive it, over its own protocol: a page at any width, what it asks the network for, what a key
or a click does, how it prints."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import re
import shutil
import subprocess
>>>>>>> 5fd1fd8 (A static site of zones, series, dictionary and downloads stands beside the bulletins, for the office and for everybody)
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

<<<<<<< HEAD
CHROMIUM = shutil.which("chromium")


class Browser:
    """One page of one browser. Whatever it asks of another machine than this one fails, and is noted in `refused`."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.refused: list[str] = []

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
            browser.call("Network.enable")
            browser.call(  # a window cannot be as narrow as a phone
                "Emulation.setDeviceMetricsOverride",
                width=width, height=900, deviceScaleFactor=1, mobile=width < 600,
            )  # fmt: skip
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
=======
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_WAIT_S = 60


class Page:
    """A tab. `requests` are the addresses that it asked for, `errors` what it said of scripts and policies."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._numbers = socket, itertools.count(1)
        self.requests: list[str] = []
        self.errors: list[str] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command, and its answer."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            said = self._receive()
            if said.get("id") == number:
                assert "error" not in said, said
                return dict(said["result"])

    def _receive(self) -> dict[str, Any]:
        said = json.loads(self._socket.recv(timeout=_WAIT_S))
        told = said.get("params", {})
        if said.get("method") == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif said.get("method") == "Runtime.exceptionThrown":
            self.errors.append(str(told["exceptionDetails"]))
        elif said.get("method") == "Log.entryAdded":
            self.errors.append(told["entry"]["text"])
        return dict(said)

    def open(self, address: str, width: int = 1280) -> None:
        """Show a page in a window so many pixels wide, and wait until it stands."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=address)
        while self._receive().get("method") != "Page.loadEventFired":
            pass
        # the blank page's event may have come late
        while self.ask("location.href === 'about:blank' || document.readyState !== 'complete'"):
            pass

    def ask(self, script: str) -> Any:
        """What an expression gives in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """A key, as a person presses it."""
        named = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        text = {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **named, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **named)

    def type(self, text: str) -> None:
        """Text into what has the focus."""
        self.call("Input.insertText", text=text)

    def picture(self, width: int, height: int) -> bytes:
        """The top of the page as PNG."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(shot["data"])

    def to_pdf(self) -> bytes:
        """The page as it prints."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True)
        return base64.b64decode(printed["data"])


@contextlib.contextmanager
def browsing(profile: Path) -> Iterator[Page]:
    """Chromium with an empty profile, which finds no host by name."""
    assert CHROMIUM
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={profile}", "--remote-debugging-port=0",
        "--remote-allow-origins=*", "about:blank",
    ]  # fmt: skip
    program = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        assert program.stderr
        found = next(
            f for line in program.stderr if (f := re.search(r"ws://(\S+?)/devtools/", line))
        )
        with connect(
            f"ws://{found[1]}/devtools/browser/{_browser_of(profile)}", max_size=None
        ) as main:
            main.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
            targets = json.loads(main.recv(timeout=_WAIT_S))["result"]["targetInfos"]
        [tab] = [t["targetId"] for t in targets if t["type"] == "page"]
        with connect(f"ws://{found[1]}/devtools/page/{tab}", max_size=None) as socket:
            yield Page(socket)
    finally:
        program.terminate()
        program.wait(timeout=_WAIT_S)


def _browser_of(profile: Path) -> str:
    return (profile / "DevToolsActivePort").read_text().splitlines()[1].rpartition("/")[2]
>>>>>>> 5fd1fd8 (A static site of zones, series, dictionary and downloads stands beside the bulletins, for the office and for everybody)
