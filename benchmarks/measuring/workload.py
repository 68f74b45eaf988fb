"""The simulated workload of all benchmarks: entries of the simulator's province as intake writes them to the journal.

Deterministic for a seed. Nothing here is of a real dossier.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from services.intake.admission.admit import StackRules, admit
from shared.access.bearer import Bearer
from shared.broker.partition import partition_of
from shared.contract.entries import CLOCK_TYPES, REFERENCE_TYPES
from shared.instants import DAY, local_midnight
from shared.problems.problem import Problem
from simulator.playing import Player, new_state, with_ticks

__all__ = ["PARTITIONS", "ZONE", "Journal", "journal", "sent"]

PARTITIONS: Final = 4
ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_START: Final = date(2026, 3, 2)
_PER_DAY: Final = 150
_NOW: Final = local_midnight(date(2027, 3, 2), ZONE)
_GRANT: Final = Bearer("simulator", ("*",), ("*",), frozenset({"sender", "clock", "reference"}))

Record = tuple[bytes, bytes]


@dataclass(slots=True)
class Journal:
    """Records by partition, in the order of arrival; `entries` counts records, a tick once per partition."""

    partitions: list[list[Record]] = field(default_factory=lambda: [[] for _ in range(PARTITIONS)])
    entries: int = 0
    dossiers: int = 0
    bytes: int = 0


def sent(seed: int = 766, *, introduced: bool = False) -> Iterator[dict[str, Any]]:
    """What the simulated province sends from 2 March 2026 on, with a tick every six hours of its time.

    Args:
        seed: of the province.
        introduced: whether its units, procedures and routes are among it, and come first.
    """
    begin = local_midnight(_START, ZONE)
    player = Player(new_state(seed, _PER_DAY, _START, ZONE).score, ZONE, begin)
    every = with_ticks(player, begin, begin + 365 * DAY)
    return every if introduced else (one for one in every if one["type"] not in REFERENCE_TYPES - CLOCK_TYPES)


def journal(entries: int, seed: int = 766, *, introduced: bool = False) -> Journal:
    """So many journal records of the simulated province, stamped as intake stamps them; refused ones are left out.

    Args:
        entries: how many, a tick or reference entry once per partition.
        seed: of the province.
        introduced: whether its units, procedures and routes come first, so that dossiers are due by their terms and
            follow their routes.
    """
    made = Journal()
    codes = set()
    rules = StackRules(simulated=True, data_clock=True, future_tolerance=120)
    for entry in itertools.takewhile(lambda _: made.entries < entries, sent(seed, introduced=introduced)):
        try:
            admitted = admit(orjson.dumps(entry), _GRANT, rules, _NOW)
        except Problem:
            continue
        if admitted.everywhere:
            places = range(PARTITIONS)
        else:
            place = partition_of(admitted.subject, PARTITIONS)
            places = range(place, place + 1)
            codes.add(admitted.subject)
        for place in places:
            made.partitions[place].append((admitted.key, admitted.value))
            made.entries += 1
            made.bytes += len(admitted.value)
    made.dossiers = len(codes)
    return made
