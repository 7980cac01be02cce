"""Who does what is done: the account and the machine that a process runs as."""

from __future__ import annotations

import getpass
import os
import socket


def account() -> str:
    """The account's name, or its number where it has none, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def machine() -> str:
    """The machine's name."""
    return socket.gethostname()
