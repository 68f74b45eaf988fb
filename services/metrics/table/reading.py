"""A row as it was read, and the facts of many rows, by the declaration of their population. Pure.

Every row is validated, its instants too, those of many rows in one go. Facts are built for those rows only that are
the last of their case in a batch, and column by column: most rows of a busy topic are superseded before anybody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np

from services.metrics.table.periods import NEVER, day_number
from services.metrics.table.shape import SEPARATOR, item_shape, shape_of
from shared.contract.bounds import checked_instant
from shared.populations.fact import Choice, CodeSet, Day, Fact, Instant, Items, Listed, Pauses, Population, Whole

__all__ = ["Case", "Instants", "Reading", "Record", "facts", "newest"]

#: Instants kept read: rows repeat theirs, and reading a text again costs ten times a look-up.
_KEPT_INSTANTS: Final = 100_000
#: One column of some things.
_Column = Callable[[Sequence[Any]], Sequence[Any]]


class Instants(dict[str | None, int]):
    """UTC microseconds by text, as they were read; NEVER for None.

    Looking one up raises ValueError or OverflowError where the text is no instant, or out of bounds.
    """

    def __init__(self) -> None:
        super().__init__({None: NEVER})

    def __missing__(self, text: str) -> int:
        if len(self) >= _KEPT_INSTANTS:
            self.clear()
            self[None] = NEVER
        value = self[text] = checked_instant(text)
        return value


class Record(NamedTuple):
    """A row that was read and found valid, with its cause."""

    reading: Reading
    code: str
    partition: int
    offset: int
    running: int
    row: Any


#: A case: of which population, and its code.
Case = tuple["Reading", str]


class Reading:
    """Reads rows of one population.

    Args:
        population: whose.
        instants: in which texts are looked up.
    """

    def __init__(self, population: Population, instants: Instants) -> None:
        self.population = population
        self._instants = instants
        self._fact = shape_of(population).fact
        self._columns = [self._column(fact) for fact in population.kept]
        self._texts = Reading._instants_of(population.kept)

    def record(self, row: Any, partition: int, offset: int, running: int) -> Record:
        """A row whose members have their form; its instants are still to be looked at."""
        return Record(self, row.code, partition, offset, running, row)

    def check(self, rows: Sequence[Any]) -> None:
        """Look at all instants of some rows.

        Raises:
            ValueError, OverflowError: an instant is none, or out of bounds.
        """
        texts = set(self._texts(rows))
        if not texts <= self._instants.keys():
            for text in texts:
                self._instants[text]

    def facts(self, records: Sequence[Record]) -> list[Any]:
        """The facts of some rows, for their table."""
        _, codes, partitions, offsets, running, rows = zip(*records, strict=True)
        return list(map(self._fact, codes, partitions, offsets, running, *(column(rows) for column in self._columns)))

    @staticmethod
    def _instants_of(facts: Sequence[Fact]) -> Callable[[Sequence[Any]], Iterable[str | None]]:
        """What gathers the texts of all instants of some things, without a loop of ours over them."""
        single = _getter([fact.wire for fact in facts if isinstance(fact.form, Instant)])
        pauses = [attrgetter(fact.wire) for fact in facts if isinstance(fact.form, Pauses)]
        listed = [
            (attrgetter(fact.wire), Reading._instants_of(fact.form.items.kept))
            for fact in facts
            if isinstance(fact.form, Listed)
        ]

        def texts(things: Sequence[Any]) -> Iterable[str | None]:
            found: list[Iterable[str | None]] = [chain.from_iterable(map(single, things))]
            found += [chain.from_iterable(chain.from_iterable(map(take, things))) for take in pauses]
            for take, each in listed:
                some = list(chain.from_iterable(map(take, things)))
                if some:
                    found.append(each(some))
            return chain.from_iterable(found)

        return texts

    def _column(self, fact: Fact) -> _Column:
        """What takes a fact's values from some rows, or from some things of a list."""
        take = attrgetter(fact.wire)
        if isinstance(fact.form, Listed):
            return self._listed(take, fact.form.items)
        each = self._value(fact)
        if each is None:
            return lambda things: list(map(take, things))
        return lambda things: list(map(each, map(take, things)))

    def _value(self, fact: Fact) -> Callable[[Any], Any] | None:
        """What makes the value of a column of one of the topic; None: it is the same."""
        instant = self._instants.__getitem__
        found: Callable[[Any], Any] | None = None
        match fact.form:
            case Instant():
                found = instant
            case Day():
                found = day_number
            case Choice(values=values):
                found = ({None: 0} | {value: place for place, value in enumerate(values, 1)}).__getitem__
            case Whole() as form if not fact.required:
                found = _number(form)
            case CodeSet(of=of):
                code = None if of is None else attrgetter(of.facts[0].wire)
                found = lambda codes: _set(codes, code) if codes else None  # noqa: E731
            case Pauses():
                found = lambda pauses: [(instant(begin), instant(end)) for begin, end in pauses] if pauses else ()  # noqa: E731
        return found

    def _listed(self, take: Callable[[Any], Any], items: Items) -> _Column:
        columns, made = [self._column(fact) for fact in items.kept], item_shape(items)[0]

        def column(things: Sequence[Any]) -> Sequence[Any]:
            lists = list(map(take, things))
            every = list(chain.from_iterable(lists))
            found = map(made, *(each(every) for each in columns)) if every else iter(())
            return [list(islice(found, len(each))) if each else () for each in lists]

        return column


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What takes some attributes of a thing, as a tuple however many they are."""
    if len(names) > 1:
        return attrgetter(*names)
    take = attrgetter(*names) if names else None
    return lambda thing: () if take is None else (take(thing),)


def _number(form: Whole) -> Callable[[int | None], int]:
    most, none = int(np.iinfo(form.bits).max), form.none
    # Four thousand years of working time are as good as more.
    return lambda value: none if value is None else min(value, most)


def _set(codes: Sequence[Any], code: Callable[[Any], str] | None) -> str:
    if code is not None:
        codes = list(map(code, codes))
    return SEPARATOR.join(sorted(set(codes))) if len(codes) > 1 else str(codes[0])


def newest(records: Iterable[Record], latest: dict[Case, Record]) -> None:
    """Keep the last row of each case, by its cause, of those known and of some records."""
    for record in records:
        of = record.reading, record.code
        known = latest.get(of)
        if known is None or record[2:5] > known[2:5]:
            latest[of] = record


def facts(latest: dict[Case, Record]) -> list[Any]:
    """The facts of the last rows of some cases."""
    by_population: dict[Reading, list[Record]] = {}
    for record in latest.values():
        by_population.setdefault(record.reading, []).append(record)
    return [fact for reading, some in by_population.items() for fact in reading.facts(some)]
