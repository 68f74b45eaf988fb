"""Entered figures at the doors: ordinary entries of their subject, of who may send reference data, saying one thing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from services.intake.admission.admit import admit
from tests.unit.intake.admission.test_admit_reference import refusal
from tests.unit.intake.parts import NOW, REAL, body, grant

FIGURE: dict[str, Any] = {
    "indicator": "5.1",
    "unit": "hcm",
    "first_day": "2026-01-01",
    "last_day": "2026-03-31",
}
SHARE = {"numerator": 9, "denominator": 10}


def sent(data: dict[str, Any] | None, **more: Any) -> bytes:
    return body(type="indicator.entered", subject="khảo sát", data=data, time="2026-04-02T00:00:00Z", **more)


@pytest.mark.parametrize("says", [{"value": "92.5"}, SHARE, SHARE | {"document": "12/BC-UBND"}, {"value": "-1"}])
@pytest.mark.parametrize("role", ["reference", "admin"])
def test_it_goes_to_the_partition_of_its_subject_without_a_grant(says: dict[str, Any], role: str) -> None:
    taken = admit(sent(FIGURE | says, grant='["*"]'), grant(role), REAL, NOW)
    assert (taken.key, taken.everywhere, taken.reference) == ("khảo sát".encode(), False, False)
    assert "grant" not in json.loads(taken.value)
    assert admit(sent(None), grant(role), REAL, NOW).subject == "khảo sát"
    for other in ("sender", "importer", "clock"):
        problem = refusal(sent(FIGURE | says), grant(other))
        assert (problem.status, problem.code) == (403, "right_missing")
    assert refusal(sent(FIGURE | says), grant(role, units=["hn"])).code == "unit_not_granted"


@pytest.mark.parametrize(
    ("says", "code", "field"),
    [
        ({}, "figure_missing", "data.value"),
        ({"document": "12/BC"}, "figure_missing", "data.value"),
        ({"numerator": 3}, "half_a_share", "data.denominator"),
        ({"denominator": 3}, "half_a_share", "data.numerator"),
        ({"value": "1", "numerator": 3}, "two_figures", "data.value"),
        (SHARE | {"value": "0"}, "two_figures", "data.value"),
        ({"numerator": 11, "denominator": 10}, "share_above_one", "data.numerator"),
    ],
)
def test_it_says_a_value_or_a_whole_share(says: dict[str, Any], code: str, field: str) -> None:
    problem = refusal(sent(FIGURE | says), grant("reference"))
    assert (problem.status, problem.code, problem.field) == (422, code, field)
    for language in ("vi", "en"):
        told = problem.body(language)
        assert field in told["detail"]
        assert "value" in told["remedy"] or "data.value" in told["remedy"]


@pytest.mark.parametrize("no", [-1, 1.5, "3", 2**53, True])
def test_counts_are_whole(no: Any) -> None:
    assert refusal(sent(FIGURE | SHARE | {"numerator": no}), grant("reference")).status == 422
