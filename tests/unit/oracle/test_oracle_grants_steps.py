"""The oracle on who may act on steps and petitions, by hand-made cases (issue 13, section 3)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.unit.oracle.acts import (
    ALL,
    HOME,
    OTHER,
    STRANGER,
    accepted,
    facts_of,
    findings,
    not_entitled,
    petition_of,
    registered,
    sent,
)

ROUTE = [{"step": "check", "unit": "H38.08"}, {"step": "sign", "unit": "H38.09"}, {"step": "post", "unit": "H38.10"}]


def step(kind: str, day: str, by: list[str], name: str, **data: Any) -> dict[str, Any]:
    return sent(f"step.{kind}", day, by, {"step": name, **data})


@pytest.mark.parametrize(
    ("by", "act", "may"),
    [
        (OTHER, step("completed", "17T08:00", OTHER, "sign"), True),  # the owner by the route
        (HOME, step("completed", "17T08:00", HOME, "sign"), True),  # entitled to the dossier
        (STRANGER, step("completed", "17T08:00", STRANGER, "check"), False),
        (STRANGER, step("assigned", "17T08:00", STRANGER, "check", unit="H38.77"), False),
        (OTHER, step("completed", "17T08:00", OTHER, "check"), False),
        (["H38.10"], step("assigned", "17T08:00", ["H38.10"], "check", unit="H38.10"), False),
    ],
)
def test_steps_of_a_route(by: list[str], act: dict[str, Any], may: bool) -> None:
    found = facts_of(accepted(route=ROUTE), act)
    assert not_entitled(found) == ([] if may else ["".join(by)])
    plain = facts_of(accepted(route=ROUTE))
    assert (found.steps == plain.steps and found.status == plain.status) != may


def test_who_holds_a_step_assigns_and_sends_back_what_is_right_before_and_after() -> None:
    by_other = [step("completed", "17T08:00", HOME, "check"), step("sent_back", "17T09:00", OTHER, "sign")]
    assert not_entitled(facts_of(accepted(route=ROUTE), *by_other)) == []
    given = [by_other[0], step("assigned", "17T09:00", OTHER, "post", unit="H38.11")]
    assert not_entitled(facts_of(accepted(route=ROUTE), *given)) == []
    # H38.77 holds `check` by hand-over: `sign` is next, `post` is not, and completing is nobody else's.
    held = step("assigned", "16T09:00", HOME, "check", unit="H38.77")
    for name, kind, may in [("sign", "assigned", True), ("post", "assigned", False), ("sign", "completed", False)]:
        act = step(kind, "17T08:00", STRANGER, name, unit="H38.77")
        assert (not_entitled(facts_of(accepted(route=ROUTE), held, act)) == []) == may, (name, kind)
    own = step("completed", "17T08:00", STRANGER, "check")
    assert not_entitled(facts_of(accepted(route=ROUTE), held, own)) == []


def test_without_a_route_who_holds_any_step_assigns_any() -> None:
    held = step("assigned", "16T09:00", HOME, "check", unit="H38.77")
    act = step("assigned", "17T08:00", STRANGER, "sign", unit="H38.10")
    assert not_entitled(facts_of(accepted(), held, act)) == []
    assert not_entitled(facts_of(accepted(), act)) == ["H38.77"]
    done = step("completed", "17T08:00", STRANGER, "sign", unit="H38.77")
    assert not_entitled(facts_of(accepted(), held, done)) == ["H38.77"]


def test_a_step_that_has_no_effect_is_no_handling_and_no_previous_entry() -> None:
    stranger, done = step("completed", "17T08:00", STRANGER, "x"), step("completed", "17T09:00", HOME, "check")
    assert facts_of(accepted(), stranger).status == 2
    assert facts_of(accepted(), stranger, done).steps == facts_of(accepted(), done).steps


def test_not_the_owner_is_looked_at_after_it() -> None:
    entitled = step("completed", "17T08:00", HOME, "sign", unit="H38.08")
    found = facts_of(accepted(route=ROUTE), entitled)
    assert [one[0] for one in found.rejections] == ["not_the_owner"]
    assert not_entitled(found) == []


def test_steps_before_acceptance_and_after_the_finish() -> None:
    ended = [accepted(route=ROUTE), sent("dossier.resolved", "20T08:00", HOME)]
    for by, day, finding in [
        (OTHER, "15T08:00", "entry_before_acceptance"),
        (OTHER, "21T08:00", "step_after_finish"),
        (STRANGER, "15T08:00", "not_entitled"),
        (STRANGER, "21T08:00", "not_entitled"),
    ]:
        found = facts_of(*ended, step("completed", day, by, "sign"))
        assert [one[0] for one in found.findings] == [finding], (by, day)
    never = facts_of(step("completed", "17T08:00", STRANGER, "sign"), step("completed", "17T08:00", HOME, "sign"))
    assert not_entitled(never) == ["H38.77"]


def petition(kind: str, day: str, by: list[str], **data: Any) -> dict[str, Any]:
    return sent(f"petition.{kind}", day, by, {"petition": "P", **data})


def test_petitions_are_acted_on_by_their_unit_now_or_later() -> None:
    received = petition("received", "16T08:00", ALL, unit="H38.09")
    assert not_entitled(petition_of(received, petition("answered", "17T08:00", OTHER))) == []
    # Not by the dossier's unit, nor by one that takes it.
    found = petition_of(accepted(), received, petition("answered", "17T08:00", HOME, unit="H38.08"))
    assert [one[2:] for one in found.rejections] == [(found.rejections[0][2], None, "H38.08", "H38.09")]
    moved = petition("more_asked", "18T08:00", OTHER, unit="H38.77")
    for day, by, may in [("17T08:00", STRANGER, True), ("18T08:00", OTHER, True), ("18T08:01", OTHER, False)]:
        found = petition_of(received, moved, petition("answered", day, by))
        assert (not_entitled(found) == []) == may, (day, by)


def test_a_petition_that_names_no_unit_is_whose_grant_covers_that_of_its_receipt() -> None:
    received = petition("received", "16T08:00", ["H38.08", "H38.09"])
    for by, may in [(["H38"], True), (["H38.08", "H38.09.01"], False), (["H38.0*"], True), (HOME, False)]:
        assert (not_entitled(petition_of(received, petition("answered", "17T08:00", by))) == []) == may, by
    merged = registered("H38.08", valid_to="2026-11-30", successor="H38.09")
    assert not_entitled(petition_of(received, petition("answered", "17T08:00", OTHER), merged)) == []
    nobody = petition("received", "16T08:00", [], source="kiosk")
    assert not_entitled(petition_of(nobody, petition("answered", "17T08:00", [], source="kiosk"))) == []
    assert not_entitled(petition_of(nobody, petition("answered", "17T08:00", ["H38"]))) == ["H38"]


def test_of_several_receipts_of_a_petition_the_earliest_counts_and_all_are_told() -> None:
    entries = [
        petition("received", "16T09:00", STRANGER, unit="H38.77"),
        petition("received", "16T08:00", OTHER, unit="H38.09"),
        {**petition("received", "16T07:00", HOME, unit="H38.08"), "data": {"petition": "Q", "unit": "H38.08"}},
    ]
    for order in permutations(entries):
        found = petition_of(*order)
        assert findings(found, "contested_petition") == ["H38.09", "H38.77"]
        assert not_entitled(found) == ["H38.77"]
