"""How accepted reference entries are read back: by the contract of their time, and what they would be if sent now."""

from __future__ import annotations

import orjson

from shared.contract.entries import ENTERED_TYPES
from shared.contract.normal_form import bring_to_form
from shared.logging import get_logger
from shared.reference.entry import ReferenceEntry

__all__ = ["digest_in_form", "read_accepted"]

_log = get_logger("intake.registry")


def read_accepted(value: bytes, number: int) -> ReferenceEntry | None:
    """The entry in a value of the parcel of a number; None where the contract of now does not know it."""
    try:
        return ReferenceEntry.of(value)
    except ValueError as error:
        if orjson.loads(value).get("type") in ENTERED_TYPES:
            return None  # told to every partition until figures from outside were cases
        # It was good by the contract of its time. It is sent all the same; who reads it there says what it means.
        _log.error("an accepted entry cannot be read", number=number, error=str(error)[:200])
        return None


def digest_in_form(entry: ReferenceEntry) -> str | None:
    """The digest of the same report sent now, where its texts would be brought to another form; None where not.

    Entries accepted before texts were kept in one form are sent again by the software and the files they came from.
    """
    sent = orjson.loads(entry.value)
    brought = bring_to_form(sent)
    if not brought.changed or brought.faults:
        return None
    return ReferenceEntry.of(orjson.dumps(sent)).digest
