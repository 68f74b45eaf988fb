"""Warnings in rungs, the intake clock and steps: each announced once, by the rules in force."""

from __future__ import annotations

from typing import Any

import pytest

from shared.instants import HOUR, parse_instant
from tests.unit.processing.driver import Partition
from tests.unit.processing.known import knowing, procedure, route, rule
from tests.unit.processing.story import CODE, Line, at, entries_of, local, partition_of_story

Json = dict[str, Any]
DUE: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-11-20", "procedure": "1.000001"})
SUBMITTED: Line = ("submitted", "11-16 09:00", {"procedure": "1.000001"})


def _told(partition: Partition) -> list[str]:
    return [_one(happening) for happening in partition.happened.get(CODE, [])]


def _one(happening: Json) -> str:
    """`kind [of step#occurrence unit] due [rung] at`, a rung in hours."""
    kind = happening["kind"] if "retracts" not in happening else f"retracted {happening['retracts']}"
    words = [kind]
    if "of" in happening:
        words.append(happening["of"])
    if "step" in happening:
        words += [f"{happening['step']}#{happening['occurrence']}", str(happening["unit"])]
    words.append(str(local(parse_instant(happening["due"]))))
    if "rung_us" in happening:
        words.append(f"-{happening['rung_us'] / HOUR:g}h")
    return " ".join([*words, "at", str(local(parse_instant(happening["at"])))])


def _run(lines: tuple[Line, ...], *known: Json, clock: str = "12-20 08:00") -> list[str]:
    return _told(partition_of_story(*lines, clock=clock, reference=knowing(*known)))


def test_each_rung_is_announced_once() -> None:
    rungs = rule(warning_hours="72,24,4")
    assert _run((DUE,), rungs) == [
        "warning 11-20 17:00 -72h at 11-17 17:00",
        "warning 11-20 17:00 at 11-19 17:00",
        "warning 11-20 17:00 -4h at 11-20 13:00",
        "breach 11-20 17:00 at 11-20 17:00",
    ]
    assert _run((DUE, ("resolved", "11-20 13:00")), rungs)[-1] == "warning 11-20 17:00 at 11-19 17:00"
    assert _run((DUE,), rule(warning_hours="none")) == ["breach 11-20 17:00 at 11-20 17:00"]


def test_ticks_one_by_one_say_the_same_and_nothing_twice() -> None:
    partition = partition_of_story(DUE, reference=knowing(rule(warning_hours="72,24,4")))
    for day in range(16, 23):
        partition.feed([at(f"11-{day} {hour:02d}:00") for hour in (0, 13, 17, 18)] * 2)
    assert _told(partition) == _run((DUE,), rule(warning_hours="72,24,4"))


def test_of_rungs_that_fall_on_one_instant_the_shortest_is_given() -> None:
    """The due value comes into force later than two of the rungs before it."""
    late: Line = ("accepted", "11-20 09:00", {"promised_due": "2026-11-20"})
    assert _run((late,), rule(warning_hours="72,24,4"), clock="11-20 16:00") == [
        "warning 11-20 17:00 at 11-20 09:00",
        "warning 11-20 17:00 -4h at 11-20 13:00",
    ]
    later: Line = ("accepted", "11-20 13:00", {"promised_due": "2026-11-20"})
    assert _run((later,), rule(warning_hours="72,24,4"), clock="11-20 16:00") == [
        "warning 11-20 17:00 -4h at 11-20 13:00"
    ]


def test_each_due_value_has_its_own_rungs() -> None:
    pause: tuple[Line, ...] = (("supplement_requested", "11-18 08:00"), ("supplement_received", "11-19 08:00"))
    assert _run((DUE, *pause), rule(warning_hours="72,24")) == [
        "warning 11-20 17:00 -72h at 11-17 17:00",
        "warning 11-23 17:00 -72h at 11-20 17:00",
        "warning 11-23 17:00 at 11-22 17:00",
        "breach 11-23 17:00 at 11-23 17:00",
    ]


