"""Writes an object-centric log as OCEL 2.0 JSON in bounded memory: events wait in a nameless file behind objects."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from zoneinfo import ZoneInfo

import orjson

from motcua.exporting.dossiers import Dossier
from motcua.exporting.logs.ocel import EVENT_TYPES, OBJECT_TYPES, AttributeType, Object, events_of, objects_of
from motcua.exporting.logs.ocel_ids import Named
from shared.instants import to_rfc3339
from shared.texts.signs import visible_json

__all__ = ["OcelJson"]


class OcelJson:
    """Takes dossiers; the log is whole after `finish`.

    Args:
        out: where to.
        folder: for events meanwhile; what is there vanishes with the process.
        zone: of local dates.
        simulated: whether the stack is.
    """

    def __init__(self, out: BinaryIO, folder: Path, zone: ZoneInfo, *, simulated: bool) -> None:
        self._out = out
        self._zone = zone
        self._simulated = simulated
        self._events = tempfile.TemporaryFile(dir=folder, prefix=".export-", buffering=1 << 18)  # noqa: SIM115
        self._named = Named()
        self._types: set[str] = set()
        self._separators = {"objects": b"\n", "events": b"\n"}
        self._out.write(b'{"objects":[')

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._events.close()

    def add(self, dossier: Dossier) -> None:
        """Write a dossier's objects, and keep its events.

        Raises:
            OSError: the disk is full.
        """
        for made in objects_of(dossier, self._zone, simulated=self._simulated):
            self._object(made)
        for event in events_of(dossier):
            types = EVENT_TYPES[event.type]
            self._types.add(event.type)
            self._named.see(event.relations)
            told = {
                "id": event.id,
                "type": event.type,
                "time": to_rfc3339(event.time),
                "attributes": [
                    {"name": name, "value": _value(value, types[name])} for name, value in event.attributes.items()
                ],
                "relationships": [{"objectId": one.object, "qualifier": one.qualifier} for one in event.relations],
            }
            self._member("events", self._events, told)

    def finish(self) -> None:
        """Write units and procedures, the events, and the types of both."""
        for made in self._named.objects(simulated=self._simulated):
            self._object(made)
        self._out.write(b'],\n"events":[')
        self._events.seek(0)
        shutil.copyfileobj(self._events, self._out, 1 << 20)
        self._out.write(b'],\n"objectTypes":' + _types(OBJECT_TYPES))
        self._out.write(b',\n"eventTypes":' + _types({name: EVENT_TYPES[name] for name in sorted(self._types)}))
        self._out.write(b"}\n")

    def _object(self, made: Object) -> None:
        types = OBJECT_TYPES[made.type]
        self._named.see(made.relations)
        told = {
            "id": made.id,
            "type": made.type,
            "attributes": [
                {
                    "name": one.name,
                    "time": to_rfc3339(one.time or 0),
                    "value": _value(one.value, types[one.name]),
                }
                for one in made.attributes
            ],
            "relationships": [{"objectId": one.object, "qualifier": one.qualifier} for one in made.relations],
        }
        self._member("objects", self._out, told)

    def _member(self, list_: str, out: Any, value: dict[str, Any]) -> None:
        out.write(self._separators[list_])
        out.write(visible_json(orjson.dumps(value).decode()).encode())
        self._separators[list_] = b",\n"


def _value(value: Any, kind: AttributeType) -> Any:
    return to_rfc3339(value) if kind == "time" else value


def _types(types: Any) -> bytes:
    return orjson.dumps(
        [
            {"name": name, "attributes": [{"name": one, "type": kind} for one, kind in attributes.items()]}
            for name, attributes in types.items()
        ]
    )
