"""Who costs more than its share of intake's time: in the log now and then, and in metrics by sender.

Time is processor time of the event loop, which all senders share: what one takes, all others wait for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.access.bearer import Bearer
from shared.catalogue.base import Meters
from shared.costs import CostWatch
from shared.logging import get_logger
from shared.serving.spent import Spent

__all__ = ["Costs", "CostsOfRequests"]

_log = get_logger("intake.rates")
_MINUTE: Final = 60.0


@dataclass(slots=True)
class _Minute:
    begun: float
    seconds: float = 0.0
    told: bool = False


class Costs:
    """What senders cost at this replica.

    Args:
        costly: seconds of one entry or message above which it is told.
        share: of a minute, above which a sender is told.
        meters: intake's metrics.
        clock: monotonic seconds.
        cost: processor seconds of this thread.
    """

    def __init__(
        self,
        costly: float,
        share: float,
        meters: Meters,
        clock: Callable[[], float] = time.monotonic,
        cost: Callable[[], float] = time.thread_time,
    ) -> None:
        self._share = share * _MINUTE
        self._clock = clock
        self._entries = CostWatch(costly, "an entry costs much", clock, cost)
        self._seconds = meters.counter("motcua_intake_sender_seconds_total")
        self._told = meters.counter("motcua_intake_costly_total")
        self._minutes: dict[str, _Minute] = {}

    def of_entry(self, bearer: Bearer, size: int, place: str) -> AbstractContextManager[None]:
        """Measure what one entry or message costs while it is looked at.

        Args:
            bearer: whose it is.
            size: its bytes.
            place: where it stands: a line of a batch, or topic and offset.
        """
        sender = bearer.name
        return self._entries.of(
            sender, lambda: self._told.labels(sender, "entry").inc(), sender=sender, bytes=size, place=place
        )

    def spent(self, bearer: Bearer, seconds: float, place: str) -> None:
        """Count what a request or a portion of an outbox took.

        Args:
            bearer: whose it was.
            seconds: of processor time.
            place: the route, or the topic.
        """
        self._seconds.labels(bearer.name).inc(seconds)
        now = self._clock()
        minute = self._minutes.get(bearer.name)
        if minute is None or now - minute.begun >= _MINUTE:
            if minute is None and len(self._minutes) >= 10_000:
                self._minutes.clear()
            minute = self._minutes[bearer.name] = _Minute(now)
        minute.seconds += seconds
        if minute.seconds > self._share and not minute.told:
            minute.told = True
            self._told.labels(bearer.name, "minute").inc()
            # The home's own key may take all there is, as an import does.
            if not bearer.administers:
                _log.warning(
                    "a sender takes much of a minute",
                    sender=bearer.name,
                    seconds=round(minute.seconds, 1),
                    within=round(now - minute.begun, 1),
                    place=place,
                )


class CostsOfRequests:
    """ASGI layer that counts what each request costs to its sender.

    Args:
        app: the application inside, which notes the bearer of a key in the request's state.
        costs: where it is counted.
    """

    def __init__(self, app: ASGIApp, costs: Costs) -> None:
        self._app = app
        self._costs = costs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        work = Spent(_called(self._app, scope, receive, send))
        try:
            await work
        finally:
            bearer = scope.get("state", {}).get("bearer")
            if bearer is not None:
                self._costs.spent(bearer, work.seconds, str(getattr(scope.get("route"), "path", "?")))


async def _called(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
