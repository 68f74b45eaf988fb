"""The database of a local stack: SecantusDB's Python server, a process of its own that speaks MongoDB's protocol.

Never imported (its licence is the GPL). Its Rust server lost acknowledged writes when killed, the Python server none.
"""

from __future__ import annotations

import sys
from pathlib import Path

from deploy.local.backends.prerequisites import require_database
from deploy.local.ports import HOST

__all__ = ["command", "server_version", "uri"]


def command(data: Path, port: int) -> list[str]:
    """Command line of the server.

    A write acknowledged with w:majority and j:true is in the log file by then, so it outlives the process; syncing the
    disk at every commit would only guard against the machine's loss of power.

    Args:
        data: folder of the database, made if missing.
        port: port on 127.0.0.1.
    """
    server = require_database(Path(sys.executable).parent / "secantusd-py")
    return [
        sys.executable,
        str(server),
        f"--host={HOST}",
        f"--port={port}",
        f"--storage-path={data}",
        "--cache-size=256M",
        "--log-level=WARNING",
        # Nobody reads the change log here: keep it short.
        "--oplog-retention-seconds=60",
        "--oplog-max-entries=5000",
    ]


def uri(port: int) -> str:
    """Address for motor: one server, asked directly; acknowledged means journaled."""
    return f"mongodb://{HOST}:{port}/?directConnection=true&retryWrites=false&w=majority&journal=true"


def server_version() -> str:
    """Version of the installed server, or nothing."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - its readers of mail are slow to load

    try:
        return version("secantusdb")
    except PackageNotFoundError:
        return ""
