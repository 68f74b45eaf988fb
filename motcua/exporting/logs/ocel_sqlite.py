"""Writes an object-centric log as an OCEL 2.0 database (SQLite): a table for each type, two for relations."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from motcua.exporting.dossiers import Dossier
from motcua.exporting.logs.ocel import EVENT_TYPES, OBJECT_TYPES, AttributeType, Object, events_of, objects_of
from motcua.exporting.logs.ocel_ids import Named
from shared.instants import to_rfc3339

__all__ = ["OcelSqlite"]

#: Rows held before they are inserted.
_ROWS: Final = 20_000
_KINDS: Final[Mapping[AttributeType, str]] = {
    "string": "TEXT",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMP",
}
_COMMON: Final = (
    'CREATE TABLE event_map_type ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT)',
    'CREATE TABLE object_map_type ("ocel_type" TEXT PRIMARY KEY, "ocel_type_map" TEXT)',
    (
        'CREATE TABLE event ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT,'
        ' FOREIGN KEY("ocel_type") REFERENCES event_map_type("ocel_type"))'
    ),
    (
        'CREATE TABLE object ("ocel_id" TEXT PRIMARY KEY, "ocel_type" TEXT,'
        ' FOREIGN KEY("ocel_type") REFERENCES object_map_type("ocel_type"))'
    ),
    (
        'CREATE TABLE event_object ("ocel_event_id" TEXT, "ocel_object_id" TEXT, "ocel_qualifier" TEXT,'
        ' PRIMARY KEY("ocel_event_id", "ocel_object_id", "ocel_qualifier"),'
        ' FOREIGN KEY("ocel_event_id") REFERENCES event("ocel_id"),'
        ' FOREIGN KEY("ocel_object_id") REFERENCES object("ocel_id"))'
    ),
    (
        'CREATE TABLE object_object ("ocel_source_id" TEXT, "ocel_target_id" TEXT, "ocel_qualifier" TEXT,'
        ' PRIMARY KEY("ocel_source_id", "ocel_target_id", "ocel_qualifier"),'
        ' FOREIGN KEY("ocel_source_id") REFERENCES object("ocel_id"),'
        ' FOREIGN KEY("ocel_target_id") REFERENCES object("ocel_id"))'
    ),
)


class OcelSqlite:
    """Takes dossiers; the database is whole after `finish`.

    Args:
        path: an empty file.
        zone: of local dates.
        simulated: whether the stack is.
    """

    def __init__(self, path: Path, zone: ZoneInfo, *, simulated: bool) -> None:
        self._zone = zone
        self._simulated = simulated
        self._named = Named()
        self._rows: defaultdict[str, list[Sequence[Any]]] = defaultdict(list)
        self._held = 0
        self._types: set[str] = set()
        self._database = sqlite3.connect(path, isolation_level=None)
        # A log that is not finished is thrown away, so nothing has to be safe in between.
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("BEGIN")
        for statement in _COMMON:
            self._database.execute(statement)
        for name, attributes in OBJECT_TYPES.items():
            self._type("object", name, attributes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, dossier: Dossier) -> None:
        """Write a dossier's objects and events.

        Raises:
            sqlite3.Error: the disk is full.
        """
        for made in objects_of(dossier, self._zone, simulated=self._simulated):
            self._object(made)
        for event in events_of(dossier):
            types = EVENT_TYPES[event.type]
            if event.type not in self._types:
                self._types.add(event.type)
                self._type("event", event.type, types)
            self._named.see(event.relations)
            self._insert("event", (event.id, event.type))
            cells = (_value(event.attributes.get(name), kind) for name, kind in types.items())
            self._insert(f"event_{_table(event.type)}", (event.id, to_rfc3339(event.time), *cells))
            for one in event.relations:
                self._insert("event_object", (event.id, one.object, one.qualifier))
        if self._held > _ROWS:
            self._flush()

    def finish(self) -> None:
        """Write units and procedures, and close the transaction."""
        for made in self._named.objects(simulated=self._simulated):
            self._object(made)
        self._flush()
        self._database.execute("COMMIT")

    def _object(self, made: Object) -> None:
        self._named.see(made.relations)
        self._insert("object", (made.id, made.type))
        types = OBJECT_TYPES[made.type]
        first = {one.name: one.value for one in made.attributes if one.time is None}
        rows: list[tuple[int, str | None, dict[str, Any]]] = [(0, None, first)]
        rows += [(one.time, one.name, {one.name: one.value}) for one in made.attributes if one.time is not None]
        for time, changed, values in rows:
            cells = (_value(values.get(name), kind) for name, kind in types.items())
            self._insert(f"object_{_table(made.type)}", (made.id, to_rfc3339(time), changed, *cells))
        for one in made.relations:
            self._insert("object_object", (made.id, one.object, one.qualifier))

    def _type(self, what: str, name: str, attributes: Mapping[str, AttributeType]) -> None:
        members = {"ocel_id": "TEXT PRIMARY KEY" if what == "event" else "TEXT", "ocel_time": "TIMESTAMP"}
        members |= {"ocel_changed_field": "TEXT"} if what == "object" else {}
        members |= {name: _KINDS[kind] for name, kind in attributes.items()}
        told = ", ".join(f'"{name}" {kind}' for name, kind in members.items())
        self._database.execute(
            f'CREATE TABLE "{what}_{_table(name)}" ({told}, FOREIGN KEY("ocel_id") REFERENCES {what}("ocel_id"))'
        )
        self._insert(f"{what}_map_type", (name, _table(name)))

    def _insert(self, table: str, row: Sequence[Any]) -> None:
        self._rows[table].append(row)
        self._held += 1

    def _flush(self) -> None:
        for table, rows in self._rows.items():
            marks = ",".join("?" * len(rows[0]))
            self._database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608 - our own names
        self._rows.clear()
        self._held = 0


def _table(type_: str) -> str:
    """A type's part of its table's name."""
    return re.sub("[^a-z]", "_", type_)


def _value(value: Any, kind: AttributeType) -> Any:
    return to_rfc3339(value) if kind == "time" and value is not None else value
