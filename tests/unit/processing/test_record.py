"""What is an entry and what is not, its content hash, and its stored form."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processing.record import EntryRecord, Unreadable, from_stored, read_entry, to_stored
from shared.contract.entries import ENTRY_ADAPTER, content_hash
from shared.instants import parse_instant
from tests.unit.processing.strategies import as_bytes, entry

GOOD: dict[str, Any] = {
    "specversion": "1.0",
    "type": "step.assigned",
    "source": "one-stop",
    "id": "1",
    "subject": "H44-1",
    "time": "2026-11-16T09:00:00+07:00",
    "sender": "s1",
    "recordedtime": "2026-11-16T02:00:01Z",
    "revision": 3,
    "sequence": -2,
    "simulated": True,
    "data": {"step": "check", "unit": "H44", "budget": None},
}


def test_reads_every_part() -> None:
    record = read_entry(orjson.dumps(GOOD), 77)
    assert (record.type, record.source, record.id, record.subject) == ("step.assigned", "one-stop", "1", "H44-1")
    assert (record.time, record.recorded) == (
        parse_instant("2026-11-16T02:00:00Z"),
        parse_instant("2026-11-16T02:00:01Z"),
    )
    assert (record.revision, record.sequence, record.sender, record.simulated) == (3, -2, "s1", True)
    assert (record.data, record.offset) == ({"step": "check", "unit": "H44"}, 77)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b'{"type":', "not_json"),
        (b"NaN", "not_json"),
        (b"[]", "malformed"),
        (b"null", "malformed"),
        (b"{}", "unknown_type"),
        (orjson.dumps(GOOD | {"type": "dossier.burnt"}), "unknown_type"),
        (orjson.dumps(GOOD | {"type": ["dossier.accepted"]}), "unknown_type"),
        (orjson.dumps({k: v for k, v in GOOD.items() if k != "data"}), "malformed"),
        (orjson.dumps(GOOD | {"time": "2026-11-16T09:00:00"}), "malformed"),
        (orjson.dumps(GOOD | {"revision": -1}), "malformed"),
        (orjson.dumps(GOOD | {"surprise": 1}), "malformed"),
        (orjson.dumps(GOOD | {"data": {"step": "check"}}), "malformed"),
        (orjson.dumps(GOOD | {"data": {"step": "check", "unit": "u", "name": "Nguyễn Văn A"}}), "malformed"),
    ],
)
def test_anything_else_is_unreadable_with_its_reason(value: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_entry(value, 0)
    assert caught.value.reason == reason
    assert "Nguyễn" not in caught.value.detail


@given(st.binary(max_size=200))
def test_random_bytes_never_raise_anything_else(value: bytes) -> None:
    with pytest.raises(Unreadable):
        read_entry(value, 0)


@given(entry())
def test_hash_is_that_of_the_contract_and_stored_form_returns(made: dict[str, Any]) -> None:
    record = read_entry(as_bytes(made), 5)
    assert record.hash == content_hash(made["type"], ENTRY_ADAPTER.validate_python(made).time, made["data"])
    stored = to_stored(record)
    again = from_stored(orjson.loads(orjson.dumps(stored)))
    assert isinstance(again, EntryRecord)
    assert again == record
    assert again.key == record.key


def test_minutes_given_as_text_count_as_minutes_but_not_as_the_same_content() -> None:
    number = read_entry(orjson.dumps(GOOD | {"data": GOOD["data"] | {"budget": 90}}), 0)
    text = read_entry(orjson.dumps(GOOD | {"data": GOOD["data"] | {"budget": "90"}}), 0)
    assert number.data == text.data
    assert number.hash != text.hash
