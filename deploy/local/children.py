"""What runs in a local stack: command line, environment and port of each process.

Describes; starts nothing. The order of `rank` is the order of starting, the reverse that of stopping.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

from deploy.local import kafka, keys, secantus
from deploy.local.errors import StackError
from deploy.local.home import SERVICES, Home, Stack
from deploy.local.ports import HOST, PREFERRED

__all__ = ["ChildSpec", "backends", "epoch_name", "preferred_ports", "replica_names", "service"]


_RANKS = {"kafka": 0, "mongo": 0, "intake": 1, "processing": 2, "metrics": 3}
#: Services end within this time, and the backends, which have more to write, within twice of it (seconds).
_GRACE = 10.0


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One process of the stack.

    Args:
        name: unique in the stack, also the name of its log.
        rank: place in the order of starting.
        argv: command line.
        env: its whole environment.
        port: port on 127.0.0.1 that answers once it has started; None for none.
        grace: seconds between the request to end and force.
        fallback: command line tried after a start that never answered.
    """

    name: str
    rank: int
    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    port: int | None = None
    grace: float = _GRACE
    fallback: tuple[str, ...] = ()


def _environment() -> dict[str, str]:
    """The caller's environment without its own settings of the services, which may point to another stack."""
    return {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")}


def preferred_ports(services: list[str], replicas: dict[str, int]) -> dict[str, int]:
    """Preferred port of every process of a stack, by name."""
    names = ["kafka", "controller", "mongo"]
    wanted = {name: PREFERRED[name] for name in names}
    for name in services:
        for place, replica in enumerate(replica_names(name, replicas.get(name, 1))):
            wanted[replica] = PREFERRED[name] + 10 * place
    return wanted


def replica_names(name: str, count: int) -> list[str]:
    """Names of a service's processes: the first is called like the service."""
    return [name, *(f"{name}-{number}" for number in range(2, count + 1))]


def epoch_name(epoch: int) -> str:
    """Name of the process that derives another epoch beside the live one."""
    return f"processing-e{epoch}"


def backends(home: Home, stack: Stack, broker: kafka.Broker) -> list[ChildSpec]:
    """Broker and database."""
    quick, plain = broker.quick_command(), broker.command()
    return [
        ChildSpec(
            "kafka",
            _RANKS["kafka"],
            tuple(quick),
            _environment(),
            port=broker.port,
            grace=2 * _GRACE,
            fallback=tuple(plain) if plain != quick else (),
        ),
        ChildSpec(
            "mongo",
            _RANKS["mongo"],
            tuple(secantus.command(home.mongo, stack.ports["mongo"])),
            _environment(),
            port=stack.ports["mongo"],
            grace=2 * _GRACE,
        ),
    ]


def service(home: Home, stack: Stack, kind: str, name: str, epoch: int | None = None) -> ChildSpec:
    """One process of a service.

    Args:
        home: the stack's folders.
        stack: its ports and settings; the port of `name` must be chosen already.
        kind: the service: intake, processing or metrics.
        name: the process: the service, a replica of it, or a further epoch of processing.
        epoch: the epoch to derive; None for the live one.
    """
    if kind not in SERVICES:
        raise StackError(f"service {kind} is not known: choose one of {', '.join(SERVICES)}")
    port = stack.ports[name]
    settings = {
        "MOTCUA_KAFKA": f"{HOST}:{stack.ports['kafka']}",
        "MOTCUA_MONGO": secantus.uri(stack.ports["mongo"]),
        "MOTCUA_HOST": HOST,
        "MOTCUA_PORT": str(port),
        "MOTCUA_CLOCK": stack.clock,
        "MOTCUA_SIMULATED": "true" if stack.simulated else "false",
        "MOTCUA_ZONE": stack.zone,
        "MOTCUA_PARTITIONS": str(stack.partitions),
    }
    if kind == "intake":
        settings["MOTCUA_KEYS_FILE"] = str(keys.bootstrap_file(home))
    if kind == "processing" and "intake" in stack.ports:
        settings["MOTCUA_INTAKE"] = f"http://{HOST}:{stack.ports['intake']}"
    if kind == "processing" and epoch is not None:
        settings["MOTCUA_EPOCH"] = str(epoch)
    if kind == "metrics":
        settings["MOTCUA_IMAGE_DIR"] = str(home.metrics / name)
    env = _environment() | settings | stack.settings | {"PYTHONUNBUFFERED": "1"}
    return ChildSpec(name, _RANKS[kind], (sys.executable, "-m", f"services.{kind}"), env, port=port)
