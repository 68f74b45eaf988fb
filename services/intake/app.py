"""Wiring of intake: parts, routes, background work, and their end. Decides nothing about entries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from faststream.asgi import make_asyncapi_asgi

from services.intake.admission.admit import StackRules
from services.intake.agencies.api import router as agencies_router
from services.intake.agencies.documents import OF_UNITS, agency_topics
from services.intake.agencies.entries import AgencyEntries
from services.intake.agencies.reader import AgencyReader
from services.intake.agencies.state.holding import Holding
from services.intake.agencies.state.losses import Losses
from services.intake.agencies.state.store_losses import LossStore
from services.intake.deadletters.api import DEADLETTER_LIMITS
from services.intake.deadletters.api import router as deadletter_router
from services.intake.deadletters.bulk import BulkReplayer
from services.intake.deadletters.documents import deadletter_topic
from services.intake.deadletters.journal import JournalReader
from services.intake.deadletters.register import Register
from services.intake.deadletters.replay import Replayer
from services.intake.deadletters.store import DeadLetterStore
from services.intake.doors.api import LIMITS, router
from services.intake.doors.door import Door
from services.intake.doors.examples import entry_schemas
from services.intake.doors.rates.allowance import Allowance, Rates
from services.intake.doors.rates.costs import Costs, CostsOfRequests
from services.intake.journal import Journal
from services.intake.presence import Presence
from services.intake.reference.accepted import AcceptedReference
from services.intake.reference.api import REFERENCE_LIMITS
from services.intake.reference.api import router as reference_router
from services.intake.reference.door import ReferenceDoor
from services.intake.reference.outbox import Outbox
from services.intake.reference.store import ReferenceStore
from services.intake.room.watch import Room
from services.intake.senders.directory import Directory
from services.intake.senders.sender import SenderRecord
from services.intake.senders.store import SenderStore, StoreAway
from services.intake.settings import IntakeSettings
from services.intake.stream import make_stream
from services.intake.ticker import LastTick, Ticker
from services.intake.topics.care import TopicCare
from shared.broker.kafka import stop_client
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS
from shared.clock import Clock, SystemClock
from shared.http import BodyLimit, add_operations
from shared.logging import get_logger
from shared.notes import Note
from shared.problems.problem import install
from shared.upkeep.loops import Loops

__all__ = ["build_app"]

_log = get_logger("intake.app")
_DESCRIPTION = """\
The door for what agencies, portals and one-stop software report about dossiers.

