"""Parcels: what goes together, and what is known of its way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.intake.journal import Journal
from services.intake.reference.parcels import LARGEST_PARCEL, Parcel, divide
from shared.broker.kafka import make_producer
from shared.catalogue.base import Meters
from shared.catalogue.intake import SPECS


@given(st.lists(st.integers(1, 262_400), max_size=60), st.integers(0, 3_000))
def test_a_division_keeps_everything_in_order_and_fits(large: list[int], small: int) -> None:
    values = [bytes(size) for size in large] + [b"x"] * small
    parcels = list(divide(values))
    assert [value for parcel in parcels for value in parcel] == values
    assert all(parcels)
    for parcel in parcels:
        assert len(parcel) == 1 or sum(map(len, parcel)) <= LARGEST_PARCEL
        assert len(parcel) <= 1_000


async def test_a_full_parcel_fits_into_one_record_batch() -> None:
    producer = make_producer("nowhere:1", "test", max_batch_size=524_288)
    small = next(divide([bytes(400)] * 5_000))
    large = next(divide([bytes(262_400)] * 2))
    tiny = next(divide([b"x"] * 5_000))
    for parcel in (small, large, tiny):
        batch = producer.create_batch()
        assert all(batch.append(key=b"reference", value=value, timestamp=None) for value in parcel)
    # The size above is the journal's own.
    assert Journal("nowhere:1", 2, Meters(SPECS)).partitions == 2


def test_confirmations_make_a_parcel_complete() -> None:
    parcel = Parcel(7, (b"a", b"b"), 0, {0, 1, 2})
    parcel.confirm(1, 40)
    assert (parcel.todo, parcel.unrecorded, parcel.everywhere) == ({0, 2}, {1}, False)
    parcel.learn({0: 10, 1: 99})
    assert parcel.positions(1) == {0: 11, 1: 41}
    assert parcel.unrecorded == {1}
    parcel.confirm(2, 5)
    assert parcel.everywhere
