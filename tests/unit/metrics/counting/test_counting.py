"""Any number of predicates over any grouping, against plain Python one row at a time."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.counting import planes, tally
from services.metrics.counting.abreast import abreast
from services.metrics.counting.grouping import grouped
from services.metrics.counting.planes import Planes, pack
from services.metrics.counting.question import Moment, Predicate, Question
from services.metrics.counting.tally import Tally, occupied, rows_of
from services.metrics.units.tree import UnitTree
from tests.unit.metrics.build import unhurried

PREDICATES = 200
UNITS = ("H44", "H44.01", "H44.01.02", "H44.01.03", "H44.100", "H38", "H38.08.05", "X")
MOMENT = Moment(0, 10, 10)


class Columns(dict[str, Any]):
    """A table of any population: columns by name."""

    def __len__(self) -> int:
        return len(self["unit"])


def holds(place: int) -> Predicate:
    """The predicate that is a column of its own."""

    def predicate(q: Question) -> Any:
        return q[f"mask{place}"]

    return predicate


def table_of(rows: int, predicates: int, seed: int = 766) -> Columns:
    """Rows with random masks, some of them of none and of all, by units, procedures, fields and channels."""
    chance = np.random.default_rng(seed)
    columns = Columns(
        unit=chance.integers(0, len(UNITS) + 1, rows).astype(np.int32),
        procedure=chance.integers(0, 40, rows).astype(np.int32),
        field=chance.integers(0, 7, rows).astype(np.int16),
        channel=chance.integers(0, 4, rows).astype(np.int8),
    )
    for place in range(predicates):
        share = 0.0 if place == 3 else 1.0 if place == 4 else chance.random()
        columns[f"mask{place}"] = chance.random(rows) < share
    return columns


def counted(columns: Columns, predicates: int, *names: str) -> dict[tuple[int, ...], list[int]]:
    """The same in plain Python: for each group how many rows each predicate holds for."""
    keys = list(zip(*(columns[name].tolist() for name in names), strict=True)) or [()] * len(columns)
    found: dict[tuple[int, ...], list[int]] = {key: [0] * predicates for key in keys}
    for place in range(predicates):
        for key, held in zip(keys, columns[f"mask{place}"].tolist(), strict=True):
            if held:
                found[key][place] += 1
    return found


@pytest.fixture(params=["as it is", "in many pieces"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks and places so small that every way of dividing the work is taken."""
    if request.param == "in many pieces":
        monkeypatch.setattr(tally, "BLOCK", 97)
        monkeypatch.setattr(planes, "_PLACES", 64)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(
    "names", [("unit",), ("procedure",), ("field",), ("channel",), ("unit", "procedure"), ("field", "channel")]
)
def test_two_hundred_predicates_over_any_grouping(names: tuple[str, ...]) -> None:
    columns = table_of(1_500, PREDICATES)
    made = Tally(columns, MOMENT, [holds(place) for place in range(PREDICATES)])
    plain = counted(columns, PREDICATES, *names)
    groups = made.by_each(*names)
    assert [tuple(key) for key in groups.keys.tolist()] == sorted(plain)
    assert groups.counts.tolist() == [plain[key] for key in sorted(plain)]
    if len(names) == 1:
        every = made.by(names[0], 50)
        assert {(number,): line for number, line in enumerate(every.tolist()) if any(line)} == plain
        assert occupied(every) == [key for (key,) in sorted(plain)]
    assert made.total().tolist() == counted(columns, PREDICATES)[()]


@pytest.mark.usefixtures("pieces")
def test_some_units_are_those_units_alone() -> None:
    columns, asked = table_of(1_500, 20), [holds(place) for place in range(20)]
    chosen = np.array([number % 3 == 1 for number in range(len(UNITS) + 1)])
    inside = chosen[columns["unit"]]
    alone = Columns({name: column[inside] for name, column in columns.items()})
    whole, part = Tally(columns, MOMENT, asked), Tally(columns, MOMENT, asked, units=chosen)
    for made in (part.total(), whole.total(chosen)):
        assert made.tolist() == counted(alone, 20)[()]
    plain = counted(alone, 20, "procedure", "channel")
    for groups in (part.by_each("procedure", "channel"), whole.by_each("procedure", "channel", units=chosen)):
        assert dict(zip(map(tuple, groups.keys.tolist()), groups.counts.tolist(), strict=True)) == plain


def test_rows_that_cannot_count_are_left_out_and_nothing_is_lost() -> None:
    columns = table_of(3_000, 9)
    wide = holds(4)
    for place in range(9):
        columns[f"mask{place}"] &= columns["mask0"] & (columns["procedure"] < 5)
    asked = [holds(place) for place in range(9)]
    assert (
        Tally(columns, MOMENT, asked, [asked[0]]).by("unit", 9).tolist()
        == Tally(columns, MOMENT, asked, [wide, asked[0]]).by("unit", 9).tolist()
        == [counted(columns, 9, "unit")[unit,] for unit in range(9)]
    )


def test_a_period_to_come_counts_nothing() -> None:
    columns = table_of(100, 3)
    made = Tally(columns, Moment(0, 1, 0, future=True), [holds(place) for place in range(3)])
    assert made.total().tolist() == [0, 0, 0]
    assert not made.by_each("unit", "channel").counts.any()


