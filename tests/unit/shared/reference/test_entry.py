"""Which bytes are reference entries, and which of two are the same report."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import orjson
import pytest

from services.processing.record import read_entry
from shared.reference import ReferenceEntry
from shared.reference.versions import NEVER, hold
from tests.unit.shared.reference.making import at, entry, procedure


def _raw(**members: Any) -> bytes:
    told = {
        "specversion": "1.0",
        "type": "unit.revised",
        "source": "ubnd",
        "id": "1",
        "subject": "H38",
        "time": "2026-01-01T08:00:00+07:00",
        "data": {"unit": "H38", "parent": None},
    }
    return orjson.dumps(told | members)


def test_a_reference_entry_is_read_as_processing_reads_it() -> None:
    value = _raw(revision=2, sequence=3)
    found, record = ReferenceEntry.of(value), read_entry(value, 0)
    assert (found.type, found.source, found.id, found.subject) == ("unit.revised", "ubnd", "1", "H38")
    assert (found.time, found.revision, found.sequence) == (at("01-01"), 2, 3)
    assert found.data == {"unit": "H38"}
    assert (found.hash, found.data, found.time) == (record.hash, record.data, record.time)
    assert found.value == value
    assert found.identity == ("H38", "ubnd", "1")


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"[]",
        b"{",
        _raw(type="unit.rewritten"),
        _raw(type="clock.ticked", data={}),
        _raw(type="dossier.resolved", data={}),
        _raw(data={"unit": "H38", "phone": "0905"}),
        _raw(data={}),
        _raw(time="2026-01-01T08:00:00"),
    ],
)
def test_anything_else_is_a_value_error(value: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        ReferenceEntry.of(value)


def test_equal_digests_are_the_same_report() -> None:
    first = procedure({"name": "A"})
    assert (
        procedure({"name": "A", "field": None}, sender="k", recordedtime="2026-02-02T00:00:00Z").digest == first.digest
    )
    others = [
        procedure({"name": "B"}),
        procedure({"name": "A"}, when="01-02"),
        procedure({"name": "A"}, revision=1),
        procedure({"name": "A"}, sequence=1),
        procedure({"name": "A"}, "p2"),
        procedure({"name": "A"}, source="so"),
        procedure({"name": "A"}, subject="x"),
        procedure(None),
    ]
    assert len({first.digest, *(other.digest for other in others)}) == len(others) + 1


def test_the_higher_revision_holds_then_the_smaller_hash_then_the_smaller_sequence() -> None:
    low, high = sorted((procedure({"name": "A"}), procedure({"name": "B"})), key=lambda found: found.hash)
    later = procedure(low.data, sequence=1)
    first = procedure({"name": "C"}, revision=1)
    assert first.beats(low)
    assert low.beats(high)
    assert low.beats(later)
    assert not later.beats(low)
    for chain in permutations((low, high, later)):
        assert hold(chain) == [(low, NEVER)]
    for chain in permutations((low, high, later, first)):
        assert hold(chain) == [(first, NEVER)]
    early = procedure(high.data, when="12-30", time="2025-12-30T00:00:00Z")
    for chain in permutations((low, early)):
        expected = [(early, NEVER)] if early.hash < low.hash else [(low, NEVER), (early, low.time)]
        assert hold(chain) == expected


def test_a_withdrawal_has_no_data() -> None:
    found = entry("rule.activated", None)
    assert (found.data, found.model) == (None, None)
