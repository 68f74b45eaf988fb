"""Names and guarantees of all topics. Knows no client; whoever creates topics reads the specifications here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = [
    "DEADLETTER",
    "EPOCH",
    "JOURNAL",
    "OUTBOX_PATTERN",
    "PROBE",
    "TopicSpec",
    "agency_answers",
    "agency_outbox",
    "agency_specs",
    "agency_tasks",
    "collides",
    "generation_of",
    "is_agency_code",
    "journal",
    "lifecycle",
    "outbox_unit",
    "reference",
    "required",
    "topic_specs",
]

JOURNAL = "motcua.journal.v1"
DEADLETTER = "motcua.deadletter.v1"
EPOCH = "motcua.epoch.v1"
#: Carries nothing of value: a writer learns the broker's time from the append time of its record.
PROBE = "motcua.probe.v1"

#: Every agency's outbox, as a pattern of topic names.
OUTBOX_PATTERN = r"motcua\.agency\.[A-Za-z0-9._-]+\.outbox\.v1"

_DAY_MS = 86_400_000
#: Records bear the broker's time: by a sender's, retention and compaction would go by a clock that nobody here sets.
_APPEND_TIME = {"message.timestamp.type": "LogAppendTime"}
_KEEP = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
_OURS = re.compile(
    r"motcua\.(?:journal\.v1(?:\.g\d+)?|(?:lifecycle|reference)\.v1\.e\d+|deadletter\.v1|epoch\.v1|probe\.v1"
    r"|agency\.[A-Za-z0-9._-]+\.(?:outbox|tasks|answers)\.v1)",
    re.ASCII,
)


def required(topic: str) -> dict[str, str]:
    """Settings without which a topic would not do what its readers rely on; none for a topic that is not ours.

    What an operator may choose otherwise, such as a retention, is in the specifications only.
    """
    if _OURS.fullmatch(topic) is None:
        return {}
    return _APPEND_TIME | (_KEEP if topic == EPOCH else {})


def journal(generation: int = 1) -> str:
    """The journal of a generation; another partition count needs the next one (1 has no suffix)."""
    return JOURNAL if generation == 1 else f"{JOURNAL}.g{generation}"


def generation_of(topic: str) -> int | None:
    """The generation whose journal a topic is; None for other topics."""
    if topic == JOURNAL:
        return 1
    number = topic.removeprefix(f"{JOURNAL}.g")
    return int(number) if number != topic and number.isdecimal() else None


def lifecycle(epoch: int) -> str:
    """Topic of the facts of one epoch (one derivation of everything from the journal)."""
    return f"motcua.lifecycle.v1.e{epoch}"


def reference(epoch: int) -> str:
    """Topic of the reference entries of one epoch as its partitions took them in, for those who show them."""
    return f"motcua.reference.v1.e{epoch}"


def agency_outbox(unit: str) -> str:
    """Topic on which a registered unit reports by itself."""
    return f"motcua.agency.{unit}.outbox.v1"


def agency_tasks(unit: str) -> str:
    """Topic of the work and notices for one registered unit."""
    return f"motcua.agency.{unit}.tasks.v1"


def agency_answers(unit: str) -> str:
    """Topic on which a registered unit learns what became of its entries."""
    return f"motcua.agency.{unit}.answers.v1"


def outbox_unit(topic: str) -> str | None:
    """The unit whose outbox a topic is; None for other topics."""
    return topic[len("motcua.agency.") : -len(".outbox.v1")] if re.fullmatch(OUTBOX_PATTERN, topic) else None


def is_agency_code(unit: str) -> bool:
    """Whether a unit's code can be part of a topic's name and of an address: signs alone are steps of a path there."""
    return re.fullmatch(r"[A-Za-z0-9._-]{1,200}", unit) is not None and re.search(r"[A-Za-z0-9]", unit) is not None


def collides(unit: str, other: str) -> bool:
    """Whether the topics of two units cannot both exist: for a broker, a dot and _ in their names are the same."""
    return unit != other and unit.replace(".", "_") == other.replace(".", "_")


def agency_specs(unit: str, replication: int) -> list[TopicSpec]:
    """The topics of a unit: one partition each keeps the order.

    30 days are enough to fetch tasks and answers; an outbox may hold what should not be kept, and intake reads it at
    once, so seven days.

    Raises:
        ValueError: the code of the unit cannot be part of a topic name.
    """
    if not is_agency_code(unit):
        raise ValueError(
            f"unit {unit!r} cannot have topics; codes of letters, digits, dots, dashes and _ with a letter or digit can"
        )
    safe = _safe(replication)
    days = {agency_outbox(unit): 7, agency_tasks(unit): 30, agency_answers(unit): 30}
    # The broker unpacks what comes: an agency may compress as it likes, and a message is as long as it says.
    plain = {"compression.type": "uncompressed", "max.message.bytes": "1048576"}
    return [
        TopicSpec(
            name,
            1,
            replication,
            safe
            | {"cleanup.policy": "delete", "retention.ms": str(kept * _DAY_MS)}
            | (plain if name == agency_outbox(unit) else {}),
        )
        for name, kept in days.items()
    ]


def _safe(replication: int) -> dict[str, str]:
    return _APPEND_TIME | {
        "min.insync.replicas": str(max(1, replication - 1)),
        "unclean.leader.election.enable": "false",
    }


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it must exist: its partitions, replicas and configuration."""

    name: str
    partitions: int
    replication: int
    config: dict[str, str] = field(default_factory=dict)


def topic_specs(epoch: int, partitions: int, replication: int, generation: int = 1) -> list[TopicSpec]:
    """All topics of a stack.

    The journal is kept for ever and never compacted, since facts are a function of the whole set of entries; the
    lifecycle topic keeps the newest row of each dossier for ever, and every record for 30 days.
    """
    safe = _safe(replication)
    return [
        TopicSpec(
            journal(generation),
            partitions,
            replication,
            safe | _KEEP | {"max.message.bytes": "1048576"},
        ),
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
        # Not compacted: that would keep the last record, and the one with the highest number holds.
        TopicSpec(EPOCH, 1, replication, safe | _KEEP),
        TopicSpec(
            DEADLETTER,
            1,
            replication,
            safe
            | {
                "cleanup.policy": "delete",
                "retention.ms": str(30 * _DAY_MS),
                "max.message.bytes": "4194304",
                # The broker unpacks: a codec nobody here has must not hold up the register.
                "compression.type": "uncompressed",
            },
        ),
        TopicSpec(PROBE, 1, replication, _APPEND_TIME | {"cleanup.policy": "delete", "retention.ms": "3600000"}),
    ]
