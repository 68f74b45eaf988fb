"""The tables of an export: their columns with types, and the rows that entries and facts become. Pure.

Instants are UTC microseconds here; how they are written is the writers'.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

import orjson

from motcua.exporting.dossiers import Facts, RawRecord
from motcua.exporting.entries import Entry
from motcua.exporting.judged import class_by_date, delay_of, late_by_instant, on_time_by_instant
from shared.instants import parse_instant
from shared.populations.all import POPULATIONS
from shared.populations.dossiers import DOSSIERS
from shared.populations.fact import Flag, Instant, Population, Whole
from shared.populations.indicators import INDICATORS
from shared.populations.petitions import PETITIONS

__all__ = [
    "FACT_TABLES",
    "JOURNAL",
    "RAW",
    "Column",
    "FactTable",
    "Row",
    "entry_row",
    "raw_row",
]

ColumnKind = Literal["text", "integer", "boolean", "time"]
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name and what its cells are; a cell may always be empty. JSON is text."""

    name: str
    kind: ColumnKind = "text"


def _columns(*names: str) -> tuple[Column, ...]:
    """Columns from names, with `:integer`, `:boolean`, `:time` behind those that are no text."""
    parts = (name.partition(":") for name in names)
    return tuple(Column(name, kind if kind in get_args(ColumnKind) else "text") for name, _, kind in parts)  # type: ignore[arg-type]


#: Members of entry data that have columns of their own, by column; `data` has them all.
_MEMBERS: Final = {
    "procedure": "procedure",
    "channel": "channel",
    "unit": "unit",
    "receiving_unit": "receiving_unit",
    "step": "step",
    "to_step": "to",
    "promised_due": "promised_due",
    "statutory_due": "statutory_due",
    "reason": "reason",
    "petition": "petition",
}

_ENTRY: Final = ("subject", "type", "time:time", "recorded_at:time", "source", "id", "revision:integer")
_REST: Final = ("sequence:integer", "sender", "grant", "simulated:boolean", *_MEMBERS, "budget_minutes:integer", "data")
JOURNAL: Final = _columns("partition:integer", "offset:integer", *_ENTRY, *_REST)
RAW: Final = _columns("partition:integer", "offset:integer", "appended_at:time", "problem", *_ENTRY, *_REST)


def entry_row(entry: Entry) -> Row:
    """The row of the journal table for an entry that holds."""
    data = entry.data or {}
    return [
        entry.place.partition,
        entry.place.offset,
        entry.subject,
        entry.type,
        entry.time,
        entry.recorded,
        entry.source,
        entry.id,
        entry.revision,
        entry.sequence,
        entry.sender,
        entry.grant,
        entry.simulated,
        *(data.get(member) for member in _MEMBERS.values()),
        data.get("budget"),
        _json(entry.data),
    ]


def raw_row(record: RawRecord) -> Row:
    """The row for a record as it stands; what is of another type than its column is left to `data`."""
    raw = record.value or {}
    data = raw.get("data")
    members = data if isinstance(data, dict) else {}
    return [
        record.place.partition,
        record.place.offset,
        record.place.appended,
        record.problem,
        _text(raw.get("subject")),
        _text(raw.get("type")),
        _instant(raw.get("time")),
        _instant(raw.get("recordedtime")),
        _text(raw.get("source")),
        _text(raw.get("id")),
        _integer(raw.get("revision", 0)),
        _integer(raw.get("sequence", 0)),
        _text(raw.get("sender")),
        _text(raw.get("grant")),
        raw.get("simulated") is True,
        *(_text(members.get(member)) for member in _MEMBERS.values()),
        _integer(members.get("budget")),
        _json(data) if "data" in raw else None,
    ]


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < 2**63 else None


def _instant(value: Any) -> int | None:
    try:
        return parse_instant(value)
    except (TypeError, ValueError):
        return None


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


@dataclass(frozen=True, slots=True)
class FactTable:
    """A table of facts of a population: its columns, and the rows of one case by its facts and the stack's zone."""

    columns: tuple[Column, ...]
    rows: Callable[[str, int, Facts, ZoneInfo], Iterator[Row]]
    population: Population = DOSSIERS


def _row_columns(population: Population) -> Iterator[Column]:
    """The facts of a row as they are declared, lists as JSON; steps have a table of their own."""
    for fact in population.facts:
        match fact.form:
            case Instant():
                yield Column(fact.wire, "time")
            case Flag():
                yield Column(fact.wire, "boolean")
            case Whole():
                yield Column(fact.wire, "integer")
            case _ if fact.wire != "steps":
                yield Column(fact.wire)


