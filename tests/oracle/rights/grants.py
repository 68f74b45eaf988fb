"""What a grant covers: patterns of units, the register of units, and the unit that a dossier's code names.

Written from issue 13, section 3, "Covers" and "Acceptances". Knows nothing of entries' meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.journal import HeldEntry
from tests.oracle.reference.says import Applying

__all__ = ["CODE_FORMS", "Register", "unit_in_code"]

#: Forms of dossier codes that are understood.
CODE_FORMS = ("national", "old")
CODE = re.compile(r"(?P<unit>.+)-[0-9]{6}-[0-9]+", re.DOTALL)


def unit_in_code(code: str, forms: Iterable[str] = CODE_FORMS) -> str | None:
    """The unit that a dossier's code names: `{unit}-{yymmdd}-{sequence}`; None if it is of no form understood.

    The old form of units, `000.05.08.H38`, is read from the right without parts of zeros: `H38.08.05`.
    """
    found = CODE.fullmatch(code)
    if found is None:
        return None
    parts = found["unit"].split(".")
    is_old = re.fullmatch("[0-9]+", parts[0]) is not None and parts[-1][:1].isalpha()
    if ("old" if is_old else "national") not in forms:
        return None
    if not is_old:
        return found["unit"]
    return ".".join(part for part in reversed(parts) if set(part) != {"0"})


def _at_the_door(pattern: str, unit: str) -> bool:
    """A pattern is a unit with all below by dotted code, a beginning with `*` at its end, or `*`."""
    if pattern[-1] == "*":
        return unit[: len(pattern) - 1] == pattern[:-1]
    return f"{unit}.".startswith(f"{pattern}.")


@dataclass
class Register:
    """The units of a partition by all its unit entries, whatever their time."""

    known: Applying
    _reach: dict[tuple[str, date], list[str]] = field(default_factory=dict)

    def covers(self, entry: HeldEntry, unit: str | None) -> bool:
        """Whether an entry's grant covers a unit on the entry's local day; that of all covers also what has no name."""
        if "*" in entry.grant:
            return True
        if unit is None or not entry.grant:
            return False
        day = entry.time.astimezone(self.known.zone).date()
        return any(_at_the_door(pattern, one) for one in self._standing_for(unit, day) for pattern in entry.grant)

    def _standing_for(self, unit: str, day: date) -> list[str]:
        """The unit, the units above it and its successors, those above and after these, and so on."""
        found: list[str] | None = self._reach.get((unit, day))
        if found is None:
            found = self._reach[unit, day] = []
            waiting = [unit]
            while waiting:
                one = waiting.pop()
                if one not in found:
                    found.append(one)
                    above = self.known.parent(one, day)
                    waiting += [*self.known.successors(one, day), *([] if above is None else [above])]
        return found
