"""Since when the entries of a file are known, and which of them are sent beside what is known already."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from motcua.cli.reference.loading.dating import BEGINNING, Dating, Plan, plan
from shared.contract.entries import hash_of
from shared.instants import parse_instant
from shared.reference.writing import reference_entry

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = parse_instant("2026-11-30T09:00:00+07:00")
DAY = date(2026, 10, 1)
MIDNIGHT = parse_instant("2026-10-01T00:00:00+07:00")


def by_row(at: date | None = None) -> Dating:
    return Dating(ZONE, NOW, at)


def unit(time: int, name: str = "Sở Xây dựng", revision: int = 0) -> dict[str, Any]:
    data = {"unit": "H38.11", "name": name}
    return reference_entry("unit.revised", "H38.11", "always", time, data, simulated=False, revision=revision)


class Known:
    """What intake accepted, and how it answers: another content needs another revision."""

    def __init__(self) -> None:
        self.revisions: dict[tuple[str, int], str] = {}
        self.held: dict[str, dict[str, Any]] = {}

    def send(self, entries: list[dict[str, Any]], dating: Dating) -> Plan:
        made = plan(entries, self.held.values(), dating.moves)
        for entry in made.send:
            key, content = (
                (entry["id"], entry.get("revision", 0)),
                hash_of(entry["type"], parse_instant(entry["time"]), entry["data"]),
            )
            assert self.revisions.setdefault(key, content) == content, "revision taken"
            self.held[entry["id"]] = {"sequence": 0, "revision": 0} | entry
        return made

    def repeat(self, entries: list[dict[str, Any]], dating: Dating) -> None:
        """The same again, a moment later: nothing is sent."""
        later = Dating(dating.zone, dating.now + 1, dating.at, dating.otherwise and dating.now + 1)
        made = self.send(entries, later)
        assert (made.send, made.anew, made.same) == ([], [], len(entries))


def test_an_entry_is_known_from_the_day_it_is_valid_from_else_from_the_beginning() -> None:
    assert by_row().since(None) == BEGINNING
    assert by_row().since(DAY) == MIDNIGHT
    assert by_row().since(date(2027, 1, 1)) == NOW, "nothing is known before it is told"
    assert by_row().since(date(1, 1, 1)) == BEGINNING
    assert by_row(DAY).since(None) == by_row(DAY).since(date(2020, 1, 1)) == MIDNIGHT
    assert Dating(ZONE, NOW, None, NOW).since(DAY) == NOW
    assert Dating(ZONE, NOW, DAY, NOW).since(None) == MIDNIGHT


def test_what_was_revised_now_is_known_since_a_day_once_it_is_asked_for() -> None:
    known, plain, at = Known(), Dating(ZONE, NOW, None, NOW), Dating(ZONE, NOW, DAY, NOW)
    assert known.send([unit(plain.since(None))], plain).anew == []
    known.repeat([unit(plain.since(None) + 5)], plain)
    made = known.send([unit(at.since(None))], at)
    (again,) = made.anew
    assert (again.before, again.entry["revision"]) == (NOW, 1)
    assert parse_instant(again.entry["time"]) == MIDNIGHT
    known.repeat([unit(at.since(None))], at)
    known.repeat([unit(plain.since(None))], plain)
    # Another day, and back again, as often as somebody likes.
    for revision, day in enumerate((date(2026, 9, 1), DAY, date(2026, 11, 1)), 2):
        other = Dating(ZONE, NOW, day, NOW)
        assert [one.entry["revision"] for one in known.send([unit(other.since(None))], other).anew] == [revision]
        known.repeat([unit(other.since(None))], other)


def test_a_day_still_to_come_moves_nothing() -> None:
    known, coming = Known(), Dating(ZONE, NOW, date(2027, 1, 1), NOW)
    known.send([unit(coming.since(None))], coming)
    known.repeat([unit(coming.since(None) + 1)], coming)


def test_a_table_loaded_anew_is_made_known_earlier_never_later() -> None:
    known, late = Known(), Dating(ZONE, NOW, date(2026, 11, 2))
    known.send([unit(late.since(None))], late)
    assert len(known.send([unit(by_row().since(DAY))], by_row()).anew) == 1
    known.repeat([unit(by_row().since(DAY))], by_row())
    assert len(known.send([unit(by_row().since(None))], by_row()).anew) == 1
    # What was known before the day it is valid from is as good.
    known.repeat([unit(by_row().since(DAY))], by_row())


@pytest.mark.parametrize("name", ["So\u031b\u0309 Xa\u0302y du\u031b\u0323ng", " Sở  Xây dựng "])
def test_what_the_door_would_keep_the_same_is_the_same(name: str) -> None:
    known = Known()
    known.send([unit(MIDNIGHT)], by_row())
    made = plan([unit(NOW, name)], known.held.values(), lambda _held, _wanted: False)
    assert (made.send, made.same) == ([], 1)


def test_another_content_is_left_to_intake_and_a_higher_revision_is_sent_as_it_is() -> None:
    known = Known()
    known.send([unit(MIDNIGHT)], by_row())
    made = plan([unit(MIDNIGHT, "Sở Tài chính")], known.held.values(), by_row().moves)
    assert [(one.get("revision", 0), one["data"]["name"]) for one in made.send] == [(0, "Sở Tài chính")]
    known.send([unit(NOW, "Sở Tài chính", revision=3)], by_row(DAY))
    assert known.held[unit(0)["id"]]["revision"] == 3
    # The file still says revision 3; a day that is asked for makes it the next.
    assert [one.entry["revision"] for one in known.send([unit(MIDNIGHT, "Sở Tài chính", 3)], by_row(DAY)).anew] == [4]
