"""Hypothesis strategies for reference entries and for acts on routes: few names and dates, so that they meet often.

Knows the contract's words only; it imports nothing of the product. Whatever is drawn, intake would let in.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.strategies.grants import stamped
from tests.strategies.journals import (
    WINDOWS,
    ZONE,
    Case,
    arrivals,
    entry_sets,
    instants_of,
    local,
    numbered,
    written,
)

__all__ = ["CHANNELS", "PROCEDURES", "STEPS", "UNITS", "own_routes", "references", "steps", "worlds"]

Data = dict[str, Any]

UNITS = ["H38", "H38.08", "H38.08.01", "H38.100", "H39"]
PROCEDURES = ["1.001", "2.000815"]
CHANNELS = ["online", "postal", "direct"]
#: The last is in no route.
STEPS = ["check", "appraise", "consult", "sign", "post"]
ONE_DAY = timedelta(days=1)
PUBLIC_HOURS = ["07:30-11:30", "13:00-17:00"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")

weeks = st.sampled_from(
    [
        dict.fromkeys(WEEKDAYS, PUBLIC_HOURS),
        {day: ["08:00-12:00", "13:30-17:30"] for day in (*WEEKDAYS, "sat")},
        {"mon": ["08:00-12:00"], "tue": PUBLIC_HOURS, "thu": PUBLIC_HOURS, "sat": ["07:00-11:00"]},
        {day: ["00:00-24:00"] for day in (*WEEKDAYS, "sat", "sun")},
        {day: ["09:00-12:00", "21:00-05:00"] for day in ("mon", "tue", "thu", "sun")},
    ]
)


def _given(**members: Any) -> Data:
    return {name: value for name, value in members.items() if value is not None}


@st.composite
def _validity(draw: st.DrawFn, days: list[date], *, ends: bool = True) -> Data:
    """Mostly from always to always; else around the days that matter."""
    first = draw(st.sampled_from([None, None, *days]))
    last = draw(st.sampled_from([None, None, None, *days])) if ends else None
    if first is not None and last is not None and last < first:
        last = None
    return _given(valid_from=first and first.isoformat(), valid_to=last and last.isoformat())


@st.composite
def _calendars(draw: st.DrawFn, days: list[date]) -> Data:
    """Days laid over the public calendar, or an office with hours of its own."""
    name = draw(st.sampled_from(["vn-public", "vn-public", "office", "night"]))
    data: Data = {"calendar": name, "version": draw(st.sampled_from(["a", "b"]))}
    valid = draw(_validity(days, ends=False))
    if name != "vn-public" or draw(st.integers(0, 3)) == 0:
        data["week"] = draw(weeks)
        if draw(st.integers(0, 2)) == 0:
            first, last = draw(st.sampled_from([("11-16", "12-31"), ("12-15", "02-05"), ("01-01", "08-20")]))
            data["seasons"] = [{"first": first, "last": last, "week": draw(weeks)}]
    named = draw(st.lists(st.sampled_from(days), max_size=3, unique=True))
    swapped = []
    if len(named) > 1 and draw(st.booleans()):
        off, worked = named.pop().isoformat(), named.pop().isoformat()
        swapped = [{"day": off, "working": False, "kind": "swap", "pair": worked}]
        swapped += [{"day": worked, "working": True, "kind": "swap", "pair": off}]
        if min(off, worked) < valid.get("valid_from", ""):
            swapped = []
    data["days"] = [
        {"day": day.isoformat(), **draw(_day())}
        for day in sorted(named)
        if day.isoformat() >= valid.get("valid_from", "")
    ] + swapped
    unit = draw(st.sampled_from([None, None, *UNITS]))
    purpose = draw(st.sampled_from([None, None, None, "reception"]))
    return {**data, **valid, **_given(unit=unit, purpose=purpose)}


@st.composite
def _day(draw: st.DrawFn) -> Data:
    working = draw(st.booleans())
    sessions = draw(st.sampled_from([None, ["08:00-10:00"], ["07:30-11:30", "13:00-15:00"]])) if working else None
    return {"working": working, **_given(sessions=sessions)}


@st.composite
def _procedures(draw: st.DrawFn, days: list[date]) -> Data:
    amounts = {
        "working_days": ["0", "1", "2", "3", "5", "1.5", "0.5"],
        "working_hours": ["0", "4", "8", "12.5"],
        "calendar_days": ["0", "1", "7", "10", "2.5"],
        "months": ["1", "2", "0.5"],
    }
    terms = []
    channels: list[list[str | None]] = [[None], [None], ["online", None], ["direct"], []]
    for channel in draw(st.sampled_from(channels)):
        kinds = [["statutory"], ["statutory", "committed"], ["maximum"], ["committed"]]
        for kind in draw(st.sampled_from(kinds)):
            unit = draw(st.sampled_from([*amounts, "working_days"]))
            if kind == "maximum":
                unit = draw(st.sampled_from(["working_days", "working_hours"]))
            amount = draw(st.sampled_from(amounts[unit]))
            terms.append(_given(channel=channel, kind=kind, amount=amount, unit=unit))
    return {
        "procedure": draw(st.sampled_from(PROCEDURES)),
        "version": draw(st.sampled_from(["1", "2"])),
        "terms": terms,
        **_given(
            counting=draw(st.sampled_from([None, "next-day", "same-time", "hours"])),
            cut_percent=draw(st.sampled_from([None, None, 30, 50])),
            fee=draw(st.sampled_from([None, False, True])),
            field=draw(st.sampled_from([None, "Hộ tịch", "Đất đai"])),
        ),
        **draw(_validity(days)),
    }


@st.composite
def _routes(draw: st.DrawFn, days: list[date]) -> Data:
    """One of the shapes of routes: a row, two branches with a join, an optional step between."""
    budget = st.sampled_from([None, 0, 60, 240, 480, 960])
    shape: list[tuple[str, Any, bool]] = draw(
        st.sampled_from(
            [
                [("check", None, False), ("appraise", None, False), ("sign", None, False)],
                [
                    ("check", [], False),
                    ("appraise", ["check"], False),
                    ("consult", ["check"], False),
                    ("sign", ["appraise", "consult"], False),
                ],
                [("check", None, False), ("consult", None, True), ("sign", None, False)],
                [("check", [], False), ("consult", [], True), ("sign", ["check", "consult"], False)],
                [("check", [], False), ("appraise", [], False), ("sign", ["check"], False)],
                [("consult", None, True), ("check", ["consult"], True), ("sign", ["check"], False)],
                # These fit nowhere: a circle, a step that is not there, one named twice.
                [("check", ["sign"], False), ("sign", ["check"], False)],
                [("check", None, False), ("sign", ["stamp"], False)],
                [("check", None, False), ("check", None, False)],
            ]
        )
    )
    found = []
    for step, after, optional in shape:
        unit = draw(st.sampled_from([None, *UNITS]))
        role = "officer" if unit is None else None
        given = _given(step=step, unit=unit, role=role, budget=draw(budget), after=after)
        found.append({**given, "optional": True} if optional else given)
    return {
        "procedure": draw(st.sampled_from(PROCEDURES)),
        "version": draw(st.sampled_from(["r1", "r2"])),
        "steps": found,
        **_given(channel=draw(st.sampled_from([None, None, "online"]))),
        **draw(_validity(days)),
    }


@st.composite
def _units(draw: st.DrawFn, days: list[date]) -> Data:
    """A parent is higher up the list of units or foreign, so that they go in no circle."""
    place = draw(st.integers(0, len(UNITS) - 1))
    above = draw(st.sampled_from([None, *UNITS[:place], "H40"]))
    successor = draw(st.sampled_from([None, None, *UNITS[:place]]))
    return {"unit": UNITS[place], **_given(parent=above, successor=successor), **draw(_validity(days))}


@st.composite
def _rules(draw: st.DrawFn, days: list[date]) -> Data:
    choices: dict[str, list[str | int | bool]] = {
        "warning_hours": ["72,24,4", "24", "48,1", "none", 4],
        "step_warning_hours": ["8,2", "24", "none", 1],
        "intake_warning_hours": ["4,1", "2"],
        "extension_days": [0, 1, 2, 5],
        "fee_pauses": [True, False],
        "intake_minutes": [0, 240, 480, 1000],
        "intake_channels": ["online", "online,postal", "direct"],
        "cutoff": ["15:00", "none", "10:00"],
        "cutoff_shifts_start": [True, False],
        "counting": ["next-day", "same-time", "hours"],
    }
    names = draw(st.lists(st.sampled_from(sorted(choices)), max_size=6, unique=True))
    return {
        "rule": "deadlines",
        "version": draw(st.sampled_from(["2026-1", "2026-2"])),
        "parameters": {name: draw(st.sampled_from(choices[name])) for name in names},
        **draw(_validity(days, ends=False)),
    }


@st.composite
def references(draw: st.DrawFn, begin: date) -> tuple[str, str, Data]:
    """Type, subject and data of a reference entry around a day on which dossiers are accepted."""
    days = [begin + ONE_DAY * number for number in (-30, -1, 0, 1, 2, 3, 7)]
    type_ = draw(
        st.sampled_from(
            [
                *(["calendar.revised"] * 3),
                *(["procedure.published"] * 4),
                *(["route.revised"] * 4),
                *(["unit.revised"] * 2),
                *(["rule.activated"] * 3),
                "procedure.made_public",
            ]
        )
    )
    if type_ == "procedure.made_public":
        return type_, "public", {"procedure": draw(st.sampled_from(PROCEDURES))}
    made = {
        "calendar.revised": (_calendars, "calendar"),
        "procedure.published": (_procedures, "procedure"),
        "route.revised": (_routes, "procedure"),
        "unit.revised": (_units, "unit"),
        "rule.activated": (_rules, "rule"),
    }
    strategy, subject = made[type_]
    data = draw(strategy(days))
    return type_, data[subject], data


@st.composite
def own_routes(draw: st.DrawFn) -> list[Data]:
    """The route a receipt brings along."""
    names = draw(st.lists(st.sampled_from(STEPS[:4]), min_size=1, max_size=3, unique=True))
    budget = st.sampled_from([None, 60, 480])
    return [_given(step=name, unit=draw(st.sampled_from(UNITS)), budget=draw(budget)) for name in names]


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, Data]:
    """Type and data of an act on a step."""
    type_ = draw(
        st.sampled_from(["step.completed", "step.completed", "step.completed", "step.assigned", "step.sent_back"])
    )
    step = draw(st.sampled_from(STEPS))
    if type_ == "step.assigned":
        unit = draw(st.sampled_from(UNITS))
        return type_, _given(step=step, unit=unit, budget=draw(st.sampled_from([None, None, 0, 30, 480])))
    data = _given(step=step, unit=draw(st.sampled_from([None, *UNITS])))
    if type_ == "step.sent_back":
        data |= _given(to=draw(st.sampled_from([None, None, *STEPS])))
    return type_, data


@st.composite
def worlds(draw: st.DrawFn) -> Case:
    """A journal with reference data in every partition and acts on steps, in any order."""
    window = draw(st.sampled_from(WINDOWS))
    begin, due = (local(text) for text in window)
    moments = instants_of(begin, due)
    entries = draw(entry_sets(window))
    codes = sorted({entry["subject"] for entry in entries}) or ["x"]
    for number in range(draw(st.integers(0, 10))):
        type_, data = draw(steps())
        said = {"subject": draw(st.sampled_from(codes)), "id": f"step/{number}", "type": type_, "data": data}
        time = draw(written(draw(st.sampled_from(moments))))
        entries.append(draw(stamped({"specversion": "1.0", "source": "urn:a", "time": time, **said})))
    partitions = draw(st.integers(1, 2))
    stream = [(line["partition"], line["entry"]) for line in draw(arrivals(entries, partitions, window))]
    long_ago = moments[0].replace(year=begin.year - 1)
    for number in range(draw(st.integers(0, 6))):
        type_, subject, data = draw(references(begin.astimezone(ZONE).date()))
        time = draw(written(draw(st.sampled_from([long_ago, long_ago, *moments]))))
        said = {"subject": subject, "id": f"reference/{number}", "type": type_, "data": data}
        for partition in range(partitions):
            place = draw(st.integers(0, len(stream)))
            stream.insert(place, (partition, {"specversion": "1.0", "source": "urn:a", "time": time, **said}))
    return Case(window, partitions, numbered(stream))
