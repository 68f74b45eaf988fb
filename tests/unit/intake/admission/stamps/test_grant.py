"""Which grant stands on an entry: that of the key, whatever the sender wrote there."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from services.intake.admission.admit import admit
from shared.access.bearer import Bearer
from shared.access.patterns import ALL, MOST_PATTERNS, grant_of
from shared.access.stamping import is_grant, needed, stamp_of
from shared.contract.entries import ENTRY_ADAPTER, content_hash
from shared.contract.envelope import LONGEST_GRANT
from shared.problems.problem import Problem
from tests.unit.intake.parts import NOW, REAL, REPLAY, body, grant, unit

OF_Q1 = grant(units=["hcm.q1.tnmt", "hcm.q1", "a b"])


def written(sent: bytes, key: Bearer = OF_Q1) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(admit(sent, key, REAL, NOW).value)
    ENTRY_ADAPTER.validate_python(value)
    return value


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("dossier.accepted", {"channel": "online", "unit": "hcm.q1"}),
        ("dossier.fee_paid", {"channel": "none"}),
        ("dossier.resolved", None),
        ("step.completed", {"step": "a"}),
        ("petition.received", {"dossier": "P", "unit": "hcm.q1"}),
        ("quality.rated", {"score": 5}),
        ("portal.sent", {}),
    ],
)
def test_every_entry_of_a_dossier_carries_the_units_of_its_key(type_: str, data: dict[str, Any] | None) -> None:
    assert written(body(type=type_, data=data))["grant"] == '["a b","hcm.q1"]'


def test_a_key_for_all_and_one_for_none() -> None:
    assert written(body(), grant(units=["hcm", "*"]))["grant"] == '["*"]'
    assert written(body(data=None), grant(units=[]))["grant"] == "[]"


def test_clock_and_reference_entries_carry_none() -> None:
    key = grant("clock", "reference")
    tick = body(type="clock.ticked", data={}, subject="clock", grant='["*"]')
    for sent, rules in ((tick, REPLAY), (json.dumps(unit("hcm.q1", grant='["*"]')).encode(), REAL)):
        assert "grant" not in json.loads(admit(sent, key, rules, NOW).value)


@pytest.mark.parametrize(
    "forged",
    ['["*"]', "", "x", "[", "null", None, 5, ["*"], {"a": {"b": 1}}, "ý" * (LONGEST_GRANT + 1), "a\u202eb", "\x00"],
)
def test_what_a_sender_writes_there_is_overwritten_and_refuses_nothing(forged: object) -> None:
    assert admit(body(grant=forged), OF_Q1, REAL, NOW).value == admit(body(), OF_Q1, REAL, NOW).value


def test_what_is_wrong_beside_it_is_told_as_without_it() -> None:
    with pytest.raises(Problem) as refused:
        admit(body(grant=5, revision=-1), OF_Q1, REAL, NOW)
    assert [error.field for error in refused.value.errors] == ["revision"]
    with pytest.raises(Problem) as refused:
        admit(body(grant={"email": "a@b.vn"}, revision=-1), OF_Q1, REAL, NOW)
    assert (refused.value.code, refused.value.field) == ("personal_field", "grant.email")


def test_it_is_no_part_of_the_content() -> None:
    one, other = (
        ENTRY_ADAPTER.validate_json(admit(body(), key, REAL, NOW).value) for key in (OF_Q1, grant(units=["*"]))
    )
    assert one.grant != other.grant
    assert len({content_hash(each.type, each.time, each.data.model_dump()) for each in (one, other)}) == 1


def test_a_key_of_before_that_needs_more_patterns_covers_every_unit() -> None:
    most = tuple(f"u{number}" for number in range(MOST_PATTERNS))
    assert stamp_of(most) == grant_of(most)
    assert (stamp_of((*most, "u0.1", "u1.2")), needed((*most, "u0.1"))) == (grant_of(most), MOST_PATTERNS)
    assert (stamp_of((*most, "v")), needed((*most, "v"))) == (ALL, MOST_PATTERNS + 1)


def test_the_longest_grant_fits_the_contract() -> None:
    longest = tuple(f"{number:02}" + '"' * 254 for number in range(MOST_PATTERNS))
    assert written(body(data=None), grant(units=longest))["grant"] == grant_of(longest)
    assert len(grant_of(longest)) <= LONGEST_GRANT


def test_a_key_of_a_thousand_units_is_looked_through_once() -> None:
    units = tuple(f"u{number}" for number in range(1_000))
    stamp_of(units)
    began = time.process_time()
    for _ in range(1_000):
        stamp_of(tuple(units))
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("[]", True),
        (ALL, True),
        ('["a","b"]', True),
        ('["b","a"]', False),
        ('["a","a.b"]', False),
        ('[ "a"]', False),
        ('[""]', False),
        ('["a",1]', False),
        ('"a"', False),
        ("", False),
        (None, False),
        ([], False),
        (grant_of(f"u{number}" for number in range(MOST_PATTERNS + 1)), False),
    ],
)
def test_what_intake_stamped_is_told_from_what_it_did_not(value: object, right: bool) -> None:
    assert is_grant(value) is right
