"""A replica stays in its group, or comes back to it, whatever the client of the journal meets while it joins."""

from __future__ import annotations

from typing import Any

import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaError

from tests.integration.processing.bench import PARTITIONS, Bench, dossier
from tests.waiting import until_async


class _FailingOnce:
    """Joining the group again fails once, in a way the client hands on to whoever polls next."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        self.failed = False
        join = GroupCoordinator._do_rejoin_group

        async def failing(coordinator: GroupCoordinator, subscription: Any) -> Any:
            if coordinator.member_id and not self.failed:
                self.failed = True
                raise error
            return await join(coordinator, subscription)

        monkeypatch.setattr(GroupCoordinator, "_do_rejoin_group", failing)


@pytest.mark.parametrize("error", [KafkaError("unexpected in the answer to joining"), ValueError("of the client")])
async def test_a_join_that_fails_costs_no_membership(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """While a member joins it has no partitions, so no worker polls, and the client waits until somebody does."""
    first = await bench.start()
    await bench.caught_up()
    failing = _FailingOnce(monkeypatch, error)
    second = await bench.start()
    await until_async(lambda: failing.failed, "the first replica to join again", 30)

    def shared() -> bool:
        held = [set(replica.workers()) for replica in (first, second)]
        return all(held) and set.union(*held) == set(range(PARTITIONS)) and not set.intersection(*held)

    await until_async(shared, "both replicas to have partitions", 60)
    await bench.send([one for number in range(8) for one in dossier(number)])
    await bench.caught_up()
    await bench.check()
