"""What it costs to know who may act, counted in calls: linear in what a dossier has, and little where all may act."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import orjson

from services.processing.engine import facts
from services.processing.record import EntryRecord, read_entry
from tests.unit.processing.entitling.acts import OWNER, STRANGER, by
from tests.unit.processing.known import knowing, unit
from tests.unit.processing.story import CODE

Json = dict[str, Any]
REFERENCE = knowing(unit(STRANGER, parent="X"))


def _records(entries: list[Json]) -> tuple[EntryRecord, ...]:
    read = (read_entry(orjson.dumps(entry), place) for place, entry in enumerate(entries))
    return tuple(sorted(read, key=lambda entry: entry.key))


def _calls(records: tuple[EntryRecord, ...]) -> int:
    count = 0

    def note(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    facts(CODE, records, REFERENCE)
    sys.setprofile(note)
    try:
        facts(CODE, records, REFERENCE)
    finally:
        sys.setprofile(None)
    return count


def _passed_on(times: int) -> tuple[EntryRecord, ...]:
    """A dossier that goes through so many units, with as many acts on steps and a hundred strangers."""
    made = [by("H44", "accepted", "11-16 07:00", unit=OWNER)]
    for number in range(times):
        time = f"11-16 {8 + number // 60:02d}:{number % 60:02d}"
        made.append(by("H44", "handed_over", time, unit=f"H45.{number}", id_=f"h{number}", source="h"))
        made.append(by(f"H45.{number}", "step.completed", time, step=f"s{number}", id_=f"s{number}", source="s"))
        made[-2]["grant"] = orjson.dumps(sorted({"H44", f"H45.{number - 1}"})).decode()
    made += [by(STRANGER, "resolved", "11-16 07:30", id_=f"x{number}") for number in range(100)]
    return _records(made)


def test_a_dossier_passed_on_often_costs_in_proportion() -> None:
    once, twice = _calls(_passed_on(150)), _calls(_passed_on(300))
    assert twice < 2.3 * once, (once, twice)


def test_where_one_key_sends_all_it_costs_little_more_than_without_grants() -> None:
    lines = [by(OWNER, "accepted", "11-16 09:00", unit=OWNER)]
    lines += [by(OWNER, "apologised", f"11-16 10:{minute:02d}") for minute in range(50)]
    limited, free = _records(lines), _records([line | {"grant": '["*"]'} for line in lines])
    assert _calls(limited) < 2 * _calls(free), (_calls(limited), _calls(free))
