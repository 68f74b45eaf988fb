"""Petitions of a made-up province: received late or never, handed over, supplemented, answered, raised again."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

__all__ = ["petitions"]

Entry = dict[str, Any]
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def petitions(
    chance: random.Random, begin: datetime, end: datetime, units: list[str], dossiers: list[str]
) -> list[tuple[datetime, Entry]]:
    """When each entry is sent, and the entry, of some thirty petitions.

    Args:
        chance: decides everything.
        begin: of the period.
        end: of the period.
        units: of the province.
        dossiers: codes that petitions name; some petitions have such a code themselves.
    """
    found = []
    for number in range(30):
        code = chance.choice(dossiers) if number % 6 == 0 else f"PA-{number:03}"
        for place, (kind, time, data) in enumerate(_life(chance, begin, end, units, dossiers)):
            entry: Entry = {
                "specversion": "1.0",
                "type": f"petition.{kind}",
                "source": "onestop/h44",
                "id": f"petition/{number}/{place}",
                "subject": code,
                "time": time.isoformat(),
                "data": data,
            }
            sent = time + chance.choice([0, 0, 0, 6, 24, 150]) * _HOUR
            found.append((sent, entry))
            fate = chance.random()
            if fate < 0.15:
                found.append((sent + _HOUR, dict(entry)))
            elif fate < 0.25:
                found.append((sent + _HOUR, {**entry, "revision": 1, "time": (time + 9 * _HOUR).isoformat()}))
            elif fate < 0.3:
                found.append((sent + _HOUR, {**entry, "revision": 2, "data": None}))
    return found


def _life(
    chance: random.Random, begin: datetime, end: datetime, units: list[str], dossiers: list[str]
) -> list[tuple[str, datetime, Entry]]:
    now = begin + chance.randint(0, (end - begin) // _HOUR // 2) * _HOUR
    about: Entry = {"unit": chance.choice([*units, None]), "dossier": chance.choice([*dossiers[:5], None])}
    moves: list[tuple[str, datetime, Entry]] = [] if chance.random() < 0.1 else [("received", now, about)]
    end_of_it = chance.choice(["answered", "answered", "answered", "refused"])
    for kind in ("more_asked", "supplemented", "handed_over", end_of_it, "published", "judged", "judged"):
        if chance.random() < 0.35:
            continue
        now += chance.choice([3 * _HOUR, _DAY, 4 * _DAY, 12 * _DAY])
        data: Entry = {}
        if kind == "handed_over":
            data = {"unit": chance.choice(units)}
        elif kind == "judged":
            data = {"verdict": chance.choice(["satisfied", "disliked", "raised_again"])}
        moves.append((kind, now, data))
    return moves
