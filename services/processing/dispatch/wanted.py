"""What an agency should know of a dossier by its newest row, and the messages that make up the difference.

Pure: rows and what was sent before go in, messages come out. Identities name dossier, step, occurrence and unit only,
so that another epoch finds them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from shared.instants import parse_instant
from shared.texts.addresses import in_path

__all__ = ["SOURCE", "Message", "Notice", "Sent", "concerns", "notice_of", "reconcile"]

SOURCE: Final = "motcua/dispatcher"
SentState = Literal["sent", "closed", "cancelled", "withheld"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent about one task or notice.

    `times` counts how often it was given, since a task that was cancelled can come again; `due` and `budget` are those
    told last; `step` and `occurrence` find it in a row. `withheld` is a notice that helped nobody when it came up, with
    the data it would be given with: it is given once its dossier or step goes on after all. `version` counts the
    messages about it (numbering.py).
    """

    id: str
    unit: str
    state: SentState
    times: int = 1
    step: str | None = None
    occurrence: int | None = None
    due: str | None = None
    budget: int | None = None
    data: dict[str, Any] | None = None
    version: int = 0

    def to_stored(self) -> list[Any]:
        """A compact form for the database."""
        stored = [self.id, self.unit, self.state, self.times, self.step, self.occurrence, self.due, self.budget]
        if self.version:
            return [*stored, self.data, self.version]
        return stored if self.data is None else [*stored, self.data]

    @classmethod
    def from_stored(cls, stored: Iterable[Any]) -> Sent:
        """What `to_stored` wrote."""
        return cls(*stored)


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning or breach that happened, or (cancels) its retraction."""

    id: str
    unit: str
    data: dict[str, Any]
    cancels: bool = False

    @property
    def what(self) -> str:
        """The identity without the unit: it may be taken back when another unit is accountable."""
        return _without_unit(self.id)


@dataclass(frozen=True, slots=True)
class Message:
    """A message for a unit's topic: its CloudEvent id, type and data."""

    id: str
    unit: str
    type: str
    data: dict[str, Any]

    def to_stored(self) -> list[Any]:
        """A compact form for the database."""
        return [self.id, self.unit, self.type, self.data]

    @classmethod
    def from_stored(cls, stored: Iterable[Any]) -> Message:
        """What `to_stored` wrote."""
        return cls(*stored)


def notice_of(row: Mapping[str, Any], happened: Mapping[str, Any]) -> Notice | None:
    """The notice in something that happened to a case; None for what is none (recovery) or concerns no unit.

    What is retracted concerns whoever was told of it.

    Args:
        row: its row at that cause, of a petition as petitions.py tells it.
        happened: a Happening of the contract.
    """
    kind = happened["retracts"] if happened["kind"] == "retracted" else happened["kind"]
    if kind not in ("warning", "breach"):
        return None
    of = happened.get("of") or "dossier"
    unit = happened.get("unit") or row.get("unit")
    cancels = happened["kind"] == "retracted"
    if unit is None:
        if not cancels:
            return None
        # Of a dossier whose acceptance was withdrawn nobody is accountable; who was told is known from what was sent.
        unit = "-"
    step, occurrence, rung = happened.get("step"), happened.get("occurrence"), happened.get("rung_us")
    due = happened["due"]
    id_ = f"notice {row['code']} {kind} {of} {step or '-'} {occurrence or '-'} {due} {rung or '-'} {unit}"
    data = {
        "notice": id_,
        "dossier": row.get("dossier") or row["code"],
        "unit": unit,
        "procedure": row.get("procedure"),
        "kind": f"petition_{kind}" if of == "petition" else kind,
        "of": of,
        "step": step,
        "occurrence": occurrence,
        "due": due,
        "at": happened["at"],
        "rung_us": rung,
        "apology": f"/v1/dossiers/{in_path(row['code'])}/apology" if of == "dossier" else None,
    }
    if of == "petition":
        data["petition"] = row["code"]
    return Notice(id_, unit, data, cancels=cancels)


def concerns(row: Mapping[str, Any], notices: Iterable[Notice], reachable: frozenset[str]) -> bool:
    """Whether `reconcile` may have anything to tell of a dossier of which nobody was told before.

    Args:
        row: the dossier's row.
        notices: what happened with it.
        reachable: units that are told.
    """
    return any(notice.unit in reachable for notice in notices) or any(_given(row, reachable))


def reconcile(
    row: Mapping[str, Any], notices: Iterable[Notice], sent: Iterable[Sent], reachable: frozenset[str], clock: int
) -> tuple[list[Message], list[Sent]]:
    """The messages to send about a dossier, and what will have been sent then.

    Work given follows the row alone. Notices follow what happened; one whose dossier or step ended meanwhile, or a
    warning whose due instant the clock has passed, helps nobody any more: it is withheld until that is otherwise, since
    what is told in the end must not depend on when it was looked at. What a unit was told before it was out of reach
    stands until it is in reach again, save that a notice is taken back when it proves wrong.

    Args:
        row: the dossier's newest row.
        notices: what happened since the last time, in order.
        sent: what was sent before, by earlier epochs too.
        reachable: units that are told; others are given nothing and nothing is recorded.
        clock: the partition's clock in UTC microseconds.
    """
    known = {one.id: one for one in sent}
    messages: list[Message] = []
    _works(row, known, reachable, messages)
    # What was given and taken back before anybody was told is told to nobody.
    news = {notice.what: notice for notice in notices}
    for old in [one for one in known.values() if one.state == "withheld"]:
        news.setdefault(_without_unit(old.id), Notice(old.id, old.unit, old.data or {}))
    for notice in news.values():
        if notice.cancels:
            _take_back(notice, known, messages)
        elif notice.unit in reachable:
            _give(row, notice, clock, known, messages)
    return messages, list(known.values())


