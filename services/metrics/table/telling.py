"""How a case's row is told: its public facts by their names on the topic, as they are declared. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from services.metrics.table.facts import Table
from services.metrics.table.periods import NEVER, NO_DAY, date_of
from services.metrics.table.shape import SEPARATOR
from shared.instants import to_rfc3339
from shared.populations.fact import Choice, Code, CodeSet, Day, Fact, Instant, Listed, Pauses, Population, Whole

__all__ = ["NAMED", "told", "told_facts"]

#: Dictionaries whose codes are told with the name they are registered under, in a member of its own behind the code.
NAMED: Final = ("units", "procedures")
#: The name of a code.
Named = Callable[[str | None], str | None]


class _Member(NamedTuple):
    """A fact as it is told, and its column; where that is shared, the column of days and whether it has one."""

    fact: Fact
    column: str
    day: str = ""
    has_day: bool = False


@cache
def told_facts(population: Population) -> tuple[Fact, ...]:
    """The facts an answer tells of a case, behind its code, in their order."""
    lists = (Pauses, Listed)
    return tuple(fact for fact in population.kept if fact.public and not isinstance(fact.form, lists))


@cache
def _members(population: Population) -> tuple[_Member, ...]:
    owners = {fact.otherwise: fact for fact in population.kept if fact.otherwise}
    found = []
    for fact in told_facts(population):
        column = str(fact.column)
        if fact.otherwise:
            # One column holds the instant, else the other; only the first has a day.
            found.append(_Member(fact, column, fact.day, has_day=True))
        elif column in owners:
            owner = owners[column]
            found.append(_Member(fact, str(owner.column), owner.day))
        else:
            found.append(_Member(fact, column))
    return tuple(found)


def told(table: Table, rows: Sequence[int], names: Mapping[str, Named]) -> Callable[[], Iterator[dict[str, Any]]]:
    """What tells the facts of some rows; call this while the table is held still, and that wherever.

    Args:
        table: of which.
        rows: in the order of the answer.
        names: by dictionary of NAMED, how its codes are called.
    """
    at = np.array(rows, dtype=np.intp)
    codes = [table.codes[row] for row in rows]
    # Lists that only grow: what is taken from the table here is in them already.
    columns = [(member, *_values(table, at, member)) for member in _members(table.population)]

    def tell() -> Iterator[dict[str, Any]]:
        for place, code in enumerate(codes):
            row: dict[str, Any] = {"code": code}
            for member, values, read in columns:
                value = row[member.fact.wire] = read(values[place])
                form = member.fact.form
                if isinstance(form, Code) and form.dictionary in NAMED:
                    row[f"{member.fact.wire}_name"] = names[form.dictionary](value)
            yield row

    return tell


def _values(table: Table, at: np.ndarray[Any, Any], member: _Member) -> tuple[list[Any], Callable[[Any], Any]]:
    """The values of a column, and how one of them is told."""
    column = table[member.column][at]
    if member.day:
        there = (table[member.day][at] != NO_DAY) == member.has_day
        column = np.where(there, column, NEVER)
    return column.tolist(), _telling(table, member.fact)


def _telling(table: Table, fact: Fact) -> Callable[[Any], Any]:
    """How a value of a column is told."""
    found: Callable[[Any], Any] = _as_it_is
    match fact.form:
        case Instant():
            found = _instant
        case Day():
            found = _day
        case Choice(values=values):
            found = (None, *values).__getitem__
        case Code(dictionary=name):
            found = table.words[name].values.__getitem__
        case CodeSet(dictionary=name):
            sets = table.words[name].values
            found = lambda number: text.split(SEPARATOR) if (text := sets[number]) else []  # noqa: E731
        case Whole(none=none) if not fact.required and fact.default is None:
            found = lambda value: None if value == none else value  # noqa: E731
    return found


def _as_it_is(value: Any) -> Any:
    return value


def _day(number: int) -> str | None:
    day = date_of(number)
    return None if day is None else day.isoformat()


def _instant(value: int) -> str | None:
    return None if value >= NEVER else to_rfc3339(value)
