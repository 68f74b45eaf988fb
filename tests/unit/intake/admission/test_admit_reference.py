"""Which reference entries are admitted, from whom, and as what record."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.intake.admission.admit import StackRules, admit
from shared.access.bearer import Bearer
from shared.contract.entries import CLOCK_TYPES, REFERENCE_TYPES
from shared.instants import SECOND, to_rfc3339
from shared.problems.problem import Problem
from tests.unit.intake.parts import NOW, REAL, SIMULATED, body, grant


def refusal(sent: bytes, key: Bearer, rules: StackRules = REAL) -> Problem:
    with pytest.raises(Problem) as refused:
        admit(sent, key, rules, NOW)
    return refused.value


REFERENCE: dict[str, dict[str, Any]] = {
    "calendar.revised": {"calendar": "vn-public", "version": "2026", "zone": "Asia/Ho_Chi_Minh"},
    "procedure.published": {"procedure": "1.004222", "version": "1"},
    "procedure.made_public": {"procedure": "1.004222"},
    "route.revised": {"procedure": "1.004222", "version": "1", "steps": [{"step": "a", "unit": "hcm.q1"}]},
    "unit.revised": {"unit": "hcm.q1", "parent": "hcm"},
    "rule.activated": {"rule": "deadlines", "version": "1", "parameters": {"fee_pauses": True}},
}


@pytest.mark.parametrize("type_", sorted(REFERENCE))
@pytest.mark.parametrize("role", ["reference", "admin"])
def test_reference_entries_go_everywhere_for_those_who_may(type_: str, role: str) -> None:
    sent = body(type=type_, subject="anything", data=REFERENCE[type_], time="1999-01-01T00:00:00Z")
    taken = admit(sent, grant(role), REAL, NOW)
    assert (taken.key, taken.everywhere, taken.reference) == (b"reference", True, True)
    assert json.loads(taken.value)["recordedtime"] == to_rfc3339(NOW)
    assert admit(body(type=type_, data=None), grant(role), REAL, NOW).reference
    for other in ("sender", "importer", "clock"):
        problem = refusal(sent, grant(other))
        assert (problem.status, problem.code) == (403, "right_missing")
        assert "reference" in problem.body("en")["detail"]
    assert refusal(body(type=type_, id=..., data=REFERENCE[type_]), grant(role)).code == "missing_field"
    assert refusal(body(type=type_, data=REFERENCE[type_] | {"colour": "red"}), grant(role)).code == "unknown_field"
    assert refusal(sent, grant(role, sources=["hn/*"])).code == "source_not_granted"


def test_every_reference_type_is_tried() -> None:
    assert set(REFERENCE) == REFERENCE_TYPES - CLOCK_TYPES


def test_a_dossier_called_reference_is_a_dossier() -> None:
    assert not admit(body(subject="reference"), grant(), REAL, NOW).reference


def test_reference_entries_name_only_units_of_the_key() -> None:
    key = grant("reference", units=["hcm"])
    data = REFERENCE["unit.revised"]
    assert admit(body(type="unit.revised", data=data), key, REAL, NOW).reference
    for member in ("unit", "parent", "successor"):
        problem = refusal(body(type="unit.revised", data=data | {member: "hn"}), key)
        assert (problem.status, problem.code, problem.field) == (403, "unit_not_granted", f"data.{member}")


def test_a_calendar_of_another_zone_is_refused() -> None:
    data = REFERENCE["calendar.revised"]
    key = grant("reference")
    problem = refusal(body(type="calendar.revised", data=data | {"zone": "Europe/Berlin"}), key)
    assert (problem.status, problem.code, problem.field) == (422, "other_zone", "data.zone")
    for language in ("vi", "en"):
        told = problem.body(language)
        assert "Europe/Berlin" in told["detail"]
        assert "Asia/Ho_Chi_Minh" in told["detail"]
        assert "data.zone" in told["remedy"]
    berlin = StackRules(simulated=False, data_clock=False, future_tolerance=120, zone="Europe/Berlin")
    assert admit(body(type="calendar.revised", data=data | {"zone": "Europe/Berlin"}), key, berlin, NOW).reference
    without = {name: member for name, member in data.items() if name != "zone"}
    assert admit(body(type="calendar.revised", data=without), key, berlin, NOW).reference


@pytest.mark.parametrize("type_", sorted(REFERENCE))
def test_reference_entries_are_of_the_past_and_of_this_kind_of_stack(type_: str) -> None:
    key = grant("reference")
    later = to_rfc3339(NOW + 3_600 * SECOND)
    assert refusal(body(type=type_, data=REFERENCE[type_], time=later), key).code == "future_time"
    assert refusal(body(type=type_, data=REFERENCE[type_], simulated=True), key).code == "simulated_on_real"
    assert refusal(body(type=type_, data=REFERENCE[type_]), key, SIMULATED).code == "real_on_simulated"
