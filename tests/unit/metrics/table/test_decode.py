"""Reading lifecycle records: exact instants, and a reason for everything that cannot be used."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.table.columns import SEPARATOR
from services.metrics.table.decode import Batch, Decoder, PartitionClock, Unusable
from services.metrics.table.facts import Fact, FactTable
from services.metrics.table.periods import NEVER
from shared.instants import parse_instant
from tests.unit.metrics.build import ZONE, unhurried
from tests.unit.metrics.records import BAD, clock_record, row_record

FULL: dict[str, Any] = {
    "status": 9,
    "accepted_at": "2026-08-03T01:00:00.123456Z",
    "finished_at": "2026-08-10T08:00:00+07:00",
    "finish": "returned",
    "judged_at": "2026-08-09T01:00:00Z",
    "due": "2026-08-10T10:00:00.000001Z",
    "due_original": "2026-08-08T10:00:00Z",
    "pauses": [["2026-08-04T01:00:00Z", "2026-08-05T01:00:00Z"], ["2026-08-09T01:00:00Z", None]],
    "second_request_at": "2026-08-11T01:00:00Z",
    "findings": [{"code": code, "source": "s", "id": "1"} for code in ("second_end", "late", "second_end")],
    "simulated": True,
    "limit": "2026-08-12T10:00:00Z",
    "submitted_at": "2026-08-02T01:00:00Z",
    "intake_due": "2026-08-03T10:00:00Z",
    "intake_ended_at": "2026-08-03T01:00:00Z",
    "apologised_at": "2026-08-09T01:00:00Z",
    "holders": ["H44.01", "H44.100"],
    "handed_over_from": ["H44.02", "H44.03"],
    "steps": [
        {
            "step": "Thẩm định",
            "unit": "H44.01",
            "occurrence": 2,
            "planned": True,
            "assigned_at": "2026-08-03T01:00:00Z",
            "ended_at": "2026-08-04T01:00:00Z",
            "outcome": "completed",
            "budget": 480,
            "due": "2026-08-04T00:00:00Z",
            "used_us": 7,
            "over_us": 5,
        },
        {"step": "Ký", "unit": None, "assigned_at": "2026-08-04T01:00:00Z", "budget": 2**40},
    ],
    "blame": [{"unit": "H44.01", "delay_us": 3}, {"unit": None, "delay_us": 4}],
}


def test_a_full_row() -> None:
    found = Decoder(1)(2, b"H44-1", row_record("H44-1", 7, partition=2, index=3, **FULL))
    assert isinstance(found, Fact)
    assert (found.code, found.partition, found.offset, found.running) == ("H44-1", 2, 7, 3)
    assert (found.unit, found.procedure, found.channel) == ("H44.01", "2.000815", 1)
    assert (found.status, found.finish, found.simulated) == (9, 2, True)
    assert found.accepted == parse_instant("2026-08-03T01:00:00.123456Z")
    assert found.finished == parse_instant("2026-08-10T01:00:00Z")
    assert found.judged == parse_instant("2026-08-09T01:00:00Z")
    assert found.due == parse_instant("2026-08-10T10:00:00.000001Z")
    assert found.waiting == NEVER
    assert found.findings == f"late{SEPARATOR}second_end"
    assert found.pauses[1] == (parse_instant("2026-08-09T01:00:00Z"), NEVER)
    times = ("2026-08-12T10:00:00Z", "2026-08-02T01:00:00Z", "2026-08-03T10:00:00Z", "2026-08-03T01:00:00Z")
    assert (found.limit, found.submitted, found.intake_due, found.intake_ended) == tuple(map(parse_instant, times))
    assert found.apologised == parse_instant("2026-08-09T01:00:00Z")
    assert found.holders == f"H44.01{SEPARATOR}H44.100"
    assert found.former == f"H44.02{SEPARATOR}H44.03"
    assert found.blame == [("H44.01", 3), (None, 4)]
    first, second = found.steps
    began, ended = parse_instant("2026-08-03T01:00:00Z"), parse_instant("2026-08-04T01:00:00Z")
    due = parse_instant("2026-08-04T00:00:00Z")
    assert first == ("Thẩm định", "H44.01", 2, True, began, ended, due, 480, 7, 5, 1)
    # A budget of ages is kept as the longest the column holds.
    assert second == ("Ký", None, 1, False, ended, NEVER, NEVER, 2**31 - 1, 0, 0, 0)


def test_members_may_be_absent_or_null() -> None:
    sparse = orjson.loads(row_record("a", 1))
    sparse["data"]["row"] = {"code": "a", "status": 1}
    absent = Decoder(1)(0, b"a", orjson.dumps(sparse))
    absent_members: dict[str, Any] = dict.fromkeys(("unit", "channel", "accepted_at", "due", "finish", "procedure"))
    null = Decoder(1)(0, b"a", row_record("a", 1, status=1, **absent_members))
    assert absent == null


def test_a_clock() -> None:
    assert Decoder(1)(3, b"clock:3", clock_record(3, 12, 1_000_000)) == PartitionClock(12, 1_000_000)


@pytest.mark.parametrize(("key", "value", "reason"), BAD)
def test_what_cannot_be_used_has_its_reason(key: bytes | None, value: bytes | None, reason: str) -> None:
    with pytest.raises(Unusable) as caught:
        Decoder(1)(0, key, value)
    assert caught.value.reason == reason
    assert caught.value.detail


@unhurried
@given(st.binary(max_size=200), st.one_of(st.none(), st.binary(max_size=10)))
def test_random_bytes_are_never_anything_else(value: bytes, key: bytes | None) -> None:
    with pytest.raises(Unusable):
        Decoder(1)(0, key, value)


@unhurried
@given(st.integers(0, 1_000), st.binary(min_size=1, max_size=3))
def test_spoilt_bytes_of_a_good_record_never_crash(place: int, noise: bytes) -> None:
    value = bytearray(row_record("a", 1, **FULL))
    value[place % len(value) : place % len(value) + len(noise)] = noise
    try:
        found = Decoder(1)(0, b"a", bytes(value))
    except Unusable:
        return
    assert isinstance(found, Fact)
    # What was let through fits into the table's columns.
    assert FactTable(ZONE).apply([found]) == 1


class _Keyed(NamedTuple):
    key: bytes | None
    value: bytes | None


def _good(number: int, offset: int) -> _Keyed:
    code = f"H44-{number}"
    return _Keyed(code.encode(), row_record(code, offset, **FULL | {"status": 1 + offset % 9}))


_RECORDS = st.lists(
    st.one_of(
        st.builds(_good, st.integers(0, 5), st.integers(0, 400)),
        st.sampled_from([_Keyed(key, value) for key, value, _ in BAD]),
        st.builds(lambda offset: _Keyed(b"clock:0", clock_record(0, offset, 1_000_000)), st.integers(0, 400)),
    ),
    max_size=150,
)


@unhurried
@given(_RECORDS, st.integers(0, 400))
def test_many_records_at_once_are_read_as_one_by_one(records: list[_Keyed], end: int) -> None:
    batch, decoder, one = Batch({0: end}), Decoder(1), Decoder(1)
    decoder.read_many(batch, 0, records)
    rows, clocks, dead = [], [], []
    for record in records:
        try:
            found = one.read(0, record.key, record.value)
        except Unusable as unusable:
            dead.append((record, unusable.reason, unusable.detail))
            continue
        if found.offset >= end:
            continue
        if isinstance(found, PartitionClock):
            clocks.append((0, found))
        else:
            rows.append(found)
    false = [each for each in batch.dead if each[1].reason == "cause_beyond_journal"]
    assert sorted(dead, key=repr) == sorted(
        ((record, why.reason, why.detail) for record, why in batch.dead if (record, why) not in false), key=repr
    )
    assert len(false) == len(records) - len(rows) - len(clocks) - len(dead)
    assert batch.clocks == clocks
    assert batch.rows[0] == len(rows)
    causes = [row.offset for row in rows] + [clock.offset for _, clock in clocks]
    assert batch.highest.get(0, -1) == max(causes, default=-1)
    newest = {found.code: found.offset for found in sorted(rows, key=lambda found: found.offset)}
    assert {fact.code: fact.offset for fact in batch.facts()} == newest
    assert {fact.status for fact in batch.facts()} == {1 + offset % 9 for offset in newest.values()}


def test_many_different_instants_do_not_pile_up() -> None:
    decoder = Decoder(1)
    for number in range(100_100):
        decoder(
            0,
            b"clock:0",
            b'{"type":"clock.advanced","data":{"cause":{"epoch":1,"partition":0,"offset":1},'
            b'"clock":"2026-08-03T01:00:00.%06dZ"}}' % number,
        )
    assert len(decoder._instants) <= 100_001
