"""Lifecycle records for tests, as processing writes them, and bad ones."""

from __future__ import annotations

import json
from typing import Any

import orjson

from shared.contract.lifecycle import LIFECYCLE_ADAPTER
from shared.instants import to_rfc3339

__all__ = ["BAD", "clock_record", "row_record"]


def row_record(code: str, offset: int, *, partition: int = 0, epoch: int = 1, index: int = 0, **row: Any) -> bytes:
    """A dossier.changed event with the given members of its row."""
    plain = {"code": code, "status": 4, "unit": "H44.01", "channel": "online", "entries": 1}
    plain |= {"accepted_at": "2026-08-03T01:00:00.000000Z", "procedure": "2.000815"}
    cause = {"epoch": epoch, "partition": partition, "offset": offset, "index": index}
    data = {"cause": cause, "row": plain | row, "happened": []}
    return _event("dossier.changed", code, f"e{epoch}-{partition}-{offset}-{code}-{index}", data)


def clock_record(partition: int, offset: int, clock: int, *, epoch: int = 1) -> bytes:
    """A clock.advanced event."""
    cause = {"epoch": epoch, "partition": partition, "offset": offset, "index": 0}
    data = {"cause": cause, "clock": to_rfc3339(clock)}
    return _event("clock.advanced", f"clock:{partition}", f"e{epoch}-{partition}-{offset}-clock", data)


def _event(kind: str, subject: str, identity: str, data: dict[str, Any]) -> bytes:
    event = {
        "specversion": "1.0",
        "id": identity,
        "source": "motcua/processing/e1",
        "subject": subject,
        "time": "2026-08-03T01:00:00.000000Z",
        "type": kind,
        "data": data,
    }
    # Test records are lifecycle records by the contract, or the tests prove nothing.
    LIFECYCLE_ADAPTER.validate_python(event, strict=False)
    return orjson.dumps(event)


def _spoilt(path: str, value: Any) -> bytes:
    event = orjson.loads(row_record("a", 1))
    *parents, last = path.split(".")
    part = event
    for name in parents:
        part = part[name]
    part[last] = value
    # Not orjson, which refuses integers beyond 64 bits.
    return json.dumps(event).encode()


#: Key, value and the reason of records that cannot be used on partition 0 of epoch 1.
BAD: list[tuple[bytes | None, bytes | None, str]] = [
    (b"a", None, "tombstone"),
    (b"a", b"", "not_json"),
    (b"a", b"\x00\xff\xfe", "not_json"),
    (b"a", b'{"type": "dossier.changed"', "not_json"),
    (b"a", b"[" * 100_000, "not_json"),
    (b"a", b"[]", "malformed"),
    (b"a", b"null", "malformed"),
    (b"a", b'{"type": "dossier.vanished", "data": {}}', "malformed"),
    (b"a", b'{"type": "dossier.changed"}', "malformed"),
    (b"a", _spoilt("data.row.due", "soon"), "malformed"),
    (b"a", _spoilt("data.row.due", "2026-08-03T01:00:00"), "malformed"),
    (b"a", _spoilt("data.row.due", 5), "malformed"),
    (b"a", _spoilt("data.row.status", 11), "malformed"),
    (b"a", _spoilt("data.row.channel", "pigeon"), "malformed"),
    (b"a", _spoilt("data.row.finish", "done"), "malformed"),
    (b"a", _spoilt("data.row.pauses", [["2026-08-03T01:00:00Z"]]), "malformed"),
    (b"a", _spoilt("data.row.findings", [{"code": 1}]), "malformed"),
    (b"a", _spoilt("data.row.holders", "H44"), "malformed"),
    (b"a", _spoilt("data.row.limit", "soon"), "malformed"),
    (b"a", _spoilt("data.row.steps", [{"unit": "H44"}]), "malformed"),
    (b"a", _spoilt("data.row.steps", [{"step": "Ký", "budget": -1}]), "malformed"),
    (b"a", _spoilt("data.row.steps", [{"step": "Ký", "ended_at": "later"}]), "malformed"),
    (b"a", _spoilt("data.row.steps", [{"step": "Ký", "outcome": "lost"}]), "malformed"),
    (b"a", _spoilt("data.row.blame", [{"unit": "H44"}]), "malformed"),
    (b"a", _spoilt("data.cause.offset", 2**70), "malformed"),
    (b"a", _spoilt("data.cause.offset", -1), "malformed"),
    (b"a", _spoilt("data.cause.epoch", 2), "wrong_epoch"),
    (b"a", _spoilt("data.cause.partition", 3), "wrong_partition"),
    (b"b", row_record("a", 1), "wrong_key"),
    (None, row_record("a", 1), "wrong_key"),
    (b"clock:1", clock_record(0, 1, 0), "wrong_key"),
]