_ROW: Final = tuple(_row_columns(DOSSIERS))
_LISTS: Final = frozenset(fact.wire for one in POPULATIONS for fact in one.facts if fact.missing == ())
#: What a missing number counts.
_DEFAULTS: Final = {fact.wire: fact.default for one in POPULATIONS for fact in one.facts if fact.default is not None}
_PLACE: Final = ("epoch:integer", "partition:integer", "offset:integer")
_OWN: Final = _columns(
    "on_time_by_instant:boolean",
    "class_by_date",
    "delay_us:integer",
    *_PLACE,
)


def _cell(column: Column, row: dict[str, Any]) -> Any:
    value = row.get(column.name, _DEFAULTS.get(column.name))
    if column.name in _LISTS:
        return _json(value or [])
    if column.kind == "boolean":
        return bool(value)
    if value is None or (column.kind == "text" and isinstance(value, str)):
        return value
    return parse_instant(value) if column.kind == "time" else value if column.kind == "integer" else _json(value)


def _dossiers(_code: str, partition: int, facts: Facts, zone: ZoneInfo) -> Iterator[Row]:
    row = facts.row
    yield [
        *(_cell(column, row) for column in _ROW),
        on_time_by_instant(row),
        class_by_date(row, zone),
        delay_of(row),
        facts.epoch,
        partition,
        facts.offset,
    ]


def _plain(population: Population) -> FactTable:
    """A table with a row for each case of a population that nothing is judged of beside its facts."""
    own = tuple(_row_columns(population))

    def rows(_code: str, partition: int, facts: Facts, _zone: ZoneInfo) -> Iterator[Row]:
        yield [*(_cell(column, facts.row) for column in own), facts.epoch, partition, facts.offset]

    return FactTable((*own, *_columns(*_PLACE)), rows, population)


def _no_members(_row: dict[str, Any]) -> list[dict[str, Any]]:
    return []


def _no_delay(row: dict[str, Any]) -> list[dict[str, Any]]:
    """A late dossier without working time after its due has no parts; it is listed with its unit and none."""
    return [{"unit": row.get("unit"), "delay_us": 0}] if late_by_instant(row) else []


def _members(
    list_: str, *names: str, missing: Callable[[dict[str, Any]], list[dict[str, Any]]] = _no_members
) -> FactTable:
    """A table with a row for each member of a list in the fact rows, the dossier and its unit beside.

    Args:
        list_: the list.
        names: of its members, with their kinds.
        missing: what stands for an empty list.
    """
    own = _columns(*names)
    head = _columns("code", "accountable_unit", "simulated:boolean")

    def rows(code: str, _partition: int, facts: Facts, _zone: ZoneInfo) -> Iterator[Row]:
        row = facts.row
        for member in row.get(list_) or missing(row):
            cells = {column.name: member.get(_WIRE.get(column.name, column.name)) for column in own}
            told = (
                parse_instant(value)
                if column.kind == "time" and (value := cells[column.name]) is not None
                else _counted(column, cells[column.name])
                for column in own
            )
            yield [code, row.get("unit"), bool(row.get("simulated")), *told]

    return FactTable((*head, *own), rows)


#: Columns whose name says more than the member's on the wire.
_WIRE: Final = {"budget_minutes": "budget", "rejection": "code"}


def _counted(column: Column, value: Any) -> Any:
    """A cell; where the wire leaves out what has its default, the default."""
    if value is None and column.name == "occurrence":
        return 1
    return bool(value) if column.kind == "boolean" else value


#: Tables by the word that names them in the command.
FACT_TABLES: Final[dict[str, FactTable]] = {
    "facts": FactTable((*_ROW, *_OWN), _dossiers),
    "steps": _members(
        "steps",
        "step",
        "unit",
        "role",
        "occurrence:integer",
        "planned:boolean",
        "assigned_at:time",
        "completed_at:time",
        "sent_back_at:time",
        "ended_at:time",
        "outcome",
        "budget_minutes:integer",
        "due:time",
        "used_us:integer",
        "over_us:integer",
    ),
    "blame": _members("blame", "unit", "delay_us:integer", missing=_no_delay),
    "rejections": _members("rejections", "rejection", "source", "id", "step", "unit", "owner"),
    "petitions": _plain(PETITIONS),
    "entered": _plain(INDICATORS),
}
