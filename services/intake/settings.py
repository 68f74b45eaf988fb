"""Settings of intake. Knows names, units and limits of what can be set; nothing of what is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from shared.settings import ServiceSettings

__all__ = ["IntakeSettings"]


class IntakeSettings(ServiceSettings):
    """How intake judges time, whom it knows from the start, and how long it waits."""

    port: Annotated[int, Field(ge=1, le=65535, description="port of the HTTP server")] = 8801
    clock: Annotated[
        Literal["live", "data"],
        Field(description="live: intake ticks by the wall clock; data: the data bring the clock"),
    ] = "live"
    keys_file: Annotated[
        Path | None, Field(description="JSON list of {sender, hash, sources, units, roles} made known at start")
    ] = None
    keys_seconds: Annotated[
        float, Field(gt=0, le=3600, description="seconds after which the list of senders is read again")
    ] = 10.0
    reference_seconds: Annotated[
        float,
        Field(gt=0, le=60, description="seconds after which reference entries of other replicas are read and sent on"),
    ] = 2.0
    future_tolerance: Annotated[
        int, Field(ge=0, le=86_400, description="seconds an entry's time may lie in the future")
    ] = 120
    clock_tolerance: Annotated[
        float,
        Field(gt=0, le=3600, description="seconds this clock may be off against the broker's before it stops ticking"),
    ] = 5.0
    deadletter_days: Annotated[
        int, Field(ge=1, le=3650, description="days a dead letter is kept after it was last seen, settled or not")
    ] = 30
    space_folders: Annotated[
        tuple[Path, ...],
        Field(description="JSON list of folders whose disks must have room, the brokers' where they are here"),
    ] = ()
    space_least: Annotated[
        int,
        Field(
            ge=0, description="bytes that must stay free on them; with less entries are refused before a disk is full"
        ),
    ] = 500_000_000
    rate_entries: Annotated[
        int, Field(ge=0, description="entries a second that one sender may send; 0 is no limit; admins have none")
    ] = 2_000
    rate_bytes: Annotated[
        int, Field(ge=0, description="bytes a second, unpacked, that one sender may send; 0 is no limit")
    ] = 20_000_000
    rate_burst_seconds: Annotated[
        float, Field(gt=0, le=3600, description="seconds of these rates that a sender may send at once")
    ] = 10.0
    costly_ms: Annotated[
        float, Field(gt=0, description="milliseconds one entry or message may take to judge before it is told")
    ] = 100.0
    costly_share: Annotated[
        float, Field(gt=0, le=1, description="share of a minute that work for one sender may take before it is told")
    ] = 0.25
    database: Annotated[str, Field(min_length=1, max_length=60, description="name of intake's database")] = (
        "motcua_intake"
    )
