"""All distinct reference entries by identity and by what they are versions of.

Pure, order-free and immutable. Knows which entry is of which kind; answers no question about a dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from shared.calendar.definition import check
from shared.contract.envelope import Data
from shared.contract.reference import Calendar, Procedure, Route, Rule, UnitData
from shared.reference.entry import ReferenceEntry
from shared.reference.grown import Grown
from shared.reference.kinds.calendars import CalendarVersion
from shared.reference.kinds.family import Chains, Family
from shared.reference.kinds.procedures import ProcedureVersion
from shared.reference.kinds.routes import RouteVersion, is_sound
from shared.reference.kinds.rules import RuleVersion
from shared.reference.kinds.units import UnitVersion
from shared.reference.versions import NEVER

__all__ = ["NOTHING_KNOWN", "Index"]

D = TypeVar("D", bound=Data)


@dataclass(frozen=True, slots=True)
class Index:
    """Entries by identity, and one family for each kind that is asked about.

    `count` is their number, `sum` that of their digests, `last` the latest time among them (UTC µs).
    """

    chains: Chains
    count: int
    sum: int
    last: int
    calendars: Family[CalendarVersion]
    procedures: Family[ProcedureVersion]
    routes: Family[RouteVersion]
    units: Family[UnitVersion]
    rules: Family[RuleVersion]
    #: By unit, every parent that was ever told of it, whether it holds or not.
    parents: Grown[str, str | None, None]
    #: Likewise every successor, None where none was told.
    successors: Grown[str, str | None, None]

    def with_entry(self, entry: ReferenceEntry) -> Index:
        """The index with one more entry; itself if it has it already."""
        return self.with_entries((entry,))

    def with_entries(self, entries: Iterable[ReferenceEntry]) -> Index:
        """The index with more entries, by one step; itself if it has them already."""
        new = {(entry.identity, entry.digest): entry for entry in entries}
        fresh = [entry for (identity, digest), entry in new.items() if not self.chains.has(identity, digest)]
        if not fresh:
            return self
        chains = self.chains.with_values((entry.identity, entry.digest, entry) for entry in fresh)
        return Index(
            chains,
            self.count + len(fresh),
            # A sum does not depend on the order; digests are uniform, so that it tells sets apart as they do entries.
            (self.sum + sum(int(entry.digest, 16) for entry in fresh)) % 2**256,
            max(self.last, *(entry.time for entry in fresh)),
            self.calendars.with_entries(chains, fresh),
            self.procedures.with_entries(chains, fresh),
            self.routes.with_entries(chains, fresh),
            self.units.with_entries(chains, fresh),
            self.rules.with_entries(chains, fresh),
            _told(self.parents, fresh, lambda unit: unit.parent_in_force),
            _told(self.successors, fresh, lambda unit: unit.successor),
        )


def _key(model: type[D], key: Callable[[D], Hashable]) -> Callable[[ReferenceEntry], Hashable | None]:
    return lambda entry: key(entry.model) if isinstance(entry.model, model) else None


def _calendar(entry: ReferenceEntry) -> CalendarVersion | None:
    # Nobody may lay a calendar that cannot be computed under other people's due dates.
    if not isinstance(entry.model, Calendar) or check(entry.model):
        return None
    return CalendarVersion.of(entry, entry.model)


def _procedure(entry: ReferenceEntry) -> ProcedureVersion | None:
    return ProcedureVersion.of(entry.model) if isinstance(entry.model, Procedure) else None


def _route(entry: ReferenceEntry) -> RouteVersion | None:
    # One that cannot be followed is as if it were not there, so that an older one goes on.
    return RouteVersion.of(entry.model) if isinstance(entry.model, Route) and is_sound(entry.model) else None


def _unit(entry: ReferenceEntry) -> UnitVersion | None:
    return UnitVersion.of(entry.model) if isinstance(entry.model, UnitData) else None


def _told(
    known: Grown[str, str | None, None], entries: Sequence[ReferenceEntry], what: Callable[[UnitVersion], str | None]
) -> Grown[str, str | None, None]:
    units = (unit for entry in entries if (unit := _unit(entry)) is not None)
    return known.with_values((unit.code, what(unit), None) for unit in units)


def _rule(entry: ReferenceEntry) -> RuleVersion | None:
    return RuleVersion(entry.model) if isinstance(entry.model, Rule) else None


#: The index of no entries.
NOTHING_KNOWN: Final = Index(
    Grown(),
    0,
    0,
    -NEVER,
    Family(_key(Calendar, lambda data: data.calendar), _calendar),
    Family(_key(Procedure, lambda data: data.procedure), _procedure),
    Family(_key(Route, lambda data: (data.procedure, data.channel)), _route),
    Family(_key(UnitData, lambda data: data.unit), _unit),
    Family(_key(Rule, lambda data: data.rule), _rule),
    Grown(),
    Grown(),
)
