"""Which consumer groups have members, by the brokers' word. Reads no record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.errors import for_code
from aiokafka.protocol.admin import DescribeGroupsRequest

__all__ = ["joined"]

#: States of a group without members.
_NOBODY: Final = ("Empty", "Dead")


class _Describe(DescribeGroupsRequest):  # type: ignore[misc]
    """Asks by version 2: aiokafka 0.14 takes the answer to version 3 for one to version 2, and reads it wrong."""

    def prepare(self, versions: dict[int, tuple[int, int]]) -> Any:
        lowest, highest = versions[self.API_KEY]
        return super().prepare({**versions, self.API_KEY: (lowest, min(highest, 2))})


async def joined(kafka: str, groups: Sequence[str]) -> set[str]:
    """Those of the groups that have members, or whose members just come to terms.

    Args:
        kafka: bootstrap servers.
        groups: names of consumer groups; one that is not there has no members.

    Raises:
        KafkaError: a broker does not answer.
    """
    client = AIOKafkaClient(bootstrap_servers=kafka, client_id="motcua-members")
    found = set()
    try:
        await client.bootstrap()
        for group in groups:
            node = await client.coordinator_lookup(CoordinationType.GROUP, group)
            answer = await client.send(node, _Describe([group]))
            for error, name, state, *_ in answer.groups:
                if error:
                    raise for_code(error)(name)
                if state not in _NOBODY:
                    found.add(name)
    finally:
        await client.close()
    return found
