"""The routing slip, form 06 (docs/rules.md, "Steps")."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from services.processing.routing import Routing, slip
from shared.instants import HOUR
from tests.unit.processing.routing.course import at, calendar_of, follow, route, span

PLAN = route("receive @counter 60", "opinion O optional", "appraise B 120", "sign C 60")


def _slip(routing: Routing, as_of: str, pauses: Sequence[str] = ()) -> list[dict[str, Any]]:
    lines = slip(routing, as_of=at(as_of), pauses=[span(text) for text in pauses], calendar_of=calendar_of)
    assert json.loads(json.dumps(lines)) == lines
    return lines


def test_the_slip_tells_who_from_when_to_when_in_working_time_against_the_budget() -> None:
    lines = _slip(follow(PLAN, "16 09:00 completed receive U"), "16 10:00")
    assert lines[0] == {
        "step": "receive",
        "unit": "U",
        "role": "counter",
        "occurrence": 1,
        "planned": True,
        "optional": None,
        "state": "ended",
        "from": "2026-11-16T00:30:00.000000Z",
        "to": "2026-11-16T02:00:00.000000Z",
        "outcome": "completed",
        "sent_back_at": None,
        "budget": 60,
        "due": "2026-11-16T01:30:00.000000Z",
        "used_us": 3 * HOUR // 2,
        "over_us": HOUR // 2,
        "left_us": 0,
        "pauses": [],
    }
    assert (lines[1]["state"], lines[1]["to"], lines[1]["used_us"], lines[1]["left_us"]) == (
        "under_way",
        None,
        HOUR,
        HOUR,
    )


def test_steps_not_begun_yet_follow_and_those_to_repeat_say_so() -> None:
    assert [(line["step"], line["state"], line["optional"]) for line in _slip(follow(PLAN), "16 08:00")[1:]] == [
        ("opinion", "not_begun", True),
        ("appraise", "not_begun", False),
        ("sign", "not_begun", False),
    ]
    back = follow(PLAN, "16 09:00 completed receive", "16 10:00 sent_back appraise B")
    assert [line["state"] for line in _slip(back, "16 11:00")] == [
        "ended",
        "ended",
        "under_way",
        "not_begun",
        "to_repeat",
        "not_begun",
    ]


def test_pauses_are_told_as_far_as_the_unit_had_the_step() -> None:
    pauses = ["16 08:00 - 16 09:30", "16 10:00 -"]
    lines = _slip(follow(PLAN, "16 09:00 completed receive", pauses=pauses), "16 11:00", pauses)
    assert lines[0]["pauses"] == [["2026-11-16T01:00:00.000000Z", "2026-11-16T02:00:00.000000Z"]]
    assert lines[1]["pauses"] == [
        ["2026-11-16T02:00:00.000000Z", "2026-11-16T02:30:00.000000Z"],
        ["2026-11-16T03:00:00.000000Z", None],
    ]
    assert (lines[0]["used_us"], lines[1]["used_us"]) == (HOUR // 2, HOUR // 2)


def test_as_of_an_earlier_instant_later_ends_are_not_known() -> None:
    lines = _slip(follow(PLAN, "16 09:00 completed receive"), "16 08:00")
    assert [(line["step"], line["state"], line["outcome"]) for line in lines[:1]] == [("receive", "under_way", None)]
    assert lines[0]["used_us"] == HOUR // 2
    assert [(line["step"], line["state"]) for line in lines[1:]] == [("appraise", "not_begun"), ("sign", "not_begun")]


def test_without_budget_nothing_is_over_or_left() -> None:
    line = _slip(follow(None, "16 09:00 completed a A"), "16 10:00")[0]
    assert (line["budget"], line["due"], line["over_us"], line["left_us"], line["used_us"]) == (
        None,
        None,
        None,
        None,
        3 * HOUR // 2,
    )
