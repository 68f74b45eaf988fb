"""Dictionary encoding: small numbers for strings that repeat, such as unit and procedure codes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shared.texts.normal_form import spellings

__all__ = ["Dictionary"]


class Dictionary:
    """Numbers for values in order of first appearance; number 0 is None. Numbers never change."""

    def __init__(self, values: Iterable[str | None] = ()) -> None:
        self._values: list[str | None] = [None]
        self._numbers: dict[str | None, int] = {None: 0}
        for value in values:
            self.number(value)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def values(self) -> Sequence[str | None]:
        """All values by their number; number 0 is None."""
        return self._values

    def number(self, value: str | None) -> int:
        """The number of a value, a new one if it was never seen."""
        number = self._numbers.get(value)
        if number is None:
            number = self._numbers[value] = len(self._values)
            self._values.append(value)
        return number

    def known(self, value: str | None) -> int | None:
        """The number of a value, or None if it was never seen."""
        return self._numbers.get(value)

    def asked(self, value: str | None) -> int | None:
        """The number of a value that somebody asks for: as asked, else in normal form."""
        found = (self._numbers.get(each) for each in ((None,) if value is None else spellings(value)))
        return next((number for number in found if number is not None), None)

    def numbers(self, values: Iterable[str | None]) -> list[int]:
        """The numbers of many values."""
        numbers = self._numbers
        try:
            return [numbers[value] for value in values]
        except KeyError:
            return [self.number(value) for value in values]
