"""Each rule of the project's own lint finds what it is for, and lets pass what it must."""

from __future__ import annotations

import ast

import pytest

from tests.lint.rules import ROOM, Module, check, full_folders

DOC = '"""Doc."""\n'

OFFENDING = [
    ("services/intake/app.py", "import datetime\nx = datetime.datetime.now(None)"),
    ("services/intake/app.py", "import time\nx = time.time()"),
    ("shared/instants.py", "from datetime import datetime\nx = datetime(2026, 1, 1)"),
    ("services/metrics/follow/reader.py", "from motor.motor_asyncio import AsyncIOMotorClient"),
    ("services/metrics/follow/reader.py", "async def f(c):\n    await c.update_one({}, {})"),
    ("services/processing/engine.py", "import asyncio"),
    ("services/processing/facts/life.py", "from shared.clock import SystemClock"),
    ("services/processing/facts/life.py", "x = open('a')"),
    ("services/processing/engine.py", "async def f(): ..."),
    ("services/metrics/app.py", "from services.processing.engine import apply_entry"),
    ("shared/broker/kafka.py", "import services.intake.app"),
    ("services/metrics/app.py", "import deploy.local.stack"),
    ("deploy/local/stack.py", "from motcua.cli.main import main"),
    ("simulator/files.py", "from services.intake.app import make_app"),
    ("motcua/importing/client.py", "import services.intake.doors.door"),
    ("motcua/importing/client.py", "import time\nx = time.time()"),
    ("tests/oracle/cases/facts.py", "from shared.instants import DAY"),
    ("tests/integration/test_x.py", "import time\ntime.sleep(1)"),
    ("services/intake/app.py", "import asyncio\nasync def f(x):\n    await asyncio.wait_for(x, 1)"),
    ("deploy/local/keeper.py", "from asyncio import wait_for"),
    ("services/intake/utils.py", "x = 1"),
    ("services/intake/long.py", "\n" * 300 + "x = 1"),
]

FINE = [
    ("shared/clock.py", "import time\nx = time.time_ns()"),
    ("services/intake/app.py", "from datetime import UTC, datetime\nx = datetime(2026, 1, 1, tzinfo=UTC)"),
    ("services/intake/app.py", "import time\nx = time.monotonic()"),
    ("services/metrics/results/store.py", "async def f(c):\n    await c.update_one({}, {})"),
    ("services/processing/app.py", "from services.processing.engine import apply_entry\nimport asyncio"),
    ("tests/waiting.py", "import asyncio\nasync def f():\n    await asyncio.sleep(0.1)"),
    ("motcua/cli/data/importing.py", "import motcua.importing\nimport deploy.local.stack"),
    ("tests/unit/test_x.py", "import asyncio\nasync def f(x):\n    await asyncio.wait_for(x, 1)"),
]


@pytest.mark.parametrize(("path", "code"), OFFENDING)
def test_offence_is_found(path: str, code: str) -> None:
    assert check(Module(path, ast.parse(DOC + code)))


@pytest.mark.parametrize(("path", "code"), FINE)
def test_allowed_code_passes(path: str, code: str) -> None:
    assert check(Module(path, ast.parse(DOC + code))) == []


def test_missing_docstring_is_found() -> None:
    assert check(Module("shared/x.py", ast.parse("x = 1")))


def test_a_folder_that_is_too_full_is_found() -> None:
    modules = [f"services/intake/m{number}.py" for number in range(ROOM + 1)]
    assert [offence.path for offence in full_folders(modules)] == ["services/intake"]
    assert not list(full_folders([*modules[:ROOM], "services/intake/__init__.py", "services/intake/doors/api.py"]))
