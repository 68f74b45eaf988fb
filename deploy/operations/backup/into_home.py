"""Takes a backup back into a new stack of this machine: its backends first, the data, then its services.

Knows the order of these steps; the data are restoring.py's, the processes the supervisor's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.local.backends.topics import create_agency
from deploy.local.errors import StackError
from deploy.local.home import SERVICES, Home, Stack, write_atomically
from deploy.local.stack import LocalStack
from deploy.operations.backup.manifest import Manifest
from deploy.operations.backup.restoring import Restore, readable
from deploy.operations.backup.store import Databases
from deploy.operations.backup.taking import Told

__all__ = ["databases_of", "restore_databases", "restore_home"]

_MARKER: Final = "restoring.json"


def databases_of(manifest: Manifest) -> list[str]:
    """Names of the databases a backup holds collections of."""
    return sorted({dump.database for dump in manifest.dumps})


def restore_home(
    folder: Path,
    local: LocalStack,
    *,
    brokers: int,
    replicas: int,
    told: Told,
    progress: Callable[[str], None],
) -> Manifest:
    """Make a stack of the backup's kind, put everything back, and start its services; returns when they are ready.

    Args:
        folder: of the backup.
        local: the stack; there must be none yet, unless a restore of this backup was broken off in it.
        brokers: of the new stack.
        replicas: processes of processing and metrics.
        told: progress of the data.
        progress: progress of the stack.

    Raises:
        StackError: there is a stack or other data, the backup is damaged, or the stack does not start.
    """
    manifest = readable(folder)
    home = local.home
    if not _begun(home, manifest):
        home.create()
        write_atomically(home.path / _MARKER, json.dumps({"identity": manifest.identity}) + "\n", mode=0o600)
        home.save(_stack_of(manifest, brokers, replicas))
    try:
        # The backends alone: with services, nothing more could be said about what is in the journal.
        local.up(progress=progress)
        if not home.load().services:
            asyncio.run(_put_back(folder, manifest, local, told))
            local.request("services", names=list(SERVICES))
        local.wait_ready(progress)
    except BaseException:
        local.down()
        raise
    (home.path / _MARKER).unlink(missing_ok=True)
    return manifest


def restore_databases(folder: Path, local: LocalStack, *, told: Told, progress: Callable[[str], None]) -> Manifest:
    """Give a stopped stack whose database was lost what cannot be derived; processing derives the rest anew.

    Args:
        folder: of the backup.
        local: the stack; its brokers have the journal, its database is empty.
        told: progress of the data.
        progress: progress of the stack.

    Raises:
        StackError: it runs, its journal is another one, or its database holds something.
    """
    manifest = readable(folder)
    if not local.home.exists():
        raise StackError(f"there is no stack in {local.home.path}: `motcua restore {folder}` makes one")
    if local.supervised():
        raise StackError("the stack runs: `motcua down` first")
    stack = local.home.load()
    if (stack.generation, stack.partitions) != (manifest.kind.generation, manifest.kind.partitions):
        raise StackError(
            f"the backup is of generation {manifest.kind.generation} with {manifest.kind.partitions} partitions, "
            f"the stack of {stack.generation} with {stack.partitions}: take a newer backup"
        )
    try:
        # The dispatcher must not run before it knows again what it told.
        local.up(services=(), progress=progress)
        asyncio.run(_put_back(folder, manifest, local, told, alone=True))
        local.request("services", names=stack.services or list(SERVICES))
        local.wait_ready(progress)
    except BaseException:
        local.down()
        kept = local.home.load()
        kept.services = stack.services
        local.home.save(kept)
        raise
    return manifest


async def _put_back(folder: Path, manifest: Manifest, local: LocalStack, told: Told, *, alone: bool = False) -> None:
    addresses = local.addresses()
    databases = Databases(addresses["mongo"], databases_of(manifest))
    restore = Restore(folder, manifest, addresses["kafka"], databases, told)
    try:
        await (restore.run_databases() if alone else restore.run())
    finally:
        databases.close()
    for unit in manifest.agencies:
        await create_agency(addresses["kafka"], unit, local.home.load().replication)


def _stack_of(manifest: Manifest, brokers: int, replicas: int) -> Stack:
    kind = manifest.kind
    return Stack(
        clock=kind.clock,
        simulated=kind.simulated,
        zone=kind.zone,
        partitions=kind.partitions,
        generation=kind.generation,
        epoch=kind.epoch,
        entry_cap=kind.entry_cap,
        code_forms=kind.code_forms,
        brokers=brokers,
        services=[],
        replicas={"processing": replicas, "metrics": replicas},
    )


def _begun(home: Home, manifest: Manifest) -> bool:
    """Whether a restore of this backup was broken off here; refuses whatever else there is."""
    try:
        identity = json.loads((home.path / _MARKER).read_text(encoding="utf-8"))["identity"]
    except FileNotFoundError:
        identity = None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StackError(f"{home.path / _MARKER} cannot be read ({error}): choose another --home") from error
    if identity == manifest.identity:
        # It may have been broken off before the stack was described.
        return home.exists()
    if identity is not None:
        raise StackError(f"another backup is being taken back into {home.path}: choose another --home")
    if home.exists():
        stack = home.load()
        raise StackError(
            f"{home.path} holds a stack already (clock {stack.clock}, {stack.partitions} partitions, "
            f"epoch {stack.epoch}): restore into an empty --home only"
        )
    if home.path.exists() and any(home.path.iterdir()):
        raise StackError(f"{home.path} is not empty: restore into an empty --home only")
    return False
