"""The facts of an entered figure: of the entries of one identity the one that holds. Pure; hangs on no reference data.

Which of several identities holds that say the same figure is settled where figures are made: they lie in different
partitions, and none knows of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from services.processing.facts.announcements import Announcement
from services.processing.facts.holding import hold
from services.processing.facts.known import HANGS_ON_NOTHING, Odd
from services.processing.facts.reference import Reference
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct

__all__ = ["IndicatorFacts", "derive"]

_SIMULATED: Final = attrgetter("simulated")


#: The facts that stand in the data of the entry that holds, by the same names.
_SAID: Final = ("indicator", "unit", "first_day", "last_day", "value", "numerator", "denominator", "document")


@dataclass(slots=True, kw_only=True)
class IndicatorFacts:
    """Everything known of an entered figure: each fact of its row by its name (shared/populations/indicators.py).

    `held` is the entry that holds, none where the identity is withdrawn. Its door judges who may enter it, and nothing
    is ever due of a figure: nothing is announced, rejected or counted apart.
    """

    code: str
    held: Sequence[EntryRecord]
    findings: list[Odd]
    simulated: bool
    indicator: str | None
    unit: str | None
    first_day: str | None
    last_day: str | None
    value: str | None
    numerator: int | None
    denominator: int | None
    document: str | None
    entered_at: int | None
    sequence: int
    entries: int
    to_announce: tuple[tuple[int, Announcement], ...] = field(default=(), init=False)
    rejections: tuple[RejectedAct, ...] = field(default=(), init=False)
    beyond: tuple[tuple[str, str], ...] = field(default=(), init=False)
    ended_at: int = field(default=HANGS_ON_NOTHING, init=False)
    due: None = field(default=None, init=False)


def derive(code: str, received: Sequence[EntryRecord], _reference: Reference) -> IndicatorFacts:
    """The facts of one entered figure.

    Args:
        code: of its identity (shared/populations/keys.py).
        received: its distinct entries, also superseded ones, sorted by their keys.
        _reference: no reference data have a part in it.
    """
    held, odd, _ = hold(received)
    odd.sort(key=lambda finding: (finding.about.key, finding.code))
    entry = held[0] if held else None
    said = {} if entry is None or entry.data is None else entry.data
    return IndicatorFacts(
        code=code,
        held=held,
        findings=[Odd(finding.code, finding.about.source, finding.about.id) for finding in odd],
        simulated=any(map(_SIMULATED, received)),
        **{name: said.get(name) for name in _SAID},
        entered_at=None if entry is None else entry.time,
        sequence=0 if entry is None else entry.sequence,
        entries=len(held),
    )
