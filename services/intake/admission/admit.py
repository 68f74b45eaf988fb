"""Whether one entry is admitted, and the bytes that go to the journal. Pure: no clock, no broker, no dossier state.

Order of the checks: size, JSON, signs that nobody sees, CloudEvents, type, data, then what the key allows, then what
the stack takes. Everything after the signs looks at texts in normal form, and so does the journal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import ValidationError

from services.intake.admission.figures import check_figure
from services.intake.admission.parsing import parse_object
from services.intake.admission.refusals import explain_faults, explain_refusal
from shared.access.bearer import Bearer
from shared.access.refusing import right_missing
from shared.access.stamping import stamp_of
from shared.broker.places import REFERENCE_KEY, key_of
from shared.contract.entries import CLOCK_TYPES, ENTERED_TYPES, REFERENCE_TYPES, UNGRANTED_TYPES, read_sent
from shared.contract.normal_form import bring_to_form
from shared.instants import SECOND, from_datetime, to_rfc3339
from shared.problems.problem import Problem

__all__ = ["LONGEST_ENTRY", "Admitted", "StackRules", "admit"]

#: Bytes of one entry as it is sent.
LONGEST_ENTRY: Final = 262_144
_UNIT_MEMBERS: Final = frozenset({"unit", "receiving_unit", "parent", "successor"})
#: Members of data whose units receive. Who gives must be entitled, which the engine judges; who receives need not be.
_RECEIVING: Final = {
    "dossier.handed_over": "unit",
    "step.assigned": "unit",
    "dossier.accepted": "route",
    "petition.handed_over": "unit",
}
# RFC 3339; the model would also take a number of seconds in a string.
_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class StackRules:
    """What kind of stack this is: simulated or real, data's clock or live, tolerance in seconds, IANA zone."""

    simulated: bool
    data_clock: bool
    future_tolerance: int
    zone: str = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class Admitted:
    """An entry as it goes to the journal.

    `subject` decides the partition unless `everywhere`; `key` and `value` are the record's bytes; `time` is the
    entry's instant in UTC microseconds. `changed` counts the texts that were brought to normal form; `sent_subject` is
    the subject as sent, where it is one of them.
    """

    type: str
    source: str
    id: str
    subject: str
    time: int
    key: bytes
    value: bytes
    everywhere: bool = False
    changed: int = 0
    sent_subject: str | None = None

    @property
    def reference(self) -> bool:
        """Whether it is a reference entry: it goes to every partition, by way of the outbox."""
        return self.key == REFERENCE_KEY and self.everywhere


def admit(body: bytes, bearer: Bearer, rules: StackRules, now: int) -> Admitted:
    """Check one entry and stamp it.

    Args:
        body: the entry as it was sent: a CloudEvent in JSON, structured mode.
        bearer: what the sender's key allows.
        rules: what the stack takes.
        now: the present instant, stamped as `recordedtime`.

    Raises:
        Problem: 400 not JSON, 413 too long, 422 not by the contract or not for this stack, 403 not by this key.
    """
    if len(body) > LONGEST_ENTRY:
        raise Problem(413, "line_too_long", limit=LONGEST_ENTRY)
    sent = parse_object(body)
    brought = bring_to_form(sent)
    if brought.faults:
        raise explain_faults(brought.faults, sent, brought.more)
    if brought.changed or "grant" in sent:
        # A grant from outside is overwritten, so whatever stands there is no reason to refuse the entry.
        body = orjson.dumps({name: member for name, member in sent.items() if name != "grant"})
    try:
        entry = read_sent(body)
    except ValidationError as error:
        raise explain_refusal(error, body, sent) from None
    if _RFC3339.fullmatch(sent["time"]) is None:
        raise Problem(422, "wrong_instant", field="time", value=sent["time"])
    time = from_datetime(entry.time)
    _check_grant(sent, bearer, rules)
    _check_stack(sent, time, rules, now)
    everywhere = entry.type in REFERENCE_TYPES
    return Admitted(
        type=entry.type,
        source=entry.source,
        id=entry.id,
        subject=entry.subject,
        time=time,
        key=key_of(entry.type, entry.subject),
        value=_stamped(sent, bearer, time, now, rules.simulated),
        everywhere=everywhere,
        changed=len(brought.changed),
        sent_subject=brought.subject,
    )


def _stamped(sent: dict[str, Any], bearer: Bearer, time: int, now: int, simulated: bool) -> bytes:
    """Canonical JSON of what was sent, with intake's stamps: sorted keys, texts in normal form, time in UTC."""
    entry = {name: member for name, member in sent.items() if member is not None or name == "data"}
    entry["time"] = to_rfc3339(time)
    entry["recordedtime"] = to_rfc3339(now)
    entry["sender"] = bearer.name
    if sent["type"] in UNGRANTED_TYPES:
        entry.pop("grant", None)
    else:
        entry["grant"] = stamp_of(bearer.units)
    if simulated:
        entry["simulated"] = True
    else:
        entry.pop("simulated", None)
    return orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)


def _check_grant(sent: dict[str, Any], bearer: Bearer, rules: StackRules) -> None:
    type_ = sent["type"]
    if type_ in CLOCK_TYPES:
        _check_clock(type_, bearer, rules)
    elif type_ in REFERENCE_TYPES | ENTERED_TYPES:
        if not bearer.may("reference"):
            raise right_missing("reference")
    elif not bearer.may("send"):
        raise right_missing("send")
    if not bearer.speaks_for(sent["source"]):
        raise Problem(403, "source_not_granted", field="source", value=sent["source"])
    named = {name: member for name, member in (sent["data"] or {}).items() if name != _RECEIVING.get(type_)}
    for path, unit in _units(named, "data"):
        if not bearer.names(unit):
            raise Problem(403, "unit_not_granted", field=path, value=unit)


def _check_clock(type_: str, bearer: Bearer, rules: StackRules) -> None:
    if rules.data_clock:
        if not bearer.may("clock"):
            raise right_missing("clock")
    elif type_ == "clock.ticked":
        raise Problem(422, "clock_is_live", field="type", value=type_)
    elif not bearer.administers:
        raise right_missing("keys")


def _check_stack(sent: dict[str, Any], time: int, rules: StackRules, now: int) -> None:
    simulated = sent.get("simulated") is True
    if simulated != rules.simulated:
        raise Problem(422, "simulated_on_real" if simulated else "real_on_simulated", field="simulated")
    if time > now + rules.future_tolerance * SECOND:
        raise Problem(
            422, "future_time", field="time", value=sent["time"], limit=rules.future_tolerance, now=to_rfc3339(now)
        )
    petition = (sent["data"] or {}).get("petition")
    if petition is not None and petition != sent["subject"]:
        raise Problem(422, "petition_not_subject", field="data.petition", value=petition)
    if sent["type"] in ENTERED_TYPES and sent["data"] is not None:
        check_figure(sent["data"])
    if sent["type"] == "calendar.revised":
        zone = (sent["data"] or {}).get("zone")
        if zone is not None and zone != rules.zone:
            raise Problem(422, "other_zone", field="data.zone", value=zone, zone=rules.zone)


def _units(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every unit named in an entry's data, with its path."""
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str):
                if name in _UNIT_MEMBERS:
                    yield f"{path}.{name}", member
            else:
                yield from _units(member, f"{path}.{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _units(member, f"{path}[{index}]")
