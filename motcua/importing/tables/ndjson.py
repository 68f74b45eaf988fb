"""NDJSON lines into entries: CloudEvents, or lines of a journal export. Knows no mapping.

What intake stamps (recordedtime, sender, grant) is dropped, since the importer's own stamps will stand there. Clock
entries are left out: a live stack has its ticker, and an import on the data's clock ticks by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from motcua.importing.mapping.contract_fields import LARGEST_ENTRY
from motcua.importing.mapping.translate import Prepared
from motcua.importing.reasons import ImportFailed, Reason, Refused, reason_of, reason_of_field_errors
from motcua.importing.report.names import Names
from motcua.importing.report.notebook import Notebook
from motcua.importing.report.watch import WATCHED, Watch
from motcua.importing.seen import Seen
from motcua.importing.tables.header import Places
from motcua.importing.tables.source import DataFile, reading
from shared.contract.entries import CLOCK_TYPES, ENTRY_MODELS, REFERENCE_TYPES, read_sent
from shared.contract.envelope import LONGEST_GRANT
from shared.contract.normal_form import bring_to_form
from shared.instants import from_datetime

__all__ = ["NdjsonLines"]

#: An exported line is an entry with what intake stamped, and its position.
_LONGEST_LINE = LARGEST_ENTRY + LONGEST_GRANT + 4_096
_STAMPED = ("recordedtime", "sender", "grant")


class NdjsonLines:
    """The entries in a file of JSON lines.

    Raises:
        ImportFailed: the file cannot be read, or its first line is no JSON object.
    """

    def __init__(self, path: Path) -> None:
        self._data = DataFile(path)
        self._line = 0
        self._seen = Seen(WATCHED)
        self._notebook = Notebook()
        self._watch = Watch(self._notebook, self._seen)
        #: Lines read, blank ones and clock entries included.
        self.rows = 0
        #: Clock entries left out, and the latest instant among the ticks.
        self.clock_entries = 0
        self.last_clock: int | None = None
        try:
            with reading(path):
                start = self._data.content.read(64)
                self._data.content.seek(0)
        except ImportFailed:
            self.close()
            raise
        if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
            self.close()
            raise ImportFailed("needs_mapping", file=str(path))

    @property
    def dossiers(self) -> int:
        """Distinct subjects met, those of reference entries left out: they are units, procedures, calendars."""
        return self._seen.dossiers

    @property
    def filtered(self) -> int:
        """Rows left out by a mapping: none here."""
        return 0

    @property
    def places(self) -> Places:
        """How lines are told."""
        return Places()

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What people should know of how the file was read: nothing."""
        return ()

    @property
    def noted(self) -> tuple[Reason, ...]:
        """What people should know of what the file holds, as far as it was read."""
        return tuple(self._notebook.reasons(self.places))

    @property
    def names(self) -> Names:
        """Units and procedures that the entries name."""
        return self._watch.names

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._data.position

    @property
    def size(self) -> int:
        """Bytes of the file on disk."""
        return self._data.size

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def items(self) -> Iterator[Prepared | Refused]:
        """Entries, and the lines that are none, in the order of the file.

        Raises:
            ImportFailed: the file is damaged or went away while it was read.
        """
        while True:
            with reading(self._data.path):
                line = self._data.content.readline(_LONGEST_LINE)
                whole = line.endswith(b"\n") or len(line) < _LONGEST_LINE
                rest = line
                while not whole and rest and not rest.endswith(b"\n"):
                    rest = self._data.content.readline(_LONGEST_LINE)
            if not line:
                return
            self._line += 1
            self.rows += 1
            if not whole:
                yield self._refused(Reason("entry_too_large", {"limit": LARGEST_ENTRY}))
                continue
            if self._line == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip():
                made = self._item(line)
                if made is not None:
                    yield made

    def _refused(self, reason: Reason, type_: str | None = None, subject: str | None = None) -> Refused:
        return Refused(self._line, self._line, reason, type_, subject)

    def _item(self, line: bytes) -> Prepared | Refused | None:
        try:
            read: Any = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            return self._refused(Reason("line_not_json", {"reason": str(error)}))
        if isinstance(read, dict) and isinstance(read.get("entry"), dict) and "offset" in read:
            read = read["entry"]
        if not isinstance(read, dict):
            return self._refused(Reason("line_not_json", {"reason": type(read).__name__}))
        return self._entry({name: value for name, value in read.items() if name not in _STAMPED})

    def _entry(self, entry: dict[str, Any]) -> Prepared | Refused | None:
        type_, subject = (value if isinstance(value := entry.get(name), str) else None for name in ("type", "subject"))
        if type_ is not None and type_ not in ENTRY_MODELS:
            return self._refused(Reason("unknown_type", {"value": type_}), type_, subject)
        brought = bring_to_form(entry)
        if brought.faults:
            return self._refused(reason_of(brought.faults[0]), type_, subject)
        payload = orjson.dumps(entry)
        if len(payload) > LARGEST_ENTRY:
            return self._refused(Reason("entry_too_large", {"limit": LARGEST_ENTRY}), type_, subject)
        try:
            model = read_sent(payload)
        except ValidationError as error:
            reason = reason_of_field_errors(error.errors(include_url=False), skip=0 if type_ is None else 1)
            return self._refused(reason, type_, subject)
        time = from_datetime(model.time)
        if model.type in CLOCK_TYPES:
            self._note_clock(model.type, time)
            return None
        place = 0 if model.type in REFERENCE_TYPES else self._seen.place(model.subject)
        self._watch.see(model.type, place, time, entry.get("data"), self._line, retyped=bool(brought.changed))
        simulated = model.simulated is True
        return Prepared(
            self._line, self._line, time, model.sequence, model.type, model.source, model.subject, simulated, payload
        )

    def _note_clock(self, type_: str, time: int) -> None:
        self.clock_entries += 1
        if type_ == "clock.ticked":
            self.last_clock = time if self.last_clock is None else max(time, self.last_clock)
