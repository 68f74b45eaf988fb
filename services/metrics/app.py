"""Wiring of metrics: FastAPI outside, FastStream and the own loops inside its lifespan. Decides nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from typing import Any

from aiokafka.errors import KafkaError
from fastapi import FastAPI
from faststream.asgi import make_asyncapi_asgi
from faststream.kafka import KafkaBroker

from services.metrics.documents import asyncapi
from services.metrics.follow.deadletters import DeadLetters
from services.metrics.follow.epochs import Epochs
from services.metrics.follow.reading.losses import not_evaluated
from services.metrics.follow.view import View
from services.metrics.http.api import make_router
from services.metrics.http.entered_api import make_entered_router
from services.metrics.http.petition_api import make_petition_router
from services.metrics.http.questions.desk import Desk
from services.metrics.http.questions.lanes import share_the_interpreter
from services.metrics.http.routing_api import make_routing_router
from services.metrics.results.gauges import FigureMeters, show
from services.metrics.results.publisher import Publisher
from services.metrics.results.store import ResultStore
from services.metrics.results.store_carrying import carry_over
from services.metrics.settings import MetricsSettings
from shared.access.asking import AskedKeys
from shared.access.own import OwnKey
from shared.broker.kafka import servers, stop_client
from shared.clock import Clock, SystemClock
from shared.http import add_operations
from shared.instants import to_rfc3339
from shared.logging import get_logger
from shared.mongo import DatabaseError, connect
from shared.notes import Note
from shared.problems.problem import Problem, install
from shared.upkeep.loops import Loops

__all__ = ["make_app"]

_log = get_logger("metrics.app")
_PAUSE_SECONDS = 1.0


class Service:
    """Everything of one running replica, and what it says about itself."""

    def __init__(self, settings: MetricsSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.meters = FigureMeters(self._refresh, self._figures)
        self.desk = Desk(settings, self.meters)
        self.broker = KafkaBroker(
            servers(settings.kafka),
            client_id="motcua-metrics",
            acks="all",
            request_timeout_ms=3000,
            max_request_size=4_194_304,
        )
        self.client = connect(settings.mongo, "motcua-metrics")
        self.dead = DeadLetters(self.broker, self.meters, clock)
        self.loops = Loops(self.meters)
        self.epochs = Epochs(settings, self.meters, clock, self.dead.put, flipped=self._flipped, loops=self.loops)
        self.results = ResultStore(self.client, clock)
        self.publisher = Publisher(self.epochs, self.results, settings, self.meters, clock)

    def _refresh(self) -> None:
        self.meters.gauge("motcua_metrics_questions_waiting").set(self.desk.waiting)
        show(self.meters, self.epochs, self.clock.now())

    def _figures(self) -> bytes:
        return self.publisher.exposition()

    def _flipped(self) -> None:
        self.publisher.flipped()

    async def start(self) -> None:
        """Start the loops; none of them needs the broker or the database to be there yet."""
        self.meters.gauge("motcua_stack_simulated").set(int(self.settings.simulated))
        for name, loop in (
            ("dead letters", self._send_dead_letters),
            ("following the live epoch", self.epochs.run),
            ("table images", self.epochs.write_images),
            ("evaluation", self.publisher.evaluate_forever),
            ("storing of results", self.publisher.store_forever),
        ):
            self.loops.start(name, loop)
        self.loops.start("carrying over results", self._carry_over, finishes=True)
        # What was imported and built stays: collecting it again and again would cost a third of the decoding time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(200_000, 20, 1000)
        share_the_interpreter()

    async def _send_dead_letters(self) -> None:
        while True:
            try:
                await self.broker.start()
                break
            except (KafkaError, OSError) as error:
                _log.warning("waiting for the broker", reason=type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
        await self.dead.run()

    async def _carry_over(self) -> None:
        while True:
            try:
                await self.results.tidy()
                looked = await carry_over(self.client, self.results)
            except DatabaseError:
                # The publisher says that it is away.
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                if looked:
                    _log.info("results of epochs' databases carried over", documents=looked)
                return

    async def stop(self) -> None:
        """Stop the loops, write a last image, close the connections; a frozen broker gets five seconds."""
        await self.desk.close()
        await self.loops.stop()
        await self.epochs.stop()
        await stop_client(self.broker)
        self.client.close()

    def view(self) -> View:
        """The live view.

        Raises:
            Problem: its facts have not been read yet.
        """
        live = self.epochs.live
        if live is None or not live.view.caught_up.is_set():
            raise Problem(503, "figures_loading", value="; ".join(self.away()), headers={"Retry-After": "2"})
        return live.view

    def away(self) -> list[str]:
        """What keeps this replica from its work, in a few words each, by what the loops met last."""
        found = self.loops.ended()
        live = self.epochs.live
        if self.epochs.trouble:
            found.append(self.epochs.trouble)
        if live is None:
            found.append(Note.of("no live epoch yet", "chưa có kỷ nguyên nào đang dùng"))
        else:
            if live.trouble:
                found.append(live.trouble)
            if not live.view.caught_up.is_set():
                epoch = live.view.epoch
                found.append(Note.of(f"reading epoch {epoch}", f"đang đọc kỷ nguyên {epoch}"))
        if self.publisher.failing:
            found.append(not_evaluated(self.publisher.failing))
        if self.publisher.trouble:
            found.append(self.publisher.trouble)
        return found

    def notes(self) -> list[str]:
        """What is wrong with the figures without keeping them from being told."""
        live = self.epochs.live
        return [] if live is None or live.reader.loss is None else [live.reader.loss]

    def loading(self) -> bool:
        """Whether it reads an epoch it has not read whole yet, for which it may stand still for a while."""
        live = self.epochs.live
        return self.epochs.loading is not None or (live is not None and not live.view.caught_up.is_set())

    async def ready(self) -> list[str]:
        """The same, with the broker asked now."""
        found = self.away()
        try:
            async with asyncio.timeout(3):
                answered = await self.broker.ping(timeout=2)
        except (TimeoutError, OSError):
            answered = False
        kafka = self.settings.kafka
        return found if answered else [Note.of(f"broker {kafka}", f"Kafka {kafka} không trả lời"), *found]

    def status(self) -> dict[str, Any]:
        """The answer of /v1/status."""
        live = self.epochs.live
        view = None if live is None else live.view
        clock = None if view is None else view.clock
        evaluated = self.publisher.evaluated_at
        return {
            "epoch": None if view is None else view.epoch,
            "loading_epoch": self.epochs.loading,
            "rows": 0 if view is None else len(view.table),
            "clock": None if clock is None else to_rfc3339(clock),
            "partitions": {
                str(partition): {
                    "position": mark.position,
                    "end": mark.end,
                    "cause_offset": mark.cause_offset,
                    "clock": None if mark.clock is None else to_rfc3339(mark.clock.clock),
                }
                for partition, mark in (view.marks if view else {}).items()
            },
            "caught_up": view is not None and view.caught_up.is_set(),
            "figures_at": None if evaluated is None else to_rfc3339(evaluated),
            "simulated": self.settings.simulated,
            "away": self.away(),
        }


def make_app(settings: MetricsSettings, clock: Clock | None = None, keys: AskedKeys | None = None) -> FastAPI:
    """The application of one replica.

    Args:
        settings: metrics' settings.
        clock: the wall clock.
        keys: tells who asks, intake by default.
    """
    service = Service(settings, clock or SystemClock())
    keyring = keys or AskedKeys(settings.intake)
    own = OwnKey(keyring, settings.own_key, service.meters)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.start()
        service.loops.start("own key", own.run)
        yield
        await service.stop()
        await keyring.close()

    app = FastAPI(
        title="Một Cửa metrics",
        version="1",
        description="Figures of one-stop procedures: counts, index 766 and the dossiers behind every number.",
        lifespan=lifespan,
    )
    app.include_router(make_router(service.view, service.status, service.desk, simulated=settings.simulated))
    app.include_router(make_routing_router(service.view, service.desk, simulated=settings.simulated))
    app.include_router(make_petition_router(service.view, service.desk, simulated=settings.simulated))
    app.include_router(make_entered_router(service.view, service.desk, simulated=settings.simulated))
    add_operations(
        app,
        service.ready,
        service.meters,
        service.loops,
        notes=lambda: [*service.notes(), *own.notes()],
        loading=service.loading,
        stack=settings.stack,
    )
    app.mount("/asyncapi", make_asyncapi_asgi(asyncapi(service.broker)))
    install(app, lambda problem: service.meters.counter("motcua_metrics_problems_total").labels(problem.code).inc())
    app.state.service = service
    app.state.keyring = keyring
    return app
