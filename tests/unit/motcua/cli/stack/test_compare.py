"""Comparing two epochs: rows and standing announcements at a common position, and nothing else."""

from __future__ import annotations

import random
from typing import Any

import orjson

from deploy.operations.epochs.compare import EpochFacts, compare

COMMON = {0: 100, 1: 100}


def record(code: str, offset: int, *happened: dict[str, str], epoch: int = 1, of: str = "dossier", **row: Any) -> bytes:
    cause = {"epoch": epoch, "partition": 0, "offset": offset, "index": 0}
    data = {"cause": cause, "row": {"code": code, **row}, "happened": list(happened)}
    return orjson.dumps({"type": f"{of}.changed", "id": f"e{epoch}-{offset}", "data": data})


def told(kind: str, due: str = "d1", retracts: str | None = None) -> dict[str, str]:
    happening = {"kind": kind, "due": due, "at": f"{kind}@{due}"}
    return happening if retracts is None else happening | {"retracts": retracts}


def facts(*records: bytes | None, complete: dict[int, int] | None = None) -> EpochFacts:
    epoch = EpochFacts(COMMON, complete)
    for value in records:
        epoch.add(value)
    return epoch


def test_the_same_facts_differ_by_epoch_only() -> None:
    old = facts(record("a", 1, unit="x"), record("a", 2, unit="y"), record("b", 3))
    new = facts(record("a", 2, unit="y", epoch=2), record("b", 3, epoch=2))
    found = compare(old, new)
    assert (found.dossiers, found.differences) == (2, 0)


def test_fields_that_differ_are_named() -> None:
    found = compare(facts(record("a", 2, unit="y", due=None)), facts(record("a", 2, unit="z", due="d")))
    assert found.differences == 1
    assert found.sample[0].code == "a"
    assert found.sample[0].fields == ["due", "unit"]


def test_what_an_older_engine_wrote_as_nothing_is_left_out_by_a_newer_one() -> None:
    step = {"step": "Ký", "unit": None, "completed_at": None}
    old = facts(record("a", 2, unit="x", due=None, pauses=[], simulated=False, steps=[step], findings=[]))
    assert compare(old, facts(record("a", 2, unit="x", steps=[{"step": "Ký"}]))).differences == 0
    for other in ({"unit": "y"}, {"due": "d"}, {"simulated": True}, {"pauses": [["d", None]]}):
        row = {"unit": "x", "steps": [{"step": "Ký"}]} | other
        assert compare(old, facts(record("a", 2, **row))).sample[0].fields == [*other]
    assert compare(old, facts(record("a", 2, unit="x", steps=[{"step": "Ký", "unit": "y"}]))).differences == 1


def test_who_had_it_before_is_compared_where_the_live_epoch_tells_it() -> None:
    """An engine of before told nobody of it: that is no difference of facts."""
    new = facts(record("a", 2, handed_over_from=["x"]), record("b", 3, handed_over_from=["x"]))
    assert compare(facts(record("a", 2), record("b", 3)), new).differences == 0
    found = compare(facts(record("a", 2, handed_over_from=["x"]), record("b", 3)), new)
    assert [(one.code, one.fields) for one in found.sample] == [("b", ["handed_over_from"])]


def test_a_missing_dossier_is_a_difference() -> None:
    found = compare(facts(record("a", 2)), facts())
    assert [one.fields for one in found.sample] == [["new (missing)"]]
    assert compare(facts(), facts(record("a", 2))).differences == 1


def test_what_came_behind_the_common_position_does_not_count() -> None:
    old = facts(record("a", 2, unit="x"), record("a", 150, unit="z"), record("new", 160))
    assert compare(old, facts(record("a", 2, unit="x"))).differences == 0


def test_a_dossier_whose_earlier_rows_were_compacted_is_left_out() -> None:
    found = compare(facts(record("a", 150)), facts(record("a", 2), record("a", 150)))
    assert (found.dossiers, found.differences) == (0, 0)


def test_announcements_are_compared_as_they_stand() -> None:
    early = (record("a", 1, told("warning"), told("breach")), record("a", 5, told("retracted", retracts="breach")))
    found = compare(facts(*early), facts(record("a", 1, told("warning")), record("a", 5)))
    assert found.differences == 0
    found = compare(facts(*early), facts(record("a", 5, told("warning", due="d2"))))
    assert found.sample[0].fields == ["announcements"]


