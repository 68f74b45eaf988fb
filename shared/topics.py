"""Names and guarantees of all topics. Knows no client; whoever creates topics reads the specifications here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = [
    "DEADLETTER",
    "EPOCH",
    "JOURNAL",
    "PROBE",
    "TopicSpec",
    "agency_tasks",
    "agency_tasks_spec",
    "lifecycle",
    "reference",
    "topic_specs",
]

JOURNAL = "motcua.journal.v1"
DEADLETTER = "motcua.deadletter.v1"
EPOCH = "motcua.epoch.v1"
#: Carries nothing of value: a writer learns the broker's time from the append time of its record.
PROBE = "motcua.probe.v1"

_DAY_MS = 86_400_000


def lifecycle(epoch: int) -> str:
    """Topic of the facts of one epoch (one derivation of everything from the journal)."""
    return f"motcua.lifecycle.v1.e{epoch}"


def reference(epoch: int) -> str:
    """Topic of the reference entries of one epoch as its partitions took them in, for those who show them."""
    return f"motcua.reference.v1.e{epoch}"


def agency_tasks(unit: str) -> str:
    """Topic of the work and notices for one registered unit."""
    return f"motcua.agency.{unit}.tasks.v1"


def agency_tasks_spec(unit: str, replication: int) -> TopicSpec:
    """The tasks topic of a unit: one partition keeps the order of its tasks, 30 days are enough to fetch them.

    Raises:
        ValueError: the code of the unit cannot be part of a topic name.
    """
    if re.fullmatch(r"[A-Za-z0-9._-]{1,200}", unit) is None:
        raise ValueError(f"unit {unit!r} cannot have topics; codes of letters, digits, dots, dashes and _ can")
    safe = {"min.insync.replicas": str(max(1, replication - 1)), "unclean.leader.election.enable": "false"}
    return TopicSpec(
        agency_tasks(unit), 1, replication, safe | {"cleanup.policy": "delete", "retention.ms": str(30 * _DAY_MS)}
    )


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it must exist: its partitions, replicas and configuration."""

    name: str
    partitions: int
    replication: int
    config: dict[str, str] = field(default_factory=dict)


def topic_specs(epoch: int, partitions: int, replication: int) -> list[TopicSpec]:
    """All topics of a stack.

    The journal is kept for ever and never compacted, since facts are a function of the whole set of entries; the
    lifecycle topic keeps the newest row of each dossier for ever, and every record for 30 days.
    """
    safe = {"min.insync.replicas": str(max(1, replication - 1)), "unclean.leader.election.enable": "false"}
    append_time = {"message.timestamp.type": "LogAppendTime"}
    keep = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
    return [
        TopicSpec(JOURNAL, partitions, replication, safe | append_time | keep | {"max.message.bytes": "1048576"}),
        TopicSpec(
            lifecycle(epoch),
            partitions,
            replication,
            safe
            | {
                "cleanup.policy": "compact",
                "min.compaction.lag.ms": str(30 * _DAY_MS),
                # The row of a dossier at its cap of 2,000 entries, each with the longest names.
                "max.message.bytes": "8388608",
            },
        ),
        # Keyed by content: compaction drops repeats of the same entry only. A record holds a whole journal record.
        TopicSpec(
            reference(epoch),
            partitions,
            replication,
            safe | {"cleanup.policy": "compact", "max.message.bytes": "2097152"},
        ),
        TopicSpec(EPOCH, 1, replication, safe | {"cleanup.policy": "compact"}),
        TopicSpec(
            DEADLETTER,
            1,
            replication,
            safe | {"cleanup.policy": "delete", "retention.ms": str(30 * _DAY_MS), "max.message.bytes": "4194304"},
        ),
        TopicSpec(PROBE, 1, replication, append_time | {"cleanup.policy": "delete", "retention.ms": "3600000"}),
    ]
