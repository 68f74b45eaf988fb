"""The unit that a dossier's code names, by the forms of codes in use. Pure."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final

__all__ = ["CODE_FORMS", "unit_in_code"]

#: Forms of codes: the national one, `H44.01-261116-0001`, and the one of before, `000.05.08.H38-210101-0001`, whose
#: unit is written from below to above.
CODE_FORMS: Final = ("national", "old")


@lru_cache(maxsize=65_536)
def unit_in_code(code: str, forms: Collection[str] = CODE_FORMS) -> str | None:
    """The unit in a dossier code (docs/rules.md, "Who may act"); None where the code is of none of the forms.

    Args:
        code: `{unit}-{yymmdd}-{sequence}`.
        forms: the forms that are understood, hashable.
    """
    parts = code.rsplit("-", 2)
    if len(parts) != 3:
        return None
    unit, day, sequence = parts
    if not unit or len(day) != 6 or not _digits(day) or not _digits(sequence):
        return None
    dotted = unit.split(".")
    if _digits(dotted[0]) and dotted[-1][:1].isalpha():
        told = [part for part in reversed(dotted) if part.strip("0")]
        return ".".join(told) if "old" in forms else None
    return unit if "national" in forms else None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
