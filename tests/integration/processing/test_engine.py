"""An epoch that another engine derived: processing refuses to go on with it, and tells where it was left."""

from __future__ import annotations

from tests.integration.processing.bench import Bench, dossier
from tests.waiting import until_async


async def test_it_says_that_the_database_was_derived_by_another_engine(bench: Bench) -> None:
    await bench.database["meta"].insert_one({"_id": "engine", "version": "of old"})
    replica = await bench.start()
    await until_async(lambda: "engine of old" in (replica.trouble or ""), "the refusal")
    assert replica.stream is None
    assert any("motcua rebuild" in one for one in await replica.away())


async def test_it_tells_where_another_engine_left_the_epoch_so_that_a_rebuild_need_not_wait(bench: Bench) -> None:
    replica = await bench.start()
    await bench.send([dossier(number)[0] for number in range(20)])
    await bench.caught_up()
    await bench.stop(replica)
    stored = {one["_id"]: one["next"] async for one in bench.database["checkpoints"].find()}
    await bench.database["meta"].update_one({"_id": "engine"}, {"$set": {"version": "of old"}})
    successor = await bench.start()
    await until_async(lambda: successor.positions().partitions, "the places the old engine left")
    told = successor.positions().partitions
    assert {int(number): place.next for number, place in told.items()} == stored
    assert {place.state for place in told.values()} == {"stopped"}
