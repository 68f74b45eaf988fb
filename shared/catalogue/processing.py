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
        "Warnings, breaches, recoveries, rejected acts, and retractions of any of them, announced",
        "A jump of retractions: late entries, a revision or a corrected clock; read the dossiers' due history",
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
    Spec(
        "motcua_processing_revision_remaining_dossiers",
        "gauge",
        "dossiers",
        "Dossiers that a reference entry under way has still to go through; 0 when there is none",
        "Not falling: see motcua_processing_restarts_total for the partition; /v1/positions names the entry",
        _P,
    ),
    Spec(
        "motcua_processing_reprojected_dossiers_total",
        "counter",
        "dossiers",
        "Dossiers judged anew for a reference entry, by whether anything changed",
        "Far above the dossiers: many calendar or rule entries; where they can, send them before the dossiers",
        ("partition", "result"),
    ),
    Spec(
        "motcua_processing_reprojection_seconds",
        "histogram",
        "seconds",
        "Time in which a reference entry went through the dossiers of a partition it can concern",
        "Above a minute for 100,000 dossiers: the database (motcua_processing_store_seconds) or the machine is slow",
        buckets=(0.01, 0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 1800.0),
    ),
    Spec(
        "motcua_processing_reference_entries",
        "gauge",
        "reference entries",
        "Distinct reference entries the partition took, superseded ones included",
        "Not the same in all partitions: intake has not reached all of them yet, look at its outbox",
        _P,
    ),
    Spec(
        "motcua_processing_calendar_days_missing",
        "gauge",
        "things",
        "What the calendars lack on the partition's clock: years without swapped days, estimated days; from 1 October "
        "on also of the next year",
        "Above 0: add the announced days with `motcua revise`; `motcua calendar check` and `motcua doctor` say which",
        _P,
    ),
    Spec(
        "motcua_processing_dispatched_total",
        "counter",
        "messages",
        "Messages sent to agencies' tasks topics, by CloudEvent type",
        "Many task.cancelled or notice.cancelled: entries come later than the grace period, or are often corrected",
        ("type",),
    ),
    Spec(
        "motcua_processing_dispatch_waiting",
        "gauge",
        "dossiers",
        "Dossiers with news for agencies that wait for the grace period and the backlog",
        "Growing: processing is behind the journal, see the lag, or the database does not answer",
    ),
    Spec(
        "motcua_processing_dispatch_agencies",
        "gauge",
        "units",
        "Units that have a tasks topic",
        "0 where agencies should get tasks: make their topics",
    ),
)
