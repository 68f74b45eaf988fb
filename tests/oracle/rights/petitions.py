"""Who may act on the petitions of a subject (issue 13, section 3). Knows nothing of what a petition comes to."""

from __future__ import annotations

from tests.oracle.journal import HeldEntry
from tests.oracle.reference.tenure import Tenures
from tests.oracle.rights.grants import Register

__all__ = ["judge_petitions"]


def judge_petitions(
    code: str, entries: list[HeldEntry], register: Register
) -> tuple[list[tuple[HeldEntry, str | None]], list[HeldEntry]]:
    """The entries that are not entitled, each with whose the petition was at its time, and those that are contested.

    Args:
        code: the subject; also the petition's code where an entry names none.
        entries: those of petitions that hold, in their order.
        register: the units of its partition.
    """
    petitions: dict[str, list[HeldEntry]] = {}
    for entry in entries:
        petitions.setdefault(entry.data.get("petition", code), []).append(entry)
    not_entitled: list[tuple[HeldEntry, str | None]] = []
    contested: list[HeldEntry] = []
    for of_one in petitions.values():
        received = [entry for entry in of_one if entry.type == "petition.received"]
        if len({entry.source for entry in received}) > 1:
            contested += received
        petition = _Petition((received or of_one)[0], register)
        petition.follow(of_one)
        not_entitled += [(entry, petition.units.at(entry)) for entry in of_one if not petition.entitles(entry)]
    return not_entitled, contested


class _Petition:
    """One petition, by the entry that counts as its receipt."""

    def __init__(self, first: HeldEntry, register: Register) -> None:
        self.first = first
        self.register = register
        self.units = Tenures(first.data.get("unit"))
        self.takers: list[HeldEntry] = []

    def follow(self, entries: list[HeldEntry]) -> None:
        """Who has it passes it on by naming another unit; a hand-over by anybody else is nobody's to make."""
        for entry in entries[entries.index(self.first) + 1 :]:
            unit = entry.data.get("unit")
            if unit is None:
                continue
            if not self._covers(entry, self.units.last):
                if entry.type == "petition.handed_over":
                    self.takers.append(entry)
            elif unit != self.units.last:
                self.units.pass_to(unit, entry)

    def entitles(self, entry: HeldEntry) -> bool:
        """Whether an entry may act on it."""
        if entry in self.takers:
            return False
        return entry is self.first or any(self._covers(entry, unit) for unit in self.units.now_or_later(entry.time))

    def _covers(self, entry: HeldEntry, unit: str | None) -> bool:
        """Of one that names no unit: whether the grant covers that of the receipt."""
        if unit is not None or "*" in entry.grant:
            return self.register.covers(entry, unit)
        if not self.first.grant:
            return entry.source == self.first.source
        return all(self.register.covers(entry, pattern) for pattern in self.first.grant)
