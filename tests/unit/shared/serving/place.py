"""A small service behind the real server, on a free port of the loopback, and clients that are slow or idle."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response, StreamingResponse

from shared.catalogue.base import Meters
from shared.catalogue.every_service import SPECS
from shared.http import add_operations
from shared.problems.problem import install
from shared.serving.config import make_config
from shared.settings import ServiceSettings
from shared.upkeep.loops import Loops
from tests.waiting import until_async

LARGE = b"x" * 40_000_000


@dataclass
class Place:
    """The service, its port, and what its routes wait for."""

    port: int
    meters: Meters
    go: asyncio.Event = field(default_factory=asyncio.Event)
    held: int = 0

    def ended(self, why: str) -> float:
        """How many connections were ended for a reason."""
        value = self.meters.registry.get_sample_value("motcua_http_connections_ended_total", {"why": why})
        return value or 0.0

    @property
    def open(self) -> float:
        """How many connections are open."""
        return self.meters.registry.get_sample_value("motcua_http_connections") or 0.0

    async def connect(self, first: bytes = b"") -> Client:
        """A client that sent something."""
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        if first:
            await client.send(first)
        return client

    async def ask(self, path: str) -> bytes:
        """The answer to a whole request on a connection of its own."""
        client = await self.connect(get(path))
        return await client.rest()


@dataclass
class Client:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, some: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(some)
        await self.writer.drain()

    async def rest(self) -> bytes:
        """Everything up to the end of the connection."""
        async with asyncio.timeout(30):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""

    async def some(self) -> bytes:
        """Something that came."""
        async with asyncio.timeout(30):
            return await self.reader.read(65_536)


def get(path: str, *, close: bool = True) -> bytes:
    """A request without body."""
    end = "Connection: close\r\n" if close else ""
    return f"GET {path} HTTP/1.1\r\nHost: here\r\n{end}\r\n".encode()


def post(length: int, path: str = "/take") -> bytes:
    """The head of a request with body."""
    return f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n".encode()


@asynccontextmanager
async def serving(**settings: float) -> AsyncIterator[Place]:
    """A place served with these settings."""
    meters = Meters(SPECS)
    place = Place(_free_port(), meters)
    known = ServiceSettings.model_validate({"port": place.port, **settings})
    server = uvicorn.Server(make_config(_app(place), known, meters))
    task = asyncio.create_task(server.serve())
    try:
        await until_async(lambda: server.started, "the server")
        yield place
    finally:
        place.go.set()
        server.should_exit = server.force_exit = True
        await task


def _app(place: Place) -> FastAPI:
    app = FastAPI()
    install(app)

    @app.post("/take")
    async def take(request: Request) -> int:
        return len(await request.body())

    @app.post("/refuse")
    async def refuse() -> Response:
        return Response(b"no", 401)

    @app.get("/hold")
    async def hold() -> str:
        place.held += 1
        await place.go.wait()
        return "held"

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first "
            place.held += 1
            await place.go.wait()
            yield b"last"

        return StreamingResponse(parts())

    @app.get("/large")
    async def large() -> Response:
        return Response(LARGE)

    async def ready() -> list[str]:
        return []

    add_operations(app, ready, place.meters, Loops(place.meters))
    return app


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