def test_records_read_twice_or_broken_change_nothing() -> None:
    once = [record("a", offset, told("warning", due=f"d{offset}"), n=offset) for offset in range(8)]
    twice = [*once[:5], *once[2:]]
    old, new = facts(*once), facts(*twice, b"\xff", b"[]", b'{"type": "dossier.changed"}', None)
    assert compare(old, new).differences == 0
    assert new.unreadable == 4


def test_announcements_before_the_compacted_part_are_not_compared() -> None:
    complete = {0: 10}
    old = facts(record("a", 20), complete=complete)
    new = facts(record("a", 5, told("warning")), record("a", 20), complete=complete)
    assert compare(old, new).differences == 0


def test_the_sample_is_short_and_sorted() -> None:
    codes = [f"c{number:03d}" for number in range(40)]
    random.Random(1).shuffle(codes)
    found = compare(facts(*(record(code, 1, n=1) for code in codes)), facts(*(record(c, 1, n=2) for c in codes)))
    assert found.differences == 40
    assert [one.code for one in found.sample] == sorted(codes)[:10]


def test_petitions_are_compared_beside_dossiers_of_their_codes() -> None:
    old = [record("a", 1, unit="x"), record("a", 2, of="petition", unit="y"), record("b", 3, of="petition", unit="z")]
    new = [*old[:2], record("b", 3, of="petition", unit="w")]
    found = compare(facts(*old), facts(*new))
    assert (found.dossiers, found.petitions, found.differences) == (1, 2, 1)
    assert (found.sample[0].code, found.sample[0].fields) == ("petition:b", ["unit"])
    # An engine of before knew no such cases, and the new one cannot differ from it in them.
    before = compare(facts(old[0]), facts(*new))
    assert (before.dossiers, before.petitions, before.differences) == (1, 0, 0)
    assert compare(facts(*old), facts(old[0])).differences == 2, "a new engine that lost them does"


def test_entered_figures_are_compared_by_their_identities() -> None:
    one, other = "H44|survey|1", "a%7Cb|survey|1"
    old = [record("H44", 1), *(record(code, at, of="indicator", value="7") for at, code in enumerate((one, other), 2))]
    assert (compare(facts(*old), facts(*old)).indicators, compare(facts(*old), facts(*old)).differences) == (2, 0)
    found = compare(facts(*old), facts(*old[:2], record(other, 3, of="indicator", value="8")))
    assert (found.dossiers, found.indicators, found.differences) == (1, 2, 1)
    assert (found.sample[0].code, found.sample[0].fields) == (f"indicator:{other}", ["value"])
    assert compare(facts(*old), facts(*old[:2])).sample[0].fields == ["new (missing)"]
    # An engine of before had none; of one that says nothing of a withdrawn figure a row is left.
    before = compare(facts(old[0]), facts(*old))
    assert (before.dossiers, before.indicators, before.differences) == (1, 0, 0)
    withdrawn = [*old[:2], record(other, 5, of="indicator", entries=0)]
    assert compare(facts(*withdrawn), facts(*withdrawn, old[2])).differences == 0


def test_clock_records_are_no_dossiers() -> None:
    clock = orjson.dumps({"type": "clock.advanced", "data": {"cause": {"partition": 0, "offset": 1}}})
    assert facts(clock).cases == {}


def test_a_row_whose_cause_the_journal_does_not_hold_hides_no_true_one() -> None:
    old = EpochFacts(COMMON, ends={0: 200, 1: 200})
    for value in (record("a", 2, unit="x"), record("a", 2**40, unit="forged"), record("b", 150)):
        old.add(value)
    found = compare(old, facts(record("a", 2, unit="y"), record("b", 3)))
    # Before, dossier a was left out as one that had gone on behind the common position.
    assert (found.dossiers, found.differences, found.false_causes) == (1, 1, 1)
    assert found.sample[0].fields == ["unit"]


def test_garbage_is_counted_and_stops_nothing() -> None:
    datas: list[Any] = [[], {"cause": 1}, None]
    events: list[dict[str, Any]] = [{"type": "dossier.changed", "data": data} for data in datas]
    shapes: list[dict[str, Any]] = [{"partition": 99}, {"offset": "9"}, {"offset": None}, {"index": []}]
    whole = orjson.loads(record("a", 1))
    for shape in shapes:
        cause = whole["data"]["cause"] | shape
        events.append(whole | {"data": whole["data"] | {"cause": cause}})
    events.append(whole | {"data": whole["data"] | {"row": "a"}})
    epoch = facts(*map(orjson.dumps, events))
    assert epoch.unreadable == len(events)
