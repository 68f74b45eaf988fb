"""How far a revision is and since when it stands, as metrics tell it."""

from __future__ import annotations

import orjson

from services.processing.stream.revision.revising import Progress
from services.processing.stream.revision.standing import PassWatch
from shared.reference import ReferenceEntry
from tests.unit.processing.stream.build import revised

ENTRY = ReferenceEntry.of(orjson.dumps(revised("unit.revised", {"unit": "H29.1"})))


def at(done: int, offset: int = 7) -> Progress:
    return Progress(ENTRY, offset, 100, done)


def test_it_is_idle_since_it_last_got_further_than_ever() -> None:
    watch = PassWatch()
    told = []
    for second, progress, next_offset in (
        (0.0, None, 7),
        (1.0, at(0), 7),
        (2.0, at(20), 7),
        (3.0, at(20), 7),
        (4.0, None, None),  # the database went away
        (5.0, None, 7),
        (6.0, at(10), 7),  # what was not stored is gone through again
        (7.0, at(20), 7),
        (8.0, at(30), 7),
        (9.0, at(100), 7),
        (10.0, None, 8),
        (11.0, at(5, offset=9), 9),
        (12.0, None, 10),
    ):
        watch.look(progress, next_offset, second)
        told.append((watch.remaining, watch.idle))
    assert told == [
        (0, 0),
        (100, 0),
        (80, 0),
        (80, 1),
        (80, 2),
        (80, 3),
        (90, 4),
        (80, 5),
        (70, 0),
        (0, 0),
        (0, 0),
        (95, 0),
        (0, 0),
    ]
