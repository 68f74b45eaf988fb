"""Instants that may be none, as numbers that compare: none is after everything that happens. Pure."""

from __future__ import annotations

from typing import Any, Final, Protocol, TypeVar

__all__ = ["NEVER", "NO_DAY", "Truth", "Value", "known"]

#: What a comparison gives: a truth value for single values, an array of them for arrays.
Truth = TypeVar("Truth")
_Given_co = TypeVar("_Given_co", covariant=True)


class Value(Protocol[_Given_co]):
    """An instant or a day, or an array of such, which are compared alike."""

    def __lt__(self, other: Any, /) -> _Given_co: ...

    def __le__(self, other: Any, /) -> _Given_co: ...

    def __gt__(self, other: Any, /) -> _Given_co: ...

    def __ge__(self, other: Any, /) -> _Given_co: ...


#: The instant of what has not happened or does not exist: after every real instant, and safe to add days to.
NEVER: Final = 2**62
#: The day number of NEVER.
NO_DAY: Final = 2**31 - 1


def known(instant: int | None) -> int:
    """An instant in UTC microseconds as it is compared: NEVER for none."""
    return NEVER if instant is None else instant
