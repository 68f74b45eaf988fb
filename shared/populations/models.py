"""The contract's models of rows, made of their declarations: the wire form and the source of its JSON Schema. Pure."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Optional, TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from shared.contract.bounds import FIRST, LONGEST_TEXT, UNTIL
from shared.instants import to_datetime
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

__all__ = ["Row", "item_model", "row_model"]


class Row(BaseModel):
    """What every model of facts is: a reader ignores members it does not know, and takes no text for a number."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


#: Of the years that a record may tell (shared/contract/bounds.py).
_Moment: TypeAlias = Annotated[AwareDatetime, Field(ge=to_datetime(FIRST), lt=to_datetime(UNTIL))]


def row_model(population: Population) -> type[Row]:
    """The model of the row of one case."""
    return _model(population.row, population.meaning, population.facts)


@cache
def item_model(items: Items) -> type[Row]:
    """The model of one thing of a list."""
    return _model(items.name, items.meaning, items.facts)


def _model(name: str, meaning: str, facts: tuple[Fact, ...]) -> type[Row]:
    members: dict[str, Any] = {fact.wire: (_annotation(fact), _field(fact)) for fact in facts}
    made: type[Row] = create_model(name, __base__=Row, __doc__=meaning, __module__=__name__, **members)
    return made


def _field(fact: Fact) -> Any:
    words: dict[str, Any] = {"description": fact.meaning} if fact.meaning else {}
    if fact.required:
        return Field(**words)
    return Field(default_factory=list, **words) if fact.missing == () else Field(default=fact.missing, **words)


def _annotation(fact: Fact) -> Any:
    form: Any = _form(fact)
    return Optional[form] if fact.missing is None and not fact.required else form  # noqa: UP045 - made at run time


def _form(fact: Fact) -> Any:
    found: Any = str
    match fact.form:
        case Code(shortest=shortest):
            # A least length of 0 is not told.
            bounds: dict[str, Any] = {"min_length": shortest} if shortest else {}
            found = Annotated[str, Field(max_length=LONGEST_TEXT, **bounds)]
        case Choice(values=values):
            found = Literal[values]
        case Instant():
            found = _Moment
        case Day():
            found = date
        case Whole(low=low, high=high):
            found = Annotated[int, Field(ge=low, le=high)]
        case Flag():
            found = bool
        case CodeSet(of=None):
            found = list[Annotated[str, Field(max_length=LONGEST_TEXT)]]
        case CodeSet(of=Items() as items) | Listed(items=items):
            found = list[item_model(items)]  # type: ignore[misc]
        case Pauses():
            found = list[tuple[_Moment, Optional[_Moment]]]  # noqa: UP045
    return found
