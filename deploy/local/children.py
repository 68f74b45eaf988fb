"""What runs in a local stack: command line, environment and port of each process.

Describes; starts nothing. The order of `rank` is the order of starting, the reverse that of stopping.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from typing import Literal

from deploy.local import keys
from deploy.local.backends import kafka, secantus
from deploy.local.errors import StackError
from deploy.local.home import SERVICES, Home, Stack
from deploy.local.ports import HOST, PREFERRED

__all__ = [
    "ChildSpec",
    "backends",
    "bootstrap",
    "broker_names",
    "brokers",
    "epoch_name",
    "preferred_ports",
    "process_names",
    "replica_names",
    "service",
]


_RANKS = {"kafka": 0, "mongo": 0, "intake": 1, "processing": 2, "metrics": 3}
#: Services end within this time, and the backends, which have more to write, within twice of it (seconds).
_GRACE = 10.0
#: Seconds for which a database may say that it cannot read before it is started anew.
_STORAGE_PATIENCE = 5.0
_PATIENCE = "MOTCUA_PATIENCE_SECONDS"


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
        patience: seconds without a good answer after which it is started anew; 0: it is not asked.
        asked: what it is asked: `live`, a service's /health/live, or `storage`, whether a database can still read.
    """

    name: str
    rank: int
    argv: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    port: int | None = None
    grace: float = _GRACE
    fallback: tuple[str, ...] = ()
    patience: float = 0.0
    asked: Literal["live", "storage"] = "live"


def _environment() -> dict[str, str]:
    """The caller's environment without its own settings of the services, which may point to another stack."""
    return {key: value for key, value in os.environ.items() if not key.startswith("MOTCUA_")}


def preferred_ports(services: list[str], replicas: dict[str, int], brokers: int = 1) -> dict[str, int]:
    """Preferred port of every process of a stack, by name."""
    wanted = {"mongo": PREFERRED["mongo"]}
    for kind in ("kafka", "controller"):
        for place, name in enumerate(replica_names(kind, brokers)):
            wanted[name] = PREFERRED[kind] + 10 * place
    for name in services:
        for place, replica in enumerate(replica_names(name, replicas.get(name, 1))):
            wanted[replica] = PREFERRED[name] + 10 * place
    return wanted


def process_names(stack: Stack) -> list[str]:
    """Names of all processes of a stack whose live epoch alone is derived."""
    wanted = preferred_ports(stack.services, stack.replicas, stack.brokers)
    return [name for name in wanted if not name.startswith("controller")]


def replica_names(name: str, count: int) -> list[str]:
    """Names of a service's processes: the first is called like the service."""
    return [name, *(f"{name}-{number}" for number in range(2, count + 1))]


def broker_names(stack: Stack) -> list[str]:
    """Names of the stack's brokers."""
    return replica_names("kafka", stack.brokers)


def bootstrap(stack: Stack) -> str:
    """Addresses of all brokers, as clients are given them."""
    return ",".join(f"{HOST}:{stack.ports[name]}" for name in broker_names(stack))


def brokers(home: Home, stack: Stack, distribution: kafka.Distribution) -> list[kafka.Broker]:
    """The brokers of a stack whose ports are chosen."""
    controllers = [stack.ports[name] for name in replica_names("controller", stack.brokers)]
    return [
        kafka.Broker(
            distribution,
            home.broker(name),
            stack.ports[name],
            controllers[place],
            place + 1,
            tuple(controllers),
            stack.cluster,
        )
        for place, name in enumerate(broker_names(stack))
    ]


def epoch_name(epoch: int) -> str:
    """Name of the process that derives another epoch beside the live one."""
    return f"processing-e{epoch}"


def backends(home: Home, stack: Stack, cluster: list[kafka.Broker]) -> list[ChildSpec]:
    """Brokers and database."""
    found = []
    for name, broker in zip(broker_names(stack), cluster, strict=True):
        quick, plain = broker.quick_command(), broker.command()
        found.append(
            ChildSpec(
                name,
                _RANKS["kafka"],
                tuple(quick),
                _environment(),
                port=broker.port,
                # The last of several finds no quorum to take leave of; what it acknowledged is in its log all the same.
                grace=2 * _GRACE if stack.brokers == 1 else _GRACE / 2,
                fallback=tuple(plain) if plain != quick else (),
            )
        )
    database = ChildSpec(
        "mongo",
        _RANKS["mongo"],
        tuple(secantus.command(home.mongo, stack.ports["mongo"])),
        _environment(),
        port=stack.ports["mongo"],
        grace=2 * _GRACE,
        patience=_STORAGE_PATIENCE,
        asked="storage",
    )
    return [*found, database]


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
        "MOTCUA_KAFKA": bootstrap(stack),
        "MOTCUA_MONGO": secantus.uri(stack.ports["mongo"]),
        "MOTCUA_HOST": HOST,
        "MOTCUA_PORT": str(port),
        "MOTCUA_CLOCK": stack.clock,
        "MOTCUA_SIMULATED": "true" if stack.simulated else "false",
        "MOTCUA_ZONE": stack.zone,
        "MOTCUA_PARTITIONS": str(stack.partitions),
        "MOTCUA_GENERATION": str(stack.generation),
        "MOTCUA_STACK": stack.cluster,
    }
    if kind == "intake":
        settings["MOTCUA_KEYS_FILE"] = str(keys.bootstrap_file(home))
        settings["MOTCUA_SPACE_FOLDERS"] = json.dumps([str(home.path)])
    if kind in keys.ASKING:
        settings["MOTCUA_SERVICE_KEY_FILE"] = str(keys.key_file(home, keys.of_service(kind)))
        if "intake" in stack.ports:
            settings["MOTCUA_INTAKE"] = f"http://{HOST}:{stack.ports['intake']}"
    if kind == "processing":
        settings["MOTCUA_REPLICATION"] = str(stack.replication)
        settings["MOTCUA_ENTRY_CAP"] = str(stack.entry_cap)
        settings["MOTCUA_CODE_FORMS"] = stack.code_forms
    if kind == "processing" and epoch is not None:
        settings["MOTCUA_EPOCH"] = str(epoch)
    if kind == "metrics":
        settings["MOTCUA_IMAGE_DIR"] = str(home.metrics / name)
    # Before it is ended by force it leaves by itself, and says what held it.
    settings["MOTCUA_STOP_SECONDS"] = str(_GRACE - 1)
    env = _environment() | settings | stack.settings | {"PYTHONUNBUFFERED": "1"}
    command = (sys.executable, "-m", f"services.{kind}")
    return ChildSpec(name, _RANKS[kind], command, env, port=port, patience=_patience(stack))


def _patience(stack: Stack) -> float:
    """By the stack's settings, else by the variable of whoever started it."""
    from shared.settings import ServiceSettings  # noqa: PLC0415 - commands that only look need no settings of services

    given = (
        stack.settings.get(_PATIENCE)
        or os.environ.get(_PATIENCE)
        or ServiceSettings.model_fields["patience_seconds"].default
    )
    try:
        return float(given)
    except ValueError:
        raise StackError(f"{_PATIENCE}={given}: no number of seconds; leave it out, or set 30") from None