Each entry is a CloudEvent; 202 means that the journal has it on all in-sync replicas. Errors are RFC 9457 problems in
Vietnamese or English (Accept-Language) that name the field, the value and the remedy.
"""


def build_app(settings: IntakeSettings, first: Sequence[SenderRecord] = (), clock: Clock | None = None) -> FastAPI:
    """The application for these settings; nothing connects before it is served.

    Args:
        settings: intake's settings.
        first: senders to make known at start.
        clock: the wall clock, the machine's by default.
    """
    clock = clock or SystemClock()
    meters = Meters(SPECS)
    letters = DeadLetterStore(settings.mongo, settings.database)
    register = Register(settings.kafka, letters, clock, meters, days=settings.deadletter_days)
    stream = make_stream(
        settings.kafka, deadletter_topic(settings.kafka), agency_topics(settings.kafka), of_units=OF_UNITS
    )
    store = SenderStore(settings.mongo, settings.database)
    parcels = ReferenceStore(settings.mongo, settings.database)
    room = Room(settings.space_folders, settings.space_least, meters)
    journal = Journal(settings.kafka, settings.partitions, meters, settings.journal, room)
    outbox = Outbox(parcels, journal, clock, meters)
    registry = AcceptedReference(
        parcels, outbox, settings.partitions, clock, meters, seconds=settings.reference_seconds
    )
    presence = Presence(stream, journal, clock, settings.clock_tolerance, meters)
    last = LastTick()
    data_clock = settings.clock == "data"
    costs = Costs(settings.costly_ms / 1_000, settings.costly_share, meters)
    door = Door(
        StackRules(settings.simulated, data_clock, settings.future_tolerance, settings.zone),
        Directory(store, first, settings.keys_seconds),
        journal,
        presence,
        clock,
        last,
        meters,
        ReferenceDoor(registry, outbox),
        Allowance(Rates(settings.rate_entries, settings.rate_bytes, settings.rate_burst_seconds), meters),
        costs,
    )
    losses = Losses(LossStore(settings.mongo, settings.database), clock, settings.zone_info, meters)
    outboxes = AgencyReader(
        settings.kafka,
        lambda voice: AgencyEntries(door, voice),
        meters,
        Holding(clock, settings.zone_info, meters),
        losses,
    )
    care = TopicCare(settings.kafka, meters)
    work = {
        "directory": door.directory.run,
        "presence": presence.run,
        "registry": registry.run,
        "deadletters": register.run,
        "outboxes": outboxes.run,
        "room": room.run,
        "losses": losses.run,
        "topics": care.run,
    }
    if not data_clock:
        work["ticker"] = Ticker(journal, presence, clock, last, meters, simulated=settings.simulated).run

    reader = JournalReader(settings.kafka, settings.journal)
    loops = Loops(meters, StoreAway)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for name, run in work.items():
            loops.start(name, run)
        yield
        await loops.stop()
        await journal.close()
        await stop_client(stream.broker)
        await reader.close()
        letters.close()
        losses.close()
        parcels.close()
        store.close()

    app = FastAPI(
        title="Một Cửa · intake",
        version="1",
        description=_DESCRIPTION,
        lifespan=lifespan,
        openapi_tags=[
            {"name": "entries", "description": "Sending entries"},
            {"name": "reference", "description": "Calendars, procedures, routes, units, rules"},
            {"name": "senders", "description": "Senders and their keys"},
            {"name": "agencies", "description": "Units with software of their own, by key or by topics"},
            {"name": "dead letters", "description": "What could not be understood, and what became of it"},
            {"name": "clock", "description": "The stack's clock"},
            {"name": "operations", "description": "Health and metrics"},
        ],
    )
    _settle(app, letters, reader, door)
    app.state.losses = losses
    app.state.deadletter_days = settings.deadletter_days
    # The limit goes in first, so that the layer that answers problems lies around it.
    app.add_middleware(BodyLimit, limits=LIMITS | DEADLETTER_LIMITS | REFERENCE_LIMITS)
    app.add_middleware(CostsOfRequests, costs=costs)
    install(app, door.refused)
    for routes in (router, reference_router, deadletter_router, agencies_router):
        app.include_router(routes)

    async def ready() -> list[str]:
        return _away(door, live=not data_clock)

    telling = (register, outboxes, losses, care)
    add_operations(
        app,
        ready,
        meters,
        loops,
        notes=lambda: [*_notes(door), *(note for one in telling for note in one.notes())],
        stack=settings.stack,
    )
    app.mount("/asyncapi", make_asyncapi_asgi(stream.document))
    _describe_entries(app)
    return app


def _settle(app: FastAPI, letters: DeadLetterStore, reader: JournalReader, door: Door) -> None:
    app.state.door = door
    app.state.keyring = door.directory
    app.state.replayer = Replayer(letters, reader, door)
    app.state.bulk_replayer = BulkReplayer(letters, reader, door, app.state.replayer)


def _away(door: Door, *, live: bool) -> list[str]:
    """What keeps intake from its work."""
    away: list[str] = []
    refusal = door.journal.refusal()
    if refusal is not None and refusal.code == "broker_away":
        away.append(
            Note.of("kafka does not answer, or the topics are missing", "Kafka không trả lời, hoặc thiếu các chủ đề")
        )
    elif refusal is not None:
        en, vi = refusal.body("en"), refusal.body("vi")
        away.append(Note(en["detail"], en["remedy"], vi=vi["detail"], vi_remedy=vi["remedy"]))
    if door.directory.away and door.directory.empty:
        away.append(
            Note.of("mongodb does not answer and no key is known", "MongoDB không trả lời và chưa biết khóa nào")
        )
    if live and door.presence.clock_off:
        skew = f"{door.presence.skew:.1f}"
        away.append(
            Note.of(
                f"this clock is off by {skew} s against the broker's: no ticks",
                f"đồng hồ máy này lệch {skew} giây so với Kafka: không phát nhịp",
            )
        )
    return away


def _notes(door: Door) -> list[str]:
    """What is wrong without keeping intake from its work."""
    age = door.directory.age
    if age is not None:
        door.meters.gauge("motcua_intake_senders_age_seconds").set(age)
    away: list[str] = []
    if door.directory.away:
        away.append(
            Note.of(
                "mongodb does not answer; known keys go on working",
                "MongoDB không trả lời; các khóa đã biết vẫn dùng được",
            )
        )
    return away + door.reference.notes()


def _describe_entries(app: FastAPI) -> None:
    """Add the entries' schemas to the OpenAPI document."""
    original: Callable[[], dict[str, Any]] = app.openapi

    def openapi() -> dict[str, Any]:
        document = original()
        schemas = document["components"]["schemas"]
        if "Entry" not in schemas:
            entries = entry_schemas()
            twice = schemas.keys() & entries.keys()
            if twice:
                raise ValueError(
                    f"schemas of answers and of entries with one name: {sorted(twice)}; rename the answers"
                )
            schemas.update(entries)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
