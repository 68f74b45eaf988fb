"""Which result may stand in place of another: an order that no two replicas can see differently."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.metrics.results.order import SETTLED, at_or_after, may_replace_copy

_PLACES = st.dictionaries(st.sampled_from("012"), st.integers(0, 3))
RESULTS = st.builds(
    lambda epoch, pointer, positions: {"epoch": epoch, "pointer": pointer, "positions": positions},
    st.integers(1, 3),
    st.integers(0, 3),
    _PLACES,
)


def result(epoch: int = 1, pointer: int = 1, **positions: int) -> dict[str, Any]:
    return {"epoch": epoch, "pointer": pointer, "positions": {name[1:]: place for name, place in positions.items()}}


@given(RESULTS)
def test_the_same_result_may_be_stored_again(one: dict[str, Any]) -> None:
    assert at_or_after(one, one)


@given(RESULTS, RESULTS)
def test_of_two_that_say_different_things_never_both_replace_each_other(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    both = at_or_after(one, other) and at_or_after(other, one)
    if one["epoch"] == other["epoch"]:
        assert both == (one["positions"] == other["positions"])
    else:
        assert not both


def test_ahead_in_one_partition_and_behind_in_another_is_not_after() -> None:
    assert not at_or_after(result(p0=5, p1=5), result(p0=9, p1=4))
    assert at_or_after(result(p0=5, p1=5), result(p0=5, p1=6))
    assert not at_or_after(result(p0=5, p1=5), result(p0=9))


def test_positions_of_two_epochs_say_nothing_about_each_other() -> None:
    assert at_or_after(result(1, 1, p0=900), result(2, 2, p0=3))
    assert not at_or_after(result(2, 2, p0=3), result(1, 1, p0=900))
    # The pointer went back to the first epoch: its later record counts, and its own figures not backwards.
    assert at_or_after(result(2, 2, p0=3), result(1, 3, p0=900))
    assert not at_or_after(result(1, 1, p0=900), result(1, 3, p0=899))


def test_records_of_the_pointer_without_numbers_count_by_the_epoch() -> None:
    assert at_or_after(result(1, 0, p0=9), result(2, 0, p0=1))
    assert not at_or_after(result(2, 0, p0=1), result(1, 0, p0=9))


def test_a_copy_from_a_backup_stays_whatever_this_derivation_says() -> None:
    later = {**result(1, 1, p0=10**6), "of": "x"}
    assert may_replace_copy({**result(1, 1, p0=5), "of": "y"}, later)
    assert not may_replace_copy({**result(1, 1, p0=5), "of": "y", SETTLED: True}, later)
    assert not may_replace_copy({**later}, later), "the copy of this very sheet is there"
