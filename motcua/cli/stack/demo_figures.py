"""What the demo's table shows, gathered from the services' doors once a second. Prints nothing."""

from __future__ import annotations

import contextlib
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from deploy.local.stack import LocalStack
from shared.instants import HOUR, local_date, parse_instant
from simulator.state import FILE
from simulator.world.province import PROVINCE

__all__ = ["Gatherer", "Narrow", "Row", "Screen"]

_MOST_LISTED = 10_000
#: Steps are looked at less often than figures: what they tell moves in hours.
_STEPS_EVERY = 5.0
_METERS = frozenset(
    {
        "motcua_intake_entries_total",
        "motcua_intake_refused_total",
        "motcua_metrics_lag_records",
        "motcua_metrics_freshness_seconds_count",
        "motcua_metrics_freshness_seconds_sum",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one unit in the current month."""

    unit: str
    name: str | None
    received: int
    open: int
    overdue: int
    due_soon: int
    on_time: str
    online: str


@dataclass(frozen=True, slots=True)
class Narrow:
    """Where the month's time over budgets is spent most, and to whom most of its delay falls."""

    unit: str | None
    name: str | None
    step: str
    over_hours: int
    over_share: str
    blamed: str | None
    blamed_share: str | None


@dataclass(slots=True)
class Screen:
    """One moment of the demo. Rates are per second over the last seconds, None before there are two moments.

    `example` is the dossier that is overdue longest, to look at more closely.
    """

    clock: int | None = None
    rows: list[Row] = field(default_factory=list)
    dossiers: int = 0
    events_per_second: float | None = None
    lag: int = 0
    freshness: float | None = None
    refused: int = 0
    narrow: Narrow | None = None
    example: str | None = None
    simulator: dict[str, Any] = field(default_factory=dict)


class Gatherer:
    """Asks the services of one stack; what is away is left as it was.

    Args:
        local: the running stack.
    """

    def __init__(self, local: LocalStack) -> None:
        self._home = local.home.path
        self._zone = ZoneInfo(local.home.load().zone)
        self._addresses = local.addresses()
        headers = {"Authorization": f"Bearer {local.admin_key()}"}
        self._client = httpx.Client(trust_env=False, timeout=5, headers=headers)
        self._entries: tuple[float, float] | None = None
        self._fresh: tuple[float, float] = (0.0, 0.0)
        self._steps_at = float("-inf")
        self.screen = Screen()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def look(self) -> Screen:
        """The present moment."""
        for part in (self._figures, self._steps, self._throughput, self._lag, self._simulator):
            with contextlib.suppress(httpx.HTTPError, OSError, KeyError, ValueError):
                part()
        return self.screen

    def _get(self, service: str, path: str, **parameters: Any) -> Any:
        answer = self._client.get(f"{self._addresses[service]}{path}", params=parameters)
        answer.raise_for_status()
        return answer.json()

    def _meters(self, service: str) -> dict[str, float]:
        """Values of a service's metrics by name, summed over their labels."""
        answer = self._client.get(f"{self._addresses[service]}/metrics")
        answer.raise_for_status()
        found: defaultdict[str, float] = defaultdict(float)
        # A service may export thousands of series; a full parser would cost more than the rest of the screen.
        for line in answer.text.splitlines():
            name = line.partition("{")[0].partition(" ")[0]
            if name in _METERS:
                found[name] += float(line.rpartition(" ")[2])
        return found

    def _figures(self) -> None:
        status = self._get("metrics", "/v1/status")
        self.screen.dossiers = status["rows"]
        if status["clock"] is None:
            return
        self.screen.clock = parse_instant(status["clock"])
        answer = self._get("metrics", "/v1/indices", unit=PROVINCE, children=True, **self._month(self.screen.clock))
        soon = self._get("metrics", "/v1/dossiers", state="due-soon", limit=_MOST_LISTED)["dossiers"]
        late = self._get("metrics", "/v1/dossiers", state="overdue", limit=_MOST_LISTED)["dossiers"]
        self.screen.example = late[0]["code"] if late else None
        self.screen.rows = [
            Row(
                unit=item["unit"],
                name=item["unit_name"],
                received=item["received"],
                open=item["open"],
                overdue=_under(late, item["unit"]),
                due_soon=_under(soon, item["unit"]),
                on_time=item["components"]["2.1"]["ratio"] or "-",
                online=item["components"]["3.3"]["ratio"] or "-",
            )
            for item in answer["indices"]
        ]

    def _month(self, clock: int) -> dict[str, str]:
        """The clock's month so far."""
        today = local_date(clock, self._zone)
        return {"from": today.replace(day=1).isoformat(), "to": today.isoformat()}

    def _steps(self) -> None:
        if self.screen.clock is None or time.monotonic() - self._steps_at < _STEPS_EVERY:
            return
        self._steps_at = time.monotonic()
        period = self._month(self.screen.clock)
        worst = self._get("metrics", "/v1/bottlenecks", unit=PROVINCE, limit=1, **period)["bottlenecks"]
        parts = self._get("metrics", "/v1/blame", unit=PROVINCE, **period)["units"]
        if not worst or not worst[0]["total_over_us"]:
            self.screen.narrow = None
            return
        one = worst[0]
        self.screen.narrow = Narrow(
            unit=one["unit"],
            name=one["unit_name"],
            step=one["step"],
            over_hours=one["total_over_us"] // HOUR,
            over_share=one["over_share"],
            blamed=parts[0]["unit"] if parts else None,
            blamed_share=parts[0]["share"] if parts else None,
        )

    def _throughput(self) -> None:
        meters = self._meters("intake")
        entries, now = meters["motcua_intake_entries_total"], time.monotonic()
        self.screen.refused = int(meters["motcua_intake_refused_total"])
        if self._entries is not None and now > self._entries[1]:
            rate = max(0.0, entries - self._entries[0]) / (now - self._entries[1])
            known = self.screen.events_per_second
            # Smoothed over some five seconds, so that a person can read it.
            self.screen.events_per_second = rate if known is None else known + 0.3 * (rate - known)
        self._entries = (entries, now)

    def _lag(self) -> None:
        places = self._get("processing", "/v1/positions")["partitions"].values()
        behind = sum(max(0, (one["end"] or 0) - (one["next"] or 0)) for one in places)
        meters = self._meters("metrics")
        self.screen.lag = behind + int(meters["motcua_metrics_lag_records"])
        count, total = meters["motcua_metrics_freshness_seconds_count"], meters["motcua_metrics_freshness_seconds_sum"]
        if count > self._fresh[0]:
            self.screen.freshness = (total - self._fresh[1]) / (count - self._fresh[0])
        self._fresh = (count, total)

    def _simulator(self) -> None:
        self.screen.simulator = json.loads((self._home / FILE).read_text(encoding="utf-8"))


def _under(dossiers: list[dict[str, Any]], unit: str) -> int:
    """How many of the dossiers belong to a unit or to one below it."""
    return sum(1 for one in dossiers if one["unit"] == unit or str(one["unit"]).startswith(f"{unit}."))
