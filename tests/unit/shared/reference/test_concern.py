"""Whom an entry may concern: never too few, and not everybody where that can be told."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import vn_public
from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.concern import NOTHING, Concern
from tests.unit.shared.reference.making import ZONE, at, calendar, day, entry, known, procedure, route, rule, unit
from tests.unit.shared.reference.strategies import DAYS, INSTANTS, PROCEDURES, UNITS, entries

ALL = Concern(all=True)
BASE = vn_public(ZONE)


def test_procedures_and_routes_concern_their_procedure() -> None:
    assert known().narrow(procedure({})) == Concern(procedures=frozenset({"2.000815"}))
    assert known().narrow(route({})) == Concern(procedures=frozenset({"2.000815"}))


def test_calendars_and_deadline_rules_concern_all_and_other_rules_none() -> None:
    assert known().narrow(calendar({})) == ALL
    assert known().narrow(rule({})) == ALL
    assert known().narrow(rule({"rule": "other"})).none
    assert known().narrow(entry("procedure.made_public", {"procedure": "2.000815"})).none
    assert NOTHING.none


def test_a_unit_concerns_itself_and_those_below_unless_it_stays_where_its_code_says() -> None:
    moved = unit({"unit": "H38.1", "parent": "H40"}, "1")
    named = frozenset({"H38.1"})
    assert known().narrow(moved) == Concern(all=True, units=named, rights=named)
    assert known().narrow(unit({"unit": "H38.1", "parent": "H38", "name": "Sa Pa"})).none
    assert known().narrow(unit({"unit": "H38"})).none
    assert known().narrow(unit({"unit": "H38", "parent": "H38"})).none
    back = unit({"unit": "H38.1"}, "2", "05-01")
    assert known(moved).narrow(back) == Concern(all=True, units=named, rights=named)


def test_a_successor_that_was_ever_told_concerns_who_may_act() -> None:
    ended = unit({"unit": "H38.1", "parent": "H38", "successor": "H38.2"}, "1")
    rights = Concern(rights=frozenset({"H38.1"}))
    assert known().narrow(ended) == rights
    assert known(ended).narrow(unit({"unit": "H38.1", "parent": "H38"}, "1", revision=1)) == rights
    assert known(ended).narrow(unit(None, "1", revision=2)) == rights
    assert known(ended).narrow(unit({"unit": "H38.2", "parent": "H38"}, "2")).none
    assert not rights.none
    assert rights | ALL == Concern(all=True, rights=rights.rights)


def test_a_correction_or_withdrawal_concerns_whom_the_entry_concerned() -> None:
    reference = known(procedure({}))
    other = procedure({"procedure": "1.5"}, revision=1)
    both = Concern(procedures=frozenset({"2.000815", "1.5"}))
    assert reference.narrow(other) == both
    assert reference.with_entry(other).narrow(other) == both
    assert reference.with_entry(other).narrow(procedure(None, revision=2)) == both
    assert known().narrow(procedure(None)).none
    turned = entry("rule.activated", {"rule": "deadlines", "version": "1"}, "p1", revision=1)
    assert reference.narrow(turned) == Concern(all=True, procedures=frozenset({"2.000815"}))


def test_two_concerns_together() -> None:
    some, others = Concern(all=True, units=frozenset("a")), Concern(all=True, units=frozenset("b"))
    assert some | others == Concern(all=True, units=frozenset("ab"))
    assert some | ALL == ALL | some == ALL
    assert some | NOTHING == NOTHING | some == some
    one = Concern(procedures=frozenset("p"))
    assert some | one == one | some == Concern(all=True, procedures=frozenset("p"), units=frozenset("a"))


@settings(max_examples=150, deadline=None)
@given(given_entries=entries.filter(bool), data=st.data())
def test_whoever_is_not_named_gets_the_same_answers(given_entries: list[ReferenceEntry], data: st.DataObject) -> None:
    *rest, last = data.draw(st.permutations(given_entries))
    before, after = known(*rest), known(*rest, last)
    concern = before.narrow(last)
    assert after.narrow(last) == concern
    if concern.all and concern.units is None:
        return
    for end in (None, *(at(when) for when in INSTANTS), at("12-31")):
        for when in map(day, DAYS):
            assert before.rules(when, end) == after.rules(when, end)
            for code in PROCEDURES:
                if code not in concern.procedures:
                    assert _of_procedure(before, code, when, end) == _of_procedure(after, code, when, end)
            for code in UNITS:
                if concern.units is None or not _reaches(before, after, code, concern.units):
                    assert _of_unit(before, code, when, end) == _of_unit(after, code, when, end)


def _of_procedure(reference: ReferenceSet, code: str, when: object, end: int | None) -> list[object]:
    channels = (None, "online", "direct")
    return [
        reference.procedure(code, when, end),  # type: ignore[arg-type]
        *(reference.route(code, channel, when, end) for channel in channels),  # type: ignore[arg-type]
    ]


def _of_unit(reference: ReferenceSet, code: str, when: object, end: int | None) -> list[object]:
    units = reference.units(end)
    return [
        units.above(code),
        units.above(code, when),  # type: ignore[arg-type]
        reference.working_calendar(code, end, default=BASE).hash,
        reference.working_calendar(code, end, default=BASE, day=when).hash,  # type: ignore[arg-type]
    ]


def _reaches(before: ReferenceSet, after: ReferenceSet, code: str, wanted: frozenset[str]) -> bool:
    """Whether a unit is one of those or was ever below one, by any version and as of any end."""
    for reference in (before, after):
        for end in (None, *(at(when) for when in INSTANTS), at("12-31")):
            units = reference.units(end)
            for when in (None, *map(day, DAYS)):
                if wanted & {code, *units.above(code, when)}:
                    return True
    return False
