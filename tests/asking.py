"""What tests ask of a server, and how they wait: most of what Prefect's server knows it writes down a moment after it happened."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any


def ask(address: str, body: Any = None) -> Any:
    """An answer of Prefect's API; with a body it is a POST."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(
        urllib.request.Request(address, data, {"content-type": "application/json"}), timeout=60
    ) as answer:
        return json.loads(answer.read())


def wait_for(what: str, look: Callable[[], Any], patience_s: float) -> Any:
    """What `look` finds, once it finds something."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            if found := look():
                return found
        time.sleep(0.2)
    raise AssertionError(f"waited {patience_s:.0f} s in vain for {what}")
