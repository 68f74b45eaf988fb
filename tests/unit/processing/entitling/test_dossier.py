"""Who may act on a dossier: acceptances, the chain of hand-overs, and all other entries."""

from __future__ import annotations

from typing import Any

import pytest

from services.processing.entitling.naming import unit_in_code
from tests.unit.processing.entitling.acts import OWNER, STRANGER, by, findings, play, rejected
from tests.unit.processing.story import CODE

ACCEPTED = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, id_="a", promised_due="2026-11-20")
THIRD = "H44.03"


@pytest.mark.parametrize(
    ("code", "forms", "unit"),
    [
        ("H44.01-261116-0001", ("national", "old"), "H44.01"),
        ("H44.01-x-261116-0001", ("national",), "H44.01-x"),
        ("000.05.08.H38-210101-0001", ("national", "old"), "H38.08.05"),
        ("000.00.08.H38-210101-0001", ("old",), "H38.08"),
        ("000.05.08.H38-210101-0001", ("national",), None),
        ("H44.01-261116-0001", ("old",), None),
        ("001.02-261116-0001", ("national", "old"), "001.02"),
        ("H44.01-2611-0001", ("national",), None),
        ("H44.01-261116-A1", ("national",), None),
        ("-261116-0001", ("national",), None),
        ("P-1", ("national",), None),
    ],
)
def test_the_unit_in_a_code(code: str, forms: tuple[str, ...], unit: str | None) -> None:
    assert unit_in_code(code, forms) == unit


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("resolved", {}),
        ("withdrawn", {}),
        ("refused", {}),
        ("reopened", {}),
        ("supplement_requested", {}),
        ("fee_requested", {}),
        ("extended", {"promised_due": "2026-11-27", "reason": "x"}),
        ("apologised", {}),
        ("handed_over", {"unit": STRANGER}),
        ("step.assigned", {"step": "check", "unit": STRANGER}),
        ("step.completed", {"step": "check"}),
        ("accepted", {"unit": STRANGER}),
        ("submitted", {"unit": STRANGER}),
    ],
)
@pytest.mark.parametrize("time", ["11-15 09:00", "11-16 09:00", "11-17 09:00", "11-30 09:00"])
def test_a_strangers_entry_moves_nothing_and_is_told(type_: str, data: dict[str, Any], time: str) -> None:
    submitted = by(OWNER, "submitted", "11-16 08:30", unit=OWNER, id_="s")
    end = by(OWNER, "resolved", "11-23 09:00", id_="e")
    alone = play(submitted, ACCEPTED, end, clock="11-30 10:00")
    partition = play(submitted, ACCEPTED, end, by(STRANGER, type_, time, id_="x", **data), clock="11-30 10:00")
    row = dict(partition.rows[CODE])
    assert rejected(partition) == ["x"]
    assert findings(partition) == ["not_entitled x"]
    assert row["rejections"][0]["owner"] == OWNER
    same = {"findings": [], "rejections": [], "entries": 3}
    assert row | same == alone.rows[CODE]
    assert partition.acts[CODE] == [{"kind": "entry.rejected", "rejection": row["rejections"][0]}]
    assert partition.happened == alone.happened


def test_an_earlier_acceptance_takes_no_dossier_from_the_unit_in_its_code() -> None:
    partition = play(by(STRANGER, "accepted", "11-15 09:00", unit=STRANGER, id_="x"), ACCEPTED)
    assert (partition.rows[CODE]["unit"], rejected(partition)) == (OWNER, ["x"])


def test_the_first_acceptance_of_the_codes_unit_counts_and_others_of_it_are_second_ones() -> None:
    later = by(OWNER, "accepted", "11-17 09:00", unit=STRANGER, id_="b")
    accountable = by(STRANGER, "accepted", "11-15 09:00", unit=STRANGER, id_="c")
    partition = play(later, ACCEPTED, by(OWNER, "handed_over", "11-18 09:00", unit=STRANGER, id_="h"), accountable)
    assert findings(partition) == ["second_acceptance c", "second_acceptance b"]
    assert (partition.rows[CODE]["accepted_at"], rejected(partition)) == ("2026-11-16T02:00:00.000000Z", [])


def test_where_nobody_of_the_code_accepts_the_earliest_counts_and_several_sources_are_contested() -> None:
    one = by(STRANGER, "accepted", "11-15 09:00", unit=STRANGER, id_="x")
    two = by(THIRD, "accepted", "11-15 10:00", unit=THIRD, id_="y")
    assert findings(play(one)) == []
    partition = play(two, one)
    assert partition.rows[CODE]["unit"] == STRANGER
    assert findings(partition) == ["contested_acceptance x", "contested_acceptance y", "not_entitled y"]
    healed = partition.feed([ACCEPTED])
    assert (healed.rows[CODE]["unit"], findings(healed)) == (OWNER, ["not_entitled x", "not_entitled y"])
    assert {one["owner"] for one in healed.rows[CODE]["rejections"]} == {OWNER}


