"""What an object-centric log (OCEL 2.0) says of dossiers: objects, events, and how they are related. Pure.

Objects are dossiers, their steps, petitions, units and procedures; an event is an entry that holds. The dossier that a
petition names is an attribute: it need not be in the log. How it is written is the writers' business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

import orjson

from motcua.exporting.dossiers import Dossier
from motcua.exporting.entries import Entry
from motcua.exporting.judged import class_by_date, on_time_by_instant
from shared.contract.entries import ENTRY_MODELS
from shared.instants import parse_instant

__all__ = ["EVENT_TYPES", "OBJECT_TYPES", "Change", "Event", "Object", "Relation", "events_of", "named", "objects_of"]

AttributeType = Literal["string", "integer", "boolean", "time"]


@dataclass(frozen=True, slots=True)
class Relation:
    """To which object, and as what."""

    object: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class Change:
    """An attribute's value from an instant on; from the beginning where `time` is None."""

    name: str
    value: Any
    time: int | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """A dossier, step, petition, unit or procedure."""

    id: str
    type: str
    attributes: list[Change] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Event:
    """An entry that holds; `time` in UTC microseconds, instants among attributes too."""

    id: str
    type: str
    time: int
    attributes: dict[str, Any]
    relations: list[Relation]


_CODE: Final[dict[str, AttributeType]] = {"code": "string", "simulated": "boolean"}
#: Attributes of the objects of each type.
OBJECT_TYPES: Final[Mapping[str, Mapping[str, AttributeType]]] = {
    "dossier": {
        **_CODE,
        "unit": "string",
        "channel": "string",
        "procedure": "string",
        "status": "integer",
        "accepted_at": "time",
        "due": "time",
        "finished_at": "time",
        "finish": "string",
        "on_time_by_instant": "boolean",
        "class_by_date": "string",
    },
    "step": {**_CODE, "step": "string", "unit": "string", "budget_minutes": "integer"},
    "petition": _CODE,
    "unit": _CODE,
    "procedure": _CODE,
}
#: What the models read as true.
_YES: Final = frozenset({"true", "1", "1.0", "yes", "y", "t", "on"})
#: Members of entry data that name an object, by what it is then to the event.
_UNITS: Final = {"unit": "unit", "receiving_unit": "receiving unit"}
_OWN: Final[dict[str, AttributeType]] = {
    "source": "string",
    "entry_id": "string",
    "sequence": "integer",
    "revision": "integer",
    "recorded_at": "time",
    "simulated": "boolean",
}


def _attribute_type(annotation: Any) -> AttributeType:
    inner = get_args(annotation)
    if annotation is bool or any(_attribute_type(one) == "boolean" for one in inner):
        return "boolean"
    if annotation is int or any(_attribute_type(one) == "integer" for one in inner):
        return "integer"
    return "string"


def _event_types() -> dict[str, dict[str, AttributeType]]:
    """Attributes of each entry type: those of every entry, and the members of its data by the contract."""
    found: dict[str, dict[str, AttributeType]] = {}
    for type_, model in ENTRY_MODELS.items():
        data = next((one for one in get_args(model.model_fields["data"].annotation) if one is not type(None)), None)
        members = getattr(data, "model_fields", {})
        # A list of parts is told as JSON, whatever its parts are.
        found[type_] = _OWN | {
            name: "string" if "list[" in str(member.annotation) else _attribute_type(member.annotation)
            for name, member in members.items()
        }
    return found


EVENT_TYPES: Final[Mapping[str, Mapping[str, AttributeType]]] = _event_types()


def named(kind: str, *parts: str) -> str:
    """The id of an object; slashes in its parts are escaped, so that two are never one."""
    return f"{kind}:" + "/".join(_escaped(part) for part in parts)


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace("/", "%2F")


def events_of(dossier: Dossier) -> Iterator[Event]:
    """The events of a dossier's entries, in their order."""
    for entry in dossier.entries:
        data = entry.data or {}
        own = "petition" if _is_of_petition(entry) else "dossier"
        relations = [Relation(named(own, dossier.code), own)]
        relations += [
            Relation(named("unit", data[member]), qualifier)
            for member, qualifier in _UNITS.items()
            if isinstance(data.get(member), str)
        ]
        if isinstance(data.get("procedure"), str):
            relations.append(Relation(named("procedure", data["procedure"]), "procedure"))
        if _is_step(entry):
            relations.append(Relation(named("step", dossier.code, data["step"]), "step"))
        types = EVENT_TYPES[entry.type]
        attributes: dict[str, Any] = {
            "source": entry.source,
            "entry_id": entry.id,
            "sequence": entry.sequence,
            "revision": entry.revision,
            "recorded_at": entry.recorded,
            "simulated": entry.simulated,
        }
        attributes |= {name: _as(value, types.get(name, "string")) for name, value in data.items()}
        # Of a code that is a petition's, too, an identity may be two entries.
        code = dossier.code if own == "dossier" else f"petition:{dossier.code}"
        identity = "/".join(_escaped(part) for part in (code, entry.source, entry.id))
        told = {name: value for name, value in attributes.items() if value is not None}
        yield Event(identity, entry.type, entry.time, told, relations)


