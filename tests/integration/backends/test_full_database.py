"""A database whose storage gave up on a full disk goes on answering pings: its keeper sees that and starts it anew."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import PyMongoError

from deploy.local import ports
from deploy.local.backends import secantus
from deploy.local.children import ChildSpec
from deploy.local.home import Home
from deploy.local.keeper import Keeper
from deploy.local.upkeep.asking import ask_storage
from tests.small_disk import fill, small_disk
from tests.waiting import until_async

PORT_NEAR = 29_500
#: Far more than the log file that the storage engine has laid out already.
MOST = 2_000


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[tuple[Keeper, Home, AsyncIOMotorClient[dict[str, Any]]]]:
    with small_disk(tmp_path / "disk", 200) as mounted:
        if not mounted:
            pytest.skip("no file system can be mounted here")
        home = Home(tmp_path / "disk" / "home")
        home.create()
        port = ports.choose(PORT_NEAR)
        command = tuple(secantus.command(home.mongo, port))
        spec = ChildSpec("mongo", 0, command, dict(os.environ), port=port, grace=5, patience=1.0, asked="storage")
        keeper = Keeper(spec, home, shortest=0.05, longest=0.5)
        keeper.start()
        await keeper.wait_ready()
        client: AsyncIOMotorClient[dict[str, Any]] = AsyncIOMotorClient(
            secantus.uri(port), serverSelectionTimeoutMS=2_000
        )
        yield keeper, home, client
        client.close()
        await keeper.stop()


async def test_it_is_started_anew_and_has_what_it_acknowledged(
    kept: tuple[Keeper, Home, AsyncIOMotorClient[dict[str, Any]]],
) -> None:
    keeper, home, client = kept
    port = keeper.spec.port
    assert port is not None
    things = client["t"]["things"]
    await things.insert_one({"_id": -1})
    assert await ask_storage(port, 5) == "ok"
    filler = fill(home.path)
    acknowledged = [-1]

    async def write_until_refused() -> None:
        for number in range(MOST):
            await things.insert_one({"_id": number, "bytes": os.urandom(20_000)})
            acknowledged.append(number)

    with pytest.raises(PyMongoError):
        await write_until_refused()
    filler.unlink()
    await until_async(lambda: keeper.restarts >= 1, "it to be started anew")

    async def kept_all() -> bool:
        try:
            found = {one["_id"] async for one in things.find({}, {"_id": 1})}
        except PyMongoError as error:
            raise LookupError(str(error)) from error
        return found >= set(acknowledged)

    await until_async(kept_all, "it to answer with what it acknowledged", 60)
    assert await ask_storage(port, 5) == "ok"
