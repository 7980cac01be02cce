"""The fingerprint of the code that writes what stands beside the warehouse, for it to be written
anew after an upgrade: exports, data packages, contract, structures, receipts and pages.

It covers whole packages, so that no file has to be named when it begins to matter. Of the views
that are written, `build.fingerprint` has one.
"""

from __future__ import annotations

import functools
import hashlib

from flows import PACKAGE_DIR

_WRITERS = ("publish/*.*", "reply/*.*", "warehouse/*.py", "model/*.py")


@functools.cache
def written_by() -> str:
    """Changes whenever that code or one of its templates changes."""
    digest = hashlib.sha256()
    for pattern in _WRITERS:
        for path in sorted(PACKAGE_DIR.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
