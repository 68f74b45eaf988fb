"""What is done to a running stack, and a seeded plan of when.

Every fault is what happens to real machines: killed processes, a consumer or a broker frozen until others took its
work, replicas that come and go, a broker or the database that is away for a while, a full disk; or what a sender or a
reader can do within all limits.
"""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local.children import broker_names
from deploy.local.errors import StackError
from deploy.operations.epochs.reading import ends_of
from tests.faults import frozen, room
from tests.faults.hostile import HOSTILE, Hostile
from tests.suite import Suite
from tests.waiting import until

__all__ = ["BROKERS", "FULL_DISK", "KINDS", "REPLICAS", "Fault", "Faults", "plan"]

#: The topology under fault, as in production: the journal on three brokers, of which two must have an entry.
BROKERS = 3
REPLICAS = 2

#: Only where the stack's home is a small file system of its own.
FULL_DISK = "full_disk"

#: Processing has the most to lose, so it is killed more often.
KINDS = (
    "kill_intake",
    "kill_processing",
    "kill_processing",
    "kill_processing",
    "kill_metrics",
    "kill_broker",
    "kill_database",
    "freeze_broker",
    "freeze_processing",
    "freeze_batch",
    "add_processing",
    "add_metrics",
    "remove_processing",
    "remove_metrics",
    "broker_away",
    "database_away",
    *HOSTILE,
    FULL_DISK,
)


@dataclass(frozen=True)
class Fault:
    """A fault and the part of the import that is done when it strikes."""

    kind: str
    at: float


def plan(seed: int, count: int, kinds: Collection[str] = KINDS) -> list[Fault]:
    """Faults at random points of an import: each round has every kind, a replica added before one is removed.

    Args:
        seed: decides everything.
        count: how many.
        kinds: which.
    """
    chance = random.Random(seed)
    planned: list[str] = []
    while len(planned) < count:
        round_ = list(kinds)
        chance.shuffle(round_)
        for service in ("processing", "metrics"):
            if f"add_{service}" not in round_:
                continue
            add, remove = round_.index(f"add_{service}"), round_.index(f"remove_{service}")
            if add > remove:
                round_[add], round_[remove] = round_[remove], round_[add]
        planned += round_
    places = sorted(chance.uniform(0.03, 0.97) for _ in range(count))
    return [Fault(kind, at) for kind, at in zip(planned, places, strict=False)]


