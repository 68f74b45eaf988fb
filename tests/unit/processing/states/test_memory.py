"""The layers of states in memory, and the due heap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.processing.states.layers import States
from services.processing.stream.due import DueHeap
from tests.unit.processing.stream.build import held


def test_a_state_moves_from_pending_to_stored_and_the_newest_is_found() -> None:
    states = States(10, empty=True)
    first, second = held("A", 1), held("A", 2)
    states.put(first)
    assert states.get("A") is first
    assert states.acknowledged("A") is None
    assert states.unsaved == 0
    states.acknowledge()
    assert states.acknowledged("A") is first
    assert states.unsaved == 1
    states.take()
    states.put(second)
    assert states.get("A") is second
    assert states.acknowledged("A") is first
    states.saved()
    assert first.stored
    assert second.stored, "a newer state of a dossier that was stored meanwhile is an update"
    assert states.get("A") is second


def test_only_what_was_saved_is_thrown_out_and_that_ends_completeness() -> None:
    states = States(2, empty=True)
    for number in range(5):
        states.put(held(f"saved-{number}"))
    states.acknowledge()
    states.take()
    states.put(held("pending"))
    assert states.missing(["unknown"]) == []
    states.saved()
    assert states.missing(["unknown", "saved-0", "saved-4", "pending", "unknown"]) == ["unknown", "saved-0"]
    assert states.get("saved-0") is None
    assert states.get("pending") is not None


def test_what_was_used_last_stays() -> None:
    states = States(2, empty=False)
    for code in ("A", "B", "C"):
        states.loaded(held(code, stored=True))
    assert states.get("A") is not None
    states.trim()
    assert sorted(states.keys()) == ["A", "C"]


def test_the_newest_states_of_all_layers_are_told_once_each() -> None:
    states = States(10, empty=True)
    states.loaded(held("A", 1, stored=True))
    states.loaded(held("B", 1, stored=True))
    states.put(held("A", 2))
    states.acknowledge()
    states.take()
    states.put(held("A", 3))
    states.acknowledge()
    states.put(held("C", 4))
    assert sorted((one.state.code, one.state.position) for one in states.newest()) == [("A", 3), ("B", 1), ("C", 4)]


def test_what_is_read_from_the_database_never_replaces_what_is_newer() -> None:
    states = States(2, empty=False)
    newer = held("A", 7)
    states.put(newer)
    states.loaded(held("A", 3, stored=True))
    assert states.get("A") is newer


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCDEF"), st.none() | st.integers(0, 30)) | st.tuples(st.none(), st.integers(0, 30)),
        max_size=60,
    )
)
def test_the_heap_gives_what_a_plain_table_gives(steps: list[tuple[str | None, int | None]]) -> None:
    heap, table = DueHeap([("A", 5)]), {"A": 5}
    for code, timer in steps:
        if code is None:
            assert timer is not None
            due = sorted(name for name, at in table.items() if at <= timer)
            assert heap.take(timer) == due
            for name in due:
                del table[name]
        else:
            heap.set(code, timer)
            if timer is None:
                table.pop(code, None)
            else:
                table[code] = timer
        assert len(heap) == len(table)


def test_stale_timers_do_not_pile_up() -> None:
    heap = DueHeap()
    for timer in range(10_000):
        heap.set("A", timer)
    assert len(heap._heap) < 1_100
    assert heap.take(9_998) == []
    assert heap.take(9_999) == ["A"]