def test_other_rungs_take_back_what_is_no_rung_any_more_and_keep_the_rest() -> None:
    partition = partition_of_story(DUE, clock="11-20 14:00", reference=knowing())
    assert _told(partition) == ["warning 11-20 17:00 at 11-19 17:00"]
    partition.feed([rule(warning_hours="48,24,4")])
    assert _told(partition)[1:] == [
        "warning 11-20 17:00 -48h at 11-18 17:00",
        "warning 11-20 17:00 -4h at 11-20 13:00",
    ]
    partition.feed([rule(version="r2", warning_hours="4", time="2026-01-02")])
    assert _told(partition)[3:] == [
        "retracted warning 11-20 17:00 -48h at 11-18 17:00",
        "retracted warning 11-20 17:00 at 11-19 17:00",
    ]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, ["breach intake 11-17 09:00 at 11-17 09:00"]),
        (("accepted", "11-17 09:00"), []),
        (
            ("accepted", "11-17 09:01"),
            ["breach intake 11-17 09:00 at 11-17 09:00", "recovered intake 11-17 09:00 at 11-17 09:01"],
        ),
        (("refused", "11-16 16:00"), []),
        (
            ("refused", "11-18 08:00"),
            ["breach intake 11-17 09:00 at 11-17 09:00", "recovered intake 11-17 09:00 at 11-18 08:00"],
        ),
        (("withdrawn", "11-16 16:00"), []),
        (("resolved", "11-16 16:00"), ["breach intake 11-17 09:00 at 11-17 09:00"]),
    ],
)
def test_an_online_submission_is_answered_within_eight_working_hours(answer: Line | None, told: list[str]) -> None:
    assert _run((SUBMITTED,) if answer is None else (SUBMITTED, answer)) == told


def test_the_intake_clock_is_for_the_channels_and_minutes_of_the_rule() -> None:
    postal: Line = ("submitted", "11-16 09:00", {"channel": "postal"})
    assert _run((postal,)) == []
    assert _run((postal,), rule(intake_channels="online,postal")) == ["breach intake 11-17 09:00 at 11-17 09:00"]
    assert _run((SUBMITTED,), rule(intake_minutes=0)) == []
    assert _run((SUBMITTED,), rule(intake_minutes=60)) == ["breach intake 11-16 10:00 at 11-16 10:00"]
    assert _run((SUBMITTED,), rule(intake_warning_hours="2")) == [
        "warning intake 11-17 09:00 -2h at 11-17 07:00",
        "breach intake 11-17 09:00 at 11-17 09:00",
    ]


def test_the_intake_clock_goes_by_the_day_of_submission() -> None:
    shorter = rule(version="r2", intake_minutes=60, valid_from="2026-11-17")
    assert _run((SUBMITTED, ("accepted", "11-17 08:59")), rule(), shorter) == []
    next_day: Line = ("submitted", "11-17 09:00")
    assert _run((next_day,), rule(), shorter) == ["breach intake 11-17 10:00 at 11-17 10:00"]


ROUTE = route(
    {"step": "check", "unit": "H44.01", "budget": 240},
    {"step": "sign", "role": "leader", "budget": 60},
)


def test_a_step_breaches_and_recovers_once_for_each_occurrence() -> None:
    accepted: Line = ("accepted", "11-16 09:00", {"promised_due": "2026-12-30", "procedure": "1.000001"})
    lines: tuple[Line, ...] = (
        accepted,
        ("step.completed", "11-16 15:00", {"step": "check"}),
        ("step.sent_back", "11-16 15:30", {"step": "sign"}),
        ("step.completed", "11-17 11:00", {"step": "check"}),
        ("step.completed", "11-17 11:30", {"step": "sign"}),
    )
    assert _run(lines, ROUTE) == [
        "breach step check#1 H44.01 11-16 14:30 at 11-16 14:30",
        "recovered step check#1 H44.01 11-16 14:30 at 11-16 15:00",
        "breach step check#2 H44.01 11-17 10:00 at 11-17 10:00",
        "recovered step check#2 H44.01 11-17 10:00 at 11-17 11:00",
    ]
    assert (
        _run(lines, ROUTE, rule(step_warning_hours="1"))[0]
        == "warning step check#1 H44.01 11-16 14:30 -1h at 11-16 13:30"
    )


