"""Which dossiers of a partition a reference entry may concern, told by labels alone. Pure: no states, no database.

A label names more than holds (superseded entries count too), so nothing that could change is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.processing.entitling.naming import unit_in_code
from services.processing.facts.known import HANGS_ON_NOTHING
from services.processing.record import EntryRecord
from shared.access.patterns import patterns_of
from shared.contract.entries import ENTRY_MODELS
from shared.reference import ReferenceEntry
from shared.reference.concern import Concern
from shared.reference.kinds.units import parent_by_code

__all__ = ["Label", "Relations", "Roster", "concerns", "label_of"]

#: Types whose data name units or procedures; the others are passed over.
_NAMING: Final = frozenset(
    (
        "dossier.submitted",
        "dossier.accepted",
        "dossier.handed_over",
        "step.assigned",
        "step.completed",
        "step.sent_back",
        *(kind for kind in ENTRY_MODELS if kind.startswith("petition.")),
    )
)


#: Whether a unit is concerned by some others.
Concerned = Callable[[str, frozenset[str]], bool]


@dataclass(frozen=True, slots=True)
class Label:
    """What a dossier is found by: every procedure and unit its entries name, its end in UTC µs, None while open.

    `limited`: an entry's sender may not act for all units; then the unit in its code is among those named.
    """

    procedures: tuple[str, ...]
    units: tuple[str, ...]
    finished_at: int | None
    limited: bool = False


def label_of(entries: Iterable[EntryRecord], finished_at: int | None) -> Label:
    """The label of a dossier with these entries, superseded ones included."""
    procedures: dict[str, None] = {}
    units: dict[str, None] = {}
    limited = False
    for entry in entries:
        if entry.grant is not None and not limited:
            limited = True
            if (coded := unit_in_code(entry.subject)) is not None:
                units[coded] = None
        if entry.grant is not None and entry.type.startswith("petition."):
            # Where a petition names no unit, those of its first sender stand for it.
            units.update(dict.fromkeys(patterns_of(entry.grant)))
        if entry.type not in _NAMING or entry.data is None:
            continue
        data = entry.data
        if "procedure" in data:
            procedures[data["procedure"]] = None
        if "unit" in data:
            units[data["unit"]] = None
        if "receiving_unit" in data:
            units[data["receiving_unit"]] = None
        for step in data.get("route", ()):
            units[step["unit"]] = None
    return Label(tuple(procedures), tuple(units), finished_at, limited)


class Relations:
    """Which units a unit ever lay below or gave way to, and which a procedure's routes ever named: by any report."""

    def __init__(self, entries: Iterable[ReferenceEntry] = ()) -> None:
        self._parents: dict[str, set[str]] = {}
        self._heirs: dict[str, set[str]] = {}
        self._owners: dict[str, set[str]] = {}
        for entry in entries:
            self.learn(entry)

    def learn(self, entry: ReferenceEntry) -> None:
        """Take in what an entry says of units."""
        if entry.data is None:
            return
        if entry.type == "unit.revised":
            for name, known in (("parent", self._parents), ("successor", self._heirs)):
                if name in entry.data:
                    known.setdefault(entry.data["unit"], set()).add(entry.data[name])
        elif entry.type == "route.revised":
            owners = {step["unit"] for step in entry.data.get("steps", ()) if "unit" in step}
            self._owners.setdefault(entry.data["procedure"], set()).update(owners)

    def reaches(self, unit: str, wanted: frozenset[str]) -> bool:
        """Whether the unit is one of those, or was ever below one."""
        return _meets(unit, wanted, self._above)

    def _above(self, one: str) -> Iterator[str]:
        yield from self._parents.get(one, ())
        if (coded := parent_by_code(one)) is not None:
            yield coded

    def may_be_of(self, unit: str, wanted: frozenset[str]) -> bool:
        """Whether who may act for the unit can hang on one of those: it is one, below one, or one took over from it.

        Or from one above it, or it is above one that took over, and so on.
        """

        def standing(one: str) -> Iterator[str]:
            yield from self._above(one)
            yield from self._heirs.get(one, ())

        return _meets(unit, wanted, standing)

    def procedures(self, wanted: frozenset[str], concerned: Concerned | None = None) -> set[str]:
        """Procedures whose routes give a step to one of those units or one below, or to one concerned by them."""
        concerned = concerned or self.reaches
        return {code for code, owners in self._owners.items() if any(concerned(unit, wanted) for unit in owners)}


