"""What intake's documents say after a restore: nothing of records that the backup's journal does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.operations.backup.mending import mended_to

TOPIC, ENDS = "motcua.journal.v1", {0: 10, 1: 20, 2: 0}
mend = mended_to(TOPIC, ENDS)


def test_reference_entries_are_owed_to_the_partitions_that_did_not_have_them() -> None:
    parcel = {"_id": 4, "values": [b"a", b"b"], "todo": [], "first": {"0": 8, "1": 19, "2": 0}}
    assert mend("reference", parcel) == parcel | {"todo": [1, 2], "first": {"0": 8}}
    owed = {"_id": 5, "values": [b"a"], "todo": [0, 2], "first": {"1": 3}}
    assert mend("reference", owed) == owed


@pytest.mark.parametrize(
    ("claim", "outcome", "stays"),
    [
        (None, None, True),
        ({"partition": 0, "begin": 10}, None, True),
        ({"partition": 0, "begin": 11}, None, False),
        (None, {"positions": [[0, 9]]}, True),
        (None, {"positions": [[0, 9], [1, 20]]}, False),
    ],
)
def test_a_replay_the_backup_does_not_hold_was_none(claim: Any, outcome: Any, *, stays: bool) -> None:
    letter = {"_id": f"{TOPIC}:1:7", "state": "replayed", "claim": claim, "outcome": outcome}
    opened = letter | {"state": "open", "claim": None, "outcome": None}
    assert mend("deadletters", letter) == (letter if stays else opened)


def test_letters_about_records_it_does_not_hold_are_left_out() -> None:
    assert mend("deadletters", {"_id": f"{TOPIC}:1:20"}) is None
    other = {"_id": "motcua.agency.H1.outbox.v1:0:99", "state": "open"}
    assert mend("deadletters", other) == other


def test_everything_else_is_as_it_was() -> None:
    assert mend("senders", {"_id": "office"}) == {"_id": "office"}


def test_a_days_copy_is_settled_and_what_was_being_written_never_stands() -> None:
    current = {"id": "a", "day": "2026-08-20", "positions": {"0": 5}}
    copy = {"_id": "month:2026-08-20", "current": current, "pending": [{"id": "b", "at": 1}], "gone": ["c"]}
    assert mend("frozen", copy) == copy | {"current": current | {"settled": True}, "pending": [], "gone": ["c", "b"]}
    begun = {"_id": "month:2026-08-21", "pending": [{"id": "d", "at": 1}]}
    assert mend("frozen", begun) == begun | {"pending": [], "gone": ["d"]}
