"""The columns of a table, by the declaration of its population. Instants are UTC µs, NEVER for none. Pure."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from services.metrics.table.periods import NEVER, NO_DAY
from shared.populations.fact import (
    Choice,
    Code,
    CodeSet,
    Day,
    Fact,
    Flag,
    Instant,
    Items,
    Listed,
    Pauses,
    Population,
    Whole,
)

__all__ = ["CAUSE", "SEPARATOR", "Kind", "Shape", "item_shape", "shape_of"]

Kind = type[np.generic]
#: Between the codes of a set; no code has a control character.
SEPARATOR: Final = "\n"
#: The journal position that made a row, as columns: column → member of a fact (`index` is a method of every tuple).
CAUSE: Final[Mapping[str, str]] = {"partition": "partition", "offset": "offset", "index": "running"}
_CAUSE_KINDS: Final[Mapping[str, Kind]] = {"partition": np.int16, "offset": np.int64, "index": np.int32}
_PAUSES: Final[Mapping[str, Kind]] = {"start": np.int64, "end": np.int64}

#: What facts have for none, before their codes are numbers; the others have None.
_NONE: Final[Mapping[type, Any]] = {Instant: NEVER, Day: NO_DAY, Choice: 0, Flag: False, Pauses: (), Listed: ()}


class Shape(NamedTuple):
    """How one population is kept.

    Attributes:
        fact: a named tuple with the values of a row, in the order of the declaration: codes and sets of codes as text,
            choices by number, instants in microseconds; behind code and cause.
        kinds: columns of the table and their types.
        plain: facts with a column of their own, by column.
        lists: columns of the lists beside it, by list; a list's `<name>_first` points into it.
    """

    population: Population
    fact: Any
    kinds: Mapping[str, Kind]
    plain: Mapping[str, Fact]
    lists: Mapping[str, Mapping[str, Kind]]


@cache
def shape_of(population: Population) -> Shape:
    """The shape of a population's table."""
    kept = {str(fact.column): fact for fact in population.kept}
    beside = {name: fact for name, fact in kept.items() if isinstance(fact.form, Pauses | Listed)}
    stand_in = {fact.otherwise for fact in kept.values()}
    plain = {name: fact for name, fact in kept.items() if name not in beside}
    made = _tuple(f"{population.row}Fact", ("code", *CAUSE.values(), *kept), kept.values())
    kinds = dict(_CAUSE_KINDS)
    kinds |= {name: _kind(fact) for name, fact in plain.items() if name not in stand_in}
    kinds |= {fact.day: np.int32 for fact in plain.values() if fact.day}
    kinds |= {f"{name}_first": np.int32 for name in beside}
    lists = {
        name: item_shape(fact.form.items)[1] if isinstance(fact.form, Listed) else _PAUSES
        for name, fact in beside.items()
    }
    return Shape(population, made, kinds, plain, lists)


@cache
def item_shape(items: Items) -> tuple[Any, Mapping[str, Kind]]:
    """The named tuple of one thing of a list, and its columns."""
    kept = {str(fact.column): fact for fact in items.kept}
    made = _tuple(f"{items.name}Fact", tuple(kept), kept.values())
    return made, {name: _kind(fact) for name, fact in kept.items()}


def _tuple(name: str, members: tuple[str, ...], facts: Iterable[Fact]) -> Any:
    """A named tuple whose last members are facts, with what stands for none by default."""
    defaults = tuple(map(_nothing, facts))
    return namedtuple(name, members, defaults=defaults)  # noqa: PYI024 - declared elsewhere


def _kind(fact: Fact) -> Kind:
    match fact.form:
        case Code() | CodeSet():
            return np.int32
        case Choice():
            return np.int8
        case Day():
            return np.int32
        case Flag():
            return np.bool_
        case Whole(bits=bits):
            return np.dtype(bits).type
    return np.int64


def _nothing(fact: Fact) -> Any:
    """What a fact has for none, before its codes are numbers."""
    form = fact.form
    if isinstance(form, Whole):
        return form.none if fact.default is None else fact.default
    return _NONE.get(type(form))
