"""Prints a hash of all answers of ten fixed sets; run under several PYTHONHASHSEEDs by a test."""

from __future__ import annotations

import hashlib
import random

from shared.reference import ReferenceEntry
from tests.unit.shared.reference.answers import answers
from tests.unit.shared.reference.making import calendar, known, procedure, route, rule, unit
from tests.unit.shared.reference.strategies import CALENDARS, DAYS, INSTANTS, PROCEDURES, UNITS


def _some(random_: random.Random) -> list[ReferenceEntry]:
    return [_one(random_) for _ in range(12)]


def _one(random_: random.Random) -> ReferenceEntry:
    pick = random_.choice
    where = (str(random_.randrange(6)), pick(INSTANTS))
    valid = {"valid_from": f"2026-{pick(DAYS)}"} if random_.random() < 0.7 else {}
    versioned = {**valid, "version": pick("ab")}
    make, data = pick(
        (
            (procedure, {**versioned, "procedure": pick(PROCEDURES)}),
            (route, {**versioned, "procedure": pick(PROCEDURES)}),
            (unit, {**valid, "unit": pick(UNITS), "parent": pick(UNITS)}),
            (rule, versioned),
            (calendar, {"unit": pick(UNITS), "calendar": pick(CALENDARS)}),
            (calendar, None),
        )
    )
    return make(data, *where, revision=random_.randrange(3))


def main() -> None:
    """Print the hash."""
    told = hashlib.sha256()
    random_ = random.Random(20260821)
    for _ in range(10):
        told.update("\n".join(answers(known(*_some(random_)))).encode())
    print(told.hexdigest())


if __name__ == "__main__":
    main()
