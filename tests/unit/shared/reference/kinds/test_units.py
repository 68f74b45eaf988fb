"""Units over time: parents, who is below whom, successors, circles."""

from __future__ import annotations

import pytest

from shared.contract.reference import UnitData
from shared.reference.kinds.units import Units, check_unit, parent_by_code
from tests.unit.shared.reference.making import at, day, known, unit


def test_the_parent_is_the_registered_one_else_by_code() -> None:
    units = known(
        unit({"unit": "000.00.01.H22", "parent": "H22"}),
        unit({"unit": "H38.1"}),
        unit({"unit": "H38", "parent": "H38"}),
    ).units(None)
    assert units.above("000.00.01.H22") == ("H22",)
    assert units.above("H38.1") == ("H38",)
    assert units.above("H38") == ()
    assert units.above("H50.05.13") == ("H50.05", "H50")
    assert Units().above("H50.05.13") == ("H50.05", "H50")
    assert [parent_by_code(code) for code in ("H38", "H38.1", ".H")] == [None, "H38", None]


def test_below_is_not_itself() -> None:
    units = known(unit({"unit": "H38.1.2"}), unit({"unit": "H38.1"}), unit({"unit": "H38"})).units(None)
    assert units.is_below("H38.1.2", "H38")
    assert not units.is_below("H38", "H38")
    assert not units.is_below("H38", "H38.1.2")
    assert units.below("H38") == ("H38.1", "H38.1.2")
    assert units.codes == ("H38", "H38.1", "H38.1.2")


def test_a_circle_of_parents_ends() -> None:
    units = known(
        unit({"unit": "A", "parent": "B"}), unit({"unit": "B", "parent": "C"}), unit({"unit": "C", "parent": "B"})
    ).units(None)
    assert units.above("A") == ("B", "C")
    assert units.above("B") == ("C",)
    assert units.is_below("A", "C")
    assert not units.is_below("C", "A")
    assert not units.is_below("B", "B")


def test_the_parent_may_change_with_the_day() -> None:
    units = known(
        unit({"unit": "X.9", "parent": "YB", "valid_to": "2026-06-30"}, "1"),
        unit({"unit": "X.9", "parent": "LC", "valid_from": "2026-07-01", "valid_to": "2026-09-30"}, "2"),
    ).units(None)
    assert [units.parent_of("X.9", day(text)) for text in ("06-30", "07-01", "12-31")] == ["YB", "LC", "LC"]
    assert units.parent_of("X.9") == "LC"
    assert units.version("X.9", day("12-31")) is None
    first = known(unit({"unit": "X.9", "parent": "LC", "valid_from": "2026-07-01"})).units(None)
    assert first.parent_of("X.9", day("01-01")) == "LC"
    assert first.version("X.9", day("01-01")) is None
    two = known(
        unit({"unit": "X.9", "parent": "LC", "valid_from": "2026-07-01"}, "1"),
        unit({"unit": "X.9", "parent": "YB", "valid_from": "2026-08-01"}, "2"),
    ).units(None)
    assert two.parent_of("X.9", day("01-01")) == "LC"


def test_names_and_kinds_follow_the_day() -> None:
    units = known(
        unit({"unit": "H38", "name": "Yên Bái", "kind": "province"}, "1"),
        unit({"unit": "H38", "name": "Lào Cai", "kind": "province", "valid_from": "2026-07-01"}, "2"),
    ).units(None)
    assert [units.name("H38", day(text)) for text in ("06-30", "07-01")] == ["Yên Bái", "Lào Cai"]
    assert (units.name("H38"), units.kind("H38"), units.kind("H39")) == ("Lào Cai", "province", None)


def test_successors_take_over_the_day_after_and_pass_on() -> None:
    units = known(
        unit({"unit": "A", "valid_to": "2026-06-30", "successor": "B"}),
        unit({"unit": "B", "valid_to": "2026-08-31", "successor": "C"}),
        unit({"unit": "C"}),
    ).units(None)
    assert units.successors("A", day("06-30")) == ()
    assert units.successors("A", day("07-01")) == ("B",)
    assert units.successors("A", day("09-01")) == ("B", "C")
    assert units.successors("A") == ("B", "C")
    assert [units.heir(code) for code in ("A", "B", "C", "D")] == ["C", "C", "C", "D"]
    assert units.heir("A", day("07-01")) == "B"


def test_a_successor_without_an_end_takes_over_when_the_version_begins() -> None:
    units = known(
        unit({"unit": "A"}, "1"), unit({"unit": "A", "valid_from": "2026-07-01", "successor": "B"}, "2")
    ).units(None)
    assert [units.heir("A", day(text)) for text in ("06-30", "07-01")] == ["A", "B"]


def test_an_end_told_by_a_later_entry_without_beginning() -> None:
    units = known(
        unit({"unit": "A"}, "1"), unit({"unit": "A", "valid_to": "2026-06-30", "successor": "B"}, "2", "02-01")
    ).units(None)
    assert [units.heir("A", day(text)) for text in ("06-30", "07-01")] == ["A", "B"]


def test_a_circle_of_successors_ends() -> None:
    units = known(
        unit({"unit": "A", "successor": "B"}),
        unit({"unit": "B", "successor": "A"}),
        unit({"unit": "C", "successor": "C"}),
        unit({"unit": "D", "successor": "A"}),
    ).units(None)
    assert units.successors("A") == ("B",)
    assert units.successors("C") == ()
    assert units.successors("D") == ("A", "B")


def test_units_are_as_ordered_before_the_end() -> None:
    reference = known(
        unit({"unit": "X", "parent": "A"}, "1", "03-01"), unit({"unit": "X", "parent": "B"}, "1", "05-01", revision=1)
    )
    assert [reference.units(before).parent_of("X") for before in (at("02-01"), at("04-01"), None)] == [None, "A", "B"]
    assert reference.units(at("02-01")).codes == ()
    assert not reference.units(at("02-01")).known("X")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"unit": "C", "parent": "B"}, None),
        ({"unit": "A", "parent": "A"}, ("own_parent", "data.parent", "")),
        ({"unit": "A", "successor": "A"}, ("own_successor", "data.successor", "")),
        ({"unit": "A", "parent": "B"}, ("unit_cycle", "data.parent", "A → B → A")),
        ({"unit": "A", "parent": "A.1.2"}, ("unit_cycle", "data.parent", "A → A.1.2 → A.1 → A")),
        ({"unit": "E", "successor": "D"}, ("successor_cycle", "data.successor", "E → D → E")),
        (
            {"unit": "C", "valid_from": "2026-07-01", "valid_to": "2026-06-30"},
            ("validity_reversed", "data.valid_to", ""),
        ),
    ],
)
def test_what_is_wrong_with_a_unit_is_told_by_field(
    data: dict[str, str], expected: tuple[str, str, str] | None
) -> None:
    units = known(unit({"unit": "B", "parent": "A"}), unit({"unit": "D", "successor": "E"})).units(None)
    found = check_unit(UnitData.model_validate(data), units)
    assert [(fault.code, fault.field, fault.parameters.get("path", "")) for fault in found] == (
        [] if expected is None else [expected]
    )
