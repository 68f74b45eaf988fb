"""What a key covers: sources and units exactly, by a beginning, and units below by dotted code."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import ValidationError

from services.intake.senders.sender import SenderRequest, check_signs
from shared.access.bearer import Bearer
from shared.access.keys import hash_key, new_key
from shared.access.rights import Role
from shared.problems.problem import Problem
from tests.unit.intake.parts import grant


@pytest.mark.parametrize(
    ("pattern", "unit", "covered"),
    [
        ("hcm.q1", "hcm.q1", True),
        ("hcm.q1", "hcm.q1.tnmt", True),
        ("hcm.q1", "hcm.q10", False),
        ("hcm.q1", "hcm", False),
        ("hcm.*", "hcm.q1", True),
        ("hcm.*", "hcm", False),
        ("hcm*", "hcmx", True),
        ("*", "anything", True),
        ("h.*", "h*", False),
    ],
)
def test_units_are_covered_by_code_by_beginning_and_below(pattern: str, unit: str, *, covered: bool) -> None:
    assert grant(units=[pattern]).names(unit) is covered


@pytest.mark.parametrize(
    ("pattern", "source", "covered"),
    [("hcm/a", "hcm/a", True), ("hcm/a", "hcm/a.b", False), ("hcm/*", "hcm/b", True), ("*", "x", True)],
)
def test_sources_have_nothing_below_them(pattern: str, source: str, *, covered: bool) -> None:
    assert grant(sources=[pattern]).speaks_for(source) is covered


def test_a_key_without_units_names_none() -> None:
    assert not Bearer("s", ("*",), (), frozenset({"sender"})).names("x")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sender": "has space"},
        {"sender": ""},
        {"sender": "me"},
        {"sources": ["a*b"]},
        {"sources": [""]},
        {"units": ["a\n"]},
        {"roles": []},
        {"roles": ["king"]},
        {"key": "mc_x"},
    ],
)
def test_a_wrong_sender_is_refused(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"sender": "s", "sources": ["*"], "units": ["*"], "roles": ["sender"]}
    SenderRequest.model_validate(good)
    with pytest.raises(ValidationError):
        SenderRequest.model_validate(good | wrong)


@pytest.mark.parametrize("role", ["sender", "agency", "reference", "clock", "administrator"])
def test_who_sends_names_a_source_and_who_reads_need_not(role: Role) -> None:
    with pytest.raises(Problem) as refused:
        check_signs(SenderRequest(sender="s", sources=[], units=[], roles=[role]))
    assert (refused.value.code, refused.value.field) == ("missing_field", "sources")
    others: tuple[Role, ...] = ("operator", "officer", "auditor", "service")
    for other in others:
        check_signs(SenderRequest(sender="s", sources=[], units=[], roles=[other]))


def test_keys_are_random_and_hashed() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith("mc_") and len(key) == 46 for key in keys)
    assert hash_key("mc_x") == "sha256:" + hashlib.sha256(b"mc_x").hexdigest()
    # What no client can send over HTTP, but a test can.
    assert hash_key("\ud800")
