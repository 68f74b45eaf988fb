"""Fixtures of all suites: the shared broker and database, whole stacks, and the promise to leave nothing running."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import settings

from deploy.local.stack import LocalStack
from tests.stack import RUN_MARK, Backends, StackFactory, free_ports, left_behind, stop

# The runner tells its workers how wide the terminal is; screens are compared as a log has them.
os.environ.pop("COLUMNS", None)
#: Examples are drawn the same way each time, so that a run that passed passes again; a soak looks for new ones.
settings.register_profile("repeatable", derandomize=not os.environ.get("MOTCUA_SOAK"), deadline=None, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture(scope="session", autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test run leaves no process behind; what is found at its end is ended, and the run fails."""
    mark = os.environ[RUN_MARK] = uuid.uuid4().hex
    yield
    left = list(left_behind(mark, patience=5))
    assert not left, "still running after the last test: " + "; ".join(left)


@pytest.fixture(scope="session")
def backends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backends]:
    """One real broker and database for the whole run, without services."""
    stack = LocalStack(tmp_path_factory.mktemp("backends"))
    try:
        stack.up(clock="data", services=(), preferred=free_ports())
        addresses = stack.addresses()
        yield Backends(stack, addresses["kafka"], addresses["mongo"])
    finally:
        stop(stack)


@pytest.fixture
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackFactory]:
    """Call it for a whole stack in a temporary home; all are ended after the test."""
    factory = StackFactory(tmp_path_factory.mktemp("stacks"))
    try:
        yield factory
    finally:
        factory.stop_all()
