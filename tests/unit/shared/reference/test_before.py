"""What was ordered before a dossier's end applies to it, corrections and withdrawals included; nothing later does."""

from __future__ import annotations

from shared.reference import ReferenceSet
from tests.unit.shared.reference.making import at, day, known, procedure, rule

DAY = day("08-21")


def _version(reference: ReferenceSet, before: str | None) -> str | None:
    found = reference.procedure("2.000815", DAY, None if before is None else at(before))
    return None if found is None else found.version


def test_an_entry_applies_from_the_instant_after_its_time() -> None:
    reference = known(procedure({}, when="03-01"))
    assert _version(reference, "03-01") is None
    assert _version(reference, "03-01 08:01") == "1"
    assert _version(reference, None) == "1"


def test_a_correction_ordered_after_the_end_leaves_the_entry_as_it_was() -> None:
    reference = known(procedure({"version": "1"}, when="03-01"), procedure({"version": "2"}, when="05-01", revision=1))
    assert _version(reference, "04-01") == "1"
    assert _version(reference, "05-01") == "1"
    assert _version(reference, "05-01 08:01") == "2"
    assert _version(reference, None) == "2"


def test_a_correction_dated_before_the_entry_applies_alone() -> None:
    reference = known(procedure({"version": "1"}, when="05-01"), procedure({"version": "2"}, when="03-01", revision=1))
    assert _version(reference, "03-01") is None
    assert _version(reference, "04-01") == "2"
    assert _version(reference, None) == "2"


def test_a_withdrawal_takes_the_entry_back_for_whoever_ends_later() -> None:
    reference = known(procedure({}, when="03-01"), procedure(None, when="05-01", revision=1))
    assert _version(reference, "04-01") == "1"
    assert _version(reference, "06-01") is None
    assert _version(reference, None) is None


def test_a_correction_may_be_of_another_procedure() -> None:
    reference = known(
        procedure({}, when="03-01"), procedure({"procedure": "1.5"}, when="05-01", revision=1), procedure({}, "p2")
    )
    assert reference.procedure("1.5", DAY, at("04-01")) is None
    assert reference.procedure("1.5", DAY, None) is not None
    assert len(reference.procedure_versions("2.000815")) == 1
    assert len(reference.procedure_versions("2.000815", at("04-01"))) == 2


def test_two_contents_of_one_revision_one_ordered_later() -> None:
    one, other = procedure({"version": "1"}, when="03-01"), procedure({"version": "2"}, when="05-01")
    reference = known(one, other)
    assert _version(reference, "04-01") == "1"
    assert _version(reference, None) == ("1" if one.hash < other.hash else "2")


def test_of_those_valid_on_the_day_the_latest_valid_from_then_the_later_entry() -> None:
    reference = known(
        procedure({"version": "old"}, "p1", when="05-01"),
        procedure({"version": "spring", "valid_from": "2026-03-01", "valid_to": "2026-06-30"}, "p2"),
        procedure({"version": "first", "valid_from": "2026-07-01"}, "p3", when="06-01"),
        procedure({"version": "second", "valid_from": "2026-07-01"}, "p4", when="06-01", sequence=1),
        procedure({"version": "third", "valid_from": "2026-07-01"}, "p0", when="05-30"),
    )

    def version(text: str) -> str | None:
        found = reference.procedure("2.000815", day(text), None)
        return None if found is None else found.version

    assert [version(text) for text in ("02-28", "03-01", "06-30", "07-01")] == ["old", "spring", "spring", "second"]


def test_rules_of_a_dossier_keep_what_was_in_force_at_its_end() -> None:
    reference = known(
        rule({"version": "1", "parameters": {"extension_days": 2}}, when="01-01"),
        rule({"version": "2", "valid_from": "2026-08-01", "parameters": {"extension_days": 3}}, "d2", when="07-01"),
    )
    assert [reference.rules(DAY, before).extension_days for before in (at("06-01"), at("08-01"), None)] == [2, 3, 3]
    assert reference.rules(day("07-31"), None).version == "1"


def test_after_the_last_entry_it_is_as_for_the_open() -> None:
    reference = known(procedure({}, when="05-01"), procedure({"version": "2"}, "p2", when="03-01"))
    assert reference.last == at("05-01")
    assert reference.procedure("2.000815", DAY, reference.last + 1) is reference.procedure("2.000815", DAY, None)
    assert known().last < at("01-01")
