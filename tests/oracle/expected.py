"""One call from the lines of a journal to everything the oracle expects of it: rows, announcements, figures.

    told = expected(lines, ZoneInfo("Asia/Ho_Chi_Minh"), partitions=8)   # lines: {partition, offset, entry}
    told.rows()                     # code -> facts as plain values; product rows take `tests.oracle.rows.row_form`
    told.announced("H38-1")         # what stands announced at its partition's clock
    told.indices(Period(first, last, zone), unit="H38", children=True, by="channel")

Reference entries and ticks are lines like all others: give every partition's copy, as `motcua journal export` does.
Compare with `tests.oracle.compare`: `compare_rows(product_rows, told.rows())`, `compare(product_indices, indices)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.cases.announcements import Announced, announced, petition_announced
from tests.oracle.cases.dossier import Dossier, all_facts
from tests.oracle.cases.entered import Figure, Identity, key_of, settled
from tests.oracle.cases.petition import Petition, all_petitions
from tests.oracle.figures import Period, indices
from tests.oracle.journal import Journal, read_journal
from tests.oracle.reference.says import References
from tests.oracle.reference.tree import Above
from tests.oracle.rows import facts_form, petition_form

__all__ = ["Expected", "expected"]


@dataclass
class Expected:
    """What a journal means. `dossiers` and `petitions` are their facts by code."""

    journal: Journal
    zone: ZoneInfo
    dossiers: dict[str, Dossier]
    petitions: dict[str, Petition]

    @property
    def clock(self) -> datetime | None:
        """The lowest clock of the partitions that have seen a tick; None if none has."""
        return min(self.journal.clocks.values(), default=None)

    def rows(self) -> dict[str, dict[str, Any]]:
        """The facts of every case in the form in which rows are compared, by their records' keys."""
        rows = {code: facts_form(facts) for code, facts in self.dossiers.items()}
        rows |= {f"petition:{code}": petition_form(known) for code, known in self.petitions.items()}
        return rows | {key_of(one.identity): one.form() for one in self.figures}

    @cached_property
    def figures(self) -> list[Figure]:
        """What was entered, by identity."""
        return [
            Figure(identity, entry, [("conflicting_content", *identity[1:])] if conflict else [])
            for identity, (entry, conflict) in self.journal.entered.items()
        ]

    def entered(self) -> dict[tuple[str, str, str, str], Identity]:
        """Whose figure holds, by indicator, unit, first and last day."""
        return settled(self.figures)

    def announced(self, key: str) -> set[Announced]:
        """What stands announced of a case at the clock of its partition, by the key of its records."""
        if key.startswith("indicator:"):
            return set()
        code = key.removeprefix("petition:")
        if key != code:
            return petition_announced(self.petitions[code], self.journal.clocks.get(self.journal.partitions[code]))
        return announced(self.dossiers[code], self.journal.clocks.get(self.journal.partitions[code]))

    def indices(
        self, period: Period, *, unit: str | None = None, children: bool = False, by: str | None = None
    ) -> list[dict[str, Any]]:
        """The indices of a query; units lie below each other as `above` says."""
        return indices(self.dossiers, period, self.clock, unit=unit, children=children, by=by, above=self.above)

    @cached_property
    def above(self) -> Above:
        """The unit above one, as reference data of any partition say on the date of the clock."""
        every = [entry for entries in self.journal.references.values() for entry in entries]
        known = References(every, self.zone).applying(None)
        today = None if self.clock is None else self.clock.astimezone(self.zone).date()
        return cache(lambda code: known.parent(code, today))


def expected(lines: Iterable[dict[str, Any]], zone: ZoneInfo, partitions: int | None = None) -> Expected:
    """What the oracle makes of a journal.

    Args:
        lines: {partition, offset, entry} of all partitions, in any order.
        zone: of the stack.
        partitions: if given, entries in another partition than their dossier's are left out, as processing does.
    """
    journal = read_journal(lines, partitions)
    return Expected(journal, zone, all_facts(journal, zone), all_petitions(journal, zone))
