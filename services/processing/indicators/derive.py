"""The facts of an entered figure: of the entries of one identity the one that holds. Pure; hangs on no reference data.

Which of several identities holds that say the same figure is settled where figures are made: they lie in different
partitions, and none knows of the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from services.processing.facts.announcements import Announcement
from services.processing.facts.holding import hold
from services.processing.facts.known import HANGS_ON_NOTHING, Odd
from services.processing.facts.reference import Reference
from services.processing.record import EntryRecord
from services.processing.routing.model import RejectedAct

__all__ = ["IndicatorFacts", "derive"]

_SIMULATED: Final = attrgetter("simulated")


@dataclass(slots=True)
class IndicatorFacts:
    """Everything known of an entered figure: each fact of its row by its name (shared/populations/indicators.py).

    `held` is the entry that holds, none where the identity is withdrawn; nothing is ever due of a figure.
    """

    code: str
    held: Sequence[EntryRecord]
    findings: list[Odd]
    simulated: bool

    @property
    def _says(self) -> dict[str, Any]:
        return (self.held[0].data or {}) if self.held else {}

    @property
    def indicator(self) -> str | None:
        """What was entered."""
        return self._says.get("indicator")

    @property
    def unit(self) -> str | None:
        """Whose it is."""
        return self._says.get("unit")

    @property
    def first_day(self) -> str | None:
        """First day of its period, a date."""
        return self._says.get("first_day")

    @property
    def last_day(self) -> str | None:
        """Last day of its period, a date; inclusive."""
        return self._says.get("last_day")

    @property
    def value(self) -> str | None:
        """A score or count, as entered."""
        return self._says.get("value")

    @property
    def numerator(self) -> int | None:
        """Of a share."""
        return self._says.get("numerator")

    @property
    def denominator(self) -> int | None:
        """Of a share."""
        return self._says.get("denominator")

    @property
    def document(self) -> str | None:
        """Where it was published."""
        return self._says.get("document")

    @property
    def entered_at(self) -> int | None:
        """The time of the entry that holds, UTC microseconds."""
        return self.held[0].time if self.held else None

    @property
    def sequence(self) -> int:
        """The sequence of that entry."""
        return self.held[0].sequence if self.held else 0

    @property
    def entries(self) -> int:
        """How many entries hold: one, or none."""
        return len(self.held)

    @property
    def to_announce(self) -> Sequence[tuple[int, Announcement]]:
        """Nothing is due."""
        return ()

    @property
    def rejections(self) -> list[RejectedAct]:
        """Its door judges who may enter it."""
        return []

    @property
    def beyond(self) -> Sequence[tuple[str, str]]:
        """Nobody's entries are counted apart."""
        return ()

    @property
    def ended_at(self) -> int:
        """Before any reference entry: none concerns it."""
        return HANGS_ON_NOTHING

    @property
    def due(self) -> None:
        """Nothing is due."""
        return


def derive(code: str, received: Sequence[EntryRecord], _reference: Reference) -> IndicatorFacts:
    """The facts of one entered figure.

    Args:
        code: of its identity (shared/populations/keys.py).
        received: its distinct entries, also superseded ones, sorted by their keys.
        _reference: no reference data have a part in it.
    """
    held, odd, _ = hold(received)
    odd.sort(key=lambda finding: (finding.about.key, finding.code))
    findings = [Odd(finding.code, finding.about.source, finding.about.id) for finding in odd]
    return IndicatorFacts(code, held, findings, any(map(_SIMULATED, received)))