def test_no_rows_and_no_predicates() -> None:
    assert Tally(table_of(0, 2), MOMENT, [holds(0), holds(1)]).total().tolist() == [0, 0]
    assert Tally(table_of(0, 2), MOMENT, [holds(0)]).by_each("unit", "field").keys.shape == (0, 2)
    assert Tally(table_of(5, 0), MOMENT, []).by("channel", 4).shape == (4, 0)


@unhurried
@given(st.data(), st.integers(1, 3))
def test_groups_are_what_occurs_in_order(data: st.DataObject, width: int) -> None:
    rows = data.draw(st.integers(0, 12))
    number = st.one_of(st.integers(0, 3), st.sampled_from((2**31 - 1, 2**40)))
    columns = [np.array(data.draw(st.lists(number, min_size=rows, max_size=rows)), np.int64) for _ in range(width)]
    places, keys = grouped(columns)
    told = list(zip(*(column.tolist() for column in columns), strict=True))
    assert keys.tolist() == [list(key) for key in sorted(set(told))]
    assert [tuple(keys[place].tolist()) for place in places.tolist()] == told


def test_what_is_allocated_grows_with_rows_and_predicates_and_not_with_their_combinations() -> None:
    """Two hundred random predicates hold in as many combinations as there are rows."""
    rows = 50_000
    chance = np.random.default_rng(1)
    masks = [chance.random(rows) < 0.5 for _ in range(PREDICATES)]
    unit = chance.integers(0, 165, rows)
    peaks = {}
    for predicates in (50, PREDICATES):
        tracemalloc.start()
        bits = np.zeros((-(-predicates // 8), rows), np.uint8)
        pack(masks[:predicates], bits)
        Planes(bits, predicates).by(unit, 165)
        peaks[predicates] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peaks[PREDICATES] < 30 * rows + PREDICATES * rows / 8 + 8_000_000
    # Four times the predicates, at most as much more as their bits and counts.
    assert peaks[PREDICATES] - peaks[50] < 150 * (rows / 8 + 8 * 165) + 1_000_000


def climbed(code: str) -> list[str]:
    parts = code.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


@pytest.mark.parametrize("seed", range(5))
def test_distinct_things_are_counted_anew_at_every_node(seed: int) -> None:
    columns = table_of(400, 6, seed)
    codes = (None, *UNITS)
    tree = UnitTree(codes)
    made = Tally(columns, MOMENT, [holds(place) for place in range(6)])
    for place in range(6):
        for name in ("procedure", "field"):
            at: dict[str, set[int]] = defaultdict(set)
            everywhere = set()
            rows = zip(columns[f"mask{place}"], columns["unit"].tolist(), columns[name].tolist(), strict=True)
            for held, unit, value in rows:
                if not held or value == 0:
                    continue
                everywhere.add(value)
                code = codes[unit]
                for node in () if code is None else climbed(code):
                    at[node].add(value)
            in_all, by_node = made.distinct(made.predicates[place], name, tree)
            assert in_all == len(everywhere)
            assert dict(zip(tree.codes, by_node.tolist(), strict=True)) == {code: len(at[code]) for code in tree.codes}


def test_distinct_things_of_a_registered_tree_whose_levels_skip() -> None:
    """Units are below whom a registered version names, however deep: a chain, and one at the top beside it."""
    above = {"a": "b", "b": "c", "c": "d", "d": None, "z": None, "e": "c"}
    tree = UnitTree([None, "a", "e", "z", "d"], above.__getitem__)
    columns = Columns(unit=np.array([1, 2, 1, 3, 4, 0]), procedure=np.array([7, 7, 8, 7, 9, 5]))
    columns["mask0"] = np.ones(6, np.bool_)
    in_all, by_node = Tally(columns, MOMENT, [only := holds(0)]).distinct(only, "procedure", tree)
    assert in_all == 4
    assert dict(zip(tree.codes, by_node.tolist(), strict=True)) == {"a": 2, "b": 2, "c": 2, "d": 3, "e": 1, "z": 1}


def test_a_part_of_a_question_is_its_rows_alone() -> None:
    columns = table_of(50, 1)
    looked = Counter[str]()

    def look(table: Any, _: Moment) -> Any:
        looked["beside"] += 1
        return np.arange(len(table))

    for rows in (None, np.arange(10, 40), slice(10, 40)):
        whole = Question(columns, MOMENT, rows)
        first = 0 if rows is None else 10
        for part in (whole.part(slice(5, 9)), whole.part(slice(2, 20)).part(slice(3, 7))):
            assert part.size == 4
            assert part["field"].tolist() == columns["field"][first + 5 : first + 9].tolist()
            assert part.beside("number", look).tolist() == list(range(first + 5, first + 9))
    assert looked["beside"] == 3


def test_rows_behind_a_count() -> None:
    columns = table_of(200, 2)
    rows = rows_of(columns, MOMENT, holds(1), None, channel=2, field=1)
    plain = [row for row in range(200) if columns["mask1"][row] and columns["channel"][row] == 2]
    assert rows.tolist() == [row for row in plain if columns["field"][row] == 1]


def test_pieces_side_by_side_keep_their_order_and_their_errors() -> None:
    order = list(range(50))
    random.Random(1).shuffle(order)
    assert abreast(lambda number: number * 2, order) == [number * 2 for number in order]
    with pytest.raises(ZeroDivisionError):
        abreast(lambda number: 1 // number, [1, 0, 2])