def _meets(unit: str, wanted: frozenset[str], following: Callable[[str], Iterable[str]]) -> bool:
    """Whether one comes from a unit to one of those by what follows each."""
    seen = {unit}
    waiting = [unit]
    while waiting:
        one = waiting.pop()
        if one in wanted:
            return True
        for other in following(one):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return False


def concerns(label: Label, concern: Concern, time: int, relations: Relations) -> bool:
    """Whether an entry of that time may concern a dossier: what `Roster.concerned` tells, for one label."""
    if label.limited and concern.rights and _among(label, concern.rights, relations, relations.may_be_of):
        return True
    if label.finished_at is not None and time >= label.finished_at:
        return False
    wanted = concern.units
    if concern.all and wanted is None:
        return True
    if not concern.procedures.isdisjoint(label.procedures):
        return True
    if not concern.all or wanted is None:
        return False
    return _among(label, wanted, relations, relations.reaches)


def _among(label: Label, wanted: frozenset[str], relations: Relations, concerned: Concerned) -> bool:
    owning = relations.procedures(wanted, concerned)
    return any(concerned(unit, wanted) for unit in label.units) or not owning.isdisjoint(label.procedures)


class Roster:
    """The labels of all dossiers of a partition, found by procedure and unit.

    Whether there is one makes no difference to any output: what it names too much comes out unchanged.
    """

    def __init__(self, lines: Iterable[tuple[str, Label]] = ()) -> None:
        self._labels: dict[str, Label] = {}
        self._by_procedure: dict[str, set[str]] = {}
        self._by_unit: dict[str, set[str]] = {}
        for key, label in lines:
            self.put(key, label)

    def __len__(self) -> int:
        return len(self._labels)

    def put(self, key: str, label: Label) -> None:
        """The dossier's label is this one from now on."""
        if label.finished_at == HANGS_ON_NOTHING:
            return
        before = self._labels.get(key)
        self._labels[key] = label
        for name in label.procedures:
            if before is None or name not in before.procedures:
                self._by_procedure.setdefault(name, set()).add(key)
        for name in label.units:
            if before is None or name not in before.units:
                self._by_unit.setdefault(name, set()).add(key)
        if before is not None:
            _leave(self._by_procedure, key, before.procedures, label.procedures)
            _leave(self._by_unit, key, before.units, label.units)

    def concerned(self, concern: Concern, time: int, relations: Relations) -> list[str]:
        """Keys of the cases an entry may concern, in their order.

        Args:
            concern: what the entry is about.
            time: the entry's time; a dossier that ended by then is not concerned (docs/rules.md, "Reference data"),
                save by who may act on it.
            relations: which unit lies below which, and who owns steps by routes.
        """
        found: Iterable[str]
        if concern.all and concern.units is None:
            found = self._labels
        else:
            procedures = set(concern.procedures)
            if concern.all and concern.units is not None:
                procedures |= relations.procedures(concern.units)
            wanted = concern.units if concern.all else None
            found = self._of(procedures, wanted, relations.reaches)
        labels = self._labels
        late = {key for key in found if (end := labels[key].finished_at) is None or time < end}
        if concern.rights:
            owning = relations.procedures(concern.rights, relations.may_be_of)
            late |= {key for key in self._of(owning, concern.rights, relations.may_be_of) if labels[key].limited}
        return sorted(late)

    def _of(
        self,
        procedures: Iterable[str],
        units: frozenset[str] | None,
        concerned: Concerned,
    ) -> set[str]:
        """Dossiers of some procedures, and those that name a unit that is concerned."""
        some = set[str]()
        if units is not None:
            for unit, keys in self._by_unit.items():
                if concerned(unit, units):
                    some |= keys
        for procedure in procedures:
            some |= self._by_procedure.get(procedure, set())
        return some


def _leave(index: dict[str, set[str]], key: str, before: Sequence[str], after: Sequence[str]) -> None:
    for name in before:
        if name not in after:
            index[name].discard(key)
            if not index[name]:
                del index[name]
