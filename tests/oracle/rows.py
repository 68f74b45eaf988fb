"""Fact rows in the wire's JSON form, and the oracle's facts, both as plain values that can be compared.

Knows the members of a lifecycle row; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.cases.announcements import Announced
from tests.oracle.cases.facts import Dossier
from tests.oracle.cases.petition import Petition

__all__ = [
    "BESIDE",
    "FIELDS",
    "STEP",
    "announced_form",
    "facts_form",
    "form_of",
    "petition_form",
    "row_form",
    "standing",
]

PLAIN = (
    "status",
    "unit",
    "receiving_unit",
    "procedure",
    "channel",
    "finish",
    "due_basis",
    "field",
    "gateway",
    "entries",
)
VERSIONS = ("procedure_version", "rule_version", "route_version")
INSTANTS = (
    "submitted_at",
    "accepted_at",
    "finished_at",
    "judged_at",
    "due",
    "due_original",
    "statutory_due",
    "committed_due",
    "limit",
    "intake_due",
    "intake_ended_at",
    "apologised_at",
    "waiting_since",
    "second_request_at",
    "extended_at",
    "fee_duty",
    "fee_amount",
    "paid_online",
)
LISTS = ("pauses", "steps", "holders", "handed_over_from", "blame", "rejections", "findings")
#: Members of a step.
STEP = (
    *("step", "occurrence", "unit", "role", "planned", "assigned_at", "ended_at", "outcome", "completed_at"),
    *("sent_back_at", "budget", "due", "used_us", "over_us"),
)
#: Members that are no reading of the rules: the key of the row, and whether a sender said that it simulates.
BESIDE = ("code", "simulated")
OF_PETITION = ("unit", "dossier", "end", "rule_version", "entries")
PETITION_INSTANTS = (
    "received_at",
    "begun_at",
    "ended_at",
    "judged_at",
    "due",
    "refuse_due",
    "published_at",
    "publish_due",
    "raised_again_at",
)
PETITION_LISTS = ("pauses", "disliked", "judgements", "handed_over_from", "rejections", "findings")
OF_FIGURE = (
    *("indicator", "unit", "first_day", "last_day", "value", "numerator", "denominator", "document", "entries"),
)
FIELDS = (*PLAIN, *VERSIONS, *INSTANTS, "calendar", *LISTS)

#: Rule version told where no rule is in force.
BUILT_IN = "built-in"
DAY = timedelta(hours=24)
MICRO = timedelta(microseconds=1)


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def row_form(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the wire; a member unknown here is passed on, so that a comparison finds it."""
    form: dict[str, Any] = {name: row.get(name) for name in (*PLAIN, *VERSIONS)}
    if form["rule_version"] == BUILT_IN:
        form["rule_version"] = None
    form |= {name: _instant(row.get(name)) for name in INSTANTS}
    # The calendar is told with its version, which the oracle does not make.
    form["calendar"] = None if row.get("calendar") is None else row["calendar"].split(" ")[0]
    form["pauses"] = [(_instant(begin), _instant(end)) for begin, end in row.get("pauses") or []]
    form["steps"] = sorted((_step(step) for step in row.get("steps") or []), key=_step_order)
    form["holders"] = sorted(row.get("holders") or [])
    form["handed_over_from"] = sorted(row.get("handed_over_from") or [])
    form["blame"] = _ordered((part.get("unit"), part["delay_us"]) for part in row.get("blame") or [])
    form["rejections"] = sorted(
        (act["code"], act["source"], act["id"], act.get("step"), act.get("unit"), act.get("owner"))
        for act in row.get("rejections") or []
    )
    form["findings"] = sorted((one["code"], one["source"], one["id"]) for one in row.get("findings") or [])
    return form | {name: value for name, value in row.items() if name not in (*FIELDS, *BESIDE)}


def _ordered(parts: Iterable[tuple[str | None, int]]) -> list[tuple[str | None, int]]:
    """Units by code, unassigned last; a part of nothing is none."""
    return sorted((part for part in parts if part[1]), key=lambda part: (part[0] is None, part[0] or ""))


def _step(step: dict[str, Any]) -> dict[str, Any]:
    return {
        "step": step["step"],
        "occurrence": step.get("occurrence", 1),
        "unit": step.get("unit"),
        "role": step.get("role"),
        "planned": step.get("planned", False),
        "assigned_at": _instant(step.get("assigned_at")),
        "end": _instant(step.get("ended_at")),
        "outcome": step.get("outcome"),
        "completed_at": _instant(step.get("completed_at")),
        "sent_back_at": _instant(step.get("sent_back_at")),
        "budget": step.get("budget"),
        "due": _instant(step.get("due")),
        "used": None if step.get("used_us") is None else step["used_us"] * MICRO,
        "over": None if step.get("over_us") is None else step["over_us"] * MICRO,
    } | {name: value for name, value in step.items() if name not in STEP}


