"""Wiring of processing: FastAPI outside, FastStream's broker and the own loops in its lifespan. Decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from faststream.asgi import make_asyncapi_asgi

from services.processing.audit.notes import healed_notes
from services.processing.documents import asyncapi
from services.processing.http.api import router
from services.processing.http.dossier_api import router as dossier_router
from services.processing.http.keys import Keys
from services.processing.http.petition_api import router as petition_router
from services.processing.http.reference_api import PREVIEW_BYTES
from services.processing.http.reference_api import router as reference_router
from services.processing.service import Service
from services.processing.settings import ProcessingSettings
from shared.access.own import OwnKey
from shared.clock import Clock, SystemClock
from shared.http import BodyLimit, add_operations
from shared.problems.problem import install

__all__ = ["make_app"]

_DESCRIPTION = """\
Derives the facts, due dates and announcements of every dossier and petition from the journal, and explains them.

Errors are RFC 9457 problems in Vietnamese or English (Accept-Language).
"""


def make_app(
    settings: ProcessingSettings, clock: Clock | None = None, keys: Keys | None = None, journal: str | None = None
) -> FastAPI:
    """The application of one replica; nothing connects before it is served.

    Args:
        settings: processing's settings.
        clock: the wall clock, the machine's by default.
        keys: tells who asks, intake by default.
        journal: the topic to read, that of the settings by default.
    """
    service = Service(settings, clock or SystemClock(), keys or Keys(settings.intake), journal or settings.journal)

    own = OwnKey(service.keys, settings.own_key, service.meters)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.start()
        service.loops.start("own key", own.run)
        yield
        await service.stop()

    app = FastAPI(
        title="Một Cửa · processing",
        version="1",
        description=_DESCRIPTION,
        lifespan=lifespan,
        openapi_tags=[
            {"name": "dossiers", "description": "Dossiers explained, their routing slips and apologies"},
            {"name": "petitions", "description": "Petitions explained"},
            {"name": "entries", "description": "What became of an entry"},
            {"name": "reference", "description": "Calendars, procedures, routes, units, rules, and dry runs"},
            {"name": "operations", "description": "Health, metrics and positions"},
        ],
    )
    app.state.service = service
    app.state.keyring = service.keys
    # The limit goes in first, so that the layer that answers problems lies around it.
    app.add_middleware(BodyLimit, limits={"/v1/revisions:preview": PREVIEW_BYTES})
    install(app)
    app.include_router(router)
    app.include_router(dossier_router)
    app.include_router(petition_router)
    app.include_router(reference_router)
    add_operations(
        app,
        service.away,
        service.meters,
        service.loops,
        notes=lambda: [*healed_notes(service.meters), *own.notes()],
        stack=settings.stack,
    )
    app.mount("/asyncapi", make_asyncapi_asgi(asyncapi(settings.epoch)))
    return app
