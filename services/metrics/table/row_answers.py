"""The model of a row as answers tell it, made of its declaration: the source of its OpenAPI schema. Pure."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Optional

from pydantic import BaseModel, Field, create_model

from services.metrics.table.telling import NAMED, told_facts
from shared.populations.fact import Choice, Code, CodeSet, Fact, Flag, Population, Whole
from shared.populations.fact import Day as DayForm
from shared.populations.fact import Instant as InstantForm

__all__ = ["Instant", "row_answer"]

Instant = Annotated[str, Field(description="RFC 3339 in UTC", examples=["2026-08-31T17:00:00.000000Z"])]
Day = Annotated[str, Field(description="date", examples=["2026-08-31"])]
_NAME: Final = Annotated[Optional[str], Field(description="as registered")]  # noqa: UP045 - made at run time

#: How values are told; the others are text.
_FORMS: Final[dict[type, Any]] = {InstantForm: Instant, DayForm: Day, Whole: int, Flag: bool, CodeSet: list[str]}


def row_answer(name: str, population: Population) -> type[BaseModel]:
    """The model of what a row of a population is told as.

    Args:
        name: of the model.
        population: whose rows.
    """
    members: dict[str, Any] = {"code": (str, ...)}
    for fact in told_facts(population):
        members[fact.wire] = (_annotation(fact), ...)
        if isinstance(fact.form, Code) and fact.form.dictionary in NAMED:
            members[f"{fact.wire}_name"] = (_NAME, ...)
    made: type[BaseModel] = create_model(name, __doc__=population.told, **members)
    return made


def _annotation(fact: Fact) -> Any:
    form: Any = _form(fact)
    if fact.missing is None and not fact.required:
        form = Optional[form]  # noqa: UP045 - made at run time
    return Annotated[form, Field(description=fact.meaning)] if fact.meaning else form


def _form(fact: Fact) -> Any:
    if isinstance(fact.form, Choice):
        return Literal[fact.form.values]
    return _FORMS.get(type(fact.form), str)
