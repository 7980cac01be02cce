"""The passwords of the samples in `docs/ops` are known to everybody: nothing starts with one."""

from __future__ import annotations

from collections.abc import Mapping

SAMPLE = "change-me"
_SECRETS = (
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_API_AUTH_STRING",
    "PREFECT_API_DATABASE_CONNECTION_URL",
    "JIBAO_SERVE_TOKEN",
    "JIBAO_FILES_URL",
)


def refuse_shipped_passwords(environment: Mapping[str, str]) -> None:
    """Raises ValueError naming each setting that still has the password of a sample."""
    if named := ", ".join(name for name in _SECRETS if SAMPLE in environment.get(name, "")):
        raise ValueError(
            f"{named} 仍是样例中的口令，人人皆知：请换成自己的，如 `openssl rand -hex 24` 所给 · "
            f"{named}: this is still the password of the sample, which everybody knows; set one "
            "of your own, as `openssl rand -hex 24` makes it"
        )