def _give(row: Mapping[str, Any], notice: Notice, clock: int, known: dict[str, Sent], messages: list[Message]) -> None:
    old = known.get(notice.id)
    if old is not None and old.state == "sent":
        return
    for other in [one for one in known.values() if one.state == "withheld" and _without_unit(one.id) == notice.what]:
        # Nobody was told, and another unit is accountable by now.
        _forget(other, known)
    times = 0 if old is None else old.times
    if _stale(row, notice, clock):
        known[notice.id] = Sent(notice.id, notice.unit, "withheld", times, data=notice.data)
        return
    messages.append(Message(f"{notice.id} #{times + 1}", notice.unit, "notice.given", notice.data))
    known[notice.id] = Sent(notice.id, notice.unit, "sent", times + 1)


def _take_back(notice: Notice, known: dict[str, Sent], messages: list[Message]) -> None:
    for told in [one for one in known.values() if _without_unit(one.id) == notice.what]:
        if told.state == "withheld":
            _forget(told, known)
        elif told.state == "sent":
            data = notice.data | {"notice": told.id, "unit": told.unit}
            messages.append(Message(f"{told.id} #{told.times} cancelled", told.unit, "notice.cancelled", data))
            known[told.id] = Sent(told.id, told.unit, "cancelled", told.times)


def _forget(withheld: Sent, known: dict[str, Sent]) -> None:
    """Let go of a notice that was withheld; how often it was given before stays."""
    del known[withheld.id]
    if withheld.times:
        known[withheld.id] = Sent(withheld.id, withheld.unit, "cancelled", withheld.times)


def _without_unit(id_: str) -> str:
    return id_.rpartition(" ")[0]


def _stale(row: Mapping[str, Any], notice: Notice, clock: int) -> bool:
    data = notice.data
    if row.get("finished_at") is not None or (data["kind"].endswith("warning") and parse_instant(data["due"]) < clock):
        return True
    if data["of"] != "step":
        return False
    same = (data["step"], data["occurrence"])
    return not any((step["step"], _occurrence(step)) == same and _running(step) for step in row.get("steps") or ())


def _works(row: Mapping[str, Any], known: dict[str, Sent], reachable: frozenset[str], messages: list[Message]) -> None:
    wanted = {
        f"task {row['code']} {step['step']} {_occurrence(step)} {step['unit']}": step for step in _given(row, reachable)
    }
    for id_, step in wanted.items():
        unit, due, budget = step["unit"], step.get("due"), step.get("budget")
        old = known.get(id_)
        if old is not None and old.state == "sent":
            if (old.due, old.budget) != (due, budget):
                data = _task(row, id_, step)
                messages.append(Message(f"{id_} #{old.times} {due} {budget}", unit, "task.changed", data))
                known[id_] = Sent(id_, unit, "sent", old.times, step["step"], _occurrence(step), due, budget)
            continue
        times = 1 if old is None else old.times + 1
        messages.append(Message(f"{id_} #{times}", unit, "task.assigned", _task(row, id_, step)))
        known[id_] = Sent(id_, unit, "sent", times, step["step"], _occurrence(step), due, budget)
    for id_, old in list(known.items()):
        given = old.step is not None and old.state == "sent" and id_.startswith("task ")
        if given and id_ not in wanted and old.unit in reachable:
            _end(row, old, known, messages)


def _given(row: Mapping[str, Any], reachable: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """The steps that are work of those who are told."""
    if row.get("finished_at") is None:
        for step in row.get("steps") or ():
            if step.get("planned") and step.get("unit") in reachable and _running(step):
                yield step


def _running(step: Mapping[str, Any]) -> bool:
    return step.get("outcome") is None and step.get("assigned_at") is not None


def _occurrence(step: Mapping[str, Any]) -> int:
    """Rows leave out the number of a first occurrence."""
    number: int = step.get("occurrence", 1)
    return number


def _end(row: Mapping[str, Any], old: Sent, known: dict[str, Sent], messages: list[Message]) -> None:
    outcome = next(
        (
            step.get("outcome")
            for step in row.get("steps") or ()
            if (step["step"], _occurrence(step), step.get("unit")) == (old.step, old.occurrence, old.unit)
        ),
        None,
    )
    state: SentState = "cancelled" if outcome is None else "closed"
    data = {
        "task": old.id,
        "dossier": row["code"],
        "unit": old.unit,
        "step": old.step,
        "occurrence": old.occurrence,
        "outcome": outcome,
    }
    messages.append(Message(f"{old.id} #{old.times} {state}", old.unit, f"task.{state}", data))
    known[old.id] = Sent(old.id, old.unit, state, old.times, old.step, old.occurrence, old.due, old.budget)


def _task(row: Mapping[str, Any], id_: str, step: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "task": id_,
        "dossier": row["code"],
        "unit": step["unit"],
        "procedure": row.get("procedure"),
        "step": step["step"],
        "occurrence": _occurrence(step),
        "role": step.get("role"),
        "assigned_at": step.get("assigned_at"),
        "budget": step.get("budget"),
        "due": step.get("due"),
        "dossier_due": row.get("due"),
    }
