"""What a reader says of a file that it refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flows.model.errors import UnreadableError


def refusal(read: Callable[..., object], *given: object) -> UnreadableError:
    """The error that `read(*given)` raises."""
    with pytest.raises(UnreadableError) as refused:
        read(*given)
    return refused.value