def _is_of_petition(entry: Entry) -> bool:
    return entry.type.startswith("petition.")


def _is_step(entry: Entry) -> bool:
    return entry.type.startswith("step.") and isinstance((entry.data or {}).get("step"), str)


def _as(value: Any, kind: AttributeType) -> Any:
    """A member's value as its type wants it; the models read numbers and truth from texts too."""
    if kind == "integer":
        return value if type(value) is int else int(float(value))
    if kind == "boolean":
        return (
            value
            if isinstance(value, bool)
            else str(value).strip().lower() in ("true", "1", "1.0", "yes", "y", "t", "on")
        )
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def objects_of(dossier: Dossier, zone: ZoneInfo, *, simulated: bool) -> Iterator[Object]:
    """The dossier and its steps, and the petition of its code. Units and procedures are those that relations name."""
    if any(map(_is_of_petition, dossier.entries)):
        told = [Change("code", dossier.code), Change("simulated", simulated)]
        yield Object(named("petition", dossier.code), "petition", told)
    if dossier.is_one:
        yield from _dossier(dossier, zone, simulated=simulated)


def _dossier(dossier: Dossier, zone: ZoneInfo, *, simulated: bool) -> Iterator[Object]:
    row = {} if dossier.facts is None else dossier.facts.row
    attributes = [Change("code", dossier.code), Change("simulated", simulated)]
    holders = list(_accountable(_entitled(dossier), row))
    attributes += [Change("unit", unit, time) for time, unit in holders]
    for name in ("channel", "procedure", "status", "finish"):
        attributes += [Change(name, row[name])] if row.get(name) is not None else []
    for name in ("accepted_at", "due", "finished_at"):
        attributes += [Change(name, parse_instant(row[name]))] if row.get(name) is not None else []
    if (in_time := on_time_by_instant(row)) is not None:
        attributes.append(Change("on_time_by_instant", in_time))
    if (by_date := class_by_date(row, zone)) is not None:
        attributes.append(Change("class_by_date", by_date))
    relations = [
        Relation(named("unit", unit), "accountable" if unit == holders[-1][1] else "was accountable")
        for unit in dict.fromkeys(unit for _, unit in holders)
    ]
    if row.get("procedure") is not None:
        relations.append(Relation(named("procedure", row["procedure"]), "procedure"))
    yield Object(named("dossier", dossier.code), "dossier", attributes, relations)
    yield from _steps(dossier, simulated=simulated)


def _entitled(dossier: Dossier) -> list[Entry]:
    """Its entries without those whose senders may not act on it: they changed nothing."""
    told = () if dossier.facts is None else dossier.facts.row.get("rejections", ())
    refused = {(one["source"], one["id"]) for one in told if one["code"] == "not_entitled"}
    return [entry for entry in dossier.entries if (entry.source, entry.id) not in refused]


def _accountable(entries: list[Entry], row: Mapping[str, Any]) -> Iterator[tuple[int | None, str]]:
    """The accountable units in time, the first from the beginning (docs/rules.md, Entries)."""
    accepted = parse_instant(row["accepted_at"]) if row.get("accepted_at") else None
    finished = parse_instant(row["finished_at"]) if row.get("finished_at") else None
    current: str | None = None
    for entry in entries:
        unit = (entry.data or {}).get("unit")
        # The acceptance that counts need not be the first one.
        if entry.type == "dossier.accepted" and current is None and unit is not None and accepted in (None, entry.time):
            current, accepted = unit, entry.time
            yield None, unit
        elif entry.type == "dossier.handed_over" and current is not None and accepted is not None:
            in_time = accepted <= entry.time and (finished is None or entry.time <= finished)
            if in_time and unit not in (None, current):
                current = unit
                yield entry.time, unit
    if current is None and row.get("unit") is not None:
        yield None, row["unit"]


def _steps(dossier: Dossier, *, simulated: bool) -> Iterator[Object]:
    """The steps that entries name; who had one, and with what budget, changes with time."""
    own = named("dossier", dossier.code)
    found: dict[str, Object] = {}
    effective = {(entry.source, entry.id) for entry in _entitled(dossier)}
    for entry in filter(_is_step, dossier.entries):
        data = entry.data or {}
        step = data["step"]
        if step not in found:
            head = [Change("code", dossier.code), Change("simulated", simulated), Change("step", step)]
            found[step] = Object(named("step", dossier.code, step), "step", head, [Relation(own, "step of")])
        if (entry.source, entry.id) not in effective:
            continue
        made = found[step]
        for name, member in (("unit", "unit"), ("budget_minutes", "budget")):
            value = data.get(member)
            known = [change for change in made.attributes if change.name == name]
            if value is not None and (not known or known[-1].value != value):
                made.attributes.append(Change(name, value, entry.time if known else None))
        unit = None if data.get("unit") is None else Relation(named("unit", data["unit"]), "worked on by")
        if unit is not None and unit not in made.relations:
            made.relations.append(unit)
    yield from found.values()
