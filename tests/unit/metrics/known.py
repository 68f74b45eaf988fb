"""Reference entries for tests of figures: as in the journal, and as their set."""

from __future__ import annotations

from typing import Any

import orjson

from shared.contract.lifecycle import ReferenceRevised
from shared.reference.entry import ReferenceEntry
from shared.reference.known import EMPTY, ReferenceSet

__all__ = ["known", "procedure", "reference_record", "unit"]


def entry(kind: str, identity: str, data: dict[str, Any] | None, **extensions: Any) -> dict[str, Any]:
    """A reference entry of 2020, as in the journal."""
    return {
        "specversion": "1.0",
        "source": "registry",
        "id": identity,
        "subject": "reference",
        "time": "2020-01-01T00:00:00Z",
        "type": kind,
        "data": data,
        **extensions,
    }


def unit(code: str, **data: Any) -> dict[str, Any]:
    """A unit's version."""
    return entry("unit.revised", f"unit-{code}-{data.get('valid_from')}", {"unit": code, **data})


def procedure(code: str, version: str = "1", **data: Any) -> dict[str, Any]:
    """A procedure's version."""
    told = {"procedure": code, "version": version, **data}
    return entry("procedure.published", f"procedure-{code}-{version}", told)


def known(*entries: dict[str, Any]) -> ReferenceSet:
    """The set of these entries."""
    return EMPTY.with_entries(ReferenceEntry.of(orjson.dumps(one)) for one in entries)


def reference_record(
    one: dict[str, Any], *, partition: int = 0, epoch: int = 1, offset: int = 0
) -> tuple[bytes, bytes]:
    """Key and value of the record processing writes of an entry."""
    digest = ReferenceEntry.of(orjson.dumps(one)).digest
    event = {
        "specversion": "1.0",
        "id": f"e{epoch}-{partition}-{offset}-reference",
        "source": f"motcua/processing/e{epoch}",
        "subject": "reference",
        "time": "2026-08-03T01:00:00.000000Z",
        "type": "reference.revised",
        "data": {"cause": {"epoch": epoch, "partition": partition, "offset": offset, "index": 0}, "entry": one},
    }
    # Test records are those of the contract, or the tests prove nothing.
    ReferenceRevised.model_validate(event)
    return f"reference:{digest}".encode(), orjson.dumps(event)
