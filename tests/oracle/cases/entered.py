"""Entered figures: what each identity says, and of identities that say the same which one holds.

docs/rules.md "Entered figures". Knows no dossier and no reference data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from tests.oracle.journal import HeldEntry

__all__ = ["Figure", "Identity", "key_of", "settled"]

#: Subject, source and id.
Identity = tuple[str, str, str]


@dataclass
class Figure:
    """One identity: its entry that holds, None where it is withdrawn, and what is odd about it."""

    identity: Identity
    entry: HeldEntry | None
    findings: list[tuple[str, str, str]] = field(default_factory=list)

    def form(self) -> dict[str, object]:
        """The facts as they are compared with rows."""
        data = {} if self.entry is None else self.entry.data
        told: dict[str, object] = {
            name: data.get(name)
            for name in (
                *("indicator", "unit", "first_day", "last_day", "value", "numerator", "denominator", "document"),
            )
        }
        time: datetime | None = None if self.entry is None else self.entry.time
        return told | {
            "entered_at": time,
            "sequence": 0 if self.entry is None else self.entry.sequence,
            "entries": 0 if self.entry is None else 1,
            "findings": sorted(self.findings),
        }


def key_of(identity: Identity) -> str:
    """The key of the record that tells of an identity: `indicator:`, then its parts with bars between."""
    subject, source, id_ = identity
    safe = [part.replace("%", "%25").replace("|", "%7C") for part in (subject, source)]
    return "indicator:" + "|".join([*safe, id_])


def settled(figures: list[Figure]) -> dict[tuple[str, str, str, str], Identity]:
    """By indicator, unit, first and last day: the identity whose figure holds, the last in the order of entries."""
    holding: dict[tuple[str, str, str, str], Figure] = {}

    def order(one: Figure) -> tuple[datetime, int, str, str, str]:
        subject, source, id_ = one.identity
        assert one.entry is not None
        return one.entry.time, one.entry.sequence, source, id_, subject

    for one in figures:
        if one.entry is None:
            continue
        data = one.entry.data
        says = (data["indicator"], data["unit"], data["first_day"], data["last_day"])
        other = holding.get(says)
        if other is None or order(other) < order(one):
            holding[says] = one
    return {says: one.identity for says, one in holding.items()}
