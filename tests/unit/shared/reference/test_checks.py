"""What intake refuses of reference entries, with what is known; every fault has whole texts."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contract.entries import ENTRY_MODELS
from shared.messages import MESSAGES
from shared.messages.reference import MESSAGES as REFERENCE_MESSAGES
from shared.reference import ReferenceEntry
from shared.reference.checks import check_entry
from shared.reference.faults import tell
from tests.unit.shared.reference.making import calendar, entry, known, procedure, route, rule, unit

UNITS = (unit({"unit": "H38"}), unit({"unit": "H38.1"}))


def _steps(*budgets: int, owner: str = "H38") -> dict[str, Any]:
    return {"steps": [{"step": f"s{place}", "unit": owner, "budget": budget} for place, budget in enumerate(budgets)]}


def _terms(*terms: tuple[str | None, str, str]) -> dict[str, Any]:
    return {
        "terms": [
            {"channel": channel, "kind": kind, "amount": amount, "unit": "working_days"}
            for channel, kind, amount in terms
        ]
    }


def _codes(found: ReferenceEntry, *reference: ReferenceEntry) -> list[str]:
    return [fault.code for fault in check_entry(found.type, found.model, known(*reference))]


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (calendar({"week": {"mon": ["08:00-12:00", "11:00-12:00"]}}), "calendar_sessions_overlap"),
        (procedure(_terms((None, "statutory", "1"), (None, "statutory", "2"))), "term_twice"),
        (route({"steps": []}), "route_without_steps"),
        (unit({"unit": "H38", "parent": "H38"}), "own_parent"),
        (unit({"unit": "H38", "parent": "H38.1"}), "unit_cycle"),
        (rule({"parameters": {"cutoff": "late"}}), "wrong_parameter"),
    ],
)
def test_each_kind_is_judged_by_its_own_check(found: ReferenceEntry, code: str) -> None:
    assert _codes(found, *UNITS) == [code]
    (fault,) = check_entry(found.type, found.model, known(*UNITS))
    assert fault.field.startswith("data.")
    assert "{" not in tell(fault, "vi") + tell(fault, "en")


def test_withdrawals_and_entries_without_rules_are_taken() -> None:
    assert _codes(entry("rule.activated", None)) == []
    assert _codes(entry("procedure.made_public", {"procedure": "1"})) == []
    assert check_entry("dossier.resolved", None, known()) == []
    assert set(ENTRY_MODELS) > {"dossier.resolved"}


def test_a_route_of_an_unknown_unit_is_refused_even_where_no_unit_is_known() -> None:
    assert _codes(route(_steps(60, owner="H99")), *UNITS) == ["unknown_route_unit"]
    assert _codes(route(_steps(60))) == ["unknown_route_unit"]
    assert _codes(route(_steps(60)), *UNITS) == []
    assert _codes(route({})) == []


def test_budgets_are_compared_with_the_committed_term_else_the_statutory_one() -> None:
    three_days = _steps(480, 960)
    longer = _steps(480, 961)
    assert _codes(route(longer), *UNITS) == []
    statutory = procedure(_terms((None, "statutory", "3")))
    assert _codes(route(three_days), *UNITS, statutory) == []
    assert _codes(route(longer), *UNITS, statutory) == ["route_over_term"]
    cut = procedure(_terms((None, "statutory", "4")) | {"cut_percent": 25})
    assert _codes(route(three_days), *UNITS, cut) == []
    assert _codes(route(longer), *UNITS, cut) == ["route_over_term"]
    months = procedure({"terms": [{"amount": "1", "unit": "months"}]})
    assert _codes(route(longer), *UNITS, months) == []


def test_a_route_for_all_channels_is_compared_with_the_channels_that_have_none_of_their_own() -> None:
    both = procedure(_terms((None, "statutory", "5"), ("online", "statutory", "2")))
    three_days = _steps(1440)
    assert _codes(route(three_days), *UNITS, both) == ["route_over_term"]
    assert _codes(route(three_days | {"channel": "direct"}), *UNITS, both) == []
    assert _codes(route(three_days | {"channel": "online"}), *UNITS, both) == ["route_over_term"]
    own = route(_steps(960) | {"channel": "online"}, "own")
    assert _codes(route(three_days), *UNITS, both, own) == []


def test_the_procedure_version_in_force_when_the_route_begins_counts() -> None:
    old = procedure(_terms((None, "statutory", "5")), "old")
    new = procedure(_terms((None, "statutory", "2")) | {"valid_from": "2026-07-01"}, "new")
    assert _codes(route(_steps(1440) | {"valid_from": "2026-06-01"}), *UNITS, old, new) == []
    assert _codes(route(_steps(1440) | {"valid_from": "2026-07-01"}), *UNITS, old, new) == ["route_over_term"]
    assert _codes(route(_steps(1440)), *UNITS, old, new) == ["route_over_term"]


def test_every_text_is_declared_once() -> None:
    assert all(MESSAGES[code] is message for code, message in REFERENCE_MESSAGES.items())
