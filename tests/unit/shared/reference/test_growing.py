"""Reference entries in great numbers: one more costs what it cost among few, and every stage stays what it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.reference import ReferenceEntry, ReferenceSet
from shared.reference.checks import check_entry
from shared.reference.grown import Grown
from tests.unit.processing.heavy import steps_of
from tests.unit.shared.reference.making import known, procedure, route, unit

FEW, MANY = 60, 600


def _procedures(count: int) -> list[ReferenceEntry]:
    return [procedure({"version": str(n)}, f"p{n}") for n in range(count)]


def _revisions(count: int) -> list[ReferenceEntry]:
    return [procedure({"version": str(n)}, revision=n) for n in range(count)]


def _routes(count: int) -> list[ReferenceEntry]:
    return [route({"version": str(n)}, f"r{n}") for n in range(count)]


def _rows_of_units(count: int) -> list[ReferenceEntry]:
    """Each below the one before, as deep as may be, then anew."""
    parents: list[dict[str, Any]] = [{"parent": f"u{n - 1}"} if n % 50 else {} for n in range(count)]
    return [unit({"unit": f"u{n}"} | parent) for n, parent in enumerate(parents)]


def _take(entries: list[ReferenceEntry]) -> None:
    """As a door takes them, and as processing does."""
    taken = ReferenceSet()
    for entry in entries:
        assert check_entry(entry.type, entry.model, taken) == []
        taken = taken.with_entry(entry)
        taken.narrow(entry)


@pytest.mark.parametrize("made", [_procedures, _revisions, _routes, _rows_of_units])
def test_one_more_costs_as_much_among_many_as_among_few(
    made: Callable[[int], list[ReferenceEntry]], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[int] = []
    copy = Grown._copied

    def told(self: Grown[Any, Any, Any]) -> Any:
        copied.append(self._count)
        return copy(self)

    monkeypatch.setattr(Grown, "_copied", told)
    few, many = made(FEW), made(MANY)
    _take(few)
    before, after = steps_of(lambda: _take(few)) / FEW, steps_of(lambda: _take(many)) / MANY
    assert after < before * 1.3, f"{before:.0f} steps an entry of {FEW}, {after:.0f} of {MANY}"
    assert set(copied) == {0}, "what grows is not copied"


def _moving(count: int) -> list[ReferenceEntry]:
    """Revisions of one identity, each about another unit."""
    return [unit({"unit": f"u{n}"}, revision=n) for n in range(count)]


@pytest.mark.parametrize("made", [_procedures, _revisions, _routes, _rows_of_units, _moving])
def test_many_at_once_cost_each_as_much_as_few(made: Callable[[int], list[ReferenceEntry]]) -> None:
    few, many = made(FEW), made(MANY)
    before = steps_of(lambda: ReferenceSet().with_entries(few)) / FEW
    after = steps_of(lambda: ReferenceSet().with_entries(many)) / MANY
    assert after < before * 1.3, f"{before:.0f} steps an entry of {FEW}, {after:.0f} of {MANY}"


def test_a_row_of_units_ends_somewhere() -> None:
    row = [unit({"unit": f"u{n}", "parent": f"u{n - 1}"}) for n in range(1, 80)]
    (fault,) = check_entry("unit.revised", unit({"unit": "new", "parent": "u79"}).model, known(*row))
    assert (fault.code, fault.field) == ("unit_row_too_long", "data.parent")
    heirs = [unit({"unit": f"u{n}", "successor": f"u{n + 1}"}) for n in range(1, 80)]
    (fault,) = check_entry("unit.revised", unit({"unit": "old", "successor": "u1"}).model, known(*heirs))
    assert (fault.code, fault.field) == ("unit_row_too_long", "data.successor")
    # What is in the journal already is read whole.
    assert len(known(*row).units(None).above("u79")) == 79
    assert known(*heirs).units(None).heir("u1") == "u80"


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(0, 3)),
        max_size=30,
    )
)
def test_every_stage_keeps_what_it_had_whatever_grew_out_of_it(steps: list[tuple[int, int, int]]) -> None:
    stages: list[tuple[Grown[int, int, int], list[tuple[int, int, int]]]] = [(Grown(), [])]
    for number, (stage, key, name) in enumerate(steps):
        grown, has = stages[stage % len(stages)]
        taken = any((key, name) == one[:2] for one in has)
        stages.append((grown.with_value(key, name, number), has if taken else [*has, (key, name, number)]))
    for grown, has in stages:
        assert list(grown) == list(dict.fromkeys(key for key, _, _ in has))
        assert bool(grown) == bool(has)
        for key in range(4):
            own = [(name, value) for one, name, value in has if one == key]
            assert grown.names(key) == [name for name, _ in own]
            assert grown.of(key) == [value for _, value in own]
            assert grown.size(key) == len(own)
            assert all(grown.has(key, name) == (name in [one for one, _ in own]) for name in range(4))
