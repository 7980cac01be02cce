"""The work pool, the deployments and the automations that keep an installation running.

All of it may be put on a server as often as one likes: what exists is brought up to date. The
automations are two: a run whose process died without a word is marked as crashed, and whoever was
named is told of every run that is red.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import cast
from uuid import UUID

from prefect.blocks.notifications import SlackWebhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.deployments import run_deployment
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectAlreadyExists
from prefect.workers.process import ProcessWorker
from pydantic import SecretStr

from flows.model.clock import now_in_utc
from flows.orchestration.faults import PROCESS_DIED

POOL = "jibao"
_BLOCK = "jibao-notify"
_LOST = "jibao: a run without a sign of life is marked as crashed"
_TOLD = "jibao: whoever is named is told of a red run"
_OURS = ResourceSpecification(
    {
        "prefect.resource.role": "flow",
        "prefect.resource.name": [
            "quarterly",
            "backfill",
            "quality",
            "watch",
            "revalidate",
            "maintain",
        ],
    }
)


def prepare_server(home: Path, notify: str | None = None, silence_s: int = 180) -> None:
    """The pool, every deployment of `home`, and the automations.

    Raises RuntimeError with what Prefect answered.
    """
    asyncio.run(_make_pool())
    deploy_all(home)
    asyncio.run(_automate(notify, silence_s))


def await_server(api: str, patience_s: float, look: Callable[[], object]) -> None:
    """Wait until a server answers, and `look` at how it does meanwhile. Raises TimeoutError."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        look()
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{api}/health", timeout=5):
            return
        time.sleep(0.3)
    raise TimeoutError(
        f"Prefect 服务器 {api} 没有应答 · "
        f"Prefect's server did not answer at {api} within {patience_s:.0f} s"
    )


def start_watching() -> None:
    """Start a watcher now, until the schedule starts the next one on the hour."""
    left = 60 - now_in_utc().minute
    run_deployment("watch/watch", parameters={"minutes": max(left - 1, 0.5)}, timeout=0)


async def _make_pool() -> None:
    async with get_client() as client:
        try:
            template = ProcessWorker.get_default_base_job_template()
            await client.create_work_pool(
                WorkPoolCreate(name=POOL, type="process", base_job_template=template)
            )
        except ObjectAlreadyExists:
            return


def deploy_all(home: Path) -> None:
    """What `prefect --no-prompt deploy --all` does in the folder of the installation."""
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(
        command,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "JIBAO_HOME": str(home)},
    )
    if done.returncode:
        raise ChildProcessError(
            f"{home / 'prefect.yaml'} 的部署没有成功 · "
            f"the deployments of {home / 'prefect.yaml'} were not made:\n"
            f"{(done.stdout + done.stderr)[-3000:]}"
        )


async def _automate(notify: str | None, silence_s: int) -> None:
    await mark_lost_runs(silence_s)
    if notify:
        await tell_of_red_runs(notify)


async def mark_lost_runs(silence_s: int) -> None:
    """Mark a run as crashed that was silent for `silence_s` seconds: its process was killed."""
    trigger = EventTrigger(
        # every state in which a process of ours starts or is at work: one that dies before its
        # first heartbeat is missed as well, and an event that is only expected, and comes when the
        # process is dead already, would close the watch
        after={
            f"prefect.flow-run.{sign}"
            for sign in ("heartbeat", "Pending", "Running", "Waiting", "Retrying", "Cancelling")
        },
        expect={"prefect.flow-run.*"},
        match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
        match_related=_OURS,
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=dt.timedelta(seconds=silence_s),
    )
    await _keep(
        _LOST,
        trigger,
        ChangeFlowRunState(name=None, state=StateType.CRASHED, message=PROCESS_DIED, force=False),
    )


async def tell_of_red_runs(address: str) -> None:
    """Send a message to an Apprise address (mailto://, json://, dingtalk:// …) for a red run."""
    # the block hands its address to Apprise as it is, whatever service that names
    block = SlackWebhook(url=SecretStr(address), notify_type="failure")
    block_id = cast(UUID, await block.save(_BLOCK, overwrite=True))
    trigger = EventTrigger(
        expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"},
        match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
        match_related=_OURS,
        posture=Posture.Reactive,
        threshold=1,
    )
    message = SendNotification(
        block_document_id=block_id,
        subject="季报运行 {{ flow_run.state.name }}"
        " · jibao: {{ flow.name }} {{ flow_run.state.name }}",
        body="{{ flow_run.name }}\n{{ flow_run.state.message }}\n{{ flow_run|ui_url }}",
    )
    await _keep(_TOLD, trigger, message)


async def _keep(
    name: str, trigger: EventTrigger, action: ChangeFlowRunState | SendNotification
) -> None:
    """Make the automation, or bring the one of that name up to date."""
    async with get_client() as client:
        wanted = AutomationCore(name=name, trigger=trigger, actions=[action])
        existing = await client.read_automations_by_name(name)
        if existing:
            await client.update_automation(existing[0].id, wanted)
        else:
            await client.create_automation(wanted)
