"""Identities, revisions, withdrawals, conflicts, and ties in order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from services.processing.record import EntryRecord
from shared.contract.entries import content_hash
from shared.instants import to_datetime
from tests.unit.processing.driver import Partition
from tests.unit.processing.story import CODE, entries_of

ACCEPTED = entries_of(("accepted", "11-16 09:00"))[0]


def _row_any_order(*entries: dict[str, Any]) -> dict[str, Any]:
    """The row, which every order of arrival must give, as it must give the same order of the entries kept."""
    taken = [Partition().feed(order) for order in permutations(entries)]
    kept = [[(entry.key, entry.hash, entry.revision) for entry in one.states[CODE].entries] for one in taken]
    assert all(one.rows[CODE] == taken[0].rows[CODE] for one in taken)
    assert all(one == kept[0] for one in kept)
    return taken[0].rows[CODE]


def _unit(unit: str, **members: Any) -> dict[str, Any]:
    return ACCEPTED | {"data": {"unit": unit, "channel": "online"}} | members


def test_highest_revision_holds() -> None:
    row = _row_any_order(_unit("a"), _unit("b", revision=2), _unit("c", revision=1))
    assert (row["unit"], row["entries"], row["findings"]) == ("b", 1, [])


def test_null_data_withdraws_and_a_higher_revision_restores() -> None:
    withdrawn = ACCEPTED | {"data": None, "revision": 1}
    row = _row_any_order(_unit("a"), withdrawn)
    assert (row["accepted_at"], row["entries"], row["status"], row["findings"]) == (None, 0, 1, [])
    assert _row_any_order(_unit("a"), withdrawn, _unit("b", revision=2))["unit"] == "b"


def test_conflict_is_decided_by_the_smallest_hash_and_healed_by_a_correction() -> None:
    entries = [_unit(unit) for unit in "abc"]
    hashes = {unit: content_hash("dossier.accepted", _time(), {"unit": unit, "channel": "online"}) for unit in "abc"}
    row = _row_any_order(*entries)
    assert row["unit"] == min(hashes, key=lambda unit: hashes[unit])
    assert row["findings"] == [{"code": "conflicting_content", "source": "one-stop", "id": "0"}]
    assert _row_any_order(*entries[:2], _unit("z", revision=1))["findings"] == []


def test_withdrawal_in_conflict_is_decided_the_same_way() -> None:
    row = _row_any_order(_unit("a"), ACCEPTED | {"data": None})
    assert [finding["code"] for finding in row["findings"]] == ["conflicting_content"]
    withdrawn, kept = (
        content_hash("dossier.accepted", _time(), None),
        content_hash("dossier.accepted", _time(), {"unit": "a", "channel": "online"}),
    )
    assert row["entries"] == (0 if withdrawn < kept else 1)


def test_null_members_sender_and_recording_time_are_no_content() -> None:
    stamped = {"sender": "s", "recordedtime": "2026-11-16T10:00:00Z"}
    same = _unit("a", **stamped) | {"time": "2026-11-16T02:00:00.000Z"}
    same["data"] = same["data"] | {"promised_due": None}
    row = _row_any_order(_unit("a"), same, _unit("a", sender="t"))
    assert (row["entries"], row["findings"]) == (1, [])


def test_smallest_sequence_of_the_same_content_counts() -> None:
    """`sequence` orders entries but is no content: which copy came first must not decide the order."""
    end, again = entries_of(("resolved", "11-17 09:00"), ("reopened", "11-17 09:00"))
    end, again = end | {"id": "end"}, again | {"id": "again"}
    late = [end | {"sequence": 5}, again | {"sequence": 3}]
    assert _row_any_order(ACCEPTED, *late)["finish"] == "resolved"
    assert _row_any_order(ACCEPTED, *late, end | {"sequence": 1})["finish"] is None


def test_ties_are_ordered_by_sequence_then_type_then_source_and_id() -> None:
    handed, other = (
        entry | {"id": name}
        for name, entry in zip(
            "ab",
            entries_of(("handed_over", "11-17 09:00", {"unit": "x"}), ("handed_over", "11-17 09:00", {"unit": "y"})),
            strict=True,
        )
    )
    assert _row_any_order(ACCEPTED, handed, other)["unit"] == "y"
    assert _row_any_order(ACCEPTED, handed, other | {"sequence": -1})["unit"] == "x"
    assert _row_any_order(ACCEPTED, handed, other | {"source": "a"})["unit"] == "x"


def test_state_keeps_what_is_superseded() -> None:
    partition = Partition().feed([_unit("a"), _unit("b", revision=1), _unit("a")])
    assert [entry.revision for entry in partition.states[CODE].entries] == [0, 1]
    assert all(isinstance(entry, EntryRecord) for entry in partition.states[CODE].entries)


def _time() -> Any:
    return to_datetime(Partition().feed([ACCEPTED]).states[CODE].entries[0].time)
