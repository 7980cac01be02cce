"""Where in the folder of replies that stands which goes back about a submission."""

from __future__ import annotations

import os
from pathlib import Path

from flows.model.submission import Submission
from flows.reply.receipt import Facts

_MAX_NAME = 200  # bytes of a file's name that is no form; a file system takes 255 in all


def reply_path(replies: Path, sent: Submission | Facts, ending: str) -> Path:
    """`<zone>/<period>/<form>.<submission>.<ending>`. Of a name that fits no form the file has as
    much as file systems take with our ending, and the identity of the submission tells it from
    others.
    """
    name = os.fsencode(sent.form)[:_MAX_NAME].decode(errors="ignore")
    return replies / sent.zone / sent.period / f"{name}.{sent.submission}.{ending}"
