"""Reference entries for the dossiers in strategies.py, any of a pool: few identities, so that they collide.

Times lie before, in and after the lives of dossiers, so that what applies depends on their ends. The pool is made once
from a seed, which costs a test far less than drawing every member of every entry.
"""

from __future__ import annotations

import random
from typing import Any, Final

from hypothesis import strategies as st

from tests.unit.processing.known import calendar, procedure, route, rule, term, unit
from tests.unit.processing.strategies import UNITS

__all__ = ["POOL", "reference_entries"]

Json = dict[str, Any]

_ORDERED: Final = (
    "2026-01-01T00:00:00+07:00",
    "2026-01-01T00:00:00+07:00",
    "2026-11-17T09:00:00+07:00",
    "2026-11-20T17:00:00+07:00",
    "2026-11-24T00:00:00+07:00",
    "2026-12-01T00:00:00+07:00",
)
_PROCEDURES: Final = ("1.000001", "1.000001", "2.000815")
_PARAMETERS: Final[dict[str, tuple[Any, ...]]] = {
    "warning_hours": ("24", "72,24,4", "none"),
    "step_warning_hours": ("2", "none"),
    "intake_warning_hours": ("4",),
    "extension_days": (0, 1, 3),
    "fee_pauses": (True, True, False),
    "intake_minutes": (0, 60, 480),
    "intake_channels": ("online,direct",),
    "cutoff": ("none", "09:30"),
    "cutoff_shifts_start": (True, False),
    "counting": ("next-day", "same-time", "hours"),
}


def _validity(chance: random.Random) -> Json:
    day = chance.choice((None, None, "2026-11-16", "2026-11-17", "2026-11-20"))
    return {} if day is None else {"valid_from": day}


def _term(chance: random.Random) -> Json:
    return term(
        chance.choice(("0", "1", "2", "5")),
        chance.choice(("working_days", "working_days", "working_hours", "calendar_days")),
        chance.choice(("statutory", "statutory", "committed", "maximum")),
        chance.choice((None, None, "online", "postal")),
    )


def _procedure(chance: random.Random) -> Json:
    terms = [_term(chance) for _ in range(chance.randrange(4))]
    cut: Json = chance.choice(({}, {"cut_percent": 30}))
    code, version = chance.choice(_PROCEDURES), chance.choice("ab")
    return procedure(*terms, version=version, procedure=code, **cut, **_validity(chance))


def _route(chance: random.Random) -> Json:
    steps = []
    for name in chance.sample(("receive", "check", "sign"), chance.randrange(1, 4)):
        step: Json = {"step": name} | chance.choice(({"role": "leader"}, {"unit": chance.choice(UNITS)}))
        step |= chance.choice(({}, {"budget": chance.choice((30, 60, 240))}))
        step |= chance.choice(({}, {}, {"after": []}, {"optional": True}))
        steps.append(step)
    channel = chance.choice(({}, {}, {"channel": "online"}))
    code, version = chance.choice(_PROCEDURES), chance.choice("ab")
    return route(*steps, version=version, procedure=code, **channel, **_validity(chance))


def _rule(chance: random.Random) -> Json:
    names = chance.sample(sorted(_PARAMETERS), chance.randrange(5))
    parameters = {name: chance.choice(_PARAMETERS[name]) for name in names}
    return rule(version=chance.choice("ab"), **_validity(chance), **parameters)


def _unit(chance: random.Random) -> Json:
    data: Json = chance.choice(({"name": "Sở"}, {"parent": chance.choice(UNITS)}, {"parent": chance.choice(UNITS)}))
    return unit(chance.choice(UNITS), **data, **_validity(chance))


def _pool(count: int) -> tuple[Json, ...]:
    """Entries of all kinds, corrections and withdrawals among them; few calendars, as combinations are compiled."""
    chance = random.Random(20_261_121)
    off = {"day": "2026-11-18", "working": False, "kind": "extra"}
    worked = {"day": "2026-11-21", "working": True, "kind": "extra"}
    made = [
        calendar(days=[off]) | {"id": "c"},
        calendar(days=[off, worked], version="c2", time=_ORDERED[3]) | {"id": "c", "revision": 1},
        calendar() | {"id": "c", "revision": 2, "data": None},
        calendar(name="festival", unit="H44", days=[worked]) | {"id": "f"},
        calendar(name="festival", unit="H44.02", days=[off]) | {"id": "f", "revision": 1},
    ]
    while len(made) < count:
        entry = chance.choice((_procedure, _procedure, _route, _route, _rule, _unit))(chance)
        entry |= {"id": str(chance.randrange(4)), "time": chance.choice(_ORDERED), "revision": chance.randrange(3)}
        made.append(entry if chance.random() < 0.9 else entry | {"data": None})
    return tuple(made)


POOL: Final = _pool(160)


def reference_entries(max_size: int = 8) -> st.SearchStrategy[list[Json]]:
    """Some entries of the pool."""
    return st.lists(st.sampled_from(POOL), max_size=max_size)
