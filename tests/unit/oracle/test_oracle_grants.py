"""The oracle on who may act, by hand-made cases whose answers stand in issue 13, section 3, sentence by sentence."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest

from tests.oracle.rights.grants import unit_in_code
from tests.unit.oracle.acts import (
    ALL,
    CODE,
    COUNTER,
    HOME,
    OTHER,
    STRANGER,
    accepted,
    facts_of,
    findings,
    handed_over,
    not_entitled,
    registered,
    sent,
)
from tests.unit.oracle.test_oracle import local


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("H15.50.05.13-261008-0975", "H15.50.05.13"),
        ("000.05.08.H38-261116-0001", "H38.08.05"),
        ("000.00.01.H22-261116-1", "H22.01"),
        ("A-B-261116-0001", "A-B"),
        ("H38-26111-0001", None),
        ("H38-261116-00a1", None),
        ("261116-0001", None),
        ("x", None),
    ],
)
def test_the_unit_that_a_code_names(code: str, unit: str | None) -> None:
    assert unit_in_code(code) == unit


def test_which_forms_of_codes_are_understood_is_a_parameter() -> None:
    assert unit_in_code("000.05.08.H38-261116-0001", ["national"]) is None
    assert unit_in_code(CODE, ["old"]) is None


@pytest.mark.parametrize(
    "kind",
    [
        *("refused", "supplement_requested", "supplement_received", "fee_requested", "extended", "apologised"),
        *("withdrawn", "stopped", "resolved", "returned", "reopened", "handed_over"),
    ],
)
def test_what_a_stranger_says_has_no_effect_and_is_told(kind: str) -> None:
    data = {"promised_due": "2026-11-30", "reason": "r"} if kind == "extended" else {}
    data |= {"unit": "H38.77"} if kind == "handed_over" else {}
    plain = facts_of(accepted())
    found = facts_of(accepted(), stranger := sent(f"dossier.{kind}", "17T08:00", STRANGER, data))
    assert found.rejections == [("not_entitled", "H38.77", stranger["id"], None, data.get("unit"), "H38.08")]
    assert found.findings == [("not_entitled", "H38.77", stranger["id"])]
    found.entries, found.findings, found.rejections = 1, [], []
    assert found == plain


def test_what_tells_of_surroundings_is_not_judged() -> None:
    kinds = ["dossier.fee_paid", "quality.rated", "portal.sent"]
    found = facts_of(accepted(), *(sent(kind, "17T08:00", STRANGER) for kind in kinds))
    assert not_entitled(found) == []


def test_only_an_absent_stamp_counts_as_all_and_an_empty_one_covers_nothing() -> None:
    of_before = facts_of(accepted(), sent("dossier.resolved", "17T08:00", None))
    assert (of_before.finish, not_entitled(of_before)) == ("resolved", [])
    nothing = facts_of(accepted(), sent("dossier.resolved", "17T08:00", [], source="empty"))
    assert (nothing.finish, not_entitled(nothing)) == (None, ["empty"])


@pytest.mark.parametrize("grant", [["H38"], ["H38.0*"], ["A", "H38.08"], ["H*"]])
def test_a_pattern_covers_as_at_the_door(grant: list[str]) -> None:
    assert facts_of(accepted(), sent("dossier.resolved", "17T08:00", grant)).finish == "resolved"


@pytest.mark.parametrize("grant", [["H38.080"], ["H38.0"], ["H38.08.01"], ["H38.09*"]])
def test_a_pattern_covers_no_more_than_at_the_door(grant: list[str]) -> None:
    assert facts_of(accepted(), sent("dossier.resolved", "17T08:00", grant)).finish is None


def test_of_several_acceptances_the_unit_in_the_code_goes_first_whatever_the_time() -> None:
    earlier = accepted(STRANGER, "15T08:00", "H38.77")
    found = facts_of(earlier, accepted())
    assert (found.unit, not_entitled(found), found.accepted_at) == ("H38.08", ["H38.77"], local("2026-11-16T08:00"))
    assert findings(found, "contested_acceptance") == []
    # Of those of the unit in the code and of all, time decides, and the others are second ones as today.
    central = facts_of(accepted(), accepted(ALL, "15T08:00"), accepted(None, "17T08:00"))
    assert central.accepted_at == local("2026-11-15T08:00")
    assert findings(central, "second_acceptance") == ["H38.08", "s"]


def test_another_acceptance_is_a_second_one_if_its_unit_is_accountable_then_or_later() -> None:
    moved = [accepted(), handed_over("18T08:00", HOME, "H38.09")]
    before, after = (facts_of(*moved, accepted(OTHER, day, "H38.09")) for day in ("17T08:00", "19T08:00"))
    for found in (before, after):
        assert (findings(found, "second_acceptance"), not_entitled(found)) == (["H38.09"], [])
    gone = facts_of(*moved, handed_over("19T08:00", OTHER, "H38.10"), accepted(OTHER, "19T08:01", "H38.09"))
    assert not_entitled(gone) == ["H38.09"]


def test_where_no_acceptance_is_of_the_unit_in_the_code_the_earliest_counts_and_is_contested() -> None:
    one, other = accepted(OTHER, "16T08:00", "H38.09"), accepted(STRANGER, "16T09:00", "H38.77")
    for order in permutations([one, other]):
        found = facts_of(*order, code="x")
        assert found.unit == "H38.09"
        assert findings(found, "contested_acceptance") == ["H38.09", "H38.77"]
        assert not_entitled(found) == ["H38.77"]
    same = facts_of(one, {**other, "source": "H38.09"}, code="x")
    assert findings(same, "contested_acceptance") == []
    home = facts_of(one, other, code="000.00.77.H38-261116-0001")
    assert (home.unit, findings(home, "contested_acceptance")) == ("H38.77", [])


def test_submissions_likewise_and_one_stands_for_the_accountable_unit_where_nothing_is_accepted() -> None:
    def submitted(by: list[str], day: str, unit: str) -> dict[str, Any]:
        return sent("dossier.submitted", day, by, {"unit": unit, "channel": "online"})

    one, other = submitted(OTHER, "16T08:00", "H38.09"), submitted(STRANGER, "16T07:00", "H38.77")
    found = facts_of(one, other, sent("dossier.refused", "16T10:00", STRANGER), code="x")
    assert (found.unit, found.status) == ("H38.77", 3)
    assert findings(found, "contested_submission") == ["H38.09", "H38.77"]
    assert not_entitled(found) == ["H38.09"]
    home = facts_of(one, other, sent("dossier.refused", "16T10:00", STRANGER), code="H38.09-261116-0001")
    assert (home.unit, home.status, not_entitled(home)) == ("H38.09", 1, ["H38.77", "H38.77"])
    again = facts_of(submitted(HOME, "16T08:00", "H38.08"), submitted(ALL, "16T09:00", "H38.08"))
    assert again.findings == [], "a further one that is entitled is no finding"
    # Where it is known who is accountable, a stranger's is not entitled, be it the only one.
    known = facts_of(accepted(), submitted(STRANGER, "15T08:00", "H38.77"))
    assert (known.submitted_at, known.intake_due, not_entitled(known)) == (None, None, ["H38.77"])
    counter = facts_of(accepted(receiving_unit="H38.05"), submitted(COUNTER, "15T08:00", "H38.05"))
    assert (counter.submitted_at, counter.findings) == (local("2026-11-15T08:00"), [])


def test_who_gives_must_be_entitled_and_who_receives_need_not() -> None:
    given = facts_of(accepted(), handed_over("17T08:00", HOME, "H38.09"))
    assert (given.unit, not_entitled(given)) == ("H38.09", [])
    taken = facts_of(accepted(), handed_over("17T08:00", OTHER, "H38.09"))
    assert (taken.unit, not_entitled(taken)) == ("H38.08", ["H38.09"])
    # By the unit accountable at its point, not by that of the code or of the receipt, nor by a later one.
    twice = facts_of(
        accepted(COUNTER, unit="H38.05", receiving_unit="H38.77"),
        handed_over("17T08:00", STRANGER, "H38.10"),
        handed_over("18T08:00", COUNTER, "H38.09"),
        handed_over("19T08:00", COUNTER, "H38.10"),
    )
    assert (twice.unit, not_entitled(twice)) == ("H38.09", ["H38.05", "H38.77"])


def test_any_order_of_arrival_gives_the_same_chain() -> None:
    entries = [
        accepted(),
        handed_over("17T08:00", HOME, "H38.09"),
        handed_over("18T08:00", OTHER, "H38.10"),
        sent("dossier.resolved", "19T08:00", HOME),  # the unit of the code
        sent("dossier.stopped", "19T07:00", OTHER),
    ]
    every = [facts_of(*order) for order in permutations(entries)]
    assert all(found == every[0] for found in every)
    assert (every[0].unit, every[0].finish, not_entitled(every[0])) == ("H38.10", "resolved", ["H38.09"])


def test_who_is_accountable_now_or_later_or_received_it_may_act() -> None:
    moved = [accepted(COUNTER, unit="H38.05", receiving_unit="H38.06"), handed_over("18T08:00", COUNTER, "H38.09")]
    for by, day, may in [
        (OTHER, "17T08:00", True),  # two clocks differ, and the end was true
        (COUNTER, "18T08:00", True),
        (COUNTER, "18T08:01", False),
        (HOME, "20T08:00", True),
        (["H38.06"], "20T08:00", True),
        (STRANGER, "20T08:00", False),
    ]:
        found = facts_of(*moved, sent("dossier.resolved", day, by), code=CODE)
        assert (found.finish is not None) == may, (by, day)


def test_ends_are_left_aside_when_the_chain_is_walked() -> None:
    found = facts_of(
        accepted(COUNTER, unit="H38.05"),
        handed_over("18T08:00", COUNTER, "H38.09"),
        sent("dossier.stopped", "17T08:00", OTHER),
    )
    assert (found.finish, found.unit, not_entitled(found)) == ("stopped", "H38.05", [])


def test_the_new_commune_sends_the_last_days_of_the_old_one() -> None:
    merged = registered("H38.08", valid_to="2026-11-30", successor="H38.200")
    last = [accepted(), sent("dossier.resolved", "17T08:00", ["H38.200"])]
    assert facts_of(*last).finish is None
    assert facts_of(*last, merged).finish == "resolved"
    # By a version later than the day, not by one that was over.
    later = [registered("H38.08"), registered("H38.08", valid_from="2026-12-01", successor="H38.200")]
    assert facts_of(*last, *later).finish == "resolved"
    over = [
        registered("H38.08", valid_to="2025-12-31", successor="H38.200"),
        registered("H38.08", valid_from="2026-01-01"),
    ]
    assert facts_of(*last, *over).finish is None
    # And who took over from it, or stands above it, and of what lay below the old one.
    further = [merged, registered("H38.200", successor="H38.300", parent="Z9")]
    for by in (["H38.300"], ["Z9"]):
        assert facts_of(last[0], sent("dossier.resolved", "17T08:00", by), *further).finish == "resolved"
    office = accepted(unit="H38.08.01")
    assert facts_of(office, last[1], merged, code="H38.08.01-261116-0001").finish == "resolved"


def test_a_unit_registered_below_a_covered_one_on_the_day_is_covered() -> None:
    ends = [accepted(), sent("dossier.resolved", "17T08:00", ["Z9"])]
    versions = [registered("H38.08", valid_to="2026-11-17", parent="Z9"), registered("H38.08", valid_from="2026-11-18")]
    assert facts_of(*ends, *versions).finish == "resolved"
    assert facts_of(ends[0], {**ends[1], "time": "2026-11-18T08:00:00+07:00"}, *versions).finish is None


def test_the_grant_of_an_identity_is_the_union_of_all_its_entries() -> None:
    end = sent("dossier.resolved", "17T08:00", STRANGER, source="a")
    wider = {**end, "grant": json.dumps(["H38"])}
    assert not_entitled(facts_of(accepted(), end)) == ["a"]
    for order in permutations([end, wider]):
        assert facts_of(accepted(), *order).finish == "resolved", "a repeat under a wider grant heals"
    corrected = {**end, "time": "2026-11-18T08:00:00+07:00", "revision": 1}
    found = facts_of(accepted(), wider, corrected)
    assert found.finished_at == local("2026-11-18T08:00"), "a correction under a smaller one takes nothing away"
    withdrawn = {**end, "revision": 2, "data": None}
    assert facts_of(accepted(), wider, withdrawn) == facts_of(accepted(), wider, withdrawn, end)
    assert facts_of(accepted(), wider, withdrawn).finish is None
