"""A row of the topic as msgspec structs, made of its declaration: what is kept of it, with its limits. Pure.

What the contract's model refuses of a member that is kept, these refuse; of the others nothing is read.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Optional

import msgspec

from shared.contract.bounds import LONGEST_TEXT, MOST_PLACE
from shared.populations.fact import (
    Choice,
    Code,
    CodeSet,
    Day,
    Fact,
    Flag,
    Items,
    Listed,
    Pauses,
    Population,
    Whole,
)

__all__ = ["ClockAdvanced", "event_of"]

_MOST = 2**63 - 1
_LongText = Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)]


class Cause(msgspec.Struct, gc=False):
    """The place of the journal that made an event."""

    epoch: int
    partition: int
    offset: Annotated[int, msgspec.Meta(ge=0, lt=MOST_PLACE)]
    index: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 0


class Clock(msgspec.Struct, gc=False):
    """A partition's clock."""

    cause: Cause
    clock: str


class ClockAdvanced(msgspec.Struct, tag_field="type", tag="clock.advanced", gc=False):
    """The event that sets it."""

    data: Clock


def event_of(population: Population) -> type[msgspec.Struct]:
    """The event that carries a row of a population."""
    row = _struct(population.row, (population.facts[0], *population.kept))
    data = msgspec.defstruct(f"{population.row}Data", [("cause", Cause), ("row", row)], gc=False)
    return msgspec.defstruct(
        f"{population.row}Event", [("data", data)], tag_field="type", tag=population.event, gc=False
    )


@cache
def _item(items: Items, *, first: bool = False) -> type[msgspec.Struct]:
    return _struct(items.name, items.facts[:1] if first else items.kept)


def _struct(name: str, facts: tuple[Fact, ...]) -> type[msgspec.Struct]:
    required = [(fact.wire, _form(fact)) for fact in facts if fact.required]
    others: list[tuple[str, Any, Any]] = [_optional(fact) for fact in facts if not fact.required]
    return msgspec.defstruct(name, [*required, *others], gc=False)


def _optional(fact: Fact) -> tuple[str, Any, Any]:
    form: Any = _form(fact)
    if fact.missing is None:
        return fact.wire, Optional[form], None  # noqa: UP045 - made at run time
    return fact.wire, form, msgspec.field(default_factory=list) if fact.missing == () else fact.missing


def _form(fact: Fact) -> Any:
    found: Any = str  # of an instant: its text is read beside the struct, and refused there
    match fact.form:
        case Code(shortest=shortest):
            found = Annotated[str, msgspec.Meta(min_length=shortest, max_length=LONGEST_TEXT)]
        case Choice(values=values):
            found = Literal[values]
        case Day():
            found = date
        case Whole(low=low, high=high):
            # Only what was read is bounded: beyond 64 bits there is nothing to compare with.
            found = Annotated[int, msgspec.Meta(ge=low, le=_MOST if high is None else high)]
        case Flag():
            found = bool
        case CodeSet(of=None):
            found = list[_LongText]
        case CodeSet(of=Items() as items):
            found = list[_item(items, first=True)]  # type: ignore[misc]
        case Listed(items=items):
            found = list[_item(items)]  # type: ignore[misc]
        case Pauses():
            found = list[tuple[str, Optional[str]]]  # noqa: UP045
    return found
