"""What all partition workers of a process share: settings, connections, reference data, meters. Holds no logic."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.processing.audit.trail import Trail
from services.processing.engine import Reference
from services.processing.settings import ProcessingSettings
from services.processing.states.store import StateStore
from services.processing.states.store_reference import ReferenceStore
from services.processing.stream.deadletters import DeadLetters
from services.processing.stream.pace.pulse import Pulse
from services.processing.stream.refusing.counts import Counts
from shared.catalogue.base import Meters
from shared.clock import Clock

__all__ = ["Runtime"]


@dataclass(frozen=True)
class Runtime:
    """One generation of clients and what is worked on with them.

    Attributes:
        settings: the service's settings.
        epoch: the derivation.
        journal: the topic read.
        partitions: partition count of the journal generation.
        reference: built-in reference data of the engine; each partition lays its own entries over it.
        store: the epoch's states and checkpoints.
        references: the epoch's reference entries.
        consumer: reads the journal; partitions are assigned by its group.
        producer: writes the lifecycle topic.
        deadletters: takes what cannot be understood.
        meters: the service's metrics.
        clock: the wall clock, for measuring lateness only.
        pulse: tells whether the process stood still.
        counts: counts what nobody was entitled to.
        trails: what was read back of the partitions' lifecycle records; kept by the audit's reader.
    """

    settings: ProcessingSettings
    epoch: int
    journal: str
    partitions: int
    reference: Reference
    store: StateStore
    references: ReferenceStore
    consumer: AIOKafkaConsumer
    producer: AIOKafkaProducer
    deadletters: DeadLetters
    meters: Meters
    clock: Clock
    pulse: Pulse
    counts: Counts
    trails: dict[int, Trail] = field(default_factory=dict)
