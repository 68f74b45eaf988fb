"""`python -m deploy.local.backends.topics`, as compose runs it: harmless to repeat, clear about what does not fit."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

from deploy.local.backends.fence import is_fenced, put_up
from deploy.local.backends.jars import ROOT
from shared.broker.topics import JOURNAL
from tests.stack import Backends, free_ports


def _run(**settings: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")} | settings
    command = [sys.executable, "-m", "deploy.local.backends.topics"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_topics_that_are_there_stay(backends: Backends) -> None:
    done = _run(MOTCUA_KAFKA=backends.kafka, MOTCUA_PARTITIONS="4")
    assert done.returncode == 0, done.stderr
    assert "epoch 1" in done.stdout


def test_other_partition_count_is_refused(backends: Backends) -> None:
    done = _run(MOTCUA_KAFKA=backends.kafka, MOTCUA_PARTITIONS="5")
    assert done.returncode == 1
    assert "has 4 partitions, not 5" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_broken_off_growth_left_is_mended(backends: Backends) -> None:
    asyncio.run(put_up(backends.kafka, JOURNAL))
    assert asyncio.run(is_fenced(backends.kafka, JOURNAL))
    assert _run(MOTCUA_KAFKA=backends.kafka, MOTCUA_PARTITIONS="4").returncode == 0
    assert not asyncio.run(is_fenced(backends.kafka, JOURNAL))


def test_another_generation_is_refused(backends: Backends) -> None:
    done = _run(MOTCUA_KAFKA=backends.kafka, MOTCUA_PARTITIONS="4", MOTCUA_GENERATION="2")
    assert done.returncode == 1
    assert "set MOTCUA_GENERATION=1 and MOTCUA_PARTITIONS=4" in done.stderr


def test_absent_broker_is_named() -> None:
    absent = f"127.0.0.1:{free_ports()['kafka']}"
    done = _run(MOTCUA_KAFKA=absent, MOTCUA_WAIT_SECONDS="0")
    assert done.returncode == 1
    assert f"MOTCUA_KAFKA: {absent}" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_wrong_setting_is_named() -> None:
    done = _run(MOTCUA_REPLICATION="0")
    assert done.returncode == 2
    assert done.stderr.startswith("MOTCUA_REPLICATION:")
