"""Connections that are idle, slow or too many, over real sockets: they end, and all others are served."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from tests.unit.shared.serving.place import LARGE, Client, get, post, serving
from tests.waiting import between_pieces, until_async

#: Settings under which nothing ends by itself within a test.
LONG = {"http_idle_seconds": 600, "http_head_seconds": 600, "http_body_seconds": 600}


async def test_half_heads_end_with_the_time_for_a_head_even_if_they_drip() -> None:
    async with serving(**LONG | {"http_head_seconds": 0.3}) as place:
        silent = await place.connect(b"GET /take HTTP/1.1\r\nHost: ")
        dripping = await place.connect(b"GET /take HTTP/1.1\r\n")

        async def drip() -> None:
            while True:
                await dripping.send(b"X-A: b\r\n")
                await between_pieces()

        task = asyncio.create_task(drip())
        answer = await silent.rest()
        assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
        assert b'"code":"head_too_slow"' in answer
        assert (await dripping.rest()).startswith(b"HTTP/1.1 408")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert place.ended("head") == 2
        await until_async(lambda: place.open == 0, "no connection left")


async def test_connections_that_ask_nothing_end() -> None:
    async with serving(**LONG | {"http_idle_seconds": 0.3}) as place:
        clients = [await place.connect() for _ in range(20)]
        clients += [await place.connect(get("/health/live", close=False)) for _ in range(20)]
        answers = await asyncio.gather(*(client.rest() for client in clients))
        assert answers[:20] == [b""] * 20
        assert all(answer.endswith(b"ok") for answer in answers[20:])
        assert place.ended("idle") == 40


async def test_half_bodies_get_408_and_end() -> None:
    async with serving(**LONG | {"http_body_seconds": 0.3}) as place:
        clients = [await place.connect(post(1_000) + b"begin") for _ in range(20)]
        for answer in await asyncio.gather(*(client.rest() for client in clients)):
            assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
            assert b'"code":"body_too_slow"' in answer
        await until_async(lambda: place.open == 0, "no connection left")


async def test_a_body_after_its_answer_is_not_awaited_for_ever() -> None:
    async with serving(**LONG | {"http_body_seconds": 0.3}) as place:
        client = await place.connect(post(1_000, "/refuse") + b"begin")
        assert (await client.rest()).startswith(b"HTTP/1.1 401")
        assert place.ended("rest") == 1


async def test_a_body_that_moves_takes_as_long_as_it_takes() -> None:
    async with serving(**LONG | {"http_body_seconds": 0.5, "http_body_rate": 100}) as place:
        client = await place.connect(post(4_000))
        begun = asyncio.get_running_loop().time()
        for _ in range(20):
            await client.send(b"x" * 200)
            await between_pieces()
        assert asyncio.get_running_loop().time() - begun > 0.9
        assert (await client.some()).endswith(b"4000")


async def test_work_and_streams_take_as_long_as_they_take() -> None:
    short = {"http_idle_seconds": 0.2, "http_head_seconds": 0.2, "http_body_seconds": 0.2}
    async with serving(**short) as place:
        working, streaming = await place.connect(get("/hold")), await place.connect(get("/stream"))
        await until_async(lambda: place.held == 2, "both at work")
        for _ in range(3):
            # Each lives for a whole time of idleness.
            await (await place.connect()).rest()
        place.go.set()
        assert (await working.rest()).endswith(b'"held"')
        assert b"last" in await streaming.rest()


async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async with serving(**LONG | {"http_body_seconds": 0.3}) as place:
        one = socket.create_connection(("127.0.0.1", place.port))
        one.sendall(get("/large"))
        await until_async(lambda: place.ended("unread") == 1, "the answer given up")
        await until_async(lambda: place.open == 0, "no connection left")
        one.close()
        assert len(await place.ask("/large")) > len(LARGE)


async def test_idle_connections_never_keep_others_out() -> None:
    async with serving(**LONG | {"http_connections": 10}) as place:
        idle = [await place.connect() for _ in range(50)]
        idle += [await place.connect(b"GET / HTTP/1.1\r\n") for _ in range(50)]
        for _ in range(5):
            assert (await place.ask("/health/live")).endswith(b"ok")
        client = await place.connect(post(3) + b"abc")
        assert (await client.some()).endswith(b"3")
        assert place.open <= 10
        assert place.ended("room") >= 90
        assert len(idle) == 100


async def test_beyond_the_limit_there_is_503_and_health_still_answers() -> None:
    async with serving(**LONG | {"http_connections": 5}) as place:
        working = [await place.connect(get("/hold")) for _ in range(5)]
        await until_async(lambda: place.held == 5, "all at work")
        refused = await place.ask("/hold")
        assert refused.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b'"code":"too_many_connections"' in refused
        assert b"retry-after: 2" in refused.lower()
        assert (await place.ask("/health/ready")).endswith(b"ready")
        assert b"motcua_http_connections 6.0" in await place.ask("/metrics")
        spare = [await place.connect(b"GET /health/live HTTP/1.1\r\n") for _ in range(40)]
        assert (await place.ask("/health/live")).endswith(b"ok")
        place.go.set()
        assert all(answer.endswith(b'"held"') for answer in await asyncio.gather(*map(Client.rest, working)))
        assert (await place.ask("/hold")).endswith(b'"held"')
        assert len(spare) == 40


async def test_a_body_in_crumbs_ends_before_each_is_taken_by_itself() -> None:
    """600,000 chunks of one byte took 1.8 s of the loop; a chunked body of decent chunks goes on."""
    head = b"POST /take HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n"
    async with serving(**LONG) as place:
        crumbs = await place.connect(head + b"\r\n")
        with suppress(ConnectionError):
            await crumbs.send(b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n")
        answer = await crumbs.rest()
        assert answer.startswith(b"HTTP/1.1 400") or not answer
        decent = await place.connect(head + b"Connection: close\r\n\r\n")
        await decent.send((b"100\r\n" + b"\r\n" * 128 + b"\r\n") * 3 + b"0\r\n\r\n")
        assert (await decent.rest()).endswith(b"768")
        lines = await place.connect(post(60_000).replace(b"Host", b"Connection: close\r\nHost") + b"\r\n" * 30_000)
        assert (await lines.rest()).endswith(b"60000")
        assert place.ended("crumbs") == 1
        await until_async(lambda: place.open == 0, "no connection left")