def test_of_several_submissions_that_of_the_codes_unit_counts_and_its_unit_may_act_before_acceptance() -> None:
    other = by(STRANGER, "submitted", "11-15 09:00", unit=STRANGER, id_="x")
    own = by(OWNER, "submitted", "11-15 10:00", unit=OWNER, id_="s")
    partition = play(other, own)
    assert (partition.rows[CODE]["submitted_at"], rejected(partition)) == ("2026-11-15T03:00:00.000000Z", ["x"])
    contested = play(other, by(THIRD, "submitted", "11-15 10:00", unit=THIRD, id_="y"))
    assert findings(contested) == ["contested_submission x", "contested_submission y", "not_entitled y"]
    answered = play(other, by(STRANGER, "refused", "11-15 11:00", id_="r"))
    assert (answered.rows[CODE]["status"], rejected(answered)) == (3, [])


def test_hand_overs_are_entitled_by_who_is_accountable_at_their_point() -> None:
    given = by(OWNER, "handed_over", "11-17 09:00", unit=STRANGER, id_="h1")
    on = by(STRANGER, "handed_over", "11-18 09:00", unit=THIRD, id_="h2")
    back = by(OWNER, "handed_over", "11-19 09:00", unit=OWNER, id_="h3")
    partition = play(ACCEPTED, back, on, given)
    assert (partition.rows[CODE]["unit"], rejected(partition)) == (THIRD, ["h3"])
    assert partition.rows[CODE]["rejections"][0]["owner"] == THIRD
    taken = play(ACCEPTED, on)
    assert (taken.rows[CODE]["unit"], rejected(taken)) == (OWNER, ["h2"])
    # With the gift it came from known late, it is taken back.
    assert (taken.feed([given]).rows[CODE]["unit"], rejected(taken)) == (THIRD, [])
    assert [act["kind"] for act in taken.acts[CODE]] == ["entry.rejected", "rejection.retracted"]


def test_who_had_a_dossier_may_act_to_the_instant_it_gave_it_away_and_who_gets_it_before() -> None:
    code = "H99-261116-0001"
    mine = {"subject": code}
    accepted = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, id_="a", **mine)
    given = by(OWNER, "handed_over", "11-17 09:00", unit=STRANGER, id_="h", **mine)
    acts = [
        by(OWNER, "supplement_requested", "11-17 09:00", id_="at it", **mine),
        by(OWNER, "supplement_requested", "11-17 09:01", id_="after it", **mine),
        by(STRANGER, "supplement_received", "11-16 10:00", id_="early", **mine),
    ]
    assert rejected(play(accepted, given, *acts), code) == ["after it"]


def test_receiving_unit_patterns_and_units_below_entitle() -> None:
    accepted = by(OWNER, "accepted", "11-16 09:00", unit=OWNER, receiving_unit=THIRD, id_="a")
    for unit in (THIRD, "H44", "H44.0*", "*", None):
        assert rejected(play(accepted, by(unit, "resolved", "11-17 09:00"))) == []
    assert rejected(play(accepted, by("H44.01.05", "resolved", "11-17 09:00", id_="x"))) == ["x"]
    assert rejected(play(accepted, by((), "resolved", "11-17 09:00", id_="x"))) == ["x"]


def test_surroundings_need_their_source_alone() -> None:
    partition = play(
        ACCEPTED,
        by(STRANGER, "fee_paid", "11-17 09:00", channel="national"),
        by(STRANGER, "quality.rated", "11-17 09:00", verdict="like"),
        by(STRANGER, "portal.sent", "11-17 09:00"),
    )
    assert findings(partition) == []


def test_a_repeat_under_a_wider_grant_heals_and_a_correction_under_a_smaller_one_takes_nothing() -> None:
    mine = {"source": "s", "id_": "x"}
    partition = play(ACCEPTED, by(STRANGER, "resolved", "11-17 09:00", **mine))
    assert rejected(partition) == ["x"]
    partition.feed([by(OWNER, "resolved", "11-17 09:00", **mine)])
    assert (partition.outcomes[-1].emit, partition.rows[CODE]["finish"], rejected(partition)) == (True, "resolved", [])
    partition.feed([by(STRANGER, "resolved", "11-17 09:00", **mine)])
    assert not partition.outcomes[-1].emit
    partition.feed([by(STRANGER, "resolved", "11-18 09:00", revision=1, **mine)])
    assert (partition.rows[CODE]["finished_at"], rejected(partition)) == ("2026-11-18T02:00:00.000000Z", [])
    partition.feed([by(STRANGER, "resolved", "11-18 09:00", revision=2, withdraw=True, **mine)])
    assert (partition.rows[CODE]["finish"], findings(partition)) == (None, [])
