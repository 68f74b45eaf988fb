"""Sets of reference entries that contradict, correct and withdraw one another, drawn at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from shared.reference import ReferenceEntry
from tests.unit.shared.reference import making

__all__ = ["CALENDARS", "DAYS", "INSTANTS", "PROCEDURES", "UNITS", "entries"]

DAYS = ["01-01", "03-01", "03-02", "06-30", "07-01", "12-31"]
INSTANTS = ["01-01", "02-01", "02-01 08:01", "05-01", "09-01"]
PROCEDURES = ["1.001", "1.002"]
UNITS = ["H38", "H38.1", "H38.1.2", "H40"]
CALENDARS = ["vn-public", "hue", "hue-2"]

_DATES = st.sampled_from([None, *(f"2026-{day}" for day in DAYS)])
_CHANNELS = st.sampled_from([None, "online", "direct"])


def _filled(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _data(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(members).map(_filled)


_VERSIONS = st.sampled_from("abc")
_KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "procedure.published": _data(
        procedure=st.sampled_from(PROCEDURES), version=_VERSIONS, valid_from=_DATES, valid_to=_DATES
    ),
    "route.revised": _data(
        procedure=st.sampled_from(PROCEDURES),
        version=_VERSIONS,
        channel=_CHANNELS,
        valid_from=_DATES,
        # The last one cannot be followed.
        steps=st.sampled_from([[{"step": "x", "role": "r"}], [{"step": "x", "unit": "H38"}], [{"step": "x"}]]),
    ),
    "unit.revised": _data(
        unit=st.sampled_from(UNITS),
        parent=st.sampled_from([None, *UNITS]),
        successor=st.sampled_from([None, *UNITS]),
        valid_from=_DATES,
        valid_to=_DATES,
    ),
    "rule.activated": _data(
        rule=st.sampled_from(["deadlines", "other"]),
        version=_VERSIONS,
        valid_from=_DATES,
        parameters=st.sampled_from([{}, {"extension_days": 2}, {"extension_days": "x", "cutoff": "none"}]),
    ),
    "calendar.revised": _data(
        calendar=st.sampled_from(CALENDARS),
        version=_VERSIONS,
        unit=st.sampled_from([None, "H38", "H38.1"]),
        purpose=st.sampled_from(["working", "working", "reception"]),
        days=st.sampled_from(["2026-11-24", "2026-11-25"]).map(lambda day: [{"day": day, "working": False}]),
    ),
}


@st.composite
def _entry(draw: st.DrawFn) -> ReferenceEntry:
    type_ = draw(st.sampled_from(sorted(_KINDS)))
    data = draw(st.one_of(_KINDS[type_], _KINDS[type_], _KINDS[type_], st.none()))
    return making.entry(
        type_,
        data,
        draw(st.sampled_from(["1", "2", "3", "4"])),
        draw(st.sampled_from(INSTANTS)),
        source=draw(st.sampled_from(["ubnd", "so"])),
        revision=draw(st.sampled_from([0, 0, 1, 2])),
        sequence=draw(st.sampled_from([0, 0, 0, 1])),
    )


#: Entries of few identities, so that they meet.
entries = st.lists(_entry(), max_size=12)
