"""The words reports are declared in: columns of predicates, and the column of the table that makes the rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from services.metrics.indicators.declaration import Test
from shared.messages.base import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.metrics.counting.question import Mask

__all__ = ["Column", "Report"]

_Holds: TypeAlias = "Callable[[Any], Mask]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form.

    Attributes:
        number: as printed on the form.
        name: of the column, in few words.
        where: predicate of the dossiers that are counted in it.
        test: what it judges by; None: it judges nothing.
    """

    number: int
    name: Text
    where: _Holds
    test: Test | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A form.

    Attributes:
        code: of the form.
        name: what people call it.
        columns: in the order of the form.
        by: the column of the table whose values are the rows; what has none is a row of its own.
        population: whose table it is of.
    """

    code: str
    name: Text
    columns: tuple[Column, ...]
    by: str
    population: str = "dossiers"
