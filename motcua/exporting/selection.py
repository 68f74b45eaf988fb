"""Which dossiers an export is of: by code, accountable unit and period of receipt. Always whole dossiers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.instants import parse_instant

__all__ = ["Selection", "units_below"]


#: When a case was received, the first of these that it has.
_RECEIVED: Final = ("accepted_at", "submitted_at", "received_at", "entered_at")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted; what is None is not asked about.

    Attributes:
        codes: dossier codes.
        units: accountable units, those below already among them.
        begin: received at or after, UTC microseconds.
        end: received before, UTC microseconds.
    """

    codes: frozenset[str] | None = None
    units: frozenset[str] | None = None
    begin: int | None = None
    end: int | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing is left out: then entries that are of no dossier are exported too."""
        return self.codes is None and not self.by_facts

    @property
    def by_facts(self) -> bool:
        """Whether facts decide, not the code alone."""
        return self.units is not None or self.begin is not None or self.end is not None

    def may_have(self, code: str) -> bool:
        """Whether a dossier can be wanted, as far as its code tells."""
        return self.codes is None or code in self.codes

    def has(self, row: Mapping[str, Any] | None) -> bool:
        """Whether a dossier of these facts is wanted; one without facts yet only where facts do not decide.

        The period is that of the acceptance, of a dossier not accepted that of the submission; of a petition when it
        was received, of a figure from outside when it was entered.
        """
        if not self.by_facts:
            return True
        if row is None or (self.units is not None and row.get("unit") not in self.units):
            return False
        if self.begin is None and self.end is None:
            return True
        received = next((row[name] for name in _RECEIVED if row.get(name) is not None), None)
        if received is None:
            return False
        at = parse_instant(received)
        return (self.begin is None or at >= self.begin) and (self.end is None or at < self.end)


def units_below(units: Iterable[Mapping[str, Any]], wanted: str) -> frozenset[str]:
    """A unit and all below it.

    Args:
        units: all units with their `unit` and `parent`.
        wanted: code of the unit.
    """
    children: dict[str, list[str]] = {}
    for one in units:
        if one["parent"] is not None:
            children.setdefault(one["parent"], []).append(one["unit"])
    found: set[str] = set()
    waiting = [wanted]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += children.get(code, ())
    return frozenset(found)
