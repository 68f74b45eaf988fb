"""Whether two epochs tell the same: newest row and standing announcements of each case at a common position.

Pure: takes lifecycle records as they were read, in topic order. Knows no topic and no process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from shared.populations.all import POPULATIONS
from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import OLDEST
from shared.populations.indicators import INDICATORS
from shared.populations.petitions import PETITIONS

__all__ = ["Comparison", "Difference", "EpochFacts", "compare"]

_MISSING: Final = "(missing)"
_SAMPLE: Final = 10
_NO_END: Final = 2**63
#: Facts that no row of an older engine tells: compared where the live epoch has any.
_SELDOM: Final = frozenset(fact.wire for population in POPULATIONS for fact in population.facts if fact.since > OLDEST)

#: Events that carry rows, and what makes the key of one from its code.
_ROWS: Final = {one.event: one.key for one in POPULATIONS}

#: What the keys of cases begin with, but for dossiers.
_PREFIXES: Final = tuple((one.name, one.key("")) for one in POPULATIONS if one is not DOSSIERS)

#: What tells announcements of one kind and due instant apart: of a dossier or a step, which one, whose, which rung.
_WHOSE: Final = ("of", "step", "occurrence", "unit", "rung_us")

#: An announcement that stands: kind, due, at, and whose it is.
Announcement = tuple[str, str, str, tuple[object, ...]]


@dataclass(slots=True)
class _Facts:
    place: tuple[int, int]
    row: Mapping[str, Any]
    standing: set[Announcement]


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that two epochs tell differently, by the key of its records, and the fields in which they do."""

    code: str
    fields: list[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found; `sample` holds at most ten differences, by the keys of their records.

    `false_causes`: records of the live epoch that name a place beyond the journal's end; its readers refuse them.
    `dossiers`, `petitions` and `indicators` (entered figures) are how many were compared.
    """

    dossiers: int
    differences: int
    sample: list[Difference]
    false_causes: int = 0
    petitions: int = 0
    indicators: int = 0


class EpochFacts:
    """What one epoch tells of each case, up to a common journal position.

    Args:
        common: by journal partition, the offset from which on causes are left out.
        complete: by journal partition, the offset from which on every cause is still on the topic (compaction may have
            removed superseded records before it); announcements are compared from there.
        ends: by journal partition, its end after everything given was written: no true cause lies beyond it.
    """

    def __init__(
        self,
        common: Mapping[int, int],
        complete: Mapping[int, int] | None = None,
        ends: Mapping[int, int] | None = None,
    ) -> None:
        self._common = common
        self._complete = complete or {}
        self._ends = ends or {}
        #: By the keys of their records.
        self.cases: dict[str, _Facts] = {}
        #: Cases with a record behind the common position.
        self.later: set[str] = set()
        #: Records that are no lifecycle events; they belong to no dossier.
        self.unreadable = 0
        #: Records whose cause the journal does not hold; no reader believes them, and the row before them stands.
        self.false_causes = 0

    def add(self, value: bytes | None) -> None:
        """Take over one record. A record read before (at-least-once) changes nothing."""
        try:
            event = orjson.loads(value or b"")
            if event["type"] not in _ROWS:
                return
            (partition, offset, index), row, happened = _told(event["data"])
            code, common = _ROWS[event["type"]](row["code"]), self._common[partition]
        except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError):
            self.unreadable += 1
            return
        if offset >= self._ends.get(partition, _NO_END):
            self.false_causes += 1
            return
        if offset >= common:
            self.later.add(code)
            return
        known = self.cases.get(code)
        if known is not None and known.place >= (offset, index):
            return
        standing = set() if known is None else known.standing
        if offset >= self._complete.get(partition, 0):
            _announce(standing, happened)
        self.cases[code] = _Facts((offset, index), row, standing)


def _told(data: Mapping[str, Any]) -> tuple[tuple[int, int, int], Mapping[str, Any], list[Mapping[str, Any]]]:
    """Place, row and happenings of a row's event.

    Raises:
        LookupError, TypeError, AttributeError: it is none.
    """
    cause, row = data["cause"], data["row"]
    place = cause["partition"], cause["offset"], cause.get("index", 0)
    if not isinstance(row["code"], str) or not all(isinstance(number, int) for number in place):
        raise TypeError("no place of a journal, or no code")
    return place, row, data.get("happened") or []


def _announce(standing: set[Announcement], happened: Iterable[Mapping[str, Any]]) -> None:
    for happening in happened:
        kind, due, at = happening["kind"], happening["due"], happening["at"]
        whose = tuple(happening.get(member) for member in _WHOSE)
        if kind == "retracted":
            gone = (happening["retracts"], due, whose)
            standing -= {one for one in standing if (one[0], one[1], one[3]) == gone}
        else:
            standing.add((kind, due, at, whose))


def _always(_code: str) -> bool:
    return True


def compare(old: EpochFacts, new: EpochFacts, announced: Callable[[str], bool] = _always) -> Comparison:
    """Compare two epochs read to the same common position, each of its own journal.

    A case that one of them tells only behind that position (its earlier rows were compacted away since it went on)
    cannot be compared and is left out. So are cases of a population of which the live epoch has none: its engine knew
    of no such cases.

    Args:
        old: the live epoch.
        new: the other one.
        announced: whether what stands announced of a dossier can be compared, too.
    """
    found = []
    told = {name for name in _SELDOM if any(name in one.row for one in old.cases.values())}
    keys = sorted(old.cases.keys() | new.cases.keys())
    known = {_population(key) for key in old.cases} | {DOSSIERS.name}
    compared: Counter[str] = Counter()
    for code in keys:
        one, other, population = old.cases.get(code), new.cases.get(code), _population(code)
        if population not in known:
            continue
        if (one is None and code in old.later) or (other is None and code in new.later):
            continue
        compared[population] += 1
        fields = _differing(one, other, announced=announced(code), told=told)
        if fields:
            found.append(Difference(code, fields))
    return Comparison(
        compared[DOSSIERS.name],
        len(found),
        found[:_SAMPLE],
        old.false_causes,
        compared[PETITIONS.name],
        compared[INDICATORS.name],
    )


def _population(key: str) -> str:
    """The population of a case by its key; dossiers' are their codes."""
    return next((name for name, prefix in _PREFIXES if key.startswith(prefix)), DOSSIERS.name)


def _differing(one: _Facts | None, other: _Facts | None, *, announced: bool, told: Collection[str]) -> list[str]:
    if one is None or other is None:
        return [f"old {_MISSING}" if one is None else f"new {_MISSING}"]
    names = sorted(name for name in one.row.keys() | other.row.keys() if name not in _SELDOM or name in told)
    fields = [name for name in names if _bare(one.row.get(name)) != _bare(other.row.get(name))]
    if announced and one.standing != other.standing:
        fields.append("announcements")
    return fields


def _bare(value: Any) -> Any:
    """A value without what stands for nothing: an older engine spelled null, the empty list and no out."""
    if isinstance(value, Mapping):
        return {name: bare for name, one in value.items() if (bare := _bare(one)) is not None}
    if isinstance(value, list):
        return [_bare(one) for one in value] or None
    return None if value is False else value