def _step_order(step: dict[str, Any]) -> tuple[str, int]:
    return step["step"], step["occurrence"]


def facts_form(facts: Dossier) -> dict[str, Any]:
    """Facts of the oracle in the same form."""
    form = {name: getattr(facts, name) for name in (*PLAIN, *VERSIONS, *INSTANTS, "calendar")}
    form |= {
        name: getattr(facts, name)
        for name in ("pauses", "holders", "handed_over_from", "blame", "rejections", "findings")
    }
    steps = [
        {
            "step": one.step,
            "occurrence": one.number,
            "unit": one.unit,
            "role": one.role,
            "planned": one.planned,
            "assigned_at": one.assigned_at,
            "end": one.end,
            "outcome": one.outcome,
            "completed_at": one.completed_at,
            "sent_back_at": one.sent_back_at,
            "budget": one.budget,
            "due": one.due,
            "used": one.used,
            "over": one.over,
        }
        for one in facts.steps
    ]
    form["steps"] = sorted(steps, key=_step_order)
    return form


def petition_form(known: Petition) -> dict[str, Any]:
    """Facts of a petition."""
    form = {name: getattr(known, name) for name in (*OF_PETITION, *PETITION_INSTANTS, *PETITION_LISTS)}
    return form | {"calendar": known.calendar}


def petition_row_form(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a petition on the wire, in the form of the oracle's facts."""
    form: dict[str, Any] = {name: row.get(name) for name in OF_PETITION}
    if form["rule_version"] == BUILT_IN:
        form["rule_version"] = None
    form |= {name: _instant(row.get(name)) for name in PETITION_INSTANTS}
    form["calendar"] = None if row.get("calendar") is None else row["calendar"].split(" ")[0]
    form["pauses"] = [(_instant(begin), _instant(end)) for begin, end in row.get("pauses") or []]
    form["disliked"] = [(_instant(begin), _instant(end)) for begin, end in row.get("disliked") or []]
    form["judgements"] = [(_instant(one["at"]), one["verdict"]) for one in row.get("judgements") or []]
    form["handed_over_from"] = sorted(row.get("handed_over_from") or [])
    form |= {name: row_form(row)[name] for name in ("rejections", "findings")}
    known = (*OF_PETITION, *PETITION_INSTANTS, *PETITION_LISTS, "calendar", *BESIDE)
    return form | {name: value for name, value in row.items() if name not in known}


def figure_row_form(row: dict[str, Any]) -> dict[str, Any]:
    """A row of an entered figure on the wire, in the form of the oracle's facts."""
    form: dict[str, Any] = {name: row.get(name) for name in OF_FIGURE}
    form |= {"sequence": row.get("sequence") or 0, "entered_at": _instant(row.get("entered_at"))}
    form["findings"] = row_form(row)["findings"]
    # Nobody's are without effect: their door judges who may enter them.
    known = (*OF_FIGURE, "sequence", "entered_at", "findings", *BESIDE)
    return form | {name: value for name, value in row.items() if name not in known and value not in (None, [])}


def form_of(key: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the wire under the key of its record: of an entered figure, of a petition, else of a dossier."""
    if key.startswith("indicator:"):
        return figure_row_form(row)
    return petition_row_form(row) if key.startswith("petition:") else row_form(row)


def standing(happened: Iterable[dict[str, Any]]) -> set[Announced]:
    """What was announced and not taken back, of happenings in the order of the wire.

    Raises:
        AssertionError: something was announced twice, or taken back though not announced.
    """
    left: set[Announced] = set()
    for one in happened:
        said = announced_form(one)
        if one["kind"] == "retracted":
            assert said in left, f"taken back, not announced: {said}"
            left.remove(said)
        else:
            assert said not in left, f"announced twice: {said}"
            left.add(said)
    return left


def announced_form(one: dict[str, Any]) -> Announced:
    """A happening of the wire (of a retraction: what it takes back); a warning of the built-in rung tells none."""
    kind = one["retracts"] if one["kind"] == "retracted" else one["kind"]
    rung = None
    if kind == "warning":
        rung = DAY if one.get("rung_us") is None else one["rung_us"] * MICRO
    of = one.get("of", "dossier")
    return Announced(
        of,
        kind,
        datetime.fromisoformat(one["due"]),
        datetime.fromisoformat(one["at"]),
        rung,
        one.get("step"),
        one.get("occurrence"),
        one.get("unit") if of == "step" else None,
    )
