"""Settings of processing. Knows names, units and limits of what can be set; nothing of what is done with it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shared.access.settings import AskingSettings

__all__ = ["ProcessingSettings"]


class ProcessingSettings(AskingSettings):
    """Where processing reads and writes, and how much it holds in memory."""

    port: Annotated[int, Field(ge=1, le=65535, description="port of the HTTP server")] = 8802
    epoch: Annotated[
        int | None, Field(ge=1, description="derivation to work on; unset: the live one by motcua.epoch.v1")
    ] = None
    replication: Annotated[
        int, Field(ge=1, le=9, description="replicas of a lifecycle topic that processing has to create")
    ] = 1
    entry_cap: Annotated[
        int,
        Field(
            ge=100,
            le=10_000,
            description="entries a dossier may have. Facts go by it, so it stays what it was when the journal was "
            "begun: 1000 in a new home or composition, 2000 in those of before it was a setting",
        ),
    ] = 2_000
    code_forms: Annotated[
        Literal["national,old", "national", "old"],
        Field(
            description="forms of dossier codes whose unit may act on the dossier: H44.01-261116-0001 (national), "
            "000.05.08.H38-210101-0001 (old). Facts go by it, so it stays what it was when the journal was begun"
        ),
    ] = "national,old"
    costly_ms: Annotated[
        float, Field(gt=0, description="milliseconds one entry may take to derive before log and metric tell it")
    ] = 100.0
    deadletter_run: Annotated[
        int, Field(ge=1, description="dead letters without a good entry between them that stop a partition")
    ] = 200
    state_cache: Annotated[
        int, Field(ge=1_000, description="dossier states kept in memory by the process, beside unsaved ones")
    ] = 20_000
    store_entries: Annotated[int, Field(ge=1, description="entries after which states are stored")] = 2_000
    store_seconds: Annotated[float, Field(gt=0, le=60, description="seconds after which states are stored")] = 1.0
    poll_records: Annotated[int, Field(ge=1, le=10_000, description="entries taken from a partition at once")] = 500
    tick_chunk: Annotated[
        int, Field(ge=1, le=10_000, description="dossiers a tick touches before events are sent and others get a turn")
    ] = 500
    session_seconds: Annotated[
        float, Field(ge=1, le=300, description="silence after which the broker gives the partitions to another replica")
    ] = 6.0
    stall_seconds: Annotated[
        float, Field(ge=1, description="seconds without any progress of a partition's loop before it is restarted")
    ] = 60.0
    revoke_seconds: Annotated[
        float, Field(gt=0, le=60, description="longest time a partition may take to finish when it is taken away")
    ] = 4.0
    dispatch_seconds: Annotated[
        float, Field(ge=0, description="seconds a dossier must be quiet before agencies are told its news")
    ] = 15.0