class Faults:
    """Applies faults to a stack; each returns when it has struck, not when all has healed.

    Args:
        suite: the stack.
        seed: decides which replica is struck.
        sent: returns once more entries were acknowledged, or after a few seconds without.
        wishes: the folder in which replicas of processing look whether they are to be frozen (tests/faults/frozen.py).
        hostile: does what senders and readers can do.
    """

    def __init__(self, suite: Suite, seed: int, sent: Callable[[], None], wishes: Path, hostile: Hostile) -> None:
        self._suite = suite
        self._stack = suite.stack
        self._chance = random.Random(seed + 1)
        self._sent = sent
        self._wishes = wishes
        self._hostile = hostile
        self._brokers = broker_names(suite.stack.home.load())

    def apply(self, fault: Fault) -> str:
        """Let a fault strike; says what was struck."""
        if fault.kind in HOSTILE:
            return HOSTILE[fault.kind](self._hostile)
        kind, _, what = fault.kind.partition("_")
        strikes: dict[str, Callable[[], str]] = {
            FULL_DISK: lambda: room.run_full(self._suite, self._sent),
            "freeze_broker": self._freeze_broker,
            "freeze_batch": lambda: self._freeze(in_hand=True),
            "freeze_processing": lambda: self._freeze(in_hand=False),
            "broker_away": lambda: self._away(self._chance.choice(self._brokers)),
            "database_away": lambda: self._away("mongo"),
        }
        if fault.kind in strikes:
            return strikes[fault.kind]()
        if kind == "kill":
            return self._kill({"broker": "kafka", "database": "mongo"}.get(what, what))
        return self._replicas(what, REPLICAS + 1 if kind == "add" else REPLICAS)

    def _kill(self, service: str) -> str:
        names = {"kafka": self._brokers, "mongo": ["mongo"]}.get(service) or self._suite.names(service)
        name = self._chance.choice(names)
        return f"kill -9 {name} ({self._signal(name, signal.SIGKILL)})"

    def _signal(self, name: str, number: int) -> int:
        """Send a signal as soon as the process runs: it may just be starting again after the fault before."""

        def struck() -> int:
            try:
                return self._stack.kill(name, number)
            except StackError as error:
                raise LookupError(str(error)) from error

        return until(struck, f"{name} to run", 60)

    def _replicas(self, service: str, count: int) -> str:
        names = self._stack.request("replicas", name=service, count=count)["names"]
        return f"{service} runs as {', '.join(names)}"

    def _away(self, name: str) -> str:
        self._stack.request("stop", name=name)
        try:
            self._sent()
        finally:
            self._stack.request("start", name=name)
        return f"{name} was away"

    def _freeze_broker(self) -> str:
        """Freeze a broker until the others go on without it; then it comes back to a cluster with other leaders."""
        name = self._chance.choice(self._brokers)
        others = ",".join(
            f"127.0.0.1:{self._stack.home.load().ports[other]}" for other in self._brokers if other != name
        )
        all_there = partial(_answering, others, len(self._brokers))
        until(all_there, "all brokers to be in the cluster", 60)
        self._signal(name, signal.SIGSTOP)
        try:
            until(partial(_answering, others, len(self._brokers) - 1), f"{name} to be left out", 60)
            self._sent()
        finally:
            self._signal(name, signal.SIGCONT)
        return f"{name} was frozen until the cluster had left it out"

    def _freeze(self, *, in_hand: bool) -> str:
        """Freeze a consumer until the broker has given its partitions away, then let it go on.

        Args:
            in_hand: at the moment when it has a batch in its producer, which it sends when it goes on.
        """
        wanted = len(self._suite.names("processing"))
        members = until(lambda: self._when_joined(wanted), "all of processing to be in its group", 90)
        name = self._chance.choice(self._suite.names("processing"))
        pid = self._signal(name, 0) if in_hand else self._signal(name, signal.SIGSTOP)
        if in_hand:
            frozen.freeze(self._wishes, [pid])
        try:
            if in_hand:
                self._sent()
                until(lambda: frozen.stands(pid), f"{name} to stand with a batch in hand", 30)
            until(lambda: len(self._members()) < len(members), f"{name} to lose its partitions", 60)
            self._sent()
            if in_hand:
                ends = asyncio.run(ends_of(self._suite.address("kafka"), self._suite.journal, self._suite.partitions))
                until(lambda: self._took(ends, but=name), "the others to take what was sent meanwhile", 60)
        finally:
            frozen.thaw(self._wishes, pid)
        return f"{name} was frozen until it had lost its partitions" + (", a batch in hand" if in_hand else "")

    def _took(self, ends: dict[int, int], *, but: str) -> bool:
        """Whether all replicas of processing but one have written what the journal holds up to these ends.

        Raises:
            LookupError: not yet; says where they are.
        """
        places: dict[str, int] = {}
        for name in self._suite.names("processing"):
            if name != but:
                told = self._suite.get(name, "/v1/positions").json()["partitions"]
                places |= {number: place["next"] or 0 for number, place in told.items()}
        if all(places.get(str(number), 0) >= end for number, end in ends.items()):
            return True
        raise LookupError(f"at {places} of {ends}")

    def _when_joined(self, count: int) -> set[str]:
        """The group's members once every process of the service is ready; one just killed is a member for a while.

        Raises:
            LookupError: not yet; says what is seen instead.
        """
        seen = {one.name: one.health for one in self._stack.status().processes if one.name.startswith("processing")}
        if len(seen) != count or set(seen.values()) != {"ready"}:
            raise LookupError(f"{count} are wanted, seen are {seen}")
        members = self._members()
        if len(members) != count:
            raise LookupError(f"{count} members are wanted, seen are {sorted(members)}")
        return members

    def _members(self) -> set[str]:
        """Members of processing's consumer group, as the broker sees them.

        Raises:
            LookupError: the broker cannot be asked.
        """
        epoch = self._stack.request("status")["epoch"]
        return asyncio.run(_group_members(self._suite.address("kafka"), f"motcua-processing-e{epoch}"))


def _answering(kafka: str, wanted: int) -> bool:
    """Whether the controller counts so many brokers as alive.

    Raises:
        LookupError: the cluster cannot be asked, or has another number; says which.
    """
    found = asyncio.run(_alive(kafka))
    if found == wanted:
        return True
    raise LookupError(f"{found} brokers of the cluster are alive")


async def _alive(kafka: str) -> int:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=3000)
    try:
        await asyncio.wait_for(admin.start(), 5)
        return len((await asyncio.wait_for(admin.describe_cluster(), 5))["brokers"])
    except (KafkaError, TimeoutError, OSError) as error:
        raise LookupError(f"the cluster at {kafka}: {error!r}") from error
    finally:
        await admin.close()


async def _group_members(kafka: str, group: str) -> set[str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka, request_timeout_ms=3000)
    try:
        await asyncio.wait_for(admin.start(), 5)
        answer = await asyncio.wait_for(admin.describe_consumer_groups([group]), 5)
    except (KafkaError, TimeoutError, OSError) as error:
        raise LookupError(f"group {group}: {error!r}") from error
    finally:
        await admin.close()
    members: set[str] = set()
    for response in answer:
        for _error, _name, state, _protocol_type, _protocol, found in (one[:6] for one in response.groups):
            if state == "Stable":
                members |= {member[0] for member in found}
            elif state != "Empty":
                raise LookupError(f"group {group} is {state}")
    return members
