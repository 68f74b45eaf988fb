"""A process that was asked to end and does not end leaves by itself, and says what held it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from shared.upkeep.leaving import EXIT_STATUS
from tests.stack import free_ports

PROGRAM = """
import asyncio, sys, threading, time
from contextlib import asynccontextmanager
from fastapi import FastAPI
from shared.catalogue.base import Meters
from shared.catalogue.every_service import SPECS
from shared.logging import configure_logging
from shared.settings import ServiceSettings
from shared.serving.serve import serve

configure_logging("test")

never = asyncio.Event()

async def held():
    while True:
        try:
            await never.wait()
        except asyncio.CancelledError:
            pass

@asynccontextmanager
async def lifespan(app):
    print("begun", flush=True)
    yield
    if sys.argv[1] == "task":
        await held()
    elif sys.argv[1] == "loop":
        time.sleep(3600)

app = FastAPI(lifespan=lifespan)
app.state.meters = Meters(SPECS)
serve(app, ServiceSettings(port=int(sys.argv[2]), stop_seconds=2))
"""


@pytest.mark.parametrize(
    ("holder", "status", "told"),
    [("task", EXIT_STATUS, "held"), ("loop", EXIT_STATUS, "lifespan"), ("nothing", -signal.SIGTERM, "")],
)
def test_it_leaves_and_says_what_held_it(holder: str, status: int, told: str) -> None:
    port = free_ports()["intake"]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, holder, str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    lines = []
    with process:
        for line in process.stdout:
            lines.append(line)
            if "Uvicorn running" in line:
                process.send_signal(signal.SIGTERM)
        assert process.wait(30) == status
    said = [json.loads(line) for line in lines if "did not end in time" in line]
    assert bool(said) == bool(told)
    for record in said:
        assert told in json.dumps([record["tasks"], record["threads"]])
