"""The metrics of processing: what each means, and what an engineer does when it looks wrong."""

from __future__ import annotations

from typing import Final

from shared.catalogue.base import Spec

__all__ = ["SPECS"]

_P = ("partition",)

SPECS: Final[tuple[Spec, ...]] = (
    Spec(
        "motcua_processing_entries_total",
        "counter",
        "journal entries",
        "Entries handled, repeats after a restart included",
        "Standing still while the lag grows: see motcua_processing_partition_state and the log",
        _P,
    ),
    Spec(
        "motcua_processing_events_total",
        "counter",
        "lifecycle events",
        "Events acknowledged by the broker on the lifecycle topic",
        "Far above the entries: a partition restarts again and again, see motcua_processing_restarts_total",
        _P,
    ),
    Spec(
        "motcua_processing_announcements_total",
        "counter",
        "announcements",
        "Warnings, breaches, recoveries and retractions announced",
        "A jump of retractions: late entries or a corrected clock; read the dossiers' due history",
        ("kind",),
    ),
    Spec(
        "motcua_processing_deadletters_total",
        "counter",
        "records",
        "Records that could not be understood, by reason; their bytes are on motcua.deadletter.v1",
        "Read the dead letters of this reason, mend their source, send the entries anew",
        ("reason",),
    ),
    Spec(
        "motcua_processing_lag_entries",
        "gauge",
        "journal entries",
        "Entries of the partition not handled yet",
        "Growing: the load exceeds one replica or the database is slow (motcua_processing_store_seconds)",
        _P,
    ),
    Spec(
        "motcua_processing_clock_seconds",
        "gauge",
        "seconds since 1970-01-01 UTC",
        "The partition's clock: the highest tick it has read",
        "Behind the wall clock on a live stack: no intake replica ticks, or the partition lags",
        _P,
    ),
    Spec(
        "motcua_processing_tick_lateness_seconds",
        "histogram",
        "seconds",
        "Wall time between a tick's instant and its handling; means nothing on the data's clock",
        "High on a live stack: the journal is behind, or intake's ticker is",
        buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0),
    ),
    Spec(
        "motcua_processing_store_seconds",
        "histogram",
        "seconds",
        "Time to store the changed states of a partition and its checkpoint",
        "Above the storing interval: the database is the bottleneck",
        buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    ),
    Spec(
        "motcua_processing_stored_states_total",
        "counter",
        "dossier states",
        "States written to the database",
        "Zero while entries are handled: the database refuses writes, see the log",
        _P,
    ),
    Spec(
        "motcua_processing_refused_states_total",
        "counter",
        "dossier states",
        "States not stored since the database had the same or a newer position; harmless",
        "Growing steadily: two processes work on one partition, look for a paused replica",
        _P,
    ),
    Spec(
        "motcua_processing_cached_states",
        "gauge",
        "dossier states",
        "States held in memory, unsaved ones included",
        "Far above MOTCUA_STATE_CACHE: storing does not keep up",
        _P,
    ),
    Spec(
        "motcua_processing_waiting_timers",
        "gauge",
        "dossiers",
        "Dossiers of the partition whose warning or breach lies ahead",
        "Falling to zero with open dossiers: entries carry no promised dates",
        _P,
    ),
    Spec(
        "motcua_processing_restarts_total",
        "counter",
        "restarts",
        "Times a partition dropped its memory and began again from its checkpoint, by cause",
        "fetch, produce: look at the broker; store, load: at the database; other: read the log",
        ("partition", "cause"),
    ),
    Spec(
        "motcua_processing_partition_state",
        "gauge",
        "0 or 1",
        "1 for the state the partition is in: loading, running, waiting or stopped",
        "stopped: /health/ready says why and how to resume; waiting: broker or database is away",
        ("partition", "state"),
    ),
)
