"""Pairs of bytes come back in the order of their keys, whatever memory held and however often they are read."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua import sorting
from motcua.sorting import Sorter

ITEMS = st.lists(st.tuples(st.binary(max_size=9), st.binary(max_size=30)), max_size=200)


@settings(max_examples=30)
@given(ITEMS, st.integers(0, 3_000))
def test_the_sorter_sorts(items: list[tuple[bytes, bytes]], memory: int) -> None:
    sorter = Sorter(Path("/tmp"), memory)  # noqa: S108 - nameless files
    for item in items:
        sorter.add(*item)
    for _ in range(2):
        assert [*sorter.ordered()] == sorted(items)
    sorter.close()
    assert [*sorter.ordered()] == []


@pytest.mark.parametrize("block", [7, 300, 1 << 18])
def test_more_runs_than_are_merged_at_once_and_items_larger_than_a_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(sorting, "_BLOCK", block)
    chance = random.Random(block)
    items = [(chance.randbytes(2), chance.randbytes(chance.choice([0, 1, 900]))) for _ in range(500)]
    sorter = Sorter(tmp_path, memory=400)
    for item in items:
        sorter.add(*item)
    assert len(sorter._runs) > 2 * sorting._WIDTH
    assert [*sorter.ordered()] == sorted(items)
    assert len(sorter._runs) <= sorting._WIDTH
    assert list(tmp_path.iterdir()) == [], "what a run that is broken off leaves behind: nothing"
    sorter.close()
