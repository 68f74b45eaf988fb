"""Warnings, breaches, recoveries and their retraction, by the partition's clock."""

from __future__ import annotations

from typing import Any

from shared.instants import parse_instant
from tests.unit.processing.driver import Partition
from tests.unit.processing.story import CODE, Line, at, entries_of, local, partition_of_story

DUE: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-20"})
REQUEST: Line = ("supplement_requested", "11-18 10:00")


def _told(partition: Partition) -> list[str]:
    return [_one(happening) for happening in partition.happened[CODE]]


def _one(happening: dict[str, Any]) -> str:
    kind = happening["kind"] if "retracts" not in happening else f"retracted {happening['retracts']}"
    return f"{kind} {local(parse_instant(happening['due']))} at {local(parse_instant(happening['at']))}"


WARNED = "warning 11-20 17:00 at 11-19 17:00"
BREACHED = "breach 11-20 17:00 at 11-20 17:00"


def test_once_each_at_their_own_instants() -> None:
    partition = Partition().feed(entries_of(DUE))
    assert (_told(partition), local(partition.states[CODE].timer)) == ([], "11-19 17:00")
    partition.feed([at("11-19 16:59")])
    assert _told(partition) == []
    partition.feed([at("11-19 17:00"), at("11-19 17:01"), at("11-20 17:00")])
    assert _told(partition) == [WARNED]
    assert partition.states[CODE].timer == at("11-20 17:00") + 1
    partition.feed([at("11-25 08:00"), at("11-26 08:00")])
    assert _told(partition) == [WARNED, BREACHED]
    assert partition.states[CODE].timer is None
    partition.feed([entries_of(DUE, ("resolved", "11-26 09:00"))[1]])
    assert _told(partition) == [WARNED, BREACHED, "recovered 11-20 17:00 at 11-26 09:00"]
    assert local(partition.states[CODE].finished_at) == "11-26 09:00"


def test_no_clock_no_announcement() -> None:
    partition = partition_of_story(DUE, ("resolved", "11-26 09:00"))
    assert _told(partition) == []
    assert local(partition.states[CODE].timer) == "11-19 17:00"


def test_finish_on_the_due_instant_is_no_breach() -> None:
    assert _told(partition_of_story(DUE, ("resolved", "11-20 17:00"), clock="11-25 08:00")) == [WARNED]
    assert _told(partition_of_story(DUE, ("resolved", "11-19 17:00"), clock="11-25 08:00")) == []


def test_late_finish_takes_back_breach_and_warning() -> None:
    partition = partition_of_story(DUE, clock="11-25 08:00")
    partition.feed([entries_of(DUE, ("resolved", "11-19 09:00"))[1]])
    assert _told(partition)[2:] == [f"retracted {WARNED}", f"retracted {BREACHED}"]
    assert partition.states[CODE].announced == ()


def test_waiting_gives_neither_warning_nor_breach_until_the_receipt() -> None:
    partition = partition_of_story(DUE, REQUEST, clock="12-10 08:00")
    assert _told(partition) == []
    assert partition.states[CODE].timer is None
    partition.feed(entries_of(DUE, REQUEST, ("supplement_received", "11-25 10:00"))[2:])
    # Five working days less the 24th: from Wednesday 10:00 to the next Wednesday 10:00 are four of them.
    assert _told(partition) == ["warning 11-27 17:00 at 11-26 17:00", "breach 11-27 17:00 at 11-27 17:00"]


def test_new_value_is_warned_anew_and_the_old_one_stays_said() -> None:
    extension: Line = ("extended", "11-19 17:30", {"promised_due": "2026-11-27", "reason": "r"})
    partition = partition_of_story(DUE, extension, clock="12-10 08:00")
    assert _told(partition) == [
        WARNED,
        "warning 11-27 17:00 at 11-26 17:00",
        "breach 11-27 17:00 at 11-27 17:00",
    ]
    earlier: Line = ("extended", "11-19 16:30", {"promised_due": "2026-11-27", "reason": "r"})
    assert _told(partition_of_story(DUE, earlier, clock="11-26 08:00")) == []


def test_value_that_comes_into_force_late_is_warned_then() -> None:
    accepted: Line = ("accepted", "11-20 09:00", {"promised_due": "2026-11-20"})
    assert _told(partition_of_story(accepted, clock="11-20 10:00")) == ["warning 11-20 17:00 at 11-20 09:00"]
    passed: Line = ("accepted", "11-20 18:00", {"promised_due": "2026-11-20"})
    assert _told(partition_of_story(passed, clock="11-21 10:00")) == ["breach 11-20 17:00 at 11-20 18:00"]


def test_end_judged_at_the_request_is_no_breach() -> None:
    assert _told(partition_of_story(DUE, REQUEST, ("stopped", "12-01 10:00"), clock="12-10 08:00")) == []


def test_request_after_the_due_is_a_breach() -> None:
    partition = partition_of_story(DUE, ("supplement_requested", "11-23 10:00"), clock="12-10 08:00")
    assert _told(partition) == [WARNED, BREACHED]


def test_unchanged_due_after_a_pause_is_announced_once() -> None:
    """A pause outside working hours moves nothing; the due value is the same, so it is warned of once."""
    night: list[Line] = [("supplement_requested", "11-19 17:00"), ("supplement_received", "11-19 18:00")]
    assert _told(partition_of_story(DUE, *night, clock="11-20 08:00")) == ["warning 11-20 17:00 at 11-19 18:00"]
    after: list[Line] = [("supplement_requested", "11-19 18:00"), ("supplement_received", "11-19 19:00")]
    assert _told(partition_of_story(DUE, *after, clock="11-20 08:00")) == [WARNED]


def test_corrected_clock_takes_back_and_says_again() -> None:
    partition = partition_of_story(DUE, clock="11-25 08:00").correct(at("11-20 08:00"))
    assert _told(partition)[2:] == [f"retracted {BREACHED}"]
    assert partition.states[CODE].timer == at("11-20 17:00") + 1
    partition.feed([at("11-21 08:00")])
    assert _told(partition)[3:] == [BREACHED]
