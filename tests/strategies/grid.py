"""Journals of many short-lived dossiers whose every instant lies on, or a microsecond beside, a boundary of a figure.

Acceptance, due, pause, end and clock are drawn from one small grid around the begin and end of a period, so that each
comparison of the figures meets equality. Knows the contract's words only.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.strategies.journals import Line

__all__ = ["Grid", "grids"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PARTITIONS = 2
FIRST, LAST = date(2026, 9, 7), date(2026, 9, 8)
TINY, HOUR = timedelta(microseconds=1), timedelta(hours=1)
P0 = datetime(2026, 9, 7, tzinfo=ZONE).astimezone(UTC)
P1 = datetime(2026, 9, 9, tzinfo=ZONE).astimezone(UTC)
NOON = P0 + 12 * HOUR
INSTANTS = [P0 - 30 * HOUR, P0 - TINY, P0, NOON - TINY, NOON, NOON + TINY, P1 - 8 * HOUR, P1 - TINY, P1, P1 + 30 * HOUR]
ENDS = ["resolved", "returned", "withdrawn", "stopped", "refused"]


@dataclass(frozen=True)
class Grid:
    """A journal in two partitions, and the period whose boundaries its instants meet."""

    first: date
    last: date
    partitions: int
    lines: list[Line]


@st.composite
def _life(draw: st.DrawFn, code: str) -> list[Line]:
    """One dossier: accepted, perhaps asked for a supplement once or twice, extended, ended. Order is that of time."""
    instants = st.sampled_from(INSTANTS)
    accepted, first, second, third = sorted(draw(st.lists(instants, min_size=4, max_size=4)))
    due = draw(st.one_of(st.none(), instants, instants, instants))
    receipt: dict[str, Any] = {"unit": "H38", "channel": draw(st.sampled_from(["online", "direct"]))}
    if due is not None:
        receipt["promised_due"] = due.isoformat()
    moves: list[tuple[str, datetime, dict[str, Any]]] = [("accepted", accepted, receipt)]
    shape = draw(st.sampled_from(["plain", "plain", "waiting", "paused", "twice", "extended"]))
    if shape in ("waiting", "paused", "twice"):
        moves.append(("supplement_requested", first, {}))
    if shape == "twice":
        moves.append(("supplement_requested", second, {}))
    if shape == "paused":
        new = draw(st.one_of(st.none(), instants))
        moves.append(("supplement_received", second, {} if new is None else {"promised_due": new.isoformat()}))
    if shape == "extended":
        moves.append(("extended", accepted, {"promised_due": draw(instants).isoformat(), "reason": "r"}))
    end = draw(st.sampled_from([None, *ENDS, "resolved", "resolved"]))
    if end is not None:
        moves.append((end, third, {}))
    return [
        {
            "specversion": "1.0",
            "type": f"dossier.{kind}",
            "source": "urn:a",
            "id": f"e{number}",
            "subject": code,
            "time": time.isoformat(),
            "sequence": number,
            "data": data,
        }
        for number, (kind, time, data) in enumerate(moves)
    ]


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """A journal of a dozen such dossiers and one tick per partition (or none), at an instant of the grid."""
    entries = [entry for number in range(12) for entry in draw(_life(f"H38-260907-{number:04}"))]
    stream = [(zlib.crc32(entry["subject"].encode()) % PARTITIONS, entry) for entry in entries]
    clock = draw(st.one_of(st.none(), *[st.sampled_from(INSTANTS)] * 5))
    if clock is not None:
        tick: dict[str, Any] = {
            "specversion": "1.0",
            "type": "clock.ticked",
            "source": "urn:clock",
            "id": "c",
            "subject": "clock",
        }
        tick |= {"time": clock.isoformat(), "data": {}}
        stream += [(partition, tick) for partition in range(PARTITIONS)]
    following = [0] * PARTITIONS
    lines = []
    for partition, entry in stream:
        lines.append({"partition": partition, "offset": following[partition], "entry": entry})
        following[partition] += 1
    return Grid(FIRST, LAST, PARTITIONS, lines)
