"""Which epochs somebody may still need: the live one, the one before, and each that is being made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deploy.operations.epochs.standing import last_two, standing
from shared.contract.housekeeping import LiveEpoch


def topics(*numbers: int) -> set[str]:
    return {f"motcua.{kind}.v1.e{number}" for kind in ("lifecycle", "reference") for number in numbers}


def databases(*numbers: int) -> list[str]:
    return [f"motcua_{service}_e{number}" for service in ("processing", "metrics") for number in numbers]


def pointed(*numbers: int) -> list[LiveEpoch]:
    return [LiveEpoch(epoch=epoch, number=place) for place, epoch in enumerate(numbers, 1)]


def states(pointers: list[LiveEpoch], *there: int, derived: tuple[int, ...] = ()) -> dict[int, str]:
    found = standing(pointers, topics(*there), databases(*there), derived)
    return {one.number: one.state for one in found}


def test_the_live_one_and_the_one_before_stay() -> None:
    assert states(pointed(1, 2, 3), 1, 2, 3) == {1: "old", 2: "before", 3: "live"}


def test_one_before_is_the_one_that_was_live_not_the_number_before() -> None:
    assert states(pointed(1, 5), 1, 2, 5) == {1: "before", 2: "broken-off", 5: "live"}
    # Pointed back: the newer one is the one before.
    assert states(pointed(1, 2, 3, 1), 1, 2, 3) == {1: "live", 2: "old", 3: "before"}
    # The same again changes nothing.
    assert states(pointed(1, 2, 2), 1, 2) == {1: "before", 2: "live"}


def test_what_is_derived_stays_and_what_was_broken_off_is_named_so() -> None:
    assert states(pointed(2), 2, 3, 4, derived=(4,)) == {2: "live", 3: "broken-off", 4: "derived"}
    assert states(pointed(1, 5), 1, 3, 5, derived=(3,)) == {1: "before", 3: "derived", 5: "live"}


def test_a_late_or_false_pointer_makes_nothing_needless() -> None:
    late = [*pointed(1, 2, 3), LiveEpoch(epoch=1, number=2)]
    assert states(late, 1, 2, 3) == {1: "old", 2: "before", 3: "live"}
    assert last_two([*pointed(1, 2), LiveEpoch(epoch=99, number=9)], topics(1, 2)) == (2, 1)
    # Without a live epoch nobody knows what is needed.
    assert states([], 1, 2) == {}
    assert states(pointed(7), 1, 2) == {}


def test_what_is_left_of_an_epoch_is_named_and_nothing_else() -> None:
    others = {"motcua.journal.v1", "motcua.lifecycle.v1.e1x", "motcua.epoch.v1", "agency.lifecycle.v1.e1"}
    names = ["motcua_intake", "motcua_metrics", "motcua_dispatch", "motcua_processing_e1", "my_motcua_metrics_e1"]
    [old, *_] = standing(pointed(2, 3), topics(2, 3) | others, names, ())
    assert (old.number, old.topics, old.databases) == (1, (), ("motcua_processing_e1",))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8), st.sets(st.integers(1, 8)))
def test_the_last_two_that_were_live_are_always_needed(lived: list[int], derived: set[int]) -> None:
    found = {one.number: one for one in standing(pointed(*lived), topics(*range(1, 9)), databases(), derived)}
    changes = [epoch for place, epoch in enumerate(lived) if place == 0 or lived[place - 1] != epoch]
    needed = {number for number, one in found.items() if one.needed}
    assert needed == {*changes[-2:], *derived}
