"""Fixtures that several test modules of this folder use."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.integration.gate import Gate
from tests.integration.metrics.replica import backends_alone, new_epoch
from tests.integration.processing.bench import Bench
from tests.stack import Backends


@pytest_asyncio.fixture
async def bench(backends: Backends) -> AsyncIterator[Bench]:
    """A journal, database and epoch of the test's own, with replicas of processing that it starts."""
    made = Bench(backends)
    await made.open()
    yield made
    await made.close()


@pytest_asyncio.fixture
async def gate(backends: Backends) -> AsyncIterator[Gate]:
    """A way to the database that can be shut."""
    address = urlsplit(backends.mongo)
    made = Gate(address.hostname or "127.0.0.1", address.port or 27017)
    await made.open()
    yield made
    await made.shut()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backends]:
    """A broker and database of a module that tries metrics."""
    with backends_alone(tmp_path_factory.mktemp("metrics")) as backends:
        yield backends


@pytest.fixture
async def epoch(own: Backends) -> int:
    """A new live epoch with its empty topic."""
    return await new_epoch(own)