def test_a_step_does_not_breach_while_the_clock_is_stopped() -> None:
    asked: tuple[Line, ...] = (DUE, ("supplement_requested", "11-16 14:30"))
    assert _run(asked, ROUTE) == []
    told = _run((*asked, ("supplement_received", "11-17 08:30")), ROUTE, clock="11-17 11:45")
    assert told == ["breach step check#1 H44.01 11-17 08:30 at 11-17 08:30"]


def test_a_step_warning_that_falls_into_a_pause_is_given_when_the_clock_runs_again() -> None:
    """The pause of an evening moves nothing, so the value is the same; of both rungs in it the shorter is given."""
    long = route({"step": "check", "unit": "H44.01", "budget": 480})
    evening: tuple[Line, ...] = (("supplement_requested", "11-16 19:00"), ("supplement_received", "11-16 22:00"))
    told = _run((DUE, *evening), long, rule(step_warning_hours="13,12,1"), clock="11-17 08:45")
    assert told == [
        "warning step check#1 H44.01 11-17 09:00 -12h at 11-16 22:00",
        "warning step check#1 H44.01 11-17 09:00 -1h at 11-17 08:00",
    ]
    assert _run((DUE, evening[0]), long, rule(step_warning_hours="13,12,1")) == []


def test_a_step_without_budget_left_breaches_when_the_clock_runs_again() -> None:
    """Handed over in the evening, while the applicant is asked: nothing is left of the budget, and the clock stands."""
    by_role = route({"step": "check", "role": "leader", "budget": 60})
    lines: tuple[Line, ...] = (
        DUE,
        ("supplement_requested", "11-16 19:00"),
        ("handed_over", "11-16 20:00", {"unit": "H44.02"}),
    )
    assert [one for one in _run(lines, by_role) if "check#2" in one] == []
    told = _run((*lines, ("supplement_received", "11-16 22:00")), by_role)
    assert [one for one in told if "check#2" in one] == ["breach step check#2 H44.02 11-16 20:00 at 11-16 22:00"]


def test_a_handed_over_dossier_hands_its_steps_by_role_and_what_is_left_of_the_budget() -> None:
    lines: tuple[Line, ...] = (
        DUE,
        ("step.completed", "11-16 10:00", {"step": "check"}),
        ("handed_over", "11-16 10:20", {"unit": "H45"}),
    )
    assert _run(lines, ROUTE, clock="11-16 14:00") == ["breach step sign#2 H45 11-16 11:00 at 11-16 11:00"]


def test_a_late_correction_takes_back_a_step_breach() -> None:
    partition = partition_of_story(DUE, clock="11-16 16:00", reference=knowing(ROUTE))
    assert _told(partition) == ["breach step check#1 H44.01 11-16 14:30 at 11-16 14:30"]
    partition.feed(entries_of(DUE, ("step.completed", "11-16 14:30", {"step": "check"}))[1:])
    assert _told(partition)[1] == "retracted breach step check#1 H44.01 11-16 14:30 at 11-16 14:30"
    assert _told(partition)[2:] == ["breach step sign#1 H44.01 11-16 15:30 at 11-16 15:30"]


def test_a_step_late_in_a_dossier_on_time_and_the_reverse() -> None:
    done: tuple[Line, ...] = (
        ("step.completed", "11-16 16:00", {"step": "check"}),
        ("step.completed", "11-16 16:10", {"step": "sign"}),
    )
    told = _run((DUE, *done, ("resolved", "11-20 09:00")), ROUTE, procedure())
    assert [line.split()[:2] for line in told] == [["breach", "step"], ["recovered", "step"], ["warning", "11-20"]]
    quick = (("step.completed", "11-16 10:00", {"step": "check"}), ("step.completed", "11-16 10:10", {"step": "sign"}))
    told = _run((DUE, *quick, ("resolved", "11-23 09:00")), ROUTE)
    assert [line.split()[0] for line in told] == ["warning", "breach", "recovered"]
