"""Feeds a simulation to a running stack: ticking along on the data's clock, or at wall-clock time on a live one.

Nothing is kept between runs: the same score sends the same entries with the same ids, so that a feed that was broken
off is begun again and what is there already changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import orjson

from shared.clock import Clock
from shared.instants import HOUR, SECOND
from simulator.feed import Feed, Stopped, Told, tick_entry

__all__ = ["feed_data", "feed_live"]

#: Entries are sent in spans of this length, with a tick at the end of each.
_SPAN: Final = 6 * HOUR
#: No more entries at once: what is held in memory.
_MOST: Final = 4_000

#: Called after each sending with what became of entries so far and the instant reached.
OnSent = Callable[[Told, int], None]


def feed_data(entries: Iterable[tuple[int, bytes]], begin: int, end: int, feed: Feed, on_sent: OnSent) -> Told:
    """Send everything in the order of sending, ticks between, and at last the tick of the end.

    Args:
        entries: lines with their instants of sending.
        begin: the first instant.
        end: the last; what is sent after it happened before it.
        feed: where they go.
        on_sent: for progress.

    Raises:
        FeedError: the stack does not take them.
        Stopped: the operator wanted the end.
    """
    told = Told()
    ticked = begin
    batch: list[dict[str, Any]] = []

    def send(reached: int) -> None:
        sent = feed.send(batch)
        told.accepted += sent.accepted
        told.refused += sent.refused
        batch.clear()
        on_sent(told, reached)

    for sent, line in entries:
        while sent >= ticked + _SPAN <= end - 1:
            ticked += _SPAN
            batch.append(tick_entry(ticked))
        batch.append(orjson.loads(line))
        if len(batch) >= _MOST:
            send(min(sent, end))
    batch.append(tick_entry(end))
    send(end)
    return told


def feed_live(
    entries: Iterable[tuple[int, bytes]],
    clock: Clock,
    feed: Feed,
    stop: threading.Event,
    *,
    rate: float | None,
    on_sent: OnSent,
) -> Told:
    """Send entries as the wall clock reaches their instants of sending, those before now at once, or at a rate.

    Args:
        entries: lines with their instants of sending.
        clock: the wall clock.
        feed: where they go; the stack ticks by itself.
        stop: set when the operator wants the end.
        rate: entries a second at most; None: as fast as the stack takes them.
        on_sent: for progress.

    Raises:
        FeedError: the stack does not take them.
        Stopped: the operator wanted the end.
    """
    told = Told()
    begun, given = clock.now(), 0
    most = _MOST if rate is None else max(1, min(_MOST, int(rate)))
    for batch in _batches(entries, most):
        for part in _by_then(batch, clock, stop):
            if rate is not None:
                _wait(stop, begun + int(given / rate * SECOND) - clock.now())
            sent = feed.send([orjson.loads(line) for _, line in part])
            given += len(part)
            told.accepted += sent.accepted
            told.refused += sent.refused
            on_sent(told, part[-1][0])
    return told


def _batches(entries: Iterable[tuple[int, bytes]], most: int) -> Iterator[list[tuple[int, bytes]]]:
    """Entries in lists of up to so many, in their order."""
    batch: list[tuple[int, bytes]] = []
    for one in entries:
        if len(batch) >= most:
            yield batch
            batch = []
        batch.append(one)
    if batch:
        yield batch


def _by_then(batch: list[tuple[int, bytes]], clock: Clock, stop: threading.Event) -> Iterator[list[tuple[int, bytes]]]:
    """Parts of a batch as the wall clock comes to them."""
    left = batch
    while left:
        now = clock.now()
        ready = [one for one in left if one[0] <= now]
        if ready:
            yield ready
            left = left[len(ready) :]
        else:
            _wait(stop, min(SECOND, left[0][0] - now))


def _wait(stop: threading.Event, time: int) -> None:
    if time > 0 and stop.wait(time / SECOND):
        raise Stopped
