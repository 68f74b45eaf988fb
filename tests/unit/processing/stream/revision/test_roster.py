"""Whom a reference entry may concern, by labels: never too few, and the same with and without a roster."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.processing.record import EntryRecord, read_entry
from services.processing.stream.revision.roster import Label, Relations, Roster, concerns, label_of
from shared.reference import ReferenceEntry
from shared.reference.concern import Concern
from tests.unit.processing.stream.build import accepted, known_by, revised

_CODES = [f"D{number}" for number in range(6)]
_UNITS = ["H29", "H29.1", "H29.1.2", "X", "Y"]
_PROCEDURES = ["P", "Q"]
_LABELS = st.builds(
    Label,
    st.lists(st.sampled_from(_PROCEDURES), unique=True).map(tuple),
    st.lists(st.sampled_from(_UNITS), unique=True).map(tuple),
    st.none() | st.integers(0, 3),
)
_CONCERNS = st.builds(
    Concern,
    all=st.booleans(),
    procedures=st.frozensets(st.sampled_from(_PROCEDURES)),
    units=st.none() | st.frozensets(st.sampled_from(_UNITS)),
)


def of(*entries: dict[str, Any]) -> list[EntryRecord]:
    return [read_entry(orjson.dumps(entry), number) for number, entry in enumerate(entries)]


def relations(*entries: dict[str, Any]) -> Relations:
    return Relations(known_by(*entries).entries)


def test_a_label_names_every_procedure_and_unit_that_was_ever_reported() -> None:
    entries = of(
        accepted("A", type="dossier.submitted", data={"channel": "online", "procedure": "P", "unit": "U1"}),
        accepted(
            "A",
            data={
                "channel": "online",
                "procedure": "Q",
                "unit": "U2",
                "receiving_unit": "U3",
                "route": [{"step": "1", "unit": "U4"}],
            },
        ),
        accepted("A", "b", type="step.completed", data={"step": "1", "unit": "U5"}),
        accepted("A", "c", type="dossier.handed_over", data={"unit": "U6"}),
        accepted("A", "d", type="step.assigned", data={"step": "1", "unit": "U1"}),
        accepted("A", "e", type="step.completed", data={"step": "2"}),
        accepted("A", "f", type="dossier.accepted", data=None),
    )
    assert label_of(entries, 5) == Label(("P", "Q"), ("U1", "U2", "U3", "U4", "U5", "U6"), 5)


@given(st.lists(st.tuples(st.sampled_from(_CODES), _LABELS), max_size=20), _CONCERNS, st.integers(0, 3))
def test_a_roster_tells_what_the_last_label_of_each_dossier_tells(
    puts: list[tuple[str, Label]], concern: Concern, time: int
) -> None:
    known = relations(
        revised("unit.revised", {"unit": "X", "parent": "H29.1"}),
        revised("route.revised", {"procedure": "Q", "version": "1", "steps": [{"step": "1", "unit": "Y"}]}, "q"),
    )
    roster = Roster()
    for code, label in puts:
        roster.put(code, label)
    last = dict(puts)
    assert len(roster) == len(last)
    wanted = [code for code in sorted(last) if concerns(last[code], concern, time, known)]
    assert roster.concerned(concern, time, known) == wanted


def test_what_ended_before_the_entry_is_not_concerned() -> None:
    everything = Concern(all=True)
    found = [concerns(Label((), (), end), everything, 5, Relations()) for end in (None, 4, 5, 6)]
    assert found == [True, False, False, True]


def test_a_unit_concerns_all_that_ever_lay_below_it() -> None:
    """Also by a parent that was corrected since, by the code alone, and by a route that names a unit below."""
    known = relations(
        revised("unit.revised", {"unit": "X", "parent": "H29"}),
        revised("unit.revised", {"unit": "X", "parent": "H44"}, revision=1),
        revised("unit.revised", {"unit": "H44", "parent": "H44"}, "circle"),
        revised("route.revised", {"procedure": "P", "version": "1", "steps": [{"step": "1", "unit": "X"}]}, "p"),
        revised("route.revised", None, "withdrawn"),
    )
    for unit in ("H29", "H44"):
        wanted = frozenset({unit})
        assert known.reaches("X", wanted)
        assert known.procedures(wanted) == {"P"}
        about = Concern(all=True, units=wanted)
        assert concerns(Label((), ("X",), None), about, 0, known)
        assert concerns(Label(("P",), (), None), about, 0, known)
        assert not concerns(Label(("Q",), ("Y",), None), about, 0, known)
    assert known.reaches("H29.1.2", frozenset({"H29.1"}))
    assert not known.reaches("H29.1", frozenset({"H29.1.2"}))
    assert known.procedures(frozenset({"H29.1"})) == set()


def test_entries_learn_one_by_one_what_they_learn_at_once() -> None:
    one_by_one = Relations()
    entry = revised("unit.revised", {"unit": "X", "parent": "H29"})
    one_by_one.learn(ReferenceEntry.of(orjson.dumps(entry)))
    assert one_by_one.reaches("X", frozenset({"H29"})) is relations(entry).reaches("X", frozenset({"H29"})) is True
