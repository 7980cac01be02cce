"""Nothing starts with a password of the samples in `docs/ops`, which everybody knows."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml
from typer.testing import CliRunner

from flows.cli import app
from flows.cli.shipped_passwords import SAMPLE, refuse_shipped_passwords
from tests.kept import REPOSITORY

OPS = REPOSITORY / "docs" / "ops"
SAMPLES = dict(
    line.split("=", 1)
    for line in (OPS / "jibao.env").read_text(encoding="utf-8").splitlines()
    if "=" in line and not line.startswith("#")
)
SECRET = [name for name, value in SAMPLES.items() if SAMPLE in value]


def test_each_secret_of_the_sample_is_refused_by_its_name() -> None:
    assert {"PREFECT_SERVER_API_AUTH_STRING", "JIBAO_SERVE_TOKEN"} <= set(SECRET)
    for name in SECRET:
        with pytest.raises(ValueError, match=f"^{name} .*口令.* · {name}: "):
            refuse_shipped_passwords({name: SAMPLES[name]})
    refuse_shipped_passwords(SAMPLES | dict.fromkeys(SECRET, "2f9e61c07a"))


@pytest.mark.parametrize(
    ("words", "asked"),
    [(["serve", "--all"], ["JIBAO_SERVE_TOKEN"]), (["deploy"], SECRET), (["up"], SECRET)],
    ids=["serve", "deploy", "up"],
)
def test_no_command_starts_with_it(words: list[str], asked: list[str]) -> None:
    own = SAMPLES | dict.fromkeys(SECRET, "2f9e61c07a")
    for name in asked:
        answer = CliRunner().invoke(app, words, env=own | {name: SAMPLES[name]})
        assert answer.exit_code == 2
        assert f"{name}: this is still the password" in answer.output


def test_the_server_unit_does_not_start_with_it() -> None:
    unit = (OPS / "jibao-server.service").read_text(encoding="utf-8")
    [command] = re.findall(r"^ExecStartPre=/bin/sh -c '(.*)'$", unit, re.M)
    before = ["/bin/sh", "-c", command]
    path = {"PATH": "/usr/bin:/bin"}
    assert subprocess.run(before, env=path | SAMPLES, check=False).returncode != 0
    own = SAMPLES | dict.fromkeys(SECRET, "2f9e61c07a")
    assert subprocess.run(before, env=path | own, check=False).returncode == 0


def test_containers_have_no_password_unless_it_is_given() -> None:
    text = (OPS / "compose.yaml").read_text(encoding="utf-8")
    assert SAMPLE not in text
    services = yaml.safe_load(text)["services"]
    secrets = {
        name: value
        for service in services.values()
        for name, value in service.get("environment", {}).items()
        if re.search("PASSWORD|AUTH_STRING|TOKEN", name)
    }
    assert len(secrets) == 4
    assert all(re.search(r"\$\{JIBAO_\w+:\?[^}]+\}$", value) for value in secrets.values())
