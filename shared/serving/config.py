"""How one service's application is served, within the limits of its settings."""

from __future__ import annotations

import math
import resource
from functools import partial
from typing import Any, Final, cast

import uvicorn

from shared.catalogue.base import Meters
from shared.logging import get_logger
from shared.serving.bodies import PacedBodies
from shared.serving.connections import Connections, GuardedProtocol
from shared.serving.limits import ConnectionLimits
from shared.settings import ServiceSettings

__all__ = ["make_config"]

_log = get_logger("shared.serving")
#: Open files of a service beside its connections: broker, database, images and logs.
_OTHER_FILES: Final = 512


def make_config(app: Any, settings: ServiceSettings, meters: Meters) -> uvicorn.Config:
    """The server's configuration; the process is allowed as many open files as its connections need.

    Args:
        app: an ASGI application that answers problems.
        settings: where it listens, what it allows connections, and how long its end may take: they get half of that.
        meters: the service's metrics.
    """
    _allow_files(settings.http_connections + _OTHER_FILES)
    limits = ConnectionLimits(
        connections=settings.http_connections,
        idle=settings.http_idle_seconds,
        head=settings.http_head_seconds,
        body=settings.http_body_seconds,
        rate=settings.http_body_rate,
    )
    protocol = partial(GuardedProtocol, Connections(limits, meters))
    return uvicorn.Config(
        PacedBodies(app, limits),
        host=settings.host,
        port=settings.port,
        http=cast("Any", protocol),
        # Ours comes first and is counted.
        timeout_keep_alive=math.ceil(limits.idle) + 1,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=max(1, int(settings.stop_seconds / 2)),
    )


def _allow_files(wanted: int) -> None:
    """Raise the process's limit of open files where connections need more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < wanted:
        _log.warning("fewer open files allowed than MOTCUA_HTTP_CONNECTIONS needs", allowed=most, wanted=wanted)
